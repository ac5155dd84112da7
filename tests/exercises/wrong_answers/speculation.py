"""Typical wrong answers to the exercise on speculative decoding, each with a piece of the hint it must meet."""

import numpy as np


def right(p, q):
    ratio = np.divide(p, q, out=np.ones_like(p), where=q > 0)
    accepted = np.minimum(1, ratio)
    missing = np.maximum(p - q, 0)
    replacement = missing / missing.sum() if missing.sum() > 0 else p
    return accepted, float((q * accepted).sum()), replacement


def above_one(p, q):
    return (p / q, *right(p, q)[1:])


def exchanged(p, q):
    return (np.minimum(1, q / p), *right(p, q)[1:])


def overlap(p, q):
    return (np.minimum(p, q), *right(p, q)[1:])


def mean_rate(p, q):
    accepted, _, replacement = right(p, q)
    return accepted, accepted.mean(), replacement


def by_the_target(p, q):
    accepted, _, replacement = right(p, q)
    return accepted, (p * accepted).sum(), replacement


def rejected(p, q):
    accepted, rate, replacement = right(p, q)
    return accepted, 1 - rate, replacement


def not_normalized(p, q):
    return (*right(p, q)[:2], np.maximum(p - q, 0))


def absolute(p, q):
    missing = np.abs(p - q)
    return (*right(p, q)[:2], missing / missing.sum())


def from_the_target(p, q):
    return (*right(p, q)[:2], p)


def too_much(p, q):
    return (*right(p, q)[:2], right(q, p)[2])


def nan_where_zero(p, q):
    accepted = np.minimum(1, p / q)
    missing = np.maximum(p - q, 0)
    return accepted, (q * accepted).sum(), missing / missing.sum()


def divides_nothing(p, q):
    accepted, rate, _ = right(p, q)
    missing = np.maximum(p - q, 0)
    return accepted, rate, missing / missing.sum()


WRONG_ANSWERS = {
    "accept-replace": [
        (above_one, "take the minimum"),
        (exchanged, "p is what is wanted"),
        (overlap, "once it is proposed"),
        (mean_rate, "not proposed equally often"),
        (by_the_target, "come from q"),
        (rejected, "share that is rejected"),
        (not_normalized, "has to sum to one"),
        (absolute, "nothing is missing"),
        (from_the_target, "second chance"),
        (too_much, "too much to"),
        (nan_where_zero, "no nan"),
        (divides_nothing, "return p then"),
    ],
}
