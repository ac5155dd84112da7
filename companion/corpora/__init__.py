"""The texts of the course: made from what is installed, or written for it; nothing is downloaded.

Each corpus is one function, imported when it is first used.
"""

from importlib import import_module
from typing import Any

from companion.corpora.cache import CorpusError
from companion.corpora.corpus import Corpus, Document, Pair, ParallelCorpus, Split

_LAZY = {
    "catalogs": "companion.corpora.catalogs",
    "course": "companion.corpora.course",
    "phrasebook": "companion.corpora.phrasebook",
    "python_docs": "companion.corpora.python_docs",
    "python_source": "companion.corpora.python_source",
}

__all__ = [
    "Corpus",
    "CorpusError",
    "Document",
    "Pair",
    "ParallelCorpus",
    "Split",
    "catalogs",
    "cldr",
    "course",
    "phrasebook",
    "python_docs",
    "python_source",
]


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        # The function replaces the module of the same name, which importing it has just put here.
        value = getattr(import_module(_LAZY[name]), name)
        globals()[name] = value
        return value
    if name == "cldr":
        return import_module("companion.corpora.cldr")
    raise AttributeError(f"module 'companion.corpora' has no attribute {name!r}")
