"""Typical wrong answers to the exercise on rotary positions, each with a piece of the hint it must meet."""

import numpy as np


def rotate(
    x, start, base, *, sense=1, step=-2, shift=0, unit=1.0, cut=True, in_place=False
):
    T, d = x.shape
    if d % 2 and cut:
        raise ValueError("odd")
    half = d // 2
    theta = base ** (step * np.arange(half) / d)
    angle = sense * unit * np.outer(start + shift + np.arange(T), theta)
    out = x if in_place else x.copy()
    a, b = x[:, :half].copy(), x[:, half : 2 * half].copy()
    out[:, :half] = a * np.cos(angle) - b * np.sin(angle)
    out[:, half : 2 * half] = b * np.cos(angle) + a * np.sin(angle)
    return out


def turns_nothing(x, start, base):
    return x


def wrong_way(x, start, base):
    return rotate(x, start, base, sense=-1)


def counts_from_one(x, start, base):
    return rotate(x, start, base, shift=1)


def degrees(x, start, base):
    return rotate(x, start, base, unit=np.pi / 180)


def neighbors(x, start, base):
    if x.shape[1] % 2:
        raise ValueError("odd")
    order = np.r_[0 : x.shape[1] : 2, 1 : x.shape[1] : 2]
    out = np.empty_like(x)
    out[:, order] = rotate(x[:, order], start, base)
    return out


def half_the_exponent(x, start, base):
    return rotate(x, start, base, step=-1)


def faster_and_faster(x, start, base):
    return rotate(x, start, base, step=2)


def equally_fast(x, start, base):
    return rotate(x, start, 1.0)


def fixed_base(x, start, base):
    return rotate(x, start, 10_000.0)


def no_start(x, start, base):
    return rotate(x, 0, base)


def one_too_far(x, start, base):
    return rotate(x, start + bool(start), base)


def one_too_few(x, start, base):
    return rotate(x, max(start - 1, 0), base)


def whole_places_only_once(x, start, base):
    """The place taken modulo 512: a table that is too short and begins anew."""
    return rotate(x, start % 512, base)


def in_place(x, start, base):
    return rotate(x, start, base, in_place=True)


def leaves_one_over(x, start, base):
    return rotate(x, start, base, cut=False)


WRONG_ANSWERS = {
    "rotary": [
        (turns_nothing, "Nothing was turned"),
        (wrong_way, "wrong way"),
        (counts_from_one, "counted from `start`"),
        (degrees, "in radians"),
        (neighbors, "as in the paper"),
        (half_the_exponent, "two numbers are used up"),
        (faster_and_faster, "turn more slowly"),
        (equally_fast, "equally fast"),
        (fixed_base, "base is an argument"),
        (no_start, "no effect"),
        (one_too_far, "One place too far"),
        (one_too_few, "One place too few"),
        (whole_places_only_once, "both move together"),
        (in_place, "Make a copy first"),
        (leaves_one_over, "cannot be paired"),
    ],
}
