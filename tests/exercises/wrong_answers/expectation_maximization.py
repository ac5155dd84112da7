"""Typical wrong answers to the exercise on expectation maximization, each with a piece of the hint it must meet."""

from collections import defaultdict


def _round(pairs, t, share, by=0, normalize=True):
    counts = defaultdict(float)
    for source, target in pairs:
        for y in target:
            for x, part in zip(source, share(source, target, y, t), strict=True):
                counts[x, y] += part
    sums = defaultdict(float)
    for key, value in counts.items():
        sums[key[by]] += value
    if not normalize:
        return dict(counts)
    return {key: value / (sums[key[by]] or 1) for key, value in counts.items()}


def _soft(source, target, y, t):
    total = sum(t[x, y] for x in source)
    return [t[x, y] / total for x in source]


def counts_only(pairs, t):
    return _round(pairs, t, _soft, normalize=False)


def by_target(pairs, t):
    return _round(pairs, t, _soft, by=1)


def best_origin_alone(pairs, t):
    def hard(source, target, y, t):
        best = max(source, key=lambda x: t[x, y])
        return [float(x == best) for x in source]

    return _round(pairs, t, hard)


def shares_the_source_word(pairs, t):
    def sides(source, target, y, t):
        return [t[x, y] / sum(t[x, z] for z in target) for x in source]

    return _round(pairs, t, sides)


def twice_is_once(pairs, t):
    def once(source, target, y, t):
        total = sum(t[x, y] for x in set(source))
        seen, parts = set(), []
        for x in source:
            parts.append(0.0 if x in seen else t[x, y] / total)
            seen.add(x)
        return parts

    return _round(pairs, t, once)


def a_list(pairs, t):
    return list(_round(pairs, t, _soft).items())


WRONG_ANSWERS = {
    "em-round": [
        (counts_only, "These are the counts"),
        (by_target, "sums to one over y"),
        (best_origin_alone, "Share it"),
        (shares_the_source_word, "shared a source word"),
        (twice_is_once, "two possible origins"),
        (a_list, "Return a dictionary"),
    ],
}
