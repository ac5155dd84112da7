"""The guessing game: ranks by hand, bounds that hold where the entropy is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import entropy as scipy_entropy
from scipy.stats import rankdata

from companion.metrics.shannon import guess_ranks, shannon_bounds


def test_ranks_by_hand() -> None:
    probs = np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8], [0.2, 0.4, 0.4]])
    assert guess_ranks(probs, np.array([0, 1, 2])).tolist() == [1, 3, 2]


@given(st.integers(0, 10_000))
def test_ranks_are_those_of_a_sort(seed: int) -> None:
    generator = np.random.default_rng(seed)
    probs = generator.dirichlet(np.ones(7), size=20).round(1)  # rounding makes ties
    targets = generator.integers(0, 7, 20)
    expected = [
        rankdata(-row, method="ordinal")[t]
        for row, t in zip(probs, targets, strict=True)
    ]
    assert guess_ranks(probs, targets).tolist() == expected


def test_a_target_outside_the_vocabulary_is_refused() -> None:
    with pytest.raises(ValueError, match=r"0\.\.1"):
        guess_ranks(np.array([[0.5, 0.5]]), np.array([2]))


@pytest.mark.parametrize("seed", range(5))
def test_the_bounds_hold_for_an_ideal_player_of_a_known_source(seed: int) -> None:
    """Contexts with different distributions, each played ideally: H lies between the bounds."""
    generator = np.random.default_rng(seed)
    contexts = generator.dirichlet(np.full(12, 0.4), size=30)
    which = generator.integers(0, 30, 100_000)
    targets = (contexts[which].cumsum(axis=1) > generator.random((100_000, 1))).argmax(
        axis=1
    )
    truth = float(scipy_entropy(contexts, base=2, axis=1)[which].mean())
    bounds = shannon_bounds(guess_ranks(contexts[which], targets))
    assert bounds.lower - 0.02 < truth < bounds.upper + 0.02
    assert bounds.lower < bounds.upper


def test_a_fair_die_meets_both_bounds() -> None:
    bounds = shannon_bounds(np.tile(np.arange(1, 9), 100))
    assert bounds.lower == pytest.approx(3)
    assert bounds.upper == pytest.approx(3)


@pytest.mark.parametrize("ranks", [[], [0, 1]])
def test_ranks_that_are_no_guesses_are_refused(ranks: list[int]) -> None:
    with pytest.raises(ValueError, match="ranks count guesses"):
        shannon_bounds(np.array(ranks, dtype=int))
