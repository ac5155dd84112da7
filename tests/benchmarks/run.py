"""Run every benchmark: print the table, and write it into the book's page with --write.

python tests/benchmarks/run.py [--quick] [--write] [ngram] [bpe] [recurrent] [gpt] [metrics]
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from harness import Row
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "book" / "benchmarks.md"
# Module -> heading of its section on the page.
MODULES = {
    "ngram": "N-gram models",
    "bpe": "Tokenizers",
    "recurrent": "Recurrent layers and the trainer",
    "gpt": "GPT, generation and LoRA",
    "metrics": "Metrics",
    "retrieval": "Retrieval",
}
INTRO = """# Benchmarks

How fast and how small the course's own code is, against the library that does the same job best. Written by
`make bench -- --write`; `make bench` alone prints the table, `make bench -- recurrent` one part of it.

Each figure is a ratio taken in one run. The two sides take turns in one process with one thread each (KenLM's `lmplz`,
a program, is a process of its own, with its start counted), and the ratio is the median of at least seven pairs after
one uncounted pair, with the garbage collector off while the clock runs. Both sides must give the same result, which is
checked before the clock starts. The goal is what the course set itself; a row without one is there to be known.
"""
NOTES = {
    "ngram": """A ratio of 2 means: ours takes half the time. Memory is the peak of everything that training allocates,
divided by the number of different n-grams of all orders; the token ids that go in are not counted. The course's models
take token ids, NLTK takes words and `lmplz` takes text. The row from text file to model file has Python split the text
into words and number them first, and that takes most of its time.""",
    "bpe": "A ratio of 2 means: ours takes half the time.",
    "recurrent": """Here the figure is our time in units of the peer's: 1.1 means a tenth longer. PyTorch's own layers
are compiled; ours are the lines that the chapters show.""",
    "gpt": """A ratio of 2 means: ours takes half the time. Both sides have the same weights, without dropout; a
training step is forward, backward and PyTorch's AdamW in float32. The bare products multiply a vector with every
matrix of the model once a token and do nothing else: what a generator of this kind could at best reach. The memory
bound is time that a sum over as many bytes takes: no token can come faster, because each needs all weights. In its
row and in that of LoRA the figure is our time in units of the other side's.""",
    "retrieval": "A ratio of 2 means: twice the queries a second, or half the time of indexing. 20,000 paragraphs of "
    "Python's documentation and source, the same terms for all sides, and equal scores of the first ten.",
    "metrics": """A ratio of 2 means: ours takes half the time, tokenizing included. Both sides give the same score.
Ours numbers the tokens and counts the n-grams of all sentences at once.""",
}


def value_of(row: Row) -> str:
    """The figure with its unit."""
    number = f"{row.value:,.0f}" if row.value >= 100 else f"{row.value:.2f}"
    if row.unit == "x":
        return f"{number}x"
    digits = 2 if row.unit == "x the time" else 1
    return f"{row.value:.{digits}f} {row.unit}"


def goal_of(row: Row) -> str:
    """The goal as a bound; empty if there is none."""
    if row.goal is None:
        return ""
    number = f"{row.goal:,.0f}" if row.goal >= 3 else f"{row.goal:.2f}"
    return f"{'≥' if row.at_least else '≤'} {number}{'x' if row.unit == 'x' else ''}"


def verdict(row: Row) -> str:
    """Met or missed; empty without a goal."""
    return "" if row.goal is None else "met" if row.met else "missed"


def machine() -> str:
    """The machine in neutral words, and the versions of the peers."""
    names = (
        "numpy", "torch", "nltk", "kenlm", "tokenizers", "tiktoken", "transformers",
        "sacrebleu",
    )  # fmt: skip
    found = []
    for name in names:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} not installed")
    sys.path.insert(0, str(ROOT / "book" / "_tools"))
    from running_times import processor

    return (
        f"Measured on {os.cpu_count()} cores ({processor()}), {platform.system()}, Python {platform.python_version()}, "
        + ", ".join(found)
    )


def section(module: str, rows: list[Row]) -> str:
    """One section of the book's page as MyST."""
    lines = [
        f"## {MODULES[module]}",
        "",
        NOTES[module],
        "",
        "| what | on | against | ours | theirs | ratio | goal | |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for row in rows:
        lines.append(
            f"| {row.name} | {row.data} | {row.peer} | {row.ours} | {row.theirs} | **{value_of(row)}** | "
            f"{goal_of(row)} | {verdict(row)} |"
        )
    return "\n".join([*lines, "", f"{machine()}."])


def page(old: str, new: dict[str, str]) -> str:
    """The book's page, where the sections that were measured anew replace the old ones and the others stay."""
    kept = {
        module: f"## {heading}{old.split(f'## {heading}')[1].split('## ')[0]}".rstrip()
        for module, heading in MODULES.items()
        if f"## {heading}" in old
    }
    sections = {**kept, **new}
    return "\n".join([INTRO, *(f"{sections[m]}\n" for m in MODULES if m in sections)])


def main() -> int:
    """Run what the command line names."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="little data, few pairs: to see that it works",
    )
    parser.add_argument(
        "--write", action="store_true", help="write the table into the book's page"
    )
    parser.add_argument(
        "modules",
        nargs="*",
        default=list(MODULES),
        help=f"some of {', '.join(MODULES)}",
    )
    arguments = parser.parse_args([a for a in sys.argv[1:] if a != "--"])
    unknown = sorted(set(arguments.modules) - MODULES.keys())
    if unknown:
        sys.exit(
            f"there is no benchmark {unknown[0]!r}: choose from {', '.join(MODULES)}"
        )
    measured: dict[str, list[Row]] = {}
    for name in arguments.modules:
        print(f"{name} ...", file=sys.stderr, flush=True)
        measured[name] = import_module(f"bench_{name}").run(arguments.quick)
    rows = [row for found in measured.values() for row in found]
    table = Table(title="benchmarks")
    for column in ("what", "on", "against", "ours", "theirs", "ratio", "goal", ""):
        table.add_column(column, overflow="fold")
    for row in rows:
        color = "green" if row.met else "red"
        table.add_row(
            row.name,
            row.data,
            row.peer,
            row.ours,
            row.theirs,
            value_of(row),
            goal_of(row),
            f"[{color}]{verdict(row)}[/{color}]",
        )
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    if arguments.write:
        if arguments.quick:
            sys.exit("quick figures are not for the page: leave out --quick")
        new = {name: section(name, found) for name, found in measured.items()}
        old = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        PAGE.write_text(page(old, new), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
