"""Public data comes by its checksum, from the folder that was named or from the network, or with a clear error."""

import hashlib
from pathlib import Path

import pooch
import pytest
import requests

from companion.benchmarks import data
from companion.benchmarks.data import FILES, Remote, fetch
from companion.corpora import CorpusError

CONTENT = b"label\ttext\n"
NAME = "small/file.tsv"


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    remote = Remote("https://example.org/file.tsv", hashlib.sha256(CONTENT).hexdigest())
    monkeypatch.setitem(FILES, NAME, remote)
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    (tmp_path / "data/small").mkdir(parents=True)
    return tmp_path


def served(monkeypatch: pytest.MonkeyPatch, content: bytes | Exception) -> list[str]:
    asked: list[str] = []

    def download(self, url, output_file, pooch, check_only=False) -> None:
        asked.append(url)
        if isinstance(content, Exception):
            raise content
        Path(output_file).write_bytes(content)

    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", download)
    return asked


def test_a_file_that_is_there_is_used_and_nothing_is_asked(monkeypatch, small) -> None:
    asked = served(monkeypatch, AssertionError("asked the network"))
    (small / "data" / NAME).write_bytes(CONTENT)
    assert fetch(NAME) == small / "data" / NAME
    assert asked == []


def test_a_changed_file_is_refused_with_its_path_and_the_address(small) -> None:
    (small / "data" / NAME).write_bytes(CONTENT + b"x")
    with pytest.raises(CorpusError, match=r"file\.tsv is not the file.*example\.org"):
        fetch(NAME)


def test_it_is_downloaded_once(monkeypatch, small) -> None:
    asked = served(monkeypatch, CONTENT)
    first = fetch(NAME)
    assert first.read_bytes() == CONTENT
    assert small / "cache" in first.parents
    assert fetch(NAME) == first
    assert len(asked) == 1
    # A download that was cut off afterwards is not trusted.
    first.write_bytes(CONTENT[:3])
    assert fetch(NAME).read_bytes() == CONTENT
    assert len(asked) == 2


def test_another_content_is_refused_and_not_kept(monkeypatch, small) -> None:
    served(monkeypatch, b"<html>Not found</html>")
    with pytest.raises(CorpusError, match="Nothing was kept"):
        fetch(NAME)
    assert not [path for path in (small / "cache").rglob("*") if path.is_file()]


@pytest.mark.parametrize("error", [requests.ConnectionError(), TimeoutError()])
def test_no_network_says_what_to_do(monkeypatch, error) -> None:
    served(monkeypatch, error)
    with pytest.raises(CorpusError, match="set COURSE_DATA"):
        fetch(NAME)


def test_an_unknown_name_lists_the_names() -> None:
    with pytest.raises(ValueError, match=r"tinyshakespeare/input\.txt"):
        fetch("tinyshakespeare")


def test_every_address_is_fixed_to_a_version() -> None:
    for name, remote in data.FILES.items():
        if name != NAME:
            assert len(remote.sha256) == 64
            assert any(len(part) == 40 for part in remote.url.split("/")), name
