"""Learning the merges of byte-pair encoding: the most frequent neighbors become one token, again and again.

Inside this module a token is one character, ``chr(id)``: a word is then a string, a pair two characters,
and merging a pair is a split and a join.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Mapping
from operator import add

import numpy as np

# The bytes in the order in which GPT-2 numbered them: first those that print, then the others.
_PRINTABLE = (*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100))
BYTE_ORDER = bytes(_PRINTABLE) + bytes(sorted(set(range(256)) - set(_PRINTABLE)))
ID_OF_BYTE = bytes(
    np.argsort(np.frombuffer(BYTE_ORDER, dtype=np.uint8)).astype(np.uint8)
)


def to_symbols(word: str) -> str:
    """Write a word as a string of byte tokens: one character ``chr(id)`` for each of its UTF-8 bytes."""
    return word.encode("utf-8").translate(ID_OF_BYTE).decode("latin-1")


def learn_merges(
    word_counts: Mapping[str, int], vocab_size: int, min_count: int = 1
) -> dict[str, str]:
    """Learn the merges of byte-pair encoding from word counts.

    Every pair knows its count and the words it occurs in, so that a merge touches only those words. The
    most frequent pair is found with a heap whose entries may be out of date: counts only fall until a pair
    is pushed anew, so an entry that reaches the top is checked, and put back with its true count.

    Args:
        word_counts: How often each word (chunk of text that no token crosses) occurs.
        vocab_size: Stop when the 256 bytes and the new tokens are that many.
        min_count: Stop when no pair occurs that often.

    Returns:
        Pair (two characters) to new token (one character), in the order learned. Equal counts are settled
        by the smaller ids.

    Source: Sennrich, Haddow & Birch (2016), algorithm 1; book, chapter 2.

    Example:
        >>> merges = learn_merges({"low": 5, "lower": 2, "newest": 6, "widest": 3}, vocab_size=258)
        >>> len(merges), list(merges)[0] == to_symbols("es")
        (2, True)
    """
    words = [to_symbols(word) for word in word_counts]
    counts = list(word_counts.values())
    pair_counts: defaultdict[str, int] = defaultdict(int)
    where: defaultdict[str, set[int]] = defaultdict(set)
    for index, word in enumerate(words):
        for pair in map(add, word, word[1:]):
            pair_counts[pair] += counts[index]
            where[pair].add(index)
    heap = [(-count, pair) for pair, count in pair_counts.items()]
    heapq.heapify(heap)

    merges: dict[str, str] = {}
    while heap and 256 + len(merges) < vocab_size:
        count, pair = heapq.heappop(heap)
        if -count != pair_counts[pair]:
            heapq.heappush(heap, (-pair_counts[pair], pair))
            continue
        if -count < min_count:
            break
        merges[pair] = new = chr(256 + len(merges))
        left, right, grown = pair[0], pair[1], set()
        for index in where.pop(pair):
            parts, count = words[index].split(pair), counts[index]
            words[index] = new.join(parts)
            for k in range(1, len(parts)):
                # The pair stood between parts k - 1 and k: its two neighbors now stand beside the new token.
                before = parts[k - 1][-1:] or (new if k > 1 else "")
                after = parts[k][:1] or (left if k < len(parts) - 1 else "")
                if before:
                    pair_counts[before + left] -= count
                    pair_counts[before + new] += count
                    where[before + new].add(index)
                    grown.add(before + new)
                if after:
                    pair_counts[right + after] -= count
                    pair_counts[new + after] += count
                    where[new + after].add(index)
                    grown.add(new + after)
        for changed in grown:
            heapq.heappush(heap, (-pair_counts[changed], changed))
    return merges
