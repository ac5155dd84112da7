"""Typical wrong answers to the exercises on vectors of sentences, each with a piece of the hint it must meet."""

import numpy as np

# mean-vectors


def mean(h, lengths):
    return np.array([row[:n].mean(0) for row, n in zip(h, lengths, strict=True)])


def counts_the_padding(h, lengths):
    return h.mean(1)


def divides_by_the_width(h, lengths):
    inside = np.arange(h.shape[1]) < lengths[:, None]
    return np.where(inside[..., None], h, 0).mean(1)


def sum_alone(h, lengths):
    return mean(h, lengths) * lengths[:, None]


def first_token(h, lengths):
    return h[:, 0]


def longest_for_all(h, lengths):
    return h[:, : lengths.max()].mean(1)


def first_length_for_all(h, lengths):
    return h[:, : lengths[0]].mean(1)


def multiplies_by_zero(h, lengths):
    inside = np.arange(h.shape[1]) < lengths[:, None]
    return (h * inside[..., None]).sum(1) / lengths[:, None]


# info-nce


def softmax(scores):
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def nce(a, b, tau, loss=None, gradient=None):
    if len(a) < 2:
        raise ValueError("one pair has no wrong partner")
    scores = a @ b.T / tau
    p = softmax(scores)
    shifted = scores - scores.max(1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
    error = (p - np.eye(len(a))) / len(a)
    return (
        -np.diag(logs).mean() if loss is None else loss(scores, logs),
        error @ b / tau if gradient is None else gradient(error, a, b, tau),
    )


def right(a, b, tau):
    return nce(a, b, tau)


def sums(a, b, tau):
    return nce(a, b, tau, loss=lambda s, logs: -np.diag(logs).sum())


def wrong_sign(a, b, tau):
    return nce(a, b, tau, loss=lambda s, logs: np.diag(logs).mean())


def bits(a, b, tau):
    return nce(a, b, tau, loss=lambda s, logs: -np.diag(logs).mean() / np.log(2))


def without_the_right_one(a, b, tau):
    def loss(scores, logs):
        others = np.exp(scores).sum(1) - np.exp(np.diag(scores))
        return (np.log(others) - np.diag(scores)).mean()

    return nce(a, b, tau, loss=loss)


def columns(a, b, tau):
    return nce(b, a, tau)


def no_temperature(a, b, tau):
    return nce(a, b, 1.0)


def times_temperature(a, b, tau):
    return nce(a, b, 1 / tau)


def both_ways(a, b, tau):
    return (nce(a, b, tau)[0] + nce(b, a, tau)[0]) / 2, nce(a, b, tau)[1]


def gradient_without_temperature(a, b, tau):
    return nce(a, b, tau, gradient=lambda e, a, b, tau: e @ b)


def gradient_of_the_sum(a, b, tau):
    return nce(a, b, tau, gradient=lambda e, a, b, tau: e @ b / tau * len(a))


def uphill(a, b, tau):
    return nce(a, b, tau, gradient=lambda e, a, b, tau: -e @ b / tau)


def at_the_scores(a, b, tau):
    return nce(a, b, tau, gradient=lambda e, a, b, tau: e)


def at_the_products(a, b, tau):
    return nce(a, b, tau, gradient=lambda e, a, b, tau: e / tau)


def at_the_other_side(a, b, tau):
    return nce(a, b, tau, gradient=lambda e, a, b, tau: e.T @ a / tau)


def loss_alone(a, b, tau):
    return float(nce(a, b, tau)[0])


def overflows(a, b, tau):
    if len(a) < 2:
        raise ValueError("one pair has no wrong partner")
    powers = np.exp(a @ b.T / tau)
    p = powers / powers.sum(1, keepdims=True)
    return -np.log(np.diag(p)).mean(), (p - np.eye(len(a))) @ b / tau / len(a)


def one_pair_is_enough(a, b, tau):
    return (0.0, 0 * a) if len(a) < 2 else nce(a, b, tau)


WRONG_ANSWERS = {
    "mean-vectors": [
        (counts_the_padding, "padding was counted"),
        (divides_by_the_width, "not by the width"),
        (sum_alone, "This is the sum"),
        (first_token, "[CLS]"),
        (longest_for_all, "its own length"),
        (first_length_for_all, "its own length"),
        (multiplies_by_zero, "Zero times"),
    ],
    "info-nce": [
        (sums, "Take the mean"),
        (wrong_sign, "sign is wrong"),
        (bits, "natural logarithm"),
        (without_the_right_one, "one of the choices"),
        (columns, "every b looks for its a"),
        (no_temperature, "tau has no effect"),
        (times_temperature, "Divide by tau"),
        (both_ways, "both directions"),
        (gradient_without_temperature, "divided by tau, so"),
        (gradient_of_the_sum, "divide by the number"),
        (uphill, "make the loss larger"),
        (at_the_scores, "gradient at the scores"),
        (at_the_products, "gradient at the products"),
        (at_the_other_side, "gradient at b"),
        (loss_alone, "Return a tuple"),
        (overflows, "exp(1000) is infinite"),
        (one_pair_is_enough, "raise a ValueError"),
    ],
}
