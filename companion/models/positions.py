"""Where a token stands: sinusoids, rotations (RoPE) and linear biases (ALiBi)."""

from __future__ import annotations

import math

import torch
from jaxtyping import Float
from torch import Tensor


def sinusoidal_positions(length: int, d_model: int) -> Float[Tensor, "length d_model"]:
    """Return a vector for each position: sines in the even places, cosines in the odd ones, of falling frequency.

    Args:
        length: Number of positions.
        d_model: Width of the vectors.

    Returns:
        Shape [length, d_model], between -1 and 1.

    Raises:
        ValueError: If a size is below 1.

    Source: Vaswani et al. (2017), section 3.5.

    Example:
        >>> sinusoidal_positions(2, 4)[0].tolist()
        [0.0, 1.0, 0.0, 1.0]
    """
    if length < 1 or d_model < 1:
        raise ValueError(
            f"length and d_model must be at least 1, got {length} and {d_model}"
        )
    places = torch.arange(d_model)
    frequency = torch.exp(-math.log(10_000.0) * (places - places % 2) / d_model)
    angle = torch.arange(length).unsqueeze(1) * frequency
    return torch.where(places % 2 == 0, angle.sin(), angle.cos())


def rope_table(
    length: int, d_head: int, base: float = 10_000.0
) -> tuple[Float[Tensor, "length half"], Float[Tensor, "length half"]]:
    """Return the cosines and sines by which `apply_rope` turns the vector at each position.

    Args:
        length: Number of positions.
        d_head: Width of the vectors that are turned, even.
        base: The pair of numbers i is turned by ``position * base ** (-2 * i / d_head)``, in radians.

    Returns:
        Cosines and sines, each of shape [length, d_head / 2].

    Raises:
        ValueError: If ``d_head`` is odd or a size is below 1.

    Source: Su et al. (2024), section 3.2.2.
    """
    if length < 1 or d_head < 2 or d_head % 2:
        raise ValueError(
            f"rotary positions turn pairs of numbers: d_head must be even and length at least 1, got d_head={d_head}, "
            f"length={length}"
        )
    frequency = base ** (-torch.arange(0, d_head, 2, dtype=torch.float64) / d_head)
    angle = torch.arange(length, dtype=torch.float64).unsqueeze(1) * frequency
    return angle.cos().float(), angle.sin().float()


def apply_rope(
    x: Float[Tensor, "*batch time d_head"],
    cos: Float[Tensor, "time half"],
    sin: Float[Tensor, "time half"],
) -> Float[Tensor, "*batch time d_head"]:
    """Turn each vector by an angle that grows with its position.

    The numbers i and i + d_head / 2 form a pair (the layout of Llama's weights; the paper pairs neighbors, which is the
    same but for the order of the numbers).

    Args:
        x: Queries or keys, shape [..., time, d_head].
        cos: From `rope_table`, the rows of the positions of ``x``.
        sin: Likewise.

    Returns:
        The turned vectors, of unchanged length.

    Source: Su et al. (2024), equation 34.

    Example:
        >>> q = torch.tensor([[1.0, 0.0], [1.0, 0.0]])
        >>> apply_rope(q, *rope_table(2, 2)).round(decimals=2).tolist()
        [[1.0, 0.0], [0.5400000214576721, 0.8399999737739563]]
    """
    first, second = x.chunk(2, -1)
    return torch.cat((first * cos - second * sin, second * cos + first * sin), -1)


def alibi_slopes(heads: int) -> Float[Tensor, " heads"]:
    """Return how steeply each head's scores fall with the distance.

    Args:
        heads: Number of heads.

    Returns:
        Shape [heads], positive: for n heads the powers of ``2 ** (-8 / n)``; where n is no power of two, those of the
        next smaller power first, then every other one of the next larger.

    Raises:
        ValueError: If ``heads`` is below 1.

    Source: Press, Smith & Lewis (2022), section 3, and the authors' code for other numbers of heads.

    Example:
        >>> alibi_slopes(4).tolist()
        [0.25, 0.0625, 0.015625, 0.00390625]
    """
    if heads < 1:
        raise ValueError(f"heads must be at least 1, got {heads}")

    def powers(n: int) -> list[float]:
        return [2.0 ** (-8.0 * (i + 1) / n) for i in range(n)]

    below = 2 ** (heads.bit_length() - 1)
    return torch.tensor(powers(below) + powers(2 * below)[::2][: heads - below])


def alibi_bias(
    heads: int, queries: int, keys: int
) -> Float[Tensor, "heads queries keys"]:
    """Return what is added to the scores: minus the slope times the distance.

    The last query stands at the place of the last key, so that it fits a cache as well.

    Args:
        heads: Number of heads.
        queries: Number of queries.
        keys: Number of keys.

    Returns:
        Shape [heads, queries, keys], zero or negative.

    Source: Press, Smith & Lewis (2022), section 3.
    """
    at = torch.arange(keys - queries, keys).unsqueeze(1)
    distance = (at - torch.arange(keys)).abs()
    return -alibi_slopes(heads).view(-1, 1, 1) * distance
