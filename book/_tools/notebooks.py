"""Texts and their executed notebooks: keep them in step, execute what changed, write down what it took.

    python book/_tools/notebooks.py run           execute the notebooks whose code, or package code, changed
    python book/_tools/notebooks.py run --all     execute every notebook
    python book/_tools/notebooks.py run 01 03     execute those whose name starts so
    python book/_tools/notebooks.py status        say which are out of step, and why

The text is the source. A notebook is its pair with outputs; nothing in it is edited by hand.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbformat import NotebookNode

BOOK = Path(__file__).resolve().parent.parent
FOLDERS = ("chapters", "exercises")
MAX_IMAGE_BYTES = 60_000
CELL_TIMEOUT = 600
DEFAULT_BUDGET = 60.0
# Printed by the hidden last cell of an execution.
_PROBE = """
import json as _json, sys as _sys
print("@@MODULES " + _json.dumps(sorted({
    m.__file__ for n, m in _sys.modules.items()
    if n.split(".")[0] == "companion" and getattr(m, "__file__", None)
})))
"""


class NotebookError(Exception):
    """A notebook that cannot be kept; the message names the notebook, the cell and the cure."""


@dataclass(frozen=True)
class Pair:
    """A text and its notebook."""

    name: str  # e.g. "chapters/01-what-is-a-language-model"
    text: Path
    notebook: Path


def pairs(book: Path = BOOK) -> list[Pair]:
    """Return every text with the place of its notebook, in reading order."""
    found = []
    for folder in FOLDERS:
        for text in sorted((book / "text" / folder).glob("*.md")):
            notebook = book / "notebooks" / folder / f"{text.stem}.ipynb"
            found.append(Pair(f"{folder}/{text.stem}", text, notebook))
    return found


def read_text(path: Path) -> NotebookNode:
    """Read a MyST text as a notebook without outputs, with ids that depend on position and content alone."""
    book = jupytext.reads(path.read_text(encoding="utf-8"), fmt="md:myst")
    for position, cell in enumerate(book.cells):
        digest = hashlib.sha256(f"{cell.cell_type}{cell.source}".encode()).hexdigest()[
            :8
        ]
        cell["id"] = f"c{position:03d}-{digest}"
    book.nbformat, book.nbformat_minor = 4, 5
    book.metadata["kernelspec"] = {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    # The version of jupytext would change the file with every update of it.
    book.metadata.get("jupytext", {}).get("text_representation", {}).pop(
        "jupytext_version", None
    )
    book.metadata.get("jupytext", {}).get("text_representation", {}).pop(
        "format_version", None
    )
    return book


def code_hash(book: NotebookNode) -> str:
    """Return a hash of what gets executed: the sources of the code cells, in order."""
    sources = [cell.source for cell in book.cells if cell.cell_type == "code"]
    return hashlib.sha256(json.dumps(sources).encode()).hexdigest()[:16]


def file_hash(path: Path) -> str:
    """Return a hash of a file's content, the same whatever its line ends."""
    return (
        hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()[:16]
        if path.exists()
        else "missing"
    )


def tags(cell: NotebookNode) -> list[str]:
    """Return the tags of a cell."""
    return list(cell.metadata.get("tags", []))


# Whoever imports the module shows what the file says: new weights are a change of the package, too.
DATA = {
    "companion/models/course_gpt.py": "companion/checkpoints/course_gpt/SHA256SUMS",
}


# ---------------------------------------------------------------- records of runs


def load_runs(book: Path) -> dict[str, Any]:
    """Return what is known of the last execution of each notebook."""
    path = book / "notebooks" / "runs.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def save_runs(book: Path, runs: dict[str, Any]) -> None:
    """Write the records, sorted, so that a change shows as a small difference."""
    path = book / "notebooks" / "runs.json"
    path.write_text(
        json.dumps(runs, indent=1, sort_keys=True, ensure_ascii=False) + "\n",
        encoding="utf-8",
    )


def is_table_of_names(path: Path) -> bool:
    """Tell whether a file only says where the names of a package are: a longer table changes no output."""
    return (
        path.name == "__init__.py"
        and path.exists()
        and "_LAZY" in path.read_text(encoding="utf-8")
    )


def why_stale(pair: Pair, runs: dict[str, Any], root: Path) -> str | None:
    """Say why a notebook's outputs may no longer be true; None if they stand."""
    record = runs.get(pair.name)
    if record is None or not pair.notebook.exists():
        return "never executed"
    if record["code"] != code_hash(read_text(pair.text)):
        return "its code changed"
    changed = [
        name
        for name, known in record["modules"].items()
        if file_hash(root / name) != known and not is_table_of_names(root / name)
    ]
    if changed:
        return "the package changed: " + ", ".join(changed)
    return None


# ---------------------------------------------------------------- execution


def execute_here(source: Path, target: Path, folder: Path) -> None:
    """Execute one notebook in this process and write it with a report; runs in a process of its own."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    book = nbformat.read(source, as_version=4)
    book.cells.append(nbformat.v4.new_code_cell(_PROBE))
    client = NotebookClient(
        book,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    )
    report: dict[str, Any] = {}
    try:
        client.execute()
    except CellExecutionError as error:
        report["error"] = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    probe = book.cells.pop()
    cells = []
    for cell in book.cells:
        timing = cell.metadata.pop("execution", {})
        if "shell.execute_reply" in timing and "iopub.execute_input" in timing:
            start, end = (
                _timestamp(timing[key])
                for key in ("iopub.execute_input", "shell.execute_reply")
            )
            cells.append(end - start)
        elif cell.cell_type == "code":
            cells.append(0.0)
    report["cells"] = cells
    for output in probe.outputs:
        if output.get("text", "").startswith("@@MODULES "):
            report["modules"] = json.loads(output["text"][len("@@MODULES ") :])
    try:
        import resource

        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        report["peak_bytes"] = peak * (1 if sys.platform == "darwin" else 1024)
    except ImportError:  # Windows
        report["peak_bytes"] = 0
    nbformat.write(book, target)
    target.with_suffix(".report.json").write_text(json.dumps(report), encoding="utf-8")


def _timestamp(text: str) -> float:
    from datetime import datetime

    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def execute(book: NotebookNode, folder: Path) -> tuple[NotebookNode, dict[str, Any]]:
    """Execute a notebook in a fresh process, whose largest child's memory is then the kernel's."""
    with tempfile.TemporaryDirectory() as scratch:
        source, target = Path(scratch) / "in.ipynb", Path(scratch) / "out.ipynb"
        nbformat.write(book, source)
        command = [
            sys.executable,
            __file__,
            "_execute",
            str(source),
            str(target),
            str(folder),
        ]
        environment = {
            **os.environ,
            "JUPYTER_PREFER_ENV_PATH": "1",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode or not target.exists():
            raise NotebookError(
                f"the notebook could not be started:\n{done.stdout}{done.stderr}"
            )
        report = json.loads(
            target.with_suffix(".report.json").read_text(encoding="utf-8")
        )
        return nbformat.read(target, as_version=4), report


# ---------------------------------------------------------------- what outputs must be


def clean(book: NotebookNode) -> None:
    """Drop what differs from run to run, and give every image its alternative text, in place."""
    book.metadata.pop("widgets", None)
    book.metadata.pop("language_info", None)
    count = 0
    for cell in book.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type != "code":
            continue
        count += 1
        cell.execution_count = count
        alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt")
        if "remove-output" in tags(cell):
            cell.outputs = []  # a control without its kernel is dead
        joined: list[NotebookNode] = []
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
            if "data" in output:
                output.data.pop("application/vnd.jupyter.widget-view+json", None)
                if "image/png" in output.data:
                    output.data["text/plain"] = "<figure>"
                    if alt:
                        output.setdefault("metadata", {}).setdefault("image/png", {})[
                            "alt"
                        ] = " ".join(alt.split())
            # Whether two prints arrive in one message or in two depends on the machine's mood.
            previous = joined[-1] if joined else None
            if (
                previous is not None
                and output.output_type == previous.output_type == "stream"
                and output.name == previous.name
            ):
                previous.text += output.text
            else:
                joined.append(output)
        cell.outputs = joined


def complaints(book: NotebookNode, name: str) -> list[str]:
    """List what is wrong with the outputs of an executed notebook."""
    found = []
    home = str(Path.home())
    for position, cell in enumerate(book.cells):
        if cell.cell_type != "code":
            continue
        where = f"{name}, cell {position} ({(cell.source.strip().splitlines() or ['empty'])[0][:50]!r})"
        for output in cell.get("outputs", []):
            if output.output_type == "error" and "raises-exception" not in tags(cell):
                found.append(f"{where}: raises {output.ename}: {output.evalue}")
            if (
                output.output_type == "stream"
                and output.name == "stderr"
                and "allow-stderr" not in tags(cell)
            ):
                found.append(f"{where}: writes to stderr: {output.text.strip()[:200]}")
            data = output.get("data", {})
            if "image/png" in data:
                size = len(base64.b64decode(data["image/png"]))
                if size > MAX_IMAGE_BYTES:
                    found.append(
                        f"{where}: its image takes {size:,} bytes, at most {MAX_IMAGE_BYTES:,} are allowed"
                    )
                options = cell.metadata.get("mystnb", {})
                if not options.get("image", {}).get("alt"):
                    found.append(
                        f"{where}: its image has no alternative text (mystnb: image: alt)"
                    )
                if not options.get("figure", {}).get("caption") or not options.get(
                    "figure", {}
                ).get("name"):
                    found.append(
                        f"{where}: its figure has no caption or no name (mystnb: figure)"
                    )
            text = json.dumps(
                {k: v for k, v in output.items() if k != "data"}
            ) + json.dumps(
                {k: v for k, v in data.items() if not k.startswith("image/")}
            )
            if (home not in ("/", "") and home + os.sep in text) or str(
                BOOK.parent
            ) in text:
                found.append(f"{where}: its output holds a path of this machine")
    return found


def carry_outputs(fresh: NotebookNode, old: NotebookNode) -> bool:
    """Copy outputs from an executed notebook to its new text, if the code is the same; say whether it was."""
    new_code = [cell for cell in fresh.cells if cell.cell_type == "code"]
    old_code = [cell for cell in old.cells if cell.cell_type == "code"]
    if [cell.source for cell in new_code] != [cell.source for cell in old_code]:
        return False
    for new, executed in zip(new_code, old_code, strict=True):
        new.outputs, new.execution_count = executed.outputs, executed.execution_count
    return True


# ---------------------------------------------------------------- commands


def write_notebook(book: NotebookNode, path: Path) -> None:
    """Write a notebook if it changed, so that its time stamp stays true otherwise."""
    text = nbformat.writes(book, version=4) + "\n"
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def refresh(pair: Pair) -> bool:
    """Bring prose and metadata of a notebook in step with its text, outputs kept; False if the code differs."""
    if not pair.notebook.exists():
        return False
    fresh = read_text(pair.text)
    if not carry_outputs(fresh, nbformat.read(pair.notebook, as_version=4)):
        return False
    clean(fresh)
    write_notebook(fresh, pair.notebook)
    return True


def run_pair(pair: Pair, root: Path) -> dict[str, Any]:
    """Execute one notebook, store it, and return its record."""
    fresh = read_text(pair.text)
    pair.notebook.parent.mkdir(parents=True, exist_ok=True)
    executed, report = execute(fresh, pair.notebook.parent)
    if "error" in report:
        raise NotebookError(
            f"{pair.name}: a cell failed; the stored notebook is left as it was\n{report['error']}"
        )
    clean(executed)
    wrong = complaints(executed, pair.name)
    if wrong:
        raise NotebookError("\n".join(wrong))
    write_notebook(executed, pair.notebook)
    modules = {}
    for file in report["modules"]:
        path = Path(file)
        if path.is_relative_to(root):
            modules[path.relative_to(root).as_posix()] = file_hash(path)
    for module, data in DATA.items():
        if module in modules:
            modules[data] = file_hash(root / data)
    code = [cell for cell in executed.cells if cell.cell_type == "code"]
    slowest = max(range(len(code)), key=lambda i: report["cells"][i], default=0)
    return {
        "budget": float(
            fresh.metadata.get("course", {}).get("budget_seconds", DEFAULT_BUDGET)
        ),
        "code": code_hash(fresh),
        "modules": modules,
        "peak_mb": round(report["peak_bytes"] / 1e6),
        "seconds": round(sum(report["cells"]), 1),
        "slowest_cell": {
            "first_line": (code[slowest].source.strip().splitlines() or [""])[0][:60]
            if code
            else "",
            "seconds": round(report["cells"][slowest], 1) if code else 0.0,
        },
        "python": platform.python_version(),
    }


def run(names: list[str], everything: bool = False, book: Path = BOOK) -> int:
    """Bring every notebook up to date; return how many failed, or were asked for and are not there."""
    runs, failed = load_runs(book), 0
    known = {pair.name for pair in pairs(book)}
    for name in names:
        if not any(n == name or n.split("/")[1].startswith(name) for n in known):
            print(
                f"no notebook is called {name!r}: give the beginning of a name, e.g. 01, or all of it, e.g. "
                f"{min(known, default='chapters/01-page')}",
                file=sys.stderr,
            )
            failed += 1
    runs = {name: record for name, record in runs.items() if name in known}
    for pair in pairs(book):
        chosen = not names or any(
            pair.name.split("/")[1].startswith(name) or pair.name == name
            for name in names
        )
        reason = why_stale(pair, runs, book.parent)
        if chosen and (everything or names) and reason is None:
            reason = "asked for"
        if not chosen or reason is None:
            if reason is None:
                refresh(pair)
            continue
        print(f"{pair.name}: {reason} ...", flush=True)
        try:
            runs[pair.name] = run_pair(pair, book.parent)
        except NotebookError as error:
            print(error, file=sys.stderr, flush=True)
            failed += 1
            continue
        print(
            f"  {runs[pair.name]['seconds']:.1f} s, {runs[pair.name]['peak_mb']:,} MB",
            flush=True,
        )
        save_runs(book, runs)
    if known:
        save_runs(book, runs)
        import running_times

        running_times.write(book, runs)
    return failed


def status(book: Path = BOOK) -> int:
    """Print which notebooks are out of step, and why; return how many."""
    runs, stale = load_runs(book), 0
    for pair in pairs(book):
        reason = why_stale(pair, runs, book.parent)
        stale += reason is not None
        print(f"{pair.name}: {reason or 'up to date'}")
    return stale


def main() -> int:
    """Run one command."""
    if sys.argv[1:2] == ["_execute"]:
        execute_here(*map(Path, sys.argv[2:5]))
        return 0
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    runner = commands.add_parser("run", help="execute what changed")
    runner.add_argument("--all", action="store_true", dest="everything")
    runner.add_argument("names", nargs="*")
    commands.add_parser("status", help="say what is out of step")
    arguments = parser.parse_args()
    if arguments.command == "run":
        return int(run(arguments.names, arguments.everything) > 0)
    return int(status() > 0)


if __name__ == "__main__":
    sys.exit(main())
