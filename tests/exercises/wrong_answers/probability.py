"""Typical wrong answers to the exercises on probability, each with a piece of the hint it must meet."""

import numpy as np

# chain-rule


def multiplies_then_takes_the_logarithm(words, next_prob):
    product = 1.0
    for t, word in enumerate(words):
        product *= next_prob(words[:t], word)
    return np.log(product)


def conditions_on_one_word(words, next_prob):
    table = [
        next_prob(words[:t], word) if t < 2 else 0.5 for t, word in enumerate(words)
    ]
    return sum(np.log(p) for p in table)


def history_includes_the_word(words, next_prob):
    with np.errstate(divide="ignore"):
        return sum(
            np.log(next_prob(words[: t + 1], word)) for t, word in enumerate(words)
        )


def forgets_the_first_word(words, next_prob):
    with np.errstate(divide="ignore"):
        return float(
            sum(np.log(next_prob(words[:t], words[t])) for t in range(1, len(words)))
        )


def returns_the_probability(words, next_prob):
    return np.prod([next_prob(words[:t], word) for t, word in enumerate(words)])


def uses_log2(words, next_prob):
    return sum(np.log2(next_prob(words[:t], word)) for t, word in enumerate(words))


def clips_the_impossible(words, next_prob):
    return sum(
        np.log(max(next_prob(words[:t], word), 1e-12)) for t, word in enumerate(words)
    )


def averages(words, next_prob):
    with np.errstate(divide="ignore"):
        return np.mean(
            [np.log(next_prob(words[:t], word)) for t, word in enumerate(words)]
        )


def swaps_the_arguments(words, next_prob):
    return sum(np.log(next_prob(word, words[:t])) for t, word in enumerate(words))


def eats_the_words(words, next_prob):
    total, before = 0.0, []
    while words:
        word = words.pop(0)
        total += np.log(next_prob(before, word))
        before.append(word)
    return total


def forgets_to_return(words, next_prob):
    sum(np.log(next_prob(words[:t], word)) for t, word in enumerate(words))


# sampling


def greedy(probs, temperature, generator):
    return int(np.argmax(probs))


def softmax_of_probabilities(probs, temperature, generator):
    powers = np.exp(probs / max(temperature, 1e-9))
    return int(generator.choice(len(probs), p=powers / powers.sum()))


def temperature_on_probabilities(probs, temperature, generator):
    scaled = probs / temperature
    return int(generator.choice(len(probs), p=scaled / scaled.sum()))


def not_normalized(probs, temperature, generator):
    return int(generator.choice(len(probs), p=probs ** (1 / temperature)))


def not_normalized_by_search(probs, temperature, generator):
    return int(
        np.searchsorted(np.cumsum(probs ** (1 / temperature)), generator.random())
    )


def upside_down(probs, temperature, generator):
    powers = probs**temperature
    return int(generator.choice(len(probs), p=powers / powers.sum()))


def global_randomness(probs, temperature, generator):
    powers = probs ** (1 / temperature)
    return int(np.random.choice(len(probs), p=powers / powers.sum()))


def new_generator(probs, temperature, generator):
    # Each call starts the same series again, so all draws are equal.
    generator = np.random.default_rng(np.random.SeedSequence(0))
    return int(generator.choice(len(probs), p=probs))


def underflows(probs, temperature, generator):
    if temperature == 0:
        return int(np.argmax(probs))
    powers = probs ** (1 / temperature)
    return int(generator.choice(len(probs), p=powers / powers.sum()))


def divides_by_zero(probs, temperature, generator):
    logits = np.log(probs) / temperature
    powers = np.exp(logits - logits.max())
    return int(generator.choice(len(probs), p=powers / powers.sum()))


def smooths(probs, temperature, generator):
    logits = np.log(probs + 1e-6) / max(temperature, 1e-6)
    powers = np.exp(logits - logits.max())
    return int(generator.choice(len(probs), p=powers / powers.sum()))


def returns_the_probability_drawn(probs, temperature, generator):
    return probs[generator.choice(len(probs), p=probs)]


def returns_an_array(probs, temperature, generator):
    return generator.choice(len(probs), size=1, p=probs)


WRONG_ANSWERS = {
    "chain-rule": [
        (multiplies_then_takes_the_logarithm, "Underflow"),
        (conditions_on_one_word, "conditioned on the one word before it"),
        (history_includes_the_word, "P(first | nothing before it)"),
        (forgets_the_first_word, "The first word has a probability too"),
        (returns_the_probability, "Asked for is its logarithm"),
        (uses_log2, "logarithm to base 2"),
        (clips_the_impossible, "minus infinity"),
        (averages, "the average over the words"),
        (swaps_the_arguments, "takes a list of all words before, then the word"),
        (eats_the_words, "works on the caller's data"),
        (forgets_to_return, "does not return it"),
    ],
    "sampling": [
        (greedy, "greedy decoding"),
        (softmax_of_probabilities, "apply a softmax to the probabilities"),
        (temperature_on_probabilities, "the factor cancels when you normalize"),
        (not_normalized, "sums to one"),
        (not_normalized_by_search, "do the weights that you draw from sum to one"),
        (upside_down, "works backwards"),
        (global_randomness, "from `np.random`"),
        (new_generator, "a new generator made in each call"),
        (underflows, "underflows to 0 / 0"),
        (divides_by_zero, "At temperature 0 the most probable token wins"),
        (smooths, "add no small number"),
        (returns_the_probability_drawn, "Return the position of the token"),
        (returns_an_array, "as a single integer"),
    ],
}
