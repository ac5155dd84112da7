"""Prepared corpora on disk: keyed by what they were made from, written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import warnings
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path

import platformdirs

from companion.corpora.corpus import Corpus, Document


class CorpusError(RuntimeError):
    """A source that a corpus is made from is missing or is not what it should be; the message names it."""


def cache_folder() -> Path:
    """Return the folder of prepared corpora: ``COURSE_CACHE``, or the user's cache folder."""
    chosen = os.environ.get("COURSE_CACHE")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("from-counts-to-transformers"))


def content_key(paths: Iterable[Path], builder_version: int) -> str:
    """Return a hash of the contents of files: a changed source is another key.

    Args:
        paths: The source files; their order does not matter.
        builder_version: Number that changes when the code that prepares the corpus changes.

    Returns:
        The first 16 hex digits of a SHA-256.
    """
    digest = hashlib.sha256(str(builder_version).encode())
    for path in sorted(paths):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def cached(name: str, key: str, build: Callable[[], Corpus]) -> Corpus:
    """Return a prepared corpus from disk, or build it and keep it.

    A damaged file is rebuilt, and a folder that cannot be written is done without; both with a warning.

    Args:
        name: Name of the corpus.
        key: Hash of its sources, see `content_key`.
        build: Makes the corpus.

    Returns:
        The corpus.
    """
    path = cache_folder() / f"{name}-{key}.json"
    if path.exists():
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            documents = tuple(Document(**document) for document in stored.pop("documents"))
            fingerprint = stored.pop("fingerprint")
            corpus = Corpus(documents=documents, **stored)
            if corpus.fingerprint == fingerprint:
                return corpus
            raise ValueError("its content does not match its fingerprint")
        except (ValueError, TypeError, KeyError, OSError) as error:
            warnings.warn(f"the prepared corpus {path} is damaged ({error}); it is made again", stacklevel=3)
    corpus = build()
    data = {
        "name": corpus.name,
        "language": corpus.language,
        "license": corpus.license,
        "source": corpus.source,
        "fingerprint": corpus.fingerprint,
        "documents": [asdict(document) for document in corpus.documents],
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written beside and moved into place, so that no reader ever sees half a file.
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=f".{name}-", suffix=".part", delete=False
        ) as out:
            json.dump(data, out, ensure_ascii=False)
        os.replace(out.name, path)
    except OSError as error:
        warnings.warn(
            f"the prepared corpus cannot be kept in {path.parent} ({error.strerror}), so it is made anew each "
            "time. Set COURSE_CACHE to a folder that can be written.",
            stacklevel=3,
        )
    return corpus
