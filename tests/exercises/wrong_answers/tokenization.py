"""Typical wrong answers to the exercises on strings and tokens, each with a piece of the hint it must meet."""

import unicodedata
from collections import Counter
from itertools import pairwise

# same-text


def compares_code_points(a, b):
    return a.casefold() == b.casefold()


def _normal(form, text):
    return unicodedata.normalize(form, text)


def ignores_case_not(a, b):
    return _normal("NFC", a) == _normal("NFC", b)


def lowers(a, b):
    return _normal("NFC", a).lower() == _normal("NFC", b).lower()


def compatibility(a, b):
    a, b = _normal("NFKC", a).casefold(), _normal("NFKC", b).casefold()
    return _normal("NFKC", a) == _normal("NFKC", b)


def folds_first(a, b):
    return _normal("NFC", a.casefold()) == _normal("NFC", b.casefold())


def folds_last(a, b):
    return _normal("NFC", a).casefold() == _normal("NFC", b).casefold()


# bpe-step


def _merge(word, pair):
    tokens, i = [], 0
    while i < len(word):
        step = 2 if word[i : i + 2] == pair else 1
        tokens.append("".join(word[i : i + step]))
        i += step
    return tuple(tokens)


def _counts(words, weigh=True, each_once=False):
    pairs = Counter()
    for word, count in words.items():
        found = list(pairwise(word))
        for pair in set(found) if each_once else found:
            pairs[pair] += count if weigh else 1
    return pairs


def _best(pairs):
    return min(pairs, key=lambda pair: (-pairs[pair], pair))


def _after(words, pair, merge=_merge):
    merged = Counter()
    for word, count in words.items():
        merged[merge(word, pair)] += count
    return dict(merged)


def counts_words_not_occurrences(words):
    pair = _best(_counts(words, weigh=False))
    return pair, _after(words, pair)


def last_of_equals(words):
    pairs = _counts(words)
    pair = max(pairs, key=lambda pair: (pairs[pair], pair))
    return pair, _after(words, pair)


def once_in_a_word(words):
    pair = _best(_counts(words, each_once=True))
    return pair, _after(words, pair)


def merges_the_first_place_only(words):
    def first(word, pair):
        for i, found in enumerate(pairwise(word)):
            if found == pair:
                return (*word[:i], "".join(pair), *word[i + 2 :])
        return word

    pair = _best(_counts(words))
    return pair, _after(words, pair, first)


def merges_with_overlap(words):
    def overlap(word, pair):
        if pair[0] != pair[1]:
            return _merge(word, pair)
        return tuple("".join(p) if p == pair else p[0] for p in pairwise(word))

    pair = _best(_counts(words))
    return pair, _after(words, pair, overlap)


def overwrites_equal_words(words):
    pair = _best(_counts(words))
    return pair, {_merge(word, pair): count for word, count in words.items()}


def returns_the_words_only(words):
    return _after(words, _best(_counts(words)))


def first_met_of_equals(words):
    pairs = _counts(words)
    pair = max(pairs, key=pairs.get)
    return pair, _after(words, pair)


def counts_without_overlap(words):
    pairs = Counter()
    for word, count in words.items():
        last = None
        for pair in pairwise(word):
            last = None if pair == last and pair[0] == pair[1] else pair
            pairs[pair] += count if last else 0
    pair = _best(pairs)
    return pair, _after(words, pair)


def merges_letters(words):
    def by_text(word, pair):
        return tuple(" ".join(word).replace(" ".join(pair), "".join(pair)).split(" "))

    pair = _best(_counts(words))
    return pair, _after(words, pair, by_text)


# fertility


def upside_down(encode, texts):
    return 100 * sum(map(len, texts)) / sum(len(encode(t)) for t in texts)


def without_the_factor(encode, texts):
    return sum(len(encode(t)) for t in texts) / sum(map(len, texts))


def mean_of_ratios(encode, texts):
    return sum(100 * len(encode(t)) / len(t) for t in texts) / len(texts)


def joins_the_texts(encode, texts):
    return 100 * len(encode("".join(texts))) / len("".join(texts))


def counts_bytes(encode, texts):
    size = sum(len(t.encode()) for t in texts)
    return 100 * sum(len(encode(t)) for t in texts) / size


def divides_by_zero(encode, texts):
    return 100 * sum(len(encode(t)) for t in texts) / sum(map(len, texts))


def encodes_the_list(encode, texts):
    return 100 * len(encode(texts)) / sum(map(len, texts))


def counts_graphemes(encode, texts):
    size = sum(unicodedata.combining(c) == 0 for t in texts for c in t)
    if size == 0:
        raise ValueError("no character")
    return 100 * sum(len(encode(t)) for t in texts) / size


WRONG_ANSWERS = {
    "same-text": [
        (compares_code_points, "Normalize both"),
        (ignores_case_not, "fold it away"),
        (lowers, "casefold"),
        (compatibility, "canonical"),
        (folds_first, "before you fold"),
        (folds_last, "after folding as well"),
    ],
    "bpe-step": [
        (counts_words_not_occurrences, "Weigh each with"),
        (last_of_equals, "equally frequent"),
        (first_met_of_equals, "met first"),
        (counts_without_overlap, "Count all neighbors"),
        (merges_letters, "Compare whole tokens"),
        (once_in_a_word, "every place"),
        (merges_the_first_place_only, "every place"),
        (merges_with_overlap, "without overlap"),
        (overwrites_equal_words, "add them"),
        (returns_the_words_only, "Return two things"),
    ],
    "fertility": [
        (upside_down, "upside down"),
        (without_the_factor, "tokens per character"),
        (mean_of_ratios, "mean of the two ratios"),
        (joins_the_texts, "joined before"),
        (counts_bytes, "per 100 bytes"),
        (counts_graphemes, "stands by itself"),
        (divides_by_zero, "ValueError"),
        (encodes_the_list, "one text at a time"),
    ],
}
