"""Long short-term memory: a cell that is added to, and gates that decide what enters, stays and leaves."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor

from companion.models.recurrent import Recurrent, RecurrentConfig, State


class LSTM(Recurrent):
    """LSTM with a forget gate and without peepholes.

    All four blocks look at the same input and the same last output, side by side:
    i, f, o = sigmoid(...), g = tanh(...), then c_t = f * c_{t-1} + i * g and h_t = o * tanh(c_t).

    Args:
        config: The shape.
        forget_bias: Added to the forget gate when the parameters are drawn; 1 lets a new network remember.

    Source: Hochreiter & Schmidhuber (1997); forget gate: Gers, Schmidhuber & Cummins (2000); its bias: Jozefowicz,
    Zaremba & Sutskever (2015).

    Example:
        >>> lstm = LSTM(RecurrentConfig(input_size=3, hidden_size=5))
        >>> outputs, (h, c) = lstm(torch.zeros(2, 4, 3))
        >>> tuple(outputs.shape), tuple(c.shape)
        ((2, 4, 5), (1, 2, 5))
    """

    gates = 4
    states = 2

    def __init__(self, config: RecurrentConfig, forget_bias: float = 0.0) -> None:
        self.forget_bias = forget_bias
        super().__init__(config)

    def reset_parameters(self, generator: torch.Generator | None = None) -> None:
        """Draw all parameters, and add ``forget_bias`` to the bias of the forget gate.

        Args:
            generator: Source of randomness; None takes torch's own.
        """
        super().reset_parameters(generator)
        forget = slice(self.config.hidden_size, 2 * self.config.hidden_size)
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                if name.startswith("bias_ih"):
                    parameter[forget] += self.forget_bias

    def step(
        self,
        projected: Float[Tensor, "batch gates_hidden"],
        state: State,
        weight_hh: Float[Tensor, "hidden gates_hidden"],
        bias_hh: Float[Tensor, " gates_hidden"],
    ) -> State:
        """Compute the next state (h, c), see the class."""
        h, c = state
        i, f, g, o = torch.addmm(projected, h, weight_hh).chunk(4, dim=1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c
