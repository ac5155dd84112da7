"""What a notebook needs beside the models: tested source on show, and numbers that the text can quote."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Sequence
from types import FunctionType, MethodType, ModuleType
from typing import Any, Literal

from companion._optional import require

Docstring = Literal["summary", "full", "none"]

# The prefix under which papermill and myst-nb keep values that are recorded, not displayed.
_RECORD_PREFIX = "application/papermill.record/"


def _drop_docstring_lines(source: str, docstring: Docstring) -> str:
    """Shorten every docstring of ``source`` to its first line, or drop it; comments and layout stay."""
    if docstring == "full":
        return source
    lines = source.splitlines()
    spans: list[tuple[int, int, ast.Expr]] = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(
            node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef | ast.Module
        ):
            continue
        first = node.body[0] if node.body else None
        if (
            isinstance(first, ast.Expr)
            and isinstance(first.value, ast.Constant)
            and isinstance(first.value.value, str)
            and first.end_lineno is not None
            # A body that is a docstring and nothing else would no longer parse without it.
            and not (docstring == "none" and len(node.body) == 1)
        ):
            spans.append((first.lineno - 1, first.end_lineno, first))
    for start, end, first in sorted(spans, key=lambda span: span[0], reverse=True):
        assert isinstance(first.value, ast.Constant)
        if docstring == "none":
            # The blank line that set the docstring off goes with it.
            if end < len(lines) and not lines[end].strip():
                end += 1
            lines[start:end] = []
        elif end - start > 1:
            indent = " " * first.col_offset
            lines[start:end] = [
                f'{indent}"""{str(first.value.value).strip().splitlines()[0]}"""'
            ]
    return "\n".join(lines)


def source_of(obj: Any, docstring: Docstring = "summary") -> str:
    """Return the source of an object of this package as it stands in the tested file.

    Args:
        obj: A function, class, method, property or module.
        docstring: ``"summary"`` keeps the first line of each docstring, ``"full"`` all of it,
            ``"none"`` nothing.

    Returns:
        The source, dedented.

    Raises:
        TypeError: If the object has no Python source: built-ins, numbers, instances.
        ValueError: If ``docstring`` is none of the three.

    Example:
        >>> print(source_of(source_of).splitlines()[0])
        def source_of(obj: Any, docstring: Docstring = "summary") -> str:
    """
    if docstring not in ("summary", "full", "none"):
        raise ValueError(
            f'docstring must be "summary", "full" or "none", got {docstring!r}'
        )
    target = (
        obj.fget
        if isinstance(obj, property)
        else inspect.unwrap(obj)
        if callable(obj)
        else obj
    )
    if not isinstance(target, FunctionType | MethodType | ModuleType | type):
        raise TypeError(
            f"show() needs a function, class, method or module, got {type(obj).__name__}: "
            f"try show(type(x)) for the class of an object x"
        )
    try:
        source = inspect.getsource(target)
    except (OSError, TypeError) as error:
        raise TypeError(
            f"{obj!r} has no Python source to show: it is built in or compiled"
        ) from error
    return _drop_docstring_lines(textwrap.dedent(source).rstrip(), docstring)


def show(*objects: Any, docstring: Docstring = "summary") -> None:
    """Display the source of objects of this package, highlighted, in JupyterLab, Colab and the rendered book.

    What is shown is read from the file that the tests run: the code that is read is the code that is tested.

    Args:
        objects: Functions, classes, methods, properties or modules.
        docstring: ``"summary"`` (default) shows the first line of each docstring, ``"full"`` all of it,
            ``"none"`` nothing.

    Raises:
        TypeError: If an object has no Python source.
        ValueError: If no object is given.
    """
    if not objects:
        raise ValueError(
            "show() needs at least one object, e.g. show(companion.models.ngram.NGramModel)"
        )
    blocks = [source_of(obj, docstring) for obj in objects]
    display = require("IPython.display", extra="notebook")
    modules: list[str] = []
    for obj in objects:
        owner = inspect.unwrap(obj.fget if isinstance(obj, property) else obj)  # type: ignore[arg-type]
        name: str = (
            owner.__name__ if isinstance(owner, ModuleType) else owner.__module__
        )
        if name not in modules:
            modules.append(name)
    where = ", ".join(f"`{name.replace('.', '/')}.py`" for name in modules)
    code = "\n\n\n".join(blocks)
    display.display(
        {
            "text/markdown": f"```python\n{code}\n```\n\nFrom {where}",
            "text/plain": code,
        },
        raw=True,
    )


def glue(name: str, value: object, format: str = "{}") -> None:
    """Record a number under a name, so that the text quotes what the cell computed: ``{glue:text}`name```.

    A notebook's text shows the name, not the number; there the number is displayed under the cell.

    Args:
        name: The name that the text uses; unique in its notebook.
        value: A number or string.
        format: How the value reads in the text, e.g. ``"{:.2f}"`` or ``"{:,}"``.

    Raises:
        ValueError: If the name is empty or holds a colon, which the text could not quote.
    """
    if not name or ":" in name or "`" in name:
        raise ValueError(
            f"a glued name is a plain word such as 'entropy-order-3', got {name!r}"
        )
    display = require("IPython.display", extra="notebook")
    shown = format.format(value)
    display.display(
        {
            _RECORD_PREFIX + "text/plain": repr(shown),  # for the book
            "text/plain": f"{name}: {shown}",  # for JupyterLab and Colab
        },
        raw=True,
        metadata={"scrapbook": {"name": name, "mime_prefix": _RECORD_PREFIX}},
    )


def display_table(
    rows: Sequence[Sequence[object]],
    columns: Sequence[object],
    formats: Sequence[str] | None = None,
) -> None:
    """Display a table as Markdown, which takes the look of JupyterLab, Colab or the book around it.

    Args:
        rows: The cells, row by row.
        columns: The header, strings or numbers; columns that hold only numbers are set flush right.
        formats: One format a column, e.g. ``["{}", "{:.2f}"]``; text cells ignore it.

    Raises:
        ValueError: If a row or ``formats`` is not as long as ``columns``.
    """
    for position, row in enumerate(rows):
        if len(row) != len(columns):
            raise ValueError(
                f"row {position} has {len(row)} cells, the header has {len(columns)}"
            )
    if formats is not None and len(formats) != len(columns):
        raise ValueError(f"{len(formats)} formats for {len(columns)} columns")

    def cell(value: object, column: int) -> str:
        pattern = (
            formats[column]
            if formats is not None and not isinstance(value, str)
            else "{}"
        )
        return pattern.format(value).replace("|", "\\|").replace("\n", " ")

    numeric = [
        bool(rows) and all(not isinstance(row[column], str) for row in rows)
        for column in range(len(columns))
    ]
    lines = [
        "| " + " | ".join(map(str, columns)) + " |",
        "| " + " | ".join("---:" if right else "---" for right in numeric) + " |",
        *(
            "| " + " | ".join(cell(value, i) for i, value in enumerate(row)) + " |"
            for row in rows
        ),
    ]
    display = require("IPython.display", extra="notebook")
    table = "\n".join(lines)
    display.display({"text/markdown": table, "text/plain": table}, raw=True)
