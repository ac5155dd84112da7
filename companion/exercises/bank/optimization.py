"""Exercises on training: momentum, Adam, schedules, accumulation, splits by group, and two kinds of decay."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float, Shaped

from companion.exercises.bank.backpropagation import parts
from companion.exercises.expect import (
    Mismatch,
    brief,
    expect_close,
    expect_equal,
    expect_error,
    expect_true,
)
from companion.exercises.registry import exercise

momentum_step = exercise(
    "momentum-step",
    "A step with momentum",
    chapter=8,
    level="warm-up",
    answer="momentum_step",
)
_MOMENTUM = ("theta", "v")


@momentum_step.check(
    "from rest",
    hint="At rest the new velocity is the gradient itself, and the step goes against it, lr times as long.",
)
def _from_rest(answer: Callable[..., Any]) -> None:
    shown = "momentum_step(theta=[1, 2], v=[0, 0], gradient=[0.5, -1], lr=0.1)"
    gradient = np.array([0.5, -1.0])
    theta, v = parts(
        answer(np.array([1.0, 2.0]), np.zeros(2), gradient.copy(), 0.1),
        _MOMENTUM,
        shown,
    )
    expect_close(
        v,
        gradient,
        f"the velocity from {shown}",
        mistakes=[
            (
                0.1 * gradient,
                "The gradient entered the velocity with a factor of 0.1. Here the gradient enters whole: neither "
                "the learning rate nor 1 - momentum belongs there.",
            ),
            (
                -0.1 * gradient,
                "The velocity holds the step, with sign and learning rate. Keep both out of it.",
            ),
            (-gradient, "The velocity adds up gradients, not their opposites."),
        ],
    )
    expect_close(
        theta,
        [0.95, 2.1],
        f"theta from {shown}",
        mistakes=[
            ([1.05, 1.9], "This goes uphill: the step is subtracted."),
            ([0.5, 3.0], "The learning rate is missing from the step."),
            (
                [1.0, 2.0],
                "The step was taken with the old velocity. Update v first, then move by the new one.",
            ),
        ],
    )


@momentum_step.check(
    "in motion",
    hint="The old velocity, times momentum, plus the gradient; and theta moves by this new velocity.",
)
def _in_motion(answer: Callable[..., Any]) -> None:
    shown = "momentum_step(theta=[1, 2], v=[2, 1], gradient=[0.5, -1], lr=0.1)"
    theta, v = parts(
        answer(np.array([1.0, 2.0]), np.array([2.0, 1.0]), np.array([0.5, -1.0]), 0.1),
        _MOMENTUM,
        shown,
    )
    expect_close(
        v,
        [2.3, -0.1],
        f"the velocity from {shown}",
        mistakes=[
            ([2.5, 0.0], "The old velocity did not fade: multiply it by momentum."),
            ([0.5, -1.0], "The old velocity is forgotten: nothing builds up."),
            (
                [0.7, -0.9],
                "The factors are exchanged: momentum belongs to the old velocity.",
            ),
            ([1.85, 0.0], "The factor 1 - momentum is not in this form of the rule."),
        ],
    )  # fmt: skip
    expect_close(
        theta,
        [0.77, 2.01],
        f"theta from {shown}",
        mistakes=[
            ([0.8, 1.9], "The step was taken with the old velocity. Update v first."),
            (
                [0.95, 2.1],
                "The step was taken with the gradient. It goes along the velocity.",
            ),
        ],
    )


@momentum_step.check(
    "another momentum",
    hint="The number 0.9 is only what the argument `momentum` is if nobody says otherwise. Use the argument.",
)
def _another_momentum(answer: Callable[..., Any]) -> None:
    shown = "momentum_step(theta=[0], v=[4], gradient=[1], lr=0.5, momentum=0.5)"
    theta, v = parts(
        answer(np.zeros(1), np.array([4.0]), np.ones(1), 0.5, momentum=0.5),
        _MOMENTUM,
        shown,
    )
    expect_close(v, [3.0], f"the velocity from {shown}")
    expect_close(theta, [-1.5], f"theta from {shown}")


adam_step = exercise(
    "adam-step", "A step of Adam", chapter=8, level="practice", answer="adam_step"
)
_ADAM = ("theta", "m", "v")


@adam_step.check(
    "the two averages",
    hint="m averages the gradients with beta1, v their squares with beta2. What is returned has no bias correction in "
    "it.",
)
def _averages(answer: Callable[..., Any]) -> None:
    shown = "adam_step(theta=[0], m=[1], v=[1], gradient=[3], step=5, lr=0.1)"
    _, m, v = parts(
        answer(np.zeros(1), np.ones(1), np.ones(1), np.array([3.0]), 5, 0.1),
        _ADAM,
        shown,
    )
    expect_close(
        m,
        [1.2],
        f"m from {shown}",
        mistakes=[
            (
                [1.2 / (1 - 0.9**5)],
                "The corrected m was returned. Correct it for this step only: the next step needs the average itself.",
            ),
            ([3.9], "The gradient enters m with the factor 1 - beta1."),
            (
                [2.8],
                "The factors are exchanged: beta1 belongs to what is remembered.",
            ),
            ([1.002], "This is beta2's average. m fades with beta1."),
        ],
    )  # fmt: skip
    expect_close(
        v,
        [1.008],
        f"v from {shown}",
        mistakes=[
            (
                [1.008 / (1 - 0.999**5)],
                "The corrected v was returned. Correct it for this step only: the next step needs the average itself.",
            ),
            ([1.002], "v averages the squares of the gradients."),
            ([1.8], "This is beta1's average. v fades with beta2."),
        ],
    )


@adam_step.check(
    "the first step",
    hint="After the corrections the first step has the length lr in every coordinate, however large the gradient is.",
)
def _first_step(answer: Callable[..., Any]) -> None:
    shown = "adam_step(theta=[1, 1], m=[0, 0], v=[0, 0], gradient=[0.01, -10], step=1, lr=0.1, eps=1e-12)"

    def moved(by: float) -> list[float]:
        return [1 - 0.1 * by, 1 + 0.1 * by]

    with np.errstate(all="ignore"):
        got = answer(
            np.ones(2), np.zeros(2), np.zeros(2), np.array([0.01, -10.0]), 1, 0.1,
            eps=1e-12,
        )  # fmt: skip
    theta, _, _ = parts(got, _ADAM, shown)
    expect_true(
        bool(np.all(np.isfinite(np.asarray(theta, dtype=float)))),
        f"theta from {shown} is {brief(theta)}.",
        "Steps count from 1. With step - 1 the first correction divides by 1 - beta ** 0, which is zero.",
    )
    expect_close(
        theta,
        moved(1.0),
        f"theta from {shown}",
        mistakes=[
            (
                moved(0.1 / math.sqrt(0.001)),
                "This step is 3.16 times too long: m and v begin at zero and were not corrected for it.",
            ),
            (
                moved(1 / math.sqrt(0.001)),
                "Only m was corrected. v begins at zero as well.",
            ),
            (moved(0.1), "Only v was corrected. m begins at zero as well."),
            (
                moved(0.1 / 0.19 / math.sqrt(0.001 / 0.001999)),
                "The corrections are those of step 2. The number of the step counts from 1 already.",
            ),
            (moved(-1.0), "This goes uphill: the step is subtracted."),
        ],
        tolerance=1e-6,
    )


@adam_step.check(
    "a later step",
    hint="The corrections divide by 1 - beta1 ** step and 1 - beta2 ** step.",
)
def _later_step(answer: Callable[..., Any]) -> None:
    shown = "adam_step(theta=[0], m=[1], v=[1], gradient=[1], step=10, lr=1, eps=1e-12)"
    theta, _, _ = parts(
        answer(np.zeros(1), np.ones(1), np.ones(1), np.ones(1), 10, 1.0, eps=1e-12),
        _ADAM,
        shown,
    )
    expect_close(
        theta,
        [-math.sqrt(1 - 0.999**10) / (1 - 0.9**10)],
        f"theta from {shown}",
        mistakes=[
            (
                [-math.sqrt(0.001) / 0.1],
                "The corrections are those of the first step. They fade: raise beta to the power of `step`.",
            ),
            (
                [-math.sqrt(1 - 0.999**9) / (1 - 0.9**9)],
                "The corrections are those of the step before. The number of the step counts from 1 already.",
            ),
        ],
        tolerance=1e-6,
    )


@adam_step.check(
    "eps",
    hint="eps is added to the root of the corrected v. It keeps a coordinate that has had no gradient from 0 / 0.",
)
def _eps(answer: Callable[..., Any]) -> None:
    shown = "adam_step(theta=[0, 0], m=[0, 0], v=[0, 0], gradient=[0.5, 0], step=1, lr=1, eps=0.25)"
    with np.errstate(all="ignore"):
        got = answer(
            np.zeros(2), np.zeros(2), np.zeros(2), np.array([0.5, 0.0]), 1, 1.0,
            eps=0.25,
        )  # fmt: skip
    theta, _, _ = parts(got, _ADAM, shown)
    expect_close(
        theta,
        [-0.5 / 0.75, 0.0],
        f"theta from {shown}",
        mistakes=[
            (
                [-0.5 / math.sqrt(0.25 + 0.25), 0.0],
                "eps stands inside the root. There its own root is taken too: 1e-8 would count as 1e-4.",
            ),
            (
                [-0.5 / (0.5 + 0.25 / math.sqrt(0.001)), 0.0],
                "eps was added before the root was corrected, so that the correction enlarges it.",
            ),
            ([-1.0, 0.0], "eps has no effect here."),
            ([-1.0, np.nan], "Without eps a coordinate without gradient is 0 / 0."),
        ],
    )


warmup_cosine = exercise(
    "warmup-cosine",
    "Up in a line, down in a cosine",
    chapter=8,
    level="practice",
    answer="learning_rate",
)


def _rates(answer: Callable[..., Any], steps: range, *arguments: Any) -> list[Any]:
    return [answer(step, *arguments) for step in steps]


@warmup_cosine.check(
    "the way up",
    hint="Step 0 already trains, with peak / warmup; the last step of the warm-up, number warmup - 1, has the peak.",
)
def _way_up(answer: Callable[..., Any]) -> None:
    expect_close(
        _rates(answer, range(4), 1.0, 4, 10),
        [0.25, 0.5, 0.75, 1.0],
        "learning_rate(step, peak=1, warmup=4, total=10) for step 0, 1, 2, 3",
        mistakes=[
            (
                [0.0, 0.25, 0.5, 0.75],
                "The first step has the learning rate 0: a step that is computed and not taken. Count from step + 1.",
            ),
            (
                [0.0, 1 / 3, 2 / 3, 1.0],
                "The first step has the learning rate 0: a step that is computed and not taken. Count from step + 1.",
            ),
        ],
    )
    expect_close(
        answer(0, 0.3, 1, 10), 0.3, "learning_rate(0, peak=0.3, warmup=1, total=10)"
    )


@warmup_cosine.check(
    "the way down",
    hint="Half a cosine: u = 0 at step warmup - 1, u = 1 at step total - 1, and (1 + cos(pi u)) / 2 in between.",
)
def _way_down(answer: Callable[..., Any]) -> None:
    down = np.arange(1, 6) / 5
    expect_close(
        _rates(answer, range(3, 8), 2.0, 3, 8),
        1 + np.cos(np.pi * down),
        "learning_rate(step, peak=2, warmup=3, total=8) for step 3, 4, 5, 6, 7",
        mistakes=[
            (2 * (1 - down), "This is a straight line. A cosine is asked for."),
            (
                1 + np.cos(np.pi * np.arange(3, 8) / 8),
                "The cosine runs from step 0, under the warm-up: at its end the rate jumps down.",
            ),
            (
                1 + np.cos(np.pi * np.arange(3, 8) / 7),
                "The cosine runs from step 0, under the warm-up: at its end the rate jumps down.",
            ),
            (
                1 + np.cos(np.pi * np.arange(5) / 5),
                "The cosine begins one step late: step `warmup` repeats the peak, and the last step is not at the "
                "floor.",
            ),
            (
                1 + np.cos(np.pi * np.arange(5) / 4),
                "The peak is there twice, at step warmup - 1 and at step warmup. One step each.",
            ),
            (2 * np.cos(np.pi * down), "A full swing: this goes below zero."),
            (
                2 * np.cos(np.pi / 2 * down),
                "A quarter of a wave falls fastest at its end. Half a wave levels out.",
            ),
        ],
    )


@warmup_cosine.check(
    "the floor",
    hint="The cosine goes from peak to floor: floor + (peak - floor) times something between 1 and 0.",
)
def _floor(answer: Callable[..., Any]) -> None:
    wave = (1 + np.cos(np.pi * np.arange(1, 5) / 4)) / 2
    expect_close(
        _rates(answer, range(1, 6), 1.0, 2, 6, 0.2),
        [1.0, *(0.2 + 0.8 * wave)],
        "learning_rate(step, peak=1, warmup=2, total=6, floor=0.2) for step 1, 2, 3, 4, 5",
        mistakes=[
            ([1.0, *wave], "floor has no effect."),
            (
                [1.0, *np.maximum(wave, 0.2)],
                "The floor cuts the cosine off. The whole curve is to end there.",
            ),
            ([1.2, *(0.2 + wave)], "This goes down to the floor from peak + floor."),
            (
                [1.0, *(0.2 + wave)],
                "Behind the peak the rate rises: the cosine goes from peak + floor. Scale it by peak - floor.",
            ),
        ],
    )


@warmup_cosine.check(
    "after the end",
    hint="From step total - 1 on the rate stays at the floor. A cosine that goes on would rise again.",
)
def _after_the_end(answer: Callable[..., Any]) -> None:
    expect_close(
        _rates(answer, range(5, 9), 1.0, 2, 6, 0.2),
        [0.2, 0.2, 0.2, 0.2],
        "learning_rate(step, peak=1, warmup=2, total=6, floor=0.2) for step 5, 6, 7, 8",
    )


@warmup_cosine.check(
    "no room",
    hint="With warmup >= total nothing is left for the way down, and warmup must be at least 1: raise a ValueError.",
)
def _no_room(answer: Callable[..., Any]) -> None:
    for warmup, total in ((6, 6), (8, 6), (0, 6)):
        expect_error(
            answer,
            (0, 1.0, warmup, total),
            ValueError,
            f"learning_rate(0, peak=1, warmup={warmup}, total={total})",
        )


accumulate = exercise(
    "accumulate",
    "One batch in several pieces",
    chapter=8,
    level="practice",
    answer="accumulated_gradient",
)


@accumulate.check(
    "pieces of different size",
    hint="A mean over n tokens stands for n tokens: weight it by n, and divide by the number of all tokens.",
)
def _different_sizes(answer: Callable[..., Any]) -> None:
    first, second = np.array([1.0, 2.0]), np.array([5.0, -2.0])
    expect_close(
        answer([first.copy(), second.copy()], [3, 1]),
        [2.0, 1.0],
        "accumulated_gradient([[1, 2], [5, -2]], counts=[3, 1])",
        mistakes=[
            (
                [3.0, 0.0],
                "This is the mean of the means: a token in a small piece counts more than one in a large piece.",
            ),
            ([6.0, 0.0], "The means were added up: twice as many pieces, twice the step."),
            ([8.0, 4.0], "This is the sum over all tokens. Divide by their number."),
            (
                [4.0, 2.0],
                "The sum over all tokens was divided by the number of pieces. Divide by the number of tokens.",
            ),
            ([1.5, 0.0], "The means were added up and divided by the number of tokens. Weight each first."),
        ],
    )  # fmt: skip


@accumulate.check(
    "gradients of any shape",
    hint="The gradient of a matrix is a matrix: the weights are numbers, one for each piece.",
)
def _any_shape(answer: Callable[..., Any]) -> None:
    generator = np.random.default_rng(81)
    pieces = [generator.normal(size=(2, 3)) for _ in range(4)]
    counts = [1, 4, 2, 9]
    expect_close(
        answer([piece.copy() for piece in pieces], list(counts)),
        np.tensordot(np.array(counts) / 16, np.stack(pieces), axes=1),
        "accumulated_gradient(four gradients of shape [2, 3], counts=[1, 4, 2, 9])",
    )


@accumulate.check(
    "an empty piece",
    hint="The mean over no tokens is 0 / 0, which is NaN, and 0 times NaN is NaN. A piece without tokens is left out.",
)
def _empty_piece(answer: Callable[..., Any]) -> None:
    expect_close(
        answer([np.array([1.0, 2.0]), np.array([np.nan, np.nan])], [3, 0]),
        [1.0, 2.0],
        "accumulated_gradient([[1, 2], [nan, nan]], counts=[3, 0])",
    )


@accumulate.check(
    "no tokens at all",
    hint="If every piece is empty there is no gradient: raise a ValueError, instead of a step by NaN or by zero.",
)
def _no_tokens(answer: Callable[..., Any]) -> None:
    with np.errstate(all="ignore"):
        expect_error(
            answer,
            ([np.full(2, np.nan)] * 2, [0, 0]),
            ValueError,
            "accumulated_gradient([[nan, nan], [nan, nan]], counts=[0, 0])",
        )


group_split = exercise(
    "group-split",
    "A split that leaks nothing",
    chapter=8,
    level="challenge",
    answer="group_split",
)


def _mask(
    answer: Callable[..., Any], groups: Any, share: float, seed: int, shown: str
) -> Shaped[np.ndarray, "items"]:
    got = np.asarray(answer(groups.copy(), share, np.random.default_rng(seed)))
    if got.shape != groups.shape or got.dtype != bool:
        raise Mismatch(
            f"{shown} gave {brief(got)}, expected {len(groups)} truth values.",
            "Return a mask: one True or False for each item, True for the test part.",
        )
    return got


@group_split.check(
    "no group on both sides",
    hint="Shuffle the groups, not the items. Items of one group on both sides are the leak that the split is to stop.",
)
def _no_leak(answer: Callable[..., Any]) -> None:
    groups = np.repeat(np.arange(8), 5)
    for seed in range(5):
        mask = _mask(answer, groups, 0.25, seed, "group_split(8 groups of 5, 0.25)")
        both = sorted(set(groups[mask].tolist()) & set(groups[~mask].tolist()))
        expect_true(
            not both,
            f"the groups {brief(both, 40)} of 8 have items in the test part and in the training part.",
        )
        expect_equal(
            int(mask.sum()),
            10,
            "the number of items in the test part of group_split(8 groups of 5, 0.25)",
            mistakes=[
                (30, "The mask is True for the training part. True marks the test."),
                (
                    15,
                    "A group too many: stop when at least a quarter of the items is in the test part.",
                ),
                (
                    5,
                    "A group too few: stop when at least a quarter of the items is in the test part.",
                ),
            ],
        )


@group_split.check(
    "the share counts items",
    hint="test_share is a share of the items. Where groups differ in size, a quarter of the groups can hold any share "
    "of the items.",
)
def _share_of_items(answer: Callable[..., Any]) -> None:
    sizes = np.array([1, 2, 3, 4, 6, 8, 16, 24])
    groups = np.random.default_rng(82).permutation(np.repeat(np.arange(8), sizes))
    for seed in range(12):
        mask = _mask(answer, groups, 0.25, seed, "group_split(groups, 0.25, rng)")
        found = int(mask.sum())
        expect_true(
            found >= 16,
            f"the test part has {found} of 64 items, expected at least a quarter.",
        )
        expect_true(
            found - sizes[np.unique(groups[mask])].max() < 16,
            f"the test part has {found} of 64 items, and one of its groups could be left out.",
            "Stop as soon as the share is reached, and begin with an empty test part.",
        )


@group_split.check(
    "the order is drawn from rng",
    hint="The distinct groups, sorted, then rng.permutation of them, once: then a seed gives one split, on every "
    "machine.",
)
def _order(answer: Callable[..., Any]) -> None:
    groups = np.array(["d", "b", "b", "a", "c", "c", "d", "e", "f", "a", "f", "e"])
    for seed in range(6):
        order = np.random.default_rng(seed).permutation(np.unique(groups))
        shown = f"group_split({groups.tolist()}, 0.5, np.random.default_rng({seed}))"
        mask = _mask(answer, groups, 0.5, seed, shown)
        expect_equal(
            sorted(set(groups[mask].tolist())),
            sorted(order[:3].tolist()),
            f"the groups in the test part, with seed {seed},",
        )


@group_split.check(
    "nothing left to train on",
    hint="If the test part takes every group, the training part is empty: raise a ValueError.",
)
def _nothing_left(answer: Callable[..., Any]) -> None:
    for groups, share in ((np.zeros(4, dtype=int), 0.25), (np.arange(4), 0.9)):
        expect_error(
            answer,
            (groups, share, np.random.default_rng(0)),
            ValueError,
            f"group_split({groups.tolist()}, {share}, rng)",
        )


decoupled_decay = exercise(
    "decoupled-decay",
    "Why AdamW is not Adam with L2",
    chapter=8,
    level="research",
    answer="adam_l2_and_adamw",
)
_BOTH = ("theta with L2", "theta with decoupled decay")


def _adam(
    theta: Float[np.ndarray, "d"], gradients: Any, lr: float, l2: float, decay: float
) -> Float[np.ndarray, "d"]:
    m, v = np.zeros_like(theta), np.zeros_like(theta)
    for step, gradient in enumerate(gradients, start=1):
        gradient = gradient + l2 * theta
        m = 0.9 * m + 0.1 * gradient
        v = 0.999 * v + 0.001 * gradient**2
        theta = (1 - decay) * theta - lr * (m / (1 - 0.9**step)) / (
            np.sqrt(v / (1 - 0.999**step)) + 1e-8
        )
    return theta


def _run() -> tuple[Float[np.ndarray, "d"], list[Float[np.ndarray, "d"]]]:
    generator = np.random.default_rng(83)
    scale = np.array([0.1, 1.0, 10.0])
    return np.array([2.0, -1.0, 3.0]), [
        scale * generator.normal(size=3) for _ in range(6)
    ]


@decoupled_decay.check(
    "without decay both are Adam",
    hint="With weight_decay=0 both are plain Adam: moments from zero, steps that count from 1, both corrections.",
)
def _no_decay(answer: Callable[..., Any]) -> None:
    theta, gradients = _run()
    shown = "adam_l2_and_adamw(theta, six gradients, lr=0.1, weight_decay=0)"
    for name, got in zip(
        _BOTH, parts(answer(theta, gradients, 0.1, 0.0), _BOTH, shown), strict=True
    ):
        expect_close(
            got, _adam(theta, gradients, 0.1, 0.0, 0.0), f"{name}, from {shown}"
        )


@decoupled_decay.check(
    "L2 is part of the gradient",
    hint="In every step weight_decay * theta, of the theta of that step, is added to the gradient before the moments "
    "see it.",
)
def _l2(answer: Callable[..., Any]) -> None:
    theta, gradients = _run()
    shown = "adam_l2_and_adamw(theta, six gradients, lr=0.1, weight_decay=0.5)"
    got, _ = parts(answer(theta, gradients, 0.1, 0.5), _BOTH, shown)
    fixed = [gradient + 0.5 * theta for gradient in gradients]
    expect_close(
        got,
        _adam(theta, gradients, 0.1, 0.5, 0.0),
        f"theta with L2, from {shown}",
        mistakes=[
            (_adam(theta, gradients, 0.1, 0.0, 0.05), "The two results are exchanged."),
            (_adam(theta, gradients, 0.1, 0.0, 0.0), "The decay has no effect."),
            (
                _adam(theta, fixed, 0.1, 0.0, 0.0),
                "The decay pulls by the theta of the beginning. Take the theta of the step.",
            ),
            (
                _adam(theta, gradients, 0.1, 1.0, 0.0),
                "The decay is twice as strong: the penalty is half the square, its gradient is weight_decay * theta.",
            ),
            (
                _adam(theta, gradients, 0.1, 0.05, 0.0),
                "The decay has the learning rate twice: the step brings it already.",
            ),
        ],
    )


@decoupled_decay.check(
    "decoupled decay passes the moments by",
    hint="AdamW takes lr * weight_decay of theta away in every step, beside Adam's step, whose moments see the "
    "gradient alone.",
)
def _decoupled(answer: Callable[..., Any]) -> None:
    theta, gradients = _run()
    shown = "adam_l2_and_adamw(theta, six gradients, lr=0.1, weight_decay=0.5)"
    _, got = parts(answer(theta, gradients, 0.1, 0.5), _BOTH, shown)
    after = theta
    for step in range(1, len(gradients) + 1):
        moved = _adam(theta, gradients[:step], 0.1, 0.0, 0.0) - (
            _adam(theta, gradients[: step - 1], 0.1, 0.0, 0.0)
        )
        after = 0.95 * (after + moved)
    expect_close(
        got,
        _adam(theta, gradients, 0.1, 0.0, 0.05),
        f"theta with decoupled decay, from {shown}",
        mistakes=[
            (
                _adam(theta, gradients, 0.1, 0.5, 0.0),
                "This is the result with L2 again.",
            ),
            (_adam(theta, gradients, 0.1, 0.0, 0.0), "The decay has no effect."),
            (
                _adam(theta, gradients, 0.1, 0.0, 0.5),
                "The decay lacks the learning rate: a schedule would no longer slow it down.",
            ),
            (
                after,
                "The decay took its share of theta after the step. It is the theta before the step that shrinks.",
            ),
        ],
    )


@decoupled_decay.check(
    "where there is no gradient",
    hint="A parameter without gradient decays too. AdamW lets it shrink by the factor 1 - lr * weight_decay a step; "
    "with L2 the pull is all that Adam sees, and its step is about lr long.",
)
def _no_gradient(answer: Callable[..., Any]) -> None:
    theta, gradients = np.array([2.0, -1.0]), [np.zeros(2)] * 5
    shown = (
        "adam_l2_and_adamw([2, -1], five gradients [0, 0], lr=0.1, weight_decay=0.5)"
    )
    l2, decoupled = parts(answer(theta, gradients, 0.1, 0.5), _BOTH, shown)
    expect_close(
        decoupled, theta * 0.95**5, f"theta with decoupled decay, from {shown}"
    )
    expect_close(
        l2, _adam(theta, gradients, 0.1, 0.5, 0.0), f"theta with L2, from {shown}"
    )
