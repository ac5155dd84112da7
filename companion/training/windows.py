"""Batches of a long stream of tokens: pieces of equal length, drawn anew at each step."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from jaxtyping import Int
from torch import Tensor


def step_generator(seed: int, step: int) -> torch.Generator:
    """Return the source of randomness of one step: the same for the same pair of numbers, others for others.

    Torch's generator on a CPU looks at 32 bits of its seed only, so the two numbers are mixed and not put side by side.

    Args:
        seed: Of the run, at least 0.
        step: Number of the step, at least 0.

    Returns:
        A generator on the CPU.

    Example:
        >>> torch.equal(
        ...     torch.rand(2, generator=step_generator(0, 1)), torch.rand(2, generator=step_generator(1, 1)))
        False
    """
    mixed = np.random.SeedSequence((seed, step)).generate_state(1)[0]
    return torch.Generator().manual_seed(int(mixed))


def windows(
    stream: Int[Tensor, " tokens"],
    length: int,
    batch: int,
    seed: int = 0,
    device: torch.device | str | None = None,
) -> Callable[[int], Int[Tensor, "batch length"]]:
    """Return a function from the number of a step to its batch, what `Trainer` asks for.

    Each piece begins at a place drawn uniformly. The batch of a step depends on the seed and the number of the step
    alone, so that a resumed run sees what an uninterrupted one would have seen.

    Args:
        stream: Token ids, shape [tokens].
        length: Number of tokens of a piece; a language model predicts all but the first.
        batch: Number of pieces.
        seed: Other seeds draw other pieces.
        device: Where the batches are to be; None leaves them where the stream is.

    Returns:
        The function; its batches have shape [batch, length].

    Raises:
        ValueError: If a size is below 1, or the stream is shorter than one piece.

    Example:
        >>> batches = windows(torch.arange(100), length=5, batch=2)
        >>> bool((batches(7) == batches(7)).all()), tuple(batches(7).shape)
        (True, (2, 5))
    """
    if length < 1 or batch < 1:
        raise ValueError(
            f"length and batch must be at least 1, got {length} and {batch}"
        )
    if len(stream) < length:
        raise ValueError(
            f"the stream holds {len(stream)} tokens, a piece is to have {length}: use more text or shorter pieces"
        )
    inside = torch.arange(length)

    def draw(step: int) -> Tensor:
        generator = step_generator(seed, step)
        starts = torch.randint(
            len(stream) - length + 1, (batch, 1), generator=generator
        )
        pieces = stream[(starts + inside).to(stream.device)]
        return pieces if device is None else pieces.to(device)

    return draw
