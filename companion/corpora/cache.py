"""Prepared corpora on disk: keyed by what they were made from, written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import ModuleType

import platformdirs

from companion.corpora.corpus import Corpus, Document

_FORMAT = 2  # of the files: raise it when what is stored of a corpus changes


class CorpusError(RuntimeError):
    """A source that a corpus is made from is missing or is not what it should be; the message names it."""


def cache_folder() -> Path:
    """Return the folder of prepared corpora: ``COURSE_CACHE``, or the user's cache folder."""
    chosen = os.environ.get("COURSE_CACHE", "").strip()
    if chosen:
        return Path(chosen).expanduser()
    return Path(
        platformdirs.user_cache_dir("from-counts-to-transformers", appauthor=False)
    )


def content_key(
    files: Mapping[str, Path], recipe: str, code: Sequence[ModuleType] = ()
) -> str:
    """Return a hash of files' names and contents: a changed source is another key.

    Args:
        files: Path of each source file by its name; names, unlike paths, are the same on every machine.
        recipe: What is done to the files, in words.
        code: The modules that do it: changed code is another key, too.

    Returns:
        The first 16 hex digits of a SHA-256.

    Raises:
        CorpusError: If a file cannot be read.
    """
    files = {
        **files,
        **{module.__name__: Path(str(module.__file__)) for module in code},
    }
    digest = hashlib.sha256(f"{_FORMAT} {recipe}".encode())
    for name in sorted(files):
        try:
            content = files[name].read_bytes()
        except OSError as error:
            raise CorpusError(
                f"cannot read {files[name]}, a source of the corpus: {error.strerror}"
            ) from error
        # Lengths between, so that no byte can move from one file to the next unseen.
        digest.update(f"\x00{name}\x00{len(content)}\x00".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def _read(path: Path) -> Corpus:
    """Read a prepared corpus.

    Raises:
        ValueError: If the file is damaged.
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        fingerprint = stored.pop("fingerprint")
        corpus = Corpus(
            documents=tuple(
                Document(**document) for document in stored.pop("documents")
            ),
            **stored,
        )
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"not a prepared corpus: {error!r}") from error
    if corpus.fingerprint != fingerprint:
        raise ValueError("its content does not match its fingerprint")
    return corpus


def _write(path: Path, corpus: Corpus) -> None:
    """Write a corpus beside its place and move it there, so that no reader ever sees half a file."""
    data = {
        "name": corpus.name,
        "language": corpus.language,
        "license": corpus.license,
        "source": corpus.source,
        "fingerprint": corpus.fingerprint,
        "documents": [asdict(document) for document in corpus.documents],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(
        dir=path.parent, prefix=f".{path.stem}-", suffix=".part"
    )
    try:
        with open(handle, "w", encoding="utf-8") as out:
            json.dump(data, out, ensure_ascii=False)
        os.replace(part, path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def cached(name: str, key: str, build: Callable[[], Corpus]) -> Corpus:
    """Return a prepared corpus from disk, or build it and keep it.

    A damaged file is replaced, and a folder that cannot be written is done without; both with a warning.

    Args:
        name: Name of the corpus, the first part of the file's name.
        key: Hash of its sources, see `content_key`; the second part.
        build: Makes the corpus.

    Returns:
        The corpus, equal whether it was read or built.
    """
    path = cache_folder() / f"{name}-{key}.json"
    try:
        return _read(path)
    except (FileNotFoundError, NotADirectoryError):
        pass
    except (ValueError, OSError) as error:
        warnings.warn(
            f"the prepared corpus {path} is damaged ({error}); it is made again",
            stacklevel=3,
        )
    corpus = build()
    try:
        _write(path, corpus)
    except OSError as error:
        warnings.warn(
            f"the corpus {name!r} cannot be kept in {path.parent} ({error.strerror or error}), so it is made anew "
            "each time. Set COURSE_CACHE to a folder that can be written.",
            stacklevel=3,
        )
    return corpus


def check_size(corpus: Corpus, documents: int, characters: int, advice: str) -> Corpus:
    """Return the corpus if it is about as large as it should be.

    Args:
        corpus: The corpus just made.
        documents: The least number of documents that a sound source gives.
        characters: The least number of characters, counted in Unicode code points.
        advice: What to try when there are fewer, as a sentence.

    Returns:
        The same corpus.

    Raises:
        CorpusError: If it is smaller; the message says what was found and what was expected.
    """
    found = sum(len(document.text) for document in corpus)
    if len(corpus) < documents or found < characters:
        raise CorpusError(
            f"the source of {corpus.name!r} ({corpus.source}) is not what it should be: found {len(corpus):,} "
            f"documents with {found:,} characters, expected at least {documents:,} with {characters:,}. {advice}"
        )
    return corpus
