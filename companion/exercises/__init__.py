"""The exercises of the course: `check("chain-rule", my_function)` tells what is right and hints at what is not.

An exercise lives in three places: its page in ``book/text/exercises``, whose worked solution is the source of the
stub; its checks in a module of `companion.exercises.bank`; its typical wrong answers in the tests.
"""

from companion.exercises.exercise import Check, Exercise
from companion.exercises.registry import check, exercise, exercises, get
from companion.exercises.result import Outcome, Result

__all__ = [
    "Check",
    "Exercise",
    "Outcome",
    "Result",
    "check",
    "exercise",
    "exercises",
    "get",
]
