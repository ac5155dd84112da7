"""English that every reader has: Python's language reference and the docstrings of its standard library."""

from __future__ import annotations

import ast
import platform
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Literal

from companion.corpora import prose as prose_module
from companion.corpora import standard_library
from companion.corpora.cache import CorpusError, cached, check_size, content_key
from companion.corpora.corpus import Corpus, Document
from companion.corpora.prose import Repeats, paragraphs, prose
from companion.corpora.standard_library import library_files, source_link, topics_file

Kind = Literal["prose", "raw"]

# Where a statement keeps statements, last first.
_BLOCKS = ("finalbody", "orelse", "handlers", "cases", "body")
_TOPICS = "pydoc_data/topics.py"
# Well below what 3.11 to 3.13 give: a Python that falls short has lost its docstrings or its reference.
_FEWEST_DOCUMENTS = {"prose": 250, "raw": 300}
_FEWEST_CHARACTERS = {"prose": 700_000, "raw": 1_000_000}


def _topics(path: Path) -> Iterator[tuple[str, str]]:
    """Read the topics without running the file: it is one dictionary."""
    try:
        statements = ast.parse(path.read_text(encoding="utf-8")).body
    except SyntaxError as error:
        raise CorpusError(
            f"{path} is not a Python file any more ({error.msg}, line {error.lineno})"
        ) from error
    for statement in statements:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and isinstance(
            statement.value, ast.Dict
        ):
            yield from sorted(ast.literal_eval(statement.value).items())
            return
    raise CorpusError(
        f"{path} holds no dictionary of topics: this Python's layout is unknown to the course"
    )


def _docstrings(path: Path) -> Iterator[str]:
    """Yield the docstrings of a module, its classes and its functions, in the order of the file."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError):
        return  # a template, not a module: some packages keep them beside their code
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(
            node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        ):
            text = ast.get_docstring(node)
            if text:
                yield text
        # Definitions are statements: expressions, most of the tree, need no visit.
        pending.extend(
            child for block in _BLOCKS for child in reversed(getattr(node, block, ()))
        )


def _documents(kind: Kind) -> Iterator[Document]:
    # One memory for the whole corpus, and before any split: a paragraph in two documents would leak into the test.
    repeats = Repeats()
    texts: list[tuple[str, str, list[str]]] = [
        (f"reference/{name}", _TOPICS, [text]) for name, text in _topics(topics_file())
    ]
    for name, path in library_files().items():
        texts.append(
            (
                f"library/{name.removesuffix('.py').removesuffix('/__init__')}",
                name,
                list(_docstrings(path)),
            )
        )
    for document, name, parts in texts:
        kept = [
            paragraph
            for part in parts
            for paragraph in (
                prose(part, name == _TOPICS) if kind == "prose" else paragraphs(part)
            )
            if repeats.is_new(paragraph)
        ]
        if kept:
            yield Document(document, "\n\n".join(kept), source_link(name))


def _build(kind: Kind) -> Corpus:
    corpus = Corpus(
        name=f"python_docs-{kind}",
        documents=tuple(_documents(kind)),
        language="en",
        license="PSF-2.0",
        source=f"language reference and standard-library docstrings of Python {platform.python_version()}",
    )
    advice = (
        "Some system packages leave docstrings or the reference out: use a Python from python.org or conda "
        f"(looked in {topics_file().parent.parent})."
    )
    return check_size(corpus, _FEWEST_DOCUMENTS[kind], _FEWEST_CHARACTERS[kind], advice)


@lru_cache
def python_docs(kind: Kind = "prose") -> Corpus:
    """Return Python's documentation: the language reference and the standard library's docstrings.

    A document is one topic of the reference or all docstrings of one module. A paragraph that occurs more than
    once, word for word or nearly so, is kept in its first place only; that is done before any split, so that a
    split by document leaks none.

    Args:
        kind: ``"prose"`` for running English, one paragraph a line, without code, tables, grammar and markup;
            ``"raw"`` for the paragraphs as they stand.

    Returns:
        The corpus, in English. Its size depends on the Python: about 1.3 million characters of prose in some 400
        documents, or 1.8 million raw. The first call prepares it in a few seconds, later ones read it.

    Raises:
        CorpusError: If a source is missing from this Python, or much smaller than it should be.
        ValueError: If `kind` is neither.

    Example:
        >>> python_docs().language, len(python_docs()) > 250
        ('en', True)
    """
    if kind not in ("prose", "raw"):
        raise ValueError(f'kind must be "prose" or "raw", got {kind!r}')
    files = {_TOPICS: topics_file(), **library_files()}
    recipe = f"python_docs {kind} of Python {platform.python_version()}"
    key = content_key(
        files, recipe, [sys.modules[__name__], prose_module, standard_library]
    )
    return cached(f"python_docs-{kind}", key, lambda: _build(kind))
