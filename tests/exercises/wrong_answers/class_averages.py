"""Typical wrong answers to the exercise on macro and micro F1, each with a piece of the hint it must meet."""

import numpy as np


def f1s(counts):
    hits = np.diag(counts)
    whole = counts.sum(0) + counts.sum(1)
    return np.where(whole > 0, 2 * hits / np.maximum(whole, 1), 0.0)


def micro(counts):
    return np.diag(counts).sum() / counts.sum()


def f1_of_means(counts):
    p = (np.diag(counts) / counts.sum(0)).mean()
    r = (np.diag(counts) / counts.sum(1)).mean()
    return 2 * p * r / (p + r), micro(counts)


def weighted(counts):
    return counts.sum(1) / counts.sum() @ f1s(counts), micro(counts)


def exchanged(counts):
    return micro(counts), f1s(counts).mean()


def mean_precision(counts):
    return (np.diag(counts) / counts.sum(0)).mean(), micro(counts)


def mean_recall(counts):
    return (np.diag(counts) / counts.sum(1)).mean(), micro(counts)


def one_number(counts):
    return f1s(counts).mean()


def macro_twice(counts):
    return f1s(counts).mean(), f1s(counts).mean()


def micro_weighted(counts):
    return f1s(counts).mean(), counts.sum(1) / counts.sum() @ f1s(counts)


def mistakes_once(counts):
    hits = np.diag(counts).sum()
    return f1s(counts).mean(), 2 * hits / (2 * hits + counts.sum() - hits)


def by_precision_and_recall(counts):
    p, r = np.diag(counts) / counts.sum(0), np.diag(counts) / counts.sum(1)
    return (2 * p * r / (p + r)).mean(), micro(counts)


def leaves_out_undefined(counts):
    p, r = np.diag(counts) / counts.sum(0), np.diag(counts) / counts.sum(1)
    return np.nanmean(2 * p * r / (p + r)), micro(counts)


def only_true_classes(counts):
    return f1s(counts)[counts.sum(1) > 0].mean(), micro(counts)


def only_seen_classes(counts):
    return f1s(counts)[counts.sum(0) + counts.sum(1) > 0].mean(), micro(counts)


WRONG_ANSWERS = {
    "averaged-f1": [
        (f1_of_means, "the F1 of the mean precision"),
        (weighted, "weighs each class by its size"),
        (exchanged, "Macro comes first"),
        (mean_precision, "the mean of the precisions"),
        (mean_recall, "the mean of the recalls"),
        (one_number, "macro, micro"),
        (macro_twice, "the macro average again"),
        (micro_weighted, "not the F1 of the added counts"),
        (mistakes_once, "it counts on both sides"),
        (by_precision_and_recall, "0/0 has come through"),
        (leaves_out_undefined, "left out"),
        (only_true_classes, "Only classes that truly occur"),
        (only_seen_classes, "The matrix has four classes"),
    ]
}
