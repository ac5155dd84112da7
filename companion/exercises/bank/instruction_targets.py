"""Exercise on supervised fine-tuning: which tokens count as targets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Int

from companion.exercises.expect import (
    Mismatch,
    brief,
    expect_equal,
    expect_error,
    expect_parts,
)
from companion.exercises.registry import exercise

answer_targets = exercise(
    "answer-targets",
    "Which tokens count",
    chapter=16,
    level="practice",
    answer="answer_targets",
)
_PROMPTS = [[90, 11, 12], [90, 13]]
_ANSWERS = [[21, 22], [23, 24, 25, 26]]
_SHOWN = "answer_targets([[90, 11, 12], [90, 13]], [[21, 22], [23, 24, 25, 26]])"


def _arrays(
    got: object, shown: str
) -> tuple[Int[np.ndarray, "batch time"], Int[np.ndarray, "batch places"]]:
    tokens, targets = expect_parts(got, "tokens, targets", shown, "arrays")
    found = []
    for name, array in (("tokens", tokens), ("targets", targets)):
        try:
            found.append(np.asarray(array).astype(int))
        except (ValueError, TypeError):
            raise Mismatch(
                f"{name} from {shown} is {brief(array)}, expected an array with a row for each text.",
                "The rows have different lengths: fill the short ones up at the right.",
            ) from None
        if found[-1].ndim != 2:
            raise Mismatch(
                f"{name} from {shown} has shape {list(found[-1].shape)}, expected two dimensions."
            )
    return found[0], found[1]


@answer_targets.check(
    "what is read",
    hint="A row holds a prompt, its answer and zeros, as long as the longest text. The last token of the longest text "
    "is read too, though nothing is predicted from it.",
)
def _read(answer: Callable[..., Any]) -> None:
    tokens, _ = _arrays(answer(_PROMPTS, _ANSWERS), _SHOWN)
    want = [[90, 11, 12, 21, 22, 0], [90, 13, 23, 24, 25, 26]]
    expect_equal(
        tokens,
        want,
        f"tokens from {_SHOWN}",
        mistakes=[
            ([[0, 90, 11, 12, 21, 22], want[1]], "Padding stands at the left here. Fill up at the right."),
            ([[90, 11, 12, 21, 22, -100], want[1]], "-100 is no token: only targets may be -100. Fill up with 0."),
            ([row[:-1] for row in want], "The last column is missing."),
        ],
    )  # fmt: skip


@answer_targets.check(
    "what is predicted",
    hint="targets[:, t] is the token at t + 1 if that one belongs to an answer, and -100 if it belongs to a prompt "
    "or is padding.",
)
def _predicted(answer: Callable[..., Any]) -> None:
    _, targets = _arrays(answer(_PROMPTS, _ANSWERS), _SHOWN)
    want = np.array([[-100, -100, 21, 22, -100], [-100, 23, 24, 25, 26]])
    tokens = np.array([[90, 11, 12, 21, 22, 0], [90, 13, 23, 24, 25, 26]])
    late = np.array([[-100, -100, -100, 22, -100], [-100, -100, 24, 25, 26]])
    early = np.array([[-100, 12, 21, 22, -100], [13, 23, 24, 25, 26]])
    padded = want.copy()
    padded[0, 4] = 0
    everything = tokens[:, 1:].copy()
    everything[0, 4] = -100
    unshifted = np.array([[-100, -100, -100, 21, 22, -100], [-100, -100, *_ANSWERS[1]]])
    expect_equal(
        targets,
        want,
        f"targets from {_SHOWN}",
        mistakes=[
            (unshifted, "Targets are not shifted: place t predicts the token at t + 1, and the last predicts none."),
            (unshifted[:, :-1], "Targets are not shifted: the model would be asked for the token that it reads."),
            (late, "The first token of each answer is missing. It is predicted from the last token of the prompt."),
            (early, "The last token of each prompt counts here. It is given, not predicted."),
            (padded, "Padding counts as a target: the model would learn to write zeros after an answer."),
            (everything, "The tokens of the prompts count."),
            (tokens[:, 1:], "All tokens count, prompts and padding too."),
        ],
    )  # fmt: skip


@answer_targets.check(
    "a token that is also the padding",
    hint="The id 0 may also be a token of an answer. Tell padding by where it stands, not by its value.",
)
def _zero_is_a_token(answer: Callable[..., Any]) -> None:
    shown = "answer_targets([[9], [9, 8]], [[0, 5], [0]])"
    tokens, targets = _arrays(answer([[9], [9, 8]], [[0, 5], [0]]), shown)
    expect_equal(tokens, [[9, 0, 5], [9, 8, 0]], f"tokens from {shown}")
    expect_equal(targets, [[0, 5], [-100, 0]], f"targets from {shown}")


@answer_targets.check(
    "an empty prompt",
    hint="The first token of an answer is predicted from the last token of the prompt: without a prompt there is none. "
    "Raise a ValueError.",
)
def _empty(answer: Callable[..., Any]) -> None:
    expect_error(
        answer,
        ([[9], []], [[1], [2]]),
        ValueError,
        "answer_targets([[9], []], [[1], [2]])",
    )
