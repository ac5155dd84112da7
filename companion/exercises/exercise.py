"""An exercise: what is asked, and the checks that an answer has to pass."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from companion.exercises.expect import Mismatch, Watched, brief
from companion.exercises.limits import TimeLimitExceeded, call_with_time_limit
from companion.exercises.result import Outcome, Result, describe_error, student_line

Level = Literal["warm-up", "practice", "challenge", "research"]
Kind = Literal["function", "class", "value"]
LEVELS: tuple[Level, ...] = ("warm-up", "practice", "challenge", "research")


@dataclass(frozen=True)
class Check:
    """One assertion about one mechanism.

    Attributes:
        title: What holds when it passes, in a few words.
        hint: The likely mistake when it does not, without giving the solution away.
        points: What it is worth.
        test: Takes the answer; raises `Mismatch` when it is wrong.
    """

    title: str
    hint: str
    points: int
    test: Callable[[Any], None]


@dataclass
class Exercise:
    """An exercise of the course.

    Attributes:
        id: Its name in the text, in ``check(...)`` and in marks, e.g. ``"chain-rule"``.
        title: One line.
        chapter: Number of the chapter it belongs to.
        level: From warm-up to research.
        answer: Name of the function, class or value that the student writes.
        kind: Which of these it is.
        checks: In the order in which they run: the first failure is the one that is explained.
    """

    id: str
    title: str
    chapter: int
    level: Level
    answer: str
    kind: Kind = "function"
    checks: list[Check] = field(default_factory=list)

    @property
    def points(self) -> int:
        """What the whole exercise is worth."""
        return sum(check.points for check in self.checks)

    def check(
        self, title: str, *, hint: str, points: int = 1
    ) -> Callable[[Callable[[Any], None]], Callable[[Any], None]]:
        """Add a check: a decorator for a function that takes the answer and raises `Mismatch` when it is wrong.

        Args:
            title: What holds when it passes.
            hint: The likely mistake when it does not.
            points: What it is worth.

        Raises:
            ValueError: If the exercise has a check of that title, or a text is empty.
        """
        if not title or not hint:
            raise ValueError(f"exercise {self.id!r}: a check needs a title and a hint")
        if any(check.title == title for check in self.checks):
            raise ValueError(
                f"exercise {self.id!r} has two checks with the title {title!r}"
            )

        def add(test: Callable[[Any], None]) -> Callable[[Any], None]:
            self.checks.append(Check(title, hint, points, test))
            return test

        return add

    def examine(
        self, answer: Any, seconds: float = 10.0, stop_at_first: bool = True
    ) -> Result:
        """Run the checks on an answer.

        Args:
            answer: The student's function, class or value.
            seconds: Time limit for all checks together.
            stop_at_first: Whether to leave the checks after the first failure unrun.

        Returns:
            What passed, what failed first and why. Nothing that the answer raises gets out, except
            KeyboardInterrupt: whoever presses the stop button means the whole cell.

        Raises:
            ValueError: If the time limit is not positive.
        """
        unfit = self._unfit(answer)
        if unfit is not None:
            return Result(
                self.id,
                self.title,
                tuple(Outcome(c.title, c.points) for c in self.checks),
                *unfit,
            )
        subject = Watched(answer, self.answer) if self.kind == "function" else answer
        deadline = time.monotonic() + seconds
        outcomes: list[Outcome] = []
        for number, check in enumerate(self.checks):
            left = seconds if number == 0 else deadline - time.monotonic()
            outcome = self._run(check, subject, left, seconds)
            outcomes.append(outcome)
            if outcome.status == "not started":
                rest = [Outcome(c.title, c.points) for c in self.checks]
                return Result(
                    self.id, self.title, tuple(rest), "not started", outcome.message
                )
            if outcome.status != "passed" and (
                stop_at_first or deadline <= time.monotonic()
            ):
                break
        outcomes += [Outcome(c.title, c.points) for c in self.checks[len(outcomes) :]]
        return Result(self.id, self.title, tuple(outcomes))

    def _unfit(
        self, answer: Any
    ) -> tuple[Literal["not started", "failed"], str] | None:
        """Say what is wrong with an answer before anything is called; None when nothing is."""
        if answer is ...:
            return (
                "not started",
                f"Replace the `...` behind `{self.answer} =` by your answer.",
            )
        wanted = {"function": "a function", "class": "a class", "value": "a value"}[
            self.kind
        ]
        example = f'check("{self.id}", {self.answer})'
        if answer is None:
            why = (
                f"The answer is None. Hand over {wanted}, without calling it: `{example}`."
                if self.kind != "value"
                else f"The answer is None: give `{self.answer}` a value before the check."
            )
            return "failed", why
        fits = {
            "function": callable(answer) and not inspect.isclass(answer),
            "class": inspect.isclass(answer),
            "value": True,
        }
        if not fits[self.kind]:
            found = (
                "a class"
                if inspect.isclass(answer)
                else f"{brief(answer)} of type {type(answer).__name__}"
            )
            return (
                "failed",
                f"This exercise asks for {wanted}, got {found}. Hand it over by name: `{example}`.",
            )
        return None

    def _run(self, check: Check, subject: Any, left: float, seconds: float) -> Outcome:
        """Run one check and turn whatever happens into an outcome."""

        def failed(message: str, hint: str | None) -> Outcome:
            return Outcome(check.title, check.points, "failed", message, hint)

        try:
            call_with_time_limit(lambda: check.test(subject), max(left, 0.01))
        except KeyboardInterrupt:
            raise
        except Mismatch as mismatch:
            return failed(mismatch.message, mismatch.hint or check.hint)
        except NotImplementedError as error:
            if str(error).startswith(f"exercise {self.id}:"):
                what = "function" if self.kind == "function" else self.kind
                message = (
                    f"Write the {what} `{self.answer}`: replace the line `raise NotImplementedError(...)` "
                    "by your code, run its cell, then run this check again."
                )
                return Outcome(check.title, check.points, "not started", message)
            return failed(describe_error(error), check.hint)
        except TimeLimitExceeded as error:
            place = student_line(error)
            return failed(
                f"Stopped after {seconds:g} s"
                + (f" in {place}" if place else "")
                + ": your code was still running.",
                "Is there a loop whose condition never becomes false, or work that grows with the square of the "
                "input? Print the loop variable for a small input and watch it.",
            )
        except (
            BaseException
        ) as error:  # SystemExit included: an answer must not end the notebook
            return failed(describe_error(error), check.hint)
        return Outcome(check.title, check.points, "passed")
