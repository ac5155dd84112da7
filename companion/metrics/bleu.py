"""BLEU: the n-grams that a translation shares with its references, as sacrebleu counts them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from companion.metrics.ngram_overlap import (
    grouped_references,
    shared_ngrams,
    token_ids,
)
from companion.metrics.tokenization import bleu_tokens

# What `smoothing_value` is where none is given: Chen and Cherry (2014).
_DEFAULTS = {"exp": 0.0, "floor": 0.1, "add-k": 1.0, "none": 0.0}


@dataclass(frozen=True)
class BleuScore:
    """BLEU and what it is made of.

    Attributes:
        score: Between 0 and 100.
        precisions: Percentage of the n-grams of the hypotheses that the references hold, for n = 1, 2, ..., smoothed.
        brevity_penalty: 1, or less where the hypotheses are shorter than the references together.
        hypothesis_length: Tokens of all hypotheses.
        reference_length: Tokens of all references; of several, the one closest in length counts, the shorter on a tie.
    """

    score: float
    precisions: tuple[float, ...]
    brevity_penalty: float
    hypothesis_length: int
    reference_length: int


def bleu_statistics(
    hypotheses: Sequence[str],
    references: Sequence[str | Sequence[str]],
    tokenize: str = "13a",
    order: int = 4,
) -> Int[np.ndarray, "segments statistics"]:
    """Count for each segment what BLEU is computed from, so that corpora can be resampled without counting again.

    Args:
        hypotheses: What a model wrote.
        references: For each hypothesis a text, or a list of several.
        tokenize: How texts are cut, see `companion.metrics.tokenization.bleu_tokens`.
        order: Longest n-gram that is counted.

    Returns:
        One row for each segment: length of the hypothesis, length of its reference, matches of n = 1, ..., order,
        and n-grams of the hypothesis of n = 1, ..., order; shape [segments, 2 + 2 order]. Rows add up:
        `bleu_from_statistics` takes the sum of any selection.

    Raises:
        ValueError: If there is nothing, the numbers differ, a hypothesis has no reference, or an argument is unknown.

    Example:
        >>> bleu_statistics(["a b c"], ["a b d e"], tokenize="none", order=2)
        array([[3, 4, 2, 1, 3, 2]])
    """
    groups = grouped_references(hypotheses, references)
    sizes = np.array([len(group) for group in groups])
    segments = np.arange(len(groups))
    lines = [*hypotheses, *(text for group in groups for text in group)]
    texts = bleu_tokens(lines, tokenize)
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    roles = np.concatenate(
        [np.zeros(len(groups), dtype=np.int64)] + [np.arange(1, s + 1) for s in sizes]
    )
    owner = np.concatenate([segments, np.repeat(segments, sizes)])
    matches = shared_ngrams(token_ids(texts), lengths, owner, roles, order)
    written, wanted = lengths[: len(groups)], lengths[len(groups) :]
    # The reference closest in length counts, on a tie the shorter: the first of each segment in this order.
    owners = owner[len(groups) :]
    nearest = np.lexsort((wanted, np.abs(wanted - written[owners]), owners))
    reference = wanted[nearest[np.cumsum(sizes) - sizes]]
    totals = np.maximum(written[:, None] - np.arange(order), 0)
    return np.concatenate([written[:, None], reference[:, None], matches, totals], 1)


def bleu_from_statistics(
    statistics: Int[np.ndarray, "segments statistics"],
    smoothing: str = "exp",
    smoothing_value: int | float | None = None,
    effective_order: bool = False,
) -> BleuScore:
    """Compute the BLEU of a corpus from the counts of its segments.

    Args:
        statistics: Rows of `bleu_statistics`, any selection of them, shape [segments, 2 + 2 order].
        smoothing: What to do with an n that has no match. "exp" halves the precision at each such n, beginning with
            half a match; "floor" counts ``smoothing_value`` matches; "add-k" adds ``smoothing_value`` to matches and
            n-grams of every n > 1; "none" lets the score be 0.
        smoothing_value: For "floor" (0.1 if not given) and "add-k" (1 if not given).
        effective_order: Whether to leave out the n for which the hypotheses have no n-gram at all; for one sentence.

    Returns:
        The score and its parts. Without any matching word, and for empty hypotheses, it is 0 whatever the smoothing.

    Raises:
        ValueError: If there is no row, or no such smoothing.

    Source: Papineni, Roukos, Ward & Zhu (2002), section 2.3; Chen & Cherry (2014), methods 1 to 3; book, equation
    eq-bleu.

    Example:
        >>> bleu_from_statistics(bleu_statistics(["a b c d e"], ["a b c d f"], "none")).score.__round__(2)
        66.87
    """
    if smoothing not in _DEFAULTS:
        raise ValueError(
            f"smoothing must be one of {', '.join(_DEFAULTS)}, got {smoothing!r}"
        )
    if len(statistics) == 0:
        raise ValueError("there is nothing to measure: no segment was given")
    value = _DEFAULTS[smoothing] if smoothing_value is None else smoothing_value
    order = (statistics.shape[1] - 2) // 2
    sums = statistics.sum(0)
    written, wanted = int(sums[0]), int(sums[1])
    matched = [float(m) for m in sums[2 : 2 + order]]
    total = [float(t) for t in sums[2 + order :]]
    brevity = 1.0
    if written < wanted:
        brevity = math.exp(1 - wanted / written) if written else 0.0
    precisions = [0.0] * order
    if not any(matched):
        return BleuScore(0.0, tuple(precisions), brevity, written, wanted)
    halvings, used = 0, order
    for n in range(order):
        if smoothing == "add-k" and n > 0:
            matched[n] += value
            total[n] += value
        if total[n] == 0:
            break
        if effective_order:
            used = n + 1
        if matched[n] > 0:
            precisions[n] = 100 * matched[n] / total[n]
        elif smoothing == "exp":
            halvings += 1
            precisions[n] = 100 / (2**halvings * total[n])
        elif smoothing == "floor":
            precisions[n] = 100 * value / total[n]
    counted = precisions[:used]
    mean = 0.0
    if min(counted) > 0:
        mean = math.exp(sum(math.log(p) for p in counted) / used)
    return BleuScore(brevity * mean, tuple(precisions), brevity, written, wanted)


def corpus_bleu(
    hypotheses: Sequence[str],
    references: Sequence[str | Sequence[str]],
    tokenize: str = "13a",
    smoothing: str = "exp",
    smoothing_value: int | float | None = None,
    order: int = 4,
) -> BleuScore:
    """Return the BLEU of a corpus: counts are added over all sentences, then divided.

    Args:
        hypotheses: What a model wrote.
        references: For each hypothesis a text, or a list of several.
        tokenize: How texts are cut: "13a", "zh", "char" or "none", see `companion.metrics.tokenization.bleu_tokens`.
        smoothing: What to do with an n without a match: "exp", "floor", "add-k" or "none", see `bleu_from_statistics`.
        smoothing_value: For "floor" and "add-k".
        order: Longest n-gram that is counted.

    Returns:
        The score between 0 and 100, and its parts. Empty hypotheses count as such; the score of nothing but empty
        ones is 0, even if the references are empty too.

    Raises:
        ValueError: If there is nothing, the numbers differ, a hypothesis has no reference, or an argument is unknown.

    Source: Papineni, Roukos, Ward & Zhu (2002); Post (2018); book, equation eq-bleu.

    Example:
        >>> corpus_bleu(["The cat sat on the mat."], ["The cat lay on the mat."]).score.__round__(2)
        48.89
    """
    statistics = bleu_statistics(hypotheses, references, tokenize, order)
    return bleu_from_statistics(statistics, smoothing, smoothing_value)


def sentence_bleu(
    hypothesis: str,
    references: str | Sequence[str],
    tokenize: str = "13a",
    smoothing: str = "exp",
    smoothing_value: int | float | None = None,
    order: int = 4,
) -> BleuScore:
    """Return the BLEU of one sentence, with the orders that it is too short for left out.

    Args:
        hypothesis: What a model wrote.
        references: What it should have written, one text or several.
        tokenize: As for `corpus_bleu`.
        smoothing: As for `corpus_bleu`; "none" makes most single sentences 0.
        smoothing_value: As for `corpus_bleu`.
        order: As for `corpus_bleu`.

    Returns:
        The score between 0 and 100, and its parts; 0 for an empty hypothesis.

    Raises:
        ValueError: If there is no reference, or an argument is unknown.

    Source: Chen & Cherry (2014).

    Example:
        >>> sentence_bleu("我爱编程", "我爱编程", tokenize="zh").score.__round__(9)
        100.0
    """
    group = [references] if isinstance(references, str) else list(references)
    statistics = bleu_statistics([hypothesis], [group], tokenize, order)
    return bleu_from_statistics(
        statistics, smoothing, smoothing_value, effective_order=True
    )
