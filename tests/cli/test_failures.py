"""Failures: a sentence on stderr, the right exit code, and nothing half written."""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
import sys
import warnings
from collections.abc import Callable

import click
import pytest
from click.testing import Result

from glassnet.cli.app import COMMANDS, cli
from glassnet.training import available_engines

Run = Callable[..., Result]
Shell = Callable[..., subprocess.CompletedProcess[str]]


def fails(result: Result, match: str, code: int = 2) -> None:
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    last = result.stderr.strip().splitlines()[-1]
    assert last.startswith("Error: ")
    assert re.search(match, last), last


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        (("fit", "missing.csv", "--model-out", "m"), "missing.csv does not exist"),
        (("fit", "iirs", "--model-out", "m"), "Did you mean 'iris'"),
        (("fit", "iris"), "Missing option '--model-out'"),
        (("fit", "iris", "--model-out", "nowhere/m"), "folder nowhere does not exist"),
        (("fit", "iris", "--model-out", "."), "is a folder"),
        (("fit", "iris", "--model-out", "m", "--hidden", "0"), "is no list of layers"),
        (("fit", "iris", "--model-out", "m", "--hidden", "a"), "40 or 100,50"),
        (("fit", "iris", "--model-out", "m", "--activation", "rleu"), "Did you mean 'relu'"),
        (("fit", "iris", "--model-out", "m", "--solver", "x"), "none of sgd, adam, adamw, lbfgs"),
        (("fit", "iris", "--model-out", "m", "--schedule", "x"), "adaptive"),
        (("fit", "iris", "--model-out", "m", "--scale", "x"), "standard"),
        (("fit", "iris", "--model-out", "m", "--batch-size", "0"), "batch-size"),
        (("fit", "iris", "--model-out", "m", "--learning-rate", "0"), "learning-rate"),
        (("fit", "iris", "--model-out", "m", "--holdout", "0.001"), "leaves 1 rows held out"),
        (("fit", "iris", "--model-out", "m", "--holdout", "1"), "holdout"),
        (("fit", "iris", "--model-out", "m", "--image-shape", "3x3"), "2x2 or 1x4 would fit"),
        (("fit", "iris", "--model-out", "m", "--labels", "y.csv"), "y.csv does not exist"),
        (("fit", "iris", "--model-out", "m", "--model", "logistic", "--hidden", "3"),
         "--hidden does nothing with --model logistic"),
        (("fit", "iris", "--model-out", "m", "--C", "3"), "--C does nothing with --model net"),
        (("fit", "iris", "--model-out", "m", "--solver", "sgd", "--learning-rate", "1e30",
          "--activation", "identity"), "diverged"),
        (("predict", "m.safetensors", "iris"), "m.safetensors does not exist"),
        (("evaluate", ".", "iris"), "is a folder"),
        (("show", "m"), "m does not exist"),
        (("convert", "w.mat", "--out", "m"), "w.mat does not exist"),
        (("convert", "w.mat"), "Missing option '--out'"),
        (("fitt",), r"no command 'fitt'\. Did you mean 'fit'"),
        (("xyz",), "There are study, doctor, fit"),
        (("fit", "iris", "--modle-out", "m"), "--model-out"),
    ],
)  # fmt: skip
def test_what_the_user_can_mend(run: Run, arguments: tuple[str, ...], match: str) -> None:
    fails(run(*arguments), match)
    assert os.listdir() == []


def test_a_model_and_rows_that_do_not_fit(run: Run, iris_model: pathlib.Path) -> None:
    fails(run("predict", iris_model, "wine"), "wine lacks 4 columns")
    fails(run("evaluate", iris_model, "wine"), "wine lacks 4 columns")
    pathlib.Path("four.csv").write_text("1,2,3,4\n5,6,7,8\n")
    fails(run("evaluate", iris_model, "four.csv"), "four.csv has no labels to compare with")
    pathlib.Path("y.csv").write_text("0\n9\n")
    result = run("evaluate", iris_model, "four.csv", "--labels", "y.csv")
    fails(result, "label '9', which the model does not know")
    fails(run("predict", iris_model, "four.csv", "--target", "-1"), "3 columns")
    fails(run("predict", iris_model, "missing.csv", "--out", "p.csv"), "does not exist")
    assert not pathlib.Path("p.csv").exists()


def test_a_misspelt_target_names_the_nearest(run: Run, table: pathlib.Path) -> None:
    fails(run("fit", table, "--target", "kid", "--model-out", "m"), "Did you mean 'kind'")
    run("fit", table, "--target", "kind", "--model-out", "m", "--model", "logistic")
    fails(run("evaluate", "m", table, "--target", "kid"), "Did you mean 'kind'")


def test_show_refuses_what_it_cannot_draw(run: Run, iris_model: pathlib.Path) -> None:
    fails(run("show", iris_model, "--units", "units.gif"), "end in .png, .svg or .pdf")
    fails(run("show", iris_model, "--units", "units.png"), "only a fitted neural net has hidden")
    assert os.listdir() == []


def test_inputs_are_not_replaced(run: Run, iris_model: pathlib.Path, table: pathlib.Path) -> None:
    before = table.read_bytes()
    fails(run("fit", table, "--target", "kind", "--model-out", table), "would be replaced")
    fails(run("predict", iris_model, table, "--out", table), "would be replaced")
    fails(run("predict", iris_model, "iris", "--out", iris_model), "would be replaced")
    fails(run("show", iris_model, "--units", iris_model), "would be replaced")
    assert table.read_bytes() == before


def test_an_old_result_is_replaced_only_by_a_new_one(run: Run, iris_model: pathlib.Path) -> None:
    pathlib.Path("m").write_text("old")
    pathlib.Path("p.csv").write_text("old")
    run("fit", "missing.csv", "--model-out", "m")
    run("predict", iris_model, "wine", "--out", "p.csv")
    assert pathlib.Path("m").read_text() == pathlib.Path("p.csv").read_text() == "old"
    run("predict", iris_model, "iris", "--out", "p.csv")
    assert pathlib.Path("p.csv").read_text().startswith("row,prediction,name\n0,0,setosa\n")
    assert sorted(os.listdir()) == ["m", "p.csv"]


def test_a_failed_study_leaves_no_folder(run: Run, tmp_path: pathlib.Path) -> None:
    fails(run("study", "missing.csv", "--out", "new/deeper"), "does not exist")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["fit iris --model-out", "study iris --out", "study", "show"])
def test_a_name_that_is_too_long(run: Run, command: str) -> None:
    fails(run(*command.split(), "a" * 300), "name (is )?too long")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_a_full_standard_output(iris_model: pathlib.Path) -> None:
    program = [sys.executable, "-m", "glassnet"]
    for command in (["show", str(iris_model)], ["predict", str(iris_model), "iris"]):
        with open("/dev/full", "w") as full:
            done = subprocess.run(
                program + command, stdout=full, stderr=subprocess.PIPE, text=True, check=False
            )
        assert done.returncode == 2
        assert re.search("^Error: Standard output cannot be written: No space", done.stderr)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_no_right_to_write(run: Run, tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    fails(run("fit", "iris", "--model-out", folder / "m"), "no right to write")


def test_our_own_failures_ask_for_a_report(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*_: object, **__: object) -> None:
        raise RuntimeError("a wire\ncame loose")

    monkeypatch.setattr("glassnet.data.load_dataset", explode)
    result = run("fit", "iris", "--model-out", "m")
    fails(result, "RuntimeError: a wire came loose. Set GLASSNET_DEBUG=1", code=1)
    monkeypatch.setenv("GLASSNET_DEBUG", "1")
    assert isinstance(run("fit", "iris", "--model-out", "m").exception, RuntimeError)


def test_warnings_are_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from glassnet.data import loading

    load = loading.load_dataset

    def warn(*arguments: object, **options: object) -> object:
        warnings.simplefilter("default")
        warnings.warn("the file\nis old", UserWarning, stacklevel=1)
        return load(*arguments, **options)

    monkeypatch.setattr("glassnet.data.load_dataset", warn)
    result = run("fit", "iris", "--model-out", "m", "--model", "logistic")
    assert result.exit_code == 0
    assert result.stderr == "Warning: the file is old\n"


def test_long_names_of_classes_are_cut(run: Run) -> None:
    long = "a name that is longer than the table would like it"
    rows = [f"{i % 7 + (i % 2) * 9},{long if i % 2 else 'short'}" for i in range(40)]
    pathlib.Path("t.csv").write_text("value,label\n" + "\n".join(rows))
    text = run("fit", "t.csv", "--model-out", "m", "--model", "logistic").stdout
    lines = text[text.index("class ") :].splitlines()
    assert lines[1].startswith("a name that is longer than the  ")
    assert len({line.index(" of ") for line in lines[1:4]}) == 1


@pytest.mark.parametrize("name", COMMANDS)
def test_help_mentions_every_option(run: Run, name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    for parameter in command.params:
        for option in (*parameter.opts, *parameter.secondary_opts):
            shown = option if option.startswith("-") else option.upper()
            assert shown in result.stdout, option
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
    assert command.short_help in run("--help").stdout


def test_help_imports_nothing_heavy(shell: Shell) -> None:
    heavy = {"numpy", "pandas", "scipy", "sklearn", "matplotlib", "rich", "safetensors"}
    for name in ("", *COMMANDS):
        code = (
            "import sys\nfrom glassnet.cli import main\n"
            f"sys.argv = ['glassnet', *{name.split()}, '--help']\n"
            "try:\n    main()\nexcept SystemExit as end:\n    assert end.code == 0\n"
            f"print('heavy:', sorted({heavy} & set(sys.modules)))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert done.stdout.endswith("heavy: []\n"), name


def test_version(shell: Shell) -> None:
    done = shell("--version")
    assert done.returncode == 0
    assert re.fullmatch(
        r"glassnet \d+\.\d+\.\d+\nPython 3\.\d+\.\d+\S*\nscikit-learn 1\.\d+\.\S+\n"
        r"engines (native \((baseline|v[234]), \d+ threads?\), )?reference \(NumPy\).*\n",
        done.stdout,
    )


def test_exit_codes_of_the_program(shell: Shell, tmp_path: pathlib.Path) -> None:
    done = shell("fit", "missing.csv", "--model-out", "m")
    assert done.returncode == 2
    assert done.stdout == ""
    assert re.fullmatch(r"Error: missing\.csv does not exist\..*\n", done.stderr)
    assert shell("fit", "iris", "--nonsense").returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_leaves_early_is_no_error(iris_model: pathlib.Path) -> None:
    command = [sys.executable, "-m", "glassnet", "predict", str(iris_model), "iris"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


def test_ctrl_c_during_the_training(tmp_path: pathlib.Path) -> None:
    """A real signal to a real program: the model as it stands is written."""
    script = (
        "import os, signal\n"
        "from glassnet.cli import progress, main\n"
        "def hears(self, member, epoch, loss, score):\n"
        "    if epoch == 3:\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "progress.TrainingProgress.epoch_ends = hears\n"
        "import sys; sys.argv = ['glassnet', 'fit', 'iris', '--model-out', 'm']\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == "Warning: Training interrupted by user; the net stays as it is.\n"
    assert (tmp_path / "m").stat().st_size > 1000


@pytest.mark.parametrize("name", ["GLASSNET_ENGINE", "GLASSNET_ISA"])
def test_version_refuses_an_engine_that_is_not_there(
    name: str, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "GLASSNET_ISA" and "native" not in available_engines():
        pytest.skip("the native engine was not built here")
    monkeypatch.setenv(name, "v9")
    done = shell("--version")
    assert done.returncode == 2
    assert re.fullmatch(rf"Error: {name}.*v9.*\. Unset it, or .*\.\n", done.stderr)


def test_version_says_which_engine_is_asked_for(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLASSNET_ENGINE", "reference")
    line = shell("--version").stdout.splitlines()[-1]
    assert line.startswith("engines reference (NumPy)")
    assert ("which GLASSNET_ENGINE asks for" in line) == ("native" in available_engines())
