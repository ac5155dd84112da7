"""How many n-grams a text shares with its references: the count that BLEU and chrF are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
from jaxtyping import Int


def token_ids(texts: Sequence[Sequence[str]]) -> Int[np.ndarray, " tokens"]:
    """Give numbers to the tokens of all texts, one text after the other.

    Args:
        texts: Lists of tokens.

    Returns:
        An id for each token, equal for equal tokens, shape [tokens].

    Example:
        >>> token_ids([["a", "b"], ["b"]]).tolist()
        [0, 1, 1]
    """
    size = sum(map(len, texts))
    id_of = {
        token: i for i, token in enumerate(dict.fromkeys(chain.from_iterable(texts)))
    }
    ids: Iterable[int] = map(id_of.__getitem__, chain.from_iterable(texts))
    return np.fromiter(ids, dtype=np.int64, count=size)


def shared_ngrams(
    tokens: Int[np.ndarray, " tokens"],
    lengths: Int[np.ndarray, " texts"],
    segments: Int[np.ndarray, " texts"],
    roles: Int[np.ndarray, " texts"],
    order: int,
) -> Int[np.ndarray, "segments order"]:
    """Count the n-grams of each hypothesis that its references hold as well.

    An n-gram that is repeated counts at most as often as the reference has it that repeats it most. All texts are
    counted at once: an n-gram of a segment gets a number, made of the number of its first n - 1 tokens and the id of
    the last one, and equal numbers are counted.

    Args:
        tokens: Token ids of all texts in one line, none negative, shape [tokens].
        lengths: Number of tokens of each text, shape [texts].
        segments: To which segment each text belongs, 0, 1, ..., shape [texts].
        roles: 0 for the hypothesis of a segment, 1, 2, ... for its references, shape [texts].
        order: Longest n-gram that is counted.

    Returns:
        Matches for each segment and n = 1, ..., order, shape [segments, order].

    Raises:
        ValueError: If the order is below 1, or the lengths do not add up to the tokens.

    Source: Papineni, Roukos, Ward & Zhu (2002), section 2.1 (modified n-gram precision).

    Example:
        >>> tokens = np.array([5, 5, 5, 5, 5, 6])  # hypothesis: 5 5 5; reference: 5 5 6
        >>> shared_ngrams(tokens, np.array([3, 3]), np.array([0, 0]), np.array([0, 1]), order=3)
        array([[2, 1, 0]])
    """
    if order < 1:
        raise ValueError(f"order must be at least 1, got {order}")
    if lengths.sum() != tokens.size:
        raise ValueError(
            f"the lengths add up to {lengths.sum()}, but there are {tokens.size} tokens"
        )
    number = int(segments.max()) + 1 if segments.size else 0
    matches = np.zeros((number, order), dtype=np.int64)
    vocab_size = int(tokens.max()) + 1 if tokens.size else 1
    starts = np.cumsum(lengths) - lengths
    role = np.repeat(roles, lengths)
    position = np.arange(tokens.size)
    # Tokens from here to the end of the text, this one included: an n-gram must fit.
    left = np.repeat(starts + lengths, lengths) - position
    segment = code = np.repeat(segments, lengths)
    for n in range(1, order + 1):
        fits = left >= n
        position, left, role = position[fits], left[fits], role[fits]
        segment, code = segment[fits], code[fits]
        if position.size == 0:
            break
        key = code * vocab_size + tokens[position + n - 1]
        unique, code = np.unique(key, return_inverse=True)
        written = np.bincount(code[role == 0], minlength=unique.size)
        allowed = np.zeros_like(written)
        for reference in range(1, int(roles.max()) + 1):
            found = np.bincount(code[role == reference], minlength=unique.size)
            np.maximum(allowed, found, out=allowed)
        clipped = np.minimum(written, allowed)
        segment_of = np.empty(unique.size, dtype=np.int64)
        segment_of[code] = segment
        # The weights are whole numbers far below 2 ** 53, so the sum of floats is exact.
        sums = np.bincount(segment_of, weights=clipped, minlength=number)
        matches[:, n - 1] = sums.astype(np.int64)
        # A longer n-gram can be shared only if its beginning is.
        shared = (clipped > 0)[code]
        position, left, role = position[shared], left[shared], role[shared]
        segment, code = segment[shared], code[shared]
    return matches


def grouped_references(
    hypotheses: Sequence[str], references: Sequence[str | Sequence[str]]
) -> list[list[str]]:
    """Bring references into one form: a list of texts for each hypothesis.

    Args:
        hypotheses: What a model wrote.
        references: For each hypothesis a text, or several of them.

    Returns:
        Lists of at least one reference.

    Raises:
        ValueError: If there is nothing, the numbers differ, or a hypothesis has no reference.

    Example:
        >>> grouped_references(["a", "b"], ["c", ["d", "e"]])
        [['c'], ['d', 'e']]
    """
    if isinstance(hypotheses, str) or isinstance(references, str):
        raise ValueError(
            "hypotheses and references must be lists of texts, got one text: put it into a list"
        )
    if len(hypotheses) != len(references):
        raise ValueError(
            f"{len(hypotheses)} hypotheses and {len(references)} references: there must be as many; "
            "several references of one hypothesis stand in a list of their own"
        )
    if not hypotheses:
        raise ValueError("there is nothing to measure: no hypothesis was given")
    groups = [[r] if isinstance(r, str) else list(r) for r in references]
    for i, group in enumerate(groups):
        if not group:
            raise ValueError(f"hypothesis {i} has no reference: give at least one text")
    return groups
