"""Typical wrong answers to the exercise on clipping, each with a piece of the hint it must meet."""

import numpy as np


def flat(gradients):
    return np.concatenate([np.ravel(g) for g in gradients])


def clip(gradients, limit, norm):
    if not np.isfinite(norm):
        raise ValueError("not a number")
    factor = limit / norm if norm > limit else 1.0
    return [factor * g for g in gradients], norm


def squared_norm(gradients, limit):
    return clip(gradients, limit, np.sum(flat(gradients) ** 2))


def sum_of_norms(gradients, limit):
    return clip(gradients, limit, sum(np.linalg.norm(g) for g in gradients))


def sum_of_absolute_values(gradients, limit):
    return clip(gradients, limit, np.abs(flat(gradients)).sum())


def spectral_norms(gradients, limit):
    return clip(
        gradients, limit, np.sqrt(sum(np.linalg.norm(g, 2) ** 2 for g in gradients))
    )


def largest_norm(gradients, limit):
    return clip(gradients, limit, max(np.linalg.norm(g) for g in gradients))


def root_mean_square(gradients, limit):
    return clip(gradients, limit, np.sqrt(np.mean(flat(gradients) ** 2)))


def gradients_alone(gradients, limit):
    return clip(gradients, limit, np.linalg.norm(flat(gradients)))[0]


def the_long_vector(gradients, limit):
    norm = np.linalg.norm(flat(gradients))
    return flat(gradients) * min(1.0, limit / norm), norm


def flat_arrays(gradients, limit):
    clipped, norm = clip(gradients, limit, np.linalg.norm(flat(gradients)))
    return [g.ravel() for g in clipped], norm


def each_by_itself(gradients, limit):
    clipped = [clip([g], limit, np.linalg.norm(g))[0][0] for g in gradients]
    return clipped, np.linalg.norm(flat(gradients))


def long_ones_alone(gradients, limit):
    norm = np.linalg.norm(flat(gradients))
    return [
        g * limit / norm if np.linalg.norm(g) > limit else g for g in gradients
    ], norm


def by_value(gradients, limit):
    norm = np.linalg.norm(flat(gradients))
    return [np.clip(g, -limit, limit) for g in gradients], norm


def to_length_one(gradients, limit):
    norm = np.linalg.norm(flat(gradients))
    return [g / norm if norm > limit else g for g in gradients], norm


def upside_down(gradients, limit):
    norm = np.linalg.norm(flat(gradients))
    return [g * (norm / limit if norm > limit else 1.0) for g in gradients], norm


def clips_nothing(gradients, limit):
    return list(gradients), np.linalg.norm(flat(gradients))


def norm_afterwards(gradients, limit):
    clipped, norm = clip(gradients, limit, np.linalg.norm(flat(gradients)))
    return clipped, min(norm, limit)


def in_place(gradients, limit):
    norm = np.linalg.norm(flat(gradients))
    if norm > limit:
        for g in gradients:
            g *= limit / norm
    return gradients, norm


def always_scales(gradients, limit):
    norm = np.linalg.norm(flat(gradients))
    return [g * limit / norm for g in gradients], norm


def divides_by_zero(gradients, limit):
    norm = np.linalg.norm(flat(gradients))
    return [g / norm * min(norm, limit) for g in gradients], norm


def lets_nan_through(gradients, limit):
    norm = np.linalg.norm(flat(gradients))
    return [g * min(1.0, limit / (norm + 1e-6)) for g in gradients], norm


def infinite_alone(gradients, limit):
    norm = np.linalg.norm(flat(gradients))
    if norm == np.inf:
        raise ValueError("infinite")
    factor = limit / norm if norm > limit else 1.0
    return [factor * g for g in gradients], norm


WRONG_ANSWERS = {
    "global-norm": [
        (squared_norm, "the root is missing"),
        (sum_of_norms, "Their squares add up"),
        (sum_of_absolute_values, "Absolute values were added up"),
        (spectral_norms, "largest singular value"),
        (largest_norm, "largest of the norms"),
        (root_mean_square, "mean of the squares"),
        (gradients_alone, "Return two things"),
        (the_long_vector, "an array for each gradient"),
        (flat_arrays, "keeps the shape"),
        (each_by_itself, "by its own norm"),
        (long_ones_alone, "too long by themselves"),
        (by_value, "Each number was clipped"),
        (to_length_one, "The length is now 1"),
        (upside_down, "upside down"),
        (clips_nothing, "Nothing was clipped"),
        (norm_afterwards, "norm after clipping"),
        (in_place, "changed its argument number 1"),
        (always_scales, "made longer"),
        (divides_by_zero, "Do not divide by it"),
        (lets_nan_through, "raise a ValueError"),
        (infinite_alone, "raise a ValueError"),
    ],
}
