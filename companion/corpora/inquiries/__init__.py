"""Questions about the course's pages and Python's documentation, written for the course, one by one.

Known limits. One person wrote questions and judgments, knowing the texts: a question often has a word of its
answer's paragraph in it. What is judged is what the writer found; a document that nobody judged may help as well.
The pages are English but for the terms of the glossary, so most Chinese questions ask across languages. Questions
without an answer lie partly close to the course's topic and partly far from it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from companion.corpora.cache import CorpusError


@dataclass(frozen=True)
class Question:
    """One question, with what answers it.

    Attributes:
        id: Identifier, e.g. ``"en-001"``; it never changes.
        language: ``"en"`` or ``"zh"``.
        question: The question.
        answers: Right answers, as they stand in a document of grade 2; empty where nothing answers it.
        relevant: Grade by document id, of `companion.corpora.course` or of `companion.corpora.python_docs`: 2 holds
            an answer, 1 helps. All others count as 0.
        part: ``"dev"`` to train and to choose with, ``"test"`` to report. Questions with a document of grade 2 in
            common lie in one part, whatever their language.
    """

    id: str
    language: Literal["en", "zh"]
    question: str
    answers: tuple[str, ...]
    relevant: Mapping[str, int]
    part: Literal["dev", "test"]

    @property
    def answerable(self) -> bool:
        """Whether the course's pages or Python's documentation answer it."""
        return bool(self.answers)


@cache
def _all() -> tuple[Question, ...]:
    try:
        text = (files(__name__) / "questions.jsonl").read_text(encoding="utf-8")
    except OSError as error:
        raise CorpusError(
            f"the questions are missing from the package ({error}); install it again"
        ) from error
    rows = [json.loads(line) for line in text.splitlines()]
    return tuple(
        Question(
            row["id"],
            row["language"],
            row["question"],
            tuple(row["answers"]),
            MappingProxyType(row["relevant"]),
            row["part"],
        )
        for row in rows
    )


def questions(language: str | None = None) -> tuple[Question, ...]:
    """Return the questions about the course's pages and Python's documentation.

    Args:
        language: ``"en"``, ``"zh"``, or None for both.

    Returns:
        The questions in a fixed order: about three quarters have an answer, three in five are English.

    Raises:
        ValueError: If the language is neither.
        CorpusError: If the file of the questions is missing.

    Example:
        >>> first = questions("en")[0]
        >>> first.question, first.answers
        ('What is perplexity?', ('Exponential of the cross-entropy per token',))
    """
    if language not in (None, "en", "zh"):
        raise ValueError(
            f'language must be "en", "zh" or None for both, got {language!r}'
        )
    return tuple(q for q in _all() if language in (None, q.language))
