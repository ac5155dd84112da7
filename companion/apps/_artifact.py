"""What an application has learned, as a folder: arrays, a configuration and checksums."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

CHECKPOINTS = Path(__file__).parents[1] / "checkpoints"
_FORMAT = 1
_FILES = ("arrays.safetensors", "config.json")


def file_sum(path: Path) -> str:
    """Return the SHA-256 of a file's content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def shipped(name: str, chapter: str) -> Path:
    """Return the folder of an artifact that comes with the package.

    Args:
        name: Name of the folder, e.g. ``"translator"``.
        chapter: The chapter that makes it, for the message.

    Raises:
        FileNotFoundError: If the package came without it.
    """
    folder = CHECKPOINTS / name
    if not (folder / "SHA256SUMS").is_file():
        raise FileNotFoundError(
            f"the package holds no {folder}: run {chapter}, which makes it, and load the folder that it wrote"
        )
    return folder


def write_artifact(
    folder: str | Path,
    kind: str,
    config: Mapping[str, Any],
    arrays: Mapping[str, np.ndarray],
) -> None:
    """Write what was learned.

    Args:
        folder: Where to; it is made if it is not there.
        kind: What it is, e.g. ``"translator"``: what reads it insists on it.
        config: What JSON can hold: sizes, names, vocabularies, what it was trained on.
        arrays: The numbers, by name.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    # Nothing is trusted until the sums are there again.
    (folder / "SHA256SUMS").unlink(missing_ok=True)
    whole = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    save_file(whole, folder / "arrays.safetensors")
    content = {"format": _FORMAT, "kind": kind, "config": dict(config)}
    (folder / "config.json").write_text(
        json.dumps(content, indent=1, ensure_ascii=False) + "\n",
        encoding="utf-8",
        newline="\n",
    )
    sums = "".join(f"{file_sum(folder / name)}  {name}\n" for name in _FILES)
    (folder / "SHA256SUMS").write_text(sums, encoding="utf-8", newline="\n")


def read_artifact(
    folder: str | Path, kind: str
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Read what `write_artifact` wrote.

    Args:
        folder: Where from.
        kind: What it has to be.

    Returns:
        The configuration and the arrays.

    Raises:
        FileNotFoundError: If the folder, or a file in it, is missing.
        ValueError: If a file is damaged, or it is something else, or was written by a newer version of the package.
    """
    folder = Path(folder)
    listed = folder / "SHA256SUMS"
    if not listed.is_file():
        raise FileNotFoundError(
            f"{folder} holds no saved {kind}: give the folder that save() wrote"
        )
    for line in listed.read_text(encoding="utf-8").splitlines():
        wanted, _, name = line.partition("  ")
        path = folder / name
        if not path.is_file():
            raise FileNotFoundError(f"{path} is missing: save the {kind} again")
        if file_sum(path) != wanted:
            raise ValueError(
                f"{path} is not the file that was saved: it is damaged, cut off or changed. Save the {kind} again, or "
                "fetch the file again"
            )
    content = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    if content.get("kind") != kind:
        raise ValueError(f"{folder} holds a {content.get('kind')}, not a {kind}")
    if content.get("format") != _FORMAT:
        raise ValueError(
            f"{folder} has the format {content.get('format')}, this package reads {_FORMAT}: update the package, or "
            f"save the {kind} again"
        )
    try:
        arrays = load_file(folder / "arrays.safetensors")
    except SafetensorError as error:
        raise ValueError(
            f"{folder / 'arrays.safetensors'} cannot be read: {error}"
        ) from error
    return content["config"], arrays
