"""WordPiece, BERT's tokenizer: words in lower case without accents, each cut into the longest known pieces."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import regex
from jaxtyping import Int

from companion.text._storage import Ids, check_ids, check_text
from companion.text.tokenizer import Tokenizer
from companion.text.vocabulary import Vocabulary

SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_CONTINUES = "##"
# The characters that BERT sets apart because their languages write no spaces; kana and hangul are not among them.
_IDEOGRAPH = regex.compile(
    "[\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U0002a6df\U0002a700-\U0002b73f"
    "\U0002b740-\U0002b81f\U0002b920-\U0002ceaf\uf900-\ufaff\U0002f800-\U0002fa1f]"
)
_CONTROL = regex.compile(r"[\ufffd\p{Cf}\p{Co}[\p{Cc}--[\t\n\r]]]", regex.V1)
_MARK = regex.compile(r"\p{Mn}")
_WORD = regex.compile(r"[\p{P}$+<=>^`|~]|[^\s\p{P}$+<=>^`|~]+")


def basic_tokenize(text: str, lower: bool = True) -> list[str]:
    """Cut a text into words, punctuation marks and single Chinese characters.

    Args:
        text: Any text.
        lower: Whether to write it in lower case and to take the accents off.

    Returns:
        The words, without white space and without control characters.

    Source: Devlin et al. (2019), the released tokenizer.

    Example:
        >>> basic_tokenize("Café, 我爱 NLP")
        ['cafe', ',', '我', '爱', 'nlp']
    """
    text = _CONTROL.sub("", check_text(text))
    text = _IDEOGRAPH.sub(r" \g<0> ", text)
    if lower:
        text = _MARK.sub("", unicodedata.normalize("NFD", text))
        # One character at a time: Python's lower() of a whole word writes a final sigma in another way.
        text = "".join(map(str.lower, text))
    return [match.group() for match in _WORD.finditer(text)]


class WordPieceTokenizer(Tokenizer):
    """Cuts each word into the longest pieces of a given vocabulary, from left to right.

    A piece that continues a word begins with ``##``. A word that cannot be cut is ``[UNK]`` as a whole.

    Args:
        tokens: The pieces in the order of their ids, among them the five of `SPECIALS`.
        lower: Whether text is written in lower case and without accents first.
        longest_word: Words of more characters are ``[UNK]``.

    Raises:
        ValueError: If a special token is missing or a token occurs twice.

    Source: Devlin et al. (2019), section 3; Wu et al. (2016), section 4.1.

    Example:
        >>> tokenizer = WordPieceTokenizer([*SPECIALS, "token", "##izer", "##s"])
        >>> tokenizer.pieces("Tokenizers tokenize [MASK]")
        ['token', '##izer', '##s', '[UNK]', '[MASK]']
        >>> tokenizer.sentence("Tokens").tolist()
        [2, 5, 7, 3]
    """

    _fields: ClassVar[dict[str, Any]] = {
        "tokens": [str],
        "lower": bool,
        "longest_word": int,
    }

    def __init__(
        self, tokens: Sequence[str], lower: bool = True, longest_word: int = 100
    ) -> None:
        missing = [special for special in SPECIALS if special not in tokens]
        if missing:
            raise ValueError(
                f"the vocabulary lacks {', '.join(missing)}: is it the vocab.txt of a BERT?"
            )
        self.vocabulary = Vocabulary(tokens, SPECIALS)
        self.lower, self.longest_word = lower, longest_word
        self.pad_id, self.unk_id, self.cls_id, self.sep_id, self.mask_id = map(
            self.vocabulary.id, SPECIALS
        )
        self._special = regex.compile("(" + "|".join(map(regex.escape, SPECIALS)) + ")")
        self._cache: dict[str, list[str]] = {}

    @classmethod
    def read(cls, path: str | Path, lower: bool = True) -> WordPieceTokenizer:
        """Read the ``vocab.txt`` of a BERT, one piece a line.

        Args:
            path: The file.
            lower: Whether the model is one without upper case.

        Returns:
            The tokenizer.

        Raises:
            FileNotFoundError: If there is no such file.
            ValueError: If it is no such vocabulary.
        """
        lines = Path(path).read_text(encoding="utf-8").split("\n")
        return cls([line.rstrip("\r") for line in lines if line.strip()], lower)

    @property
    def vocab_size(self) -> int:
        """Number of ids, the special tokens included."""
        return len(self.vocabulary)

    def _cut(self, word: str) -> list[str]:
        """Cut one word, longest piece first."""
        if len(word) > self.longest_word:
            return ["[UNK]"]
        found, start = [], 0
        while start < len(word):
            mark = _CONTINUES if start else ""
            ends = range(len(word), start, -1)
            known = (e for e in ends if mark + word[start:e] in self.vocabulary)
            end = next(known, None)
            if end is None:
                return ["[UNK]"]
            found.append(mark + word[start:end])
            start = end
        return found

    def pieces(self, text: str) -> list[str]:
        """Cut a text into pieces.

        Args:
            text: Any text; a special token written out in it, such as ``[MASK]``, is taken for one.

        Returns:
            The pieces as strings.

        Raises:
            TypeError: If ``text`` is not a string.
        """
        found: list[str] = []
        for k, part in enumerate(self._special.split(check_text(text))):
            if k % 2:
                found.append(part)
                continue
            for word in basic_tokenize(part, self.lower):
                if word not in self._cache:
                    if len(self._cache) > 1 << 16:
                        self._cache.clear()
                    self._cache[word] = self._cut(word)
                found += self._cache[word]
        return found

    def encode(self, text: str) -> Int[np.ndarray, " tokens"]:
        """Turn a text into token ids, without ``[CLS]`` and ``[SEP]``.

        Args:
            text: Any text.

        Returns:
            The ids, shape [tokens], int32.

        Raises:
            TypeError: If ``text`` is not a string.
        """
        return self.vocabulary.encode(self.pieces(text))

    def sentence(
        self, text: str, max_length: int | None = None
    ) -> Int[np.ndarray, " tokens"]:
        """Turn a text into what BERT reads: ``[CLS]``, its ids, ``[SEP]``.

        Args:
            text: Any text.
            max_length: Most ids in all; what is longer loses its end, ``[SEP]`` stays.

        Returns:
            The ids, shape [tokens], int32.

        Raises:
            ValueError: If ``max_length`` leaves no room for the two.
        """
        if max_length is not None and max_length < 2:
            raise ValueError(
                f"max_length must leave room for [CLS] and [SEP], got {max_length}"
            )
        ids = self.encode(text)
        if max_length is not None:
            ids = ids[: max_length - 2]
        framed: np.ndarray = np.concatenate([[self.cls_id], ids, [self.sep_id]])
        return framed.astype(np.int32)

    def decode(self, ids: Ids) -> str:
        """Turn token ids into text: pieces joined to words, words with a space between.

        Args:
            ids: Token ids, shape [tokens].

        Returns:
            The text, as it was left by lower-casing; ``[UNK]`` stays visible.

        Raises:
            ValueError: If an id is outside the vocabulary.
            TypeError: If the ids are not integers.
        """
        pieces = self.vocabulary.decode(check_ids(ids, self.vocab_size))
        return " ".join(pieces).replace(" " + _CONTINUES, "")

    def _state(self) -> dict[str, Any]:
        return {
            "tokens": self.vocabulary.tokens,
            "lower": self.lower,
            "longest_word": self.longest_word,
        }

    @classmethod
    def _from_state(cls, state: dict[str, Any]) -> WordPieceTokenizer:
        return cls(state["tokens"], state["lower"], state["longest_word"])
