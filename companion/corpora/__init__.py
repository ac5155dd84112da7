"""The texts of the course: made from what is installed, or written for it; nothing is downloaded.

One function a corpus, loaded when it is first used:

- `python_docs`: English prose, Python's language reference and docstrings.
- `python_remarks`: more English, comments and the docstrings of tests.
- `python_source`: code, the standard library.
- `cldr`: names, dates and numbers in many languages, aligned (a module with a function for each).
- `catalogs`: messages of the toolchain and their translations.
- `phrasebook`: English-Chinese sentence pairs from a grammar written for the course.
- `sentiment`: everyday sentences in English and Chinese with the feeling of who says them.
- `course`: the book's own sections, glossary and FAQ, with links.
- `questions`: questions about `course` and `python_docs`, with answers and judgments.

Each returns a `Corpus` of documents or a `ParallelCorpus` of pairs, with its language, license and source, and with
``split()``, which leaks nothing from training to test. A source that is missing or not as it should be raises
`CorpusError`. Prepared corpora are kept in the user's cache folder; ``COURSE_CACHE`` names another.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from companion.corpora.cache import CorpusError
from companion.corpora.corpus import Corpus, Document, Pair, ParallelCorpus, Split

if TYPE_CHECKING:
    from companion.corpora import cldr
    from companion.corpora.documentation import python_docs
    from companion.corpora.everyday import sentiment, sentiment_split
    from companion.corpora.inquiries import Question, questions
    from companion.corpora.messages import catalogs
    from companion.corpora.pages import course
    from companion.corpora.phrases import phrasebook
    from companion.corpora.remarks import python_remarks
    from companion.corpora.source_code import python_source

# Public name -> module that defines it. No module of ours has the name of its function: importing the module
# would put it in the function's place.
_LAZY = {
    "Question": "companion.corpora.inquiries",
    "catalogs": "companion.corpora.messages",
    "course": "companion.corpora.pages",
    "phrasebook": "companion.corpora.phrases",
    "python_docs": "companion.corpora.documentation",
    "python_remarks": "companion.corpora.remarks",
    "python_source": "companion.corpora.source_code",
    "questions": "companion.corpora.inquiries",
    "sentiment": "companion.corpora.everyday",
    "sentiment_split": "companion.corpora.everyday",
}

__all__ = [
    "Corpus",
    "CorpusError",
    "Document",
    "Pair",
    "ParallelCorpus",
    "Question",
    "Split",
    "catalogs",
    "cldr",
    "course",
    "phrasebook",
    "python_docs",
    "python_remarks",
    "python_source",
    "questions",
    "sentiment",
    "sentiment_split",
]


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    if name == "cldr":
        return import_module("companion.corpora.cldr")
    raise AttributeError(f"module 'companion.corpora' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
