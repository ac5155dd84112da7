"""Checkpoints: written whole or not at all, and read only by the model that they belong to."""

from __future__ import annotations

import os
import pickle
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import torch
from torch import nn

_FORMAT = "from-counts-to-transformers checkpoint 1"


class CheckpointError(ValueError):
    """A checkpoint that cannot be used; the message says why and what to do."""


def fingerprint(model: nn.Module) -> list[str]:
    """Say what a model is made of: one line a parameter or buffer, with its name, shape and type.

    Args:
        model: Any model.

    Returns:
        The lines, in the model's own order.

    Example:
        >>> fingerprint(nn.Linear(3, 2))
        ['weight [2, 3] float32', 'bias [2] float32']
    """
    return [
        f"{name} {list(tensor.shape)} {str(tensor.dtype).removeprefix('torch.')}"
        for name, tensor in model.state_dict().items()
    ]


def save_checkpoint(
    path: str | Path, model: nn.Module, extra: dict[str, Any] | None = None
) -> None:
    """Write a model, and what else is needed to go on, to a file.

    The file is written beside its place and then moved there in one step: whoever is killed meanwhile leaves the old
    one whole.

    Args:
        path: The file.
        model: The model.
        extra: Tensors, numbers, strings, and lists and dictionaries of these.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "format": _FORMAT,
        "fingerprint": fingerprint(model),
        "model": model.state_dict(),
        "extra": extra or {},
    }
    handle, name = tempfile.mkstemp(
        dir=path.parent, prefix=f".{path.name}.", suffix=".tmp"
    )
    try:
        with os.fdopen(handle, "wb") as out:
            torch.save(content, out)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def load_checkpoint(path: str | Path, model: nn.Module) -> dict[str, Any]:
    """Load a model's weights from a file, and return what else was saved with them.

    Nothing is executed while reading: the file may hold tensors and plain data only.

    Args:
        path: The file.
        model: The model to load into; it is changed only if everything fits.

    Returns:
        What was given to `save_checkpoint` as ``extra``, on the CPU.

    Raises:
        FileNotFoundError: If there is no such file.
        CheckpointError: If the file is cut off, unreadable, something else, or of another model.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"there is no checkpoint {path}")
    try:
        with zipfile.ZipFile(path) as archive:
            if (
                damaged := archive.testzip()
            ):  # torch itself does not look at the checksums
                raise zipfile.BadZipFile(damaged)
        content = torch.load(path, map_location="cpu", weights_only=True)
        known = content["format"] == _FORMAT
    except (
        RuntimeError,
        KeyError,
        TypeError,
        EOFError,
        OSError,
        pickle.UnpicklingError,
        zipfile.BadZipFile,
    ) as error:
        raise CheckpointError(
            f"{path} cannot be read: it was cut off, or is no checkpoint. Delete it, or take another one. "
            f"({type(error).__name__})"
        ) from error
    if not known:
        raise CheckpointError(
            f"{path} is a checkpoint of another version: {content['format']!r}"
        )
    mine, stored = fingerprint(model), content["fingerprint"]
    if mine != stored:
        missing = [line for line in mine if line not in stored][:2]
        foreign = [line for line in stored if line not in mine][:2]
        raise CheckpointError(
            f"{path} belongs to another model: the file has {', '.join(foreign) or 'nothing more'}, this model has "
            f"{', '.join(missing) or 'nothing more'}. Build the model with the configuration that it was trained with."
        )
    model.load_state_dict(content["model"])
    extra: dict[str, Any] = content["extra"]
    return extra
