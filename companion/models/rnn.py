"""The plain recurrent network of Elman: the next state is a squashed sum of the input and the last state."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor

from companion.models.recurrent import Recurrent, State


class RNN(Recurrent):
    """Elman network: h_t = tanh(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh).

    Source: Elman (1990).

    Example:
        >>> from companion.models.recurrent import RecurrentConfig
        >>> rnn = RNN(RecurrentConfig(input_size=3, hidden_size=5))
        >>> outputs, (h,) = rnn(torch.zeros(2, 4, 3))
        >>> tuple(outputs.shape), tuple(h.shape)
        ((2, 4, 5), (1, 2, 5))
    """

    gates = 1

    def step(
        self,
        projected: Float[Tensor, "batch gates_hidden"],
        state: State,
        weight_hh: Float[Tensor, "hidden gates_hidden"],
        bias_hh: Float[Tensor, " gates_hidden"],
    ) -> State:
        """Compute the next state h, see the class."""
        (h,) = state
        return (torch.tanh(torch.addmm(projected, h, weight_hh)),)
