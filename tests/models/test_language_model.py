"""The contract of a language model and its three uses, on a model whose every probability is known."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.models.language_model import apply_temperature, generate, rank, score


class Alternating:
    """After 0 comes 1 with probability 0.9, after 1 comes 0 with certainty; first, a fair coin."""

    vocab_size = 2

    def next_probs(self, context):
        if len(context) == 0:
            return np.array([0.5, 0.5])
        return np.array([0.1, 0.9]) if context[-1] == 0 else np.array([1.0, 0.0])


def test_score_is_the_chain_rule() -> None:
    assert np.exp(score(Alternating(), [0, 1, 0, 0]).sum()) == pytest.approx(
        0.5 * 0.9 * 1.0 * 0.1
    )


def test_score_given_a_context_leaves_the_context_out() -> None:
    assert np.exp(score(Alternating(), [1], context=[0])).tolist() == pytest.approx(
        [0.9]
    )


def test_an_impossible_token_scores_minus_infinity_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert score(Alternating(), [1, 1])[1] == -np.inf


def test_rank_puts_the_more_probable_first() -> None:
    assert rank(Alternating(), [[0, 0], [0, 1], [1, 1]]) == [1, 0, 2]
    with pytest.raises(ValueError, match="at least one candidate"):
        rank(Alternating(), [])


def test_generate_draws_with_the_frequencies_of_the_model() -> None:
    tokens = np.array(generate(Alternating(), 20_000, np.random.default_rng(0)))
    after_zero = tokens[1:][tokens[:-1] == 0]
    assert after_zero.mean() == pytest.approx(0.9, abs=0.01)
    assert (tokens[1:][tokens[:-1] == 1] == 0).all()


def test_generate_repeats_itself_with_an_equal_generator_only() -> None:
    runs = [
        generate(Alternating(), 50, np.random.default_rng(seed)) for seed in (1, 1, 2)
    ]
    assert runs[0] == runs[1] != runs[2]


def test_generate_continues_a_context_without_returning_it() -> None:
    assert generate(Alternating(), 1, np.random.default_rng(0), context=[1]) == [0]
    with pytest.raises(ValueError, match="at least 0, got -1"):
        generate(Alternating(), -1, np.random.default_rng(0))


distributions = st.lists(st.floats(0.001, 1), min_size=2, max_size=9).map(
    lambda x: np.array(x) / np.sum(x)
)


@given(distributions, st.floats(0.05, 20))
def test_temperature_keeps_a_distribution_and_its_order(
    probs: np.ndarray, temperature: float
) -> None:
    tempered = apply_temperature(probs, temperature)
    assert tempered.sum() == pytest.approx(1)
    assert (np.diff(tempered[np.argsort(probs)]) >= -1e-12).all()


@given(distributions)
def test_temperature_one_changes_nothing_and_zero_takes_the_best(
    probs: np.ndarray,
) -> None:
    np.testing.assert_allclose(apply_temperature(probs, 1.0), probs, rtol=1e-12)
    cold = apply_temperature(probs, 0.0)
    assert cold[np.argmax(probs)] == 1
    assert cold.sum() == 1


def test_temperature_leaves_the_impossible_impossible() -> None:
    assert apply_temperature(np.array([0.0, 0.5, 0.5]), 2.0)[0] == 0


@pytest.mark.parametrize("temperature", [-1.0, float("nan"), float("inf")])
def test_a_temperature_that_is_none_is_refused(temperature: float) -> None:
    with pytest.raises(ValueError, match="finite number of at least 0"):
        apply_temperature(np.array([0.5, 0.5]), temperature)
