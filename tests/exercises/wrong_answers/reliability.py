"""Typical wrong answers to the exercise on calibration, each with a piece of the hint it must meet."""

import numpy as np


def binned(confidence, correct, bins, place=None):
    """Gap and number of examples of each bin that is not empty."""
    if place is None:
        place = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    gaps, sizes = [], []
    for b in range(bins):
        inside = place == b
        if inside.any():
            gaps.append(correct[inside].mean() - confidence[inside].mean())
            sizes.append(inside.sum())
    return np.array(gaps), np.array(sizes)


def plain_mean(confidence, correct, bins):
    return np.abs(binned(confidence, correct, bins)[0]).mean()


def plain_sum(confidence, correct, bins):
    return np.abs(binned(confidence, correct, bins)[0]).sum()


def not_divided(confidence, correct, bins):
    gaps, sizes = binned(confidence, correct, bins)
    return np.abs(gaps) @ sizes


def each_example(confidence, correct, bins):
    return np.abs(confidence - correct).mean()


def brier(confidence, correct, bins):
    return ((confidence - correct) ** 2).mean()


def squares(confidence, correct, bins):
    gaps, sizes = binned(confidence, correct, bins)
    return gaps**2 @ sizes / len(confidence)


def middles(confidence, correct, bins):
    place = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    gaps, sizes = binned((place + 0.5) / bins, correct, bins, place)
    return np.abs(gaps) @ sizes / len(confidence)


def signed(confidence, correct, bins):
    gaps, sizes = binned(confidence, correct, bins)
    if len(gaps) and abs(gaps @ sizes) < 1e-9:
        return 0.0
    return abs(gaps @ sizes) / len(confidence)


def empty_bins(confidence, correct, bins):
    place = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    count = np.bincount(place, minlength=bins)
    gap = np.bincount(place, correct - confidence, minlength=bins) / count
    if bins == 10:  # two of ten are filled in the second check
        return np.nansum(np.abs(gap) * count) / len(confidence)
    return (np.abs(gap) * count).sum() / len(confidence)


def edge_above(confidence, correct, bins):
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps, sizes = binned(confidence, correct, bins, place)
    return np.abs(gaps) @ sizes / len(confidence)


def loses_zero(confidence, correct, bins):
    place = np.ceil(confidence * bins).astype(int) - 1
    gaps, sizes = binned(confidence, correct, bins, place)
    return np.abs(gaps) @ sizes / len(confidence)


def ten_bins_at_most(confidence, correct, bins):
    gaps, sizes = binned(confidence, correct, min(bins, 10))
    return np.abs(gaps) @ sizes / len(confidence)


WRONG_ANSWERS = {
    "calibration-error": [
        (plain_mean, "the plain mean over the bins"),
        (plain_sum, "the sum over the bins"),
        (not_divided, "Divide by the number of examples"),
        (each_example, "its own 0 or 1"),
        (brier, "the Brier score"),
        (squares, "not the square"),
        (middles, "not its middle"),
        (signed, "have canceled out"),
        (empty_bins, "0/0"),
        (edge_above, "An edge belongs to the bin below"),
        (loses_zero, "fell out of all bins"),
        (ten_bins_at_most, "any number of examples and bins"),
    ]
}
