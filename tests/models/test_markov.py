"""The Markov chain: stationary distribution and entropy rate against eigenvectors, samples against both."""

import numpy as np
import pytest

from companion.models.markov import MarkovChain


@pytest.mark.parametrize("seed", range(5))
def test_the_stationary_distribution_is_the_left_eigenvector(seed: int) -> None:
    matrix = np.random.default_rng(seed).dirichlet(np.ones(6), size=6)
    values, vectors = np.linalg.eig(matrix.T)
    leading = vectors[:, np.argmax(values.real)].real
    np.testing.assert_allclose(
        MarkovChain(matrix).stationary, leading / leading.sum(), atol=1e-10
    )


def test_the_entropy_rate_of_fair_coins_is_one_bit() -> None:
    assert MarkovChain(np.full((2, 2), 0.5)).entropy_rate() == pytest.approx(np.log(2))


def test_the_entropy_rate_is_the_growth_of_the_block_entropy() -> None:
    chain = MarkovChain(np.random.default_rng(1).dirichlet(np.ones(3), size=3))
    blocks = chain.stationary
    entropies = []
    for _ in range(4):
        p = blocks[blocks > 0]
        entropies.append(-(p * np.log(p)).sum())
        blocks = (blocks.reshape(-1, 3)[:, :, None] * chain.transition[None]).reshape(
            -1
        )
    assert np.diff(entropies) == pytest.approx([chain.entropy_rate()] * 3)


def test_samples_move_as_the_matrix_says() -> None:
    chain = MarkovChain(np.array([[0.1, 0.9], [0.6, 0.4]]))
    states = chain.sample(50_000, np.random.default_rng(0))
    assert states[1:][states[:-1] == 0].mean() == pytest.approx(0.9, abs=0.01)
    assert states.mean() == pytest.approx(chain.stationary[1], abs=0.01)


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([[0.5, 0.4], [0.5, 0.5]], "sum 1"),
        ([[1.5, -0.5], [0.5, 0.5]], "at least 0"),
        ([[1.0, 0.0], [0.0, 1.0]], "not unique"),
    ],
)
def test_a_matrix_that_is_no_chain_is_refused(matrix, message) -> None:
    with pytest.raises(ValueError, match=message):
        MarkovChain(np.array(matrix))


def test_a_length_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        MarkovChain(np.full((2, 2), 0.5)).sample(0, np.random.default_rng(0))
