"""What every language model is: a distribution over the next token, and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float, Int


@runtime_checkable
class LanguageModel(Protocol):
    """The one thing a language model must do; everything else in this module is built on it."""

    vocab_size: int

    def next_probs(
        self, context: Sequence[int] | Int[np.ndarray, " context"]
    ) -> Float[np.ndarray, " vocab"]:
        """Return the distribution of the next token given all tokens before it."""
        ...


def apply_temperature(
    probs: Float[np.ndarray, " vocab"], temperature: float
) -> Float[np.ndarray, " vocab"]:
    """Sharpen (below 1) or flatten (above 1) a distribution.

    Args:
        probs: Distribution over the vocabulary, shape [V], sums to 1.
        temperature: 1 leaves the distribution alone; 0 puts everything on the most probable token.

    Returns:
        The tempered distribution, shape [V], proportional to ``probs ** (1 / temperature)``.

    Raises:
        ValueError: If the temperature is negative or not finite.

    Source: book, chapter 1, equation eq-temperature.

    Example:
        >>> apply_temperature(np.array([0.5, 0.25, 0.25]), 0.5).round(3).tolist()
        [0.667, 0.167, 0.167]
    """
    if not (np.isfinite(temperature) and temperature >= 0):
        raise ValueError(
            f"temperature must be a finite number of at least 0, got {temperature}; 1.0 changes nothing"
        )
    if temperature == 0:
        winner = np.zeros_like(probs)
        winner[np.argmax(probs)] = 1.0
        return winner
    with np.errstate(divide="ignore"):
        logits = np.log(probs) / temperature
    # Without the shift the largest power could overflow; it cancels in the division.
    powers = np.exp(logits - logits.max())
    tempered: np.ndarray = powers / powers.sum()
    return tempered


def score(
    model: LanguageModel, tokens: Sequence[int], context: Sequence[int] = ()
) -> Float[np.ndarray, " tokens"]:
    """Score a text: the log-probability of each token given those before it (the chain rule).

    Args:
        model: Any language model.
        tokens: The text to score, token ids.
        context: Tokens that come before it and are not scored themselves.

    Returns:
        Natural logarithms, shape [tokens]; their sum is log P(tokens | context), minus infinity where the
        model gave probability zero.

    Source: book, chapter 1, equation eq-chain-rule.
    """
    before = list(context)
    log_probs = np.empty(len(tokens))
    with np.errstate(divide="ignore"):
        for t, token in enumerate(tokens):
            log_probs[t] = np.log(model.next_probs(before)[token])
            before.append(token)
    return log_probs


def rank(
    model: LanguageModel,
    candidates: Sequence[Sequence[int]],
    context: Sequence[int] = (),
) -> list[int]:
    """Rank candidate texts from the most to the least probable.

    Candidates of different length are compared by their total log-probability, which favors short ones:
    that is what P says. Compare texts of one length where this is not wanted.

    Args:
        model: Any language model.
        candidates: Texts as token ids.
        context: Tokens that come before each candidate.

    Returns:
        Positions in ``candidates``, best first.

    Raises:
        ValueError: If there is no candidate.
    """
    if not candidates:
        raise ValueError("rank() needs at least one candidate")
    totals = [score(model, candidate, context).sum() for candidate in candidates]
    return sorted(range(len(candidates)), key=lambda i: -totals[i])


def generate(
    model: LanguageModel,
    length: int,
    generator: np.random.Generator,
    context: Sequence[int] = (),
    temperature: float = 1.0,
) -> list[int]:
    """Generate a text: draw a token from P(next | before), append it, repeat.

    Args:
        model: Any language model.
        length: Number of tokens to draw.
        generator: Source of randomness: the same generator gives the same text.
        context: Tokens to continue; not part of what is returned.
        temperature: See `apply_temperature`.

    Returns:
        The drawn token ids.

    Raises:
        ValueError: If the length or the temperature is negative.
    """
    if length < 0:
        raise ValueError(f"length must be at least 0, got {length}")
    tokens = list(context)
    for _ in range(length):
        probs = apply_temperature(model.next_probs(tokens), temperature)
        tokens.append(int(generator.choice(len(probs), p=probs)))
    return tokens[len(context) :]
