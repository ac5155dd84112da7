"""The command ``companion benchmark``: run a public benchmark, show it beside what others report, keep it."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import torch
from rich.console import Console
from rich.table import Table

from companion.benchmarks.report import Figure, Report, Say

# Name on the command line -> module, function.
BENCHMARKS = {
    "shakespeare": ("language_models", "run_shakespeare"),
    "wikitext-2": ("language_models", "run_wikitext"),
    "sst2": ("sst2", "run"),
    "multi30k": ("multi30k", "run"),
    "cranfield": ("cranfield", "run"),
    "xquad": ("xquad", "run"),
}


def machine(device: torch.device) -> str:
    """Say in a line what a benchmark ran on."""
    where = (
        torch.cuda.get_device_name(device)
        if device.type == "cuda"
        else f"{torch.get_num_threads()} thread(s) of a {platform.machine()} CPU"
    )
    return f"{where}, Python {platform.python_version()}, torch {torch.__version__}"


def run_benchmark(name: str, say: Say, device: torch.device) -> Report:
    """Run a benchmark.

    Args:
        name: One of `BENCHMARKS`.
        say: Called with a line about what is going on.
        device: Where networks are trained.

    Returns:
        Its report.

    Raises:
        ValueError: If there is no such benchmark.
        CorpusError: If the data cannot be had.
    """
    if name not in BENCHMARKS:
        raise ValueError(
            f"there is no benchmark {name!r}: choose from {', '.join(BENCHMARKS)}"
        )
    module, function = BENCHMARKS[name]
    run: Callable[[Say, torch.device], Report] = getattr(
        import_module(f"companion.benchmarks.{module}"), function
    )
    return replace(run(say, device), machine=machine(device))


def _row(report: Report, figure: Figure) -> tuple[str, str, str, str, str]:
    met = report.met(figure)
    goal = (
        ""
        if met is None
        else f"{report.goal[figure.system]:g}: " + ("met" if met else "missed")
    )
    interval = "" if figure.low is None else f"{figure.low:.4g} to {figure.high:.4g}"
    minutes = "" if figure.minutes is None else f"{figure.minutes:.2g}"
    return figure.system, f"{figure.value:.4g}", interval, minutes, goal


def show(report: Report, console: Console) -> None:
    """Print a report as a table."""
    table = Table(title=f"{report.title}: {report.metric}", title_justify="left")
    for heading in ("system", "value", "95 % interval", "minutes", "goal", "from"):
        table.add_column(heading, overflow="fold")
    for figure in report.figures:
        origin = "here" if figure.source is None else f"{figure.source} {figure.note}"
        table.add_row(*_row(report, figure), origin)
    console.print(table)
    console.print(report.why)


def page_section(report: Report) -> str:
    """Return a report as a section of the book's page, in MyST Markdown."""
    lines = [
        f"## {report.title}",
        "",
        f"{report.data[0].upper()}{report.data[1:]}. Measured: {report.metric}; "
        f"{'higher' if report.higher_is_better else 'lower'} is better. On {report.machine}.",
        "",
        "| system | value | 95 % interval | minutes | goal | from | note |",
        "| --- | ---: | --- | ---: | --- | --- | --- |",
    ]
    for figure in report.figures:
        origin = "the course" if figure.source is None else f"{{cite}}`{figure.source}`"
        cells = (*_row(report, figure), origin, figure.note)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", report.why, ""])


def write_page(results: Path, page: Path) -> None:
    """Write the sections of all kept reports into the page, behind its first heading's text.

    Args:
        results: Folder of the reports as JSON.
        page: The page; what stands above the line ``% results`` stays as it is.
    """
    head = page.read_text(encoding="utf-8").split("% results")[0]
    known = [results / f"{name}.json" for name in BENCHMARKS]
    sections = [page_section(Report.load(path)) for path in known if path.is_file()]
    page.write_text(
        head + "% results\n\n" + "\n".join(sections), encoding="utf-8", newline="\n"
    )
