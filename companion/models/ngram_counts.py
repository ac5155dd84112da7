"""Counting n-grams by sorting: packed 64-bit keys, runs of equal keys, no dictionaries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Float, Int

_INT64_BITS = 63


@dataclass(frozen=True)
class Level:
    """All different n-grams of one order, numbered from 0 in the order of their keys.

    Attributes:
        keys: ``context id * vocab_size + last token``, sorted, shape [ngrams]. The context id is the number
            of the n-gram without its last token, among those of the order below.
        counts: How often each occurs, shape [ngrams].
        suffixes: Number of the n-gram without its *first* token, in the order below, shape [ngrams]; empty
            for order 1, where the number of an n-gram is the id of its token, seen or not.
    """

    keys: Int[np.ndarray, " ngrams"]
    counts: Int[np.ndarray, " ngrams"]
    suffixes: Int[np.ndarray, " suffixes"]

    def __len__(self) -> int:
        return len(self.keys)


def flatten(
    sequences: Sequence[np.ndarray | Sequence[int]], vocab_size: int
) -> tuple[Int[np.ndarray, " tokens"], Int[np.ndarray, " tokens"]]:
    """Join sequences into one array, and say for each token how many tokens its sequence has before it.

    Args:
        sequences: Token ids, one array a sequence; empty sequences are allowed among others.
        vocab_size: Number of token types.

    Returns:
        The tokens (int32) and the number of tokens before each in its sequence (int32), both shape [tokens].

    Raises:
        TypeError: If a sequence is not one of integers.
        ValueError: If there is no token, or one is outside 0..vocab_size - 1.
    """
    if isinstance(sequences, str | np.ndarray):
        raise TypeError(
            "expected a list of sequences of token ids; for one text write [tokenizer.encode(text)]"
        )
    arrays = [np.asarray(sequence) for sequence in sequences]
    arrays = [array for array in arrays if array.size]
    if not arrays:
        raise ValueError(
            "there is no token: every sequence is empty. Was the text read, and encoded?"
        )
    for position, array in enumerate(arrays):
        if array.ndim != 1:
            raise TypeError(
                f"sequence {position} has shape {list(array.shape)}, expected [tokens]"
            )
        if not np.issubdtype(array.dtype, np.integer):
            raise TypeError(
                f"sequence {position} holds {array.dtype}, expected integer token ids; encode the text first"
            )
        if array.min() < 0 or array.max() >= vocab_size:
            bad = array[(array < 0) | (array >= vocab_size)][0]
            raise ValueError(
                f"sequence {position} holds the token id {bad}, outside 0..{vocab_size - 1}: is vocab_size "
                "that of the tokenizer which made the ids?"
            )
    tokens = np.concatenate(arrays).astype(np.int32)
    lengths = np.array([len(array) for array in arrays])
    starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
    return tokens, (np.arange(len(tokens)) - starts).astype(np.int32)


def group(
    keys: Int[np.ndarray, " items"],
) -> tuple[
    Int[np.ndarray, " groups"], Int[np.ndarray, " groups"], Int[np.ndarray, " items"]
]:
    """Find the different keys, count each, and number every item by its key.

    Args:
        keys: Non-negative integers, shape [items].

    Returns:
        The different keys, sorted; their counts; and for each item the position of its key among them.

    Example:
        >>> [part.tolist() for part in group(np.array([7, 3, 7]))]
        [[3, 7], [1, 2], [1, 0, 1]]
    """
    items = len(keys)
    if int(keys.max()).bit_length() + items.bit_length() <= _INT64_BITS:
        # Key and position in one integer: one sort brings both in order, and sorts faster than any argsort.
        packed = keys * items
        packed += np.arange(items)
        packed.sort()
        ordered, positions = np.divmod(packed, items)
        del packed
    else:
        positions = np.argsort(keys, kind="stable")
        ordered = keys[positions]
    first_of_run = np.empty(items, dtype=bool)
    first_of_run[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=first_of_run[1:])
    starts = np.flatnonzero(first_of_run)
    different = ordered[starts]
    del ordered
    numbers = np.empty(items, dtype=np.int32)
    numbers[positions] = np.cumsum(first_of_run, dtype=np.int32) - 1
    return different, np.diff(np.append(starts, items)).astype(np.int32), numbers


def count_ngrams(
    sequences: Sequence[np.ndarray | Sequence[int]],
    order: int,
    vocab_size: int,
) -> list[Level]:
    """Count all n-grams of the orders 1 to ``order``; none crosses the end of a sequence.

    Args:
        sequences: Token ids, one array a sequence.
        order: Longest n-gram.
        vocab_size: Number of token types.

    Returns:
        One `Level` an order, shortest first. The levels end early if no sequence is as long as ``order``.

    Raises:
        TypeError: If a sequence is not one of integers.
        ValueError: If ``order`` or ``vocab_size`` is below 1, there is no token, an id is out of range, or
            the numbers of n-grams and token types are too large for 64-bit keys.

    Source: book, section 3.4.
    """
    if order < 1:
        raise ValueError(f"order must be at least 1, got {order}")
    if vocab_size < 1:
        raise ValueError(f"vocab_size must be at least 1, got {vocab_size}")
    tokens, before = flatten(sequences, vocab_size)
    every_token = np.arange(vocab_size, dtype=np.int64)
    occurrences = np.bincount(tokens, minlength=vocab_size).astype(np.int32)
    levels = [Level(every_token, occurrences, np.empty(0, dtype=np.int32))]
    number = tokens  # of the n-gram that ends at each place
    ends = np.arange(len(tokens))  # where an n-gram of the current order ends
    for n in range(2, order + 1):
        longer = before[ends] >= n - 1
        if not longer.any():
            break
        if len(levels[-1]) * vocab_size >= 2**_INT64_BITS:
            raise ValueError(
                "too many n-grams for 64-bit keys: lower the order or the vocabulary"
            )
        # number[i] belongs to the n-gram that ends at ends[i]; the one before it ends one token earlier.
        context = number[np.flatnonzero(longer) - 1].astype(np.int64)
        suffix = number[longer]
        ends = ends[longer]
        keys, counts, number = group(context * vocab_size + tokens[ends])
        one_of_each = np.empty(len(keys), dtype=np.int32)
        one_of_each[number] = suffix  # all n-grams with one number have the same suffix
        levels.append(Level(keys, counts, one_of_each))
    return levels


def continuation_counts(
    levels: list[Level], vocab_size: int, bos_id: int | None = None
) -> list[Float[np.ndarray, " _"]]:
    """Count, below the highest order, in how many contexts an n-gram occurs, not how often.

    Args:
        levels: What `count_ngrams` returned.
        vocab_size: Number of token types.
        bos_id: The token that begins every sequence, if there is one. N-grams that begin with it have no left
            neighbor and keep their plain counts; the token itself is never predicted and counts zero.

    Returns:
        One array an order, shape [ngrams]: the number of different tokens seen before each n-gram; for the
        highest order plain counts.

    Source: Kneser & Ney (1995); book, equation eq-continuation.
    """
    adjusted = [
        np.bincount(longer.suffixes, minlength=len(level)).astype(np.float64)
        for level, longer in pairwise(levels)
    ]
    adjusted.append(levels[-1].counts.astype(np.float64))
    if bos_id is not None:
        begins = levels[0].keys == bos_id
        for level, counts in zip(levels[1:], adjusted[1:], strict=True):
            begins = begins[level.keys // vocab_size]
            counts[begins] = level.counts[begins]
        adjusted[0][bos_id] = 0.0
    return adjusted
