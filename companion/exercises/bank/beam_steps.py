"""Exercise on beam search: one step of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from companion.exercises.expect import Mismatch, expect_close, expect_parts
from companion.exercises.registry import exercise

beam_step = exercise(
    "beam-step",
    "One step of a beam",
    chapter=13,
    level="practice",
    answer="beam_step",
)
_PARTS = "rows, tokens, totals"
_TOTALS = np.array([-1.0, -3.0])
_LOGS = np.log([[0.5, 0.3, 0.2], [0.1, 0.85, 0.05]])
_SHOWN = "beam_step([-1, -3], ln [[0.5, 0.3, 0.2], [0.1, 0.85, 0.05]], 3)"


def _step(answer: Callable[..., Any], *given: Any, shown: str) -> list[Any]:
    copies = [x.copy() if isinstance(x, np.ndarray) else x for x in given]
    return list(expect_parts(answer(*copies), _PARTS, shown, "arrays"))


@beam_step.check(
    "how many",
    hint="Of all B times V extensions the best `beam` are kept, over all rows together; all if there are fewer.",
)
def _how_many(answer: Callable[..., Any]) -> None:
    for beam, wanted in ((3, 3), (1, 1), (50, 6)):
        shown = _SHOWN.replace("3)", f"{beam})")
        for part in _step(answer, _TOTALS, _LOGS, beam, shown=shown):
            if np.shape(part) != (wanted,):
                raise Mismatch(
                    f"{shown} gave an array of shape {list(np.shape(part))}, expected [{wanted}]."
                )


@beam_step.check(
    "the totals",
    hint="The log-probability of an extension is that of its beginning plus that of the token. The best come first.",
)
def _totals(answer: Callable[..., Any]) -> None:
    *_, totals = _step(answer, _TOTALS, _LOGS, 3, shown=_SHOWN)
    want = -1 + np.log([0.5, 0.3, 0.2])
    expect_close(
        totals,
        want,
        f"totals from {_SHOWN}",
        mistakes=[
            (np.log([0.85, 0.5, 0.3]), "These are the tokens alone: the log-probability of the beginning is missing."),
            (want[::-1], "The best comes first."),
            (np.sort(np.ravel(_TOTALS[:, None] + _LOGS))[:3], "These are the worst."),
            (np.exp(want), "These are probabilities. Keep logarithms: products of many probabilities vanish."),
            (np.sort(np.ravel(-_TOTALS[:, None] * _LOGS))[::-1][:3], "Log-probabilities are added, not multiplied."),
            ([want[0], -3 + np.log(0.85), want[1]], "One of each row was taken. A beam is not a place for every row."),
        ],
    )  # fmt: skip


@beam_step.check(
    "where they come from",
    hint="Rows number the beginnings, tokens the vocabulary: in a flattened array, place = row * V + token.",
)
def _origin(answer: Callable[..., Any]) -> None:
    rng = np.random.default_rng(131)
    totals, logs = rng.normal(size=4), rng.normal(size=(4, 7))
    shown = "beam_step(totals, logs, 5) with 4 beginnings and 7 tokens"
    rows, tokens, _ = _step(answer, totals, logs, 5, shown=shown)
    places = np.argsort(-(totals[:, None] + logs), axis=None)[:5]
    expect_close(
        rows,
        places // 7,
        f"rows from {shown}",
        mistakes=[
            (places % 7, "Rows and tokens are exchanged."),
            (places % 4, "The remainder is the token, and the divisor is V: a row of the array has V entries."),
            (places // 4, "Divide by the size of the vocabulary, the number of columns."),
            (places, "These are places in the flattened array."),
        ],
    )  # fmt: skip
    expect_close(tokens, places % 7, f"tokens from {shown}")


@beam_step.check(
    "both from one row",
    hint="A beginning may be extended more than once, and another not at all: that is how a beam forgets.",
)
def _one_row(answer: Callable[..., Any]) -> None:
    logs = np.log(np.full((3, 4), 0.25))
    shown = "beam_step([-9, 0, -9], four equal tokens, 3)"
    rows, tokens, _ = _step(answer, np.array([-9.0, 0.0, -9.0]), logs, 3, shown=shown)
    expect_close(rows, [1, 1, 1], f"rows from {shown}")
    if len(set(np.asarray(tokens).tolist())) < 3:
        raise Mismatch(
            f"{shown} gave the same token twice: {np.asarray(tokens).tolist()}."
        )
