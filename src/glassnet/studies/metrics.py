"""The study's numbers as plain JSON types."""

from __future__ import annotations

from typing import Any

from glassnet.evaluation import Confusion
from glassnet.studies.more import More
from glassnet.studies.result import Attempt, ModelReading, StudyResult

FORMAT = 1
N_SUSPECTS = 100


def metrics_of(result: StudyResult) -> dict[str, Any]:
    """Return what `metrics.json` holds."""
    options = result.options
    more = {} if result.more is None else {"more": _more(result.more)}
    return {
        "glassnet": {"format": FORMAT},
        "options": {name: getattr(options, name) for name in options.__dataclass_fields__},
        "data": _data(result),
        "models": {"logistic": _logistic(result), "net": _net(result)},
        "comparison": result.comparison.to_dict(),
        "suspects": {
            "by": result.suspects.by,
            "rows": result.suspects.found.rows,
            "n_confident": result.suspects.found.n_confident,
            "first": [each.to_dict() for each in result.suspects.found.suspects[:N_SUSPECTS]],
        },
        **more,
    }


def _more(more: More) -> dict[str, Any]:
    return {
        "auto": {
            "seconds": more.auto_seconds,
            "train": more.train.to_dict(),
            "holdout": more.holdout.to_dict(),
            "comparison": more.comparison.to_dict(),
        },
        "starts": more.starts.to_dict(),
        "learning_curve": more.curve.to_dict(),
    }


def _data(result: StudyResult) -> dict[str, Any]:
    dataset, summary = result.dataset, result.summary
    return {
        "name": dataset.name,
        "rows": dataset.n_rows,
        "columns": dataset.n_columns,
        "classes": [{"label": name, "rows": rows} for name, rows in summary.class_counts],
        "train_rows": len(result.split.train),
        "holdout_rows": len(result.split.holdout),
        "zero_share": summary.zero_share,
        "missing_values": summary.missing_values,
        "duplicate_rows": summary.duplicate_rows,
        "constant_columns": list(summary.constant_columns),
        "image_shape": str(dataset.image) if dataset.image else None,
        "pixel_order": dataset.image.pixel_order if dataset.image else None,
        "preprocessing": list(result.preprocessor.describe()),
    }


def _reading(reading: ModelReading) -> dict[str, Any]:
    return {
        "train": reading.train.to_dict(),
        "holdout": reading.holdout.to_dict(),
        "gap": reading.gap.to_dict(),
        "confusion": {
            "labels": list(reading.train_confusion.labels),
            "train": _counts(reading.train_confusion),
            "holdout": _counts(reading.holdout_confusion),
        },
        "calibration": reading.calibration.to_dict(),
        "worst_mistakes": [mistake.to_dict() for mistake in reading.mistakes],
    }


def _counts(confusion: Confusion) -> list[list[int]]:
    return [[int(count) for count in row] for row in confusion.counts]


def _logistic(result: StudyResult) -> dict[str, Any]:
    check = result.cross_check
    return {
        "fit_seconds": result.logistic_seconds,
        **_reading(result.logistic_reading),
        "C": result.options.C,
        "n_iter": [int(n) for n in result.logistic.n_iter_],
        "certificate": result.certificate.to_dict(),
        "cross_check": {name: getattr(check, name) for name in check.__dataclass_fields__},
    }


def _net(result: StudyResult) -> dict[str, Any]:
    kept = result.attempts[result.kept]
    return {
        "fit_seconds": kept.seconds,
        **_reading(result.net_reading),
        "parameters": {
            "layer_sizes": [int(coef.shape[0]) for coef in result.net.coefs_]
            + [int(result.net.n_outputs_)],
            "activation": result.net.activation,
            "solver": result.net.solver,
            "learning_rate_init": kept.learning_rate_init,
            "alpha": result.net.alpha,
        },
        "converged": kept.convergence.converged and kept.convergence.reason == "converged",
        "n_iter": len(kept.loss_curve),
        "loss_curve": [_number(loss) for loss in kept.loss_curve],
        "kept_attempt": result.kept,
        "attempts": [_attempt(attempt) for attempt in result.attempts],
        "diagnosis": _diagnosis(result),
    }


def _diagnosis(result: StudyResult) -> dict[str, Any]:
    """Return the findings without their pictures' numbers, which are there already."""
    told = result.diagnosis.to_dict()
    findings = [{**finding, "picture": None} for finding in told.pop("findings")]
    treatments = [each.to_dict() for each in result.treatments]
    for each in treatments:
        each["finding"] = {**each["finding"], "picture": None}
    return {"findings": findings, "treatments": treatments, **told}


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "learning_rate_init": attempt.learning_rate_init,
        "max_iter": attempt.max_iter,
        "fit_seconds": attempt.seconds,
        "n_iter": len(attempt.loss_curve),
        "loss_curve": [_number(loss) for loss in attempt.loss_curve],
        "holdout_loss_curve": [_number(loss) for loss in attempt.holdout_loss_curve],
        "best_holdout_epoch": attempt.best_epoch,
        "train_accuracy": attempt.train_accuracy,
        "holdout_accuracy": attempt.holdout_accuracy,
        **attempt.convergence.to_dict(),
    }


def _number(value: float) -> float | None:
    """Return a number that JSON knows: infinity and NaN become null."""
    return value if abs(value) < float("inf") else None
