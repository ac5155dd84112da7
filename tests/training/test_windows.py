"""Batches of a stream: a function of seed and step alone, and every seed a stream of its own."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from companion.training.windows import step_generator, windows

STREAM = torch.arange(1000)


@given(step=st.integers(0, 10**6), seed=st.integers(0, 10**6))
def test_a_batch_depends_on_seed_and_step_alone(step: int, seed: int) -> None:
    first = windows(STREAM, 7, 4, seed=seed)(step)
    again = windows(STREAM, 7, 4, seed=seed)
    again(step + 1)
    assert torch.equal(first, again(step))


def test_seeds_and_steps_draw_different_batches() -> None:
    drawn = [
        tuple(windows(STREAM, 2, 8, seed=seed)(step).flatten().tolist())
        for seed in range(10)
        for step in range(10)
    ]
    assert len(set(drawn)) == 100


def test_a_seed_and_a_step_do_not_stand_for_each_other() -> None:
    one, other = (
        torch.rand(4, generator=step_generator(*pair)) for pair in ((3, 8), (8, 3))
    )
    assert not torch.equal(one, other)


def test_pieces_are_consecutive_and_reach_both_ends() -> None:
    stream = torch.arange(6)
    pieces = torch.cat([windows(stream, 4, 16)(step) for step in range(10)])
    assert torch.equal(pieces - pieces[:, :1], torch.arange(4).expand_as(pieces))
    assert set(pieces[:, 0].tolist()) == {0, 1, 2}


def test_bad_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1, got 0"):
        windows(STREAM, 0, 4)
    with pytest.raises(ValueError, match="holds 3 tokens, a piece is to have 4"):
        windows(torch.arange(3), 4, 1)
