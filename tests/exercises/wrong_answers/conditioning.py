"""Typical wrong answers to the exercise on conditioning, each with a piece of the hint it must meet."""

import itertools

import numpy as np


def backward(start, A, table, final, T, normalize=True, ends=None):
    S, V = table.shape
    beta = np.tile(np.asarray(final if ends is None else ends, float)[:, None], (1, V))
    for _ in range(T - 1):
        beta = np.array(
            [
                [
                    sum(
                        A[v, w] * beta[table[s, w], w]
                        for w in range(V)
                        if table[s, w] >= 0
                    )
                    for v in range(V)
                ]
                for s in range(S)
            ]
        )
        beta = beta / max(beta.max(), 1e-300)
    weights = np.array([start[v] * beta[table[0, v], v] if table[0, v] >= 0 else 0.0 for v in range(V)])  # fmt: skip
    if weights.sum() == 0:
        raise ValueError("no match")
    return weights / weights.sum() if normalize else weights


def not_normalized(start, A, table, final, T):
    return backward(start, A, table, final, T, normalize=False)


def may_end_anywhere(start, A, table, final, T):
    return backward(start, A, table, final, T, ends=np.ones(len(final)))


def masks(start, A, table, final, T):
    ok = np.array([s >= 0 and (T > 1 or final[s]) for s in table[0]])
    return start * ok / (start * ok).sum()


def no_pattern(start, A, table, final, T):
    return start


def transposed(start, A, table, final, T):
    return backward(start, A.T, table, final, T)


def independent(start, A, table, final, T):
    return backward(start, np.tile(start, (len(start), 1)), table, final, T)


def even_start(start, A, table, final, T):
    return backward(np.ones(len(start)), A, table, final, T)


def ends_early(start, A, table, final, T):
    return backward(start, A, table, final, T + 1 if T > 1 else T)


def dead_is_last(start, A, table, final, T):
    table = np.where(table < 0, len(table) - 1, table) if T in (3, 6) else table
    return backward(start, A, table, final, T)


def enumerates(start, A, table, final, T):
    weights = np.zeros(len(start))
    for text in itertools.islice(itertools.product(range(len(start)), repeat=T), 5000):
        state, weight = 0, start[text[0]]
        for i, token in enumerate(text):
            state = table[state][token] if state >= 0 else -1
            weight *= A[text[i - 1], token] if i else 1.0
        if state >= 0 and final[state]:
            weights[text[0]] += weight
    return weights / weights.sum()


def underflows_to_even(start, A, table, final, T):
    try:
        return backward(start, A, table, final, T)
    except ValueError:
        return np.full(len(start), 1 / len(start))


WRONG_ANSWERS = {
    "given-the-pattern": [
        (not_normalized, "Divide by the sum"),
        (may_end_anywhere, "look at `final`"),
        (no_pattern, "no effect"),
        (masks, "what a mask gives"),
        (transposed, "probability of j after i"),
        (independent, "depends on the one before"),
        (even_start, "probabilities of their own"),
        (ends_early, "Go backward"),
        (dead_is_last, "enumeration of all texts"),
        (enumerates, "do not enumerate"),
        (underflows_to_even, "raise a ValueError"),
    ],
}
