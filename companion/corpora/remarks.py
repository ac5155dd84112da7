"""More English that most readers have: comments, and docstrings of tests, in Python's standard library."""

from __future__ import annotations

import io
import os
import platform
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from companion.corpora import documentation, standard_library
from companion.corpora import prose as prose_module
from companion.corpora.cache import cached, check_size, content_key
from companion.corpora.corpus import Corpus, Document
from companion.corpora.documentation import _docstrings, python_docs
from companion.corpora.prose import Repeats, paragraphs, prose
from companion.corpora.standard_library import library_files, source_link

# Other people's code, tables, and files that are wrong on purpose.
_SKIPPED = frozenset(
    {"site-packages", "dist-packages", "__pycache__", "lib-dynload", "_vendor"}
    | {"encodings", "pydoc_data", "data", "test_future_stmt"}
)
_FEWEST_DOCUMENTS, _FEWEST_CHARACTERS = 200, 300_000


def _files() -> dict[str, Path]:
    root = standard_library.standard_library()
    found = {}
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = [s for s in subfolders if s not in _SKIPPED and "-" not in s]
        for name in names:
            if name.endswith(".py") and not name.startswith("_sysconfig"):
                path = Path(folder, name)
                found[path.relative_to(root).as_posix()] = path
    return dict(sorted(found.items()))


def _comments(path: Path) -> Iterator[str]:
    """Yield the comments that stand on lines of their own; neighboring lines are one comment."""
    try:
        text = path.read_text(encoding="utf-8")
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (SyntaxError, UnicodeDecodeError, tokenize.TokenError):
        return
    block: list[str] = []
    last = 0
    for token in tokens:
        if token.type != tokenize.COMMENT or token.line[: token.start[1]].strip():
            continue
        line = re.sub(r"^#+:? ?", "", token.string)
        if block and token.start[0] != last + 1:
            yield "\n".join(block)
            block = []
        block.append(line)
        last = token.start[0]
    if block:
        yield "\n".join(block)


def _documents() -> Iterator[Document]:
    # What the documentation holds already, its held-out part included, must not come again.
    repeats = Repeats()
    for document in python_docs("prose"):
        for paragraph in paragraphs(document.text):
            repeats.is_new(paragraph)
    for name, path in _files().items():
        kept = [
            paragraph
            for part in [*_docstrings(path), *_comments(path)]
            for paragraph in prose(part, False)
            if repeats.is_new(paragraph)
        ]
        if kept:
            yield Document(f"remarks/{name}", "\n\n".join(kept), source_link(name))


def _build() -> Corpus:
    corpus = Corpus(
        name="python_remarks",
        documents=tuple(_documents()),
        language="en",
        license="PSF-2.0",
        source=f"comments and remaining docstrings of the standard library of Python {platform.python_version()}",
    )
    advice = f"Is the installation in {standard_library.standard_library()} complete?"
    return check_size(corpus, _FEWEST_DOCUMENTS, _FEWEST_CHARACTERS, advice)


@lru_cache
def python_remarks() -> Corpus:
    """Return English from the standard library's files that is not in `companion.corpora.python_docs`.

    These are the comments that stand on lines of their own, and the docstrings of tests and tools, as running English,
    one paragraph a line, with a blank line between two. A paragraph that occurs in the documentation, word for word or
    nearly so, is left out, and so is one that came before. A document is a file.

    Returns:
        The corpus, in English: about 1.5 million characters, half of that where a Python comes without its tests. The
        first call prepares it in about a minute, later ones read it.

    Raises:
        CorpusError: If this Python was installed without its sources.
    """
    recipe = f"python_remarks of Python {platform.python_version()}"
    modules = [sys.modules[__name__], documentation, prose_module, standard_library]
    key = content_key({**library_files(), **_files()}, recipe, modules)
    return cached("python_remarks", key, _build)


def without_held_out(remarks: Corpus, held_out: Iterable[Corpus]) -> Corpus:
    """Drop the remarks of the files whose documentation is held out, and those of their tests.

    Args:
        remarks: What `python_remarks` returns.
        held_out: Parts of `companion.corpora.python_docs`, e.g. the validation and the test part.

    Returns:
        The other documents.
    """
    names = {d.id.removeprefix("library/") for part in held_out for d in part}
    tests = {"test_" + name.split("/")[0].lstrip("_") for name in names}

    def allowed(document: Document) -> bool:
        path = document.id.removeprefix("remarks/").removesuffix(".py")
        path = path.removesuffix("/__init__")
        return path not in names and tests.isdisjoint(path.split("/"))

    return replace(remarks, documents=tuple(filter(allowed, remarks)))
