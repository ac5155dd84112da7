"""All segmentations of many words at once: a graph whose paths are the ways to cut a word into pieces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float


class Lattice:
    """Nodes are the positions between the characters of each word, an edge is a piece that fits there.

    The sweeps go through all words side by side, one position a step, so that NumPy does the inner loop.

    Args:
        words: The words to segment.
        index: The number of each piece.
        whole: Whether a word may be a piece as a whole.

    Source: Kudo (2018), section 3.2; book, chapter 2.
    """

    def __init__(
        self, words: Sequence[str], index: Mapping[str, int], whole: bool = True
    ) -> None:
        lengths = np.array([len(word) for word in words], dtype=np.int64)
        self.first = np.concatenate(
            [[0], np.cumsum(lengths + 1)[:-1]]
        )  # node before the word's first character
        self.last = self.first + lengths
        self.depth = np.concatenate(
            [np.arange(n + 1) for n in lengths]
        )  # node's position in its word
        self.word = np.repeat(np.arange(len(words)), lengths + 1)
        longest = max(map(len, index))
        edges = [
            (node + start, node + end, piece)
            for node, word in zip(self.first.tolist(), words, strict=True)
            for start in range(len(word))
            for end in range(start + 1, min(start + longest, len(word)) + 1)
            if (piece := index.get(word[start:end])) is not None
            and (whole or end - start < len(word))
        ]
        self.source, self.target, self.piece = (
            np.array(edges, dtype=np.int64).reshape(-1, 3).T
        )

    def keep(self, kept: Bool[np.ndarray, " pieces"]) -> Lattice:
        """Return the lattice without the edges of other pieces; those kept are numbered anew, in order."""
        pruned = object.__new__(Lattice)
        pruned.first, pruned.last, pruned.depth, pruned.word = (
            self.first,
            self.last,
            self.depth,
            self.word,
        )
        edges = kept[self.piece]
        pruned.source, pruned.target = self.source[edges], self.target[edges]
        pruned.piece = (np.cumsum(kept) - 1)[self.piece[edges]]
        return pruned

    def _plan(
        self, nodes: np.ndarray
    ) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Group the edges by the depth of ``nodes``, then by node: edges, where each node's begin, nodes."""
        order = np.lexsort((nodes, self.depth[nodes]))
        steps = np.flatnonzero(np.diff(self.depth[nodes[order]])) + 1
        plan = []
        for edges in np.split(order, steps) if order.size else []:
            reached, begins = np.unique(nodes[edges], return_index=True)
            plan.append((edges, begins, reached))
        return plan

    @cached_property
    def _by_target(self) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        return self._plan(self.target)

    @cached_property
    def _by_source(self) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        return self._plan(self.source)[::-1]

    def forward(
        self, log_probs: Float[np.ndarray, " pieces"], best: bool = False
    ) -> Float[np.ndarray, " nodes"]:
        """Sum the probability of all ways from the start of the word to each node, or find the best one.

        Args:
            log_probs: Natural log-probability of each piece.
            best: Whether to take the maximum (Viterbi) instead of the sum.

        Returns:
            alpha of each node, a natural logarithm; at the last node of a word, the log-probability of the word.
        """
        combine = np.maximum if best else np.logaddexp
        alpha = np.full(len(self.depth), -np.inf)
        alpha[self.first] = 0.0
        for edges, begins, reached in self._by_target:
            ways = alpha[self.source[edges]] + log_probs[self.piece[edges]]
            alpha[reached] = combine.reduceat(ways, begins)
        return alpha

    def backward(
        self, log_probs: Float[np.ndarray, " pieces"]
    ) -> Float[np.ndarray, " nodes"]:
        """Sum the probability of all ways from each node to the end of its word.

        Args:
            log_probs: Natural log-probability of each piece.

        Returns:
            beta of each node, a natural logarithm; at the first node of a word, the log-probability of the word.
        """
        beta = np.full(len(self.depth), -np.inf)
        beta[self.last] = 0.0
        for edges, begins, reached in self._by_source:
            ways = beta[self.target[edges]] + log_probs[self.piece[edges]]
            beta[reached] = np.logaddexp.reduceat(ways, begins)
        return beta

    def expected_counts(
        self,
        log_probs: Float[np.ndarray, " pieces"],
        word_counts: Float[np.ndarray, " words"],
    ) -> tuple[Float[np.ndarray, " pieces"], float]:
        """Do the E-step: count each piece over all segmentations, weighted by their probability.

        Args:
            log_probs: Natural log-probability of each piece.
            word_counts: How often each word occurs.

        Returns:
            Expected count of each piece, and the log-likelihood of all words, in nats.
        """
        alpha, beta = self.forward(log_probs), self.backward(log_probs)
        total = alpha[self.last]
        word = self.word[self.source]
        log_posterior = (
            alpha[self.source] + log_probs[self.piece] + beta[self.target] - total[word]
        )
        expected = np.bincount(
            self.piece,
            weights=np.exp(log_posterior) * word_counts[word],
            minlength=len(log_probs),
        )
        return expected, float(word_counts @ total)
