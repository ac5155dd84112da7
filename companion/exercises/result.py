"""What a check found, as text and as HTML."""

from __future__ import annotations

import html
import linecache
import re
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Status = Literal["passed", "failed", "not started", "not run"]

_LIBRARIES = tuple(
    {
        sysconfig.get_path(name)
        for name in ("stdlib", "platstdlib", "purelib", "platlib")
    }
    | {str(Path(__file__).parent.parent), "<frozen"}
)

# Says more than the interpreter does, for the errors that beginners meet most.
_ADVICE = {
    "IndexError": "A position lies outside the list or array: mind the first and the last element.",
    "KeyError": "The dictionary has no such key: what should happen to what was never seen?",
    "NameError": "A name is not defined where it is used: is it misspelled, or defined in a cell that was not run?",
    "RecursionError": "The function calls itself without end: which input should stop it?",
    "UnboundLocalError": "A variable is read before anything was put into it.",
    "ZeroDivisionError": "Something is divided by zero: which input makes the divisor vanish?",
    "SystemExit": "The code calls exit(): let the function return instead.",
}


@dataclass(frozen=True)
class Outcome:
    """How one check ended.

    Attributes:
        title: What the check is about.
        points: What it is worth.
        status: Whether it passed, failed, found an untouched stub, or was not run.
        message: What was found and what was expected.
        hint: The likely mistake.
    """

    title: str
    points: int
    status: Status = "not run"
    message: str = ""
    hint: str | None = None


@dataclass(frozen=True)
class Result:
    """How an answer fared. Shows itself at the end of a notebook cell; ``print`` it anywhere else.

    Attributes:
        exercise: Id of the exercise.
        title: Its title.
        outcomes: One for each check, in order.
        verdict: Set when no check could run: the stub is untouched, or the answer is of the wrong kind.
        message: Why, in that case.
    """

    exercise: str
    title: str
    outcomes: tuple[Outcome, ...]
    verdict: Literal["not started", "failed"] | None = None
    message: str = ""

    @property
    def points(self) -> int:
        """Points of the checks that passed."""
        return sum(
            outcome.points for outcome in self.outcomes if outcome.status == "passed"
        )

    @property
    def max_points(self) -> int:
        """Points of all checks."""
        return sum(outcome.points for outcome in self.outcomes)

    @property
    def status(self) -> Literal["passed", "failed", "not started"]:
        """Passed when every check passed; there is no pass without a check."""
        if self.verdict is not None:
            return self.verdict
        passed = bool(self.outcomes) and all(
            outcome.status == "passed" for outcome in self.outcomes
        )
        return "passed" if passed else "failed"

    @property
    def passed(self) -> bool:
        """Whether the exercise is solved."""
        return self.status == "passed"

    @property
    def first_failure(self) -> Outcome | None:
        """The check that failed first."""
        return next(
            (outcome for outcome in self.outcomes if outcome.status == "failed"), None
        )

    def _headline(self) -> str:
        total = f"{self.points} of {self.max_points} points"
        return {
            "passed": f"{self.title}: solved, {total}",
            "failed": f"{self.title}: not yet, {total}",
            "not started": f"{self.title}: not started, {self.max_points} points to win",
        }[self.status]

    def _details(self) -> list[str]:
        """List what stands below the headline and the checks."""
        failure = self.first_failure
        if failure is not None:
            return [failure.message] + (
                [f"Hint: {failure.hint}"] if failure.hint else []
            )
        return [self.message] if self.message else []

    def __repr__(self) -> str:
        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
        marks = {"passed": "✓", "failed": "✗", "not run": "·", "not started": "·"}
        try:
            "✓✗·".encode(encoding)
        except (UnicodeEncodeError, LookupError):  # an old Windows terminal
            marks = {
                "passed": "ok",
                "failed": "!!",
                "not run": "--",
                "not started": "--",
            }
        lines = [self._headline()]
        if self.verdict is None:
            lines += [
                f"  {marks[outcome.status]} {outcome.title}"
                for outcome in self.outcomes
            ]
        lines += [f"  {line}" for line in self._details()]
        text = "\n".join(lines)
        return (
            text.encode(encoding, errors="replace").decode(encoding)
            if marks["passed"] == "ok"
            else text
        )

    def _repr_html_(self) -> str:
        def rich(text: str) -> str:
            return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))

        # Colors that keep their contrast on white and on black; the words say the same without them.
        edge = {"passed": "#2e9e5b", "failed": "#d1495b", "not started": "#888888"}[
            self.status
        ]
        marks = {"passed": "✓", "failed": "✗", "not run": "·", "not started": "·"}
        parts = [f"<p style='margin:0'><strong>{rich(self._headline())}</strong></p>"]
        if self.verdict is None:
            items = "".join(
                f"<li style='list-style:none;margin:0'>{marks[outcome.status]} {rich(outcome.title)}</li>"
                for outcome in self.outcomes
            )
            parts.append(f"<ul style='margin:.3em 0;padding-left:.5em'>{items}</ul>")
        parts += [
            f"<p style='margin:.3em 0 0 0'>{rich(line)}</p>" for line in self._details()
        ]
        style = f"border-left:.3em solid {edge};padding:.4em .8em;background:rgba(128,128,128,.12);color:inherit"
        return f"<div style='{style}'>{''.join(parts)}</div>"


def student_line(error: BaseException) -> str:
    """Say which line of the student's own code an exception went through last.

    Args:
        error: The exception, with its traceback.

    Returns:
        E.g. ``"line 3 (`total / count`)"``; an empty string when no line of the student's was involved.
    """
    place = ""
    trace = error.__traceback__
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        compiled = filename.endswith((".pyx", ".pxd", ".pxi"))  # parts of NumPy, say
        if not compiled and not filename.startswith(_LIBRARIES):
            source = linecache.getline(filename, trace.tb_lineno).strip()
            place = f"line {trace.tb_lineno}" + (f" (`{source}`)" if source else "")
        trace = trace.tb_next
    return place


def describe_error(error: BaseException) -> str:
    """Explain an exception that the student's code raised: its type, its message, the line, and what it means.

    Args:
        error: The exception, with its traceback.

    Example:
        >>> describe_error(ZeroDivisionError("division by zero")).split(":")[0]
        'Your code raised ZeroDivisionError'
    """
    name = type(error).__name__
    text = " ".join(str(error).split())
    text = text if len(text) <= 200 else text[:199] + "…"
    place = student_line(error)
    told = (
        f"Your code raised {name}"
        + (f" in {place}" if place else "")
        + (f": {text}" if text else "")
    )
    told = told if told.endswith((".", "!", "?")) else told + "."
    return told + (f" {_ADVICE[name]}" if name in _ADVICE else "")
