"""Typical wrong answers to the exercise on DPO, each with a piece of the hint it must meet."""

import numpy as np


def logistic(x):
    return (1 + np.tanh(x / 2)) / 2


def finish(margin, factor):
    """The loss and both gradients for a margin whose derivative is `factor`."""
    pull = factor * logistic(-margin) / len(margin)
    return np.logaddexp(0, -margin).mean(), -pull, pull


def margin_of(chosen, rejected, ref_chosen, ref_rejected, beta):
    return beta * ((chosen - ref_chosen) - (rejected - ref_rejected))


def wrong_sign(*logs_and_beta):
    return finish(-margin_of(*logs_and_beta), -logs_and_beta[-1])


def no_beta(c, r, rc, rr, beta):
    return finish(margin_of(c, r, rc, rr, 1.0), 1.0)


def divided_by_beta(c, r, rc, rr, beta):
    return finish(margin_of(c, r, rc, rr, 1 / beta), 1 / beta)


def no_reference(c, r, rc, rr, beta):
    return finish(beta * (c - r), beta)


def gains_added(c, r, rc, rr, beta):
    return finish(beta * ((c - rc) + (r - rr)), beta)


def log_sigma(*given):
    loss, up, down = finish(margin_of(*given), given[-1])
    return -loss, -up, -down


def sigma(*given):
    m = margin_of(*given)
    return logistic(m).mean(), -given[-1] / len(m) * np.ones_like(m), np.zeros_like(m)


def margin_alone(*given):
    m = margin_of(*given)
    return -m.mean(), -given[-1] / len(m) * np.ones_like(m), np.ones_like(m)


def loss_alone(*given):
    return finish(margin_of(*given), given[-1])[0]


def summed(*given):
    m = margin_of(*given)
    loss, up, down = finish(m, given[-1])
    return loss * len(m), up * len(m), down * len(m)


def each_loss(*given):
    m = margin_of(*given)
    _, up, down = finish(m, given[-1])
    return np.logaddexp(0, -m) if len(m) > 1 else np.logaddexp(0, -m)[0], up, down


def mean_of_margins(*given):
    m = margin_of(*given)
    _, up, down = finish(m, given[-1])
    return np.logaddexp(0, -m.mean()), up, down


def gradient_signs(*given):
    loss, up, down = finish(margin_of(*given), given[-1])
    return loss, down, up


def gradient_of_the_sum(*given):
    m = margin_of(*given)
    loss, up, down = finish(m, given[-1])
    return loss, up * len(m), down * len(m)


def gradient_without_beta(*given):
    loss, up, down = finish(margin_of(*given), given[-1])
    return loss, up / given[-1], down / given[-1]


def pulls_by_how_right(*given):
    m = margin_of(*given)
    pull = given[-1] * logistic(m) / len(m)
    return finish(m, given[-1])[0], -pull, pull


def both_up(*given):
    loss, up, _ = finish(margin_of(*given), given[-1])
    return loss, up, up


def rejected_stays(*given):
    loss, up, down = finish(margin_of(*given), given[-1])
    return loss, up, 0 * down


def overflows(*given):
    m, beta = margin_of(*given), given[-1]
    pull = beta * (1 - 1 / (1 + np.exp(-m))) / len(m)
    return -np.log(1 / (1 + np.exp(-m))).mean(), -pull, pull


def gradient_overflows(*given):
    m, beta = margin_of(*given), given[-1]
    pull = beta * np.exp(-m) / (1 + np.exp(-m)) / len(m)
    return np.logaddexp(0, -m).mean(), -pull, pull


WRONG_ANSWERS = {
    "dpo-loss": [
        (wrong_sign, "The sign is wrong"),
        (no_beta, "beta has no effect"),
        (divided_by_beta, "beta divides here"),
        (no_reference, "The reference has no effect"),
        (gains_added, "It is subtracted"),
        (log_sigma, "The loss is its negative"),
        (sigma, "The loss is -log of it"),
        (margin_alone, "-log sigma is missing"),
        (loss_alone, "Return a tuple of three"),
        (summed, "The losses are added up"),
        (each_loss, "expected a single number"),
        (mean_of_margins, "taken of the margins"),
        (gradient_signs, "log-probability of the preferred answer rises"),
        (gradient_of_the_sum, "a mean over two pairs"),
        (gradient_without_beta, "The factor beta is missing"),
        (pulls_by_how_right, "by how wrong it is"),
        (both_up, "pushed down, not up"),
        (rejected_stays, "gets a gradient as well"),
        (overflows, "without overflow"),
        (gradient_overflows, "does not overflow"),
    ],
}
