"""From sentence pairs to batches of ids, for models that translate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import regex
import torch
from jaxtyping import Int
from torch import Tensor

from companion.text.vocabulary import BOS, EOS, UNK, Vocabulary

PAD = "<pad>"

# A Chinese character, a digit, a word of letters (an apostrophe inside belongs to it), or any other visible character.
_PIECE = regex.compile(
    r"\p{Han}|\p{N}|[\p{L}\p{M}--\p{Han}]+(?:['’][\p{L}\p{M}--\p{Han}]+)*|\S", regex.V1
)


def pieces(text: str) -> list[str]:
    """Split a sentence of any language: words of letters, single digits, single Chinese characters, single marks.

    Args:
        text: A sentence.

    Returns:
        Its pieces, without white space.

    Example:
        >>> pieces("Friday, March 13")
        ['Friday', ',', 'March', '1', '3']
        >>> pieces("我爱Python。")
        ['我', '爱', 'Python', '。']
    """
    return [match.group() for match in _PIECE.finditer(text)]


class PairBatch(NamedTuple):
    """Sentence pairs as ids.

    Attributes:
        source: Shape [batch, source]; behind its length a row is filled with the id of ``<pad>``.
        lengths: Number of tokens of each source, shape [batch].
        target: Shape [batch, target], from ``<bos>`` to ``<eos>``, then ``<pad>``.
    """

    source: Tensor
    lengths: Tensor
    target: Tensor


def _padded(
    rows: Sequence[Int[np.ndarray, " _"]], pad: int
) -> Int[Tensor, "rows width"]:
    table = np.full((len(rows), max(map(len, rows))), pad, dtype=np.int64)
    for place, row in zip(table, rows, strict=True):
        place[: len(row)] = row
    return torch.from_numpy(table)


class PairEncoder:
    """Turns sentence pairs into batches of ids, and ids of the target back into text.

    Args:
        source: Vocabulary of the language that is read; its first token is ``<pad>``.
        target: Vocabulary of the language that is written; its first token is ``<pad>``.

    Example:
        >>> encoder = PairEncoder.train([("I see.", "我看。"), ("We see.", "我们看。")])
        >>> batch = encoder.batch([("We see.", "我看。")])
        >>> batch.lengths.tolist(), encoder.text(batch.target[0].tolist())
        ([3], '我看。')
    """

    def __init__(self, source: Vocabulary, target: Vocabulary) -> None:
        for vocabulary in (source, target):
            if vocabulary.tokens[:1] != (PAD,):
                raise ValueError(
                    f"the first token must be {PAD}, got {vocabulary.tokens[:1]}: use PairEncoder.train"
                )
        self.source, self.target = source, target

    @classmethod
    def train(cls, pairs: Iterable[tuple[str, str]], min_count: int = 1) -> PairEncoder:
        """Collect the two vocabularies.

        Args:
            pairs: Source and target sentences.
            min_count: Pieces that occur less often become ``<unk>``.

        Returns:
            The encoder.

        Raises:
            ValueError: If there is no pair.
        """
        listed = list(pairs)
        if not listed:
            raise ValueError("there is no pair to collect a vocabulary from")
        sides = zip(*listed, strict=True)
        vocabularies = [
            Vocabulary.build(
                (piece for text in side for piece in pieces(text)),
                min_count=min_count,
                specials=(PAD, UNK, BOS, EOS),
            )
            for side in sides
        ]
        return cls(*vocabularies)

    def source_ids(self, text: str) -> Int[np.ndarray, " tokens"]:
        """Return the ids of a source sentence, shape [tokens].

        Raises:
            ValueError: If the sentence holds nothing.
        """
        found = pieces(text)
        if not found:
            raise ValueError(f"there is nothing to translate in {text!r}")
        return self.source.encode(found)

    def target_ids(self, text: str) -> Int[np.ndarray, " tokens"]:
        """Return the ids of a target sentence from ``<bos>`` to ``<eos>``, shape [tokens + 2]."""
        return self.target.encode([BOS, *pieces(text), EOS])

    def read(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Return source sentences as ids, shape [batch, source], and their lengths, shape [batch]."""
        rows = [self.source_ids(text) for text in texts]
        if not rows:
            raise ValueError("the batch is empty: there is no sentence to read")
        return _padded(rows, 0), torch.tensor([len(row) for row in rows])

    def batch(self, pairs: Sequence[tuple[str, str]]) -> PairBatch:
        """Return sentence pairs as ids.

        Args:
            pairs: Source and target sentences, at least one.

        Returns:
            The padded batch.

        Raises:
            ValueError: If there is no pair, or a source holds nothing.
        """
        source, lengths = self.read([text for text, _ in pairs])
        target = _padded([self.target_ids(text) for _, text in pairs], 0)
        return PairBatch(source, lengths, target)

    def text(self, ids: Iterable[int]) -> str:
        """Return the text of a Chinese target: its pieces without the special ones, joined without spaces.

        Args:
            ids: Token ids; what stands behind ``<eos>`` is dropped.

        Returns:
            The text; ``<unk>`` stays visible.
        """
        written: list[str] = []
        for piece in self.target.decode(np.array(list(ids), dtype=np.int64)):
            if piece == EOS:
                break
            if piece not in (PAD, BOS):
                written.append(piece)
        return "".join(written)

    def batches(
        self,
        pairs: Sequence[tuple[str, str]],
        size: int,
        seed: int = 0,
        device: torch.device | str | None = None,
    ) -> Callable[[int], PairBatch]:
        """Return a function from the number of a step to its batch, what `Trainer` asks for.

        An epoch takes every pair once, shuffled; pairs of like length go into one batch, so that little is padded.

        Args:
            pairs: Source and target sentences.
            size: Number of pairs of a batch.
            seed: Other seeds shuffle otherwise.
            device: Where the batches are to be.

        Returns:
            The function; the batch of a step depends on the seed and the number of the step alone.

        Raises:
            ValueError: If ``size`` is below 1 or there are fewer pairs than that.
        """
        if not 1 <= size <= len(pairs):
            raise ValueError(
                f"size must lie between 1 and the number of pairs, {len(pairs)}, got {size}"
            )
        sources = [self.source_ids(text) for text, _ in pairs]
        targets = [self.target_ids(text) for _, text in pairs]
        long = np.array(
            [len(s) + 2 * len(t) for s, t in zip(sources, targets, strict=True)]
        )
        number = len(pairs) // size

        @lru_cache(maxsize=2)
        def epoch(which: int) -> list[Int[np.ndarray, " size"]]:
            generator = np.random.default_rng((seed, which))
            order = generator.permutation(len(pairs))[: number * size]
            # Sorting the whole epoch would make the same batches each time; a pool of fifty leaves enough to chance.
            pools = np.array_split(order, max(1, number // 50))
            ordered = np.concatenate(
                [pool[np.argsort(long[pool], kind="stable")] for pool in pools]
            )
            chunks = ordered.reshape(number, size)
            return [chunks[i] for i in generator.permutation(number)]

        def draw(step: int) -> PairBatch:
            rows = epoch(step // number)[step % number]
            made = PairBatch(
                _padded([sources[i] for i in rows], 0),
                torch.tensor([len(sources[i]) for i in rows]),
                _padded([targets[i] for i in rows], 0),
            )
            return (
                made
                if device is None
                else PairBatch(*(part.to(device) for part in made))
            )

        return draw
