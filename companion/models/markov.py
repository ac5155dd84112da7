"""A source whose entropy is known: the Markov chain, against which every measure can be checked."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int


class MarkovChain:
    """A chain of states where the next depends on the present one alone.

    Attributes:
        transition: Row i is the distribution of the state after state i, shape [states, states].
        stationary: The distribution of the state after a long time, shape [states].
    """

    def __init__(self, transition: Float[np.ndarray, "states states"]) -> None:
        """Check the matrix and solve for the stationary distribution.

        Args:
            transition: Row i is the distribution of the state after state i, shape [states, states].

        Raises:
            ValueError: If a row is no distribution, or the chain falls apart into parts that never meet, so that
                it has more than one stationary distribution.
        """
        if not np.allclose(transition.sum(axis=1), 1) or transition.min() < 0:
            raise ValueError(
                "every row of the transition matrix must be a distribution: at least 0, sum 1"
            )
        self.transition = transition
        states = len(transition)
        # pi A = pi and sum(pi) = 1, as one overdetermined linear system.
        equations = np.vstack([transition.T - np.eye(states), np.ones(states)])
        if np.linalg.matrix_rank(equations) < states:
            raise ValueError(
                "the chain has states that never reach each other: its stationary distribution is not unique"
            )
        right = np.append(np.zeros(states), 1.0)
        self.stationary = np.linalg.lstsq(equations, right, rcond=None)[0].clip(min=0)

    def entropy_rate(self) -> float:
        """Return the average entropy of a step, in nats.

        Source: Shannon (1948), section 7; book, equation eq-entropy-rate.

        Example:
            >>> chain = MarkovChain(np.array([[0.5, 0.5], [1.0, 0.0]]))
            >>> round(chain.entropy_rate() / float(np.log(2)), 4)
            0.6667
        """
        logs = np.log(
            self.transition,
            where=self.transition > 0,
            out=np.zeros_like(self.transition),
        )
        return float(-self.stationary @ (self.transition * logs).sum(axis=1))

    def sample(
        self, length: int, generator: np.random.Generator
    ) -> Int[np.ndarray, " steps"]:
        """Draw a run of states; the first comes from the stationary distribution.

        Args:
            length: Number of states.
            generator: Source of randomness.

        Returns:
            The states, shape [steps].

        Raises:
            ValueError: If the length is below 1.
        """
        if length < 1:
            raise ValueError(f"length must be at least 1, got {length}")
        thresholds = self.transition.cumsum(axis=1)
        last = len(thresholds) - 1
        states = np.empty(length, dtype=np.int64)
        states[0] = generator.choice(
            last + 1, p=self.stationary / self.stationary.sum()
        )
        for t, u in enumerate(generator.random(length - 1), start=1):
            # min: rounding can leave the last threshold a hair below 1.
            states[t] = min(
                int(np.searchsorted(thresholds[states[t - 1]], u, side="right")), last
            )
        return states
