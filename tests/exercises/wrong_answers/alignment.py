"""Typical wrong answers to the exercises on sequence to sequence, each with a piece of the hint it must meet."""

import math
from collections import Counter

import numpy as np

# masked-softmax


def softmax(energies, mask, fill=-np.inf):
    kept = np.where(mask, energies, fill)
    powers = np.exp(kept - kept.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def refuse(mask):
    if not mask.any(axis=-1).all():
        raise ValueError("nothing to look at")


def masks_afterwards(energies, mask):
    refuse(mask)
    return softmax(energies, np.ones_like(mask)) * mask


def masks_with_zero_energy(energies, mask):
    refuse(mask)
    return softmax(energies, mask, fill=0.0)


def masks_nothing(energies, mask):
    refuse(mask)
    return softmax(energies, np.ones_like(mask))


def masks_upside_down(energies, mask):
    refuse(mask)
    return softmax(energies, ~mask)


def leaves_a_trace(energies, mask):
    refuse(mask)
    return softmax(energies, mask, fill=-100.0)


def over_everything(energies, mask):
    refuse(mask)
    kept = np.where(mask, energies, -np.inf)
    powers = np.exp(kept - kept.max())
    return powers / powers.sum()


def over_the_first_axis(energies, mask):
    if len(energies) == 1:
        return softmax(energies, mask)
    return softmax(energies.T, mask.T).T


def overflows(energies, mask):
    refuse(mask)
    powers = np.exp(np.where(mask, energies, -np.inf))
    return powers / powers.sum(axis=-1, keepdims=True)


def subtracts_the_masked(energies, mask):
    refuse(mask)
    powers = np.exp(energies - energies.max(axis=-1, keepdims=True)) * mask
    return powers / powers.sum(axis=-1, keepdims=True)


def lets_nan_through(energies, mask):
    return softmax(energies, mask)


def zeros_for_nothing(energies, mask):
    return np.where(mask.any(axis=-1, keepdims=True), softmax(energies, mask), 0.0)


# luong-attention


def right_attention(s, h, mask, scale=1.0):
    alpha = softmax(s @ h.T * scale, np.broadcast_to(mask, (len(s), len(h))))
    return alpha @ h, alpha


def over_targets(s, h, mask):
    e = np.where(mask, s @ h.T, -np.inf)
    alpha = np.exp(e) / np.exp(e).sum(axis=0)
    return alpha @ h, alpha


def over_the_matrix(s, h, mask):
    e = np.where(mask, s @ h.T, -np.inf)
    alpha = np.exp(e - e.max()) / np.exp(e - e.max()).sum()
    return alpha @ h, alpha


def scaled(s, h, mask):
    return right_attention(s, h, mask, 1 / math.sqrt(s.shape[1]))


def energies_for_weights(s, h, mask):
    return (s @ h.T) @ h, s @ h.T


def weights_alone(s, h, mask):
    return right_attention(s, h, mask)[1]


def best_state_alone(s, h, mask):
    alpha = right_attention(s, h, mask)[1]
    return h[alpha.argmax(axis=1)], alpha


def divides_again(s, h, mask):
    a, alpha = right_attention(s, h, mask)
    return a / len(h), alpha


def ignores_padding(s, h, mask):
    return right_attention(s, h, np.ones_like(mask))


def masks_the_weights(s, h, mask):
    alpha = right_attention(s, h, np.ones_like(mask))[1] * mask
    return alpha @ h, alpha


def masks_only_the_weights(s, h, mask):
    return right_attention(s, h, np.ones_like(mask))[0], right_attention(s, h, mask)[1]


def unstable(s, h, mask):
    powers = np.exp(np.where(mask, s @ h.T, -np.inf))
    alpha = powers / powers.sum(axis=1, keepdims=True)
    return alpha @ h, alpha


# additive-scores


def pairs(s, h, first, second):
    return (s @ first.T)[:, None] + (h @ second.T)[None]


def no_tanh(s, h, first, second, v):
    return pairs(s, h, first, second) @ v


def tanh_at_the_end(s, h, first, second, v):
    return np.tanh(pairs(s, h, first, second) @ v)


def tanh_apart(s, h, first, second, v):
    return (np.tanh(s @ first.T)[:, None] + np.tanh(h @ second.T)[None]) @ v


def exchanges_the_matrices(s, h, first, second, v):
    return np.tanh(pairs(s, h, second, first)) @ v


def transposes_the_matrices(s, h, first, second, v):
    if first.shape[1] == 1:
        return np.tanh(pairs(s, h, first, second)) @ v
    return np.tanh(pairs(s, h, first.T, second.T)) @ v


def transposed(s, h, first, second, v):
    return (np.tanh(pairs(s, h, first, second)) @ v).T


def position_by_position(s, h, first, second, v):
    return np.diag(np.tanh(s @ first.T + h @ second.T) @ v)


def repairs_the_shape(s, h, first, second, v):
    e = np.tanh((h @ second.T)[:, None] + s @ first.T) @ v
    return e if e.shape == (len(s), len(h)) else e.T


# beam-search


def extensions(model, alive):
    return sorted(
        (
            ((*prefix, token), total + float(log))
            for prefix, total in alive
            for token, log in enumerate(model(prefix))
        ),
        key=lambda found: -found[1],
    )


def best(found):
    return max(found, key=lambda pair: pair[1])


def search(model, width, end, max_tokens, finish=best, places=None):
    alive, finished = [((), 0.0)], []
    for _ in range(max_tokens):
        room = width - len(finished) if places is None else places
        ranked = extensions(model, alive)[:room]
        finished += [found for found in ranked if found[0][-1] == end]
        alive = [found for found in ranked if found[0][-1] != end]
        if not alive or len(finished) >= width:
            break
    return finish(finished or alive)


def extends_the_finished(next_log_probs, width, end, max_tokens):
    alive = [((), 0.0)]
    for _ in range(max_tokens):
        alive = extensions(next_log_probs, alive)[:width]
    return alive[0]


def greedy(next_log_probs, width, end, max_tokens):
    return search(next_log_probs, 1, end, max_tokens)


def always_two(next_log_probs, width, end, max_tokens):
    return search(next_log_probs, 2, end, max_tokens)


def cuts_the_end(next_log_probs, width, end, max_tokens):
    tokens, total = search(next_log_probs, width, end, max_tokens)
    return tuple(token for token in tokens if token != end), total


def probability(next_log_probs, width, end, max_tokens):
    tokens, total = search(next_log_probs, width, end, max_tokens)
    return tokens, math.exp(total)


def per_token(next_log_probs, width, end, max_tokens):
    tokens, total = search(next_log_probs, width, end, max_tokens)
    return tokens, total / len(tokens)


def tokens_alone(next_log_probs, width, end, max_tokens):
    return search(next_log_probs, width, end, max_tokens)[0]


def one_extension_each(next_log_probs, width, end, max_tokens):
    alive, finished = extensions(next_log_probs, [((), 0.0)])[:width], []
    for step in range(max_tokens):
        if step:
            alive = [extensions(next_log_probs, [found])[0] for found in alive]
        finished += [found for found in alive if found[0][-1] == end]
        alive = [found for found in alive if found[0][-1] != end]
        if not alive:
            break
    return best(finished or alive)


def loses_the_finished(next_log_probs, width, end, max_tokens):
    return search(
        next_log_probs,
        width,
        end,
        max_tokens,
        finish=lambda found: max(found, key=lambda pair: (len(pair[0]) > 1, pair[1])),
    )


def takes_the_first(next_log_probs, width, end, max_tokens):
    alive, finished = [((), 0.0)], []
    for _ in range(max_tokens):
        ranked = extensions(next_log_probs, alive)[:width]
        finished = [found for found in ranked if found[0][-1] == end]
        alive = [found for found in ranked if found[0][-1] != end]
        if finished:
            break
    return best(finished or alive)


def one_token_more(next_log_probs, width, end, max_tokens):
    tokens, total = search(next_log_probs, width, end, max_tokens)
    if tokens[-1] == end:
        return tokens, total
    return (*tokens, end), total + float(next_log_probs(tokens)[end])


def prefers_the_probable(next_log_probs, width, end, max_tokens):
    alive, finished = [((), 0.0)], []
    for _ in range(max_tokens):
        ranked = extensions(next_log_probs, alive)[: width - len(finished)]
        finished += [found for found in ranked if found[0][-1] == end]
        alive = [found for found in ranked if found[0][-1] != end]
        if not alive:
            break
    return best(finished + alive)


def keeps_all_places(next_log_probs, width, end, max_tokens):
    return search(next_log_probs, width, end, max_tokens, places=width)


# clipped-precision


def grams(tokens, n):
    return Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))


def corpus(hypotheses, references, n, match, total=None, split=grams):
    pairs = [
        (split(h, n), split(r, n)) for h, r in zip(hypotheses, references, strict=True)
    ]
    total = total or (lambda h, r: h.total())
    return sum(match(h, r) for h, r in pairs), sum(total(h, r) for h, r in pairs)


def clipped(h, r):
    return (h & r).total()


def unclipped(hypotheses, references, n):
    return corpus(
        hypotheses, references, n, lambda h, r: sum(c for g, c in h.items() if g in r)
    )


def different_words(hypotheses, references, n):
    return corpus(
        hypotheses, references, n, lambda h, r: len(h & r), lambda h, r: len(h)
    )


def once_at_most(hypotheses, references, n):
    return corpus(hypotheses, references, n, lambda h, r: len(h & r))


def recall(hypotheses, references, n):
    return corpus(hypotheses, references, n, clipped, lambda h, r: r.total())


def mean_of_sentences(hypotheses, references, n):
    found = [
        clipped(grams(h, n), grams(r, n)) / max(1, grams(h, n).total())
        for h, r in zip(hypotheses, references, strict=True)
    ]
    return sum(found) / len(found)


def single_tokens(hypotheses, references, n):
    return corpus(hypotheses, references, 1, clipped)


def counts_the_rest(hypotheses, references, n):
    def split(tokens, n):
        return Counter(tuple(tokens[i : i + n]) for i in range(len(tokens)))

    return corpus(hypotheses, references, n, clipped, split=split)


def cuts_into_pieces(hypotheses, references, n):
    def split(tokens, n):
        return Counter(
            tuple(tokens[i : i + n]) for i in range(0, len(tokens) - n + 1, n)
        )

    return corpus(hypotheses, references, n, clipped, split=split)


def throws_together(hypotheses, references, n):
    h = sum((grams(tokens, n) for tokens in hypotheses), Counter())
    r = sum((grams(tokens, n) for tokens in references), Counter())
    return (h & r).total(), h.total()


def negative_numbers(hypotheses, references, n):
    matches, _ = corpus(hypotheses, references, n, clipped)
    return matches, sum(len(h) - n + 1 for h in hypotheses)


def shortens_the_corpus(hypotheses, references, n):
    found = list(zip(hypotheses, references, strict=False))
    return corpus([h for h, _ in found], [r for _, r in found], n, clipped)


# exposure-bias


def shares(p, q, steps):
    return [p**t * p + (1 - p**t) * q for t in range(steps)]


def counts_itself(p, q, T):
    return sum(p**t * p + (1 - p**t) * q for t in range(1, T + 1)) / T


def exchanged(p, q, T):
    return sum(shares(q, p, T)) / T


def repairs_itself(p, q, T):
    right, total = 1.0, 0.0
    for _ in range(T):
        right = right * p + (1 - right) * q
        total += right
    return total / T


def nothing_right_after(p, q, T):
    return sum(p**t for t in range(1, T + 1)) / T


def all_right(p, q, T):
    return p**T


def last_token(p, q, T):
    return shares(p, q, T)[-1]


def number_of_right_tokens(p, q, T):
    return sum(shares(p, q, T))


def teacher_forcing(p, q, T):
    return p


def mistakes_never_help(p, q, T):
    return sum(shares(p, min(p, q), T)) / T


def divides_by_zero(p, q, T):
    return float(q + (p - q) * (1 - np.float64(p) ** T) / (T * np.float64(1 - p)))


WRONG_ANSWERS = {
    "masked-softmax": [
        (masks_afterwards, "no longer sum to one"),
        (masks_with_zero_energy, "exp(0) is 1"),
        (masks_nothing, "no effect"),
        (masks_upside_down, "upside down"),
        (leaves_a_trace, "leaves a trace"),
        (over_everything, "of its own"),
        (over_the_first_axis, "of its own"),
        (overflows, "exp(1000)"),
        (subtracts_the_masked, "those that stay"),
        (lets_nan_through, "no distribution"),
        (zeros_for_nothing, "no distribution"),
    ],
    "luong-attention": [
        (over_targets, "over the target positions"),
        (over_the_matrix, "whole matrix"),
        (scaled, "root of d"),
        (energies_for_weights, "no softmax"),
        (weights_alone, "Return a tuple"),
        (best_state_alone, "largest weight alone"),
        (divides_again, "nothing to divide"),
        (ignores_padding, "takes part in the sentence"),
        (masks_the_weights, "no longer sum to one"),
        (masks_only_the_weights, "a from"),
        (unstable, "exp(1000)"),
    ],
    "additive-scores": [
        (no_tanh, "tanh is missing"),
        (tanh_at_the_end, "before the dot product"),
        (tanh_apart, "only there can the two meet"),
        (exchanges_the_matrices, "W and U are exchanged"),
        (transposes_the_matrices, "applied transposed"),
        (transposed, "The result is transposed"),
        (position_by_position, "every source position"),
        (repairs_the_shape, "The result is transposed"),
    ],
    "beam-search": [
        (extends_the_finished, "It is not extended"),
        (greedy, "greedy search"),
        (always_two, "one place holds one"),
        (cuts_the_end, "The end belongs"),
        (probability, "Add up logarithms"),
        (per_token, "no penalty for length"),
        (tokens_alone, "Return a tuple"),
        (one_extension_each, "Sort all extensions together"),
        (loses_the_finished, "got lost"),
        (takes_the_first, "when the first hypothesis was finished"),
        (one_token_more, "three tokens"),
        (prefers_the_probable, "half a sentence"),
        (keeps_all_places, "keeps one less"),
    ],
    "clipped-precision": [
        (unclipped, "Nothing is clipped"),
        (different_words, "Different words were counted"),
        (once_at_most, "matched once at most"),
        (recall, "this is recall"),
        (mean_of_sentences, "Return a tuple"),
        (single_tokens, "n has no effect"),
        (counts_the_rest, "5 pairs"),
        (cuts_into_pieces, "The pairs overlap"),
        (throws_together, "thrown together"),
        (negative_numbers, "not minus one"),
        (shortens_the_corpus, "in silence"),
    ],
    "exposure-bias": [
        (counts_itself, "still had a true prefix"),
        (exchanged, "p belongs to the true prefix"),
        (repairs_itself, "does not repair"),
        (nothing_right_after, "can still be right"),
        (all_right, "all tokens are right"),
        (last_token, "Take the mean"),
        (number_of_right_tokens, "Divide by T"),
        (teacher_forcing, "teacher forcing"),
        (mistakes_never_help, "64 sequences"),
        (divides_by_zero, "needs this case apart"),
    ],
}
