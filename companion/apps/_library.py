"""Passages that can be searched, with what is known of their words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np

from companion.apps._lessons import Lesson
from companion.apps._passages import ANALYSIS, Passage, glossary_terms
from companion.apps._reading import MOST_TOKENS, Query, describe, understand
from companion.retrieval import BM25Config, BM25Index


@dataclass(frozen=True)
class Exercise:
    """A question with the passages that were found for it, as numbers, and where in them an answer stands.

    Attributes:
        query: The question.
        found: The passages, the best first.
        tokens: Features of each passage's tokens, [tokens, features] each.
        null: Features of the question with all passages, [null_features].
        starts: For each passage, True where an answer begins, [tokens].
        ends: True where one ends.
    """

    query: Query
    found: tuple[Passage, ...]
    tokens: tuple[np.ndarray, ...]
    null: np.ndarray
    starts: tuple[np.ndarray, ...]
    ends: tuple[np.ndarray, ...]

    @property
    def answered(self) -> bool:
        """Whether a passage that was found holds an answer."""
        return any(start.any() for start in self.starts)


class Library:
    """Passages with an index and the rarity of their terms.

    Args:
        passages: The passages.

    Raises:
        ValueError: If there is none.
    """

    def __init__(self, passages: Iterable[Passage]) -> None:
        self.passages = tuple(passages)
        if not self.passages:
            raise ValueError(
                "there is nothing to search: give at least one document with text"
            )
        terms = [ANALYSIS(passage.searchable) for passage in self.passages]
        ids = [str(i) for i in range(len(terms))]
        self.index = BM25Index.fit_terms(ids, terms, BM25Config(analysis=ANALYSIS))
        counts = Counter(term for one in terms for term in set(one))
        n = len(terms)
        self.rarity = {
            t: math.log1p((n - c + 0.5) / (c + 0.5)) for t, c in counts.items()
        }
        self.most = math.log1p((n + 0.5) / 0.5)
        self.chinese = glossary_terms(self.passages)

    def search(
        self, question: str, k: int = 10, without: Collection[str] = ()
    ) -> tuple[Query, list[Passage], list[float]]:
        """Find passages for a question.

        Args:
            question: In English or Chinese; Chinese terms of the glossary are searched for in English as well.
            k: Greatest number of passages.
            without: Documents to pass over.

        Returns:
            The question taken apart, the passages, and their scores, the best first.
        """
        query = understand(question, self.chinese, self.rarity, self.most)
        found: list[Passage] = []
        scores: list[float] = []
        for hit in self.index.search(query.text, k + 20 * bool(without)):
            passage = self.passages[int(hit.id)]
            if passage.document not in without and len(found) < k:
                found.append(passage)
                scores.append(hit.score)
        return query, found, scores

    def exercise(
        self, lesson: Lesson, k: int = 10, without: Collection[str] = ()
    ) -> Exercise:
        """Search for a question whose answer is known, and mark the answer in what was found.

        Args:
            lesson: Question, answers and the documents where they count.
            k: Greatest number of passages.
            without: Documents to pass over: without those that answer, the question has no answer.

        Returns:
            What a reader learns from, or is tested on.
        """
        query, found, scores = self.search(lesson.question, k, without)
        tokens, null = describe(query, found, scores)
        marks = [_marks(p, lesson) for p in found]
        return Exercise(
            query,
            tuple(found),
            tuple(tokens),
            null,
            tuple(start for start, _ in marks),
            tuple(end for _, end in marks),
        )


def _marks(passage: Passage, lesson: Lesson) -> tuple[np.ndarray, np.ndarray]:
    spans = passage.tokens[:MOST_TOKENS]
    start, end = np.zeros(len(spans), bool), np.zeros(len(spans), bool)
    if passage.document not in lesson.documents:
        return start, end
    text = passage.text.lower()
    for answer in lesson.answers:
        place = text.find(answer.lower())
        while place >= 0:
            inside = [
                i
                for i, (a, b) in enumerate(passage.tokens)
                if a < place + len(answer) and b > place
            ]
            if inside and inside[-1] < len(spans):
                start[inside[0]] = end[inside[-1]] = True
            place = text.find(answer.lower(), place + 1)
    return start, end
