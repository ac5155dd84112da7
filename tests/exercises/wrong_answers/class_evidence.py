"""Typical wrong answers on evidence for classes, each with a piece of the hint it must meet."""

import numpy as np

# text-posterior


def joint_of(x, log_prior, log_theta):
    return log_prior + x @ log_theta


def normal(joint):
    shares = np.exp(joint - joint.max())
    return shares / shares.sum()


def joint_probabilities(x, log_prior, log_theta):
    return np.exp(joint_of(x, log_prior, log_theta))


def joint_logarithms(x, log_prior, log_theta):
    return joint_of(x, log_prior, log_theta)


def log_posterior(x, log_prior, log_theta):
    return np.log(normal(joint_of(x, log_prior, log_theta)))


def without_the_prior(x, log_prior, log_theta):
    return normal(x @ log_theta)


def presence_only(x, log_prior, log_theta):
    return normal(joint_of((x > 0) * 1.0, log_prior, log_theta))


def underflows(x, log_prior, log_theta):
    shares = np.exp(joint_of(x, log_prior, log_theta))
    return shares / shares.sum()


# logistic-gradient


def gradients(X, y, W, b, l2, bias=1.0, labels=1.0):
    scores = X @ W + bias * b
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    surplus = shares / shares.sum(axis=1, keepdims=True)
    surplus[np.arange(len(y)), y] -= labels
    return surplus


def uphill(X, y, W, b, l2):
    surplus = gradients(X, y, W, b, l2)
    return -X.T @ surplus / len(y) + l2 / len(y) * W, -surplus.mean(axis=0)


def sums(X, y, W, b, l2):
    surplus = gradients(X, y, W, b, l2)
    return X.T @ surplus + l2 * W, surplus.sum(axis=0)


def sum_for_the_bias(X, y, W, b, l2):
    surplus = gradients(X, y, W, b, l2)
    return X.T @ surplus / len(y) + l2 / len(y) * W, surplus.sum(axis=0)


def forgets_the_bias(X, y, W, b, l2):
    surplus = gradients(X, y, W, b, l2, bias=0.0)
    return X.T @ surplus / len(y) + l2 / len(y) * W, surplus.mean(axis=0)


def forgets_the_labels(X, y, W, b, l2):
    surplus = gradients(X, y, W, b, l2, labels=0.0)
    return X.T @ surplus / len(y) + l2 / len(y) * W, surplus.mean(axis=0)


def penalty(factor, on_bias=0.0):
    def answer(X, y, W, b, l2):
        surplus = gradients(X, y, W, b, l2)
        n = len(y)
        return X.T @ surplus / n + factor(n) * l2 * W, surplus.mean(axis=0) + on_bias * l2 / n * b  # fmt: skip

    return answer


no_penalty = penalty(lambda n: 0.0)
penalty_not_divided = penalty(lambda n: 1.0)
penalty_twice = penalty(lambda n: 2 / n)
penalty_half = penalty(lambda n: 0.5 / n)
penalty_away = penalty(lambda n: -1 / n)
penalized_bias = penalty(lambda n: 1 / n, on_bias=1.0)


def one_array(X, y, W, b, l2):
    return X.T @ gradients(X, y, W, b, l2) / len(y)


# shifted-prior


def rounds_of(p, old, rounds, divide=True, chain=False):
    if not np.all(old > 0):
        raise ValueError("not above 0")
    new = old
    for _ in range(rounds):
        weighted = p * new / (old if divide else 1.0)
        weighted = weighted / weighted.sum(axis=1, keepdims=True)
        p = weighted if chain else p
        new = weighted.mean(axis=0)
    return new


def one_round(p, old, rounds):
    return p.mean(axis=0)


def summed(p, old, rounds):
    return p.sum(axis=0)


def keeps_the_old(p, old, rounds):
    return old


def counts_the_best(p, old, rounds):
    new = old
    for _ in range(rounds):
        new = np.bincount((p * new / old).argmax(axis=1), minlength=len(old)) / len(p)
    return new


def one_round_more(p, old, rounds):
    return rounds_of(p, old, rounds + 1)


def chains(p, old, rounds):
    return rounds_of(p, old, rounds, chain=True)


def does_not_divide(p, old, rounds):
    new = np.ones_like(old)
    for _ in range(rounds):
        weighted = p * new
        new = (weighted / weighted.sum(axis=1, keepdims=True)).mean(axis=0)
    return new


def in_place(p, old, rounds):
    given = p.copy()
    new = rounds_of(given, old, rounds)
    p *= new / old
    return new


def divides_by_zero(p, old, rounds):
    new = old
    for _ in range(rounds):
        weighted = p * new / old
        new = (weighted / weighted.sum(axis=1, keepdims=True)).mean(axis=0)
    return new


WRONG_ANSWERS = {
    "text-posterior": [
        (joint_probabilities, "divide them by their sum"),
        (joint_logarithms, "logarithms of the joint"),
        (log_posterior, "probabilities are asked for"),
        (without_the_prior, "prior is missing"),
        (presence_only, "counts twice"),
        (underflows, "Subtract the largest"),
    ],
    "logistic-gradient": [
        (uphill, "sign is wrong"),
        (sums, "divide by N"),
        (sum_for_the_bias, "divide by N"),
        (forgets_the_bias, "bias belongs to the scores"),
        (forgets_the_labels, "labels are missing"),
        (no_penalty, "penalty has no effect"),
        (penalty_not_divided, "divided by N, too"),
        (penalty_twice, "half in front"),
        (penalty_half, "brings a 2"),
        (penalty_away, "pulls weights to zero"),
        (penalized_bias, "bias is not penalized"),
        (one_array, "eturn"),
    ],
    "shifted-prior": [
        (one_round, "Only one round"),
        (summed, "a prior is their mean"),
        (keeps_the_old, "first round replaces it"),
        (counts_the_best, "most probable classes"),
        (one_round_more, "two rounds"),
        (chains, "start from the given ones"),
        (does_not_divide, "Divide by the old prior"),
        (in_place, "makes a new array"),
        (divides_by_zero, "raise a ValueError"),
    ],
}
