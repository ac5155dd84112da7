"""Typical wrong answers to the exercises on drawing a token, each with a piece of the hint it must meet."""

import numpy as np

# nucleus


def keep(probs, keep, normalize=True):
    kept = np.where(keep, probs, 0.0)
    return kept / kept.sum() if normalize else kept


def before_of(probs):
    order = np.argsort(-probs, kind="stable")
    before = np.empty(len(probs))
    before[order] = np.cumsum(probs[order]) - probs[order]
    return before


def without_the_last(probs, p):
    return keep(probs, (before_of(probs) + probs <= p) | (probs == probs.max()))


def one_too_many(probs, p):
    order = np.argsort(-probs)
    return keep(probs, np.isin(np.arange(len(probs)), order[: int((before_of(probs) < p).sum()) + 1]))  # fmt: skip


def not_normalized(probs, p):
    return keep(probs, before_of(probs) < p, normalize=False)


def the_tail(probs, p):
    return keep(probs, before_of(probs) >= p)


def from_the_least(probs, p):
    order = np.argsort(probs)
    before = np.empty(len(probs))
    before[order] = np.cumsum(probs[order]) - probs[order]
    return keep(probs, before < p)


def returns_sorted(probs, p):
    return np.sort(keep(probs, before_of(probs) < p))[::-1]


def spoils_its_input(probs, p):
    probs[before_of(probs) >= p] = 0
    probs /= probs.sum()
    return probs


def above_p(probs, p):
    order = np.argsort(-probs)
    total = np.cumsum(probs[order])
    n = int(np.searchsorted(total, p, side="right")) + 1
    if p == 1.0:
        return keep(probs, probs == probs.max())
    return keep(probs, np.isin(np.arange(len(probs)), order[:n]))


# inverse-draw


def last_below(probs, u):
    return int(np.searchsorted(np.cumsum(probs) / probs.sum(), u, side="right")) - 1


def one_further(probs, u):
    return int(np.searchsorted(np.cumsum(probs) / probs.sum(), u, side="right")) + 1


def best(probs, u):
    return int(np.argmax(probs))


def equal_is_enough(probs, u):
    return int(np.searchsorted(np.cumsum(probs) / probs.sum(), u, side="left"))


def runs_over_the_end(probs, u):
    return int(np.searchsorted(np.cumsum(probs), u, side="right"))


def stops_at_the_end(probs, u):
    return min(int(np.searchsorted(np.cumsum(probs), u, side="right")), len(probs) - 1)


WRONG_ANSWERS = {
    "nucleus": [
        (without_the_last, "belongs to the set"),
        (one_too_many, "One token too many"),
        (not_normalized, "sum to one again"),
        (the_tail, "This is the tail"),
        (from_the_least, "not from the least"),
        (returns_sorted, "Put each back"),
        (spoils_its_input, "overwrites the one"),
        (above_p, "p = 1 keeps all"),
    ],
    "inverse-draw": [
        (last_below, "too far to the front"),
        (one_further, "One place too far"),
        (best, "One place too far"),
        (equal_is_enough, "of probability zero"),
        (runs_over_the_end, "share of the total"),
        (stops_at_the_end, "share of the total"),
    ],
}
