"""The study's account in words: what the command line prints."""

from __future__ import annotations

from glassnet.evaluation import SuccessRates
from glassnet.studies.net import converged_in_words
from glassnet.studies.result import ModelReading, StudyResult

MOST_CLASSES = 40


def account_of(result: StudyResult) -> str:
    """Return the account: data, both models with their rates a class a line, the comparison."""
    name = result.logistic_name
    parts = [
        _heading("The data"),
        *result.summary.sentences(),
        *result.preprocessor.describe(),
        f"{len(result.split.train)} rows are trained on and {len(result.split.holdout)} held out.",
        result.guess_sentence,
        _heading(
            f"{name[0].upper()}{name[1:]} (fitted in {result.logistic_seconds:.2f} s)",
        ),
        result.certificate.sentence(),
        result.cross_check.sentence,
        "",
        *_rates(result.logistic_reading),
        _heading("Neural net " + _network(result)),
        *(
            f"Attempt {number}, {attempt.name} ({attempt.seconds:.2f} s): "
            f"{converged_in_words(attempt.convergence)}"
            for number, attempt in enumerate(result.attempts, start=1)
        ),
        "",
        *_rates(result.net_reading),
        *_findings(result),
        _heading("Which is better?"),
        result.comparison.sentence,
    ]
    return "\n".join(parts).strip() + "\n"


def _heading(text: str) -> str:
    return f"\n{text}\n{'-' * len(text)}"


def _network(result: StudyResult) -> str:
    net = result.net
    sizes = [coef.shape[0] for coef in net.coefs_] + [net.n_outputs_]
    return f"({'-'.join(map(str, sizes))}, {net.activation} units, {net.solver})"


def _findings(result: StudyResult) -> list[str]:
    """Return what the doctor says of the net that was kept, a finding a line."""
    if not result.diagnosis.findings:
        return []
    return [
        _heading("What the doctor found"),
        *(
            f"{finding.title}. {finding.sentence} {finding.advice}".rstrip()
            for finding in result.diagnosis.findings
        ),
    ]


def _rates(reading: ModelReading) -> list[str]:
    """Return the success rates a class a line, training beside held-out."""
    train, holdout = reading.train, reading.holdout
    names = [rate.label for rate in train.classes]
    width = max(5, *(len(name) for name in names))
    lines = [f"{'class':<{width}}  {'training':>18}   {'held-out':>18}   95 % interval"]
    shown = range(len(names)) if len(names) <= MOST_CLASSES else _worst(holdout)
    for i in shown:
        mine, held = train.classes[i], holdout.classes[i]
        lines.append(
            f"{names[i]:<{width}}  {_share(mine.correct, mine.rows)}   "
            f"{_share(held.correct, held.rows)}   {100 * held.low:.0f} to {100 * held.high:.0f} %"
        )
    if len(names) > MOST_CLASSES:
        lines.append(f"(the {MOST_CLASSES} of {len(names)} classes with the lowest held-out rate)")
    lines.append(
        f"{'all':<{width}}  {_share(train.correct, train.rows)}   "
        f"{_share(holdout.correct, holdout.rows)}   "
        f"{100 * holdout.low:.1f} to {100 * holdout.high:.1f} %"
    )
    return [*lines, "", reading.gap.sentence, reading.holdout_confusion.sentence()]


def _share(correct: int, rows: int) -> str:
    rate = f"{100 * correct / rows:.1f} %" if rows else "–"
    return f"{f'{correct}/{rows}':>10} {rate:>7}"


def _worst(rates: SuccessRates) -> list[int]:
    order = sorted(range(len(rates.classes)), key=lambda i: rates.classes[i].rate or 0.0)
    return order[:MOST_CLASSES]
