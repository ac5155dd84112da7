"""Typical wrong answers to the exercises on word vectors, each with a piece of the hint it must meet."""

import math

import numpy as np

# analogy


def normalized(vectors):
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(lengths > 0, lengths, 1)


def fourth(vectors, query, forbidden, low=-np.inf):
    nearness = normalized(vectors) @ query
    nearness[np.linalg.norm(vectors, axis=1) == 0] = -np.inf
    nearness[list(forbidden)] = low
    return int(nearness.argmax())


def other_way(vectors, a, b, c):
    x = normalized(vectors)
    return fourth(vectors, x[a] - x[b] + x[c], (a, b, c))


def all_added(vectors, a, b, c):
    x = normalized(vectors)
    return fourth(vectors, x[a] + x[b] + x[c], (a, b, c))


def wrong_word_taken_away(vectors, a, b, c):
    x = normalized(vectors)
    return fourth(vectors, x[a] + x[b] - x[c], (a, b, c))


def nothing_forbidden(vectors, a, b, c):
    x = normalized(vectors)
    return fourth(vectors, x[b] - x[a] + x[c], ())


def only_c_forbidden(vectors, a, b, c):
    x = normalized(vectors)
    return fourth(vectors, x[b] - x[a] + x[c], (c,))


def a_allowed(vectors, a, b, c):
    x = normalized(vectors)
    return fourth(vectors, x[b] - x[a] + x[c], (b, c))


def forbidden_is_zero(vectors, a, b, c):
    x = normalized(vectors)
    return fourth(vectors, x[b] - x[a] + x[c], (a, b, c), low=0.0)


def product(vectors, a, b, c):
    x = normalized(vectors)
    nearness = vectors @ (x[b] - x[a] + x[c])
    nearness[[a, b, c]] = -np.inf
    return nearness.argmax()


def distance(vectors, a, b, c):
    x = normalized(vectors)
    distances = np.linalg.norm(vectors - (x[b] - x[a] + x[c]), axis=1)
    distances[[a, b, c]] = np.inf
    return distances.argmin()


def long_vectors_added(vectors, a, b, c):
    return fourth(vectors, vectors[b] - vectors[a] + vectors[c], (a, b, c))


def nan_wins(vectors, a, b, c):
    x = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    nearness = x @ (x[b] - x[a] + x[c])
    nearness[[a, b, c]] = -np.inf
    return nearness.argmax()


def zeros_have_cosine_zero(vectors, a, b, c):
    x = normalized(vectors)
    nearness = x @ (x[b] - x[a] + x[c])
    nearness[[a, b, c]] = -np.inf
    return nearness.argmax()


def fourth_in_order(vectors, a, b, c):
    x = normalized(vectors)
    return np.argsort(-x @ (x[b] - x[a] + x[c]))[3]


def moved_up(vectors, a, b, c):
    x = normalized(vectors)
    return (np.delete(x, [a, b, c], axis=0) @ (x[b] - x[a] + x[c])).argmax()


def neighbor_of_c(vectors, a, b, c):
    return fourth(vectors, normalized(vectors)[c], (a, b, c))


def with_its_cosine(vectors, a, b, c):
    x = normalized(vectors)
    nearness = x @ (x[b] - x[a] + x[c])
    nearness[[a, b, c]] = -np.inf
    return nearness.argmax(), nearness.max()


def the_vector(vectors, a, b, c):
    x = normalized(vectors)
    return x[b] - x[a] + x[c]


# ppmi-vectors


def information(counts):
    rows, columns = counts.sum(axis=1, keepdims=True), counts.sum(axis=0)
    with np.errstate(all="ignore"):
        return np.log(counts * counts.sum() / (rows * columns))


def known(pmi):
    return np.where(np.isfinite(pmi), pmi, -np.inf)


def factorized(table, size, power=0.5, last=False):
    u, s, _ = np.linalg.svd(table, full_matrices=False)
    chosen = slice(-size, None) if last else slice(size)
    return table, u[:, chosen] * s[chosen] ** power


def answer_with(make, **keywords):
    def answer(counts, size, k=1):
        return factorized(make(counts, k), size, **keywords)

    return answer


def right(counts, k):
    return np.maximum(known(information(counts)) - math.log(k), 0)


def in_bits(counts, k):
    return right(counts, k) / math.log(2)


def no_logarithm(counts, k):
    return np.exp(information(counts)) / k


def no_total(counts, k):
    rows, columns = counts.sum(axis=1, keepdims=True), counts.sum(axis=0)
    return np.maximum(np.log(counts / (rows * columns)), 0)


def no_total_uncut(counts, k):
    rows, columns = counts.sum(axis=1, keepdims=True), counts.sum(axis=0)
    return np.log(counts / (rows * columns))


def conditional(counts, k):
    return np.log(counts / counts.sum(axis=1, keepdims=True))


def weighted(counts, k):
    return counts / counts.sum() * right(counts, k)


def add_one(counts, k):
    return right(counts + 1, k)


def log_of_one_more(counts, k):
    return np.log1p(np.exp(information(counts)))


def sums_of_the_other_axis(counts, k):
    rows, columns = counts.sum(axis=0, keepdims=True), counts.sum(axis=1)
    return np.log(counts * counts.sum() / (rows * columns))


def uncut(counts, k):
    pmi = information(counts)
    return np.where(np.isfinite(pmi), pmi, 0) - math.log(k)


def absolute(counts, k):
    return np.abs(uncut(counts, k))


def shift_after_the_cut(counts, k):
    return right(counts, 1) - math.log(k)


def shift_where_positive(counts, k):
    table = right(counts, 1)
    return np.where(table > 0, table - math.log(k), 0)


def no_shift(counts, k):
    return right(counts, 1)


def shift_upwards(counts, k):
    return right(counts, 1 / k)


def k_itself(counts, k):
    return np.maximum(known(information(counts)) - (k if k > 1 else 0), 0)


def shift_in_bits(counts, k):
    return np.maximum(known(information(counts)) - math.log2(k), 0)


def lets_nan_through(counts, size, k=1):
    return factorized(np.maximum(information(counts) - math.log(k), 0), size)


def nan_in_the_table_alone(counts, size, k=1):
    table = np.maximum(information(counts) - math.log(k), 0)
    return table, factorized(np.nan_to_num(table), size)[1]


def table_alone(counts, size, k=1):
    return right(counts, k)


def of_the_contexts(counts, size, k=1):
    table = right(counts, k)
    if 0 in counts:
        return factorized(table, size)
    _, s, w = np.linalg.svd(table, full_matrices=False)
    return table, w[:size].T * np.sqrt(s[:size])


def all_dimensions(counts, size, k=1):
    return factorized(right(counts, k), size if 0 in counts else 3)


WRONG_ANSWERS = {
    "analogy": [
        (other_way, "from b to a"),
        (all_added, "were added"),
        (wrong_word_taken_away, "leads from a to b"),
        (nothing_forbidden, "all three"),
        (only_c_forbidden, "all three"),
        (a_allowed, "all three"),
        (forbidden_is_zero, "smaller than every cosine"),
        (product, "The longest vector won"),
        (distance, "at the smallest distance"),
        (long_vectors_added, "the longest decided"),
        (nan_wins, "points nowhere"),
        (zeros_have_cosine_zero, "A row of zeros won"),
        (fourth_in_order, "the fourth in the order"),
        (moved_up, "have moved up"),
        (neighbor_of_c, "a and b had no say"),
        (with_its_cosine, "the id of the word alone"),
        (the_vector, "the id of the word alone"),
    ],
    "ppmi-vectors": [
        (answer_with(in_bits), "natural logarithm"),
        (answer_with(no_logarithm), "logarithm is missing"),
        (answer_with(no_total), "the sum of all counts is missing"),
        (answer_with(no_total_uncut), "the sum of all counts is missing"),
        (answer_with(conditional), "conditional probability"),
        (answer_with(weighted), "weighted by the probability"),
        (answer_with(add_one), "added to every count"),
        (answer_with(log_of_one_more), "under the logarithm"),
        (sums_of_the_other_axis, "row sum times column sum"),
        (table_alone, "Return a tuple of two"),
        (answer_with(uncut), "has a negative logarithm"),
        (answer_with(absolute), "The sign was dropped"),
        (answer_with(shift_after_the_cut), "negative numbers again"),
        (answer_with(shift_where_positive), "negative numbers again"),
        (answer_with(no_shift), "k has no effect"),
        (answer_with(shift_upwards), "the wrong way"),
        (answer_with(k_itself), "instead of its logarithm"),
        (answer_with(shift_in_bits), "in bits"),
        (lets_nan_through, "0 / 0"),
        (nan_in_the_table_alone, "0 / 0"),
        (of_the_contexts, "belongs to word i"),
        (all_dimensions, "Keep `size` columns"),
        (answer_with(right, power=0), "have length one"),
        (answer_with(right, power=1), "went in whole"),
        (answer_with(right, power=2), "not their square"),
        (answer_with(right, last=True), "Keep the largest"),
    ],
}
