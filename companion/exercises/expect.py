"""What a check may expect of an answer, in words a student understands."""

from __future__ import annotations

import copy
import numbers
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np


class Mismatch(Exception):
    """An answer differs from what the exercise asks for.

    Attributes:
        message: What was found and what was expected.
        hint: Names the mistake when the value gives it away; None leaves it to the check's own hint.
    """

    def __init__(self, message: str, hint: str | None = None):
        super().__init__(message)
        self.message = message
        self.hint = hint


def brief(value: object, width: int = 80) -> str:
    """Return a value as a short, stable piece of text.

    Args:
        value: Anything.
        width: Longest result, in characters.

    Example:
        >>> brief(np.array([0.5, 0.25]))
        '[0.5, 0.25]'
    """
    if isinstance(value, np.ndarray):
        value = value.tolist()
    elif isinstance(value, np.generic):
        value = value.item()
    text = f"{value:.6g}" if isinstance(value, float) else repr(value)
    if (
        isinstance(value, list | tuple)
        and value
        and all(isinstance(v, float) for v in value)
    ):
        inner = ", ".join(f"{v:.6g}" for v in value)
        text = (
            f"[{inner}]"
            if isinstance(value, list)
            else f"({inner}{',' if len(value) == 1 else ''})"
        )
    # An address in memory differs from run to run, and says nothing.
    if " at 0x" in text:
        text = f"<{type(value).__name__}>"
    return text if len(text) <= width else text[: width - 1] + "…"


def refuse_none(got: object, shown: str) -> None:
    """Name a missing result for what it is.

    Raises:
        Mismatch: If ``got`` is None.
    """
    if got is None:
        raise Mismatch(
            f"{shown} returned None, which is what a function returns that ends without `return`.",
            "Your function computes something but does not return it: end it with `return ...`.",
        )


def expect_close(
    got: object,
    want: Any,
    shown: str,
    mistakes: Iterable[tuple[Any, str]] = (),
    tolerance: float = 1e-9,
) -> None:
    """Expect a number, or an array of numbers.

    Args:
        got: What the answer returned.
        want: The right value: number, list or array.
        shown: The call as the student would write it, e.g. ``"entropy_bits([0.5, 0.5])"``.
        mistakes: Wrong values that give the mistake away, each with its hint.
        tolerance: Largest allowed difference, relative to the larger of 1 and the right value.

    Raises:
        Mismatch: If the value is missing, of the wrong kind or shape, or not close.

    Example:
        >>> expect_close(1.0, 1.0, "entropy_bits([0.5, 0.5])")
    """
    refuse_none(got, shown)
    wanted = np.asarray(want, dtype=np.float64)
    try:
        if isinstance(got, str | bool):
            raise TypeError
        found = np.asarray(got, dtype=np.float64)
    except (TypeError, ValueError):
        kind = "a number" if wanted.ndim == 0 else f"{wanted.size} numbers"
        raise Mismatch(
            f"{shown} gave {brief(got)}, which is of type {type(got).__name__}; expected {kind}."
        ) from None
    if found.shape != wanted.shape:
        expected = (
            "a single number" if wanted.ndim == 0 else f"shape {list(wanted.shape)}"
        )
        raise Mismatch(
            f"{shown} gave an array of shape {list(found.shape)}: {brief(got)}; expected {expected}."
        )

    def close(value: Any, reference: Any) -> bool:
        reference = np.asarray(reference, dtype=np.float64)
        scale = np.maximum(
            1.0, np.where(np.isfinite(reference), np.abs(reference), 1.0)
        )
        with np.errstate(invalid="ignore"):
            near = np.abs(value - reference) <= tolerance * scale
        return bool(
            np.all(
                near | (value == reference) | (np.isnan(value) & np.isnan(reference))
            )
        )

    if close(found, wanted):
        return
    message = f"{shown} gave {brief(got)}, expected {brief(want)}."
    for value, hint in mistakes:
        if np.shape(value) == found.shape and close(found, value):
            raise Mismatch(message, hint)
    raise Mismatch(message)


def expect_equal(
    got: object, want: object, shown: str, mistakes: Iterable[tuple[object, str]] = ()
) -> None:
    """Expect a value that can be compared exactly: a string, a list of tokens, a set, an integer.

    Lists, tuples and arrays with the same elements count as equal.

    Args:
        got: What the answer returned.
        want: The right value.
        shown: The call as the student would write it.
        mistakes: Wrong values that give the mistake away, each with its hint.

    Raises:
        Mismatch: If the value is missing or differs.

    Example:
        >>> expect_equal(("a", "b"), ["a", "b"], "split('ab')")
    """
    refuse_none(got, shown)
    if same(got, want):
        return
    message = f"{shown} gave {brief(got)}, expected {brief(want)}."
    for value, hint in mistakes:
        if same(got, value):
            raise Mismatch(message, hint)
    raise Mismatch(message)


def expect_true(
    condition: bool | np.bool_, message: str, hint: str | None = None
) -> None:
    """Expect something that is neither a number nor a value, and say in words what is not so.

    Args:
        condition: Whether it holds.
        message: What was found and what was expected.
        hint: Names the mistake; None leaves it to the check's own hint.

    Raises:
        Mismatch: If it does not hold.
    """
    if not condition:
        raise Mismatch(message, hint)


_NUMBERS = ("no", "one", "two", "three", "four", "five")


def expect_parts(
    got: object, names: str, shown: str, what: str = "things"
) -> tuple[Any, ...]:
    """Expect a tuple or list of as many parts as there are names, and take it apart.

    Args:
        got: What the answer returned.
        names: The parts in order, as the statement calls them, e.g. ``"loss, gradient"``; at most five.
        shown: The call as the student would write it.
        what: What they are, e.g. ``"arrays"``.

    Returns:
        The parts.

    Raises:
        Mismatch: If it is something else, or has fewer or more parts.

    Example:
        >>> expect_parts([1.5, 2.5], "h, c", "lstm_step(...)")
        (1.5, 2.5)
    """
    wanted = len(names.split(", "))
    if not isinstance(got, tuple | list) or len(got) != wanted:
        number = _NUMBERS[wanted]
        raise Mismatch(
            f"{shown} gave {brief(got)}, expected {number} {what}: {names}.",
            f"Return a tuple of {number}, in the order {names}.",
        )
    return tuple(got)


def expect_error(
    answer: Callable[..., Any],
    arguments: tuple[Any, ...],
    kind: type[Exception],
    shown: str,
) -> None:
    """Expect that bad input is refused.

    Args:
        answer: The student's function.
        arguments: The bad input.
        kind: The exception that should be raised.
        shown: The call as the student would write it.

    Raises:
        Mismatch: If the call goes through.
    """
    try:
        got = answer(*arguments)
    except kind as error:
        if isinstance(
            error, NotImplementedError
        ):  # an untouched stub refuses everything
            raise
        return
    raise Mismatch(f"{shown} gave {brief(got)}, expected a {kind.__name__}.")


def same(first: object, second: object) -> bool:
    """Whether two values are equal, arrays and nested containers included."""
    if (
        isinstance(first, np.ndarray)
        and isinstance(second, np.ndarray)
        and first.dtype.kind != "O"
    ):
        if first.dtype.kind not in "biufc" or second.dtype.kind not in "biufc":
            return bool(np.array_equal(first, second))
        return bool(np.array_equal(first, second, equal_nan=True))
    if isinstance(first, np.ndarray | np.generic):
        first = first.tolist()
    if isinstance(second, np.ndarray | np.generic):
        second = second.tolist()
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(
            same(first[key], second[key]) for key in first
        )
    if isinstance(first, list | tuple) and isinstance(second, list | tuple):
        return len(first) == len(second) and all(map(same, first, second))
    if isinstance(first, numbers.Number) and first != first:
        return isinstance(second, numbers.Number) and second != second
    try:
        return bool(first == second)
    except Exception:  # an __eq__ of the student's own making
        return False


_WATCHED = (list, dict, set, np.ndarray, bytearray)


class Watched:
    """A student's function under watch: it may not change its arguments, nor return nothing.

    Attributes:
        function: The answer itself.
        name: How messages call it.
    """

    def __init__(self, function: Callable[..., Any], name: str):
        self.function = function
        self.name = name

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Call the function, then look at what it did to its arguments and what it returned.

        Raises:
            Mismatch: If an argument changed, or nothing was returned.
        """
        given = [*arguments, *keywords.values()]
        before = [
            copy.deepcopy(value) if isinstance(value, _WATCHED) else None
            for value in given
        ]
        result = self.function(*arguments, **keywords)
        for position, (value, old) in enumerate(zip(given, before, strict=True)):
            if isinstance(value, _WATCHED) and not same(value, old):
                raise Mismatch(
                    f"{self.name} changed its argument number {position + 1} from {brief(old)} to {brief(value)}.",
                    "Your function works on the caller's data. Make a copy first, or build a new object: "
                    "`x = x / 2` makes a new array, `x /= 2` overwrites the one that was given.",
                )
        refuse_none(result, f"{self.name}(...)")
        return result
