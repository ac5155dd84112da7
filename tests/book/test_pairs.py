"""Every text has its executed notebook, in step with it and with the package; every output is fit to be read."""

from pathlib import Path

import nbformat
import notebooks
import pytest

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "book"
PAIRS = notebooks.pairs(BOOK)
IDS = [pair.name for pair in PAIRS]
MAX_LINES = 25


def test_there_are_texts() -> None:
    assert len(PAIRS) >= 6


def test_no_notebook_without_a_text() -> None:
    made = {
        path.relative_to(BOOK / "notebooks").with_suffix("").as_posix()
        for path in BOOK.glob("notebooks/*/*.ipynb")
    }
    assert made == set(IDS), (
        "a notebook is made from a text: run `make notebooks`, and delete what has no text"
    )


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_the_notebook_says_what_the_text_says(pair: notebooks.Pair) -> None:
    text, stored = (
        notebooks.read_text(pair.text),
        nbformat.read(pair.notebook, as_version=4),
    )
    assert [(c.cell_type, c.source) for c in stored.cells] == [
        (c.cell_type, c.source) for c in text.cells
    ], f"{pair.name} is out of step with its text: run `make notebooks`"
    tags_there = [notebooks.tags(c) for c in stored.cells]
    assert tags_there == [notebooks.tags(c) for c in text.cells]


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_outputs_are_not_older_than_code_or_package(pair: notebooks.Pair) -> None:
    reason = notebooks.why_stale(pair, notebooks.load_runs(BOOK), ROOT)
    assert reason is None, f"{pair.name}: {reason}: run `make notebooks`"


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_outputs_are_fit_to_be_read(pair: notebooks.Pair) -> None:
    stored = nbformat.read(pair.notebook, as_version=4)
    assert notebooks.complaints(stored, pair.name) == []
    assert all(
        cell.execution_count
        for cell in stored.cells
        if cell.cell_type == "code" and cell.source.strip()
    )


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_no_cell_is_longer_than_a_page(pair: notebooks.Pair) -> None:
    for cell in notebooks.read_text(pair.text).cells:
        if cell.cell_type == "code":
            # The marks of a solution are cut out before anyone reads the cell.
            lines = [
                line
                for line in cell.source.splitlines()
                if line.strip() and not line.strip().startswith("###")
            ]
            assert len(lines) <= MAX_LINES, (
                f"{pair.name}: a cell of {len(lines)} lines begins {lines[0]!r}"
            )


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_every_notebook_can_start_on_colab(pair: notebooks.Pair) -> None:
    first = next(
        cell
        for cell in notebooks.read_text(pair.text).cells
        if cell.cell_type == "code"
    )
    assert "google.colab" in first.source
    assert "remove-cell" in notebooks.tags(first)


def test_the_page_of_running_times_is_what_the_runs_say() -> None:
    import running_times

    written = (
        (BOOK / "running-times.md")
        .read_text(encoding="utf-8")
        .split("\nMeasured on")[0]
    )
    assert (
        written
        == running_times.page(notebooks.load_runs(BOOK)).split("\nMeasured on")[0]
    )


def test_no_notebook_took_three_times_its_budget() -> None:
    for name, record in notebooks.load_runs(BOOK).items():
        assert record["seconds"] <= 3 * record["budget"], (
            f"{name} took {record['seconds']} s"
        )


def test_budgets_are_within_what_the_course_allows() -> None:
    budgets = [r["budget"] for r in notebooks.load_runs(BOOK).values()]
    assert max(budgets) <= 90
    assert sum(b > 60 for b in budgets) <= 3
    assert sum(r["seconds"] for r in notebooks.load_runs(BOOK).values()) <= 20 * 60
