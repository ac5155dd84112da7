"""chrF: the F-score of shared character n-grams, which needs no tokenizer and so suits Chinese as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from companion.metrics.ngram_overlap import (
    grouped_references,
    shared_ngrams,
    token_ids,
)

_MARKS = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


@dataclass(frozen=True)
class ChrfScore:
    """chrF and what it is made of.

    Attributes:
        score: Between 0 and 100.
        precision: Percentage of the n-grams of the hypotheses that the references hold, averaged over n.
        recall: Percentage of the n-grams of the references that the hypotheses hold, averaged over n.
    """

    score: float
    precision: float
    recall: float


def _words(text: str) -> list[str]:
    """Words as chrF++ has them: one mark at the end, or else at the beginning, is a word of its own."""
    words = []
    for word in text.split():
        if len(word) > 1 and word[-1] in _MARKS:
            words += [word[:-1], word[-1]]
        elif len(word) > 1 and word[0] in _MARKS:
            words += [word[0], word[1:]]
        else:
            words.append(word)
    return words


def _counts(
    hypotheses: list[Sequence[str]], references: list[Sequence[str]], order: int
) -> Int[np.ndarray, "pairs order three"]:
    """For each pair and n: n-grams of the hypothesis, n-grams of the reference, and those they share."""
    texts = [*hypotheses, *references]
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    pairs = np.arange(len(hypotheses))
    matches = shared_ngrams(
        token_ids(texts),
        lengths,
        np.concatenate([pairs, pairs]),
        np.repeat([0, 1], len(pairs)),
        order,
    )
    totals = np.maximum(lengths[:, None] - np.arange(order), 0)
    written, wanted = totals[: len(pairs)], totals[len(pairs) :]
    # Where the reference is too short for an n-gram, those of the hypothesis are not held against it.
    return np.stack([np.where(wanted > 0, written, 0), wanted, matches], axis=-1)


def chrf_statistics(
    hypotheses: Sequence[str],
    references: Sequence[str | Sequence[str]],
    character_order: int = 6,
    word_order: int = 0,
    beta: int | float = 2.0,
) -> Int[np.ndarray, "segments orders three"]:
    """Count for each segment what chrF is computed from, so that corpora can be resampled without counting again.

    Args:
        hypotheses: What a model wrote.
        references: For each hypothesis a text, or a list of several; the one with the best score counts.
        character_order: Longest character n-gram; white space is dropped before.
        word_order: Longest word n-gram: 0 for chrF, 2 for chrF++.
        beta: How many times recall weighs as much as precision.

    Returns:
        For each segment and n: n-grams of the hypothesis, of the reference, and shared ones, shape
        [segments, character_order + word_order, 3].

    Raises:
        ValueError: If there is nothing, the numbers differ, a hypothesis has no reference, or an order is out of range.

    Example:
        >>> chrf_statistics(["ab"], ["abc"], character_order=2)
        array([[[2, 3, 2],
                [1, 2, 1]]])
    """
    if character_order < 1 or word_order < 0:
        raise ValueError(
            f"character_order must be at least 1 and word_order at least 0, got {character_order} and {word_order}"
        )
    groups = grouped_references(hypotheses, references)
    sizes = np.array([len(group) for group in groups])
    repeated = [h for h, group in zip(hypotheses, groups, strict=True) for _ in group]
    flat = [text for group in groups for text in group]
    counts = _counts(
        ["".join(text.split()) for text in repeated],
        ["".join(text.split()) for text in flat],
        character_order,
    )
    if word_order:
        words = _counts(
            [_words(text) for text in repeated],
            [_words(text) for text in flat],
            word_order,
        )
        counts = np.concatenate([counts, words], axis=1)
    if len(flat) == len(groups):
        return counts
    scores = _f_scores(counts, beta)[0]
    owners = np.repeat(np.arange(len(groups)), sizes)
    best = np.lexsort((np.arange(len(flat)), -scores, owners))
    chosen: np.ndarray = counts[best[np.cumsum(sizes) - sizes]]
    return chosen


def _f_scores(
    counts: Int[np.ndarray, "segments orders three"], beta: int | float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """F-score, precision and recall of each row, between 0 and 1, each of shape [segments]."""
    written, wanted, shared = np.moveaxis(counts.astype(np.float64), -1, 0)
    counted = (written > 0) & (wanted > 0)
    number = np.maximum(counted.sum(1), 1)
    share_written = np.where(counted, shared / np.maximum(written, 1), 0.0)
    share_wanted = np.where(counted, shared / np.maximum(wanted, 1), 0.0)
    # Added from left to right: on a tie of two references the last bit decides, and must be sacrebleu's.
    precision = np.add.accumulate(share_written, axis=1)[:, -1] / number
    recall = np.add.accumulate(share_wanted, axis=1)[:, -1] / number
    denominator = beta**2 * precision + recall
    score: Float[np.ndarray, " segments"] = np.divide(
        (1 + beta**2) * precision * recall,
        denominator,
        out=np.zeros_like(denominator),
        where=denominator > 0,
    )
    return score, precision, recall


def chrf_from_statistics(
    statistics: Int[np.ndarray, "segments orders three"], beta: int | float = 2.0
) -> ChrfScore:
    """Compute the chrF of a corpus from the counts of its segments.

    Args:
        statistics: Rows of `chrf_statistics`, any selection of them, shape [segments, orders, 3].
        beta: How many times recall weighs as much as precision.

    Returns:
        The score and its parts; an n that hypotheses or references are all too short for is left out.

    Raises:
        ValueError: If there is no row.

    Example:
        >>> chrf_from_statistics(chrf_statistics(["ab"], ["ab"])).score
        100.0
    """
    if len(statistics) == 0:
        raise ValueError("there is nothing to measure: no segment was given")
    score, precision, recall = _f_scores(statistics.sum(0, keepdims=True), beta)
    return ChrfScore(
        float(100 * score[0]), float(100 * precision[0]), float(100 * recall[0])
    )


def corpus_chrf(
    hypotheses: Sequence[str],
    references: Sequence[str | Sequence[str]],
    character_order: int = 6,
    word_order: int = 0,
    beta: int | float = 2.0,
) -> ChrfScore:
    """Return the chrF of a corpus, or chrF++ with ``word_order=2``.

    Args:
        hypotheses: What a model wrote.
        references: For each hypothesis a text, or a list of several; the one with the best score counts.
        character_order: Longest character n-gram; white space is dropped before.
        word_order: Longest word n-gram: 0 for chrF, 2 for chrF++.
        beta: How many times recall weighs as much as precision.

    Returns:
        The score between 0 and 100, with precision and recall. It is 0 where either side is empty, or both are.

    Raises:
        ValueError: If there is nothing, the numbers differ, a hypothesis has no reference, or an order is out of range.

    Source: Popović (2015, 2017); the averaging is sacrebleu's; book, equation eq-chrf.

    Example:
        >>> corpus_chrf(["我爱写诗"], ["我爱写程序"]).score.__round__(2)
        37.74
    """
    statistics = chrf_statistics(
        hypotheses, references, character_order, word_order, beta
    )
    return chrf_from_statistics(statistics, beta)


def sentence_chrf(
    hypothesis: str,
    references: str | Sequence[str],
    character_order: int = 6,
    word_order: int = 0,
    beta: int | float = 2.0,
) -> ChrfScore:
    """Return the chrF of one sentence.

    Args:
        hypothesis: What a model wrote.
        references: What it should have written, one text or several.
        character_order: As for `corpus_chrf`.
        word_order: As for `corpus_chrf`.
        beta: As for `corpus_chrf`.

    Returns:
        The score between 0 and 100, with precision and recall.

    Raises:
        ValueError: If there is no reference, or an order is out of range.

    Example:
        >>> sentence_chrf("the cat", ["the cat", "a cat"]).score
        100.0
    """
    group = [references] if isinstance(references, str) else list(references)
    return corpus_chrf([hypothesis], [group], character_order, word_order, beta)
