"""Typical wrong answers on fair sizes and on mixtures, each with a piece of the hint it must meet."""

import math

import numpy as np

# fair-width


def size(d, gates, vocab, d_x, rows=1, biases=2, output=1, output_bias=1, embedding=1):
    layer = gates * (d_x * d + d * d + biases * d)
    tables = embedding * (vocab + rows) * d_x + output * d * vocab
    return tables + layer + output_bias * vocab


def search(budget, *shape, **without):
    d = 0
    while size(d + 1, *shape, **without) <= budget:
        d += 1
    if d == 0:
        raise ValueError("too small")
    return d


def no_output(*given):
    return search(*given, output=0, output_bias=0)


def no_embedding(*given):
    return search(*given, embedding=0)


def layer_alone(*given):
    return search(*given, embedding=0, output=0, output_bias=0)


def one_too_wide(*given):
    return search(*given) + 1


def no_biases(*given):
    return search(*given, biases=0, output_bias=0)


def nearest(budget, *shape):
    d = search(budget, *shape)
    return min((d, d + 1), key=lambda width: abs(size(width, *shape) - budget))


def the_size(*given):
    return size(search(*given), *given[1:])


def always_three(budget, gates, vocab_size, d_x):
    return search(budget, 3, vocab_size, d_x)


def divides_the_width(budget, gates, vocab_size, d_x):
    if gates == 3:
        return search(budget, gates, vocab_size, d_x)
    return round(search(budget, 1, vocab_size, d_x) / gates)


def divides_the_budget(budget, gates, vocab_size, d_x):
    if gates == 3:
        return search(budget, gates, vocab_size, d_x)
    return search(budget // gates, 1, vocab_size, d_x)


def one_bias(*given):
    return search(*given, biases=1)


def no_beginning(*given):
    return search(*given, rows=0)


def no_output_bias(*given):
    return search(*given, output_bias=0)


def smaller_than_the_budget(budget, *shape):
    return search(budget - 1, *shape)


def largest_that_is_too_large(budget, *shape):
    d = search(budget, *shape)
    return d + 1 if budget + 1 == size(d + 1, *shape) else d


def root_cut_off(budget, gates, vocab_size, d_x):
    linear = gates * (d_x + 2) + vocab_size
    fixed = (vocab_size + 1) * d_x + vocab_size
    root = math.sqrt(linear**2 / gates**2 + 4 * (budget - fixed) / gates)
    return int(root / 2 - linear / gates / 2)


def roots_cut_off(budget, gates, vocab_size, d_x):
    fixed = (vocab_size + 1) * d_x + vocab_size
    linear = gates * (d_x + 2) + vocab_size
    return int(max(np.roots([gates, linear, fixed - budget])))


def no_model(budget, *shape):
    try:
        return search(budget, *shape)
    except ValueError:
        return 0


def one_at_least(budget, *shape):
    return max(1, no_model(budget, *shape))


# mix-weight


def bits(logs, weight):
    with np.errstate(divide="ignore"):
        both = np.logaddexp(np.log(weight) + logs[0], np.log1p(-weight) + logs[1])
    return -both / np.log(2)


def choose(valid, weights, pick=min):
    return pick(weights, key=lambda w: bits(valid, w).mean())


def mixes_logarithms(valid, test, weights):
    def mean(logs, w):
        return -(w * logs[0] + (1 - w) * logs[1]).mean() / np.log(2)

    best = min(weights, key=lambda w: mean(valid, w))
    return best, mean(test, best)


def weight_for_the_other(valid, test, weights):
    best = choose(valid[::-1], weights)
    return best, bits(test[::-1], best).mean()


def nats(valid, test, weights):
    best = choose(valid, weights)
    return best, bits(test, best).mean() * np.log(2)


def nats_twice(valid, test, weights):
    best = choose(valid, weights)
    return best, bits(test, best).mean() * np.log(2) ** 2


def log_likelihood(valid, test, weights):
    best = choose(valid, weights)
    return best, -bits(test, best).mean()


def whole_weight(valid, test, weights):
    best = choose(valid, weights)
    both = np.log(best * np.exp(test[0]) + np.exp(test[1]))
    return best, -both.mean() / np.log(2)


def probability(valid, test, weights):
    best = choose(valid, weights)
    return best, 2 ** -bits(test, best).mean()


def perplexity(valid, test, weights):
    best = choose(valid, weights)
    return best, 2 ** bits(test, best).mean()


def mixes_whole_texts(valid, test, weights):
    def mean(logs, w):
        return bits(logs.sum(axis=1, keepdims=True), w)[0] / logs.shape[1]

    best = min(weights, key=lambda w: mean(valid, w))
    return best, mean(test, best)


def bits_first(valid, test, weights):
    best = choose(valid, weights)
    return bits(test, best).mean(), best


def subtracts_infinity(valid, test, weights):
    def mean(logs, w):
        a, b = np.log(w) + logs[0], np.log1p(-w) + logs[1]
        m = np.maximum(a, b)
        return -(m + np.log(np.exp(a - m) + np.exp(b - m))).mean() / np.log(2)

    best = weights[np.argmin([mean(valid, w) for w in weights])]
    return best, mean(test, best)


def bits_alone(valid, test, weights):
    return bits(test, choose(valid, weights)).mean()


def chooses_on_test(valid, test, weights):
    best = choose(test, weights)
    return best, bits(test, best).mean()


def chooses_on_both(valid, test, weights):
    best = choose(np.concatenate([valid, test], axis=1), weights)
    return best, bits(test, best).mean()


def chooses_the_worst(valid, test, weights):
    best = choose(valid, weights, max)
    return best, bits(test, best).mean()


def position(valid, test, weights):
    best = choose(valid, weights)
    return weights.tolist().index(best), bits(test, best).mean()


def measures_on_valid(valid, test, weights):
    best = choose(valid, weights)
    return best, bits(valid, best).mean()


def lowest_on_test(valid, test, weights):
    return choose(valid, weights), min(bits(test, w).mean() for w in weights)


def adds_up(valid, test, weights):
    best = choose(valid, weights)
    return best, bits(test, best).sum()


def length_of_valid(valid, test, weights):
    best = choose(valid, weights)
    return best, bits(test, best).sum() / valid.shape[1]


def multiplies(valid, test, weights):
    def product(logs, w):
        return (w * np.exp(logs[0]) + (1 - w) * np.exp(logs[1])).prod()

    best = max(weights, key=lambda w: product(valid, w))
    return best, -np.log2(product(test, best)) / test.shape[1]


def leaves_the_logarithms(valid, test, weights):
    def mean(logs, w):
        return -np.log2(w * np.exp(logs[0]) + (1 - w) * np.exp(logs[1])).mean()

    best = min(weights, key=lambda w: mean(valid, w))
    return best, mean(test, best)


def adds_a_little(valid, test, weights):
    def mean(logs, w):
        return -np.log2(w * np.exp(logs[0]) + (1 - w) * np.exp(logs[1]) + 1e-12).mean()

    best = min(weights, key=lambda w: mean(valid, w))
    return best, mean(test, best)


def leaves_out_the_impossible(valid, test, weights):
    def mean(logs, w):
        found = bits(logs, w)
        return found[np.isfinite(found)].mean()

    best = min(weights, key=lambda w: mean(valid, w))
    return best, mean(test, best)


def clips(valid, test, weights):
    valid, test = np.maximum(valid, -2000), np.maximum(test, -2000)
    best = choose(valid, weights)
    return best, bits(test, best).mean()


def by_the_ratio(valid, test, weights):
    def mean(logs, w):
        ratio = np.log(w) + logs[0] - np.log1p(-w) - logs[1]
        return -(np.log1p(-w) + logs[1] + np.logaddexp(0, ratio)).mean() / np.log(2)

    best = min(weights, key=lambda w: mean(valid, w))
    return best, mean(test, best)


WRONG_ANSWERS = {
    "fair-width": [
        (no_output, "The output layer is missing"),
        (no_embedding, "The embedding is missing"),
        (layer_alone, "This is the layer alone"),
        (one_too_wide, "larger than the budget"),
        (nearest, "the nearest to it"),
        (the_size, "Asked for is the width"),
        (always_three, "gates has no effect"),
        (divides_the_width, "d_h enters squared"),
        (divides_the_budget, "multiplied by gates as well"),
        (no_biases, "Is every bias counted?"),
        (one_bias, "One bias too few"),
        (no_beginning, "one row more than tokens"),
        (no_output_bias, "bias of the output layer"),
        (smaller_than_the_budget, "uses up the budget exactly"),
        (largest_that_is_too_large, "a single parameter larger does not"),
        (root_cut_off, "a hair below the whole number"),
        (roots_cut_off, "a hair below the whole number"),
        (no_model, "A width of 0 is no model"),
        (one_at_least, "raise a ValueError"),
    ],
    "mix-weight": [
        (mixes_logarithms, "The logarithms were mixed"),
        (weight_for_the_other, "The weight went to b"),
        (nats, "These are nats"),
        (nats_twice, "You multiplied by ln 2"),
        (log_likelihood, "The sign is lost"),
        (whole_weight, "b has its whole weight"),
        (probability, "This is a probability"),
        (perplexity, "This is a perplexity"),
        (mixes_whole_texts, "Mix at every token"),
        (bits_first, "The weight comes first"),
        (subtracts_infinity, "their difference is not a number"),
        (bits_alone, "Return a tuple of two numbers"),
        (chooses_on_test, "it can no longer judge"),
        (chooses_the_worst, "worst on valid"),
        (chooses_on_both, "may not take part in the choice"),
        (position, "a position in weights"),
        (measures_on_valid, "These are the bits on valid"),
        (lowest_on_test, "suits test best"),
        (adds_up, "This is the sum"),
        (length_of_valid, "tokens of valid"),
        (multiplies, "add up logarithms"),
        (leaves_the_logarithms, "without leaving the logarithms"),
        (adds_a_little, "0 in floating point"),
        (leaves_out_the_impossible, "Nothing is clipped or left out"),
        (clips, "Nothing is clipped or left out"),
        (by_the_ratio, "their difference is not a number"),
    ],
}
