"""The device that every notebook computes on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


def available() -> list[str]:
    """Return the kinds of device that torch can use here, best first; the CPU is always among them."""
    import torch

    kinds = []
    if torch.cuda.is_available():
        kinds.append("cuda")
    if torch.backends.mps.is_available():
        kinds.append("mps")
    return [*kinds, "cpu"]


def device() -> torch.device:
    """Pick the device: CUDA if there is one, else Apple's MPS, else the CPU; ``COURSE_DEVICE`` overrides.

    Returns:
        The device, e.g. ``device(type='cpu')``.

    Raises:
        ValueError: If ``COURSE_DEVICE`` names a device that is not there; the message lists those that are.
    """
    import torch

    kinds = available()
    chosen = os.environ.get("COURSE_DEVICE", "").strip() or kinds[0]
    try:
        picked = torch.device(chosen)
    except RuntimeError:
        picked = None
    count = (
        torch.cuda.device_count() if picked is not None and picked.type == "cuda" else 1
    )
    if picked is None or picked.type not in kinds or (picked.index or 0) >= count:
        raise ValueError(
            f"COURSE_DEVICE={chosen!r} is not available here; choose one of {', '.join(kinds)}, or unset it"
        )
    return picked
