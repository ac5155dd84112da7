"""The unigram language model tokenizer: start with too many pieces, drop those that the text misses least."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Literal

import numpy as np
from jaxtyping import Float, Int

from companion.text._storage import Ids, check_ids, check_text, surrogate_error
from companion.text.pretokenization import ChunkCache, pretokenize
from companion.text.tokenizer import Tokenizer, as_texts
from companion.text.unigram_training import covered_words, learn_pieces, seed_pieces

# A character that is no piece costs this much more than the worst piece (SentencePiece's constant).
UNKNOWN_PENALTY = 10.0


class UnigramTokenizer(Tokenizer):
    """Pieces with probabilities; a text is cut where the product of the probabilities is largest.

    Ids: the 256 bytes first, for characters that are no piece, then the pieces. So every text can be written.

    Args:
        pieces: The pieces, distinct and non-empty.
        scores: Natural log-probability of each piece.

    Raises:
        ValueError: If pieces and scores do not match, or a score is not a finite number of at most 0.

    Source: Kudo (2018); book, chapter 2.

    Example:
        >>> tokenizer = UnigramTokenizer(["h", "u", "g", "ug", "hug"], [-2.0, -2.0, -2.0, -1.5, -3.0])
        >>> tokenizer.token_strings(tokenizer.encode("hugug"))
        ['hug', 'ug']
    """

    _fields: ClassVar[dict[str, Any]] = {"pieces": [str], "scores": [float]}

    def __init__(
        self,
        pieces: Sequence[str],
        scores: Sequence[float] | Float[np.ndarray, " pieces"],
    ) -> None:
        self.pieces = tuple(pieces)
        self.scores = tuple(float(score) for score in scores)
        if len(self.pieces) != len(self.scores) or not self.pieces:
            raise ValueError(
                f"every piece needs a score, got {len(self.pieces)} pieces, {len(self.scores)} scores"
            )
        if len(set(self.pieces)) < len(self.pieces) or "" in self.pieces:
            raise ValueError("pieces must be distinct and non-empty")
        if not all(math.isfinite(score) and score <= 0 for score in self.scores):
            raise ValueError(
                "scores are logarithms of probabilities: finite and at most 0"
            )
        self._entries = {
            piece: (score, 256 + i)
            for i, (piece, score) in enumerate(
                zip(self.pieces, self.scores, strict=True)
            )
        }
        self._longest = max(map(len, self.pieces))
        self._unknown = min(self.scores) - UNKNOWN_PENALTY
        self._cache = ChunkCache(
            lambda chunk: np.array(self._ids(self._best(chunk)), np.int32).tobytes()
        )

    @classmethod
    def train(
        cls,
        texts: str | Iterable[str],
        vocab_size: int,
        max_length: int = 16,
        seed_factor: int = 8,
        em_steps: int = 2,
        shrink: float = 0.75,
        coverage: float = 0.9995,
    ) -> UnigramTokenizer:
        """Learn pieces and their probabilities by EM, pruning the pieces that matter least.

        Args:
            texts: One text or many.
            vocab_size: Number of ids wanted, with the 256 bytes; fewer if the text does not yield so many.
            max_length: Longest piece in characters.
            seed_factor: Start from this many times as many pieces as wanted.
            em_steps: EM steps between two prunings.
            shrink: Share of the pieces that a pruning leaves.
            coverage: Share of the text's characters that are pieces; the rarest are left to bytes.

        Returns:
            The tokenizer; the same text gives the same one.

        Raises:
            ValueError: If there is no text, a parameter is out of range, or ``vocab_size`` has no room for
                the characters.

        Source: Kudo (2018), section 3.2.
        """
        if not (
            max_length >= 1
            and seed_factor >= 1
            and em_steps >= 1
            and 0 < shrink < 1
            and 0 < coverage <= 1
        ):
            raise ValueError(
                "max_length, seed_factor and em_steps must be at least 1, shrink and coverage between "
                f"0 and 1, got {max_length}, {seed_factor}, {em_steps}, {shrink}, {coverage}"
            )
        chunk_counts: Counter[str] = Counter()
        for text in as_texts(texts):
            chunk_counts.update(pretokenize(text))
        word_counts = covered_words(chunk_counts, coverage)
        wanted = vocab_size - 256
        seed = seed_pieces(word_counts, seed_factor * max(wanted, 1), max_length)
        characters = sum(len(piece) == 1 for piece in seed)
        if wanted < characters:
            raise ValueError(
                f"vocab_size={vocab_size} has no room for 256 bytes and the {characters} characters of this "
                f"text; try vocab_size={2 * (256 + characters)}, or a lower coverage"
            )
        scores = learn_pieces(word_counts, seed, wanted, em_steps, shrink)
        return cls(list(scores), list(scores.values()))

    @property
    def vocab_size(self) -> int:
        """Number of ids: 256 bytes, then the pieces."""
        return 256 + len(self.pieces)

    def _edges(self, chunk: str, start: int) -> list[tuple[int, float]]:
        """End and score of every piece that begins at ``start``; an unknown character is an edge too."""
        edges = [
            (end, self._entries[chunk[start:end]][0])
            for end in range(start + 1, min(start + self._longest, len(chunk)) + 1)
            if chunk[start:end] in self._entries
        ]
        return (
            edges
            if edges and edges[0][0] == start + 1
            else [(start + 1, self._unknown), *edges]
        )

    def _best(self, chunk: str) -> list[str]:
        """Find the most probable segmentation (Viterbi)."""
        best = [(0.0, 0)] + [(-math.inf, 0)] * len(
            chunk
        )  # score up to here, start of the last piece
        for start in range(len(chunk)):
            for end, score in self._edges(chunk, start):
                if best[start][0] + score > best[end][0]:
                    best[end] = (best[start][0] + score, start)
        pieces, end = [], len(chunk)
        while end > 0:
            start = best[end][1]
            pieces.append(chunk[start:end])
            end = start
        return pieces[::-1]

    def _ids(self, pieces: Iterable[str]) -> list[int]:
        ids: list[int] = []
        for piece in pieces:
            if piece in self._entries:
                ids.append(self._entries[piece][1])
            else:
                ids.extend(piece.encode("utf-8"))
        return ids

    def encode(self, text: str) -> Int[np.ndarray, " tokens"]:
        """Turn a text into the token ids of its most probable segmentation.

        Args:
            text: Any text without lone surrogates.

        Returns:
            The ids, shape [tokens], int32; ``decode`` gives back exactly ``text``.

        Raises:
            TypeError: If ``text`` is not a string.
            ValueError: If it holds a lone surrogate.
        """
        try:
            return self._cache.encode(check_text(text))
        except UnicodeEncodeError:
            raise surrogate_error(text) from None

    def sample(
        self, text: str, generator: np.random.Generator, alpha: float = 1.0
    ) -> Int[np.ndarray, " tokens"]:
        """Draw a segmentation with probability proportional to P(segmentation) to the power of ``alpha``.

        Args:
            text: Any text without lone surrogates.
            generator: Source of randomness.
            alpha: 0 draws every segmentation alike, a large value draws the best one.

        Returns:
            The ids, shape [tokens], int32; they decode to ``text`` whatever was drawn.

        Raises:
            ValueError: If ``alpha`` is negative, or the text holds a lone surrogate.

        Source: Kudo (2018), section 3.1, subword regularization.
        """
        if alpha < 0:
            raise ValueError(f"alpha must be at least 0, got {alpha}")
        try:
            drawn = [
                self._draw(chunk, generator, alpha)
                for chunk in pretokenize(check_text(text))
            ]
            return np.array(
                [i for pieces in drawn for i in self._ids(pieces)], dtype=np.int32
            )
        except UnicodeEncodeError:
            raise surrogate_error(text) from None

    def _draw(
        self, chunk: str, generator: np.random.Generator, alpha: float
    ) -> list[str]:
        rest = np.full(
            len(chunk) + 1, -np.inf
        )  # log-sum over the segmentations of chunk[i:]
        rest[-1] = 0.0
        for start in range(len(chunk) - 1, -1, -1):
            for end, score in self._edges(chunk, start):
                rest[start] = np.logaddexp(rest[start], alpha * score + rest[end])
        pieces, start = [], 0
        while start < len(chunk):
            ends, scores = zip(*self._edges(chunk, start), strict=True)
            weights = np.exp(alpha * np.array(scores) + rest[list(ends)] - rest[start])
            end = int(generator.choice(ends, p=weights / weights.sum()))
            pieces.append(chunk[start:end])
            start = end
        return pieces

    def decode(self, ids: Ids, errors: Literal["strict", "replace"] = "replace") -> str:
        """Turn token ids into text.

        Args:
            ids: Token ids, shape [tokens].
            errors: What to do with bytes that are no UTF-8: ``"replace"`` writes U+FFFD, ``"strict"`` raises.

        Returns:
            The text.

        Raises:
            ValueError: If an id is outside the vocabulary, or ``errors`` is ``"strict"`` and the bytes are no
                UTF-8.
            TypeError: If the ids are not integers.
        """
        tokens = check_ids(ids, self.vocab_size).tolist()
        return b"".join(map(self.token_bytes, tokens)).decode("utf-8", errors)

    def token_bytes(self, token_id: int) -> bytes:
        """Return the bytes that a token stands for; a ValueError if the id is outside the vocabulary."""
        checked = int(check_ids([token_id], self.vocab_size)[0])
        return (
            bytes([checked])
            if checked < 256
            else self.pieces[checked - 256].encode("utf-8")
        )

    def token_strings(self, ids: Ids) -> list[str]:
        r"""Show tokens in readable form, one string each: bytes that are no whole character as ``\x..``."""
        return [
            self.token_bytes(i).decode("utf-8", "backslashreplace")
            for i in np.asarray(ids).tolist()
        ]

    def _state(self) -> dict[str, Any]:
        return {"pieces": self.pieces, "scores": self.scores}

    @classmethod
    def _from_state(cls, state: dict[str, Any]) -> UnigramTokenizer:
        return cls(state["pieces"], state["scores"])
