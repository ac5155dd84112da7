"""Counting n-grams by sorting: packed 64-bit keys, runs of equal keys, no dictionaries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Bool, Int

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


def _join_one_by_one(
    sequences: Sequence[np.ndarray | Sequence[int]],
) -> Int[np.ndarray, " tokens"]:
    """Join sequences that NumPy does not join to integers at once, or say which of them is none of integers."""
    arrays = [np.asarray(sequence) for sequence in sequences]
    if not sum(array.size for array in arrays):
        raise ValueError(
            "there is no token: every sequence is empty. Was the text read, and encoded?"
        )
    for position, array in enumerate(arrays):
        if array.ndim != 1:
            raise TypeError(
                f"sequence {position} has shape {list(array.shape)}, expected [tokens]"
            )
        if array.size and array.dtype.kind not in "iu":
            raise TypeError(
                f"sequence {position} holds {array.dtype}, expected integer token ids; encode the text first"
            )
    return np.concatenate([array.astype(np.int64) for array in arrays])


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
    try:
        joined = np.concatenate(sequences)
    except (TypeError, ValueError):
        joined = np.empty(0)
    if not joined.size or joined.ndim != 1 or joined.dtype.kind not in "iu":
        joined = _join_one_by_one(sequences)
    lengths = np.fromiter(map(len, sequences), np.int64)
    if joined.min() < 0 or joined.max() >= vocab_size:
        place = int(np.argmax((joined < 0) | (joined >= vocab_size)))
        position = int(np.searchsorted(np.cumsum(lengths), place, side="right"))
        raise ValueError(
            f"sequence {position} holds the token id {joined[place]}, outside 0..{vocab_size - 1}: is vocab_size "
            "that of the tokenizer which made the ids?"
        )
    before = np.arange(len(joined), dtype=np.int32)
    before -= np.repeat((np.cumsum(lengths) - lengths).astype(np.int32), lengths)
    return joined.astype(np.int32), before


@dataclass(frozen=True)
class Groups:
    """Items put together by key.

    Attributes:
        keys: The different keys, sorted, shape [groups].
        counts: How many items have each key, shape [groups].
        first: The position of one item of each group, shape [groups].
        numbers: The group of each item, shape [items]; empty if it was not asked for.
    """

    keys: Int[np.ndarray, " groups"]
    counts: Int[np.ndarray, " groups"]
    first: Int[np.ndarray, " groups"]
    numbers: Int[np.ndarray, " items"]


def group(keys: Int[np.ndarray, " items"], number_items: bool = True) -> Groups:
    """Find the different keys, count each, and number every item by its key.

    Args:
        keys: Non-negative 64-bit integers, shape [items]. The array is used as working space and holds something
            else afterwards.
        number_items: Whether the group of each item is wanted.

    Returns:
        The groups.

    Example:
        >>> groups = group(np.array([7, 3, 7]))
        >>> groups.keys.tolist(), groups.counts.tolist(), groups.numbers.tolist()
        ([3, 7], [1, 2], [1, 0, 1])
    """
    items = len(keys)
    if int(keys.max()).bit_length() + items.bit_length() <= _INT64_BITS:
        # Key and position in one integer: one sort in place brings both in order.
        keys *= items
        keys += np.arange(items)
        keys.sort()
        positions = np.empty(items, dtype=np.int32)
        np.remainder(keys, items, out=positions, casting="unsafe")
        ordered = np.floor_divide(keys, items, out=keys)
    else:
        positions = np.argsort(keys, kind="stable").astype(np.int32)
        ordered = keys[positions]
    first_of_run = np.empty(items, dtype=bool)
    first_of_run[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=first_of_run[1:])
    starts = np.flatnonzero(first_of_run)
    different = ordered[starts]
    counts = np.diff(starts, append=items).astype(np.int32)
    first = positions[starts]
    del keys, ordered, starts  # what follows needs the room
    numbers = np.empty(items if number_items else 0, dtype=np.int32)
    if number_items:
        run = np.cumsum(first_of_run, dtype=np.int32)
        run -= 1
        numbers[positions] = run
    return Groups(different, counts, first, numbers)


def find(
    keys: Int[np.ndarray, " ngrams"], wanted: Int[np.ndarray, " queries"]
) -> Int[np.ndarray, " queries"]:
    """Look keys up in a sorted array.

    Args:
        keys: Sorted, not empty, shape [ngrams].
        wanted: Non-negative keys in any order, shape [queries].

    Returns:
        The number of each wanted key, -1 where it is not among ``keys``, shape [queries].

    Example:
        >>> find(np.array([2, 5, 9]), np.array([9, 4, 2])).tolist()
        [2, -1, 0]
    """
    # Searches in order stay in the processor's cache: sorting first is the quicker way.
    order = np.argsort(wanted)
    ordered = wanted[order]
    place = np.searchsorted(keys, ordered)
    np.minimum(place, len(keys) - 1, out=place)
    place[keys[place] != ordered] = -1
    found = np.empty_like(place)
    found[order] = place
    return found


def pack(
    number: Int[np.ndarray, " tokens"],
    tokens: Int[np.ndarray, " tokens"],
    longer: Bool[np.ndarray, " tokens"],
    vocab_size: int,
) -> Int[np.ndarray, " ngrams"]:
    """Write the n-grams that end at some places as one integer each, ``context * vocab_size + token``.

    Args:
        number: The number of the shorter n-gram that ends at each place, shape [tokens]; the context of an n-gram is
            the one that ends a place earlier.
        tokens: The token at each place, shape [tokens].
        longer: Where an n-gram of this length ends, shape [tokens].
        vocab_size: Number of token types.

    Returns:
        The keys, shape [ngrams].
    """
    keys: Int[np.ndarray, " ngrams"] = number[:-1][longer[1:]].astype(np.int64)
    keys *= vocab_size
    keys += tokens[longer]
    return keys


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

    Source: book, chapter 3.
    """
    if order < 1:
        raise ValueError(f"order must be at least 1, got {order}")
    if vocab_size < 1:
        raise ValueError(f"vocab_size must be at least 1, got {vocab_size}")
    tokens, before = flatten(sequences, vocab_size)
    every_token = np.arange(vocab_size, dtype=np.int64)
    occurrences = np.bincount(tokens, minlength=vocab_size).astype(np.int32)
    nothing = np.empty(0, dtype=np.int32)
    levels = [Level(every_token, occurrences, nothing)]
    number = tokens  # of the n-gram that ends at each place
    for n in range(2, order + 1):
        longer = before >= n - 1
        if not longer.any():
            break
        if len(levels[-1]) * vocab_size >= 2**_INT64_BITS:
            raise ValueError(
                "too many n-grams for 64-bit keys: lower the order or the vocabulary"
            )
        suffixes = number[longer]
        keys = [
            pack(number, tokens, longer, vocab_size)
        ]  # taken out below, to be freed there
        # Whatever is as long as the text makes room before the sort.
        number, tokens, before = nothing, tokens[longer], before[longer]
        if n == order:
            tokens, before = nothing, nothing
        groups = group(keys.pop(), number_items=n < order)
        levels.append(Level(groups.keys, groups.counts, suffixes[groups.first]))
        number = groups.numbers
        del groups, suffixes, longer
    return levels


def continuation_counts(
    levels: list[Level], vocab_size: int, bos_id: int | None = None
) -> list[Int[np.ndarray, " _"]]:
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
        np.bincount(longer.suffixes, minlength=len(level)).astype(np.int32)
        for level, longer in pairwise(levels)
    ]
    adjusted.append(levels[-1].counts)
    if bos_id is not None:
        begins = levels[0].keys == bos_id
        for level, counts in zip(levels[1:], adjusted[1:], strict=True):
            begins = begins[level.keys // vocab_size]
            counts[begins] = level.counts[begins]
        adjusted[0][bos_id] = 0
    return adjusted
