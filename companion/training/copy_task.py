"""The copy task: symbols, a wait, and the same symbols again. It measures how far back a network can reach."""

from __future__ import annotations

from collections.abc import Callable

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from companion.models.recurrent_lm import RecurrentLM
from companion.training.windows import step_generator


def copy_batches(
    lag: int, batch: int = 32, length: int = 1, symbols: int = 8, seed: int = 0
) -> Callable[[int], Int[Tensor, "batch time"]]:
    """Return a function from the number of a step to a batch of the copy task.

    A sequence holds ``length`` symbols drawn from 0 to ``symbols - 1``, then blanks (the id ``symbols``), then the same
    symbols again; a symbol and its copy are ``lag`` places apart.

    Args:
        lag: Distance of a symbol and its copy, at least ``length``.
        batch: Number of sequences.
        length: Number of symbols to remember.
        symbols: Number of different symbols; a guess is right once in so many times.
        seed: Other seeds draw other sequences.

    Returns:
        The function; its batches have shape [batch, length + lag] and go with a vocabulary of ``symbols + 1``.

    Raises:
        ValueError: If a size is below 1, or the lag is shorter than what is to be remembered.

    Source: Hochreiter & Schmidhuber (1997), section 5.

    Example:
        >>> copy_batches(lag=3, batch=1, length=2)(0).tolist()
        [[4, 2, 8, 4, 2]]
    """
    if min(batch, length) < 1 or symbols < 2:
        raise ValueError(
            f"batch and length must be at least 1 and symbols at least 2, got {batch}, {length} and {symbols}"
        )
    if lag < length:
        raise ValueError(
            f"a lag of {lag} is too short for {length} symbols: the copy would begin before they have all been read"
        )

    def draw(step: int) -> Tensor:
        generator = step_generator(seed, step)
        shown = torch.randint(symbols, (batch, length), generator=generator)
        blanks = torch.full((batch, lag - length), symbols)
        return torch.cat([shown, blanks, shown], dim=1)

    return draw


def copy_loss(
    model: RecurrentLM, tokens: Int[Tensor, "batch time"], length: int = 1
) -> Float[Tensor, ""]:
    """Return the cross-entropy of the copy, in nats; what comes before it is not scored.

    Args:
        model: A recurrent language model.
        tokens: A batch of the copy task.
        length: Number of symbols to remember.

    Returns:
        A scalar; ln(symbols) for a guess.
    """
    logits, _ = model(tokens[:, :-1])
    return F.cross_entropy(
        logits[:, -length:].flatten(0, 1), tokens[:, -length:].flatten()
    )


def copy_accuracy(
    model: RecurrentLM, tokens: Int[Tensor, "batch time"], length: int = 1
) -> float:
    """Return the share of symbols that are copied rightly.

    Args:
        model: A recurrent language model.
        tokens: A batch of the copy task.
        length: Number of symbols to remember.

    Returns:
        A number between 0 and 1.
    """
    with torch.no_grad():
        logits, _ = model(tokens[:, :-1])
    right = logits[:, -length:].argmax(-1) == tokens[:, -length:]
    return float(right.double().mean())
