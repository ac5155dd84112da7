"""Typical wrong answers to the exercises on posting lists, each with a piece of the hint it must meet."""

from functools import reduce

import numpy as np

# posting-intersection


def union(a, b):
    return sorted({*a, *b})


def without(a, b):
    held = set(b)
    return [i for i in a if i not in held]


def falling(a, b):
    held = set(b)
    return [i for i in a if i in held][::-1]


def searches_every_time(a, b):
    return [i for i in a if i in b]


def first_match_only(a, b):
    held = set(b)
    return [i for i in a if i in held][:1]


def merge(a, b, stop):
    i = j = 0
    found = []
    while i < len(a) - stop and j < len(b) - stop:
        if a[i] == b[j]:
            found.append(a[i])
            i, j = i + 1, j + 1
        elif a[i] < b[j]:
            i += 1
        else:
            j += 1
    return found


def stops_before_the_end(a, b):
    return merge(a, b, 1) if len(a) == 1 or len(b) == 1 else merge(a, b, 0)


# phrase-search


def places_of(lists):
    moved = [places - i for i, places in enumerate(lists)]
    return reduce(np.intersect1d, moved)


def documents(places, starts):
    return np.unique(np.searchsorted(starts, places, side="right") - 1).tolist()


def refuse(lists):
    if not lists:
        raise ValueError("a phrase needs a word")


def any_order(lists, starts):
    refuse(lists)
    return reduce(np.intersect1d, [documents(p, starts) for p in lists]).tolist()


def repeats(lists, starts):
    refuse(lists)
    return (np.searchsorted(starts, places_of(lists), side="right") - 1).tolist()


def places_alone(lists, starts):
    refuse(lists)
    return places_of(lists).tolist()


def backward(lists, starts):
    refuse(lists)
    return documents(
        reduce(np.intersect1d, [p + i for i, p in enumerate(lists)]), starts
    )


def document_before(lists, starts):
    refuse(lists)
    return np.unique(np.maximum(np.searchsorted(starts, places_of(lists)) - 1, 0)).tolist()  # fmt: skip


def counts_from_one(lists, starts):
    refuse(lists)
    return [i + 1 for i in documents(places_of(lists), starts)]


def first_two_words(lists, starts):
    refuse(lists)
    return documents(places_of(lists[:2]), starts)


def one_place_for_all(lists, starts):
    refuse(lists)
    return documents(
        reduce(np.intersect1d, [lists[0], *(p - 1 for p in lists[1:])]), starts
    )


def empty_for_no_word(lists, starts):
    return documents(places_of(lists), starts) if lists else []


def needs_two(lists, starts):
    refuse(lists)
    return documents(places_of(lists), starts) if len(lists) > 1 else []


def one_place_closer(lists, starts):
    """Leaves the gaps out, so that documents touch."""
    refuse(lists)
    where = [np.searchsorted(starts, p, side="right") - 1 for p in lists]
    moved = [p - w - i for i, (p, w) in enumerate(zip(lists, where, strict=True))]
    return documents_of_closed(reduce(np.intersect1d, moved), starts)


def documents_of_closed(places, starts):
    return np.unique(np.searchsorted(starts - np.arange(len(starts)), places, side="right") - 1).tolist()  # fmt: skip


WRONG_ANSWERS = {
    "posting-intersection": [
        (union, "OR, not AND"),
        (without, "AND NOT"),
        (falling, "rising order"),
        (first_match_only, "go on after a match"),
        (stops_before_the_end, "at its end"),
        (searches_every_time, "from its front"),
    ],
    "phrase-search": [
        (any_order, "in the other order"),
        (repeats, "returned once"),
        (places_alone, "These are places"),
        (backward, "phrase backward"),
        (document_before, "not to the one before"),
        (counts_from_one, "first document is 0"),
        (first_two_words, "third word has no effect"),
        (one_place_for_all, "the third by two"),
        (needs_two, "One word is a phrase"),
        (one_place_closer, "reach across"),
        (empty_for_no_word, "raise a ValueError"),
    ],
}
