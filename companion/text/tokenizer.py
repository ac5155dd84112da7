"""The contract of every tokenizer, and the three plain ones: words, characters, bytes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeVar

import numpy as np
from jaxtyping import Int

from companion.text._storage import (
    Ids,
    check_ids,
    check_text,
    read_state,
    surrogate_error,
    write_state,
)
from companion.text.vocabulary import Vocabulary
from companion.text.words import detokenize, word_tokenize

TokenizerT = TypeVar("TokenizerT", bound="Tokenizer")
VocabularyTokenizerT = TypeVar("VocabularyTokenizerT", bound="_VocabularyTokenizer")


def as_texts(texts: str | Iterable[str]) -> list[str]:
    """Return one text or many as a checked, non-empty list of texts to train on.

    Raises:
        TypeError: If one of them is not a string.
        ValueError: If there is no text at all, or nothing but empty ones.
    """
    listed = [texts] if isinstance(texts, str) else [check_text(text) for text in texts]
    if not any(listed):
        raise ValueError(
            "there is no text to train on: every document is empty; was the file read?"
        )
    return listed


class Tokenizer(ABC):
    """Turns text into token ids and back; the one thing every model of the course is given.

    A tokenizer is trained once, never changes after, and is saved beside the model that was trained with it.
    """

    # Name and type of each field that save() writes: what load() checks and hands to _from_state().
    _fields: ClassVar[dict[str, Any]] = {}

    @property
    @abstractmethod
    def vocab_size(self) -> int:
        """Number of ids: they run from 0 to ``vocab_size`` - 1."""

    @abstractmethod
    def encode(self, text: str) -> Int[np.ndarray, " tokens"]:
        """Turn a text into token ids, shape [tokens], int32."""

    @abstractmethod
    def decode(self, ids: Ids) -> str:
        """Turn token ids into text."""

    def encode_batch(self, texts: Iterable[str]) -> list[Int[np.ndarray, " tokens"]]:
        """Encode several texts, each to an array of its own."""
        if isinstance(texts, str):
            raise TypeError(
                "encode_batch takes several texts, got one string; use encode"
            )
        return [self.encode(text) for text in texts]

    @abstractmethod
    def _state(self) -> dict[str, Any]:
        """Return what ``save`` writes, as JSON values."""

    @classmethod
    @abstractmethod
    def _from_state(cls: type[TokenizerT], state: dict[str, Any]) -> TokenizerT:
        """Build the tokenizer that ``_state`` describes; a ValueError when it describes none."""

    def save(self, path: str | Path) -> None:
        """Write the tokenizer to a JSON file."""
        write_state(path, type(self).__name__, self._state())

    @classmethod
    def load(cls: type[TokenizerT], path: str | Path) -> TokenizerT:
        """Read a tokenizer that ``save`` wrote.

        Raises:
            FileNotFoundError: If there is no such file.
            ValueError: If the file is damaged or holds another kind of tokenizer.
        """
        state = read_state(path, cls.__name__, cls._fields)
        try:
            return cls._from_state(state)
        except (ValueError, TypeError, KeyError, IndexError) as error:
            raise ValueError(
                f"{path} is not a saved {cls.__name__}: {error}"
            ) from error


class _VocabularyTokenizer(Tokenizer):
    """A tokenizer whose tokens are looked up in a `Vocabulary`."""

    _fields: ClassVar[dict[str, Any]] = {"tokens": [str], "specials": [str]}

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    @property
    def vocab_size(self) -> int:
        """Number of ids, the special tokens included."""
        return len(self.vocabulary)

    @staticmethod
    @abstractmethod
    def split(text: str) -> list[str]:
        """Split a text into the units of this tokenizer."""

    @classmethod
    def train(
        cls: type[VocabularyTokenizerT],
        texts: str | Iterable[str],
        max_size: int | None = None,
        min_count: int = 1,
    ) -> VocabularyTokenizerT:
        """Build the vocabulary of a text.

        Args:
            texts: One text or many.
            max_size: Largest vocabulary, with the specials ``<unk>``, ``<bos>`` and ``<eos>``; None keeps all.
            min_count: Units that occur less often become ``<unk>``.

        Returns:
            The tokenizer.

        Raises:
            ValueError: If there is no text, or the limits leave nothing.
        """
        units = (unit for text in as_texts(texts) for unit in cls.split(text))
        return cls(Vocabulary.build(units, max_size=max_size, min_count=min_count))

    def encode(self, text: str) -> Int[np.ndarray, " tokens"]:
        """Turn a text into token ids; what the vocabulary does not hold becomes ``<unk>``.

        Args:
            text: Any text.

        Returns:
            The ids, shape [tokens], int32.

        Raises:
            TypeError: If ``text`` is not a string.
        """
        return self.vocabulary.encode(self.split(check_text(text)))

    def _state(self) -> dict[str, Any]:
        return {"tokens": self.vocabulary.tokens, "specials": self.vocabulary.specials}

    @classmethod
    def _from_state(
        cls: type[VocabularyTokenizerT], state: dict[str, Any]
    ) -> VocabularyTokenizerT:
        return cls(Vocabulary(state["tokens"], state["specials"]))


class WordTokenizer(_VocabularyTokenizer):
    """One token a word or punctuation mark; spacing is lost, rare words become ``<unk>``.

    Source: book, chapter 2.

    Example:
        >>> tokenizer = WordTokenizer.train("The cat sat. The dog sat.")
        >>> tokenizer.decode(tokenizer.encode("The bird sat."))
        'The <unk> sat.'
    """

    @staticmethod
    def split(text: str) -> list[str]:
        """Split a text into words and punctuation marks, see `word_tokenize`."""
        return word_tokenize(text)

    def decode(self, ids: Ids) -> str:
        """Turn token ids into readable text, with the spacing that English and Chinese use.

        Args:
            ids: Token ids, shape [tokens].

        Returns:
            The text; its spacing is the usual one, not that of the text which was encoded.

        Raises:
            ValueError: If an id is outside the vocabulary.
            TypeError: If the ids are not integers.
        """
        return detokenize(self.vocabulary.decode(ids))


class CharTokenizer(_VocabularyTokenizer):
    """One token a code point; decoding is exact as long as every character was seen in training.

    Source: book, chapter 2.

    Example:
        >>> tokenizer = CharTokenizer.train("abracadabra")
        >>> tokenizer.encode("bar").tolist(), tokenizer.decode(tokenizer.encode("bar"))
        ([4, 3, 5], 'bar')
    """

    @staticmethod
    def split(text: str) -> list[str]:
        """Split a text into its code points."""
        return list(text)

    def decode(self, ids: Ids) -> str:
        """Turn token ids into text.

        Args:
            ids: Token ids, shape [tokens].

        Returns:
            The characters joined; a special token reads as its name.

        Raises:
            ValueError: If an id is outside the vocabulary.
            TypeError: If the ids are not integers.
        """
        return "".join(self.vocabulary.decode(ids))


class ByteTokenizer(Tokenizer):
    """One token a byte of UTF-8: 256 ids, nothing to train, and no text that it cannot write.

    Source: book, chapter 2.

    Example:
        >>> ByteTokenizer().encode("é").tolist()
        [195, 169]
    """

    @property
    def vocab_size(self) -> int:
        """Always 256."""
        return 256

    def encode(self, text: str) -> Int[np.ndarray, " tokens"]:
        """Turn a text into its UTF-8 bytes.

        Args:
            text: Any text without lone surrogates.

        Returns:
            The bytes as ids, shape [bytes], int32.

        Raises:
            TypeError: If ``text`` is not a string.
            ValueError: If it holds a lone surrogate.
        """
        try:
            data = check_text(text).encode("utf-8")
        except UnicodeEncodeError:
            raise surrogate_error(text) from None
        return np.frombuffer(data, dtype=np.uint8).astype(np.int32)

    def decode(self, ids: Ids, errors: Literal["strict", "replace"] = "replace") -> str:
        """Turn bytes into text.

        Args:
            ids: Bytes, shape [bytes].
            errors: What to do with bytes that are no UTF-8: ``"replace"`` writes U+FFFD, ``"strict"`` raises.

        Returns:
            The text.

        Raises:
            ValueError: If an id is above 255, or ``errors`` is ``"strict"`` and the bytes are no UTF-8.
            TypeError: If the ids are not integers.
        """
        return bytes(check_ids(ids, 256).tolist()).decode("utf-8", errors)

    def _state(self) -> dict[str, Any]:
        return {}

    @classmethod
    def _from_state(cls, state: dict[str, Any]) -> ByteTokenizer:
        return cls()
