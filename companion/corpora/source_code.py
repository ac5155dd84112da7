"""Code that every reader has: the sources of Python's standard library."""

from __future__ import annotations

import hashlib
import platform
import sys
from dataclasses import replace
from functools import cache

from companion.corpora import standard_library
from companion.corpora.cache import cached, check_size, content_key
from companion.corpora.corpus import Corpus, Document
from companion.corpora.standard_library import library_files, source_link

_FEWEST_DOCUMENTS, _FEWEST_CHARACTERS = 300, 4_000_000


def _build() -> Corpus:
    seen: set[bytes] = set()
    documents = []
    for name, path in library_files().items():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a few old modules are written in another encoding
        digest = hashlib.sha256(" ".join(text.split()).encode()).digest()
        if text.strip() and digest not in seen:
            seen.add(digest)
            documents.append(Document(name, text, source_link(name)))
    corpus = Corpus(
        name="python_source",
        documents=tuple(documents),
        language="x-python",
        license="PSF-2.0",
        source=f"standard library of Python {platform.python_version()}",
    )
    advice = f"Is the installation in {standard_library.standard_library()} complete?"
    return check_size(corpus, _FEWEST_DOCUMENTS, _FEWEST_CHARACTERS, advice)


@cache
def _everything() -> Corpus:
    recipe = f"python_source of Python {platform.python_version()}"
    return cached(
        "python_source",
        content_key(library_files(), recipe, [sys.modules[__name__], standard_library]),
        _build,
    )


def python_source(max_characters: int | None = None) -> Corpus:
    """Return the standard library's source, one document a file, without tests, equal files once.

    Args:
        max_characters: At most so many characters, counted in Unicode code points: files are taken in an order
            that is random but fixed, while they fit, so that a part is a sample of the whole and a smaller part
            lies within a larger. None takes everything, 7 to 9 million characters (the tests, left out, would
            be 20 million more).

    Returns:
        The corpus, in the order of the file names; its language is ``"x-python"``.

    Raises:
        CorpusError: If this Python was installed without its sources, or with much less than there should be.
        ValueError: If `max_characters` is not positive, or smaller than every file.

    Example:
        >>> sample = python_source(max_characters=100_000)
        >>> sample.language, 0 < len(sample.text) <= 110_000
        ('x-python', True)
    """
    if max_characters is not None and max_characters < 1:
        raise ValueError(
            f"max_characters must be at least 1, got {max_characters}; None takes everything"
        )
    corpus = _everything()
    if max_characters is None:
        return corpus
    chosen, total = set(), 0
    for document in sorted(
        corpus,
        key=lambda document: hashlib.sha256(f"sample/{document.id}".encode()).digest(),
    ):
        # Once a file does not fit, only smaller ones would: stop, or the sample leans to small files.
        if total + len(document.text) > max_characters:
            break
        total += len(document.text)
        chosen.add(document.id)
    if not chosen:
        raise ValueError(
            f"no file fits into max_characters={max_characters}; try 100_000"
        )
    return replace(
        corpus,
        documents=tuple(document for document in corpus if document.id in chosen),
    )
