"""Typical wrong answers to the exercise on trust, each with a piece of the hint it must meet."""

import numpy as np


def _curve(scores, right, compare=np.greater_equal):
    if not len(scores):
        raise ValueError
    thresholds = np.unique(scores)[::-1]
    taken = compare(scores[None], thresholds[:, None])
    wrong = (taken & ~right).sum(1)
    return thresholds, taken, wrong


def smallest_first(scores, right):
    thresholds, taken, wrong = _curve(scores, right)
    return tuple(x[::-1] for x in (thresholds, taken.mean(1), wrong / taken.sum(1)))


def strictly_above(scores, right):
    thresholds, taken, wrong = _curve(scores, right, np.greater)
    return thresholds, taken.mean(1), wrong / np.maximum(taken.sum(1), 1)


def of_all_answers(scores, right):
    thresholds, taken, wrong = _curve(scores, right)
    return thresholds, taken.mean(1), wrong / len(scores)


def share_right(scores, right):
    thresholds, taken, wrong = _curve(scores, right)
    return thresholds, taken.mean(1), 1 - wrong / taken.sum(1)


def of_the_wrong_ones(scores, right):
    thresholds, taken, wrong = _curve(scores, right)
    return thresholds, taken.mean(1), wrong / max((~right).sum(), 1)


def one_by_one(scores, right):
    if not len(scores):
        raise ValueError
    order = np.argsort(-scores, kind="stable")
    n = np.arange(1, len(scores) + 1)
    return scores[order], n / len(scores), np.cumsum(~right[order]) / n


def empty_curve(scores, right):
    if not len(scores):
        return np.array([]), np.array([]), np.array([])
    thresholds, taken, wrong = _curve(scores, right)
    return thresholds, taken.mean(1), wrong / taken.sum(1)


def two_of_three(scores, right):
    return smallest_first(scores, right)[:2]


WRONG_ANSWERS = {
    "risk-curve": [
        (two_of_three, "Return a tuple"),
        (smallest_first, "greatest comes first"),
        (strictly_above, "greater or equal"),
        (of_all_answers, "about those that are taken"),
        (share_right, "share that is right"),
        (of_the_wrong_ones, "Divide by the number taken"),
        (one_by_one, "taken together"),
        (empty_curve, "raise a ValueError"),
    ],
}
