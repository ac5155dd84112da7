"""The influence of a token by its distance: exact where a model's window is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.metrics.influence import influence
from companion.models.ngram import NGramModel


def test_an_ngram_model_sees_its_window_and_nothing_else() -> None:
    rng = np.random.default_rng(0)
    text = rng.integers(4, size=3000)
    model = NGramModel.fit([text], order=3, vocab_size=4)
    contexts = rng.integers(4, size=(40, 8))

    def predict(rows: np.ndarray) -> np.ndarray:
        return np.stack([model.next_probs(row) for row in rows])

    moved = influence(predict, contexts, [1, 2, 3, 7])
    assert moved[0] > 0
    assert moved[1] > 0
    assert moved[2] == 0
    assert moved[3] == 0


@given(st.integers(0, 1000))
def test_it_lies_between_zero_and_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = rng.dirichlet(np.ones(5) * 0.2, size=5)
    contexts = rng.integers(5, size=(30, 4))
    moved = influence(lambda rows: table[rows[:, -2]], contexts, [1, 2])
    assert moved[0] == 0
    assert 0 < moved[1] <= 1


def test_rows_that_do_not_change_do_not_dilute() -> None:
    contexts = np.array([[0], [0], [0], [1]])
    assert influence(lambda rows: np.eye(2)[rows[:, 0]], contexts, [1])[0] == 1


@pytest.mark.parametrize(
    ("contexts", "distances", "message"),
    [
        (np.zeros((1, 4), dtype=int), [1], "at least two contexts"),
        (np.arange(8).reshape(2, 4), [5], "between 1 and the length"),
        (np.arange(8).reshape(2, 4), [0], "between 1 and the length"),
        (np.ones((3, 4), dtype=int), [2], "nothing to replace"),
    ],
)
def test_bad_input_is_named(
    contexts: np.ndarray, distances: list[int], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        influence(lambda rows: np.eye(2)[rows[:, 0] % 2], contexts, distances)
