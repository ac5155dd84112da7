"""Marking: right, wrong, looping, crashing and tampered submissions, each in a process of its own."""

import csv
import hashlib
import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from companion.exercises.cli import app
from companion.exercises.marking import mark, mark_all
from companion.exercises.submission import BrokenNotebook, read_submission

RIGHT = """
import numpy as np

def entropy_bits(p):
    q = p[p > 0]
    return -np.sum(q * np.log2(q))
"""
RIGHT_CHAIN = """
import numpy as np

def sentence_log_prob(words, next_prob):
    with np.errstate(divide="ignore"):
        return sum(np.log(next_prob(words[:t], words[t])) for t in range(len(words)))
"""
NATS = RIGHT.replace("log2", "log")


def notebook(path: Path, *cells: str | dict[str, object]) -> Path:
    made = [
        {
            "cell_type": "code",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": cell,
        }
        if isinstance(cell, str)
        else cell
        for cell in cells
    ]
    path.write_text(
        json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}),
        encoding="utf-8",
    )
    return path


def one(path: Path, exercise: str = "entropy-bits", **options: object):
    (found,) = [row for row in mark(path, **options) if row.exercise == exercise]
    return found


def test_a_right_and_a_wrong_answer(tmp_path: Path) -> None:
    path = notebook(
        tmp_path / "a.ipynb", RIGHT_CHAIN, NATS, 'check("entropy-bits", entropy_bits)'
    )
    before = hashlib.sha256(path.read_bytes()).digest()
    rows = mark(path)
    assert [(row.exercise, row.status, row.points, row.max_points) for row in rows] == [
        ("chain-rule", "passed", 4, 4),
        ("entropy-bits", "failed", 0, 4),
    ] or rows[1].points < 4
    assert rows[1].failed_check == "a fair coin has one bit"
    assert "natural logarithm" in rows[1].message
    assert hashlib.sha256(path.read_bytes()).digest() == before
    assert list(tmp_path.iterdir()) == [path]


def test_points_are_given_for_what_is_right_beyond_the_first_failure(
    tmp_path: Path,
) -> None:
    path = notebook(
        tmp_path / "a.ipynb",
        "import numpy as np\ndef entropy_bits(p):\n"
        "    return -np.sum(p[p > 0] * np.log2(p[p > 0])) if len(p) != 2 else 5",
    )
    row = one(path)
    assert (row.points, row.max_points, row.status) == (3, 4, "failed")
    assert row.failed_check == "a fair coin has one bit"


def test_what_a_submission_says_about_itself_does_not_count(tmp_path: Path) -> None:
    path = notebook(
        tmp_path / "a.ipynb",
        NATS,
        'def check(id, answer):\n    return "solved, 4 of 4 points"',
        'check("entropy-bits", entropy_bits)',
        {
            "cell_type": "code",
            "metadata": {"tags": ["solution"], "exercise": "entropy-bits"},
            "source": RIGHT,
            "outputs": [],
            "execution_count": None,
        },
    )
    assert one(path).status == "failed"


@pytest.mark.parametrize(
    "tampering",
    [
        "import companion.exercises.expect as e\ne.expect_close = lambda *a, **k: None\n"
        "import companion.exercises.bank.information as b\nb.expect_close = lambda *a, **k: None",
        "from companion.exercises import get\nget('entropy-bits').checks[:] = get('entropy-bits').checks[-1:]",
        "from companion.exercises.exercise import Exercise\nfrom companion.exercises.result import Result, Outcome\n"
        "Exercise.examine = lambda *a, **k: Result('entropy-bits', 't', (Outcome('x', 99, 'passed'),))",
        "import numpy as np, builtins, math\nnp.asarray = lambda *a, **k: 0\nnp.all = lambda *a: True\n"
        "builtins.bool = lambda *a: True\nnp.abs = lambda x: 0",
        "import sys, types\nsys.modules['companion.exercises'] = types.ModuleType('companion.exercises')",
        "import sys\nclass F:\n    def find_spec(self, name, *a):\n"
        "        if name.startswith('companion'):\n            raise ImportError\nsys.meta_path.insert(0, F())",
        "import os, pathlib, sys\nos.makedirs('companion/exercises')\npathlib.Path('companion/__init__.py').touch()\n"
        "pathlib.Path('companion/exercises/__init__.py').touch()\n"
        "pathlib.Path('companion/exercises/registry.py').write_text('def get(id): 1/0')\nsys.path.insert(0, '.')",
        "import json, importlib\njson.dumps = lambda *a, **k: '{}'\nimportlib.import_module = lambda *a: None",
    ],
)
def test_tampering_with_the_checks_earns_nothing(
    tmp_path: Path, tampering: str
) -> None:
    path = notebook(tmp_path / "a.ipynb", NATS, tampering)
    row = one(path)
    assert (row.status, row.max_points) == ("failed", 4), row
    assert row.failed_check == "a fair coin has one bit"
    assert "natural logarithm" in row.message


def test_a_report_of_the_submissions_own_making_is_not_believed(tmp_path: Path) -> None:
    forged = {
        "exercise": "entropy-bits",
        "status": "passed",
        "points": 4,
        "failed": "",
        "message": "",
    }
    code = (
        "import glob, os\n"
        "for name in glob.glob('../*.jsonl') + ['../forged.jsonl']:\n"
        f"    open(name, 'w').write({json.dumps(json.dumps(forged))} + '\\n')\n"
        "os._exit(0)"
    )
    row = one(notebook(tmp_path / "a.ipynb", RIGHT, code))
    assert (row.status, row.points) == ("stopped", 0)
    assert "ended with code 0" in row.message


def test_a_loop_costs_its_own_exercise_only(tmp_path: Path) -> None:
    path = notebook(
        tmp_path / "a.ipynb",
        "def entropy_bits(p):\n    while True:\n        pass",
        RIGHT_CHAIN,
        "while True:\n    pass",
    )
    rows = {row.exercise: row for row in mark(path, seconds=1.0)}
    assert rows["entropy-bits"].status == "failed"
    assert "Stopped after 1 s" in rows["entropy-bits"].message
    assert rows["chain-rule"].status == "passed"


def test_a_loop_that_cannot_be_interrupted_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The alarm is switched off, and the loop swallows everything.
    code = (
        "import signal\n"
        "if hasattr(signal, 'pthread_sigmask'):\n"
        "    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})\n"
        "while True:\n    try:\n        sum(range(9))\n    except BaseException:\n        pass"
    )
    import companion.exercises.marking as marking

    real = marking.subprocess.run
    monkeypatch.setattr(
        marking.subprocess,
        "run",
        lambda *a, **options: real(*a, **{**options, "timeout": 4}),
    )
    row = one(notebook(tmp_path / "a.ipynb", RIGHT, code), seconds=0.5)
    if sys.platform != "win32":
        assert row.status == "stopped"
        assert "was killed" in row.message


@pytest.mark.parametrize(
    "crash",
    [
        "1 / 0",
        "exit()",
        "raise KeyboardInterrupt",
        "def broken(:",
        "input('name?')",
        "%matplotlib inline\n!ls\n1/0",
    ],
)
def test_a_crashing_cell_does_not_stop_the_rest(tmp_path: Path, crash: str) -> None:
    assert one(notebook(tmp_path / "a.ipynb", crash, RIGHT)).status == "passed"


def test_a_crash_of_the_process_keeps_what_was_marked_before(tmp_path: Path) -> None:
    crash = "def entropy_bits(p):\n    import os\n    os._exit(7)"
    rows = {
        row.exercise: row
        for row in mark(notebook(tmp_path / "a.ipynb", RIGHT_CHAIN, crash))
    }
    assert rows["chain-rule"].status == "passed"
    assert rows["entropy-bits"].status == "stopped"
    assert "ended with code 7" in rows["entropy-bits"].message


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux keeps this memory limit"
)
def test_memory_is_limited(tmp_path: Path) -> None:
    hungry = "def entropy_bits(p):\n    return len(bytearray(3 * 2**30))"
    row = one(notebook(tmp_path / "a.ipynb", hungry), megabytes=1024)
    assert "MemoryError" in row.message


def test_an_exercise_that_is_not_there_is_missing(tmp_path: Path) -> None:
    rows = mark(notebook(tmp_path / "a.ipynb", RIGHT, "1 / 0"), chapters=[1])
    status = {row.exercise: row.status for row in rows}
    assert status.pop("entropy-bits") == "passed"
    assert set(status.values()) == {"missing"}
    assert len(status) == 4
    assert (
        "cell 2: ZeroDivisionError"
        in next(row for row in rows if row.status == "missing").message
    )


def test_a_class_with_broken_notebooks_loses_nobody(tmp_path: Path) -> None:
    good = notebook(tmp_path / "good.ipynb", RIGHT)
    (tmp_path / "cut.ipynb").write_text(good.read_text()[:-20])
    (tmp_path / "essay.ipynb").write_bytes(b"\xff\xfe\x00\x01essay")
    (tmp_path / "list.ipynb").write_text("[1]")
    (tmp_path / "strange.ipynb").write_text(
        '{"cells": [1, {"cell_type": "code"}, {"cell_type": "code", "source": 3}]}'
    )
    notebook(tmp_path / "nothing.ipynb", "x = 1")
    table = tmp_path / "marks.csv"
    done = CliRunner().invoke(
        app, ["mark", str(tmp_path), str(tmp_path / "gone.ipynb"), "--csv", str(table)]
    )
    assert done.exit_code == 0, done.output
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = {Path(row["file"]).name: row for row in csv.DictReader(file)}
    assert len(rows) == 7
    assert rows["good.ipynb"]["points"] == "4"
    assert "cut off" in rows["cut.ipynb"]["message"]
    assert "not text" in rows["essay.ipynb"]["message"]
    assert "holds no cells" in rows["list.ipynb"]["message"]
    assert "cannot be read" in rows["gone.ipynb"]["message"]
    assert (
        rows["nothing.ipynb"]["status"] == rows["strange.ipynb"]["status"] == "missing"
    )
    assert "container" in done.output


def test_marks_are_never_overwritten(tmp_path: Path) -> None:
    table = tmp_path / "marks.csv"
    table.write_text("the only copy")
    path = notebook(tmp_path / "a.ipynb", RIGHT)
    done = CliRunner().invoke(app, ["mark", str(path), "--csv", str(table)])
    assert done.exit_code == 2
    assert "never overwritten" in done.output
    assert table.read_text() == "the only copy"


def test_a_wrong_chapter_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    table = tmp_path / "marks.csv"
    with pytest.raises(ValueError, match="chapter 77 has no exercises"):
        mark_all([tmp_path / "a.ipynb"], table, chapters=[77])
    assert not table.exists()


def test_a_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    path = notebook(tmp_path / "=cmd.ipynb", RIGHT)
    table = tmp_path / "marks.csv"
    mark_all([Path(path.name)], table)
    with table.open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.DictReader(file))["file"] == "'=cmd.ipynb"


def test_submissions_are_read_without_being_run() -> None:
    def cell(source: object, **metadata: object) -> dict[str, object]:
        return {"cell_type": "code", "source": source, "metadata": metadata}

    cells = [
        {"cell_type": "markdown", "source": "text"},
        cell(["def f():\n", "    return 1\n"]),
        cell('check("chain-rule", f)'),
        cell("%%time\nx = 1"),
        cell("%%bash\nrm -rf nothing"),
        cell("def g():\n    %timeit f()\n    return 2"),
        cell('text = """\n% stays\n"""'),
        cell("entropy_bits = 3"),
        cell("...", exercise="sampling"),
        cell("secret = 1", tags=["solution"]),
    ]
    found = read_submission(json.dumps({"cells": cells}).encode())
    assert found.exercises == ("chain-rule", "entropy-bits", "sampling")
    assert found.cells == (
        "def f():\n    return 1",
        "pass  # %%time\nx = 1",
        "",
        "def g():\n    pass  # %timeit f()\n    return 2",
        'text = """\n% stays\n"""',
        "entropy_bits = 3",
        "...",
    )
    with pytest.raises(BrokenNotebook, match="not a notebook"):
        read_submission(b"{")
