"""A file with the changes of LoRA alone, and the model that they belong to in a fingerprint."""

from __future__ import annotations

import hashlib
import pickle
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import nn

from companion.models.lora import (
    LoRAConfig,
    add_lora,
    expect_no_lora,
    lora_layers,
    lora_parameters,
)

_FORMAT = "from-counts-to-transformers adapter 1"
_OURS = (".lora_a", ".lora_b")
_UNREADABLE = (
    RuntimeError,
    KeyError,
    TypeError,
    EOFError,
    OSError,
    pickle.UnpicklingError,
    zipfile.BadZipFile,
)


class AdapterError(ValueError):
    """An adapter that cannot be used; the message says why, and names the first tensor that differs."""


def save_adapter(path: str | Path, model: nn.Module) -> None:
    """Write the changes alone to a file, with a fingerprint of the model that they belong to.

    Args:
        path: The file.
        model: A model with LoRA layers.

    Raises:
        ValueError: If there is no LoRA layer.
    """
    lora_parameters(model)
    first = next(iter(lora_layers(model).values()))
    torch.save(
        {
            "format": _FORMAT,
            "config": asdict(first.config),
            "base": _fingerprint(model),
            "adapter": {
                name: tensor
                for name, tensor in model.state_dict().items()
                if name.endswith(_OURS)
            },
        },
        path,
    )


def load_adapter(path: str | Path, model: nn.Module) -> LoRAConfig:
    """Add the changes of a file to the model that they were trained for.

    Args:
        path: A file that `save_adapter` wrote. Nothing is executed while reading it.
        model: The model, without LoRA layers; it is changed only if everything fits.

    Returns:
        The configuration of the changes.

    Raises:
        FileNotFoundError: If there is no such file.
        AdapterError: If the file is unreadable, or was made for another model or for other weights; the message names
            the first tensor that differs.
        ValueError: If the model has LoRA layers already.
    """
    if not Path(path).exists():
        raise FileNotFoundError(f"there is no adapter {path}")
    try:
        stored: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        known = stored["format"] == _FORMAT
    except _UNREADABLE as error:
        raise AdapterError(
            f"{path} is no adapter, or was cut off ({type(error).__name__})"
        ) from error
    if not known:
        raise AdapterError(f"{path} is of another version: {stored['format']!r}")
    expect_no_lora(model)
    _expect_same(str(path), stored["base"], _fingerprint(model))
    settings = stored["config"]
    config = LoRAConfig(**(settings | {"targets": tuple(settings["targets"])}))
    add_lora(model, config, torch.Generator())
    model.load_state_dict(stored["adapter"], strict=False)
    return config


def _fingerprint(model: nn.Module) -> dict[str, str]:
    """Say what every tensor beside the changes is: shape, type, and a digest of its numbers."""
    found = {}
    for name, tensor in model.state_dict().items():
        if not name.endswith(_OURS):
            raw = tensor.detach().cpu().contiguous().flatten().view(torch.uint8)
            digest = hashlib.sha256(raw.numpy().tobytes()).hexdigest()[:16]
            kind = str(tensor.dtype).removeprefix("torch.")
            found[name] = f"{list(tensor.shape)} {kind}, digest {digest}"
    return found


def _expect_same(path: str, stored: dict[str, str], mine: dict[str, str]) -> None:
    for name in [*stored, *mine]:
        theirs, ours = stored.get(name, "absent"), mine.get(name, "absent")
        if theirs != ours:
            same_shape = theirs.split(", ")[0] == ours.split(", ")[0]
            advice = (
                "Same shape, other numbers: load the checkpoint that the adapter was trained on"
                if same_shape and "absent" not in (theirs, ours)
                else "Build the model with the configuration that the adapter was trained with"
            )
            raise AdapterError(
                f"{path} belongs to another model. The first tensor that differs is {name!r}: the adapter expects "
                f"{theirs}, this model has {ours}. {advice}"
            )
