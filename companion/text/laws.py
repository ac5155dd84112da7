"""Zipf's law of word frequencies and Heaps' law of vocabulary growth, fitted to text."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int, Num


@dataclass(frozen=True)
class ZipfFit:
    """A fitted Zipf law: the word of rank r has a share proportional to r to the power of minus ``exponent``.

    Attributes:
        exponent: s; about 1 for the words of a language.
        standard_error: Of the exponent, as if tokens were independent: too small for running text.
        first_rank: First rank of the fit, from 1.
        last_rank: Last rank of the fit.
        tokens: Number of tokens in that range.
    """

    exponent: float
    standard_error: float
    first_rank: int
    last_rank: int
    tokens: int

    def predict(
        self, ranks: Num[np.ndarray, " ranks"] | Sequence[int]
    ) -> Float[np.ndarray, " ranks"]:
        """Return the expected count of the words of these ranks, shape [ranks]."""
        support = np.arange(self.first_rank, self.last_rank + 1, dtype=np.float64)
        scale = float(self.tokens / (support**-self.exponent).sum())
        counts: np.ndarray = (
            scale * np.asarray(ranks, dtype=np.float64) ** -self.exponent
        )
        return counts


def zipf_fit(
    counts: Int[np.ndarray, " types"] | Iterable[int],
    first_rank: int = 1,
    last_rank: int | None = None,
) -> ZipfFit:
    """Fit Zipf's law to word counts by maximum likelihood over a range of ranks.

    The tokens in the range are taken as independent draws of a rank r with probability proportional to
    r to the power of -s. The likelihood is concave in s; at its maximum the mean of
    log r under the law equals the mean over the tokens. Unlike a line through
    the log-log plot, this weighs each token alike, not each rank, so
    the long tail of words seen once does not decide the slope. Ranks are assigned by the same counts, which
    bends the tail down: leave it out with ``last_rank`` when the text is short.

    Args:
        counts: How often each type occurs, in any order, shape [types].
        first_rank: First rank of the fit, from 1.
        last_rank: Last rank of the fit; None takes all.

    Returns:
        The exponent and its standard error.

    Raises:
        ValueError: If counts are not positive, or the range holds fewer than two ranks.

    Source: Zipf (1949); Clauset, Shalizi & Newman (2009), section 3; book, chapter 2.

    Example:
        >>> round(zipf_fit([1000, 500, 333, 250, 200]).exponent, 2)
        1.0
    """
    ranked = np.sort(
        np.asarray(counts if isinstance(counts, np.ndarray) else list(counts))
    )[::-1]
    if ranked.size and (ranked.dtype.kind not in "iu" or ranked[-1] < 1):
        raise ValueError(
            "counts must be whole numbers of at least 1; leave out the types that do not occur"
        )
    last = len(ranked) if last_rank is None else min(last_rank, len(ranked))
    if first_rank < 1 or last - first_rank < 1:
        raise ValueError(
            f"the fit needs at least two ranks, got ranks {first_rank} to {last} of {len(ranked)} types"
        )
    weights = ranked[first_rank - 1 : last].astype(np.float64)
    log_ranks = np.log(np.arange(first_rank, last + 1))
    tokens = weights.sum()
    target = weights @ log_ranks / tokens

    def moments(exponent: float) -> tuple[float, float]:
        law = np.exp(-exponent * (log_ranks - log_ranks[0]))
        law /= law.sum()
        mean = law @ log_ranks
        return float(mean), float(law @ (log_ranks - mean) ** 2)

    # The mean of log r falls as s grows: halve the interval that holds the crossing.
    low, high = -50.0, 50.0
    for _ in range(80):
        middle = (low + high) / 2
        if moments(middle)[0] > target:
            low = middle
        else:
            high = middle
    exponent = (low + high) / 2
    variance = max(moments(exponent)[1], np.finfo(np.float64).tiny)
    return ZipfFit(
        exponent, float(1 / np.sqrt(tokens * variance)), first_rank, last, int(tokens)
    )


@dataclass(frozen=True)
class HeapsFit:
    """A fitted Heaps law: a text of n tokens has ``scale`` times n to the power of ``exponent`` types.

    Attributes:
        scale: K.
        exponent: Beta; between 0.4 and 0.8 for most text, below 1 as long as words repeat.
        r_squared: Share of the variance of log types that the line explains.
    """

    scale: float
    exponent: float
    r_squared: float

    def predict(
        self, tokens_seen: Num[np.ndarray, " points"] | Sequence[int]
    ) -> Float[np.ndarray, " points"]:
        """Return the expected number of types after so many tokens, shape [points]."""
        return self.scale * np.asarray(tokens_seen, dtype=np.float64) ** self.exponent


def vocabulary_growth(
    tokens: Iterable[Hashable], points: int = 50
) -> tuple[Int[np.ndarray, " points"], Int[np.ndarray, " points"]]:
    """Count how many different tokens have been seen as a text goes by.

    Args:
        tokens: The tokens of a text in order: strings or ids.
        points: At how many places to look, evenly spaced in the logarithm; fewer when the text is short.

    Returns:
        Tokens seen and types seen, each of shape [points]; the last entry is the whole text.

    Raises:
        ValueError: If there is no token or ``points`` is below 2.

    Example:
        >>> seen, types = vocabulary_growth("a b a c".split())
        >>> seen.tolist(), types.tolist()
        ([1, 2, 3, 4], [1, 2, 2, 3])
    """
    if points < 2:
        raise ValueError(f"points must be at least 2, got {points}")
    known: set[Any] = set()
    growth = []
    for token in tokens:
        known.add(token)
        growth.append(len(known))
    if not growth:
        raise ValueError("there is no token to count")
    seen = np.unique(np.geomspace(1, len(growth), points).round().astype(np.int64))
    return seen, np.array(growth, dtype=np.int64)[seen - 1]


def heaps_fit(
    tokens_seen: Num[np.ndarray, " points"] | Sequence[int],
    types_seen: Num[np.ndarray, " points"] | Sequence[int],
) -> HeapsFit:
    """Fit Heaps' law by least squares on logarithms.

    Args:
        tokens_seen: Text lengths, shape [points]; spaced evenly in the logarithm, as `vocabulary_growth`
            does, no part of the curve counts more than another.
        types_seen: Number of types in a text of that length, shape [points].

    Returns:
        Scale and exponent.

    Raises:
        ValueError: If the shapes differ, a number is not positive, or all lengths are equal.

    Source: Heaps (1978); Herdan (1960); book, chapter 2.

    Example:
        >>> fit = heaps_fit([100, 10_000], [30, 300])
        >>> round(fit.scale, 6), round(fit.exponent, 6)
        (3.0, 0.5)
    """
    lengths, types = (
        np.asarray(tokens_seen, np.float64),
        np.asarray(types_seen, np.float64),
    )
    if lengths.shape != types.shape or lengths.ndim != 1:
        raise ValueError(
            f"one number of types for each length: got shapes {types.shape} and {lengths.shape}"
        )
    if (lengths <= 0).any() or (types <= 0).any():
        raise ValueError(
            "lengths and numbers of types must be positive: their logarithm is taken"
        )
    if np.unique(lengths).size < 2:
        raise ValueError("a line needs at least two different text lengths")
    x, y = np.log(lengths), np.log(types)
    exponent, intercept = np.polyfit(x, y, 1)
    residual = ((y - exponent * x - intercept) ** 2).sum()
    total = ((y - y.mean()) ** 2).sum()
    return HeapsFit(
        float(np.exp(intercept)),
        float(exponent),
        float(1 - residual / total) if total else 1.0,
    )
