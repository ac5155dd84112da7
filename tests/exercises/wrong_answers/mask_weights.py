"""Typical wrong answers to the exercises on masks and weights, each with a piece of the hint it must meet."""

import numpy as np


def left(probs, allowed):
    return np.where(allowed, probs, 0.0).sum(1)


# mask-weight


def added(probs, allowed):
    return left(probs, allowed).sum()


def taken_away(probs, allowed):
    return (1 - left(probs, allowed)).prod()


def upside_down(probs, allowed):
    return 1 / left(probs, allowed).prod()


def logarithm(probs, allowed):
    return np.log(left(probs, allowed)).sum()


def mean_left(probs, allowed):
    return left(probs, allowed).mean()


def none_is_zero(probs, allowed):
    return left(probs, allowed).prod() if len(probs) else 0.0


# weighted-mean


def unweighted(values, log_weights):
    return values.mean()


def not_divided(values, log_weights):
    return (values * np.exp(log_weights)).sum()


def by_number(values, log_weights):
    return (values * np.exp(log_weights)).mean()


def of_logarithms(values, log_weights):
    return (values * log_weights).sum() / log_weights.sum()


def underflows(values, log_weights):
    weights = np.exp(log_weights)
    return (values * weights).sum() / weights.sum()


def spoils(values, log_weights):
    log_weights -= log_weights.max()
    weights = np.exp(log_weights)
    return (values * weights).sum() / weights.sum()


WRONG_ANSWERS = {
    "mask-weight": [
        (added, "multiply, do not add"),
        (taken_away, "what the mask took away"),
        (upside_down, "Upside down"),
        (logarithm, "its logarithm"),
        (mean_left, "no probability"),
        (none_is_zero, "has weight 1"),
    ],
    "weighted-mean": [
        (unweighted, "were not used"),
        (not_divided, "Divide by the sum"),
        (by_number, "not by their number"),
        (of_logarithms, "take the exponential"),
        (underflows, "subtract the largest"),
        (spoils, "overwrites"),
    ],
}
