"""Exercises on recurrent networks: running a cell, and batches through which the state is carried."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float

from companion.exercises.expect import (
    Mismatch,
    brief,
    expect_close,
    expect_equal,
    expect_error,
    expect_true,
    refuse_none,
)
from companion.exercises.registry import exercise

elman_states = exercise(
    "elman-states",
    "One state after the other",
    chapter=5,
    level="warm-up",
    answer="elman_states",
)


def _run(x: Any, w: Any, u: Any, b: Any, h: Any) -> Float[np.ndarray, "time d_h"]:
    states = []
    for now in x:
        h = np.tanh(w @ now + u @ h + b)
        states.append(h)
    return np.array(states)


def _table(got: Any, shown: str) -> Float[np.ndarray, "..."]:
    refuse_none(got, shown)
    try:
        return np.asarray(got, dtype=float)
    except (TypeError, ValueError):
        raise Mismatch(
            f"{shown} gave {brief(got)}, expected one table of numbers.",
            "Return the states, and nothing beside them.",
        ) from None


@elman_states.check(
    "one step",
    hint="tanh of W x + U h + b, where h is the state before.",
)
def _one_step(answer: Callable[..., Any]) -> None:
    w, u = np.array([[0.5, 0.25], [-0.5, 1.0]]), np.array([[0.5, 1.0], [-1.0, 0.25]])
    x, b, h0 = np.array([1.0, -1.0]), np.array([0.1, 0.2]), np.array([0.5, -0.25])
    shown = (
        "elman_states(x=[[1, -1]], W=[[0.5, 0.25], [-0.5, 1]], U=[[0.5, 1], [-1, 0.25]], "
        "b=[0.1, 0.2], h0=[0.5, -0.25])"
    )
    got = _table(answer(x[None].copy(), w.copy(), u.copy(), b.copy(), h0.copy()), shown)
    right = w @ x + u @ h0 + b
    if np.shape(got) == (2, 2) and np.allclose(np.asarray(got)[0], h0):
        raise Mismatch(
            f"{shown} gave {brief(got)}, expected one state.",
            "The first row is h0, the state before the first token. The result begins with the state after it.",
        )
    if np.shape(got) == (2,):
        raise Mismatch(
            f"{shown} has shape [2], expected [1, 2].",
            "The result is a table with a row for each state: not the last state alone, nor all numbers in a line.",
        )
    expect_close(
        got,
        np.array([np.tanh(right)]),
        shown,
        mistakes=[
            ([right], "tanh is missing."),
            ([np.tanh(right - b)], "The bias is missing."),
            ([np.tanh(right - u @ h0)], "h0 has no effect."),
            ([np.tanh(w @ x + h0 + b)], "U has no effect."),
            (
                [np.tanh(w @ x + b) + u @ h0],
                "The state before is added outside of tanh. It belongs inside.",
            ),
            ([np.tanh(w @ x + u.T @ h0 + b)], "U is transposed: unit i reads row i of it."),
            ([np.tanh(w.T @ x + u @ h0 + b)], "W is transposed: unit i reads row i of it."),
            (
                [np.tanh(w.T @ x + u.T @ h0 + b)],
                "W and U are transposed: unit i reads row i of them. Both are square here, so no shape protests.",
            ),
            ([np.tanh(u @ x + w @ h0 + b)], "W and U are exchanged: W reads the input."),
        ],
    )  # fmt: skip


@elman_states.check(
    "the state is carried",
    hint="What a step computes is what the next one starts from.",
)
def _carried(answer: Callable[..., Any]) -> None:
    generator = np.random.default_rng(53)
    x, w, u = (generator.normal(size=s) for s in ((4, 3), (2, 3), (2, 2)))
    b, h0 = generator.normal(size=2), generator.normal(size=2)
    got = answer(x.copy(), w.copy(), u.copy(), b.copy(), h0.copy())
    right = _run(x, w, u, b, h0)
    raw = [w @ x[0] + u @ h0 + b]
    for now in x[1:]:
        raw.append(w @ now + u @ raw[-1] + b)
    expect_close(
        got,
        right,
        "elman_states(x [4, 3], W [2, 3], U [2, 2], b [2], h0 [2])",
        mistakes=[
            (
                [_run(now[None], w, u, b, h0)[0] for now in x],
                "Every step started from h0. The state has to be handed on.",
            ),
            (
                [right[-1]] * 4,
                "All rows are the last state: one array was filled again and again, and every row is that array.",
            ),
            (
                np.tanh(raw),
                "What was handed on is the sum before tanh. The state is what comes after it.",
            ),
            (right[::-1], "The order is turned round: row t is the state after token t."),
            ([h0, *right[:-1]], "Row t is the state before token t. Asked for is the one after it."),
        ],
    )  # fmt: skip


@elman_states.check(
    "a wide state, a long text",
    hint="Use the sizes of what is given: x has shape [T, d_x], the result [T, d_h].",
)
def _wide(answer: Callable[..., Any]) -> None:
    generator = np.random.default_rng(54)
    x, w, u = (generator.normal(size=s) for s in ((30, 2), (7, 2), (7, 7)))
    b, h0 = np.zeros(7), np.zeros(7)
    got = answer(x.copy(), w.copy(), 0.2 * u, b.copy(), h0.copy())
    shown = "elman_states(x [30, 2], W [7, 2], U [7, 7], b = 0, h0 = 0)"
    if np.shape(got) == (7, 30):
        raise Mismatch(
            f"{shown} has shape [7, 30], expected [30, 7].",
            "The result is transposed: a state is a row.",
        )
    expect_close(got, _run(x, w, 0.2 * u, b, h0), shown)


carried_batches = exercise(
    "carried-batches",
    "Pieces that go on",
    chapter=5,
    level="practice",
    answer="carried_batches",
)


def _cut(
    answer: Callable[..., Any], tokens: int, batch: int, steps: int
) -> tuple[list[tuple[Any, Any]], str]:
    """Call the answer with the stream 100, 101, ...; return its pairs, and how the call is shown."""
    shown = (
        f"carried_batches([100, 101, ..., {99 + tokens}], batch={batch}, steps={steps})"
    )
    got = list(answer(np.arange(100, 100 + tokens), batch, steps))
    if (
        len(got) == 2
        and isinstance(got[0], np.ndarray)
        and got[0].ndim == 3
        and len(got[0]) != 2
    ):
        raise Mismatch(
            f"{shown} gave two arrays of shape {list(np.shape(got[0]))}.",
            "Return a list with one pair for each batch: (inputs, targets), (inputs, targets), ...",
        )
    for pair in got:
        if not isinstance(pair, tuple | list | np.ndarray) or np.shape(pair[0]) == (steps,):  # fmt: skip
            raise Mismatch(
                f"{shown} gave a list of {brief(pair)}, ...",
                "Each batch is a pair: the inputs, and the targets one place on.",
            )
        if len(pair) != 2:
            raise Mismatch(f"{shown}: batch {brief(pair)} is no pair of arrays.")
    return [(pair[0], pair[1]) for pair in got], shown


@carried_batches.check(
    "rows of the stream",
    hint="Row r reads the r-th long part of the stream. The first batch holds the beginning of each part.",
)
def _rows(answer: Callable[..., Any]) -> None:
    pairs, shown = _cut(answer, 20, 2, 3)
    expect_true(len(pairs) > 0, f"{shown} gave no batch.")
    inputs = pairs[0][0]
    if np.shape(inputs) == (3, 2):
        raise Mismatch(
            f"the first inputs from {shown} have shape [3, 2], expected [2, 3].",
            "A batch is [batch, steps]: a row for each text, time from left to right.",
        )
    expect_equal(
        np.asarray(inputs),
        [[100, 101, 102], [109, 110, 111]],
        f"the first inputs from {shown}",
        mistakes=[
            (
                [[100, 101, 102], [103, 104, 105]],
                "Pieces were dealt to the rows in turn: row 1 holds what should follow row 0, so the state of a row "
                "is carried into a text that it does not belong to.",
            ),
            (
                [[100, 102, 104], [101, 103, 105]],
                "Tokens were dealt to the rows in turn. A row is a text: its tokens stand side by side in the stream.",
            ),
            (
                [[100, 101, 102], [110, 111, 112]],
                "Rows begin every 10 tokens. Of 20 tokens 19 have a target after them: 9 for each row.",
            ),
        ],
    )


@carried_batches.check(
    "targets",
    hint="The target of a place is the token of the stream after it, also at the end of a piece.",
)
def _targets(answer: Callable[..., Any]) -> None:
    pairs, shown = _cut(answer, 20, 2, 3)
    got = pairs[0][1]
    if np.shape(got) == (2, 2):
        raise Mismatch(
            f"the first targets from {shown} have shape [2, 2], expected [2, 3].",
            "The last place of a piece has a target, too: the stream goes on after the piece.",
        )
    expect_equal(
        np.asarray(got),
        [[101, 102, 103], [110, 111, 112]],
        f"the first targets from {shown}",
        mistakes=[
            ([[100, 101, 102], [109, 110, 111]], "These are the inputs: the model would learn to copy."),
            (
                [[101, 102, 100], [110, 111, 109]],
                "The last target of a row is the first token of its piece: np.roll comes back at the other end.",
            ),
            (
                [[103, 104, 105], [112, 113, 114]],
                "These are the inputs of the next batch. The target is one token on, not one piece.",
            ),
        ],
    )  # fmt: skip


@carried_batches.check(
    "the next batch goes on",
    hint="Row r of a batch begins with the token after the last input of row r of the batch before.",
)
def _goes_on(answer: Callable[..., Any]) -> None:
    pairs, shown = _cut(answer, 20, 2, 3)
    expect_true(
        len(pairs) > 1,
        f"{shown} gave one batch. Each row has 9 tokens to read, which are three pieces of 3.",
    )
    expect_equal(
        np.asarray(pairs[1][0]),
        [[103, 104, 105], [112, 113, 114]],
        f"the second inputs from {shown}",
        mistakes=[
            (
                [[104, 105, 106], [113, 114, 115]],
                "A token between the pieces is never read: pieces begin every `steps` tokens, not every steps + 1.",
            ),
            (
                [[102, 103, 104], [111, 112, 113]],
                "A token is read twice: the state has seen it already.",
            ),
            (
                [[101, 102, 103], [110, 111, 112]],
                "The pieces overlap. The state has seen these tokens already.",
            ),
            (
                [[118, 100, 101], [103, 104, 105]],
                "The order within the stream was lost.",
            ),
        ],
    )
    expect_equal(
        np.asarray(pairs[1][1]),
        [[104, 105, 106], [113, 114, 115]],
        f"the second targets from {shown}",
    )


@carried_batches.check(
    "how many batches",
    hint="With T tokens there are T - 1 places that have a target. Each row gets (T - 1) // batch of them, and full "
    "pieces only are used.",
)
def _how_many(answer: Callable[..., Any]) -> None:
    for tokens, batch, steps in ((20, 2, 3), (18, 2, 3), (17, 3, 2), (30, 3, 4)):
        pairs, shown = _cut(answer, tokens, batch, steps)
        row = (tokens - 1) // batch
        if len(pairs) and np.shape(pairs[-1][0]) != (batch, steps):
            raise Mismatch(
                f"the last inputs from {shown} have shape {list(np.shape(pairs[-1][0]))}, expected {[batch, steps]}.",
                "The rest of a row that is shorter than `steps` makes no batch.",
            )
        expect_equal(
            len(pairs),
            row // steps,
            f"the number of batches from {shown}",
            mistakes=[
                (
                    row // steps - 1,
                    "A full piece is missing. Its last target need not lie in the same row's part of the stream.",
                )
            ],
        )
        starts = 100 + row * np.arange(batch)[:, None] + np.arange(steps)
        for number, (inputs, targets) in enumerate(pairs):
            here = starts + number * steps
            expect_equal(np.asarray(inputs), here, f"inputs {number} from {shown}")
            expect_equal(np.asarray(targets), here + 1, f"targets {number} from {shown}")  # fmt: skip


@carried_batches.check(
    "too short a stream",
    hint="Without a single full batch training would do nothing, in silence: raise a ValueError.",
)
def _too_short(answer: Callable[..., Any]) -> None:
    expect_error(
        lambda *arguments: list(answer(*arguments)),
        (np.arange(6), 2, 3),
        ValueError,
        "carried_batches([0, 1, ..., 5], batch=2, steps=3)",
    )
