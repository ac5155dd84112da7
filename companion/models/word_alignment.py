"""IBM model 1: which word translates which, counted from sentence pairs by expectation and maximization."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

Words = Sequence[str]


class IBMModel1:
    """Probabilities that a source word is translated by a target word, learned without a dictionary.

    Every target word has come from one source word, or from the null word that stands in every sentence; all are
    equally likely beforehand. Expectation shares each target word among the words it may have come from, by the present
    probabilities; maximization takes the shares as counts.

    Args:
        source: The source words, in the order of the rows of ``table`` but the first, which is the null word's.
        target: The target words, in the order of the columns.
        table: t(target | source), shape [1 + source words, target words]; each row sums to one, or is zero.

    Attributes:
        log_likelihoods: Of the training pairs before each iteration, in nats.

    Source: Brown et al. (1993), section 4.2.

    Example:
        >>> pairs = [("the house", "das Haus"), ("the book", "das Buch"), ("a book", "ein Buch")]
        >>> model = IBMModel1.fit([(s.split(), t.split()) for s, t in pairs], iterations=20)
        >>> model.align(["the", "book"], ["das", "Buch"])
        [0, 1]
    """

    def __init__(
        self,
        source: Sequence[str],
        target: Sequence[str],
        table: Float[np.ndarray, "sources targets"],
    ) -> None:
        self.source = {word: i + 1 for i, word in enumerate(source)}
        self.target = {word: i for i, word in enumerate(target)}
        if table.shape != (len(self.source) + 1, len(self.target)):
            raise ValueError(
                f"the table must have a row for the null word and each source word and a column for each target word, "
                f"[{len(self.source) + 1}, {len(self.target)}], got {list(table.shape)}"
            )
        self.table = table
        self.log_likelihoods: list[float] = []

    @classmethod
    def fit(
        cls, pairs: Sequence[tuple[Words, Words]], iterations: int = 10
    ) -> IBMModel1:
        """Learn the table from sentence pairs.

        Args:
            pairs: The words of each source sentence and of its translation.
            iterations: Number of rounds of expectation and maximization.

        Returns:
            The model.

        Raises:
            ValueError: If there is no pair with words on both sides, or ``iterations`` is below 1.
        """
        if iterations < 1:
            raise ValueError(f"iterations must be at least 1, got {iterations}")
        kept = [(s, t) for s, t in pairs if len(s) and len(t)]
        if not kept:
            raise ValueError("there is no sentence pair to learn from: give some")
        source = sorted({word for s, _ in kept for word in s})
        target = sorted({word for _, t in kept for word in t})
        shape = len(source) + 1, len(target)
        model = cls(source, target, np.full(shape, 1 / len(target)))
        cell, place, size = model._links(kept)
        for _ in range(iterations):
            flat = model.table.ravel()[cell]
            total = np.bincount(place, flat)  # of each target word, over its origins
            model.log_likelihoods.append(float(np.log(total / size).sum()))
            shares = flat / total[place]  # expectation
            counts = np.bincount(cell, shares, model.table.size).reshape(shape)
            sums = counts.sum(axis=1, keepdims=True)
            model.table = counts / np.where(sums > 0, sums, 1)  # maximization
        return model

    def _links(
        self, pairs: Sequence[tuple[Words, Words]]
    ) -> tuple[
        Int[np.ndarray, " links"], Int[np.ndarray, " links"], Int[np.ndarray, " places"]
    ]:
        """Return the cell in the table and the target place of every possible link, and the origins of each place."""
        cells, lengths = [], []
        width = len(self.target)
        for s, t in pairs:
            rows = np.array([0, *(self.source[word] for word in s)])
            columns = np.array([self.target[word] for word in t])
            cells.append((columns[:, None] + width * rows[None]).ravel())
            lengths += [len(rows)] * len(columns)
        size = np.array(lengths)
        return np.concatenate(cells), np.repeat(np.arange(len(size)), size), size

    def posterior(
        self, source: Words, target: Words
    ) -> Float[np.ndarray, "target origins"]:
        """Return the probability that each target word came from the null word, and from each source word.

        Args:
            source: The words of a sentence.
            target: The words of its translation.

        Returns:
            Shape [target, 1 + source]; a row sums to one. A target word that no origin can give is the null word's.
        """
        rows = [0, *(self.source.get(word, -1) for word in source)]
        found = np.zeros((len(target), len(rows)))
        for i, word in enumerate(target):
            if word in self.target:
                column = self.table[:, self.target[word]]
                found[i] = [column[row] if row >= 0 else 0.0 for row in rows]
            if not found[i].any():
                found[i, 0] = 1.0
        return np.asarray(found / found.sum(axis=1, keepdims=True))

    def align(self, source: Words, target: Words) -> list[int | None]:
        """Return for each target word the place of the source word it most likely came from; None is the null word."""
        best = self.posterior(source, target).argmax(axis=1)
        return [None if place == 0 else int(place) - 1 for place in best]

    def translations(self, word: str, most: int = 5) -> list[tuple[str, float]]:
        """Return the likeliest translations of a source word, with their probabilities.

        Raises:
            KeyError: If the word was in no sentence.
        """
        if word not in self.source:
            raise KeyError(f"{word!r} is in no source sentence that the model has read")
        row = self.table[self.source[word]]
        words = list(self.target)
        order = np.argsort(-row, kind="stable")[:most]
        return [(words[i], float(row[i])) for i in order if row[i] > 0]
