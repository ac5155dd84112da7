"""All exercises of the course, by id."""

from __future__ import annotations

import difflib
import pkgutil
from importlib import import_module
from typing import Any

from companion.exercises.exercise import LEVELS, Exercise, Kind, Level
from companion.exercises.result import Result

_EXERCISES: dict[str, Exercise] = {}


def exercise(
    id: str,
    title: str,
    *,
    chapter: int,
    level: Level,
    answer: str,
    kind: Kind = "function",
) -> Exercise:
    """Register an exercise; its checks are added with the decorator `Exercise.check`.

    Args:
        id: Its name, e.g. ``"chain-rule"``.
        title: One line.
        chapter: Number of its chapter.
        level: ``"warm-up"``, ``"practice"``, ``"challenge"`` or ``"research"``.
        answer: Name of what the student writes.
        kind: ``"function"``, ``"class"`` or ``"value"``.

    Returns:
        The exercise, without checks.

    Raises:
        ValueError: If the id is taken.
    """
    if id in _EXERCISES:
        raise ValueError(f"there are two exercises with the id {id!r}: choose another")
    _EXERCISES[id] = Exercise(id, title, chapter, level, answer, kind)
    return _EXERCISES[id]


def exercises(chapter: int | None = None) -> list[Exercise]:
    """Return the exercises in the order of the chapters, and in a chapter from warm-up to research.

    Args:
        chapter: Only those of one chapter; None for all.

    Example:
        >>> exercises(chapter=1)[0].id
        'chain-rule'
    """
    from companion.exercises import bank

    for module in sorted(info.name for info in pkgutil.iter_modules(bank.__path__)):
        import_module(f"{bank.__name__}.{module}")
    found = sorted(
        _EXERCISES.values(), key=lambda item: (item.chapter, LEVELS.index(item.level))
    )
    return [item for item in found if chapter in (None, item.chapter)]


def get(id: str) -> Exercise:
    """Look up an exercise.

    Args:
        id: Its name.

    Raises:
        KeyError: If there is none of that name; the message lists similar ones.
    """
    known = {item.id: item for item in exercises()}
    if id in known:
        return known[id]
    near = difflib.get_close_matches(str(id), known, n=3, cutoff=0.4)
    advice = (
        f"did you mean {' or '.join(map(repr, near))}?"
        if near
        else f"there are: {', '.join(known)}"
    )
    raise UnknownExercise(f"there is no exercise {id!r}; {advice}")


class UnknownExercise(KeyError):
    """No exercise has this id."""

    def __str__(self) -> str:
        # KeyError would show the message in quotes, with escapes.
        return str(self.args[0])


def check(id: str, answer: Any, seconds: float = 10.0) -> Result:
    """Check an answer to an exercise; the last line of a notebook cell.

    Args:
        id: The exercise, e.g. ``"chain-rule"``.
        answer: Your function, class or value: the thing itself, not its result.
        seconds: Time limit for all checks together.

    Returns:
        The result, which shows itself: what passed, what failed first, and a hint.

    Raises:
        KeyError: If there is no such exercise; the message lists similar ones.
        ValueError: If the time limit is not positive.

    Example:
        >>> check("entropy-bits", lambda p: 1.0).passed
        False
    """
    return get(id).examine(answer, seconds)
