"""A few tasks that a small model can learn in seconds, with one combination held out as a whole."""

from __future__ import annotations

import builtins
import keyword
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from companion.text import Tokenizer
from companion.training.instructions import Instruction

WORDS = [
    "object",
    "string",
    "class",
    "file",
    "value",
    "list",
    "method",
    "function",
    "name",
    "module",
    "argument",
]
TASKS = ("first", "last", "kind")
FORMS = ("brief", "full")
CELLS = tuple((task, form) for task in TASKS for form in FORMS)
HELD_OUT = ("last", "full")
_PER_KIND = 40

T = TypeVar("T")


@dataclass(frozen=True)
class SmallTasks:
    """Instructions to train on, and to test with.

    Attributes:
        train: Drawn from all cells but `HELD_OUT`.
        tests: For each cell the pairs of words and the names that do not occur in training.
    """

    train: tuple[Instruction, ...]
    tests: dict[tuple[str, str], tuple[Instruction, ...]]


def instruction(task: str, form: str, item: tuple[str, str]) -> Instruction:
    """Write one instruction.

    Args:
        task: ``"first"`` or ``"last"`` asks for one of two words, ``"kind"`` for the kind of a name.
        form: ``"brief"`` asks for a word, ``"full"`` for a sentence.
        item: The two words; or the name and its kind.

    Raises:
        ValueError: If there is no such task or form.

    Example:
        >>> instruction("last", "full", ("file", "list"))
        Instruction(prompt='In full: last of file, list', answer='It is list.', task='last, full')
    """
    if (task, form) not in CELLS:
        raise ValueError(
            f"task must be one of {', '.join(TASKS)} and form one of {', '.join(FORMS)}, got {task!r} and {form!r}"
        )
    if task == "kind":
        prompt, answer = f"kind of {item[0]}", item[1]
    else:
        prompt, answer = f"{task} of {item[0]}, {item[1]}", item[task == "last"]
    if form == "full":
        prompt, answer = f"In full: {prompt}", f"It is {answer}."
    return Instruction(prompt, answer, f"{task}, {form}")


def kinds_of_names() -> dict[str, str]:
    """Return names of Python with their kind: exception, function, keyword or module.

    Example:
        >>> kinds_of_names()["KeyError"]
        'exception'
    """
    kinds = {name: "module" for name in sorted(sys.stdlib_module_names)}
    for name, value in sorted(vars(builtins).items()):
        if isinstance(value, type) and issubclass(value, BaseException):
            kinds[name] = "exception"
        elif callable(value) and not isinstance(value, type):
            kinds[name] = "function"
    kinds |= {name: "keyword" for name in keyword.kwlist}
    return {name: kind for name, kind in kinds.items() if not name.startswith("_")}


def small_tasks(
    tokenizer: Tokenizer, per_cell: int = 400, seed: int = 0, longest: int = 5
) -> SmallTasks:
    """Make the instructions.

    Args:
        tokenizer: Of the model that is to learn them.
        per_cell: Number of instructions to train on in each cell.
        seed: Of the draws.
        longest: Greatest number of tokens of a name; longer ones are left out.

    Returns:
        Instructions to train on and to test with. There are as many names of each kind, up to what there is.

    Raises:
        ValueError: If ``per_cell`` is below 1.
    """
    if per_cell < 1:
        raise ValueError(f"per_cell must be at least 1, got {per_cell}")
    rng = np.random.default_rng(seed)
    by_kind: dict[str, list[tuple[str, str]]] = {}
    for name, kind in _shuffled(sorted(kinds_of_names().items()), rng):
        if len(tokenizer.encode(f" {name}")) <= longest:
            by_kind.setdefault(kind, []).append((name, kind))
    # Whoever always says "module" is to be wrong.
    names = [item for _, items in sorted(by_kind.items()) for item in items[:_PER_KIND]]
    pairs = [(one, two) for one in WORDS for two in WORDS if one != two]
    train: list[Instruction] = []
    tests: dict[tuple[str, str], tuple[Instruction, ...]] = {}
    parts = {task: _parts(items, rng) for task, items in (("pair", pairs), ("kind", names))}  # fmt: skip
    for cell in CELLS:
        known, new = parts["kind" if cell[0] == "kind" else "pair"]
        if cell != HELD_OUT:
            drawn = rng.integers(len(known), size=per_cell)
            train += [instruction(*cell, known[i]) for i in drawn]
        tests[cell] = tuple(instruction(*cell, item) for item in new)
    return SmallTasks(tuple(train), tests)


def _shuffled(items: Sequence[T], rng: np.random.Generator) -> list[T]:
    return [items[i] for i in rng.permutation(len(items))]


def _parts(items: Sequence[T], rng: np.random.Generator) -> tuple[list[T], list[T]]:
    """Three quarters to train on, one quarter to test with."""
    shuffled = _shuffled(items, rng)
    return shuffled[len(items) // 4 :], shuffled[: len(items) // 4]
