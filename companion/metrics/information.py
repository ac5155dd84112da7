"""Entropy, cross-entropy and divergence, and the units that a language model is measured in."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

_TOLERANCE = 1e-6


def _check(p: np.ndarray, name: str) -> np.ndarray:
    """Return a distribution as float64, or say what is wrong with it."""
    values = np.asarray(p, dtype=np.float64)
    if values.ndim != 1 or values.size == 0:
        raise ValueError(
            f"{name} must be one distribution, shape [V], got shape {list(values.shape)}"
        )
    if not np.isfinite(values).all() or values.min() < 0:
        raise ValueError(
            f"{name} holds a negative or non-finite number; probabilities lie between 0 and 1"
        )
    if abs(values.sum() - 1) > _TOLERANCE:
        raise ValueError(
            f"{name} sums to {values.sum():.6g}, not to 1; divide counts by their sum first"
        )
    return values


def entropy(p: Float[np.ndarray, " vocab"], base: int | float | None = None) -> float:
    """Return the entropy of a distribution: the expected surprisal of one who knows it.

    Args:
        p: Distribution, shape [V].
        base: 2 for bits; None for nats.

    Returns:
        H(P) in nats, or in the unit of ``base``. What has probability zero adds nothing.

    Raises:
        ValueError: If ``p`` is no distribution.

    Source: Shannon (1948), section 6; book, equation eq-entropy.

    Example:
        >>> entropy(np.array([0.5, 0.25, 0.25]), base=2)
        1.5
    """
    return cross_entropy(p, p, base)


def cross_entropy(
    p: Float[np.ndarray, " vocab"],
    q: Float[np.ndarray, " vocab"],
    base: int | float | None = None,
) -> float:
    """Return the cross-entropy: the expected surprisal of one who believes Q while P is true.

    Args:
        p: The true distribution, shape [V].
        q: The believed distribution, shape [V].
        base: 2 for bits; None for nats.

    Returns:
        H(P, Q), infinite where Q excludes what P allows.

    Raises:
        ValueError: If one is no distribution, or the lengths differ.

    Source: book, equation eq-cross-entropy.

    Example:
        >>> cross_entropy(np.array([0.5, 0.5]), np.array([0.25, 0.75]), base=2).__round__(4)
        1.2075
    """
    p, q = _check(p, "p"), _check(q, "q")
    if p.shape != q.shape:
        raise ValueError(
            f"p has {p.size} entries and q has {q.size}: they must be over the same vocabulary"
        )
    possible = p > 0
    with np.errstate(divide="ignore"):
        nats = -np.sum(p[possible] * np.log(q[possible]))
    return float(nats) / (1.0 if base is None else float(np.log(base))) + 0.0


def kl_divergence(
    p: Float[np.ndarray, " vocab"],
    q: Float[np.ndarray, " vocab"],
    base: int | float | None = None,
) -> float:
    """Return the Kullback-Leibler divergence: what it costs to believe Q while P is true.

    Args:
        p: The true distribution, shape [V].
        q: The believed distribution, shape [V].
        base: 2 for bits; None for nats.

    Returns:
        H(P, Q) - H(P), never negative, infinite where Q excludes what P allows.

    Raises:
        ValueError: If one is no distribution, or the lengths differ.

    Source: book, equation eq-kl.

    Example:
        >>> kl_divergence(np.array([0.5, 0.5]), np.array([0.5, 0.5]))
        0.0
    """
    # Rounding can push a divergence of zero below zero.
    return max(cross_entropy(p, q, base) - entropy(p, base), 0.0)


def perplexity_from_nats(nats_per_token: float) -> float:
    """Turn a cross-entropy in nats per token into a perplexity.

    Args:
        nats_per_token: Average negative natural logarithm of the probability of a token.

    Returns:
        The perplexity, at least 1 for an average that is not negative.

    Source: book, equation eq-perplexity.

    Example:
        >>> perplexity_from_nats(np.log(8)).__round__(9)
        8.0
    """
    return float(np.exp(nats_per_token))


def nats_to_bits(nats: float) -> float:
    """Turn nats into bits.

    Args:
        nats: Any amount of information in nats.

    Returns:
        The same in bits: 1 nat is about 1.443 bits.

    Example:
        >>> nats_to_bits(np.log(2))
        1.0
    """
    return float(nats / np.log(2))


def bits_per_character(total_nats: float, characters: int) -> float:
    """Spread the surprisal of a whole text over its characters, so that tokenizers can be compared.

    Args:
        total_nats: Sum of the negative natural logarithms over all tokens of the text.
        characters: Number of characters (code points) of the text.

    Returns:
        Bits per character.

    Raises:
        ValueError: If there is no character.

    Source: book, equation eq-bpc.

    Example:
        >>> bits_per_character(np.log(2) * 30, characters=20)
        1.5
    """
    if characters < 1:
        raise ValueError(f"the text must have at least one character, got {characters}")
    return nats_to_bits(total_nats) / characters


def bits_per_byte(total_nats: float, text: str) -> float:
    """Spread the surprisal of a whole text over its UTF-8 bytes, so that languages can be compared as well.

    Args:
        total_nats: Sum of the negative natural logarithms over all tokens of the text.
        text: The text.

    Returns:
        Bits per byte.

    Raises:
        ValueError: If the text is empty.

    Example:
        >>> bits_per_byte(np.log(2) * 4, "né!")
        1.0
    """
    return bits_per_character(total_nats, len(text.encode("utf-8")))
