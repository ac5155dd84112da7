"""How varied texts are, and how much of them stood in another text: measures that need no right answer."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

import numpy as np
from jaxtyping import Int

from companion.metrics.bleu import sentence_bleu


def distinct(texts: Iterable[Sequence[Hashable]], n: int = 2) -> float:
    """Return the share of distinct n-grams among all n-grams of some texts.

    It falls with the amount of text, so compare only samples of one size.

    Args:
        texts: Lists of words, or strings for characters.
        n: Length of the n-grams.

    Returns:
        Between 0 and 1; 1 if there is no n-gram at all.

    Raises:
        ValueError: If ``n`` is below 1.

    Source: Li, Galley, Brockett, Gao & Dolan (2016), section 5.2; book, equation eq-distinct.

    Example:
        >>> distinct(["abab", "ab"], n=2)
        0.5
    """
    if n < 1:
        raise ValueError(f"n must be at least 1, got {n}")
    grams = [tuple(text[i : i + n]) for text in texts for i in range(len(text) - n + 1)]
    return len(set(grams)) / len(grams) if grams else 1.0


def self_bleu(texts: Sequence[str], tokenize: str = "13a") -> float:
    """Return how much texts resemble each other: the mean BLEU of each against all others.

    Args:
        texts: At least two texts.
        tokenize: See `companion.metrics.bleu.corpus_bleu`.

    Returns:
        Between 0 and 100; high where the texts are alike.

    Raises:
        ValueError: If there are fewer than two.

    Source: Zhu et al. (2018), section 3.2.

    Example:
        >>> self_bleu(["It is warm today.", "It is warm today."]).__round__(6)
        100.0
    """
    if len(texts) < 2:
        raise ValueError(f"self-BLEU compares at least two texts, got {len(texts)}")
    rest = [[*texts[:i], *texts[i + 1 :]] for i in range(len(texts))]
    scores = [
        sentence_bleu(text, others, tokenize).score
        for text, others in zip(texts, rest, strict=True)
    ]
    return float(np.mean(scores))


class CopyFinder:
    """Finds for every place of a text the longest run that ends there and stands in the training text.

    It is a suffix automaton: the smallest machine that reads exactly the runs that occur. Building it takes one pass
    over the training text, asking it one pass over the new text, however long the runs are.

    Args:
        texts: The training text: lists of words, or strings for characters. No run crosses from one to the next.

    Source: Blumer et al. (1985).

    Example:
        >>> CopyFinder(["abcd", "bcx"]).runs("zbcxd").tolist()
        [0, 1, 2, 3, 1]
    """

    def __init__(self, texts: Iterable[Sequence[Hashable]]) -> None:
        self._next: list[dict[Hashable, int]] = [{}]
        self._link = [-1]
        self._length = [0]
        for text in texts:
            last = 0
            for token in text:
                last = self._extend(last, token)

    def _state(self, length: int, link: int, after: dict[Hashable, int]) -> int:
        self._next.append(after)
        self._link.append(link)
        self._length.append(length)
        return len(self._next) - 1

    def _split(self, at: int, target: int, token: Hashable) -> int:
        """Give the shorter runs of a state a state of their own."""
        copy = self._state(
            self._length[at] + 1, self._link[target], dict(self._next[target])
        )
        self._link[target] = copy
        while at != -1 and self._next[at].get(token) == target:
            self._next[at][token] = copy
            at = self._link[at]
        return copy

    def _extend(self, last: int, token: Hashable) -> int:
        known = self._next[last].get(token)
        if known is not None:  # a later text goes the way of an earlier one
            if self._length[known] == self._length[last] + 1:
                return known
            return self._split(last, known, token)
        new = self._state(self._length[last] + 1, 0, {})
        at = last
        while at != -1 and token not in self._next[at]:
            self._next[at][token] = new
            at = self._link[at]
        if at != -1:
            target = self._next[at][token]
            if self._length[target] == self._length[at] + 1:
                self._link[new] = target
            else:
                self._link[new] = self._split(at, target, token)
        return new

    def runs(self, text: Sequence[Hashable]) -> Int[np.ndarray, " tokens"]:
        """Return for each place the length of the longest copied run that ends there.

        Args:
            text: A text in the same units.

        Returns:
            Whole numbers, shape [tokens], 0 where even the token alone never occurs.
        """
        at = length = 0
        found = np.zeros(len(text), dtype=np.int64)
        for place, token in enumerate(text):
            while at and token not in self._next[at]:
                at = self._link[at]
                length = self._length[at]
            if token in self._next[at]:
                at, length = self._next[at][token], length + 1
            else:
                at = length = 0
            found[place] = length
        return found

    def longest(self, text: Sequence[Hashable]) -> int:
        """Return the length of the longest run of the text that stands in the training text."""
        return int(self.runs(text).max(initial=0))
