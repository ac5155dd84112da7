"""Typical wrong answers to the exercise on nDCG, each with a piece of the hint it must meet."""

import numpy as np


def gain(grades):
    return sum(g / np.log2(i + 2) for i, g in enumerate(grades))


def ideal(relevance):
    return sorted(relevance.values(), reverse=True)


def found(ranked, relevance):
    return [relevance.get(i, 0) for i in ranked]


def quotient(part, whole):
    return part / whole if whole else 0.0


def not_divided(ranked, relevance, k):
    return gain(found(ranked, relevance)[:k])


def no_discount(ranked, relevance, k):
    return quotient(sum(found(ranked, relevance)[:k]), sum(ideal(relevance)[:k]))


def by_rank(ranked, relevance, k):
    def own(grades):
        return sum(g / (i + 1) for i, g in enumerate(grades))

    return quotient(own(found(ranked, relevance)[:k]), own(ideal(relevance)[:k]))


def powers(ranked, relevance, k):
    def own(grades):
        return gain([2**g - 1 for g in grades])

    return quotient(own(found(ranked, relevance)[:k]), own(ideal(relevance)[:k]))


def upside_down(ranked, relevance, k):
    return quotient(gain(ideal(relevance)[:k]), gain(found(ranked, relevance)[:k]))


def no_grades(ranked, relevance, k):
    flat = {i: int(g > 0) for i, g in relevance.items()}
    return quotient(gain(found(ranked, flat)[:k]), gain(ideal(flat)[:k]))


def best_of_the_returned(ranked, relevance, k):
    grades = found(ranked, relevance)[:k]
    return quotient(gain(grades), gain(sorted(grades, reverse=True)))


def ideal_as_long_as_the_list(ranked, relevance, k):
    grades = found(ranked, relevance)[:k]
    return quotient(gain(grades), gain(ideal(relevance)[: len(grades)]))


def ignores_k(ranked, relevance, k):
    return quotient(gain(found(ranked, relevance)), gain(ideal(relevance)))


def ideal_not_cut(ranked, relevance, k):
    return quotient(gain(found(ranked, relevance)[:k]), gain(ideal(relevance)))


def list_not_cut(ranked, relevance, k):
    return quotient(gain(found(ranked, relevance)), gain(ideal(relevance)[:k]))


def divides_by_zero(ranked, relevance, k):
    grades = np.array(found(ranked, relevance)[:k], dtype=float)
    return np.float64(gain(grades)) / np.float64(gain(ideal(relevance)[:k]))


def one_if_nothing(ranked, relevance, k):
    best = gain(ideal(relevance)[:k])
    return gain(found(ranked, relevance)[:k]) / best if best else 1.0


WRONG_ANSWERS = {
    "ndcg-at": [
        (not_divided, "not divided by the gain"),
        (no_discount, "The discount is missing"),
        (by_rank, "divided by the rank itself"),
        (powers, "the relevance itself"),
        (upside_down, "upside down"),
        (no_grades, "The grades have no effect"),
        (best_of_the_returned, "whoever returns little is perfect"),
        (ideal_as_long_as_the_list, "Cut it at k"),
        (ignores_k, "k has no effect"),
        (ideal_not_cut, "The best list was not cut"),
        (list_not_cut, "The returned list was not cut"),
        (divides_by_zero, "0/0 has come through"),
        (one_if_nothing, "It is 0."),
    ]
}
