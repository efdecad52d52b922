"""Write docs/commands.md: each command's examples, and its help as it is.

    python docs/commands.py

A test fails while the page and the commands differ.
"""

from __future__ import annotations

import pathlib

from click.testing import CliRunner

from glassnet.cli.app import COMMANDS, cli

PAGE = pathlib.Path(__file__).with_suffix(".md")
HEAD = """# The commands

Every command reads the same sources: CSV or TSV (plain or .gz), Parquet, MATLAB .mat, NumPy .npz and .npy, IDX
(plain or .gz), a folder of images with one subfolder a label, the sets inside scikit-learn (`digits`, `iris`, `wine`,
`breast_cancer`) and `openml:NAME`. Labels are a column (`--target`) or a second file (`--labels`).

What cannot be done is said in one sentence or two on stderr, with exit code 2, and nothing that was there is
overwritten. Ctrl-C during a training keeps the model as it stands. Warnings and progress go to stderr, so that stdout
can be piped.
"""
EXAMPLES = {
    "study": """glassnet study
glassnet study X.csv --labels y.csv --image-shape 20x20 --pixel-order F --out my-study --open
glassnet study digits.mat --image-shape 20x20 --hidden 25 --learning-rate 1
glassnet study adult.csv --target income""",
    "doctor": """glassnet doctor adult.csv --target income
glassnet doctor X.csv --labels y.csv --solver sgd --activation logistic --try
glassnet doctor digits --solver sgd --rates --pictures doctor""",
    "fit": """glassnet fit digits --model-out digits.safetensors
glassnet fit adult.csv --target income --model logistic --model-out income.safetensors""",
    "sweep": """glassnet sweep adult.csv --target income --out adult-sweep
glassnet sweep X.csv --labels y.csv --try hidden=25,50,100x50 --try learning-rate=0.0001..0.1 --candidates 40""",
    "predict": """glassnet predict income.safetensors new.csv --proba --out predictions.csv""",
    "evaluate": """glassnet evaluate income.safetensors test.csv --target income""",
    "show": """glassnet show digits.safetensors --units units.png""",
    "convert": """glassnet convert ex3weights.mat --out course.safetensors
glassnet evaluate course.safetensors X.csv --labels y.csv""",
}


def help_of(name: str) -> str:
    """Return the help that the terminal shows, at 100 columns."""
    result = CliRunner().invoke(cli, [name, "--help"], prog_name="glassnet", terminal_width=100)
    return "\n".join(line.rstrip() for line in result.output.strip().splitlines())


def page() -> str:
    """Return the page."""
    parts = [HEAD]
    for name in COMMANDS:
        shown = f"```\n{EXAMPLES[name]}\n```\n\n```text\n{help_of(name)}\n```\n"
        parts.append(f"## glassnet {name}\n\n{shown}")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
