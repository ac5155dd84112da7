"""Tensor parallelism: one feed-forward layer, split over several processes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch import distributed as dist
from torch.nn import functional as F


class CopyToAll(torch.autograd.Function):
    """Nothing on the way forward; on the way back, the gradients of all processes are added (Megatron's f)."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        """Return the input."""
        return x.view_as(x)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        """Add up what the processes ask for."""
        total = gradient.clone()
        dist.all_reduce(total)
        return total


class SumOverAll(torch.autograd.Function):
    """On the way forward, the outputs of all processes are added; nothing on the way back (Megatron's g)."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        """Add up what the processes have."""
        total = x.clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        """Return the gradient."""
        return gradient


class TensorParallelFeedForward(nn.Module):
    """A process's share of a feed-forward layer: some of the hidden units, with all that leads into and out of them.

    The first matrix is split by its columns (in torch's layout by rows), so that each process computes its hidden
    units alone, the activation included. The second is split by its rows: what the processes put out is added.

    Args:
        up: The whole first layer, d_model to d_ff.
        down: The whole second layer, d_ff to d_model.
        rank: Number of this process.
        world: Number of processes; d_ff must be a multiple of it.
        activation: Of the hidden units, number by number.

    Raises:
        ValueError: If d_ff cannot be split evenly.

    Source: Shoeybi et al. (2019), section 3, figure 3a.
    """

    def __init__(
        self,
        up: nn.Linear,
        down: nn.Linear,
        rank: int,
        world: int,
        activation: Callable[[Tensor], Tensor] = F.gelu,
    ) -> None:
        super().__init__()
        if up.out_features % world:
            raise ValueError(
                f"d_ff = {up.out_features} cannot be split evenly over {world} processes"
            )
        size = up.out_features // world
        mine = slice(rank * size, (rank + 1) * size)
        self.activation = activation
        self.up_weight = nn.Parameter(up.weight[mine].detach().clone())
        self.up_bias = nn.Parameter(up.bias[mine].detach().clone())
        self.down_weight = nn.Parameter(down.weight[:, mine].detach().clone())
        # Every process holds the second bias; it is added once, after the sum.
        self.down_bias = nn.Parameter(down.bias.detach().clone())

    def forward(
        self, x: Float[Tensor, "*places d_model"]
    ) -> Float[Tensor, "*places d_model"]:
        """Return the output of the whole layer, shape [..., d_model], the same in every process."""
        x = CopyToAll.apply(x)
        hidden = self.activation(F.linear(x, self.up_weight, self.up_bias))
        part = F.linear(hidden, self.down_weight)
        total: Tensor = SumOverAll.apply(part) + self.down_bias
        return total
