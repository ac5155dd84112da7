"""Words in a script that writes no spaces: the longest match, and the most probable segmentation."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Literal, NamedTuple

Direction = Literal["forward", "backward", "bidirectional"]


class SegmentationScore(NamedTuple):
    """Word precision, word recall and their harmonic mean, each between 0 and 1."""

    precision: float
    recall: float
    f1: float


def _forward(text: str, lexicon: Collection[str], longest: int) -> list[str]:
    words, start = [], 0
    while start < len(text):
        end = min(start + longest, len(text))
        while end > start + 1 and text[start:end] not in lexicon:
            end -= 1
        words.append(text[start:end])
        start = end
    return words


def _backward(text: str, lexicon: Collection[str], longest: int) -> list[str]:
    words, end = [], len(text)
    while end > 0:
        start = max(end - longest, 0)
        while start < end - 1 and text[start:end] not in lexicon:
            start += 1
        words.append(text[start:end])
        end = start
    return words[::-1]


def maximum_matching(
    text: str, lexicon: Collection[str], direction: Direction = "bidirectional"
) -> list[str]:
    """Segment a text by taking the longest word of a lexicon, again and again.

    Args:
        text: Text without spaces.
        lexicon: The known words; give a set or dict, in which look-up is fast. A character that begins no
            word becomes a word of its own.
        direction: ``"forward"`` starts at the left, ``"backward"`` at the right; ``"bidirectional"`` takes of
            the two the one with fewer words, then the one with fewer single characters, then backward.

    Returns:
        The words; joined they are the text.

    Raises:
        ValueError: If the lexicon is empty or the direction unknown.

    Source: book, chapter 2.

    Example:
        >>> words = {"研究", "研究生", "生命", "起源"}
        >>> maximum_matching("研究生命起源", words, "forward"), maximum_matching("研究生命起源", words)
        (['研究生', '命', '起源'], ['研究', '生命', '起源'])
    """
    if not lexicon:
        raise ValueError(
            "the lexicon is empty: every character would be a word; use list(text) for that"
        )
    if direction not in ("forward", "backward", "bidirectional"):
        raise ValueError(
            f'direction must be "forward", "backward" or "bidirectional", got {direction!r}'
        )
    longest = max(map(len, lexicon))
    if direction == "forward":
        return _forward(text, lexicon, longest)
    if direction == "backward":
        return _backward(text, lexicon, longest)
    return min(
        (_backward(text, lexicon, longest), _forward(text, lexicon, longest)),
        key=lambda words: (len(words), sum(len(word) == 1 for word in words)),
    )


def unigram_log_probs(counts: Mapping[str, int]) -> dict[str, float]:
    """Turn word counts into natural logarithms of relative frequencies.

    Args:
        counts: How often each word occurs; words with count 0 are left out.

    Returns:
        log P(word) of each word that occurs.

    Raises:
        ValueError: If a count is negative or all are 0.

    Example:
        >>> round(unigram_log_probs({"我": 3, "们": 1})["我"], 3)
        -0.288
    """
    if any(count < 0 for count in counts.values()):
        raise ValueError("a word count is negative")
    total = sum(counts.values())
    if total == 0:
        raise ValueError("no word occurs: all counts are 0")
    return {word: math.log(count / total) for word, count in counts.items() if count}


def viterbi_segment(
    text: str, log_probs: Mapping[str, float], unknown_log_prob: float | None = None
) -> list[str]:
    """Find the segmentation of a text with the highest product of word probabilities.

    Args:
        text: Text without spaces.
        log_probs: Natural logarithm of P(word) for each known word.
        unknown_log_prob: What a single character costs that is no known word. By default the
            log-probability of the least probable word, less 1.

    Returns:
        The words; joined they are the text. Of equally probable segmentations the one with the longer first
        word.

    Raises:
        ValueError: If ``log_probs`` is empty or ``unknown_log_prob`` is positive.

    Source: Viterbi (1967); book, chapter 2.

    Example:
        >>> log_probs = unigram_log_probs({"研究": 60, "研究生": 10, "生命": 40, "命": 5, "起源": 8})
        >>> viterbi_segment("研究生命起源", log_probs)
        ['研究', '生命', '起源']
    """
    if not log_probs:
        raise ValueError("log_probs is empty: there is no word to segment into")
    if unknown_log_prob is None:
        unknown_log_prob = min(log_probs.values()) - 1.0
    if unknown_log_prob > 0:
        raise ValueError(
            f"unknown_log_prob is the logarithm of a probability, got {unknown_log_prob} > 0"
        )
    longest = max(map(len, log_probs))
    # best[i]: log-probability of the best segmentation of text[i:], and the end of its first word.
    best: list[tuple[float, int]] = [(0.0, 0)] * (len(text) + 1)
    for start in range(len(text) - 1, -1, -1):
        best[start] = (
            log_probs.get(text[start], unknown_log_prob) + best[start + 1][0],
            start + 1,
        )
        for end in range(start + 2, min(start + longest, len(text)) + 1):
            log_prob = log_probs.get(text[start:end])
            if log_prob is not None:
                best[start] = max(best[start], (log_prob + best[end][0], end))
    words, start = [], 0
    while start < len(text):
        end = best[start][1]
        words.append(text[start:end])
        start = end
    return words


def _spans(words: Sequence[str]) -> set[tuple[int, int]]:
    ends = list(accumulate(map(len, words)))
    return set(zip([0, *ends], ends, strict=False))


def segmentation_score(
    predicted: Iterable[Sequence[str]], reference: Iterable[Sequence[str]]
) -> SegmentationScore:
    """Compare segmentations word by word: a word is right when it begins and ends where the reference's does.

    Args:
        predicted: The words of each sentence.
        reference: The words of the same sentences as they should be.

    Returns:
        Precision, recall and F1 over all sentences.

    Raises:
        ValueError: If two sentences differ in their text, or there is no word at all.

    Source: Sproat & Emerson (2003); book, chapter 2.

    Example:
        >>> segmentation_score([["研究生", "命"]], [["研究", "生命"]]).f1
        0.0
    """
    right = guessed = wanted = 0
    for mine, truth in zip(predicted, reference, strict=True):
        if "".join(mine) != "".join(truth):
            raise ValueError(
                f"two different sentences: {''.join(mine)!r} and {''.join(truth)!r}"
            )
        right += len(_spans(mine) & _spans(truth))
        guessed += len(mine)
        wanted += len(truth)
    if guessed == 0:
        raise ValueError("there is no word to compare")
    precision, recall = right / guessed, right / wanted
    return SegmentationScore(precision, recall, 2 * right / (guessed + wanted))
