"""Exercises on what training costs: operations, the roof of a machine, the best size for a budget."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from companion.exercises.expect import (
    expect_close,
    expect_error,
    expect_parts,
    expect_true,
)
from companion.exercises.registry import exercise

training_days = exercise(
    "training-days",
    "How long will it take?",
    chapter=15,
    level="warm-up",
    answer="training_days",
)


@training_days.check(
    "one device",
    hint="C = 6 N D operations; a device that does peak * used operations a second needs C / (peak * used) seconds, "
    "and a day has 86,400.",
)
def _one_device(answer: Callable[..., Any]) -> None:
    shown = "training_days(1e9, 20e9, 1, 1e15, 0.4)"
    days = 6 * 1e9 * 20e9 / (1e15 * 0.4) / 86400
    expect_close(
        answer(1e9, 20e9, 1, 1e15, 0.4),
        days,
        shown,
        mistakes=[
            (days / 3, "Two operations a weight and token is reading. Training costs three times as much: 6."),
            (days * 2 / 3, "The backward pass costs twice the forward pass, so 2 + 4 = 6 operations in all."),
            (days * 0.4, "The device reaches only a share of its peak: `used` is missing."),
            (days * 0.4**2, "A device that is used less takes longer: divide by `used`."),
            (days * 86400, "These are seconds."),
            (days * 24, "These are hours."),
        ],
    )  # fmt: skip


@training_days.check(
    "many devices",
    hint="Devices share the work: as many times as there are devices, the days divide by it.",
)
def _many_devices(answer: Callable[..., Any]) -> None:
    shown = "training_days(70e9, 1.4e12, 2048, 3e14, 0.5)"
    days = 6 * 70e9 * 1.4e12 / (3e14 * 0.5 * 2048) / 86400
    expect_close(
        answer(70e9, 1.4e12, 2048, 3e14, 0.5),
        days,
        shown,
        mistakes=[
            (days * 2048, "The number of devices has no effect."),
            (days * 2048**2, "More devices take less time, not more."),
        ],
    )


@training_days.check(
    "a share above one",
    hint="No device does more than its peak: raise a ValueError unless `used` is above 0 and at most 1.",
)
def _share(answer: Callable[..., Any]) -> None:
    for used in (0.0, 40.0):
        shown = f"training_days(1e9, 20e9, 1, 1e15, {used:g})"
        expect_error(answer, (1e9, 20e9, 1, 1e15, used), ValueError, shown)


product_rate = exercise(
    "product-rate",
    "Does a product wait?",
    chapter=15,
    level="practice",
    answer="product_rate",
)
_RATE = "intensity, rate"


@product_rate.check(
    "intensity",
    hint="A number of the result takes k multiplications and k additions, so 2 m k n operations. Both inputs are read "
    "and the result is written: m k + k n + m n numbers.",
)
def _intensity(answer: Callable[..., Any]) -> None:
    shown = "product_rate(2, 3, 5, 4, 1e9, 1e9)"
    intensity, _ = expect_parts(answer(2, 3, 5, 4, 1e9, 1e9), _RATE, shown)
    expect_close(
        intensity,
        60 / (4 * 31),
        f"intensity from {shown}",
        mistakes=[
            (30 / (4 * 31), "A multiplication and an addition are two operations."),
            (60 / 31, "These are operations for each number. A number has several bytes."),
            (60 / (4 * 21), "The result has to be written, too."),
            (4 * 31 / 60, "The fraction is upside down: operations for each byte."),
        ],
    )  # fmt: skip


@product_rate.check(
    "under the slope",
    hint="A thin product waits for memory: it runs at bandwidth times intensity.",
)
def _slope(answer: Callable[..., Any]) -> None:
    shown = "product_rate(1, 1000, 1000, 4, 1e12, 1e10)"
    _, rate = expect_parts(answer(1, 1000, 1000, 4, 1e12, 1e10), _RATE, shown)
    slope = 1e10 * 2e6 / (4 * 1_002_000)
    expect_close(
        rate / 1e9,
        slope / 1e9,
        f"rate (in 10^9 a second) from {shown}",
        mistakes=[
            (1e3, "The smaller of the two limits holds, not the larger."),
            (10.0, "Bandwidth counts bytes. Times the intensity it becomes operations."),
        ],
    )  # fmt: skip


@product_rate.check(
    "under the roof",
    hint="A large product is limited by the peak: the rate is the smaller of peak and bandwidth times intensity.",
)
def _roof(answer: Callable[..., Any]) -> None:
    shown = "product_rate(4096, 4096, 4096, 2, 1e12, 1e10)"
    _, rate = expect_parts(answer(4096, 4096, 4096, 2, 1e12, 1e10), _RATE, shown)
    expect_close(rate / 1e9, 1e3, f"rate (in 10^9 a second) from {shown}")


optimal_size = exercise(
    "optimal-size",
    "The best size for a budget",
    chapter=15,
    level="challenge",
    answer="optimal_size",
)
_LAW = {"A": 482.01, "alpha": 0.3478, "B": 2085.43, "beta": 0.3658}
_OPTIMUM = "N, D"


def _optimum(flops: float) -> tuple[float, float]:
    a, b = _LAW["alpha"], _LAW["beta"]
    g = (a * _LAW["A"] / (b * _LAW["B"])) ** (1 / (a + b))
    n = g * (flops / 6) ** (b / (a + b))
    return n, flops / 6 / n


@optimal_size.check(
    "the budget is spent",
    hint="Parameters and tokens have to use the budget up: C = 6 N D.",
)
def _spent(answer: Callable[..., Any]) -> None:
    shown = "optimal_size(1e21, A=482.01, alpha=0.3478, B=2085.43, beta=0.3658)"
    n, d = expect_parts(answer(1e21, *_LAW.values()), _OPTIMUM, shown)
    expect_close(
        6 * n * d / 1e21,
        1.0,
        f"6 N D / C from {shown}",
        mistakes=[(6.0, "N D = C / 6: a parameter and token cost 6 operations, not one.")],
        tolerance=1e-6,
    )  # fmt: skip


@optimal_size.check(
    "nothing better beside it",
    hint="Put D = C / (6 N) into the law, differentiate by N, and set it to zero: alpha A / N^alpha = beta B / D^beta.",
)
def _best(answer: Callable[..., Any]) -> None:
    for flops in (1e19, 1e23):
        shown = (
            f"optimal_size({flops:g}, A=482.01, alpha=0.3478, B=2085.43, beta=0.3658)"
        )
        n, _ = expect_parts(answer(flops, *_LAW.values()), _OPTIMUM, shown)
        best, tokens = _optimum(flops)
        expect_close(
            n / best,
            1.0,
            f"N from {shown}, as a share of the best,",
            mistakes=[
                (tokens / best, "N and D are exchanged."),
                ((flops / 6) ** 0.5 / best, "Equal numbers of parameters and tokens are not best: the terms differ."),
            ],
            tolerance=1e-3,
        )  # fmt: skip


@optimal_size.check(
    "a symmetric law",
    hint="Where both terms are alike, half of the exponent goes to each: N = D = sqrt(C / 6).",
)
def _symmetric(answer: Callable[..., Any]) -> None:
    shown = "optimal_size(6e20, A=100, alpha=0.5, B=100, beta=0.5)"
    n, d = expect_parts(answer(6e20, 100.0, 0.5, 100.0, 0.5), _OPTIMUM, shown)
    expect_true(
        abs(n / 1e10 - 1) < 1e-6 and abs(d / 1e10 - 1) < 1e-6,
        f"{shown} gave N = {n:.4g} and D = {d:.4g}, expected 1e+10 for both.",
    )
