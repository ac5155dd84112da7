"""Files of an index: one JSON that says what it is, one NPZ with its arrays."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

_FORMAT = "from-counts-to-transformers/retrieval"
_VERSION = 1


def write_index(
    folder: str | Path,
    kind: str,
    state: Mapping[str, Any],
    arrays: Mapping[str, np.ndarray],
) -> None:
    """Write an index into a folder, which is made if it is not there."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    header = {"format": _FORMAT, "version": _VERSION, "kind": kind, "state": dict(state)}  # fmt: skip
    (folder / "index.json").write_text(json.dumps(header), encoding="ascii")
    with (folder / "arrays.npz").open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]


def read_index(
    folder: str | Path, kind: str, fields: tuple[str, ...], arrays: tuple[str, ...]
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Read what `write_index` wrote.

    Args:
        folder: Where it is.
        kind: The class that it must hold.
        fields: Names that the state must have.
        arrays: Names of the arrays that must be there.

    Returns:
        State and arrays.

    Raises:
        FileNotFoundError: If there is no index.
        ValueError: If it is damaged, of another kind or of another version; the message says which.
    """
    folder = Path(folder)
    problem = f"{folder} holds no saved {kind}"
    cure = "save it again with .save(folder)"
    for name in ("index.json", "arrays.npz"):
        if not (folder / name).is_file():
            raise FileNotFoundError(f"{problem}: {name} is missing; {cure}")
    try:
        header = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(
            f"{problem}: index.json is damaged ({error}); {cure}"
        ) from error
    if not isinstance(header, dict) or header.get("format") != _FORMAT:
        raise ValueError(f"{problem}: index.json is no index of this course; {cure}")
    other, version, state = (header.get(key) for key in ("kind", "version", "state"))
    if other != kind:
        raise ValueError(
            f"{problem}: it holds a {other}; use {other}.load(folder) for that"
        )
    if version != _VERSION:
        raise ValueError(f"{problem}: its format is {version}, not {_VERSION}; {cure}")
    if not isinstance(state, dict) or not all(name in state for name in fields):
        raise ValueError(
            f"{problem}: index.json lacks one of {', '.join(fields)}; {cure}"
        )
    try:
        with np.load(folder / "arrays.npz", allow_pickle=False) as file:
            found = {name: file[name] for name in arrays}
    except (KeyError, ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(
            f"{problem}: arrays.npz is damaged ({error}); {cure}"
        ) from error
    return state, found
