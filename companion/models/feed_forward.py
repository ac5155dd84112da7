"""The part of a Transformer block that looks at one position alone."""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

ACTIVATIONS = ("relu", "gelu", "gelu_tanh", "swiglu")


class FeedForward(nn.Module):
    """Two linear layers around a non-linearity; with SwiGLU three, one of which is a gate.

    Args:
        d_model: Width of what comes in and goes out.
        d_ff: Width between.
        activation: ``"relu"``, ``"gelu"``, ``"gelu_tanh"`` (GPT-2's approximation) or ``"swiglu"``.
        bias: Whether the linear layers have a bias.
        dropout: Probability of dropping a number of what goes out, while training.

    Raises:
        ValueError: If the activation is unknown.

    Source: Vaswani et al. (2017), equation 2; SwiGLU: Shazeer (2020), equation 6.
    """

    def __init__(
        self,
        d_model: int,
        d_ff: int,
        activation: str = "gelu",
        bias: bool = True,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        if activation not in ACTIVATIONS:
            raise ValueError(
                f"activation must be one of {', '.join(ACTIVATIONS)}, got {activation!r}"
            )
        self.activation, self.dropout = activation, dropout
        self.up = nn.Linear(d_model, d_ff, bias=bias)
        self.gate = (
            nn.Linear(d_model, d_ff, bias=bias) if activation == "swiglu" else None
        )
        self.down = nn.Linear(d_ff, d_model, bias=bias)

    def forward(
        self, x: Float[Tensor, "*places d_model"]
    ) -> Float[Tensor, "*places d_model"]:
        """Transform every position by itself, shape [..., d_model]."""
        if self.gate is not None:
            h = F.silu(self.gate(x)) * self.up(x)
        elif self.activation == "relu":
            h = F.relu(self.up(x))
        else:
            tanh = self.activation == "gelu_tanh"
            h = F.gelu(self.up(x), approximate="tanh" if tanh else "none")
        out: Tensor = self.down(h)
        return F.dropout(out, self.dropout) if self.training else out
