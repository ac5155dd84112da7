"""Comments and docstrings of tests as a corpus: whole, new, and nothing of what is held out."""

import inspect
from pathlib import Path

import pytest

from companion.corpora import CorpusError, Document, python_docs, remarks
from companion.corpora.remarks import python_remarks, without_held_out

CODE = '''
"""The module decides quietly which umbrella belongs to whom."""
# A comment that stands on lines of its own
# reads as one paragraph of two lines.
x = 1  # A remark behind the code is not taken, however long it is.

def f():
    #: Indented comments count as well, and this one is long enough.
    return "# not a comment but a string that looks like one here"
'''


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def build() -> None:
        files = {p.relative_to(tmp_path).as_posix(): p for p in tmp_path.rglob("*.py")}
        monkeypatch.setattr(remarks, "_files", lambda: dict(sorted(files.items())))

    (tmp_path / "test").mkdir()
    (tmp_path / "test/test_umbrella.py").write_text(CODE, encoding="utf-8")
    build()
    return tmp_path


def test_comments_and_docstrings_become_paragraphs(library: Path) -> None:
    (document,) = remarks._documents()
    assert document.id == "remarks/test/test_umbrella.py"
    assert document.text.split("\n\n") == [
        "The module decides quietly which umbrella belongs to whom.",
        "A comment that stands on lines of its own reads as one paragraph of two lines.",
        "Indented comments count as well, and this one is long enough.",
    ]


def test_what_the_documentation_holds_is_left_out(library: Path) -> None:
    paragraph = max(python_docs().documents[3].text.split("\n\n"), key=len)
    other = "# " + paragraph + "\n\n# " + paragraph.replace(" the ", " a ", 1)
    (library / "test/test_umbrella.py").write_text(CODE + other, encoding="utf-8")
    (document,) = remarks._documents()
    assert len(document.text.split("\n\n")) == 3


def test_a_file_that_is_no_python_gives_nothing(library: Path) -> None:
    (library / "test/test_umbrella.py").write_text(
        "def (:\n# a comment of some length."
    )
    assert list(remarks._documents()) == []


def test_remarks_on_what_is_held_out_go() -> None:
    names = (
        "json/decoder.py",
        "json/__init__.py",
        "test/test_json/test_scan.py",
        "test/test_heapq.py",
        "heapq.py",
        "csv.py",
    )
    documents = tuple(Document(f"remarks/{name}", "A text.") for name in names)
    corpus = python_docs()
    everything = corpus.where(lambda d: False).__class__(
        "r", documents, "en", "PSF-2.0", "written here"
    )
    held = corpus.where(lambda d: d.id in ("library/json", "library/heapq"))
    assert len(held) == 2
    left = [d.id for d in without_held_out(everything, [held])]
    assert left == ["remarks/json/decoder.py", "remarks/csv.py"]


def test_a_python_that_lost_its_comments_is_named(library: Path, monkeypatch) -> None:
    monkeypatch.setenv("COURSE_CACHE", str(library / "cache"))
    with pytest.raises(CorpusError, match="complete"):
        inspect.unwrap(python_remarks)()
