"""Exercises on labels: the accuracy that no classifier can pass, and the choice of what is to be labeled next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from companion.exercises.expect import expect_close, expect_equal, expect_error
from companion.exercises.registry import exercise

ceiling = exercise(
    "accuracy-ceiling",
    "The best that can be done",
    chapter=23,
    level="practice",
    answer="accuracy_ceiling",
)


@ceiling.check(
    "one name in several languages",
    hint="For every text, count how often each label occurs with it, and take the largest count. The sum of these, "
    "divided by the number of examples.",
)
def _several(answer: Callable[..., Any]) -> None:
    given = ["Monaco", "Oslo", "Monaco", "Monaco", "Rom", "Oslo"]
    labels = ["fr", "da", "it", "fr", "de", "nl"]
    expect_close(
        answer(list(given), list(labels)),
        4 / 6,
        "accuracy_ceiling(['Monaco', 'Oslo', 'Monaco', 'Monaco', 'Rom', 'Oslo'], ['fr', 'da', 'it', 'fr', 'de', 'nl'])",
        mistakes=[
            (1 / 6, "Only texts with one label are counted. Of several labels the most frequent can be given."),
            (3 / 6, "This is the number of different texts over that of examples."),
            (4, "This is the number of examples: divide by all of them."),
            (2 / 6, "This is what the most frequent label of all gets. The best answer depends on the text."),
            ((2 / 3 + 1 / 2 + 1) / 3, "This is a mean over texts. A text that comes three times counts three times."),
            (1.0, "The same text with another label cannot be right as well: one answer a text."),
        ],
    )  # fmt: skip


@ceiling.check(
    "nothing to measure",
    hint="Raise a ValueError if there is no example, and if there are not as many labels as texts: zip drops the rest "
    "without a word.",
)
def _nothing(answer: Callable[..., Any]) -> None:
    expect_error(answer, (["a", "b"], ["x"]), ValueError, "accuracy_ceiling(['a', 'b'], ['x'])")  # fmt: skip
    expect_error(answer, ([], []), ValueError, "accuracy_ceiling([], [])")


query = exercise(
    "margin-query",
    "What to ask next",
    chapter=23,
    level="practice",
    answer="margin_query",
)
_P = np.array(
    [
        [0.40, 0.35, 0.25],
        [0.90, 0.05, 0.05],
        [0.49, 0.50, 0.01],
        [0.34, 0.33, 0.33],
        [0.20, 0.60, 0.20],
    ]
)
_SHOWN = "[[0.4, 0.35, 0.25], [0.9, 0.05, 0.05], [0.49, 0.5, 0.01], [0.34, 0.33, 0.33], [0.2, 0.6, 0.2]]"


@query.check(
    "the smallest margins",
    hint="The margin is the largest probability of a row minus its second largest. Return the rows with the smallest, "
    "the smallest first.",
)
def _smallest(answer: Callable[..., Any]) -> None:
    p = np.array(
        [
            [0.40, 0.35, 0.25],
            [0.90, 0.06, 0.04],
            [0.495, 0.50, 0.005],
            [0.34, 0.31, 0.35],
            [0.20, 0.60, 0.20],
            [0.30, 0.38, 0.32],
        ]
    )
    expect_equal(
        list(np.asarray(answer(p.copy(), [], 3)).tolist()),
        [2, 3, 0],
        "margin_query(p, [], 3), where row 2 is [0.495, 0.5, 0.005] and row 3 is [0.34, 0.31, 0.35],",
        mistakes=[
            ([3, 5, 0], "These are the smallest largest probabilities. The margin also looks at the second best."),
            ([1, 4, 5], "These are the largest margins: the classifier is surest there."),
            ([0, 2, 3], "The right rows in another order: the smallest margin comes first."),
            ([1, 4, 0], "The largest minus the smallest? The second largest is asked for."),
        ],
    )  # fmt: skip


@query.check(
    "what has a label is not asked again",
    hint="Leave out the rows in known, and return numbers of rows of p, not places in what is left.",
)
def _not_again(answer: Callable[..., Any]) -> None:
    expect_equal(
        list(np.asarray(answer(_P.copy(), [2, 0], 2)).tolist()),
        [3, 4],
        f"margin_query({_SHOWN}, [2, 0], 2)",
        mistakes=[
            ([2, 3], "Row 2 has a label already."),
            ([3, 2], "Row 2 has a label already."),
            (
                [1, 2],
                "These are places in what is left after the known rows were taken out: return rows of p.",
            ),
        ],
    )


@query.check(
    "fewer left than asked for",
    hint="Return what is left, in the same order: the last round of labeling is often a short one.",
)
def _fewer(answer: Callable[..., Any]) -> None:
    expect_equal(
        list(np.asarray(answer(_P.copy(), [0, 2, 3], 5)).tolist()),
        [4, 1],
        f"margin_query({_SHOWN}, [0, 2, 3], 5)",
    )
