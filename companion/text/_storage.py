"""What all tokenizers share: checked text, checked ids, and JSON files that say what they hold."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Int

# Token ids as a caller may hand them in.
Ids = Int[np.ndarray, " tokens"] | Sequence[int]

_FORMAT = "from-counts-to-transformers/text"
_VERSION = 1


def check_text(text: object) -> str:
    """Return ``text`` if it is a string, else raise a TypeError that says what to do."""
    if isinstance(text, bytes | bytearray):
        raise TypeError(
            "text must be a str, got bytes; decode them first: data.decode('utf-8')"
        )
    if not isinstance(text, str):
        raise TypeError(
            f"text must be a str, got {type(text).__name__}; use encode_batch for several texts"
        )
    return text


def surrogate_error(text: str) -> ValueError:
    """Make the error for a text that UTF-8 cannot write, naming the first offender."""
    position = next(
        i for i, character in enumerate(text) if "\ud800" <= character <= "\udfff"
    )
    return ValueError(
        f"text holds the lone surrogate U+{ord(text[position]):04X} at position {position}, "
        "half of a UTF-16 pair, which UTF-8 cannot write. Read the file with its true encoding, or replace "
        "such characters: "
        "text.encode('utf-8', 'replace').decode('utf-8')"
    )


def check_ids(ids: Any, vocab_size: int) -> Int[np.ndarray, " tokens"]:
    """Return ids as an integer array after checking their shape, type and range.

    Args:
        ids: Token ids, shape [tokens].
        vocab_size: Ids must lie in 0 to ``vocab_size`` - 1.

    Returns:
        The ids, shape [tokens].

    Raises:
        TypeError: If they are not integers.
        ValueError: If they are not a flat sequence, or one of them is out of range.
    """
    if isinstance(ids, str | bytes):
        raise TypeError(
            f"ids must be integers, got {type(ids).__name__}; did you mean encode()?"
        )
    array = np.asarray(ids)
    if array.size == 0 and array.ndim == 1:
        return np.zeros(0, dtype=np.int32)
    if array.dtype.kind not in "iu":
        raise TypeError(f"ids must be integers, got {array.dtype}; try ids.astype(int)")
    if array.ndim != 1:
        raise ValueError(
            f"ids must be one flat sequence, got shape {array.shape}; decode one text at a time"
        )
    outside = (array < 0) | (array >= vocab_size)
    if outside.any():
        position = int(outside.argmax())
        raise ValueError(
            f"id {array[position]} at position {position} is unknown: this vocabulary has the ids 0 to "
            f"{vocab_size - 1}. Was the text encoded with another tokenizer?"
        )
    return array


def write_state(path: str | Path, kind: str, state: Mapping[str, Any]) -> None:
    """Write the state of a tokenizer as JSON, with a header that says what it is."""
    content = {"format": _FORMAT, "version": _VERSION, "kind": kind, **state}
    # ASCII escapes keep lone surrogates, and the file reads the same under every locale.
    Path(path).write_text(json.dumps(content, ensure_ascii=True), encoding="ascii")


def read_state(
    path: str | Path, kind: str, fields: Mapping[str, Any]
) -> dict[str, Any]:
    """Read what ``write_state`` wrote and check it field by field.

    Args:
        path: The file.
        kind: What it must hold, e.g. ``"Vocabulary"``.
        fields: Name of each field and its type; ``[str]`` is a list of strings.

    Returns:
        The fields.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is damaged or holds something else; the message says which.
    """
    problem = f"{path} is not a saved {kind}"
    cure = "save it again with .save(path)"
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(
            f"{problem}: it is damaged or no JSON ({error}); {cure}"
        ) from error
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        raise ValueError(
            f"{problem}: the header of this course's files is missing; {cure}"
        )
    if content.get("kind") != kind:
        raise ValueError(
            f"{problem}: it holds a {content.get('kind')}; use {content.get('kind')}.load(path)"
        )
    if content.get("version") != _VERSION:
        raise ValueError(
            f"{problem} of version {_VERSION}: its version is {content.get('version')}; {cure}"
        )
    for name, wanted in fields.items():
        value = content.get(name)
        fits = (
            isinstance(value, list)
            and all(isinstance(entry, wanted[0]) for entry in value)
            if isinstance(wanted, list)
            else isinstance(value, wanted)
        )
        if not fits:
            raise ValueError(
                f"{problem}: its field {name!r} is missing or damaged; {cure}"
            )
    return {name: content[name] for name in fields}
