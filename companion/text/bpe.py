"""Byte-pair encoding: a vocabulary of bytes, grown by merging the most frequent neighbors again and again."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, repeat
from typing import Any, ClassVar, Literal

import numpy as np
import regex
from jaxtyping import Int

from companion.text._storage import Ids, check_ids, check_text, surrogate_error
from companion.text.bpe_training import BYTE_ORDER, ID_OF_BYTE, learn_merges
from companion.text.pretokenization import ChunkCache, pretokenize
from companion.text.tokenizer import Tokenizer, as_texts

# Larger than any id: stands where two neighbors do not merge.
NO_MERGE = 1 << 31


def merge_pair(ids: Sequence[int], pair: tuple[int, int], new: int) -> list[int]:
    """Replace every occurrence of a pair of neighbors by one token, from left to right.

    Args:
        ids: Token ids.
        pair: The two ids to join.
        new: The id of the token they become, which is not among ``ids`` yet.

    Returns:
        The shorter sequence.

    Example:
        >>> merge_pair([1, 1, 1, 2], (1, 1), 3)
        [3, 1, 2]
    """
    joined: list[int] = []
    for token in ids:
        if joined and (joined[-1], token) == pair:
            joined[-1] = new
        else:
            joined.append(token)
    return joined


class BPETokenizer(Tokenizer):
    """Byte-level BPE: every text can be written, the frequent words in one token.

    Ids: the special tokens first, then the 256 bytes in GPT-2's order, then one token a merge.

    Args:
        merges: Pairs of ids in the order learned; merge m makes the token with the id
            ``len(special_tokens) + 256 + m``.
        special_tokens: Tokens that stand for no text of their own, e.g. ``"<|endoftext|>"``.

    Raises:
        ValueError: If a merge uses an id that does not exist before it, or special tokens are empty or equal.

    Source: Sennrich, Haddow & Birch (2016); Radford et al. (2019), section 2.2; book, chapter 2.

    Example:
        >>> tokenizer = BPETokenizer.train("low lower lowest " * 9, vocab_size=259)
        >>> tokenizer.token_strings(tokenizer.encode("lowly"))
        ['low', 'l', 'y']
    """

    _fields: ClassVar[dict[str, Any]] = {"merges": [list], "special_tokens": [str]}

    def __init__(
        self, merges: Sequence[Sequence[int]], special_tokens: Sequence[str] = ()
    ) -> None:
        self.special_tokens = tuple(special_tokens)
        if (
            len(set(self.special_tokens)) < len(self.special_tokens)
            or "" in self.special_tokens
        ):
            raise ValueError(
                f"special tokens must be non-empty and distinct, got {self.special_tokens}"
            )
        self.merges = [(int(left), int(right)) for left, right in merges]
        self._first = len(self.special_tokens)  # id of the first byte
        self._bytes = [token.encode("utf-8") for token in self.special_tokens]
        self._bytes += [bytes([byte]) for byte in BYTE_ORDER]
        self._byte_ids = [self._first + i for i in ID_OF_BYTE]
        self._merged: dict[tuple[int, int], int] = {}  # pair -> new token
        for left, right in self.merges:
            if not all(self._first <= i < len(self._bytes) for i in (left, right)):
                raise ValueError(
                    f"merge {len(self._merged)} joins the ids {left} and {right}, "
                    f"which must lie in {self._first} to {len(self._bytes) - 1}"
                )
            self._merged[left, right] = len(self._bytes)
            self._bytes.append(self._bytes[left] + self._bytes[right])
        if len(self._merged) < len(self.merges):
            raise ValueError(
                "a pair is merged twice: the second merge would never apply"
            )
        self._cache = ChunkCache(self._encode_chunk)
        # The longest special token wins where one begins with another.
        longest_first = sorted(self.special_tokens, key=len, reverse=True)
        self._special = regex.compile(
            "|".join(map(regex.escape, longest_first)) or r"(?!)"
        )

    @classmethod
    def train(
        cls,
        texts: str | Iterable[str],
        vocab_size: int,
        special_tokens: Sequence[str] = (),
        min_count: int = 1,
    ) -> BPETokenizer:
        """Learn a vocabulary from text.

        Args:
            texts: One text or many; no token crosses from one to the next.
            vocab_size: Number of ids wanted, at least 256 and the special tokens. The result has fewer when
                the text runs out of pairs.
            special_tokens: Take the first ids; they are not looked for in ``texts``.
            min_count: Merge no pair that occurs less often.

        Returns:
            The tokenizer; the same text gives the same one.

        Raises:
            ValueError: If there is no text, or ``vocab_size`` or ``min_count`` is too small.
            TypeError: If a text is not a string.

        Source: Sennrich, Haddow & Birch (2016), algorithm 1; book, chapter 2.
        """
        smallest = 256 + len(special_tokens)
        if vocab_size < smallest:
            raise ValueError(
                f"vocab_size must be at least {smallest} (256 bytes and {len(special_tokens)} special "
                f"tokens), got {vocab_size}"
            )
        if min_count < 1:
            raise ValueError(f"min_count must be at least 1, got {min_count}")
        word_counts: Counter[str] = Counter()
        for text in as_texts(texts):
            word_counts.update(pretokenize(text))
        try:
            merges = learn_merges(
                word_counts, vocab_size - len(special_tokens), min_count
            )
        except UnicodeEncodeError as error:
            raise surrogate_error(error.object) from None
        shift = len(special_tokens)
        return cls(
            [(ord(pair[0]) + shift, ord(pair[1]) + shift) for pair in merges],
            special_tokens,
        )

    @property
    def vocab_size(self) -> int:
        """Number of ids: special tokens, 256 bytes, one a merge."""
        return len(self._bytes)

    def _merge_steps(self, chunk: str) -> Iterator[list[int]]:
        """Apply to a chunk the earliest merge that fits, until none does; yield the ids before and after each."""
        ids = [self._byte_ids[byte] for byte in chunk.encode("utf-8")]
        yield ids
        # What each pair of neighbors would become. A merge learned earlier makes a smaller id, so the earliest
        # one is the minimum.
        become = self._merged.get
        options = list(map(become, pairwise(ids), repeat(NO_MERGE)))
        while options and (new := min(options)) != NO_MERGE:
            i = options.index(new)
            if options.count(new) == 1:  # nearly always: then only the neighbors change
                ids[i] = new
                del ids[i + 1], options[i]
                if i > 0:
                    options[i - 1] = become((ids[i - 1], new), NO_MERGE)
                if i < len(options):
                    options[i] = become((new, ids[i + 1]), NO_MERGE)
            else:
                ids = merge_pair(ids, (ids[i], ids[i + 1]), new)
                options = list(map(become, pairwise(ids), repeat(NO_MERGE)))
            yield ids

    def _encode_chunk(self, chunk: str) -> bytes:
        *_, ids = self._merge_steps(chunk)
        return array("i", ids).tobytes()

    def encode(self, text: str, specials: bool = False) -> Int[np.ndarray, " tokens"]:
        """Turn a text into token ids.

        Args:
            text: Any text without lone surrogates.
            specials: Whether a special token that is spelled out in the text becomes its id. Off by default,
                so that a stranger's text cannot end a document.

        Returns:
            The ids, shape [tokens], int32; ``decode`` gives back exactly ``text``.

        Raises:
            TypeError: If ``text`` is not a string.
            ValueError: If it holds a lone surrogate.

        Source: book, chapter 2.
        """
        check_text(text)
        try:
            if not specials:
                return self._cache.encode(text)
            parts, start = [], 0
            for match in self._special.finditer(text):
                parts.append(self._cache.encode(text[start : match.start()]))
                parts.append(np.array([self.special_id(match.group())], dtype=np.int32))
                start = match.end()
            return np.concatenate([*parts, self._cache.encode(text[start:])])
        except UnicodeEncodeError:
            raise surrogate_error(text) from None

    def decode(self, ids: Ids, errors: Literal["strict", "replace"] = "replace") -> str:
        """Turn token ids into text.

        Args:
            ids: Token ids, shape [tokens].
            errors: What to do with bytes that are no UTF-8, which ``encode`` never makes but a model or a cut
                can: ``"replace"`` writes U+FFFD for them, ``"strict"`` raises.

        Returns:
            The text.

        Raises:
            ValueError: If an id is outside the vocabulary, or ``errors`` is ``"strict"`` and the bytes are no
                UTF-8.
            TypeError: If the ids are not integers.
        """
        tokens = check_ids(ids, self.vocab_size).tolist()
        return b"".join(map(self._bytes.__getitem__, tokens)).decode("utf-8", errors)

    def special_id(self, token: str) -> int:
        """Look up the id of a special token; a KeyError if there is none of that name."""
        if token not in self.special_tokens:
            raise KeyError(
                f"{token!r} is none of the special tokens {self.special_tokens}"
            )
        return self.special_tokens.index(token)

    def token_bytes(self, token_id: int) -> bytes:
        """Return the bytes that a token stands for; a ValueError if the id is outside the vocabulary."""
        return self._bytes[int(check_ids([token_id], self.vocab_size)[0])]

    def token_strings(self, ids: Ids) -> list[str]:
        r"""Show tokens in readable form, one string each: bytes that are no whole character as ``\x..``."""
        return [
            self.token_bytes(i).decode("utf-8", "backslashreplace")
            for i in np.asarray(ids).tolist()
        ]

    def steps(self, word: str) -> list[list[str]]:
        """Show how a word is built: its segmentation before the first merge and after each one.

        Args:
            word: A chunk of text that no token crosses, with its leading space.

        Returns:
            One list of tokens a step, readable as in ``token_strings``.

        Example:
            >>> BPETokenizer.train("low lower lowest " * 9, vocab_size=259).steps("low")
            [['l', 'o', 'w'], ['lo', 'w'], ['low']]
        """
        return [self.token_strings(ids) for ids in self._merge_steps(word)]

    def _state(self) -> dict[str, Any]:
        return {"merges": self.merges, "special_tokens": self.special_tokens}

    @classmethod
    def _from_state(cls, state: dict[str, Any]) -> BPETokenizer:
        return cls(state["merges"], state["special_tokens"])
