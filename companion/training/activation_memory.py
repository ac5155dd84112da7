"""What the forward pass keeps for the backward pass: counted, and saved by computing it twice."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint


class SavedBytes:
    """Counts what autograd keeps.

    Attributes:
        total: Bytes so far; a piece of memory counts once, and parameters do not count.
    """

    def __init__(self, ignored: set[int]) -> None:
        self._seen: dict[int, int] = {}
        self._ignored = ignored
        self._held: list[Tensor] = []

    @property
    def total(self) -> int:
        """Bytes."""
        return sum(self._seen.values())

    def add(self, tensor: Tensor) -> Tensor:
        """Take note of a tensor that is kept."""
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in self._ignored:
            self._seen[storage.data_ptr()] = storage.nbytes()
            self._held.append(tensor.detach())  # so that its address is not used again
        return tensor


@contextlib.contextmanager
def saved_bytes(model: nn.Module) -> Iterator[SavedBytes]:
    """Count the bytes that the forward passes inside of the block keep for the backward pass.

    Args:
        model: Its parameters are not counted: they are there anyway.

    Yields:
        The count; read it after the block.

    Example:
        >>> layer = nn.Linear(4, 2)
        >>> with saved_bytes(layer) as kept:
        ...     y = layer(torch.zeros(3, 4)).square()
        >>> kept.total  # three inputs of four numbers, and three outputs of two
        72
    """
    count = SavedBytes({p.untyped_storage().data_ptr() for p in model.parameters()})
    with torch.autograd.graph.saved_tensors_hooks(count.add, lambda tensor: tensor):
        yield count
    count._held.clear()


@contextlib.contextmanager
def recompute(blocks: Iterable[nn.Module]) -> Iterator[None]:
    """Let each block keep its input only, and compute the rest a second time on the way back.

    Args:
        blocks: Such as ``model.blocks`` of a GPT. Dropout draws the same numbers the second time.

    Source: Chen et al. (2016), section 3.
    """
    chosen = list(blocks)
    for block in chosen:

        def forward(*inputs: Any, _plain: Any = block.forward, **more: Any) -> Any:
            return checkpoint(_plain, *inputs, use_reentrant=False, **more)

        block.forward = forward
    try:
        yield
    finally:
        for block in chosen:
            del block.forward
