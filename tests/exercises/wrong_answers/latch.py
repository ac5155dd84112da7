"""Typical wrong answers to the exercise on a memory with chosen weights, each with a piece of the hint it must meet."""

import math

import numpy as np


def latch(n, feedback=3.0, push=6.0, signs=None):
    units = math.ceil(math.log2(n))
    if signs is None:
        signs = 2.0 * (np.arange(n)[:, None] // 2 ** np.arange(units) % 2) - 1
    w = np.hstack([push * signs.T, np.zeros((signs.shape[1], 1))])
    return w, feedback * np.eye(signs.shape[1]), np.zeros(signs.shape[1]), signs


def no_blank(n):
    w, u, b, o = latch(n)
    return w[:, :n], u, b, o


def scores_for_the_blank(n):
    w, u, b, o = latch(n)
    return w, u, b, np.vstack([o, 0 * o[:1]])


def always_eight(n):
    return latch(8)


def three_arrays(n):
    return latch(n)[:3]


def zeros_and_ones(n):
    units = math.ceil(math.log2(n))
    bits = 1.0 * (np.arange(n)[:, None] // 2 ** np.arange(units) % 2)
    return latch(n, signs=bits)


def no_feedback(n):
    return latch(n, feedback=0.0)


def feedback_below_one(n):
    return latch(n, feedback=0.5)


def blank_as_symbol(n):
    w, u, b, o = latch(n)
    w[:, n] = -6
    return w, u, b, o


def weak_symbols(n):
    return latch(n, feedback=3.0, push=1.0)


def the_first_stays(n):
    return latch(n, feedback=10.0, push=6.0)


def identity(n):
    return latch(n, feedback=1.0)


def hardly_above_one(n):
    return latch(n, feedback=1.05)


def nearly_orthogonal(n):
    return latch(n, feedback=0.999)


def a_unit_for_each_symbol(n):
    return latch(n, signs=2 * np.eye(n) - 1)


WRONG_ANSWERS = {
    "latch": [
        (no_blank, "a column for each of them"),
        (scores_for_the_blank, "never the answer"),
        (always_eight, "not always 8"),
        (three_arrays, "Return a tuple of 4"),
        (zeros_and_ones, "a pattern of the state"),
        (no_feedback, "A blank must leave the state as it is"),
        (feedback_below_one, "A blank must leave the state as it is"),
        (blank_as_symbol, "A blank must leave the state as it is"),
        (weak_symbols, "outweigh"),
        (the_first_stays, "outweigh"),
        (identity, "pulled back"),
        (hardly_above_one, "pulled back"),
        (nearly_orthogonal, "pulled back"),
        (a_unit_for_each_symbol, "How many bits"),
    ],
}
