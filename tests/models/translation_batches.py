"""What the tests of the two encoder-decoders share: random batches of sources and targets."""

from __future__ import annotations

import torch
from torch import Tensor

SOURCE, TARGET = 11, 13  # sizes of the two vocabularies


def batch(
    rows: int, source: int, target: int, seed: int = 0
) -> tuple[Tensor, Tensor, Tensor]:
    """Draw sources with their lengths, the first of them full, and targets; no token is padding."""
    g = torch.Generator().manual_seed(seed)
    lengths = torch.randint(1, source + 1, (rows,), generator=g)
    lengths[0] = source
    return (
        torch.randint(1, SOURCE, (rows, source), generator=g),
        lengths,
        torch.randint(1, TARGET, (rows, target), generator=g),
    )
