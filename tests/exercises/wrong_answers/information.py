"""Typical wrong answers to the exercises on entropy, each with a piece of the hint it must meet."""

import numpy as np

# entropy-bits


def in_nats(p):
    p = p[p > 0]
    return -np.sum(p * np.log(p))


def wrong_sign(p):
    return np.sum(p * np.log2(p))


def averaged(p):
    return -np.mean(p * np.log2(p))


def without_weights(p):
    return -np.mean(np.log2(p))


def number_of_outcomes(p):
    return np.log2(len(p))


def not_a_number(p):
    return -np.sum(p * np.log2(p))


def small_number_added(p):
    p = p + 1e-15
    return -np.sum(p * np.log2(p))


def overwrites(p):
    p[p == 0] = 1
    return -np.sum(p * np.log2(p))


def one_each(p):
    return -p * np.log2(p)


# perplexity-conversions


def _nats(log_probs):
    return -sum(d.sum() for d in log_probs)


def _tokens(log_probs):
    return sum(map(len, log_probs))


def _right(log_probs, characters):
    nats = _nats(log_probs)
    return np.exp(nats / _tokens(log_probs)), nats / np.log(2) / sum(characters)


def averages_perplexities(log_probs, characters):
    return np.mean([np.exp(-d.mean()) for d in log_probs]), _right(
        log_probs, characters
    )[1]


def averages_documents(log_probs, characters):
    return np.exp(-np.mean([d.mean() for d in log_probs])), _right(
        log_probs, characters
    )[1]


def averages_ratios(log_probs, characters):
    bits = [
        -d.sum() / np.log(2) / c for d, c in zip(log_probs, characters, strict=True)
    ]
    return _right(log_probs, characters)[0], np.mean(bits)


def bits_per_token(log_probs, characters):
    return _right(log_probs, characters)[0], _nats(log_probs) / np.log(2) / _tokens(
        log_probs
    )


def nats_per_character(log_probs, characters):
    return _right(log_probs, characters)[0], _nats(log_probs) / sum(characters)


def forgets_the_sign(log_probs, characters):
    return np.exp(-_nats(log_probs) / _tokens(log_probs)), _right(
        log_probs, characters
    )[1]


def two_to_the_nats(log_probs, characters):
    return 2 ** (_nats(log_probs) / _tokens(log_probs)), _right(log_probs, characters)[
        1
    ]


def returns_perplexity_alone(log_probs, characters):
    return _right(log_probs, characters)[0]


def clips(log_probs, characters):
    return _right([np.maximum(d, -50) for d in log_probs], characters)


# guessing-bounds


def leaves_empty_numbers_out_and_never_sorts(ranks):
    q = np.unique(ranks, return_counts=True)[1] / len(ranks)
    i = np.arange(1, len(q) + 1)
    lower = np.sum(i * (q - np.append(q[1:], 0)) * np.log2(i))
    return lower, -np.sum(q * np.log2(q))


def _q(ranks):
    return np.sort(np.bincount(ranks)[1:] / len(ranks))[::-1]


def _upper(q):
    return -np.sum(q[q > 0] * np.log2(q[q > 0]))


def _lower(q):
    i = np.arange(1, len(q) + 1)
    return np.sum(i * (q - np.append(q[1:], 0)) * np.log2(i))


def drops_the_last_term(ranks):
    q = _q(ranks)
    i = np.arange(1, len(q))
    return np.sum(i * (q[:-1] - q[1:]) * np.log2(i)), _upper(q)


def counts_from_zero(ranks):
    q = _q(ranks)
    i = np.arange(len(q))
    return np.sum(i * (q - np.append(q[1:], 0)) * np.log2(i)), _upper(q)


def bounds_in_nats(ranks):
    q = _q(ranks)
    return _lower(q) * np.log(2), _upper(q) * np.log(2)


def not_sorted(ranks):
    q = np.bincount(ranks)[1:] / len(ranks)
    return _lower(q), _upper(q)


def trips_over_empty_guesses(ranks):
    q = _q(ranks)
    return _lower(q), -np.sum(q * np.log2(q))


def without_the_factor(ranks):
    q = _q(ranks)
    return np.sum(
        (q - np.append(q[1:], 0)) * np.log2(np.arange(1, len(q) + 1))
    ), _upper(q)


def without_the_difference(ranks):
    q = _q(ranks)
    i = np.arange(1, len(q) + 1)
    return np.sum(i * q * np.log2(i)), _upper(q)


def other_order(ranks):
    q = _q(ranks)
    return _upper(q), _lower(q)


WRONG_ANSWERS = {
    "entropy-bits": [
        (in_nats, "natural logarithm"),
        (wrong_sign, "The sign is wrong"),
        (averaged, "take the sum"),
        (without_weights, "without the weights p"),
        (number_of_outcomes, "right only when all are equally probable"),
        (not_a_number, "In NumPy 0 * log2(0) is NaN"),
        (small_number_added, "a small error for each outcome"),
        (overwrites, "works on the caller's data"),
        (one_each, "summed over all outcomes"),
    ],
    "perplexity-conversions": [
        (averages_perplexities, "the short document swamps it"),
        (averages_documents, "Each document counts the same"),
        (averages_ratios, "average of two ratios"),
        (bits_per_token, "bits per token"),
        (nats_per_character, "nats per character"),
        (forgets_the_sign, "average the *negative*"),
        (two_to_the_nats, "Nats go with exp"),
        (returns_perplexity_alone, "Return both"),
        (clips, "nothing is clipped"),
    ],
    "guessing-bounds": [
        (leaves_empty_numbers_out_and_never_sorts, "not in falling order"),
        (drops_the_last_term, "The last term is missing"),
        (counts_from_zero, "q_1 = 1"),
        (bounds_in_nats, "take log2"),
        (not_sorted, "falling order"),
        (trips_over_empty_guesses, "q_2 = 0"),
        (without_the_factor, "The factor i is missing"),
        (without_the_difference, "the difference q_i - q_{i+1} belongs"),
        (other_order, "(lower, upper) in this order"),
    ],
}
