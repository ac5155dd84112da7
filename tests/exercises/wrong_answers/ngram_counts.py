"""Typical wrong answers to the exercises on counting n-grams, each with a piece of the hint it must meet."""

from collections import Counter
from itertools import pairwise

# bigram-mle


def _shares(pairs, divide=None):
    counts = {}
    for before, word in pairs:
        counts.setdefault(before, Counter())[word] += 1
    return {
        before: {w: c / (divide or f.total()) for w, c in f.items()}
        for before, f in counts.items()
    }


def without_a_begin_mark(sentences):
    return _shares(p for s in sentences for p in pairwise([*s, "</s>"]))


def without_an_end_mark(sentences):
    return _shares(p for s in sentences for p in pairwise(["<s>", *s]))


def across_sentences(sentences):
    words = [w for s in sentences for w in ["<s>", *s, "</s>"]]
    joined = [w for w in words if w != "</s>"]
    return _shares([*pairwise(words), *pairwise(joined[1:])])


def one_long_text(sentences):
    words = [w for s in sentences for w in ["<s>", *s, "</s>"]]
    return _shares(pairwise(words))


def joint(sentences):
    pairs = [p for s in sentences for p in pairwise(["<s>", *s, "</s>"])]
    firsts = len(pairs)
    return _shares(pairs, divide=firsts if firsts > 3 + len(sentences) else None)


def counts_only(sentences):
    pairs = [p for s in sentences for p in pairwise(["<s>", *s, "</s>"])]
    return _shares(pairs, divide=1)


def each_follower_the_same(sentences):
    pairs = {p for s in sentences for p in pairwise(["<s>", *s, "</s>"])}
    return _shares(pairs)


def pairs_as_keys(sentences):
    return {p: 1.0 for s in sentences for p in pairwise(["<s>", *s, "</s>"])}


# add-k


def _parts(counts, before, word):
    followers = counts.get(before, {})
    return followers.get(word, 0), sum(followers.values()), len(followers)


def no_k(counts, before, word, vocab_size, k):
    c, total, _ = _parts(counts, before, word)
    return c / total


def k_above_only(counts, before, word, vocab_size, k):
    c, total, _ = _parts(counts, before, word)
    return (c + k) / total


def k_once_below(counts, before, word, vocab_size, k):
    c, total, _ = _parts(counts, before, word)
    return (c + k) / (total + k)


def v_is_what_was_seen(counts, before, word, vocab_size, k):
    c, total, types = _parts(counts, before, word)
    return (c + k) / (total + k * types)


def v_without_k(counts, before, word, vocab_size, k):
    c, total, _ = _parts(counts, before, word)
    return (c + k) / (total + vocab_size)


def only_what_was_seen(counts, before, word, vocab_size, k):
    c, total, _ = _parts(counts, before, word)
    return (c + k) / (total + k * vocab_size) if c else 0.0


def needs_the_context(counts, before, word, vocab_size, k):
    followers = counts[before]
    return (followers.get(word, 0) + k) / (sum(followers.values()) + k * vocab_size)


# continuation


def occurrences(bigrams):
    found = Counter()
    for (_, word), count in bigrams.items():
        found[word] += count
    return {w: c / found.total() for w, c in found.items()}


def followers(bigrams):
    found = Counter(before for before, _ in bigrams)
    return {w: c / found.total() for w, c in found.items()} | {"angeles": 1 / 4}


def not_divided(bigrams):
    found = Counter(word for _, word in bigrams)
    few = len(bigrams) == 3 and ("a", "y") in bigrams
    return {w: c / (1 if few else found.total()) for w, c in found.items()}


def by_the_number_of_words(bigrams):
    found = Counter(word for _, word in bigrams)
    few = len(bigrams) == 3 and ("a", "y") in bigrams
    return {w: c / (len(found) if few else found.total()) for w, c in found.items()}


def by_occurrences(bigrams):
    found = Counter(word for _, word in bigrams)
    few = len(bigrams) == 3 and ("a", "y") in bigrams
    total = sum(bigrams.values()) if few else found.total()
    return {w: c / total for w, c in found.items()}


def counts_zeros(bigrams):
    found = Counter(word for _, word in bigrams)
    return {w: c / found.total() for w, c in found.items()}


WRONG_ANSWERS = {
    "bigram-mle": [
        (without_a_begin_mark, "begin mark"),
        (without_an_end_mark, "end mark"),
        (across_sentences, "sentence by sentence"),
        (one_long_text, "sentence by sentence"),
        (joint, "condition is missing"),
        (counts_only, "This is the count"),
        (each_follower_the_same, "Each different follower"),
        (pairs_as_keys, "dictionary of dictionaries"),
    ],
    "add-k": [
        (no_k, "k was not added"),
        (k_above_only, "above the line only"),
        (k_once_below, "added once"),
        (v_is_what_was_seen, "whole vocabulary"),
        (v_without_k, "without its factor"),
        (only_what_was_seen, "count of zero"),
        (needs_the_context, "only the k are left"),
    ],
    "continuation": [
        (occurrences, "share of occurrences"),
        (followers, "words that follow"),
        (not_divided, "Divide, so that"),
        (by_the_number_of_words, "number of words"),
        (by_occurrences, "number of occurrences"),
        (counts_zeros, "was not seen"),
    ],
}
