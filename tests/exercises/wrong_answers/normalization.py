"""Typical wrong answers to the exercises on layer norms, each with a piece of the hint it must meet."""

import numpy as np

# layer-norm


def norm(x, scale=1.0, shift=0.0, epsilon=1e-5, axis=1, ddof=0):
    variance = x.var(axis=axis, keepdims=True, ddof=ddof)
    centered = x - x.mean(axis=axis, keepdims=True)
    return scale * centered / np.sqrt(variance + epsilon) + shift


def over_columns(x, scale, shift, epsilon):
    return norm(x, scale, shift, epsilon, axis=0)


def over_everything(x, scale, shift, epsilon):
    return norm(x, scale, shift, epsilon, axis=None)


def unbiased(x, scale, shift, epsilon):
    return norm(x, scale, shift, epsilon, ddof=1)


def mean_stays(x, scale, shift, epsilon):
    square = (x**2).mean(1, keepdims=True)
    return scale * x / np.sqrt(square + epsilon) + shift


def only_centers(x, scale, shift, epsilon):
    return scale * (x - x.mean(1, keepdims=True)) + shift


def divides_by_the_variance(x, scale, shift, epsilon):
    centered = x - x.mean(1, keepdims=True)
    return scale * centered / (x.var(1, keepdims=True) + epsilon) + shift


def forgets_both(x, scale, shift, epsilon):
    return norm(x, epsilon=epsilon)


def forgets_the_shift(x, scale, shift, epsilon):
    return norm(x, scale, epsilon=epsilon)


def forgets_the_scale(x, scale, shift, epsilon):
    return norm(x, 1.0, shift, epsilon)


def scales_the_shift(x, scale, shift, epsilon):
    return scale * (norm(x, epsilon=epsilon) + shift)


def scales_first(x, scale, shift, epsilon):
    return norm(scale * x + shift, epsilon=epsilon)


def epsilon_outside(x, scale, shift, epsilon):
    centered, deviation = x - x.mean(1, keepdims=True), x.std(1, keepdims=True)
    return scale * centered / (deviation + epsilon) + shift


def no_epsilon(x, scale, shift, epsilon):
    with np.errstate(all="ignore"):
        return norm(x, scale, shift, 0.0)


def own_epsilon(x, scale, shift, epsilon):
    return norm(x, scale, shift, 1e-5)


# residual-road


def refuse(norm_name):
    if norm_name not in ("pre", "post"):
        raise ValueError("unknown norm")


def factor(pre, post):
    def answer(norm, n, s):
        refuse(norm)
        return pre(n, s) if norm == "pre" else post(n, s)

    return answer


def right_pre(n, s):
    return (1 + n * s * s) ** -0.5


def right_post(n, s):
    return (1 + s * s) ** (-n / 2)


def accepts_any(norm, n, s):
    return right_pre(n, s) if norm == "pre" else right_post(n, s)


WRONG_ANSWERS = {
    "layer-norm": [
        (over_columns, "wrong axis"),
        (over_everything, "know of each other"),
        (unbiased, "not by d - 1"),
        (mean_stays, "RMS norm"),
        (only_centers, "not divided"),
        (divides_by_the_variance, "root of the variance"),
        (forgets_both, "have no effect"),
        (forgets_the_shift, "shift has no effect"),
        (forgets_the_scale, "scale has no effect"),
        (scales_the_shift, "comes last"),
        (scales_first, "after the normalization"),
        (epsilon_outside, "under the root"),
        (no_epsilon, "0 / 0"),
        (own_epsilon, "another one"),
    ],
    "residual-road": [
        (factor(lambda n, s: 1.0, right_post), "norm behind the last layer"),
        (factor(lambda n, s: 1 / (1 + n * s * s), right_post), "root of the variance"),
        (factor(right_post, right_post), "That is post-norm"),
        (factor(lambda n, s: (1 + n * s) ** -0.5, right_post), "Variances add up"),
        (
            factor(lambda n, s: (max(n, 1) * s * s) ** -0.5, right_post),
            "counts as well",
        ),
        (factor(right_pre, lambda n, s: (1 + s * s) ** -n), "root of the variance"),
        (factor(right_pre, right_pre), "factors multiply"),
        (factor(right_pre, lambda n, s: (1 + s) ** (-n / 2)), "Variances add up"),
        (factor(right_pre, lambda n, s: (1 + s * s) ** -0.5), "That is one norm"),
        (factor(right_pre, lambda n, s: 1.0), "stand on the road"),
        (
            factor(lambda n, s: right_pre(n, s) if n else s, right_post),
            "nothing is added",
        ),
        (accepts_any, "two kinds"),
    ],
}
