"""What every recurrent layer shares: a stack, two directions, dropout in between, sequences of unequal length."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, cast

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

# One tensor for a plain cell and the GRU, h; two for the LSTM, h and c. Each of shape [batch, hidden].
State = tuple[Tensor, ...]


@dataclass(frozen=True)
class RecurrentConfig:
    """Shape of a recurrent layer.

    Attributes:
        input_size: Width of the input vectors.
        hidden_size: Width of the state, in each direction.
        layers: Number of layers, each reading the outputs of the one below.
        bidirectional: Whether a second network reads from the end; outputs are then twice as wide.
        dropout: Probability of dropping a number between two layers while training.
    """

    input_size: int
    hidden_size: int
    layers: int = 1
    bidirectional: bool = False
    dropout: float = 0.0

    def __post_init__(self) -> None:
        for name in ("input_size", "hidden_size", "layers"):
            if getattr(self, name) < 1:
                raise ValueError(
                    f"{name} must be at least 1, got {getattr(self, name)}"
                )
        if not 0 <= self.dropout < 1:
            raise ValueError(
                f"dropout must be at least 0 and below 1, got {self.dropout}"
            )
        if self.dropout > 0 and self.layers == 1:
            raise ValueError(
                "dropout stands between layers, and there is only one: set layers to 2 or more, or dropout to 0"
            )

    @property
    def directions(self) -> int:
        """Number of directions: 1 or 2."""
        return 2 if self.bidirectional else 1

    @property
    def output_size(self) -> int:
        """Width of the output vectors."""
        return self.hidden_size * self.directions


def kept(
    new: Float[Tensor, "batch hidden"],
    old: Float[Tensor, "batch hidden"],
    inside: Bool[Tensor, " batch"] | None,
) -> Float[Tensor, "batch hidden"]:
    """Take the new state where the sequence still goes on, the old one where it has ended."""
    return new if inside is None else torch.where(inside[:, None], new, old)


class Recurrent(nn.Module, ABC):
    """A stack of recurrent layers; what happens in one step is left to the subclass.

    Parameters have the names and the layout of `torch.nn.RNN`, `LSTM` and `GRU`, so that the weights of one can be
    loaded into the other: ``weight_ih_l0`` of shape [gates * hidden, input], ``weight_hh_l0``, ``bias_ih_l0``,
    ``bias_hh_l0``, and so on for each layer, with ``_reverse`` for the second direction.

    Attributes:
        config: The shape.
        gates: Number of blocks in a weight matrix: 1 for a plain cell, 3 for a GRU, 4 for an LSTM.
        states: Number of tensors that make up the state: 1, or 2 for an LSTM.
        one_bias: Whether the two biases only ever occur as their sum.
    """

    gates: int
    states: int = 1
    one_bias: bool = True

    def __init__(self, config: RecurrentConfig) -> None:
        super().__init__()
        self.config = config
        for layer in range(config.layers):
            width = config.input_size if layer == 0 else config.output_size
            for suffix in self._suffixes(layer):
                rows = self.gates * config.hidden_size
                for name, shape in (
                    ("weight_ih", (rows, width)),
                    ("weight_hh", (rows, config.hidden_size)),
                    ("bias_ih", (rows,)),
                    ("bias_hh", (rows,)),
                ):
                    self.register_parameter(
                        f"{name}_{suffix}", nn.Parameter(torch.empty(shape))
                    )
        self.reset_parameters()

    def reset_parameters(self, generator: torch.Generator | None = None) -> None:
        """Draw all parameters uniformly between -1/sqrt(hidden) and 1/sqrt(hidden), as torch does.

        Args:
            generator: Source of randomness; None takes torch's own.
        """
        bound = self.config.hidden_size**-0.5
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -bound, bound, generator=generator)

    def reset_orthogonal(
        self, gain: float = 1.0, generator: torch.Generator | None = None
    ) -> None:
        """Make every gate's block of the recurrent weights orthogonal: a product with it changes no length.

        Args:
            gain: Every length is multiplied by this.
            generator: Source of randomness; None takes torch's own.

        Raises:
            ValueError: If the gain is not above 0.

        Source: Saxe, McClelland & Ganguli (2014); for recurrent networks: Le, Jaitly & Hinton (2015).
        """
        if not gain > 0:
            raise ValueError(f"gain must be above 0, got {gain}")
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                if name.startswith("weight_hh"):
                    for block in parameter.chunk(self.gates):
                        nn.init.orthogonal_(block, gain, generator=generator)

    def _suffixes(self, layer: int) -> list[str]:
        return [f"l{layer}", f"l{layer}_reverse"][: self.config.directions]

    @abstractmethod
    def step(
        self,
        projected: Float[Tensor, "batch gates_hidden"],
        state: State,
        weight_hh: Float[Tensor, "hidden gates_hidden"],
        bias_hh: Float[Tensor, " gates_hidden"],
    ) -> State:
        """Compute the next state.

        Args:
            projected: What the input contributes to all gates, ``W_ih x_t + b_ih``, shape [batch, gates * hidden];
                with ``one_bias`` the other bias is in it already.
            state: The state before this step.
            weight_hh: Recurrent weights, transposed, shape [hidden, gates * hidden].
            bias_hh: Recurrent bias, shape [gates * hidden].

        Returns:
            The state after this step; its first tensor is the output.
        """

    def _direction(
        self,
        x: Float[Tensor, "time batch width"],
        state: State,
        inside: Bool[Tensor, "time batch"] | None,
        suffix: str,
    ) -> tuple[Float[Tensor, "time batch hidden"], State]:
        """Read the sequence in one direction."""
        weight_ih, weight_hh, bias_ih, bias_hh = (
            cast(Tensor, getattr(self, f"{name}_{suffix}"))
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        )
        # The input's part is the same product for all steps: one large multiplication in place of many small ones.
        bias = bias_ih + bias_hh if self.one_bias else bias_ih
        projected = F.linear(x, weight_ih, bias).unbind(0)
        transposed = weight_hh.t()
        times = range(len(projected))
        outputs: list[Tensor] = []
        for t in reversed(times) if suffix.endswith("reverse") else times:
            now = None if inside is None else inside[t]
            new = self.step(projected[t], state, transposed, bias_hh)
            state = tuple(kept(n, o, now) for n, o in zip(new, state, strict=True))
            outputs.append(state[0])
        if suffix.endswith("reverse"):
            outputs.reverse()
        joined = torch.stack(outputs)
        if inside is not None:
            joined = joined * inside[..., None]
        return joined, state

    def initial_state(
        self, batch: int, like: Tensor
    ) -> tuple[Float[Tensor, "stack batch hidden"], ...]:
        """Return a state of zeros.

        Args:
            batch: Number of sequences.
            like: A tensor with the wanted dtype and device.

        Returns:
            One tensor for each part of the state, shape [layers * directions, batch, hidden].
        """
        stack = self.config.layers * self.config.directions
        zeros = like.new_zeros(stack, batch, self.config.hidden_size)
        return (zeros,) * self.states

    def _check(self, x: Tensor, lengths: Tensor | None) -> None:
        if x.ndim != 3 or x.shape[2] != self.config.input_size:
            raise ValueError(
                f"expected an input of shape [batch, time, {self.config.input_size}], got {list(x.shape)}"
            )
        if x.shape[0] == 0 or x.shape[1] == 0:
            raise ValueError(
                f"the batch is empty: its shape is {list(x.shape)}. Does the data loader give any sequence?"
            )
        if lengths is not None and (
            lengths.shape != x.shape[:1]
            or int(lengths.min()) < 1
            or int(lengths.max()) > x.shape[1]
        ):
            raise ValueError(
                f"lengths must hold one number between 1 and {x.shape[1]} for each of {x.shape[0]} sequences, "
                f"got {lengths.tolist()}"
            )

    def forward(
        self,
        x: Float[Tensor, "batch time width"],
        state: tuple[Float[Tensor, "stack batch hidden"], ...] | None = None,
        lengths: Int[Tensor, " batch"] | None = None,
    ) -> tuple[Float[Tensor, "batch time output"], tuple[Any, ...]]:
        """Read sequences.

        Args:
            x: Input vectors, shape [batch, time, input].
            state: The state to start from, as this method returns it; None starts from zeros.
            lengths: Number of vectors of each sequence, shape [batch]; what stands behind is padding. It changes
                neither outputs nor states, and its outputs are zero. None if all sequences fill the batch.

        Returns:
            The outputs of the last layer, shape [batch, time, hidden * directions], and the final state of every layer
            and direction, shape [layers * directions, batch, hidden] each.

        Raises:
            ValueError: If the batch is empty, the width is not the configured one, or a length is impossible.
        """
        self._check(x, lengths)
        if state is None:
            state = self.initial_state(x.shape[0], x)
        inside = None
        if lengths is not None:
            steps = torch.arange(x.shape[1], device=x.device)
            inside = steps[:, None] < lengths[None, :].to(x.device)  # [time, batch]
        y, finals, place = x.transpose(0, 1), [], 0
        for layer in range(self.config.layers):
            if layer > 0:
                y = F.dropout(y, self.config.dropout, self.training)
            outputs = []
            for suffix in self._suffixes(layer):
                first = tuple(part[place] for part in state)
                output, final = self._direction(y, first, inside, suffix)
                outputs.append(output)
                finals.append(final)
                place += 1
            y = outputs[0] if len(outputs) == 1 else torch.cat(outputs, dim=2)
        parts = zip(*finals, strict=True)
        return y.transpose(0, 1), tuple(torch.stack(part) for part in parts)
