"""Typical wrong answers to the exercise on exchanging systems, each with a piece of the hint it must meet."""

import numpy as np


def totals(a, b, swaps):
    return np.where(swaps, b - a, a - b).sum(axis=1), (a - b).sum()


def count(a, b, swaps):
    drawn, real = totals(a, b, swaps)
    return (np.abs(drawn) >= abs(real) - 1e-12).sum(), len(swaps)


def nothing_added(a, b, swaps):
    k, n = count(a, b, swaps)
    return k / n


def added_below(a, b, swaps):
    k, n = count(a, b, swaps)
    return k / (n + 1)


def added_above(a, b, swaps):
    k, n = count(a, b, swaps)
    return (k + 1) / n


def one_direction(a, b, swaps):
    drawn, real = totals(a, b, swaps)
    return ((drawn >= real - 1e-12).sum() + 1) / (len(swaps) + 1)


def nearer(a, b, swaps):
    k, n = count(a, b, swaps)
    return 1 - (k + 1) / (n + 1)


def no_exchange(a, b, swaps):
    return 1.0


def rounding_kills(a, b, swaps):
    drawn, real = totals(a, b, swaps)
    exact = np.abs(drawn) >= abs(real)
    if not np.allclose(a, np.round(a)):
        exact = np.abs(drawn) > abs(real) + 1e-15
    return (exact.sum() + 1) / (len(swaps) + 1)


def zero_if_equal(a, b, swaps):
    if np.array_equal(a, b):
        return 1 / (len(swaps) + 1)
    k, n = count(a, b, swaps)
    return (k + 1) / (n + 1)


def first_rows_only(a, b, swaps):
    k, n = count(a, b, swaps[:100])
    return (k + 1) / (n + 1)


WRONG_ANSWERS = {
    "exchange-test": [
        (nothing_added, "Add one above and below"),
        (added_below, "One is to be added above"),
        (added_above, "One is to be added below"),
        (one_direction, "one direction only"),
        (nearer, "nearer to 0"),
        (no_exchange, "No example has changed places"),
        (rounding_kills, "Only farther rows were counted"),
        (zero_if_equal, "two equal systems differ significantly"),
        (first_rows_only, "the mean goes over the examples"),
    ]
}
