"""ROUGE-L: how much of a summary stands in its reference in the same order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from companion.metrics.classification import Scores
from companion.metrics.tokenization import content_words


def longest_common_subsequence(first: Sequence[str], second: Sequence[str]) -> int:
    """Return how many tokens two texts share in the same order, gaps allowed.

    One column of the usual table is held in the bits of one integer, so that a row costs one addition.

    Args:
        first: Tokens of one text.
        second: Tokens of the other.

    Returns:
        The length of the longest common subsequence.

    Source: Hyyrö (2004), "Bit-parallel LCS-length computation revisited".

    Example:
        >>> longest_common_subsequence(list("abcbdab"), list("bdcaba"))
        4
    """
    places: dict[str, int] = {}
    for i, token in enumerate(first):
        places[token] = places.get(token, 0) | 1 << i
    everything = (1 << len(first)) - 1
    column = everything
    for token in second:
        match = column & places.get(token, 0)
        column = (column + match | column - match) & everything
    return len(first) - column.bit_count()


def rouge_l(
    hypothesis: str,
    reference: str,
    tokenize: Callable[[str], Sequence[str]] = content_words,
) -> Scores:
    """Return ROUGE-L: precision, recall and F1 of the longest common subsequence.

    Args:
        hypothesis: What a model wrote.
        reference: What it should have written.
        tokenize: Cuts a text into tokens; lower-case words without punctuation, and Chinese characters, if not given.

    Returns:
        The three scores between 0 and 1; all are 0 if either text has no token.

    Source: Lin (2004), section 3.1, with beta = 1; book, equation eq-rouge.

    Example:
        >>> rouge_l("police kill the gunman", "police killed the gunman").f1
        0.75
    """
    written, wanted = tokenize(hypothesis), tokenize(reference)
    if not written or not wanted:
        return Scores(0.0, 0.0, 0.0)
    shared = longest_common_subsequence(written, wanted)
    return Scores(
        shared / len(written),
        shared / len(wanted),
        2 * shared / (len(written) + len(wanted)),
    )
