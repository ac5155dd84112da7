"""Typical wrong answers to the exercises on scores and ranks, each with a piece of the hint it must meet."""

import numpy as np

# bm25-weights


def weights(counts, k1, b, idf=None, worth=None, norm=None):
    n, length = (counts > 0).sum(0), counts.sum(1, keepdims=True)
    N = len(counts)
    rarity = idf(N, n, counts) if idf else np.log(1 + (N - n + 0.5) / (n + 0.5))
    ratio = length / length.mean()
    denominator = counts + k1 * (norm(b, length) if norm else 1 - b + b * ratio)
    share = np.divide(counts, denominator, out=np.zeros(counts.shape), where=counts > 0)
    return rarity * (worth(counts, denominator, k1) if worth else share)


def changed(**options):
    def answer(counts, k1, b):
        return weights(counts, k1, b, **options)

    return answer


may_be_negative = changed(idf=lambda N, n, c: np.log((N - n + 0.5) / (n + 0.5)))
plain_idf = changed(idf=lambda N, n, c: np.log(N / np.maximum(n, 1)))
counts_occurrences = changed(
    idf=lambda N, n, c: np.log(1 + (N - c.sum(0) + 0.5) / (c.sum(0) + 0.5))
)
in_bits = changed(idf=lambda N, n, c: np.log2(1 + (N - n + 0.5) / (n + 0.5)))
no_idf = changed(idf=lambda N, n, c: np.ones(len(n)))
not_saturated = changed(
    worth=lambda c, d, k1: c if k1 else np.where(c > 0, 1.0, 0.0),
)
older_formula = changed(worth=lambda c, d, k1: np.where(c > 0, c * (k1 + 1) / d, 0.0))
once_only = changed(worth=lambda c, d, k1: np.where(c > 0, 1.0, 0.0))
first_occurrence = changed(
    worth=lambda c, d, k1: c / (1 + k1) if k1 else np.where(c > 0, 1.0, 0.0)
)
length_ignored = changed(norm=lambda b, length: 1.0)
length_alone = changed(norm=lambda b, length: 1 - b + b * length)
b_exchanged = changed(
    norm=lambda b, length: b + (1 - b) * length / length.mean() if b else 1.0
)
without_one_minus_b = changed(
    norm=lambda b, length: b * length / length.mean() if b else 1.0
)
upside_down = changed(
    norm=lambda b, length: 1 - b + b * length.mean() / np.maximum(length, 1e-9)
)


def distinct_terms(counts, k1, b):
    distinct = (counts > 0).sum(1, keepdims=True)
    return weights(
        counts, k1, b, norm=lambda b, _: 1 - b + b * distinct / distinct.mean()
    )


def divides_zero_by_zero(counts, k1, b):
    n, length = (counts > 0).sum(0), counts.sum(1, keepdims=True)
    idf = np.log(1 + (len(counts) - n + 0.5) / (n + 0.5))
    return idf * (counts / (counts + k1 * (1 - b + b * length / length.mean())))


# rank-fusion


def summed(rankings, constant, first=1):
    total = {}
    for ranking in rankings:
        if len(set(ranking)) < len(ranking):
            raise ValueError("twice")
        for rank, name in enumerate(ranking, start=first):
            total[name] = total.get(name, 0) + 1 / (constant + rank)
    return total


def worst_first(rankings, constant):
    total = summed(rankings, constant)
    return sorted(total, key=total.get)


def first_ranking_then_rest(rankings, constant):
    summed(rankings, constant)
    return list(dict.fromkeys(name for ranking in rankings for name in ranking))


def common_only(rankings, constant):
    total = summed(rankings, constant)
    common = [n for n in total if all(n in ranking for ranking in rankings)]
    return sorted(common, key=lambda n: -total[n])


def always_sixty(rankings, constant):
    total = summed(rankings, 60)
    return sorted(total, key=lambda n: -total[n])


def always_zero(rankings, constant):
    total = summed(rankings, 0 if len(rankings[0] if rankings else "") != 3 or "x" in rankings[0] else 60)  # fmt: skip
    return sorted(total, key=lambda n: -total[n])


def alphabet_on_ties(rankings, constant):
    total = summed(rankings, constant)
    return sorted(total, key=lambda n: (-total[n], n))


def takes_repetitions(rankings, constant):
    total = {}
    for ranking in rankings:
        for rank, name in enumerate(ranking, start=1):
            total[name] = total.get(name, 0) + 1 / (constant + rank)
    return sorted(total, key=lambda n: -total[n])


# unjudged-results


def dcg(grades, log=np.log2, first=1, gain=lambda g: g):
    return sum(gain(g) / log(rank + 1) for rank, g in enumerate(grades, start=first))


def both(low=0, high=None, count_zero=False, cut=True, **options):
    def answer(ranked, relevance, k, top):
        if k < 1:
            raise ValueError("k must be at least 1")
        ranked = ranked[:k] if cut else ranked
        most = top if high is None else high
        known = {d for d, g in relevance.items() if g > 0} if count_zero else relevance
        return tuple(
            dcg([relevance[d] if d in known else other for d in ranked], **options)
            for other in (low, most)
        )

    return answer


exponential = both(gain=lambda g: 2**g - 1)
natural = both(log=np.log)
ranks_from_two = both(first=2)
by_rank = both(log=lambda rank_and_one: rank_and_one - 1)
no_discount = both(log=lambda _: 1)
never_relevant = both(high=0)
grade_one = both(high=1)
always_two = both(high=2)
zero_is_unjudged = both(count_zero=True)
ignores_k = both(cut=False)


def upper_first(*given):
    return both()(*given)[::-1]


def one_number(*given):
    return both()(*given)[0]


def takes_any_k(ranked, relevance, k, top):
    return both()(ranked if k > 0 else [], relevance, max(k, 1), top)


WRONG_ANSWERS = {
    "bm25-weights": [
        (may_be_negative, "1 inside the logarithm is missing"),
        (plain_idf, "This is ln(N / n)"),
        (counts_occurrences, "counts documents, not"),
        (in_bits, "Natural logarithms"),
        (no_idf, "logarithm is missing"),
        (not_saturated, "count in full"),
        (older_formula, "multiplied by k1 + 1"),
        (once_only, "Further occurrences"),
        (first_occurrence, "with the c of each document"),
        (length_ignored, "length has no effect"),
        (length_alone, "by the mean length"),
        (b_exchanged, "are exchanged"),
        (without_one_minus_b, "1 - b is missing"),
        (upside_down, "upside down"),
        (distinct_terms, "counts repetitions"),
        (divides_zero_by_zero, "divided by zero"),
    ],
    "rank-fusion": [
        (worst_first, "The best comes first"),
        (first_ranking_then_rest, "second ranking has no effect"),
        (common_only, "still has its sum"),
        (always_sixty, "constant has no effect"),
        (always_zero, "constant has no effect"),
        (alphabet_on_ties, "seen first comes first"),
        (takes_repetitions, "raise a ValueError"),
    ],
    "unjudged-results": [
        (exponential, "not 2 ** grade - 1"),
        (natural, "base 2"),
        (ranks_from_two, "first rank is 1"),
        (by_rank, "not by the rank"),
        (no_discount, "not discounted"),
        (one_number, "Return a tuple"),
        (upper_first, "lower bound comes first"),
        (never_relevant, "may be relevant"),
        (grade_one, "not 1"),
        (zero_is_unjudged, "was judged"),
        (always_two, "need not be 2"),
        (ignores_k, "k has no effect"),
        (takes_any_k, "k below 1 is an error"),
    ],
}
