"""Typical wrong answers to the exercise on merging partial results, each with a piece of the hint it must meet."""

import numpy as np


def merge(m1, s1, z1, m2, s2, z2):
    m = max(m1, m2)
    if m == -np.inf:
        return m, 0.0, 0 * z1
    a, b = np.exp(m1 - m), np.exp(m2 - m)
    return m, a * s1 + b * s2, a * z1 + b * z2


def adds_unscaled(m1, s1, z1, m2, s2, z2):
    return max(m1, m2), s1 + s2, z1 + z2


def scales_only_z(m1, s1, z1, m2, s2, z2):
    m, s, z = merge(m1, s1, z1, m2, s2, z2)
    # The mean comes out right, the normalization does not.
    return m, s1 + s2, z / s * (s1 + s2)


def mean_of_means(m1, s1, z1, m2, s2, z2):
    m, s, _ = merge(m1, s1, z1, m2, s2, z2)
    return m, s, s * (z1 / s1 + z2 / s2) / 2


def takes_the_greater(m1, s1, z1, m2, s2, z2):
    return (m1, s1, z1) if m1 > m2 else (m2, s2, z2)


def wrong_sign(m1, s1, z1, m2, s2, z2):
    m = max(m1, m2)
    a, b = np.exp(m - m1), np.exp(m - m2)
    return m, a * s1 + b * s2, a * z1 + b * z2


def adds_maxima(m1, s1, z1, m2, s2, z2):
    m, s, z = merge(m1, s1, z1, m2, s2, z2)
    factor = np.exp(m - (m1 + m2))
    return m1 + m2, s * factor, z * factor


def without_a_maximum(m1, s1, z1, m2, s2, z2):
    s = s1 * np.exp(m1) + s2 * np.exp(m2)
    z = z1 * np.exp(m1) + z2 * np.exp(m2)
    m = max(m1, m2)
    return m, s / np.exp(m), z / np.exp(m)


def relative_to_the_first(m1, s1, z1, m2, s2, z2):
    factor = np.exp(m2 - m1)
    return m1, s1 + factor * s2, z1 + factor * z2


def relative_to_the_first_then_moved(m1, s1, z1, m2, s2, z2):
    m, factor = max(m1, m2), np.exp(m2 - m1)
    back = np.exp(m1 - m)
    return m, back * (s1 + factor * s2), back * (z1 + factor * z2)


def nan_for_two_empty_parts(m1, s1, z1, m2, s2, z2):
    m = max(m1, m2)
    a, b = np.exp(m1 - m), np.exp(m2 - m)
    return m, a * s1 + b * s2, a * z1 + b * z2


def divides_already(m1, s1, z1, m2, s2, z2):
    m, s, z = merge(m1, s1, z1, m2, s2, z2)
    return m, s, z / s


WRONG_ANSWERS = {
    "merge-partial": [
        (adds_unscaled, "relative to different maxima"),
        (scales_only_z, "s was added up unscaled"),
        (mean_of_means, "mean of two means"),
        (takes_the_greater, "is lost"),
        (wrong_sign, "sign in the exponent"),
        (adds_maxima, "not their sum"),
        (without_a_maximum, "exp(1000)"),
        (relative_to_the_first, "greater one"),
        (relative_to_the_first_then_moved, "exp(1000)"),
        (nan_for_two_empty_parts, "two empty parts"),
        (divides_already, "z / s"),
    ],
}
