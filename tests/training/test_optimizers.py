"""Optimizers: equal to torch's step by step, resumable, and clear about bad settings."""

import math
from itertools import pairwise

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.training.optimizers import (
    SGD,
    Adam,
    AdamW,
    Optimizer,
    RMSProp,
    clip_gradients,
)
from companion.training.schedules import constant, cosine, noam, warmup

CASES = {
    "sgd": (lambda p: SGD(p, lr=0.05), lambda p: torch.optim.SGD(p, lr=0.05)),
    "momentum": (
        lambda p: SGD(p, lr=0.05, momentum=0.9),
        lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9),
    ),
    "rmsprop": (
        lambda p: RMSProp(p, lr=0.01),
        lambda p: torch.optim.RMSprop(p, lr=0.01),
    ),
    "adam": (
        lambda p: Adam(p, lr=0.02, betas=(0.8, 0.95)),
        lambda p: torch.optim.Adam(p, lr=0.02, betas=(0.8, 0.95)),
    ),
    "adamw": (
        lambda p: AdamW(p, lr=0.02, weight_decay=0.1),
        lambda p: torch.optim.AdamW(p, lr=0.02, weight_decay=0.1),
    ),
}


def start() -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    shapes = ((3, 4), (5,), ())
    return [
        torch.randn(shape, generator=generator, dtype=torch.float64).requires_grad_()
        for shape in shapes
    ]


def loss_of(parameters: list[torch.Tensor], step: int) -> torch.Tensor:
    """A bumpy loss; the second parameter has no part in every third step, and so no gradient."""
    used = [p for i, p in enumerate(parameters) if i != 1 or step % 3]
    return sum((torch.sin(3 * p) + p**2 * (i + 1)).sum() for i, p in enumerate(used))


@pytest.mark.parametrize("case", CASES)
def test_equal_to_torch_step_by_step(case: str) -> None:
    ours, theirs = start(), start()
    mine, peer = CASES[case][0](ours), CASES[case][1](theirs)
    for step in range(25):
        for optimizer, parameters in ((mine, ours), (peer, theirs)):
            optimizer.zero_grad()
            loss_of(parameters, step).backward()
            optimizer.step()
        for a, b in zip(ours, theirs, strict=True):
            torch.testing.assert_close(a, b, atol=1e-12, rtol=1e-12)


@pytest.mark.parametrize("case", CASES)
def test_the_state_resumes_bit_for_bit(case: str) -> None:
    def run(optimizer: Optimizer, parameters: list[torch.Tensor], steps: range) -> None:
        for step in steps:
            optimizer.zero_grad()
            loss_of(parameters, step).backward()
            optimizer.step()

    whole = start()
    run(CASES[case][0](whole), whole, range(10))
    halves = start()
    first = CASES[case][0](halves)
    run(first, halves, range(5))
    stored = first.state_dict()
    second = CASES[case][0](halves)
    second.load_state_dict(stored)
    run(second, halves, range(5, 10))
    assert all(torch.equal(a, b) for a, b in zip(whole, halves, strict=True))


def test_a_state_of_something_else_is_refused() -> None:
    parameters = start()
    adam = Adam(parameters)
    loss_of(parameters, 1).backward()
    adam.step()
    with pytest.raises(ValueError, match="state of Adam, and the optimizer is SGD"):
        SGD(parameters, lr=1.0).load_state_dict(adam.state_dict())
    with pytest.raises(ValueError, match="other parameters"):
        Adam(parameters[:2]).load_state_dict(adam.state_dict())


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: SGD([], lr=1.0), "no parameter"),
        (lambda p: SGD(p, lr=0.0), "above 0, got 0.0"),
        (lambda p: SGD(p, lr=1.0, momentum=1.0), "momentum"),
        (lambda p: RMSProp(p, decay=-0.1), "decay"),
        (lambda p: Adam(p, betas=(0.9, 1.0)), "betas"),
        (lambda p: AdamW(p, weight_decay=-1.0), "weight_decay"),
        (lambda p: clip_gradients(p, 0.0), "max_norm"),
        (lambda p: warmup(-1), "steps"),
        (lambda p: cosine(0), "steps"),
        (lambda p: cosine(5, floor=2.0), "floor"),
    ],
)
def test_bad_settings_are_refused(make, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make(start())


@settings(deadline=None, max_examples=20)
@given(st.floats(0.01, 100))
def test_clipping_equals_torch(max_norm: float) -> None:
    ours, theirs = start(), start()
    for parameters in (ours, theirs):
        loss_of(parameters, 3).backward()  # one parameter has no gradient
    norm = clip_gradients(ours, max_norm)
    expected = torch.nn.utils.clip_grad_norm_(theirs, max_norm)
    assert norm == pytest.approx(float(expected))
    for a, b in zip(ours, theirs, strict=True):
        assert (a.grad is None) == (b.grad is None)
        if a.grad is not None:
            torch.testing.assert_close(a.grad, b.grad)


def test_nothing_to_clip() -> None:
    assert clip_gradients(start(), 1.0) == 0.0


def test_schedules() -> None:
    schedule = warmup(10, cosine(100, floor=0.1))
    factors = [schedule(step) for step in range(150)]
    assert factors[:10] == pytest.approx([(k + 1) / 10 for k in range(10)])
    assert max(factors) == factors[10] == 1.0
    assert factors[60] == pytest.approx(0.55)
    assert factors[110:] == pytest.approx([0.1] * 40)
    assert all(a >= b for a, b in pairwise(factors[10:]))
    assert constant()(7) == 1.0


def test_cosine_equals_torch() -> None:
    parameter = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([parameter], lr=1.0)
    theirs = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=20)
    for step in range(20):
        assert cosine(20)(step) == pytest.approx(theirs.get_last_lr()[0])
        optimizer.step()
        theirs.step()


def test_noam_rises_in_a_line_and_falls_with_the_root() -> None:
    factors = [noam(512, 4000)(step) for step in range(16_000)]
    # The numbers of the paper: d_model = 512, 4000 steps of warm-up, a highest rate of 7e-4.
    assert max(factors) == factors[3999] == pytest.approx(6.99e-4, rel=1e-3)
    assert factors[:3] == pytest.approx([max(factors) * k / 4000 for k in (1, 2, 3)])
    assert factors[15_999] == pytest.approx(max(factors) / 2)
    # A model four times as wide takes steps half as large.
    assert noam(2048, 4000)(7) == pytest.approx(factors[7] / 2)
    for wrong in ((0, 10), (8, 0)):
        with pytest.raises(ValueError, match="must be at least 1, got 0"):
            noam(*wrong)


def test_adam_finds_the_bottom_of_a_narrow_valley() -> None:
    p = torch.tensor([-1.5, 2.0], requires_grad=True)
    optimizer = Adam([p], lr=0.05)
    for _ in range(1500):
        optimizer.zero_grad()
        ((1 - p[0]) ** 2 + 10 * (p[1] - p[0] ** 2) ** 2).backward()
        optimizer.step()
    assert math.dist(p.tolist(), [1, 1]) < 1e-2
