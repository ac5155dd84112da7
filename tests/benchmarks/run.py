"""Run every benchmark: print the table, and write it into the book's page with --write.

python tests/benchmarks/run.py [--quick] [--write] [bpe] [ngram]
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from dataclasses import replace
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from harness import Row
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "book" / "benchmarks.md"
MODULES = ("ngram", "bpe")
INTRO = """# Benchmarks

How fast and how small the course's own code is, against the library that does the same job best. Written by
`make bench -- --write`; `make bench` alone prints the table.

Each figure is a ratio taken in one run. The two sides take turns in one process with one thread each (KenLM's `lmplz`,
a program, is a process of its own, with its start counted), and the ratio is the median of seven pairs after one
uncounted pair, with the garbage collector off while the clock runs. Both sides must give the same result, which is
checked before the clock starts. Memory is the peak of everything that training allocates, divided by the number of
different n-grams of all orders; the token ids that go in are not counted.

A ratio of 2 means: ours takes half the time. The goal is what the course set itself; a row without one is there to be
known. The course's models take token ids, NLTK takes words and `lmplz` takes text. The row from text file to model
file has Python split the text into words and number them first, and that takes most of its time.

"""


def value_of(row: Row) -> str:
    """The figure with its unit."""
    number = f"{row.value:,.0f}" if row.value >= 100 else f"{row.value:.2f}"
    return f"{number}x" if row.unit == "x" else f"{row.value:.1f} {row.unit}"


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
    names = ("numpy", "nltk", "kenlm", "tokenizers", "tiktoken")
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


def page(rows: list[Row]) -> str:
    """The book's page as MyST."""
    lines = [
        "| what | on | against | ours | theirs | ratio | goal | |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for row in rows:
        lines.append(
            f"| {row.name} | {row.data} | {row.peer} | {row.ours} | {row.theirs} | **{value_of(row)}** | "
            f"{goal_of(row)} | {verdict(row)} |"
        )
    return INTRO + "\n".join(lines) + f"\n\n{machine()}.\n"


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
    rows: list[Row] = []
    for name in arguments.modules:
        print(f"{name} ...", file=sys.stderr, flush=True)
        rows += [
            replace(row) for row in import_module(f"bench_{name}").run(arguments.quick)
        ]
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
        PAGE.write_text(page(rows), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
