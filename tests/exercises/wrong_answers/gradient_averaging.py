"""Typical wrong answers to the exercises on data parallelism, each with a piece of the hint it must meet."""

import numpy as np


def weighted(gradients, counts):
    return counts @ gradients / counts.sum()


def refuse(counts):
    if counts.sum() == 0:
        raise ValueError("nothing is predicted")


def plain_mean(gradients, counts):
    return gradients.mean(axis=0)


def weighted_sum(gradients, counts):
    return counts @ gradients


def divided_by_parts(gradients, counts):
    return counts @ gradients / len(counts)


def plain_sum(gradients, counts):
    return gradients.sum(axis=0)


def wrong_way_around(gradients, counts):
    return weighted(gradients, counts[::-1])


def keeps_the_empty(gradients, counts):
    refuse(counts)
    return weighted(gradients, counts)


def divides_by_zero(gradients, counts):
    return weighted(gradients[counts > 0], counts[counts > 0])


def ring(vectors, mean=False, rounds=None, whole=False, all_together=False):
    number, size = vectors.shape
    if size % number:
        raise ValueError("not even")
    total = vectors.sum(0) / (number if mean else 1)
    sent = (2 * (number - 1) if rounds is None else rounds(number)) * size // number
    if whole:
        sent = (number - 1) * size
    return np.tile(total, (number, 1)), sent * (number if all_together else 1)


def means(vectors):
    return ring(vectors, mean=True)


def first_half(vectors):
    return ring(vectors, rounds=lambda r: r - 1)


def a_round_too_many(vectors):
    return ring(vectors, rounds=lambda r: 2 * r)


def whole_vectors(vectors):
    return ring(vectors, whole=True)


def all_processes(vectors):
    return ring(vectors, all_together=True)


def nothing_happens(vectors):
    return vectors, 0


def one_round_at_least(vectors):
    sums, sent = ring(vectors)
    return sums, max(sent, 1)


def rounds_down(vectors):
    number, size = vectors.shape
    return np.tile(vectors.sum(0), (number, 1)), 2 * (number - 1) * (size // number)


def sums_alone(vectors):
    return float(ring(vectors)[0].sum())


WRONG_ANSWERS = {
    "combine-gradients": [
        (plain_mean, "the plain mean"),
        (weighted_sum, "number of all tokens."),
        (divided_by_parts, "not by the number of parts"),
        (plain_sum, "This is the sum"),
        (wrong_way_around, "wrong way around"),
        (keeps_the_empty, "0 * nan is nan"),
        (divides_by_zero, "raise a ValueError"),
    ],
    "ring-all-reduce": [
        (means, "These are means"),
        (nothing_happens, "Nothing was exchanged"),
        (first_half, "That is the first half"),
        (a_round_too_many, "One round too many"),
        (whole_vectors, "Cut them into R parts"),
        (all_processes, "what one process sends"),
        (one_round_at_least, "nothing to send"),
        (rounds_down, "raise a ValueError"),
        (sums_alone, "Return a tuple"),
    ],
}
