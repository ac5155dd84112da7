"""Typical wrong answers to the exercise on the paired bootstrap, each with a piece of the hint it must meet."""

import numpy as np


def bits(nats, characters, draws):
    return nats[draws].sum(axis=1) / characters[draws].sum(axis=1) / np.log(2)


def ends(differences, at=(0.025, 0.975)):
    return tuple(np.quantile(differences, at))


def b_minus_a(a, b, characters, draws):
    return ends(bits(b - a, characters, draws))


def mean_of_ratios(a, b, characters, draws):
    return ends(((a - b) / characters / np.log(2))[draws].mean(axis=1))


def nats(a, b, characters, draws):
    return ends(bits(a - b, characters, draws) * np.log(2))


def nats_twice(a, b, characters, draws):
    return ends(bits(a - b, characters, draws) * np.log(2) ** 2)


def totals(a, b, characters, draws):
    return ends((a - b)[draws].sum(axis=1) / np.log(2))


def per_document(a, b, characters, draws):
    return ends((a - b)[draws].mean(axis=1) / np.log(2))


def only_a(a, b, characters, draws):
    return ends(bits(a, characters, draws))


def all_differences(a, b, characters, draws):
    return bits(a - b, characters, draws)


def all_characters(a, b, characters, draws):
    return ends((a - b)[draws].sum(axis=1) / characters.sum() / np.log(2))


def each_document_once(a, b, characters, draws):
    rows = [np.unique(row) for row in draws]
    found = [(a - b)[r].sum() / characters[r].sum() / np.log(2) for r in rows]
    return ends(found)


def ignores_the_draws(a, b, characters, draws):
    whole = np.arange(len(a))[None]
    return ends(bits(a - b, characters, whole))


def draws_apart(a, b, characters, draws):
    others = draws[::-1]
    return ends(bits(a, characters, draws) - bits(b, characters, others))


def upper_end_first(a, b, characters, draws):
    return ends(bits(a - b, characters, draws), (0.975, 0.025))


def extremes(a, b, characters, draws):
    found = bits(a - b, characters, draws)
    return found.min(), found.max()


def ninety_percent(a, b, characters, draws):
    return ends(bits(a - b, characters, draws), (0.05, 0.95))


def quartiles(a, b, characters, draws):
    return ends(bits(a - b, characters, draws), (0.25, 0.75))


def bell_curve(a, b, characters, draws):
    found = bits(a - b, characters, draws)
    return found.mean() - 1.96 * found.std(), found.mean() + 1.96 * found.std()


def first_row(a, b, characters, draws):
    return ends(bits(a - b, characters, draws[:1]))


def mean_alone(a, b, characters, draws):
    found = bits(a - b, characters, draws)
    return found.mean(), found.mean()


def ends_of_each_model(a, b, characters, draws):
    of_a, of_b = (ends(bits(part, characters, draws)) for part in (a, b))
    return of_a[0] - of_b[0], of_a[1] - of_b[1]


WRONG_ANSWERS = {
    "paired-interval": [
        (b_minus_a, "This is b minus a"),
        (mean_of_ratios, "the mean of the documents' own ratios"),
        (nats, "This is in nats"),
        (nats_twice, "You multiplied by ln 2"),
        (totals, "Divide by its characters"),
        (per_document, "bits per document"),
        (only_a, "b was not subtracted"),
        (all_differences, "Return a tuple of two numbers"),
        (all_characters, "those of the whole test part"),
        (each_document_once, "counts only once"),
        (ignores_the_draws, "draws has no effect"),
        (draws_apart, "the same drawn documents"),
        (upper_end_first, "The lower end comes first"),
        (extremes, "the smallest and the largest difference"),
        (ninety_percent, "90 percent"),
        (quartiles, "0.25 is 25 percent"),
        (bell_curve, "a bell curve"),
        (first_row, "Only the first row"),
        (mean_alone, "how far they spread"),
        (ends_of_each_model, "one difference for each row"),
    ],
}
