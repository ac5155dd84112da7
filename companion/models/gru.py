"""The gated recurrent unit, in the conventions of its papers and of the libraries."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor

from companion.models.recurrent import Recurrent, RecurrentConfig, State


class GRU(Recurrent):
    """GRU: a reset gate r, an update gate z and a candidate n.

    Two choices make four different functions, and weights trained for one are wrong for another:

    - where the reset gate stands. ``reset="after"`` is cuDNN's and PyTorch's, n = tanh(W x + b + r * (U h + b')).
      ``reset="before"`` is the paper's, n = tanh(W x + b + U (r * h) + b').
    - what z means. ``update="keep"``: h_t = z * h_{t-1} + (1 - z) * n, in Cho et al. and PyTorch.
      ``update="write"``: h_t = (1 - z) * h_{t-1} + z * n, in Chung et al.

    Args:
        config: The shape.
        reset: Where the reset gate stands.
        update: What the update gate means.

    Source: Cho et al. (2014); Chung, Gulcehre, Cho & Bengio (2014).

    Example:
        >>> gru = GRU(RecurrentConfig(input_size=3, hidden_size=5))
        >>> outputs, (h,) = gru(torch.zeros(2, 4, 3))
        >>> tuple(outputs.shape), tuple(h.shape)
        ((2, 4, 5), (1, 2, 5))
    """

    gates = 3
    one_bias = (
        False  # the candidate's recurrent bias is inside the reset gate's product
    )

    def __init__(
        self,
        config: RecurrentConfig,
        reset: str = "after",
        update: str = "keep",
    ) -> None:
        if reset not in ("after", "before"):
            raise ValueError(f'reset must be "after" or "before", got {reset!r}')
        if update not in ("keep", "write"):
            raise ValueError(f'update must be "keep" or "write", got {update!r}')
        self.reset, self.update = reset, update
        super().__init__(config)

    def step(
        self,
        projected: Float[Tensor, "batch gates_hidden"],
        state: State,
        weight_hh: Float[Tensor, "hidden gates_hidden"],
        bias_hh: Float[Tensor, " gates_hidden"],
    ) -> State:
        """Compute the next state h, see the class."""
        (h,) = state
        both = 2 * self.config.hidden_size  # r and z stand first, n behind them
        if self.reset == "after":
            recurrent = torch.addmm(bias_hh, h, weight_hh)
            r, z = torch.sigmoid(projected[:, :both] + recurrent[:, :both]).chunk(2, 1)
            n = torch.tanh(projected[:, both:] + r * recurrent[:, both:])
        else:
            gates = torch.addmm(bias_hh[:both], h, weight_hh[:, :both])
            r, z = torch.sigmoid(projected[:, :both] + gates).chunk(2, 1)
            candidate = torch.addmm(bias_hh[both:], r * h, weight_hh[:, both:])
            n = torch.tanh(projected[:, both:] + candidate)
        # One product less than z * h + (1 - z) * n, and the same.
        return (n + z * (h - n) if self.update == "keep" else h + z * (n - h),)
