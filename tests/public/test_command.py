"""The command shows what was found, keeps it, and says what is wrong; the page says what is kept."""

from pathlib import Path

import pytest
import torch
from rich.console import Console
from typer.testing import CliRunner

from companion.benchmarks import command
from companion.benchmarks.command import BENCHMARKS, page_section, show, write_page
from companion.benchmarks.report import Figure, Report
from companion.cli import app

BOOK = Path(__file__).parents[2] / "book"
REPORT = Report(
    name="sst2",
    title="A title",
    data="trained on this, tested on that",
    metric="accuracy (percent)",
    figures=[
        Figure("ours", 81.0, 80.0, 82.0, 0.5),
        Figure("better", 82.5, 81.0, 84.0, 1.5, note="a note"),
        Figure("theirs", 90.0, source="kim2014cnn", note="more data"),
    ],
    why="It has less data.",
    machine="a machine",
    goal={"ours": 82.0, "better": 82.0},
)


def test_a_report_comes_back_from_its_file(tmp_path: Path) -> None:
    REPORT.save(tmp_path / "sst2.json")
    assert Report.load(tmp_path / "sst2.json") == REPORT


def test_a_missed_goal_says_so_on_the_screen_and_on_the_page() -> None:
    console = Console(record=True, width=150)
    show(REPORT, console)
    text = console.export_text()
    assert "82: missed" in text
    assert "82: met" in text
    section = page_section(REPORT)
    assert "| ours | 81 | 80 to 82 | 0.5 | 82: missed | the course |  |" in section
    assert "{cite}`kim2014cnn`" in section


def test_a_lower_figure_is_better_where_it_is() -> None:
    report = Report("x", "X", "d", "m", [Figure("a", 2.0)], "w", "m", False, {"a": 3.0})
    assert report.met(report.figures[0]) is True
    assert report.met(Figure("a", 4.0)) is False
    assert report.met(Figure("b", 4.0)) is None


def test_the_command_keeps_what_it_found(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(command, "run_benchmark", lambda name, say, device: REPORT)
    done = CliRunner().invoke(app, ["benchmark", "sst2", "--keep", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert Report.load(tmp_path / "sst2.json") == REPORT


def test_an_unknown_benchmark_lists_those_that_there_are() -> None:
    done = CliRunner().invoke(app, ["benchmark", "glue"])
    assert done.exit_code == 1
    assert "choose from shakespeare, wikitext-2" in done.output


def test_without_data_and_network_it_says_what_to_do(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path))
    monkeypatch.delenv("COURSE_DATA", raising=False)
    done = CliRunner().invoke(app, ["benchmark", "cranfield"])
    assert done.exit_code == 1
    assert "set COURSE_DATA" in done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize("name", list(BENCHMARKS))
def test_every_benchmark_can_be_found(name: str) -> None:
    module, function = BENCHMARKS[name]
    found = __import__(f"companion.benchmarks.{module}", fromlist=[function])
    assert callable(getattr(found, function))


def test_the_page_is_what_the_kept_reports_say(tmp_path: Path) -> None:
    page = tmp_path / "published.md"
    old = (BOOK / "published.md").read_text(encoding="utf-8")
    page.write_text(old, encoding="utf-8")
    write_page(BOOK / "results", page)
    assert page.read_text(encoding="utf-8") == old


def test_the_machine_is_named() -> None:
    assert "CPU" in command.machine(torch.device("cpu"))
