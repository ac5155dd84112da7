"""Typical wrong answers to the exercises on how sure one may be, each with a piece of the hint it must meet."""

import math

import numpy as np

# one-temperature


def softmax(z, shift=True):
    e = np.exp(z - z.max(1, keepdims=True)) if shift else np.exp(z)
    return e / e.sum(1, keepdims=True)


def search(z, y, low=1e-3, high=1e3, shift=True, steps=4000):
    taus = np.geomspace(low, high, steps)
    rows = np.arange(len(y))
    losses = [-np.log(softmax(z / tau, shift)[rows, y]).mean() for tau in taus]
    return float(taus[np.argmin(losses)])


def inverse(z, y):
    return 1 / search(z, y)


def no_change(z, y):
    return 1.0


def ratio_of_confidences(z, y):
    p = softmax(z)
    return p.max(1).mean() / np.mean(p.argmax(1) == y)


def never_below_one(z, y):
    return search(z, y, low=1.0)


def by_accuracy(z, y):
    # The temperature at which the mean confidence is the accuracy.
    right = np.mean(z.argmax(1) == y)
    taus = np.geomspace(1e-3, 1e3, 4000)
    return float(
        taus[np.argmin([abs(softmax(z / t).max(1).mean() - right) for t in taus])]
    )


def overflows(z, y):
    return search(z, y, low=0.05, shift=False)


# exact-sign-test


def wins_and_losses(a, b):
    return int((a & ~b).sum()), int((~a & b).sum())


def tail(n, k):
    return sum(math.comb(n, i) for i in range(k + 1)) / 2**n


def one_sided(a, b):
    wins, losses = wins_and_losses(a, b)
    return min(1.0, tail(wins + losses, min(wins, losses)))


def this_result_twice(a, b):
    wins, losses = wins_and_losses(a, b)
    return min(1.0, 2 * math.comb(wins + losses, losses) / 2 ** (wins + losses))


def this_result(a, b):
    wins, losses = wins_and_losses(a, b)
    return math.comb(wins + losses, losses) / 2 ** (wins + losses)


def one_minus(a, b):
    wins, losses = wins_and_losses(a, b)
    return 1 - 2 * tail(wins + losses, min(wins, losses))


def counts_agreement(a, b):
    wins, losses = wins_and_losses(a, b)
    agree = len(a) - wins - losses
    return min(1.0, 2 * tail(len(a), min(wins, losses) + agree // 2))


def a_is_better(a, b):
    wins, losses = wins_and_losses(a, b)
    return min(1.0, 2 * tail(wins + losses, losses))


def above_one(a, b):
    wins, losses = wins_and_losses(a, b)
    return 2 * tail(wins + losses, min(wins, losses))


def in_floats(a, b):
    wins, losses = wins_and_losses(a, b)
    n, k = wins + losses, min(wins, losses)
    halves = np.float64(0.5) ** n
    terms = [np.float64(math.comb(n, i)) if n < 1000 else np.inf for i in range(k + 1)]
    return float(min(1.0, 2 * np.sum(terms) * halves))


def bell_curve(a, b):
    wins, losses = wins_and_losses(a, b)
    n = wins + losses
    if n < 100:
        return min(1.0, 2 * tail(n, min(wins, losses)))
    z = abs(wins - losses) / math.sqrt(n)
    return math.erfc(z / math.sqrt(2))


WRONG_ANSWERS = {
    "one-temperature": [
        (inverse, "This is 1 / tau"),
        (no_change, "no change at all"),
        (ratio_of_confidences, "ratio of the confidences"),
        (never_below_one, "search on both sides"),
        (by_accuracy, "It has one minimum"),
        (overflows, "exp overflows"),
    ],
    "exact-sign-test": [
        (one_sided, "Double it"),
        (this_result_twice, "exactly this result, twice"),
        (this_result, "exactly this result. Add"),
        (one_minus, "one minus"),
        (counts_agreement, "leave them out"),
        (a_is_better, "exchange a and b"),
        (above_one, "never above"),
        (in_floats, "no floating-point number"),
        (bell_curve, "divide once"),
    ],
}
