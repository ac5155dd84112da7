"""Typical wrong answers to the exercise on pointers, each with a piece of the hint it must meet."""

import numpy as np


def _mix(p, weights, ids, a, b):
    mixed = np.zeros(max(len(p), ids.max() + 1))
    mixed[: len(p)] = a * p
    np.add.at(mixed, ids, b * weights)
    return mixed


def gate_reversed(p, weights, ids, g):
    return _mix(p, weights, ids, 1 - g, g)


def pointer_not_scaled(p, weights, ids, g):
    return _mix(p, weights, ids, g, 1.0)


def one_of_two(p, weights, ids, g):
    mixed = np.zeros(max(len(p), ids.max() + 1))
    mixed[: len(p)] = g * p
    mixed[ids] += (1 - g) * weights
    return mixed


def vocabulary_only(p, weights, ids, g):
    return _mix(p, weights, ids, g, 1 - g)[: len(p)]


WRONG_ANSWERS = {
    "copy-mixture": [
        (gate_reversed, "belongs to the vocabulary"),
        (pointer_not_scaled, "has to sum to one"),
        (one_of_two, "np.add.at"),
        (vocabulary_only, "only the source has"),
    ],
}
