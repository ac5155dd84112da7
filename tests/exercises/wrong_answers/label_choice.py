"""Typical wrong answers on the ceiling and on what to label next, each with a piece of the hint it must meet."""

from collections import Counter

import numpy as np

# accuracy-ceiling


def counted(texts, labels):
    counts = {}
    for text, label in zip(texts, labels, strict=False):
        counts.setdefault(text, Counter())[label] += 1
    return counts


def single_labels_only(texts, labels):
    return sum(sum(c.values()) for c in counted(texts, labels).values() if len(c) == 1) / len(texts)  # fmt: skip


def different_texts(texts, labels):
    return len(set(texts)) / len(texts)


def number_right(texts, labels):
    return sum(max(c.values()) for c in counted(texts, labels).values())


def most_frequent_label(texts, labels):
    return max(Counter(labels).values()) / len(labels)


def mean_over_texts(texts, labels):
    return float(np.mean([max(c.values()) / sum(c.values()) for c in counted(texts, labels).values()]))  # fmt: skip


def everything(texts, labels):
    return 1.0


def drops_the_rest(texts, labels):
    if not texts:
        raise ValueError("nothing")
    return number_right(texts, labels) / len(texts)


def divides_by_nothing(texts, labels):
    if len(texts) != len(labels):
        raise ValueError("not as many")
    return number_right(texts, labels) / len(texts)


# margin-query


def margins(p):
    ranked = np.sort(p, axis=1)
    return ranked[:, -1] - ranked[:, -2]


def ordered(values, known, k):
    return [int(i) for i in np.argsort(values, kind="stable") if i not in known][:k]


def least_sure(p, known, k):
    return ordered(p.max(axis=1), known, k)


def surest(p, known, k):
    return ordered(-margins(p), known, k)


def in_order_of_number(p, known, k):
    return sorted(ordered(margins(p), known, k))


def asks_again(p, known, k):
    return ordered(margins(p), [], k)


def places_in_the_rest(p, known, k):
    rest = np.delete(p, list(known), axis=0) if len(known) else p
    return ordered(margins(rest), [], k)


def insists_on_k(p, known, k):
    found = ordered(margins(p), known, k)
    return found + found[-1:] * (k - len(found))


WRONG_ANSWERS = {
    "accuracy-ceiling": [
        (single_labels_only, "Only texts with one label"),
        (different_texts, "number of different texts"),
        (number_right, "divide by all of them"),
        (most_frequent_label, "depends on the text"),
        (mean_over_texts, "counts three times"),
        (everything, "one answer a text"),
        (drops_the_rest, "without a word"),
        (divides_by_nothing, "Raise a ValueError"),
    ],
    "margin-query": [
        (least_sure, "second best"),
        (surest, "largest margins"),
        (in_order_of_number, "another order"),
        (asks_again, "has a label already"),
        (places_in_the_rest, "places in what is left"),
        (insists_on_k, "Return what is left"),
    ],
}
