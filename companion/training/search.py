"""Random search: draw settings, try each once, keep all results, and know the best."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from companion.training.trainer import TrainingDiverged


class Distribution(ABC):
    """Where the value of one hyper-parameter is drawn from."""

    @abstractmethod
    def draw(self, generator: np.random.Generator) -> Any:
        """Draw one value.

        Args:
            generator: Source of randomness.

        Returns:
            The value.
        """


@dataclass(frozen=True)
class Uniform(Distribution):
    """Any number between two bounds, all equally likely.

    Attributes:
        low: Least value.
        high: Greatest value.
    """

    low: int | float
    high: int | float

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ValueError(
                f"low must be below high, got low={self.low} and high={self.high}"
            )

    def draw(self, generator: np.random.Generator) -> float:
        """Return one value."""
        return float(generator.uniform(self.low, self.high))


@dataclass(frozen=True)
class LogUniform(Distribution):
    """Any number between two positive bounds, its logarithm uniform: what a learning rate needs.

    Attributes:
        low: Least value, above 0.
        high: Greatest value.
    """

    low: int | float
    high: int | float

    def __post_init__(self) -> None:
        if not 0 < self.low < self.high:
            raise ValueError(
                f"low must be above 0 and below high, got low={self.low} and high={self.high}"
            )

    def draw(self, generator: np.random.Generator) -> float:
        """Return one value."""
        value = math.exp(generator.uniform(math.log(self.low), math.log(self.high)))
        return min(max(value, self.low), self.high)  # exp(log(x)) may miss x by a bit


@dataclass(frozen=True)
class Choice(Distribution):
    """One of several values, all equally likely.

    Attributes:
        values: What can be drawn.
    """

    values: tuple[Any, ...]

    def __post_init__(self) -> None:
        if not self.values:
            raise ValueError("there is no value to choose from")

    def draw(self, generator: np.random.Generator) -> Any:
        """Return one value."""
        return self.values[int(generator.integers(len(self.values)))]


@dataclass(frozen=True)
class Trial:
    """One setting of all hyper-parameters, and what came of it.

    Attributes:
        number: 0, 1, 2, ... in the order in which they were tried.
        settings: The value of each hyper-parameter by name.
        value: What the objective returned, lower is better; infinite if it was no number or the training diverged.
        failure: Why it failed; None if it did not.
    """

    number: int
    settings: Mapping[str, Any]
    value: float
    failure: str | None = None


@dataclass(frozen=True)
class SearchResult:
    """All trials of a search, in the order in which they were tried."""

    trials: tuple[Trial, ...]

    @property
    def best(self) -> Trial:
        """The trial with the lowest value, the first of them if there are several.

        Raises:
            ValueError: If every trial failed.
        """
        best = min(self.trials, key=lambda trial: trial.value)
        if math.isinf(best.value):
            raise ValueError(
                f"all {len(self.trials)} trials failed, the first with: {self.trials[0].failure}. "
                "Search smaller learning rates"
            )
        return best

    @property
    def best_so_far(self) -> list[float]:
        """The lowest value after each trial."""
        values = np.array([trial.value for trial in self.trials])
        return [float(value) for value in np.minimum.accumulate(values)]


def random_search(
    objective: Callable[..., float],
    space: Mapping[str, Distribution],
    trials: int,
    generator: np.random.Generator,
) -> SearchResult:
    """Try settings drawn at random, each independent of the results before.

    A search of more trials begins with the same ones, if the objective draws nothing from the generator.

    Args:
        objective: Called with one keyword argument for each entry of ``space``; returns a number measured on the
            validation part, lower is better. `TrainingDiverged` counts as a failed trial; any other error is raised.
        space: For each hyper-parameter where its value is drawn from.
        trials: Number of trials.
        generator: Source of randomness.

    Returns:
        All trials.

    Raises:
        ValueError: If there is nothing to search, or less than one trial.

    Source: Bergstra & Bengio (2012).

    Example:
        >>> space = {"x": Uniform(-1.0, 1.0)}
        >>> found = random_search(lambda x: x**2, space, 50, np.random.default_rng(0))
        >>> len(found.trials), found.best.value < 0.01
        (50, True)
    """
    if trials < 1:
        raise ValueError(f"trials must be at least 1, got {trials}")
    if not space:
        raise ValueError("the space is empty: name at least one hyper-parameter")
    done: list[Trial] = []
    for number in range(trials):
        settings = {name: where.draw(generator) for name, where in space.items()}
        done.append(_try(objective, number, settings))
    return SearchResult(tuple(done))


def _try(
    objective: Callable[..., float], number: int, settings: dict[str, Any]
) -> Trial:
    try:
        value = float(objective(**settings))
    except TrainingDiverged as error:
        return Trial(number, settings, math.inf, str(error))
    if not math.isfinite(value):
        return Trial(number, settings, math.inf, f"the objective returned {value}")
    return Trial(number, settings, value)
