"""From counts to probabilities: every smoothing method fills the same two arrays, level by level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from jaxtyping import Float, Int, Num

from companion.models.ngram_counts import Level, continuation_counts

Method = Literal[
    "mle",
    "add-k",
    "jelinek-mercer",
    "absolute-discounting",
    "kneser-ney",
    "modified-kneser-ney",
    "stupid-backoff",
]


@dataclass(frozen=True)
class Smoothing:
    """A smoothing method and its numbers.

    Attributes:
        method: Its name.
        k: For add-k: how much is added to each count.
        discount: For absolute discounting and Kneser-Ney: D, the same at every order; None estimates one an
            order from the counts of counts.
        weights: For Jelinek-Mercer: the weight lambda of each order, from order 1 on; None fits them to
            held-out text.
        factor: For stupid backoff: what a step down costs.
        uniform: Whether order 1 is mixed with the uniform distribution, so that no token is impossible.
    """

    method: Method = "modified-kneser-ney"
    k: float = 1.0
    discount: float | None = None
    weights: tuple[float, ...] | None = None
    factor: float = 0.4
    uniform: bool = True

    def __post_init__(self) -> None:
        names = get_args(Method)
        if self.method not in names:
            raise ValueError(
                f"unknown smoothing {self.method!r}; choose one of {', '.join(names)}"
            )
        if not self.k > 0:
            raise ValueError(
                f"k must be above 0, got {self.k}; for k = 0 choose the method 'mle'"
            )
        if self.discount is not None and not 0 < self.discount < 1:
            raise ValueError(f"discount must lie between 0 and 1, got {self.discount}")
        if self.weights is not None and not all(
            0 <= weight < 1 for weight in self.weights
        ):
            raise ValueError(
                f"every weight must be at least 0 and below 1, got {self.weights}"
            )
        if not 0 < self.factor <= 1:
            raise ValueError(
                f"factor must lie above 0 and be at most 1, got {self.factor}"
            )

    @property
    def proper(self) -> bool:
        """Whether the method gives probabilities; stupid backoff gives scores."""
        return self.method != "stupid-backoff"

    @property
    def ladder(self) -> bool:
        """Whether an order leans on the order below; MLE and add-k look at one order only."""
        return self.method not in ("mle", "add-k")


def counts_of_counts(counts: Num[np.ndarray, " ngrams"], up_to: int = 4) -> list[int]:
    """Count how many n-grams occur exactly once, twice, ...

    Args:
        counts: Counts of the n-grams, shape [ngrams].
        up_to: Largest count to look at.

    Returns:
        [n_1, n_2, ..., n_up_to].
    """
    return [int(np.count_nonzero(counts == r)) for r in range(1, up_to + 1)]


def one_discount(counts: Num[np.ndarray, " ngrams"]) -> Float[np.ndarray, " four"]:
    """Estimate the discount D of absolute discounting, as a table [0, D, D, D] by count.

    Args:
        counts: (Adjusted) counts of the n-grams of one order, shape [ngrams].

    Returns:
        The discount of the counts 0, 1, 2 and 3 or more.

    Source: Ney, Essen & Kneser (1994); D = n1 / (n1 + 2 n2).
    """
    n1, n2 = counts_of_counts(counts, 2)
    d = n1 / (n1 + 2 * n2) if n1 and n2 else 0.5
    return np.array([0.0, d, d, d])


def modified_discounts(
    counts: Num[np.ndarray, " ngrams"],
) -> Float[np.ndarray, " four"]:
    """Estimate the three discounts of modified Kneser-Ney, as a table [0, D1, D2, D3+] by count.

    Args:
        counts: (Adjusted) counts of the n-grams of one order, shape [ngrams].

    Returns:
        The discount of the counts 0, 1, 2 and 3 or more. Where the text is too small for the formula, it is
        KenLM's fallback of 0.5, 1 and 1.5.

    Source: Chen & Goodman (1999), on modified Kneser-Ney; book, equation eq-discounts.
    """
    n1, n2, n3, n4 = counts_of_counts(counts, 4)
    if min(n1, n2, n3) > 0:
        y = n1 / (n1 + 2 * n2)
        table = np.array(
            [0.0, 1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3]
        )
        if (table[1:] >= 0).all() and (table[1:] <= [1, 2, 3]).all():
            return table
    return np.array([0.0, 0.5, 1.0, 1.5])


@dataclass(frozen=True)
class Table:
    """What scoring needs of one order.

    Attributes:
        probs: Finished probability of each seen n-gram, shape [ngrams].
        gamma: Weight of the order below after each context, shape [contexts].
    """

    probs: Float[np.ndarray, " ngrams"]
    gamma: Float[np.ndarray, " contexts"]


def discounts_of(
    counts: Int[np.ndarray, " ngrams"], smoothing: Smoothing
) -> Float[np.ndarray, " four"]:
    """Return what the method takes from the counts 0, 1, 2, and 3 or more of one order."""
    if smoothing.discount is not None:
        return np.array([0.0, *[smoothing.discount] * 3])
    if smoothing.method == "modified-kneser-ney":
        return modified_discounts(counts)
    return one_discount(counts)


def take_discounts(
    counts: Int[np.ndarray, " ngrams"],
    starts: Int[np.ndarray, " seen"],
    discounts: Float[np.ndarray, " four"],
) -> tuple[Float[np.ndarray, " ngrams"], Float[np.ndarray, " seen"]]:
    """Take a discount from every count, and add up what was taken after each context.

    Args:
        counts: (Adjusted) counts of the n-grams of one order, those of one context side by side, shape [ngrams].
        starts: Where the n-grams of each context that was seen begin, shape [seen].
        discounts: What is taken from the counts 0, 1, 2, and 3 or more, shape [4].

    Returns:
        What is left of each count, shape [ngrams], and what each context has taken in all, shape [seen].

    Source: Chen & Goodman (1999), on modified Kneser-Ney; book, equation eq-absolute.
    """
    kept = counts.astype(np.float32)
    taken = np.zeros(len(starts), dtype=np.float32)
    for r in (1, 2, 3):
        chosen = counts == r if r < 3 else counts >= 3
        discount = np.float32(discounts[r])
        np.subtract(kept, discount, out=kept, where=chosen)
        taken += discount * np.add.reduceat(chosen, starts, dtype=np.int32)
    return kept, taken


def keep_and_give(
    counts: Int[np.ndarray, " ngrams"],
    starts: Int[np.ndarray, " seen"],
    smoothing: Smoothing,
    weight: float,
    vocab_size: int,
) -> tuple[Float[np.ndarray, " ngrams"], Float[np.ndarray, " seen"]]:
    """Share the probability of each context between its seen n-grams and the order below.

    Args:
        counts: (Adjusted) counts of the n-grams of one order, those of one context side by side, shape [ngrams].
        starts: Where the n-grams of each context that was seen begin, shape [seen].
        smoothing: The method.
        weight: For Jelinek-Mercer: lambda of this order.
        vocab_size: Number of token types.

    Returns:
        What each n-gram keeps for itself, shape [ngrams], and gamma, what each context gives away, shape [seen].

    Source: book, chapter 3.
    """
    totals = np.add.reduceat(counts, starts)
    # A context that only ends sequences has no followers to share with: everything goes below.
    safe = np.maximum(totals, 1).astype(np.float32)
    kept = counts.astype(np.float32)
    if smoothing.method == "add-k":
        added = np.float32(smoothing.k * vocab_size)
        safe = totals.astype(np.float32) + added
        gamma = added / safe
    elif smoothing.method in ("mle", "stupid-backoff"):
        gamma = np.full_like(
            safe, 0.0 if smoothing.method == "mle" else smoothing.factor
        )
    elif smoothing.method == "jelinek-mercer":
        kept *= np.float32(weight)
        gamma = np.full_like(safe, 1 - weight)
    else:
        kept, taken = take_discounts(counts, starts, discounts_of(counts, smoothing))
        gamma = taken / safe
    gamma[totals == 0] = 1.0
    kept /= np.repeat(safe, np.diff(starts, append=len(counts)))
    return kept, gamma


def estimate(
    levels: list[Level],
    vocab_size: int,
    smoothing: Smoothing,
    weights: tuple[float, ...],
    bos_id: int | None = None,
) -> list[Table]:
    """Turn counts into the finished probabilities of all seen n-grams, and the gammas of all contexts.

    Args:
        levels: What `count_ngrams` returned.
        vocab_size: Number of token types.
        smoothing: The method.
        weights: For Jelinek-Mercer: lambda of each order; other methods ignore it.
        bos_id: The token that begins every sequence and is never predicted, if there is one.

    Returns:
        One `Table` an order.

    Source: book, chapter 3.
    """
    if smoothing.method in ("kneser-ney", "modified-kneser-ney"):
        adjusted = continuation_counts(levels, vocab_size, bos_id)
    else:
        adjusted = [level.counts for level in levels]
        if bos_id is not None:
            adjusted[0] = adjusted[0].copy()
            adjusted[0][bos_id] = 0
    floor = uniform(vocab_size, bos_id).astype(np.float32)
    tables: list[Table] = []
    for n, level in enumerate(levels):
        counts, adjusted[n] = adjusted[n], np.empty(0, dtype=np.int32)
        if n == 0:
            # Order 1 has one context, the empty one, and leans on the uniform distribution.
            starts, seen, n_contexts = np.array([0]), np.array([0]), 1
        else:
            contexts = (level.keys // vocab_size).astype(np.int32)
            starts = np.flatnonzero(np.diff(contexts, prepend=-1))
            seen, n_contexts = contexts[starts], len(levels[n - 1])
            del contexts
        weight = weights[n] if weights else 0.0
        probs, given = keep_and_give(counts, starts, smoothing, weight, vocab_size)
        if n == 0 and not smoothing.uniform:
            probs = (counts / counts.sum()).astype(np.float32)
            given = np.zeros(1, dtype=np.float32)
        gamma = np.ones(n_contexts, dtype=np.float32)
        gamma[seen] = given
        if smoothing.proper:
            if n == 0:
                lower = floor.copy()
            elif smoothing.ladder:
                lower = tables[n - 1].probs[level.suffixes]
            else:
                lower = floor[level.keys % vocab_size]
            lower *= np.repeat(given, np.diff(starts, append=len(counts)))
            probs += lower
            del lower
        tables.append(Table(probs, gamma))
    return tables


def uniform(vocab_size: int, bos_id: int | None) -> Float[np.ndarray, " vocab"]:
    """Return the distribution that believes in nothing: equal for every token that can be predicted."""
    probs = np.full(vocab_size, 1.0 / (vocab_size - (bos_id is not None)))
    if bos_id is not None:
        probs[bos_id] = 0.0
    return probs


def good_turing(
    counts: Int[np.ndarray, " ngrams"], up_to: int = 10
) -> Float[np.ndarray, " r"]:
    """Return the adjusted counts r* = (r + 1) N_{r+1} / N_r for r = 0 to ``up_to``, in mass for r = 0.

    Args:
        counts: How often each different n-gram occurs, all at least 1, shape [ngrams].
        up_to: Largest count to adjust.

    Returns:
        Shape [up_to + 1]. Entry 0 is N_1, the number of occurrences that the unseen deserve all together;
        NaN where no n-gram has the count r.

    Raises:
        ValueError: If a count is below 1.

    Source: Good (1953); book, equation eq-good-turing.

    Example:
        >>> good_turing(np.array([1, 1, 1, 2, 2, 3]), up_to=2).round(3).tolist()
        [3.0, 1.333, 1.5]
    """
    if counts.size == 0 or counts.min() < 1:
        raise ValueError(
            "counts must be those of n-grams that were seen: at least 1, and at least one of them"
        )
    table = np.bincount(counts, minlength=up_to + 2)[: up_to + 2].astype(np.float64)
    table[0] = 1.0  # entry 0 is a mass, not a mean: nothing to divide by
    with np.errstate(divide="ignore", invalid="ignore"):
        adjusted = np.arange(1, up_to + 2) * table[1:] / table[:-1]
    return np.where(table[:-1] > 0, adjusted, np.nan)


def fit_weight(
    share: Float[np.ndarray, " tokens"],
    below: Float[np.ndarray, " tokens"],
    steps: int = 50,
) -> float:
    """Fit the weight lambda of one order to held-out text by expectation maximization.

    Args:
        share: Relative frequency of each held-out token at this order, shape [tokens].
        below: Probability of each by the orders below, shape [tokens].
        steps: Number of iterations.

    Returns:
        Lambda between 0 and 1, exclusive.

    Source: Jelinek & Mercer (1980).
    """
    weight = 0.5
    for _ in range(steps):
        mixed = weight * share + (1 - weight) * below
        possible = mixed > 0
        weight = (
            float(np.mean(weight * share[possible] / mixed[possible]))
            if possible.any()
            else 0.5
        )
    return min(max(weight, 1e-6), 1 - 1e-6)
