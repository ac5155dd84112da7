"""What a submitted notebook holds, read without running it."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from typing import Any

from companion.exercises.registry import exercises


class BrokenNotebook(ValueError):
    """A file that is not a notebook."""


@dataclass(frozen=True)
class Submission:
    """A submitted notebook.

    Attributes:
        cells: The code to execute, in order: without the checks, which marking makes itself, and without worked
            solutions.
        exercises: Ids of the exercises that the notebook is about.
    """

    cells: tuple[str, ...]
    exercises: tuple[str, ...]


# Cell magics whose cell is Python all the same; the others hold shell scripts, pages, files.
_PYTHON_MAGICS = ("%%time", "%%timeit", "%%capture", "%%prun")


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True


def _without_magic(source: str) -> str:
    """Turn lines that only IPython understands into comments; the numbers of the lines stay."""
    source = source.rstrip("\n")
    if _is_python(source):  # a line that looks like a magic may belong to a string
        return source
    first = source.split(maxsplit=1)[:1]
    if first and first[0].startswith("%%") and first[0] not in _PYTHON_MAGICS:
        return ""
    return re.sub(r"^([ \t]*)([%!?].*)$", r"\1pass  # \2", source, flags=re.MULTILINE)


def _only_checks(source: str) -> bool:
    """Whether a cell does nothing but call ``check``."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return False
    return bool(body) and all(
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id in ("check", "print", "display")
        and any(
            isinstance(part, ast.Name) and part.id == "check" for part in ast.walk(node)
        )
        for node in body
    )


def _defined(source: str) -> set[str]:
    """Names that a cell defines at its top level."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return set()
    names = {
        node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    for node in body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def read_submission(raw: bytes) -> Submission:
    """Read a submitted notebook.

    Args:
        raw: The content of the file.

    Returns:
        The code to execute and the exercises it is about: those named in the metadata of a cell or in a check, or
        whose answer is defined.

    Raises:
        BrokenNotebook: If it is not a notebook; the message says what it is instead.
    """
    try:
        content: Any = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BrokenNotebook(
            "the file is not text: was something else submitted?"
        ) from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise BrokenNotebook(
            f"the file is not a notebook, or was cut off: {error}"
        ) from error
    cells = content.get("cells") if isinstance(content, dict) else None
    if not isinstance(cells, list):
        raise BrokenNotebook(
            "the file is JSON but holds no cells: is it a notebook of format 4?"
        )
    code: list[str] = []
    named: set[str] = set()
    known = {item.id: item for item in exercises()}
    for cell in cells:
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        source = cell.get("source", "")
        source = "".join(map(str, source)) if isinstance(source, list) else str(source)
        found = cell.get("metadata")
        metadata: dict[str, Any] = found if isinstance(found, dict) else {}
        owner, tags = metadata.get("exercise"), metadata.get("tags")
        source = _without_magic(source)
        if isinstance(owner, str):
            named.add(owner)
        named |= {id for id in known if f'"{id}"' in source or f"'{id}'" in source}
        defined = _defined(source)
        named |= {item.id for item in known.values() if item.answer in defined}
        if (isinstance(tags, list) and "solution" in tags) or _only_checks(source):
            continue
        code.append(source)
    return Submission(tuple(code), tuple(id for id in known if id in named))
