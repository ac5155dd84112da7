"""Code that every reader has: the sources of Python's standard library."""

from __future__ import annotations

import hashlib
import platform

from companion.corpora.cache import CorpusError
from companion.corpora.corpus import Corpus, Document
from companion.corpora.python_docs import library_files, standard_library

_MIN_CHARACTERS = 3_000_000


def python_source(max_characters: int | None = None) -> Corpus:
    """Return the standard library's source, one document a file, tests left out, equal files kept once.

    Args:
        max_characters: Stop before the file that would exceed this total; None takes everything, about 10
            million characters.

    Returns:
        The corpus; its language is ``"x-python"``.

    Raises:
        CorpusError: If this Python was installed without its sources.
        ValueError: If ``max_characters`` is not positive.

    Example:
        >>> python_source(max_characters=100_000).language
        'x-python'
    """
    if max_characters is not None and max_characters < 1:
        raise ValueError(f"max_characters must be at least 1, got {max_characters}; None takes everything")
    root = standard_library()
    seen: set[bytes] = set()
    documents, total = [], 0
    for path in library_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        digest = hashlib.sha256(text.encode()).digest()
        if not text.strip() or digest in seen:
            continue
        seen.add(digest)
        if max_characters is not None and total + len(text) > max_characters:
            break
        total += len(text)
        documents.append(Document(path.relative_to(root).as_posix(), text))
    if max_characters is None and total < _MIN_CHARACTERS:
        raise CorpusError(f"the standard library in {root} has only {total:,} characters: is it complete?")
    return Corpus(
        name="python_source",
        documents=tuple(documents),
        language="x-python",
        license="PSF-2.0",
        source=f"standard library of Python {platform.python_version()}",
    )
