"""Exercise on speculative decoding: how often a draft is accepted, and what replaces it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from companion.exercises.expect import expect_close, expect_parts
from companion.exercises.registry import exercise

speculation = exercise(
    "accept-replace",
    "Accept or replace",
    chapter=13,
    level="challenge",
    answer="accept_replace",
)
_PARTS = "accepted, rate, replacement"
_P, _Q = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.6, 0.2])
_SHOWN = "accept_replace(p=[0.5, 0.3, 0.2], q=[0.2, 0.6, 0.2])"


def _parts(answer: Callable[..., Any], p: Any, q: Any, shown: str) -> tuple[Any, ...]:
    with np.errstate(all="ignore"):
        got = answer(p.copy(), q.copy())
    return expect_parts(got, _PARTS, shown, "parts")


@speculation.check(
    "each token",
    hint="A token that the target likes at least as much as the draft is always accepted; one that the draft proposes "
    "too often is accepted so much more rarely. The result is a probability.",
)
def _each(answer: Callable[..., Any]) -> None:
    accepted, *_ = _parts(answer, _P, _Q, _SHOWN)
    expect_close(
        accepted,
        [1.0, 0.5, 1.0],
        f"accepted from {_SHOWN}",
        mistakes=[
            ([2.5, 0.5, 1.0], "A probability is at most 1: take the minimum."),
            ([0.4, 1.0, 1.0], "p and q are exchanged: p is what is wanted."),
            ([0.2, 0.3, 0.2], "This is the overlap of p and q: how often a token is proposed and accepted. How often "
             "is it accepted, once it is proposed?"),
        ],
    )  # fmt: skip


@speculation.check(
    "on the whole",
    hint="Token w is proposed with probability q(w), and then accepted with the one above: sum over the tokens.",
)
def _whole(answer: Callable[..., Any]) -> None:
    _, rate, _ = _parts(answer, _P, _Q, _SHOWN)
    expect_close(
        rate,
        0.7,
        f"rate from {_SHOWN}",
        mistakes=[
            (
                2.5 / 3,
                "This is the mean over the tokens. They are not proposed equally often.",
            ),
            (0.85, "Proposals come from q, not from p."),
            (0.3, "This is the share that is rejected."),
        ],
    )


@speculation.check(
    "the replacement",
    hint="After a rejection, draw from what q gave too little to: the positive part of p - q, as a distribution.",
)
def _replacement(answer: Callable[..., Any]) -> None:
    p, q = np.array([0.5, 0.3, 0.2]), np.array([0.3, 0.6, 0.1])
    shown = "accept_replace(p=[0.5, 0.3, 0.2], q=[0.3, 0.6, 0.1])"
    *_, replacement = _parts(answer, p, q, shown)
    expect_close(
        replacement,
        [2 / 3, 0, 1 / 3],
        f"replacement from {shown}",
        mistakes=[
            ([0.2, 0, 0.1], "It has to sum to one."),
            ([0.2 / 0.6, 0.3 / 0.6, 0.1 / 0.6], "Where p is below q nothing is missing: zero, not the difference."),
            (p, "A draw from p itself would give the tokens that were accepted already a second chance: the sum of "
             "both ways is then no longer p."),
            ([0, 1, 0], "p and q are exchanged: this is what q gave too much to."),
        ],
    )  # fmt: skip


@speculation.check(
    "tokens that are impossible",
    hint="Where q is zero the token is never proposed. Its ratio is infinite or undefined: say 1, so that no nan comes "
    "out.",
)
def _impossible(answer: Callable[..., Any]) -> None:
    p, q = np.array([0.5, 0.5, 0.0, 0.0]), np.array([0.0, 0.5, 0.5, 0.0])
    shown = "accept_replace(p=[0.5, 0.5, 0, 0], q=[0, 0.5, 0.5, 0])"
    accepted, rate, replacement = _parts(answer, p, q, shown)
    expect_close(accepted, [1, 1, 0, 1], f"accepted from {shown}")
    expect_close(rate, 0.5, f"rate from {shown}")
    expect_close(replacement, [1, 0, 0, 0], f"replacement from {shown}")


@speculation.check(
    "equal distributions",
    hint="If p and q are equal, nothing is ever rejected, and p - q leaves nothing to normalize: return p then.",
)
def _equal(answer: Callable[..., Any]) -> None:
    shown = "accept_replace(p, p) with p = [0.6, 0.4]"
    p = np.array([0.6, 0.4])
    _, rate, replacement = _parts(answer, p, p, shown)
    expect_close(rate, 1.0, f"rate from {shown}")
    expect_close(replacement, p, f"replacement from {shown}")
