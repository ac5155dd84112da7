"""Random search: draws where it should, keeps everything, finds the best, and survives a diverged trial."""

import math
from itertools import pairwise

import numpy as np
import pytest

from companion.training.search import (
    Choice,
    LogUniform,
    SearchResult,
    Trial,
    Uniform,
    random_search,
)
from companion.training.trainer import TrainingDiverged


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def drawn(where: Uniform | LogUniform | Choice, number: int = 4000) -> list:
    generator = rng()
    return [where.draw(generator) for _ in range(number)]


def test_a_learning_rate_is_drawn_evenly_over_its_decades() -> None:
    values = np.array(drawn(LogUniform(1e-4, 1e-1)))
    assert values.min() >= 1e-4
    assert values.max() <= 1e-1
    shares = np.histogram(np.log10(values), bins=[-4, -3, -2, -1])[0] / len(values)
    assert shares == pytest.approx([1 / 3] * 3, abs=0.03)


def test_uniform_and_choice() -> None:
    values = np.array(drawn(Uniform(-1.0, 3.0)))
    assert values.min() >= -1
    assert values.max() <= 3
    assert values.mean() == pytest.approx(1.0, abs=0.1)
    picked = drawn(Choice((32, "tied", None)))
    for value in (32, "tied", None):
        assert picked.count(value) / len(picked) == pytest.approx(1 / 3, abs=0.03)


def test_every_trial_is_kept_and_the_best_is_the_lowest() -> None:
    asked = []

    def objective(x: float, width: int) -> float:
        asked.append({"x": x, "width": width})
        return (x - 0.3) ** 2 + width

    space = {"x": Uniform(-1, 1), "width": Choice((1, 2))}
    found = random_search(objective, space, 40, rng())
    assert [dict(trial.settings) for trial in found.trials] == asked
    assert [trial.number for trial in found.trials] == list(range(40))
    assert found.best.value == min(
        objective(**trial.settings) for trial in found.trials
    )
    assert found.best.settings["width"] == 1
    so_far = found.best_so_far
    assert so_far[0] == found.trials[0].value
    assert so_far[-1] == found.best.value
    assert all(later <= earlier for earlier, later in pairwise(so_far))


def test_a_longer_search_begins_with_the_same_trials() -> None:
    space = {"lr": LogUniform(1e-4, 1.0), "dropout": Uniform(0, 0.5)}
    short = random_search(lambda lr, dropout: lr, space, 5, rng(3))
    long = random_search(lambda lr, dropout: lr, space, 9, rng(3))
    assert long.trials[:5] == short.trials
    assert random_search(lambda lr, dropout: lr, space, 5, rng(4)) != short


def test_a_diverged_trial_counts_as_failed_and_the_search_goes_on() -> None:
    def objective(lr: float) -> float:
        if lr > 0.1:
            raise TrainingDiverged("the loss is nan at step 3")
        return math.nan if lr > 0.01 else lr

    found = random_search(objective, {"lr": LogUniform(1e-4, 1.0)}, 30, rng())
    for trial in found.trials:
        lr = trial.settings["lr"]
        if lr > 0.1:
            assert trial.failure == "the loss is nan at step 3"
        elif lr > 0.01:
            assert trial.failure == "the objective returned nan"
        else:
            assert trial.failure is None
        assert math.isinf(trial.value) == (lr > 0.01)
    assert found.best.settings["lr"] <= 0.01


def test_any_other_error_is_not_swallowed() -> None:
    def broken(x: float) -> float:
        raise KeyError("a mistake in the objective")

    with pytest.raises(KeyError, match="a mistake"):
        random_search(broken, {"x": Uniform(0, 1)}, 3, rng())


def test_if_all_fail_there_is_no_best() -> None:
    found = random_search(lambda x: math.inf, {"x": Uniform(0, 1)}, 3, rng())
    with pytest.raises(
        ValueError,
        match="all 3 trials failed, the first with: the objective returned inf",
    ):
        _ = found.best
    assert SearchResult((Trial(0, {}, 2.0), Trial(1, {}, 2.0))).best.number == 0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Uniform(1.0, 1.0), "low must be below high"),
        (lambda: LogUniform(0.0, 1.0), "above 0 and below high"),
        (lambda: LogUniform(1.0, 0.1), "above 0 and below high"),
        (lambda: Choice(()), "no value to choose"),
        (
            lambda: random_search(abs, {"x": Uniform(0, 1)}, 0, rng()),
            "at least 1, got 0",
        ),
        (lambda: random_search(abs, {}, 3, rng()), "the space is empty"),
    ],
)
def test_impossible_searches_are_refused(make, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
