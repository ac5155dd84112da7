"""The first cut of a text: into chunks ("words") that no token may cross."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
import regex

# GPT-2's pattern: a contraction, or letters, digits, other marks, each with at most one space before it, or
# white space. A run of white space leaves its last character to the word that follows.
GPT2_PATTERN = (
    r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""
)
_SPLIT = regex.compile(GPT2_PATTERN)

# The same pattern for text that is all ASCII, where Python's own engine can run it, twice as fast.
_SPLIT_ASCII = re.compile(
    r"""'(?:[sdmt]|ll|ve|re)| ?[A-Za-z]++| ?[0-9]++| ?[^\sA-Za-z0-9]++|\s+(?!\S)|\s+""",
    re.ASCII,
)
_BLOCK = 1 << 11


def pretokenize(text: str) -> list[str]:
    """Split a text into GPT-2's chunks; joined they are the text.

    Args:
        text: Any text.

    Returns:
        The chunks. A space belongs to the word after it.

    Source: Radford et al. (2019), the released tokenizer; book, chapter 2.

    Example:
        >>> pretokenize("We'll pay 42 €, now")
        ['We', "'ll", ' pay', ' 42', ' €,', ' now']
    """
    chunks: list[str] = []
    for block in _blocks(text):
        chunks += (_SPLIT_ASCII if block.isascii() else _SPLIT).findall(block)
    return chunks


def _blocks(text: str) -> Iterator[str]:
    """Cut a long text where a chunk ends for certain: between a visible character and a line break."""
    start = 0
    end = text.find("\n", _BLOCK)
    while end > 0:
        if not text[end - 1].isspace():
            yield text[start:end]
            start = end
            end = text.find("\n", start + _BLOCK)
        else:
            end = text.find("\n", end + 1)
    yield text[start:]


class ChunkCache(dict[str, bytes]):
    """The ids of the chunks met so far, as int32 bytes: language repeats itself, so most chunks are here.

    Looking up a chunk that is missing computes it. The size is bounded by two generations: when the young
    one is full it becomes the old one, and what was not asked for since is dropped with the old one before.
    """

    def __init__(
        self, compute: Callable[[str], bytes], capacity: int = 1 << 17
    ) -> None:
        super().__init__()
        self._compute = compute
        self._capacity = max(capacity // 2, 1)
        self._old: dict[str, bytes] = {}

    def __missing__(self, chunk: str) -> bytes:
        found = self._old.get(chunk)
        ids = self._compute(chunk) if found is None else found
        if len(self) >= self._capacity:
            self._old = dict(self)
            self.clear()
        self[chunk] = ids
        return ids

    def encode(self, text: str) -> np.ndarray:
        """Return the ids of a whole text, int32."""
        return np.frombuffer(
            b"".join(map(self.__getitem__, pretokenize(text))), dtype=np.int32
        ).copy()
