"""Sentence pairs in both directions with places for words that are to be copied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import regex
from jaxtyping import Int

from companion.text.parallel import PAD, PairEncoder
from companion.text.vocabulary import BOS, EOS, UNK, Vocabulary

LANGUAGES = ("en", "zh")
SLOTS = 8

# An address; a Chinese character; a number with its marks; 's; a word of letters; any other visible character.
_PIECE = regex.compile(
    r"https?://[^\s\p{Han}]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\p{Han}|\p{N}+(?:[.,:/-]\p{N}+)*|['’]s\b|"
    r"[\p{L}\p{M}--\p{Han}]+(?:['’](?!s\b)[\p{L}\p{M}--\p{Han}]+)*|\S",
    regex.V1,
)
_HAN = regex.compile(r"\p{Han}+")
_TIGHT = frozenset(".,?!;:%)]}'’”-") | {"'s", "’s"}


def mixed_pieces(text: str) -> list[str]:
    """Split a sentence of English or Chinese, keeping numbers and addresses whole.

    Args:
        text: A sentence.

    Returns:
        Words, Chinese characters, whole numbers, addresses, the possessive 's, and single marks.

    Example:
        >>> mixed_pieces("Anna's 1,250 books")
        ['Anna', "'s", '1,250', 'books']
    """
    return [match.group() for match in _PIECE.finditer(text)]


class Prepared(NamedTuple):
    """A sentence as the encoder reads it.

    Attributes:
        text: Its pieces with spaces between them: the language that is wanted first, slots for unknown ones.
        pieces: The pieces themselves, without the language.
        copies: What each slot stands for.
    """

    text: str
    pieces: tuple[str, ...]
    copies: tuple[str, ...]


def slot(number: int) -> str:
    """Return the token of a slot, from 0 on."""
    return f"<{number + 1}>"


def wanted(language: str) -> str:
    """Return the token that asks for a language."""
    return f"<{language}>"


class CopyEncoder(PairEncoder):
    """Encodes pairs of both directions with one vocabulary; words that it lacks get numbered slots on both sides.

    "Barbara calls Yusuf." is read as ``<1> calls <2> .``, and what is written, ``<1> 给 <2> 打 电 话 。``, gets the
    words back. An English sentence begins with a small letter where the vocabulary has that form.

    Args:
        vocabulary: The tokens; `CopyEncoder.collect` makes it.

    Source: the numbered slots: Luong, Sutskever, Le, Vinyals & Zaremba (2015), section 3.1.

    Example:
        >>> encoder = CopyEncoder.collect([("I see Anna.", "我看安娜。")])
        >>> encoder.prepare("I see Barbara.", "zh").text
        '<zh> I see <1> .'
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__(vocabulary, vocabulary)
        self.slots = sum(slot(k) in vocabulary for k in range(SLOTS))

    @classmethod
    def collect(
        cls, pairs: Iterable[tuple[str, str]], slots: int = SLOTS
    ) -> CopyEncoder:
        """Collect the vocabulary of English-Chinese pairs.

        Args:
            pairs: English and Chinese sentences.
            slots: Number of different unknown words of a sentence that can be copied; 0 leaves them ``<unk>``.

        Returns:
            The encoder.

        Raises:
            ValueError: If there is no pair, or ``slots`` is not between 0 and 8.
        """
        if not 0 <= slots <= SLOTS:
            raise ValueError(f"slots must be between 0 and {SLOTS}, got {slots}")
        listed = [(mixed_pieces(en), mixed_pieces(zh)) for en, zh in pairs]
        if not listed:
            raise ValueError("there is no pair to collect a vocabulary from")
        inside = {word for en, _ in listed for word in en[1:]}
        for en, _ in listed:
            if en and en[0].lower() in inside:
                en[0] = en[0].lower()
        specials = [PAD, UNK, BOS, EOS, *map(wanted, LANGUAGES)]
        specials += [slot(k) for k in range(slots)]
        tokens = (piece for pair in listed for side in pair for piece in side)
        return cls(Vocabulary.build(tokens, specials=specials))

    def split(self, text: str, language: str) -> list[str]:
        """Split a sentence; neighboring Chinese characters that are not known are one piece."""
        found = mixed_pieces(text)
        if language == "en":
            if found and found[0].lower() in self.source:
                found[0] = found[0].lower()
            return [self._known_case(piece) for piece in found]
        runs: list[str] = []
        open_run = False
        for piece in found:
            unknown = piece not in self.source and bool(_HAN.fullmatch(piece))
            if unknown and open_run:
                runs[-1] += piece
            else:
                runs.append(piece)
            open_run = unknown
        return runs

    def _known_case(self, piece: str) -> str:
        """Return the piece, or the form of it in small letters or with a capital, whichever is known."""
        forms = (piece, piece.lower(), piece.capitalize())
        return next((form for form in forms if form in self.source), piece)

    def prepare(self, text: str, to: str) -> Prepared:
        """Turn a sentence into what is encoded.

        Args:
            text: A sentence.
            to: The language it is to be translated into, ``"en"`` or ``"zh"``.

        Returns:
            The prepared sentence.

        Raises:
            ValueError: If the language is another one, or the sentence holds nothing.
        """
        if to not in LANGUAGES:
            raise ValueError(
                f"to must be one of {', '.join(LANGUAGES)}, got {to!r}: the course translates between these two"
            )
        found = self.split(text, "zh" if to == "en" else "en")
        if not found:
            raise ValueError(f"there is nothing to translate in {text!r}")
        copies = list(dict.fromkeys(p for p in found if p not in self.source))
        copies = copies[: self.slots]
        numbered = {piece: slot(k) for k, piece in enumerate(copies)}
        tokens = [wanted(to), *(numbered.get(piece, piece) for piece in found)]
        return Prepared(" ".join(tokens), tuple(found), tuple(copies))

    def prepare_pair(self, source: str, target: str, to: str) -> tuple[str, str]:
        """Turn a sentence and its translation into what `batches` takes; a slot is the same word on both sides."""
        read = self.prepare(source, to)
        numbered = {piece: slot(k) for k, piece in enumerate(read.copies)}
        found = self.split(target, to)
        return read.text, " ".join(numbered.get(piece, piece) for piece in found)

    def source_ids(self, text: str) -> Int[np.ndarray, " tokens"]:
        """Return the ids of a prepared sentence, shape [tokens]."""
        return self.source.encode(text.split())

    def target_ids(self, text: str) -> Int[np.ndarray, " tokens"]:
        """Return the ids of a prepared translation from ``<bos>`` to ``<eos>``, shape [tokens + 2]."""
        return self.target.encode([BOS, *text.split(), EOS])

    def written(
        self, ids: Sequence[int] | np.ndarray, copies: Sequence[str] = ()
    ) -> list[str]:
        """Return the pieces of a translation, with the copied words in the place of their slots.

        Args:
            ids: Token ids; what stands behind ``<eos>`` is dropped.
            copies: What each slot stands for.

        Returns:
            The pieces.
        """
        numbered = {slot(k): piece for k, piece in enumerate(copies)}
        found: list[str] = []
        for piece in self.target.decode(np.array(ids, dtype=np.int64)):
            if piece == EOS:
                break
            if piece not in (PAD, BOS):
                found.append(numbered.get(piece, piece))
        return found


def joined(pieces: Sequence[str], language: str) -> str:
    """Join the pieces of a sentence as its language writes them.

    Example:
        >>> joined(["Anna", "'s", "book", "."], "en"), joined(["我", "爱", "Li", "Bai", "。"], "zh")
        ("Anna's book.", '我爱Li Bai。')
    """
    text = ""
    for piece in pieces:
        if language == "en":
            space = bool(text) and piece not in _TIGHT and text[-1] not in "([{-"
        else:  # between two words of letters or numbers
            space = bool(text) and text[-1].isalnum() and piece[0].isalnum()
            space = space and not (_HAN.match(text[-1]) or _HAN.match(piece[0]))
        text += " " * space + piece
    return text[:1].upper() + text[1:] if language == "en" else text
