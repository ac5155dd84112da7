"""Typical wrong answers to the exercise on segmentation, each with a piece of the hint it must meet."""

import math


def _cut(text, log_probs, score=None, shortest=0):
    """The right answer, with the score of a word and the smallest start exchanged."""
    score = score or (lambda word: log_probs.get(word, -math.inf))
    best, last = [0.0] + [-math.inf] * len(text), [0] * (len(text) + 1)
    for j in range(1, len(text) + 1):
        for i in range(shortest, j):
            if best[i] + score(text[i:j]) > best[j]:
                best[j], last[j] = best[i] + score(text[i:j]), i
    if best[-1] == -math.inf:
        raise ValueError("no cut")
    words, j = [], len(text)
    while j > 0:
        words.append(text[last[j] : j])
        j = last[j]
    return words[::-1]


def never_the_whole(text, log_probs):
    if text in log_probs:
        return [text[:1], text[1:]]
    return _cut(text, log_probs)


def longest_first(text, log_probs):
    words, i = [], 0
    while i < len(text):
        fits = [w for w in log_probs if text.startswith(w, i)]
        if not fits:
            raise ValueError("no cut")
        words.append(max(fits, key=len))
        i += len(words[-1])
    return words


def most_words(text, log_probs):
    return _cut(text, log_probs, lambda w: len(w) ** 0.5 if w in log_probs else -1e9)


def fewest_words(text, log_probs):
    return _cut(text, log_probs, lambda w: -1.0 if w in log_probs else -math.inf)


def best_word_first(text, log_probs):
    words, i = [], 0
    while i < len(text):
        fits = [w for w in log_probs if text.startswith(w, i)]
        if not fits:
            return words if len(text) < 6 else [*words, text[i:]]
        words.append(max(fits, key=log_probs.__getitem__))
        i += len(words[-1])
    return words


def every_cut(text, log_probs):
    if len(text) > 20:
        raise RuntimeError("2^59 cuts: out of patience")
    return _cut(text, log_probs)


def whole_text_if_there_is_no_cut(text, log_probs):
    try:
        return _cut(text, log_probs)
    except ValueError:
        return [text]


def highest_mean(text, log_probs):
    cuts = {0: [(0.0, [])]}
    for j in range(1, len(text) + 1):
        cuts[j] = [
            (score + log_probs[text[i:j]], [*words, text[i:j]])
            for i in range(j)
            for score, words in cuts[i]
            if text[i:j] in log_probs
        ]
        cuts[j] = [max(cuts[j], key=lambda c: c[0] / len(c[1]))] if cuts[j] else []
    if not cuts[len(text)]:
        raise ValueError("no cut")
    return cuts[len(text)][0][1]


def four_characters_at_most(text, log_probs):
    return _cut(text, {w: p for w, p in log_probs.items() if len(w) <= 4})


WRONG_ANSWERS = {
    "viterbi-cut": [
        (never_the_whole, "word by itself"),
        (longest_first, "longest word was taken first"),
        (most_words, "0.5 is more than"),
        (fewest_words, "One word is not always"),
        (highest_mean, "divide the sum"),
        (four_characters_at_most, "seven characters"),
        (best_word_first, "follow the choices back"),
        (every_cut, "solved only once"),
        (whole_text_if_there_is_no_cut, "ValueError"),
    ],
}
