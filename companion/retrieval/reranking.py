"""Re-ranking: a fast search proposes, and what is slow and careful orders the proposals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from jaxtyping import Float

from companion.retrieval.analysis import Analysis
from companion.retrieval.dense import unit_vectors
from companion.retrieval.hits import Hit
from companion.retrieval.hybrid import Index

# A scorer reads a query and texts, and gives each text a number.
Scorer = Callable[[str, Sequence[str]], Float[np.ndarray, " texts"]]


class Reranker:
    """The first hits of an index, ordered anew by a scorer that reads query and text together.

    Args:
        index: Proposes.
        texts: The text of each document by its identifier.
        scorer: Called with the query and the texts of the proposals; returns a number for each.
        depth: How many proposals it reads; those behind keep their order.

    Raises:
        ValueError: If the depth is below 1.

    Source: Nogueira & Cho (2019) for a BERT as the scorer.

    Example:
        >>> from companion.retrieval.bm25 import BM25Index
        >>> texts = {"a": "a dog and a dog", "b": "a dog"}
        >>> index = BM25Index.fit(list(texts), list(texts.values()))
        >>> shortest = Reranker(index, texts, lambda query, found: -np.array([len(text) for text in found]))
        >>> [hit.id for hit in shortest.search("dog")]
        ['b', 'a']
    """

    def __init__(
        self, index: Index, texts: Mapping[str, str], scorer: Scorer, depth: int = 20
    ) -> None:
        if depth < 1:
            raise ValueError(f"depth must be at least 1, got {depth}")
        self.index, self.texts, self.scorer, self.depth = index, texts, scorer, depth

    def search(self, query: str, k: int = 10) -> list[Hit]:
        """Return the best k documents; those that the scorer read have its scores.

        Documents behind the depth follow with minus infinity, because their scores are of another kind.

        Raises:
            ValueError: If k is below 1, or the scorer returns another number of scores than it was given texts.
            KeyError: If the text of a proposal is not there.
        """
        hits = self.index.search(query, max(k, self.depth))
        read, rest = hits[: self.depth], hits[self.depth :]
        if not read:
            return []
        scores = np.asarray(self.scorer(query, [self.texts[hit.id] for hit in read]))
        if scores.shape != (len(read),):
            raise ValueError(
                f"the scorer was given {len(read)} texts and returned the shape {scores.shape}: one number a text"
            )
        order = np.argsort(-scores, kind="stable").tolist()
        found = [Hit(read[i].id, float(scores[i])) for i in order]
        return [*found, *(Hit(hit.id, -np.inf) for hit in rest)][:k]


class LateInteraction:
    """A scorer over vectors of terms: each term of the query looks for its nearest in the text.

    The score is the sum over the query's terms of the largest cosine with a term of the text, each times the term's
    weight.

    Args:
        vocabulary: The row of each term.
        vectors: One vector a term, shape [terms, d].
        weights: What each term counts, e.g. its inverse document frequency, shape [terms]; all alike if None.
        analysis: How texts become terms.

    Source: Khattab & Zaharia (2020), equation 3, where the vectors come from a BERT.

    Example:
        >>> scorer = LateInteraction({"cat": 0, "tiger": 1, "car": 2}, np.array([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0]]))
        >>> scorer("cat", ["a car", "a tiger"]).round(2).tolist()
        [0.0, 0.99]
    """

    def __init__(
        self,
        vocabulary: Mapping[str, int],
        vectors: Float[np.ndarray, "terms d"],
        weights: Float[np.ndarray, " terms"] | None = None,
        analysis: Analysis | None = None,
    ) -> None:
        self.vocabulary, self.vectors = vocabulary, unit_vectors(vectors)
        self.weights = np.ones(len(vectors)) if weights is None else weights
        self.analysis = analysis or Analysis()

    def _rows(self, text: str) -> list[int]:
        known = (self.vocabulary.get(term) for term in self.analysis(text))
        return [row for row in known if row is not None]

    def __call__(self, query: str, texts: Sequence[str]) -> Float[np.ndarray, " texts"]:
        """Return the score of each text, shape [texts]; 0 where query or text holds no known term."""
        asked = self._rows(query)
        scores = np.zeros(len(texts))
        for i, text in enumerate(texts):
            held = self._rows(text)
            if asked and held:
                cosines = self.vectors[asked] @ self.vectors[held].T
                scores[i] = self.weights[asked] @ cosines.max(axis=1)
        return scores
