"""Prepared corpora on disk: found again, replaced when damaged, done without where nothing can be written."""

import json
import types
import warnings
from pathlib import Path

import pytest

from companion.corpora import Corpus, CorpusError, Document
from companion.corpora.cache import cache_folder, cached, check_size, content_key


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path) -> Path:
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


class Builder:
    """Makes a corpus and counts how often it had to."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> Corpus:
        self.calls += 1
        documents = (
            Document("a", "one 一", "page.html", "en", "g"),
            Document("b", "two"),
        )
        return Corpus("small", documents, "en", "CC0-1.0", "written here")


def test_the_second_call_reads_what_the_first_made(folder) -> None:
    build = Builder()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        first, second = cached("small", "k", build), cached("small", "k", build)
    assert build.calls == 1
    assert first == second
    assert [path.name for path in folder.iterdir()] == [
        "small-k.json"
    ]  # and no half-written file beside it


def test_another_key_is_another_file() -> None:
    build = Builder()
    cached("small", "k", build)
    cached("small", "l", build)
    assert build.calls == 2


def test_the_key_depends_on_contents_names_and_recipe_only(tmp_path) -> None:
    def key(
        content: str = "x", name: str = "m.py", recipe: str = "v1", place: str = "p"
    ) -> str:
        path = tmp_path / place / "file"
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
        return content_key({name: path}, recipe)

    assert key() == key(place="q")
    assert len({key(), key(content="y"), key(name="n.py"), key(recipe="v2")}) == 4


def test_changed_code_is_another_key(tmp_path) -> None:
    module = types.ModuleType("builder")
    module.__file__ = str(tmp_path / "builder.py")
    keys = set()
    for code in ("x = 1", "x = 2"):
        (tmp_path / "builder.py").write_text(code)
        keys.add(content_key({}, "v1", [module]))
    assert len(keys) == 2


def test_an_unreadable_source_is_named(tmp_path) -> None:
    with pytest.raises(CorpusError, match=r"gone\.py"):
        content_key({"gone.py": tmp_path / "gone.py"}, "v1")


def truncate(text: str) -> str:
    return text[: len(text) // 2]


def change_a_letter(text: str) -> str:
    return text.replace("two", "too")


def drop_a_field(text: str) -> str:
    return json.dumps(
        {key: value for key, value in json.loads(text).items() if key != "license"}
    )


@pytest.mark.parametrize(
    "damage",
    [
        truncate,
        change_a_letter,
        drop_a_field,
        lambda text: "",
        lambda text: "[1]",
        lambda text: "\x00\ud8ff",
    ],
)
def test_a_damaged_file_is_named_and_replaced(folder, damage) -> None:
    build = Builder()
    sound = cached("small", "k", build)
    path = folder / "small-k.json"
    path.write_bytes(
        damage(path.read_text(encoding="utf-8")).encode("utf-8", "surrogatepass")
    )
    with pytest.warns(UserWarning, match=r"small-k\.json is damaged"):
        assert cached("small", "k", build) == sound
    assert build.calls == 2
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert cached("small", "k", build) == sound
    assert build.calls == 2


def test_a_folder_that_cannot_be_written_is_done_without(monkeypatch, tmp_path) -> None:
    # A file where the folder should be: no user, not even root, can write below it.
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.warns(UserWarning, match="Set COURSE_CACHE") as told:
        assert len(cached("small", "k", Builder())) == 2
    assert any(str(tmp_path / "file") in str(warning.message) for warning in told)


def test_a_failed_write_leaves_nothing_behind(monkeypatch, folder) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("companion.corpora.cache.json.dump", full)
    with pytest.warns(UserWarning, match="No space left"):
        cached("small", "k", Builder())
    assert list(folder.iterdir()) == []


def test_the_users_cache_folder_is_the_default(monkeypatch) -> None:
    monkeypatch.delenv("COURSE_CACHE")
    assert cache_folder().name in ("from-counts-to-transformers", "Cache")


def test_a_corpus_that_shrank_is_refused_with_the_numbers() -> None:
    corpus = Builder()()
    assert check_size(corpus, 2, 8, "Try this.") is corpus
    for documents, characters in ((3, 8), (2, 9)):
        with pytest.raises(
            CorpusError, match=r"found 2 documents with 8 characters.*Try this\."
        ):
            check_size(corpus, documents, characters, "Try this.")
