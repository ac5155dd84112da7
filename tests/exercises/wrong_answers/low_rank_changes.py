"""Typical wrong answers to the exercises on changes of low rank, each with a piece of the hint it must meet."""

import numpy as np


def checked(shapes, r):
    for out, into in shapes:
        if not 1 <= r <= min(out, into):
            raise ValueError("rank")
    return shapes


def the_whole_matrix(shapes, r):
    return sum(out * into for out, into in checked(shapes, r))


def b_alone(shapes, r):
    return sum(r * out for out, into in checked(shapes, r))


def a_alone(shapes, r):
    return sum(r * into for out, into in checked(shapes, r))


def with_bias(shapes, r):
    return sum(r * (out + into) + r for out, into in checked(shapes, r))


def outputs_twice(shapes, r):
    return sum(2 * r * out for out, into in checked(shapes, r))


def inputs_twice(shapes, r):
    return sum(2 * r * into for out, into in checked(shapes, r))


def first_alone(shapes, r):
    return sum(r * (out + into) for out, into in checked(shapes, r)[:1])


def last_alone(shapes, r):
    return sum(r * (out + into) for out, into in checked(shapes, r)[-1:])


def any_rank(shapes, r):
    return sum(r * (out + into) for out, into in shapes)


def rank_below_outputs(shapes, r):
    if r < 1 or any(r > out for out, into in shapes):
        raise ValueError("rank")
    return sum(r * (out + into) for out, into in shapes)


def strictly_below(shapes, r):
    if r < 1 or any(r >= min(shape) for shape in shapes):
        raise ValueError("rank")
    return sum(r * (out + into) for out, into in shapes)


def exchanged(G, A, B, alpha):
    return alpha / len(A) * G @ A.T, alpha / len(A) * B.T @ G


def transposed_b(G, A, B, alpha):
    return alpha / len(A) * B.T @ G, alpha / len(A) * A @ G.T


def transposed_a(G, A, B, alpha):
    return alpha / len(A) * G.T @ B, alpha / len(A) * G @ A.T


def no_scale(G, A, B, alpha):
    return B.T @ G, G @ A.T


def alpha_alone(G, A, B, alpha):
    return alpha * B.T @ G, alpha * G @ A.T


def upside_down(G, A, B, alpha):
    return len(A) / alpha * B.T @ G, len(A) / alpha * G @ A.T


def scale_of_b_alone(G, A, B, alpha):
    return B.T @ G, alpha / len(A) * G @ A.T


def a_never_moves(G, A, B, alpha):
    return np.zeros_like(A), alpha / len(A) * G @ A.T


def rank_is_two(G, A, B, alpha):
    return alpha / 2 * B.T @ G, alpha / 2 * G @ A.T


def one_part(G, A, B, alpha):
    return alpha / len(A) * B.T @ G


def parts(change, r):
    u, s, vt = np.linalg.svd(change, full_matrices=False)
    total = (s**2).sum()
    return u, s, vt, (s[:r] ** 2).sum() / total if total else 1.0


def factors_exchanged(change, r):
    u, s, vt, kept = parts(change, r)
    return u[:, :r] * s[:r], vt[:r], kept


def two_things(change, r):
    u, s, vt, _ = parts(change, r)
    return vt[:r], u[:, :r] * s[:r]


def kept_of_each(change, r):
    u, s, vt, _ = parts(change, r)
    return vt[:r], u[:, :r] * s[:r], s[:r]


def values_twice(change, r):
    u, s, vt, kept = parts(change, r)
    return s[:r, None] * vt[:r], u[:, :r] * s[:r], kept


def values_nowhere(change, r):
    u, _, vt, kept = parts(change, r)
    return vt[:r], u[:, :r], kept


def smallest_values(change, r):
    u, s, vt, kept = parts(change, r)
    return vt[-r:], u[:, -r:] * s[-r:], kept


def share_lost(change, r):
    u, s, vt, kept = parts(change, r)
    return vt[:r], u[:, :r] * s[:r], 1 - kept


def values_added(change, r):
    u, s, vt, _ = parts(change, r)
    return vt[:r], u[:, :r] * s[:r], s[:r].sum() / s.sum()


def share_of_length(change, r):
    u, s, vt, kept = parts(change, r)
    return vt[:r], u[:, :r] * s[:r], kept**0.5


def not_a_share(change, r):
    u, s, vt, _ = parts(change, r)
    return vt[:r], u[:, :r] * s[:r], (s[:r] ** 2).sum()


def divides_by_zero(change, r):
    u, s, vt = np.linalg.svd(change, full_matrices=False)
    return vt[:r], u[:, :r] * s[:r], (s[:r] ** 2).sum() / (s**2).sum()


WRONG_ANSWERS = {
    "lora-size": [
        (the_whole_matrix, "size of W itself"),
        (b_alone, "B alone"),
        (a_alone, "A alone"),
        (with_bias, "no bias"),
        (outputs_twice, "Both factors were given d_out"),
        (inputs_twice, "Both factors were given d_in"),
        (first_alone, "Only the first matrix"),
        (last_alone, "Only the last matrix"),
        (any_rank, "raise a ValueError"),
        (rank_below_outputs, "raise a ValueError"),
        (strictly_below, "rank"),
    ],
    "lora-backward": [
        (exchanged, "exchanged"),
        (transposed_b, "transposed"),
        (transposed_a, "transposed"),
        (no_scale, "alpha / r is missing"),
        (alpha_alone, "not alpha"),
        (upside_down, "upside down"),
        (scale_of_b_alone, "alpha / r is missing"),
        (a_never_moves, "only as long as B is"),
        (rank_is_two, "not always 2"),
        (one_part, "Return a tuple of two"),
    ],
    "low-rank-change": [
        (factors_exchanged, "has the shape of the change"),
        (two_things, "Return a tuple of three"),
        (kept_of_each, "expected one number"),
        (values_twice, "went into both factors"),
        (values_nowhere, "singular values are missing"),
        (smallest_values, "smallest singular values"),
        (share_lost, "share that is lost"),
        (values_added, "Lengths add up squared"),
        (share_of_length, "squared length is asked for"),
        (not_a_share, "Divide by that of the whole"),
        (divides_by_zero, "do not divide by zero"),
    ],
}
