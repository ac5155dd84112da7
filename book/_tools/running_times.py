"""The page that says how long every notebook runs and how much memory it takes, written by the run itself."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any

import psutil

INTRO = """(running-times)=
# Running times

How long each notebook takes and how much memory it needs, written by the run that made the outputs you read. The budget
is what the notebook may take on two CPU cores without a GPU; the tests fail when one takes more than three times as
long. Memory is the largest that the notebook's process ever held, Python and its libraries included.

"""


def processor() -> str:
    """Return the processor's own name where the system tells it."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def page(runs: dict[str, Any]) -> str:
    """Return the page as MyST."""
    lines = [
        "| notebook | seconds | budget | memory (MB) | slowest cell | its seconds |",
        "| --- | ---: | ---: | ---: | --- | ---: |",
    ]
    total = 0.0
    for name in sorted(runs):
        record = runs[name]
        total += record["seconds"]
        slowest = record["slowest_cell"]
        line = slowest["first_line"].replace("|", "\\|").replace("`", "'")
        lines.append(
            f"| {{doc}}`notebooks/{name}` | {record['seconds']:.1f} | {record['budget']:.0f} | {record['peak_mb']:,} "
            f"| `{line}` | {slowest['seconds']:.1f} |"
        )
    lines.append(f"| **together** | **{total:.1f}** | | | | |")
    memory = psutil.virtual_memory().total / 2**30
    machine = (
        f"\nMeasured on {os.cpu_count()} cores ({processor()}), {memory:.0f} GiB of memory, {platform.system()}, "
        f"Python {platform.python_version()}, without a GPU.\n"
    )
    return INTRO + "\n".join(lines) + "\n" + machine


def write(book: Path, runs: dict[str, Any]) -> None:
    """Write the page beside the other plain pages of the book."""
    (book / "running-times.md").write_text(page(runs), encoding="utf-8")
