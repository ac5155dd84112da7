"""A vocabulary: the fixed list of tokens that a model knows, each with its id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Int

from companion.text._storage import Ids, check_ids, read_state, write_state

UNK, BOS, EOS = "<unk>", "<bos>", "<eos>"


class Vocabulary:
    """A bijection between tokens and the ids 0 to V - 1; the special tokens come first.

    Args:
        tokens: The tokens in the order of their ids, specials included.
        specials: Those of the tokens that stand for no text, such as ``<unk>``, ``<bos>`` and ``<eos>``.

    Raises:
        ValueError: If a token occurs twice, or a special is not among the tokens.
    """

    def __init__(self, tokens: Sequence[str], specials: Sequence[str] = ()) -> None:
        self.tokens = tuple(tokens)
        self.specials = tuple(specials)
        self._ids = {token: i for i, token in enumerate(self.tokens)}
        if len(self._ids) < len(self.tokens):
            twice = next(token for token, n in Counter(self.tokens).items() if n > 1)
            raise ValueError(
                f"token {twice!r} occurs more than once: every token needs an id of its own"
            )
        for special in self.specials:
            if special not in self._ids:
                raise ValueError(f"special token {special!r} is not among the tokens")

    @classmethod
    def build(
        cls,
        tokens: Iterable[str],
        max_size: int | None = None,
        min_count: int = 1,
        specials: Sequence[str] = (UNK, BOS, EOS),
    ) -> Vocabulary:
        """Collect the most frequent tokens of a text.

        Args:
            tokens: The tokens of the training text, in any order.
            max_size: Largest number of entries, specials included; None keeps all.
            min_count: Tokens that occur less often are left out.
            specials: Entries that come first, whatever the text holds; a token of the text that reads like
                one of them shares its id.

        Returns:
            Specials, then tokens by falling count; equal counts in the order of their code points.

        Raises:
            ValueError: If ``max_size`` leaves no room for a token, or ``min_count`` is below 1.
            TypeError: If ``tokens`` is one string.

        Source: book, chapter 2.

        Example:
            >>> Vocabulary.build("the cat saw the dog".split(), max_size=5).tokens
            ('<unk>', '<bos>', '<eos>', 'the', 'cat')
        """
        _check_tokens(tokens)
        if min_count < 1:
            raise ValueError(f"min_count must be at least 1, got {min_count}")
        if max_size is not None and max_size <= len(specials):
            raise ValueError(
                f"max_size={max_size} leaves no room beside {len(specials)} special tokens; "
                f"it must be at least {len(specials) + 1}"
            )
        counts = Counter(tokens)
        for special in specials:
            del counts[special]
        kept = sorted(
            (token for token, count in counts.items() if count >= min_count),
            key=lambda token: (-counts[token], token),
        )
        if max_size is not None:
            kept = kept[: max_size - len(specials)]
        return cls([*specials, *kept], specials)

    def __len__(self) -> int:
        return len(self.tokens)

    def __iter__(self) -> Iterator[str]:
        return iter(self.tokens)

    def __contains__(self, token: object) -> bool:
        return token in self._ids

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Vocabulary):
            return NotImplemented
        return (self.tokens, self.specials) == (other.tokens, other.specials)

    def __hash__(self) -> int:
        return hash((self.tokens, self.specials))

    def __repr__(self) -> str:
        return f"Vocabulary({len(self)} tokens, specials={self.specials})"

    def id(self, token: str) -> int:
        """Look up the id of one token.

        Raises:
            KeyError: If the vocabulary does not hold it; ``encode`` would give ``<unk>``.
        """
        if token not in self._ids:
            raise KeyError(f"{token!r} is not in this vocabulary of {len(self)} tokens")
        return self._ids[token]

    @property
    def unk_id(self) -> int:
        """The id of ``<unk>``; a KeyError if the vocabulary was built without it."""
        return self.id(UNK)

    @property
    def bos_id(self) -> int:
        """The id of ``<bos>``, begin of sequence; a KeyError if the vocabulary was built without it."""
        return self.id(BOS)

    @property
    def eos_id(self) -> int:
        """The id of ``<eos>``, end of sequence; a KeyError if the vocabulary was built without it."""
        return self.id(EOS)

    def encode(self, tokens: Iterable[str]) -> Int[np.ndarray, " tokens"]:
        """Replace each token by its id, and each unknown one by the id of ``<unk>``.

        Args:
            tokens: The tokens of a text.

        Returns:
            The ids, shape [tokens], int32.

        Raises:
            KeyError: If a token is unknown and the vocabulary has no ``<unk>``.
            TypeError: If ``tokens`` is one string.

        Example:
            >>> Vocabulary.build(["a", "b"]).encode(["b", "z"]).tolist()
            [4, 0]
        """
        _check_tokens(tokens)
        if UNK in self._ids:
            unk = self._ids[UNK]
            return np.array(
                [self._ids.get(token, unk) for token in tokens], dtype=np.int32
            )
        return np.array([self.id(token) for token in tokens], dtype=np.int32)

    def decode(self, ids: Ids) -> list[str]:
        """Replace each id by its token.

        Args:
            ids: Token ids, shape [tokens].

        Returns:
            The tokens.

        Raises:
            ValueError: If an id is outside 0 to V - 1.
            TypeError: If the ids are not integers.
        """
        return [self.tokens[i] for i in check_ids(ids, len(self)).tolist()]

    def save(self, path: str | Path) -> None:
        """Write the vocabulary to a JSON file."""
        write_state(
            path, "Vocabulary", {"tokens": self.tokens, "specials": self.specials}
        )

    @classmethod
    def load(cls, path: str | Path) -> Vocabulary:
        """Read a vocabulary that ``save`` wrote.

        Raises:
            FileNotFoundError: If there is no such file.
            ValueError: If the file is damaged or holds something else.
        """
        state = read_state(path, "Vocabulary", {"tokens": [str], "specials": [str]})
        return cls(state["tokens"], state["specials"])


def _check_tokens(tokens: object) -> None:
    # A string is an iterable of its characters: without this check "the" would become three tokens.
    if isinstance(tokens, str):
        raise TypeError(
            "expected a sequence of tokens, got one string; split it first, e.g. word_tokenize(text), "
            "or list(text) for characters"
        )
