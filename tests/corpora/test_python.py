"""Python's documentation and sources as corpora."""

import hashlib
import importlib.util
import inspect
import re
from collections import defaultdict

import pytest

from companion.corpora import (
    CorpusError,
    documentation,
    python_docs,
    python_source,
    source_code,
    standard_library,
)


@pytest.fixture(params=["prose", "raw"])
def docs(request):
    return python_docs(request.param)


def words(text: str) -> str:
    return " ".join(re.findall(r"[a-z]+", text.lower()))


def parts_of(corpus) -> dict[str, list[str]]:
    split = corpus.split()
    return {
        name: [
            paragraph
            for document in getattr(split, name)
            for paragraph in document.text.split("\n\n")
        ]
        for name in ("train", "valid", "test")
    }


def test_size_language_and_license(docs) -> None:
    characters = len(docs.text)
    assert 800_000 < characters < 3_000_000
    assert 300 < len(docs) < 700
    assert (docs.language, docs.license) == ("en", "PSF-2.0")
    assert re.search(r"Python 3\.\d+", docs.source)
    assert all(
        document.link.startswith("https://github.com/python/cpython/blob/v3.")
        for document in docs
    )
    assert len({document.id for document in docs}) == len(docs)
    assert {document.id.split("/")[0] for document in docs} == {"library", "reference"}


def test_no_document_and_no_paragraph_is_in_two_parts(docs) -> None:
    split = docs.split()
    ids = [
        {document.id for document in part}
        for part in (split.train, split.valid, split.test)
    ]
    assert sum(map(len, ids)) == len(set.union(*ids)) == len(docs)
    keys = {
        name: {words(paragraph) or paragraph for paragraph in part}
        for name, part in parts_of(docs).items()
    }
    assert not keys["train"] & keys["test"]
    assert not keys["train"] & keys["valid"]
    assert not keys["valid"] & keys["test"]


def test_no_near_copy_of_a_test_paragraph_is_in_training() -> None:
    parts = parts_of(python_docs("prose"))
    by_run = defaultdict(set)
    runs_of = []
    for number, paragraph in enumerate(parts["train"]):
        tokens = words(paragraph).split()
        runs_of.append(set(zip(tokens, tokens[1:], tokens[2:], strict=False)))
        for run in runs_of[-1]:
            by_run[run].add(number)
    for paragraph in parts["test"]:
        tokens = words(paragraph).split()
        if len(tokens) < 10:
            continue
        runs = set(zip(tokens, tokens[1:], tokens[2:], strict=False))
        for number in set().union(*(by_run.get(run, ()) for run in runs)):
            shared = len(runs & runs_of[number]) / len(runs | runs_of[number])
            assert shared < 0.75 or len(runs_of[number]) < 6, (
                paragraph,
                parts["train"][number],
            )


def test_every_part_has_enough_text() -> None:
    sizes = {
        name: sum(map(len, part))
        for name, part in parts_of(python_docs("prose")).items()
    }
    assert sizes["train"] > 800_000
    assert min(sizes["valid"], sizes["test"]) > 20_000


def test_prose_is_running_english() -> None:
    text = python_docs("prose").text
    assert ">>>" not in text
    assert "::=" not in text
    assert "``" not in text
    assert not re.search(r"^\s*[|+].*[|+]\s*$", text, re.MULTILINE)  # tables
    assert not re.search(r"^[=\-*^~]{3,}$", text, re.MULTILINE)  # underlines
    assert not re.search(r":(?:class|func|meth|mod|ref|exc):`", text)
    assert "*note" not in text
    for paragraph in text.split("\n\n"):
        assert "\n" not in paragraph
        assert re.search(r"[.!?][\"')\]]*$", paragraph), paragraph
    frequent = re.findall(r"\b(?:the|a|is|of|to|and|in)\b", text)
    assert len(frequent) > 0.18 * len(text.split())


def test_raw_is_as_it_stands() -> None:
    text = python_docs("raw").text
    assert ">>>" in text
    assert "::=" in text


def test_the_same_corpus_each_time_and_from_disk(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path))
    python_docs.cache_clear()
    built = python_docs("prose")
    python_docs.cache_clear()
    monkeypatch.setattr(
        documentation,
        "_build",
        lambda kind: pytest.fail("built although it is on disk"),
    )
    read = python_docs("prose")
    assert read is not built
    assert read == built
    assert [path.suffix for path in tmp_path.iterdir()] == [".json"]


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="'cooked'"):
        inspect.unwrap(python_docs)(
            "cooked"
        )  # without the check of types, as a student calls it


def test_source_is_one_document_a_file_without_tests() -> None:
    corpus = python_source()
    assert (corpus.language, corpus.license) == ("x-python", "PSF-2.0")
    assert 4_000_000 < sum(len(document.text) for document in corpus) < 20_000_000
    names = [document.id for document in corpus]
    assert {"argparse.py", "email/parser.py"} <= set(names)
    assert names == sorted(names)
    assert not [
        name
        for name in names
        if {"test", "tests"} & set(name.split("/"))
        or "site-packages" in name
        or "_sysconfigdata" in name
    ]
    texts = [hashlib.sha256(document.text.encode()).digest() for document in corpus]
    assert len(set(texts)) == len(texts)


def test_a_limited_source_is_a_nested_sample() -> None:
    small, large = python_source(300_000), python_source(2_000_000)
    ids = [document.id for document in large]
    assert {document.id for document in small} < set(ids)
    assert sum(len(document.text) for document in small) <= 300_000
    assert 1_500_000 < sum(len(document.text) for document in large) <= 2_000_000
    assert len({name[0] for name in ids}) > 12  # from all over the alphabet


@pytest.mark.parametrize("limit", [0, -5])
def test_a_limit_below_one_is_refused(limit) -> None:
    with pytest.raises(ValueError, match=f"got {limit}"):
        python_source(limit)


def test_a_limit_below_the_first_file_is_refused() -> None:
    with pytest.raises(ValueError, match="max_characters=1;"):
        python_source(1)


def test_a_python_without_sources_is_named(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(
        standard_library.sysconfig, "get_paths", lambda: {"stdlib": str(tmp_path)}
    )
    python_docs.cache_clear()
    with pytest.raises(CorpusError, match=re.escape(str(tmp_path))):
        python_docs("prose")


def test_missing_topics_are_named(monkeypatch) -> None:
    def absent(name: str) -> None:
        raise ModuleNotFoundError(f"No module named {name!r}")

    monkeypatch.setattr(importlib.util, "find_spec", absent)
    python_docs.cache_clear()
    with pytest.raises(CorpusError, match=r"pydoc_data/topics\.py.*libpython3-stdlib"):
        python_docs("prose")


@pytest.mark.parametrize(
    ("content", "said"),
    [("topics = {", "not a Python file"), ("x = 1", "no dictionary")],
)
def test_changed_topics_are_named(monkeypatch, tmp_path, content, said) -> None:
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "topics.py"
    path.write_text(content)
    monkeypatch.setattr(documentation, "topics_file", lambda: path)
    python_docs.cache_clear()
    with pytest.raises(CorpusError, match=said) as caught:
        python_docs("prose")
    assert str(path) in str(caught.value)


def test_a_library_stripped_of_its_docstrings_is_refused(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path))
    monkeypatch.setattr(documentation, "_docstrings", lambda path: iter(()))
    python_docs.cache_clear()
    with pytest.raises(CorpusError, match=r"found \d+ documents .* expected at least"):
        python_docs("raw")
    assert not list(tmp_path.iterdir())  # and nothing of it is kept


def test_a_broken_library_file_is_passed_over(tmp_path) -> None:
    (tmp_path / "broken.py").write_text("def f(:\n")
    assert list(documentation._docstrings(tmp_path / "broken.py")) == []


def test_docstrings_come_in_the_order_of_the_file(tmp_path) -> None:
    path = tmp_path / "module.py"
    path.write_text(
        '"""one"""\nclass A:\n    """two"""\n    def f(self):\n        """three"""\n        if 1:\n'
        '            def g():\n                """four"""\ntry:\n    async def h():\n        """five"""\n'
        'except OSError:\n    def h():\n        """six"""\nx = lambda: "no docstring"\n'
    )
    assert list(documentation._docstrings(path)) == [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
    ]


def test_the_library_leaves_out_what_is_no_library() -> None:
    files = standard_library.library_files()
    assert list(files) == sorted(files)
    assert all(path.is_file() for path in files.values())
    assert not {"test", "site-packages", "idlelib", "pydoc_data"} & {
        part for name in files for part in name.split("/")
    }
    assert source_code.python_source(200_000).documents[0].id in files
