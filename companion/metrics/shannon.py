"""Shannon's guessing game: how many guesses the next symbol takes, and what that says about entropy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int


@dataclass(frozen=True)
class EntropyBounds:
    """Lower and upper bound on the entropy of the next symbol, in bits."""

    lower: float
    upper: float


def guess_ranks(
    probs: Float[np.ndarray, "positions vocab"], targets: Int[np.ndarray, " positions"]
) -> Int[np.ndarray, " positions"]:
    """Count the guesses that a player needs who names symbols from the most to the least probable.

    Args:
        probs: The player's distribution at each position, shape [positions, V].
        targets: The symbol that came, shape [positions].

    Returns:
        The number of guesses, 1 for a first guess that was right, shape [positions]. Among symbols of equal
        probability the one with the smaller id is named first.

    Raises:
        ValueError: If a target is not a symbol of the distribution.

    Source: Shannon (1951); book, chapter 1.

    Example:
        >>> guess_ranks(np.array([[0.2, 0.5, 0.3]]), np.array([2])).tolist()
        [2]
    """
    vocab = probs.shape[1]
    if targets.size and not (targets.min() >= 0 and targets.max() < vocab):
        raise ValueError(
            f"targets must lie in 0..{vocab - 1}, got {targets.min()}..{targets.max()}"
        )
    chosen = probs[np.arange(len(targets)), targets][:, None]
    ties_before = (probs == chosen) & (np.arange(vocab)[None, :] < targets[:, None])
    ranks: np.ndarray = 1 + (probs > chosen).sum(axis=1) + ties_before.sum(axis=1)
    return ranks


def shannon_bounds(ranks: Int[np.ndarray, " positions"]) -> EntropyBounds:
    """Bound the entropy of the next symbol by how often the first, second, ... guess was right.

    With q_i the share of positions where guess i was right:
    sum_i i (q_i - q_{i+1}) log2 i  <=  entropy  <=  - sum_i q_i log2 q_i.
    The upper bound holds for every player. The lower one holds for an ideal player, who knows the true order
    of the probabilities; such a player has q_1 >= q_2 >= ..., so the shares are put in falling order.

    Args:
        ranks: Number of guesses at each position, at least 1, shape [positions].

    Returns:
        The two bounds, in bits a symbol.

    Raises:
        ValueError: If there are no ranks or one is below 1.

    Source: Shannon (1951), section 5, equation 17.

    Example:
        >>> shannon_bounds(np.array([1, 1, 2, 2])).upper
        1.0
    """
    if ranks.size == 0 or ranks.min() < 1:
        raise ValueError("ranks count guesses: give at least one, each 1 or more")
    q = np.sort(np.bincount(ranks)[1:] / ranks.size)[::-1]
    i = np.arange(1, len(q) + 1)
    lower = float(np.sum(i * (q - np.append(q[1:], 0.0)) * np.log2(i)))
    seen = q[q > 0]
    return EntropyBounds(lower=lower, upper=float(-np.sum(seen * np.log2(seen))))
