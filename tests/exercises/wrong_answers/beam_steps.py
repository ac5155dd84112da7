"""Typical wrong answers to the exercise on a step of beam search, each with a piece of the hint it must meet."""

import numpy as np


def best_of(scores, beam, order=-1):
    places = np.argsort(order * scores, axis=None)[:beam]
    V = scores.shape[1]
    return places // V, places % V, scores.ravel()[places]


def each_row(totals, logs, beam):
    scores = totals[:, None] + logs
    rows = np.repeat(np.arange(len(totals)), beam)
    tokens = np.argsort(-scores, axis=1)[:, :beam].ravel()
    return (
        rows[: len(tokens)],
        tokens,
        np.sort(scores, axis=1)[:, ::-1][:, :beam].ravel(),
    )


def forgets_the_beginning(totals, logs, beam):
    return best_of(logs + 0 * totals[:, None], beam)


def worst_first(totals, logs, beam):
    return tuple(part[::-1] for part in best_of(totals[:, None] + logs, beam))


def the_worst(totals, logs, beam):
    return best_of(totals[:, None] + logs, beam, order=1)


def probabilities(totals, logs, beam):
    rows, tokens, found = best_of(totals[:, None] + logs, beam)
    return rows, tokens, np.exp(found)


def multiplies(totals, logs, beam):
    return best_of(-totals[:, None] * logs, beam)


def a_place_for_each_row(totals, logs, beam):
    scores = totals[:, None] + logs
    firsts = [(r, int(np.argmax(row)), row.max()) for r, row in enumerate(scores)]
    rest = zip(*best_of(scores, scores.size), strict=True)
    merged = firsts + [
        entry for entry in rest if entry[:2] not in {f[:2] for f in firsts}
    ]
    return tuple(np.array(part) for part in zip(*merged[:beam], strict=True))


def exchanges(totals, logs, beam):
    rows, tokens, found = best_of(totals[:, None] + logs, beam)
    return tokens, rows, found


def divides_by_the_beam(totals, logs, beam):
    scores = totals[:, None] + logs
    places = np.argsort(-scores, axis=None)[:beam]
    return places // len(totals), places % len(totals), scores.ravel()[places]


def places_only(totals, logs, beam):
    scores = totals[:, None] + logs
    places = np.argsort(-scores, axis=None)[:beam]
    return places, places % logs.shape[1], scores.ravel()[places]


def tokens_left_flat(totals, logs, beam):
    scores = totals[:, None] + logs
    places = np.argsort(-scores, axis=None)[:beam]
    return places // logs.shape[1], places, scores.ravel()[places]


def never_twice_the_same(totals, logs, beam):
    rows, tokens, found = best_of(totals[:, None] + logs, beam)
    return rows, np.zeros_like(tokens) + tokens[0] if len(set(found)) == 1 else tokens, found  # fmt: skip


def totals_alone(totals, logs, beam):
    return best_of(totals[:, None] + logs, beam)[2]


WRONG_ANSWERS = {
    "beam-step": [
        (totals_alone, "Return a tuple"),
        (each_row, "over all rows together"),
        (forgets_the_beginning, "beginning is missing"),
        (worst_first, "The best comes first"),
        (the_worst, "These are the worst"),
        (probabilities, "Keep logarithms"),
        (multiplies, "added, not multiplied"),
        (a_place_for_each_row, "not a place for every row"),
        (exchanges, "exchanged"),
        (divides_by_the_beam, "size of the vocabulary"),
        (places_only, "flattened array"),
        (tokens_left_flat, "place = row * V + token"),
        (never_twice_the_same, "extended more than once"),
    ],
}
