"""The keys and values of the tokens read so far, so that each is computed once."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor


class ContextOverflow(ValueError):
    """More tokens than the model can look at; the message says what can be done."""


@dataclass
class LayerCache:
    """The cache of one layer: room for ``capacity`` tokens, the first ``length`` of which are filled.

    Attributes:
        keys: Shape [batch, kv_heads, capacity, d_head].
        values: Likewise.
        length: Number of tokens that were read.
    """

    keys: Float[Tensor, "batch kv_heads capacity d_head"]
    values: Float[Tensor, "batch kv_heads capacity d_head"]
    length: int = 0

    def append(
        self,
        k: Float[Tensor, "batch kv_heads new d_head"],
        v: Float[Tensor, "batch kv_heads new d_head"],
    ) -> tuple[
        Float[Tensor, "batch kv_heads length d_head"],
        Float[Tensor, "batch kv_heads length d_head"],
    ]:
        """Write the keys and values of new tokens behind those that are there; return all of them.

        Raises:
            ContextOverflow: If there is no room for them.
        """
        end = self.length + k.shape[2]
        if end > self.keys.shape[2]:
            raise ContextOverflow(
                f"the cache has room for {self.keys.shape[2]} tokens, {end} were to be stored: make a larger one with "
                "new_cache(capacity=...), or truncate() it"
            )
        self.keys[:, :, self.length : end] = k.detach()
        self.values[:, :, self.length : end] = v.detach()
        self.length = end
        return self.keys[:, :, :end], self.values[:, :, :end]


class KVCache:
    """One `LayerCache` for each layer, made for inference: nothing is differentiated through it.

    Args:
        layers: Number of layers.
        batch: Number of sequences.
        kv_heads: Number of heads of keys and values.
        capacity: Greatest number of tokens of a sequence.
        d_head: Width of a head.
        device: Where it lies.
        dtype: Of its numbers.

    Source: the incremental decoding of Shazeer (2019), section 2.4.
    """

    def __init__(
        self,
        layers: int,
        batch: int,
        kv_heads: int,
        capacity: int,
        d_head: int,
        device: torch.device | str | None = None,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        # Reserved once: to grow it token by token would copy all of it each time.
        memory = torch.zeros(
            2, layers, batch, kv_heads, capacity, d_head, device=device, dtype=dtype
        )
        self.layers = [LayerCache(memory[0, i], memory[1, i]) for i in range(layers)]

    @property
    def length(self) -> int:
        """Number of tokens that were read."""
        return self.layers[0].length

    @property
    def capacity(self) -> int:
        """Greatest number of tokens."""
        return int(self.layers[0].keys.shape[2])

    def select(self, rows: Int[Tensor, " rows"]) -> KVCache:
        """Return a cache of the rows with these numbers, in this order; one may stand in it several times.

        Args:
            rows: Numbers of rows, shape [rows].

        Returns:
            A new cache; this one is unchanged.
        """
        chosen = object.__new__(KVCache)
        chosen.layers = [
            LayerCache(
                layer.keys.index_select(0, rows),
                layer.values.index_select(0, rows),
                layer.length,
            )
            for layer in self.layers
        ]
        return chosen

    def truncate(self, length: int) -> None:
        """Forget all tokens from a place on.

        Args:
            length: Number of tokens to keep.

        Raises:
            ValueError: If it is negative, or more than were read.
        """
        if not 0 <= length <= self.length:
            raise ValueError(
                f"the cache holds {self.length} tokens, it cannot keep {length} of them"
            )
        for layer in self.layers:
            layer.length = length
