"""The tool that executes notebooks, on a book of two tiny pages: it runs what changed, and only that."""

import json
from pathlib import Path

import nbformat
import notebooks
import pytest

PAGE = """---
kernelspec:
  name: python3
  display_name: Python 3
---

# A page

Prose.

```{code-cell} ipython3
print(1 + 1)
```
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    folder = tmp_path / "book"
    (folder / "text" / "chapters").mkdir(parents=True)
    (folder / "notebooks").mkdir()
    (folder / "text" / "chapters" / "01-page.md").write_text(PAGE, encoding="utf-8")
    return folder


def change(book: Path, old: str, new: str) -> None:
    path = book / "text" / "chapters" / "01-page.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def stored(book: Path) -> nbformat.NotebookNode:
    return nbformat.read(
        book / "notebooks" / "chapters" / "01-page.ipynb", as_version=4
    )


def code_cell(book: Path) -> nbformat.NotebookNode:
    return next(cell for cell in stored(book).cells if cell.cell_type == "code")


def test_a_page_is_executed_once_then_left_alone(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert notebooks.run([], book=book) == 0
    assert code_cell(book).outputs[0].text == "2\n"
    record = notebooks.load_runs(book)["chapters/01-page"]
    assert record["seconds"] >= 0
    assert record["peak_mb"] > 10
    assert "01-page" in (book / "running-times.md").read_text(encoding="utf-8")
    capsys.readouterr()
    assert notebooks.run([], book=book) == 0
    assert capsys.readouterr().out == ""


def test_changed_prose_is_taken_over_without_execution(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notebooks.run([], book=book)
    capsys.readouterr()
    change(book, "Prose.", "Better prose.")
    assert notebooks.run([], book=book) == 0
    assert capsys.readouterr().out == ""
    assert any("Better prose." in cell.source for cell in stored(book).cells)
    assert code_cell(book).outputs[0].text == "2\n"


def test_changed_code_is_executed(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notebooks.run([], book=book)
    change(book, "1 + 1", "1 + 2")
    notebooks.run([], book=book)
    assert "its code changed" in capsys.readouterr().out
    assert code_cell(book).outputs[0].text == "3\n"


def test_a_changed_module_of_the_package_makes_outputs_stale(book: Path) -> None:
    notebooks.run([], book=book)
    module = book.parent / "companion.py"
    module.write_text("x = 1\n", encoding="utf-8")
    runs = notebooks.load_runs(book)
    runs["chapters/01-page"]["modules"] = {"companion.py": notebooks.file_hash(module)}
    notebooks.save_runs(book, runs)
    pair = notebooks.pairs(book)[0]
    assert notebooks.why_stale(pair, notebooks.load_runs(book), book.parent) is None
    module.write_text("x = 2\n", encoding="utf-8")
    assert "companion.py" in str(
        notebooks.why_stale(pair, notebooks.load_runs(book), book.parent)
    )


def test_a_longer_table_of_names_makes_nothing_stale(book: Path) -> None:
    notebooks.run([], book=book)
    module = book.parent / "__init__.py"
    module.write_text("_LAZY = {}\n", encoding="utf-8")
    runs = notebooks.load_runs(book)
    runs["chapters/01-page"]["modules"] = {"__init__.py": notebooks.file_hash(module)}
    notebooks.save_runs(book, runs)
    pair = notebooks.pairs(book)[0]
    module.write_text("_LAZY = {'a': 'b'}\n", encoding="utf-8")
    assert notebooks.why_stale(pair, notebooks.load_runs(book), book.parent) is None
    module.write_text("x = 2\n", encoding="utf-8")
    assert "__init__.py" in str(
        notebooks.why_stale(pair, notebooks.load_runs(book), book.parent)
    )


def test_a_name_that_no_notebook_has_is_refused(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notebooks.run([], book=book)
    assert notebooks.run(["chapters/01"], book=book) == 1
    assert "'chapters/01'" in capsys.readouterr().err


def test_a_failing_cell_is_named_and_nothing_is_lost(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notebooks.run([], book=book)
    change(book, "print(1 + 1)", "print(1 / 0)")
    assert notebooks.run([], book=book) == 1
    told = capsys.readouterr().err
    assert "01-page" in told
    assert "ZeroDivisionError" in told
    assert code_cell(book).outputs[0].text == "2\n"


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("import warnings; warnings.warn('old')", "stderr"),
        (
            "import os; print(os.path.expanduser('~') + '/secret')",
            "path of this machine",
        ),
        (
            "from IPython.display import Image, display; import zlib, struct\n"
            "raw = b''.join(b'\\0' + b'\\1\\2\\3' * 4 for _ in range(4))\n"
            "chunk = lambda k, d: struct.pack('>I', len(d)) + k + d + struct.pack('>I', zlib.crc32(k + d))\n"
            "png = b'\\x89PNG\\r\\n\\x1a\\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 4, 4, 8, 2, 0, 0, 0))\n"
            "display(Image(png + chunk(b'IDAT', zlib.compress(raw)) + chunk(b'IEND', b'')))",
            "no alternative text",
        ),
    ],
)
def test_outputs_that_readers_should_not_see_are_refused(
    book: Path, capsys: pytest.CaptureFixture[str], code: str, complaint: str
) -> None:
    change(book, "print(1 + 1)", code)
    assert notebooks.run([], book=book) == 1
    assert complaint in capsys.readouterr().err


def test_records_are_sorted_and_ids_depend_on_content_alone(book: Path) -> None:
    notebooks.run([], book=book)
    text = (book / "notebooks" / "runs.json").read_text(encoding="utf-8")
    assert (
        text
        == json.dumps(json.loads(text), indent=1, sort_keys=True, ensure_ascii=False)
        + "\n"
    )
    path = book / "text" / "chapters" / "01-page.md"
    assert [c.id for c in notebooks.read_text(path).cells] == [
        c.id for c in notebooks.read_text(path).cells
    ]


def test_new_weights_make_the_notebooks_that_show_them_stale() -> None:
    runs = notebooks.load_runs(notebooks.BOOK)
    for module, data in notebooks.DATA.items():
        shown = [r for r in runs.values() if module in r["modules"]]
        assert shown
        assert all(data in record["modules"] for record in shown)
