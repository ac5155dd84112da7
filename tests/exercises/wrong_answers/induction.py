"""Typical wrong answers to the exercise on induction, each with a piece of the hint it must meet."""

import numpy as np


def weights(
    kinds,
    places,
    *,
    sharp=20.0,
    second_sharp=None,
    shift=-1,
    source="token",
    into="before",
    key="before",
    value="token",
):
    d = 2 * kinds + places
    blocks = {
        "token": np.eye(d)[:, :kinds],
        "place": np.eye(d)[:, kinds : kinds + places],
        "before": np.eye(d)[:, kinds + places :],
    }
    token, place = blocks["token"], blocks["place"]
    second = sharp if second_sharp is None else second_sharp
    one_back = np.eye(places, k=shift)
    first = (sharp * place @ one_back, place, blocks[source] @ blocks[into].T)
    return first, (second * token, blocks[key], blocks[value] @ token.T)


def looks_at_itself(kinds, places):
    return weights(kinds, places, shift=0)


def looks_two_back(kinds, places):
    return weights(kinds, places, shift=-2)


def looks_ahead(kinds, places):
    return weights(kinds, places, shift=1)


def is_not_sharp(kinds, places):
    return weights(kinds, places, sharp=4.0)


def overwrites_the_token(kinds, places):
    return weights(kinds, places, into="token")


def writes_nothing(kinds, places):
    first, second = weights(kinds, places)
    return (first[0], first[1], 0 * first[2]), second


def writes_little(kinds, places):
    first, second = weights(kinds, places)
    return (first[0], first[1], 0.1 * first[2]), second


def compares_the_tokens(kinds, places):
    return weights(kinds, places, key="token")


def answers_with_the_one_before(kinds, places):
    return weights(kinds, places, key="token", value="before")


def second_layer_by_place(kinds, places):
    first, second = weights(kinds, places)
    return first, (first[0], first[1], second[2])


def second_is_not_sharp(kinds, places):
    return weights(kinds, places, second_sharp=4.0)


def too_small_an_alphabet(kinds, places):
    return weights(6, 12)


def transposed(kinds, places):
    return tuple(tuple(w.T for w in layer) for layer in weights(kinds, places))


def different_widths(kinds, places):
    first, second = weights(kinds, places)
    return first, (second[0], first[1], second[2])


def infinite(kinds, places):
    first, second = weights(kinds, places)
    return (np.where(first[0] > 0, np.inf, 0.0), *first[1:]), second


def one_layer(kinds, places):
    return weights(kinds, places)[0]


WRONG_ANSWERS = {
    "induction-head": [
        (looks_at_itself, "Each place looks at itself"),
        (looks_two_back, "must fit the key of place t - 1"),
        (looks_ahead, "must fit the key of place t - 1"),
        (is_not_sharp, "not sharply"),
        (overwrites_the_token, "still needs"),
        (writes_nothing, "expected those before"),
        (writes_little, "expected those before"),
        (compares_the_tokens, "It names the token itself"),
        (answers_with_the_one_before, "Key and value are exchanged"),
        (second_layer_by_place, "places play no part"),
        (second_is_not_sharp, "factor must be large enough"),
        (too_small_an_alphabet, "[500"),
        (transposed, "has the shapes"),
        (different_widths, "need the same width"),
        (infinite, "not finite"),
        (one_layer, "two, in the order"),
    ],
}
