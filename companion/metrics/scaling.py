"""Scaling laws: the loss as a function of parameters and tokens, fitted and used."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

Numbers = Float[np.ndarray, " *sizes"] | float


@dataclass(frozen=True)
class PowerLaw:
    """L(N) = E + A / N**alpha.

    Attributes:
        floor: E, what no size gets below.
        scale: A.
        exponent: alpha.
    """

    floor: float
    scale: float
    exponent: float

    def loss(self, size: Numbers) -> Numbers:
        """Return the loss that the law gives for a size, or an array of sizes."""
        return self.floor + self.scale * size**-self.exponent


def fit_power_law(
    sizes: Float[np.ndarray, " n"], losses: Float[np.ndarray, " n"]
) -> PowerLaw:
    """Fit L(N) = E + A / N**alpha by least squares, with E at least 0.

    For each exponent of a fine grid the best E and A are those of a straight line.

    Args:
        sizes: At least three different ones, above 0, shape [n].
        losses: Shape [n].

    Returns:
        The law with the smallest sum of squares.

    Raises:
        ValueError: If there are fewer than three sizes, or one is not above 0.

    Example:
        >>> sizes = np.array([1e3, 1e4, 1e5, 1e6])
        >>> law = fit_power_law(sizes, 1.5 + 20 * sizes**-0.3)
        >>> round(law.floor, 2), round(law.exponent, 2)
        (1.5, 0.3)
    """
    if len(np.unique(sizes)) < 3:
        raise ValueError(
            f"three numbers are to be fitted: give at least 3 different sizes, got {len(np.unique(sizes))}"
        )
    if not (sizes > 0).all():
        raise ValueError("sizes must be above 0")
    middle = np.exp(
        np.log(sizes).mean()
    )  # numbers near 1 keep the fit well conditioned
    best, law = np.inf, PowerLaw(0.0, 0.0, 0.0)
    for exponent in np.arange(0.01, 2.0, 0.005):
        powers = (sizes / middle) ** -exponent
        slope, floor = np.polyfit(powers, losses, 1)
        if floor < 0:
            floor, slope = 0.0, float(powers @ losses / (powers @ powers))
        error = float(np.square(floor + slope * powers - losses).sum())
        if error < best:
            best = error
            law = PowerLaw(
                float(floor), float(slope * middle**exponent), float(exponent)
            )
    return law


@dataclass(frozen=True)
class ScalingLaw:
    """L(N, D) = E + A / N**alpha + B / D**beta, in nats a token.

    Attributes:
        floor: E.
        size_scale: A.
        size_exponent: alpha.
        data_scale: B.
        data_exponent: beta.

    Source: Hoffmann et al. (2022), equations 2 and 4.
    """

    floor: float
    size_scale: float
    size_exponent: float
    data_scale: float
    data_exponent: float

    def loss(self, parameters: Numbers, tokens: Numbers) -> Numbers:
        """Return the loss of so many parameters after so many tokens."""
        return (
            self.floor
            + self.size_scale * parameters**-self.size_exponent
            + self.data_scale * tokens**-self.data_exponent
        )

    def optimum(self, flops: Numbers) -> tuple[Numbers, Numbers]:
        """Return the parameters and the tokens that a budget is best spent on, at 6 operations a parameter and token.

        Args:
            flops: The budget C = 6 N D.

        Returns:
            N and D.
        """
        a, b = self.size_exponent, self.data_exponent
        g = (a * self.size_scale / (b * self.data_scale)) ** (1 / (a + b))
        parameters = g * (flops / 6) ** (b / (a + b))
        return parameters, flops / (6 * parameters)


# The constants as published, from the third of the paper's three ways to fit them (section 3.3, equation 10).
CHINCHILLA = ScalingLaw(1.69, 406.4, 0.34, 410.7, 0.28)

# The same points, read off the paper's figure and fitted again (Besiroglu et al. 2024, table 1).
CHINCHILLA_REFITTED = ScalingLaw(1.8172, 482.01, 0.3478, 2085.43, 0.3658)
