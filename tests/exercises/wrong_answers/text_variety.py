"""Typical wrong answers to the exercises on variety and copies, each with a piece of the hint it must meet."""

# distinct-n


def grams_of(text, n):
    return [tuple(text[i : i + n]) for i in range(len(text) - n + 1)]


def all_grams(texts, n):
    return [gram for text in texts for gram in grams_of(text, n)]


def repeated_share(texts, n):
    grams = all_grams(texts, n)
    return 1 - len(set(grams)) / len(grams)


def by_words(texts, n):
    return len(set(all_grams(texts, n))) / sum(map(len, texts))


def by_different(texts, n):
    grams = set(all_grams(texts, n))
    return len(grams) / len(set(grams))


def text_by_text(texts, n):
    shares = [len(set(grams_of(t, n))) / max(len(grams_of(t, n)), 1) for t in texts]
    return sum(shares) / len(shares)


def across_texts(texts, n):
    grams = grams_of([word for text in texts for word in text], n)
    return len(set(grams)) / len(grams)


def zero_if_none(texts, n):
    grams = all_grams(texts, n)
    return len(set(grams)) / len(grams) if grams else 0.0


# copied-run


def common_words(new, old):
    return len(set(new) & set(old))


def single_words(new, old):
    return int(any(word in old for word in new))


def at_the_beginning(new, old):
    n = 0
    while n < min(len(new), len(old)) and new[n] == old[n]:
        n += 1
    return n


def with_gaps(new, old):
    table = [[0] * (len(old) + 1) for _ in range(len(new) + 1)]
    for i, a in enumerate(new):
        for j, b in enumerate(old):
            table[i + 1][j + 1] = (
                table[i][j] + 1 if a == b else max(table[i][j + 1], table[i + 1][j])
            )
    return table[-1][-1]


def spoils_its_row(new, old):
    lengths, best = [0] * (len(old) + 1), 0
    for word in new:
        for j in range(len(old)):
            lengths[j + 1] = lengths[j] + 1 if old[j] == word else 0
            best = max(best, lengths[j + 1])
    return best


def first_place_only(new, old):
    best = 0
    for i, word in enumerate(new):
        n = 0
        if word in old:
            j = old.index(word)
            while (
                new[i + n : i + n + 1]
                and new[i + n] == (old[j + n : j + n + 1] or [None])[0]
            ):
                n += 1
        best = max(best, n)
    return best


WRONG_ANSWERS = {
    "distinct-n": [
        (repeated_share, "share that is repeated"),
        (by_words, "not by the number of words"),
        (by_different, "not of the different ones"),
        (text_by_text, "one by one"),
        (across_texts, "crosses from one text"),
        (zero_if_none, "return 1"),
    ],
    "copied-run": [
        (common_words, "words in common"),
        (single_words, "Only single words"),
        (at_the_beginning, "Only runs at the beginning"),
        (with_gaps, "allows gaps"),
        (spoils_its_row, "Only single words"),
        (first_place_only, "several places"),
    ],
}
