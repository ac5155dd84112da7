"""Layer normalization and its lighter sister."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F


def layer_norm(
    x: Float[Tensor, "*places d"],
    weight: Float[Tensor, " d"],
    bias: Float[Tensor, " d"] | None = None,
    epsilon: float = 1e-5,
) -> Float[Tensor, "*places d"]:
    """Give every vector mean 0 and variance 1, then scale and shift its numbers.

    Args:
        x: Vectors, shape [..., d].
        weight: The scale, shape [d].
        bias: The shift, shape [d]; None does not shift.
        epsilon: Added to the variance.

    Returns:
        Shape [..., d].

    Source: Ba, Kiros & Hinton (2016), equation 4.

    Example:
        >>> layer_norm(torch.tensor([1.0, 3.0]), torch.ones(2)).round(decimals=3).tolist()
        [-1.0, 1.0]
    """
    centered = x - x.mean(-1, keepdim=True)
    variance = centered.square().mean(-1, keepdim=True)
    scaled = centered * torch.rsqrt(variance + epsilon) * weight
    return scaled if bias is None else scaled + bias


def rms_norm(
    x: Float[Tensor, "*places d"], weight: Float[Tensor, " d"], epsilon: float = 1e-5
) -> Float[Tensor, "*places d"]:
    """Give every vector a mean square of 1, then scale its numbers.

    Args:
        x: Vectors, shape [..., d].
        weight: The scale, shape [d].
        epsilon: Added to the mean square.

    Returns:
        Shape [..., d].

    Source: Zhang & Sennrich (2019), equation 4.

    Example:
        >>> rms_norm(torch.tensor([3.0, 4.0]), torch.ones(2)).square().mean().round(decimals=3).item()
        1.0
    """
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + epsilon) * weight


class LayerNorm(nn.Module):
    """`layer_norm` with a scale and a shift that are learned.

    Args:
        d: Width of the vectors.
        bias: Whether there is a shift.
        epsilon: Added to the variance.

    Source: Ba, Kiros & Hinton (2016).
    """

    def __init__(self, d: int, bias: bool = True, epsilon: float = 1e-5) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(d))
        self.bias = nn.Parameter(torch.zeros(d)) if bias else None
        self.epsilon = epsilon

    def forward(self, x: Float[Tensor, "*places d"]) -> Float[Tensor, "*places d"]:
        """Normalize vectors, shape [..., d]."""
        # layer_norm() above in one kernel, which saves a third of a small model's time; the tests hold them equal.
        return F.layer_norm(x, x.shape[-1:], self.weight, self.bias, self.epsilon)


class RMSNorm(nn.Module):
    """`rms_norm` with a scale that is learned.

    Args:
        d: Width of the vectors.
        epsilon: Added to the mean square.

    Source: Zhang & Sennrich (2019).
    """

    def __init__(self, d: int, epsilon: float = 1e-5) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(d))
        self.epsilon = epsilon

    def forward(self, x: Float[Tensor, "*places d"]) -> Float[Tensor, "*places d"]:
        """Normalize vectors, shape [..., d]."""
        return rms_norm(x, self.weight, self.epsilon)
