"""A text as a bag: how often each n-gram of words and of characters occurs, in the columns of a sparse matrix."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
import regex
from jaxtyping import Float, Int, UInt

from companion.text.words import word_tokenize

_HAN = regex.compile(r"(\p{Han})")
_SPACE = regex.compile(r"\s+")
# Odd and with bits in both halves: products spread over all 64 bits.
_PRIME = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class SparseRows:
    """A matrix of which only the numbers that are not zero are kept, row by row.

    Attributes:
        starts: Where each row begins in the other two, and at last their length, shape [rows + 1].
        columns: Column of each number, ascending within a row, shape [numbers].
        values: The numbers, shape [numbers].
        width: Number of columns.
    """

    starts: Int[np.ndarray, " rows_and_end"]
    columns: Int[np.ndarray, " numbers"]
    values: Float[np.ndarray, " numbers"]
    width: int

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def rows(self) -> Int[np.ndarray, " numbers"]:
        """Row of each number, shape [numbers]."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    def dense(self) -> Float[np.ndarray, "rows width"]:
        """Return the matrix with its zeros, shape [rows, width]."""
        full = np.zeros((len(self), self.width))
        full[self.rows, self.columns] = self.values
        return full

    def times(
        self, matrix: Float[np.ndarray, "width d"]
    ) -> Float[np.ndarray, "rows d"]:
        """Return the product with a matrix of shape [width, d], shape [rows, d].

        Example:
            >>> rows = SparseRows(np.array([0, 2, 2]), np.array([0, 2]), np.array([1.0, 5.0]), 3)
            >>> rows.times(np.array([[1.0], [10.0], [100.0]])).tolist()
            [[501.0], [0.0]]
        """
        out = np.zeros((len(self), matrix.shape[1]), dtype=matrix.dtype)
        filled = np.diff(self.starts) > 0
        if filled.any():
            terms = matrix[self.columns] * self.values[:, None].astype(matrix.dtype)
            out[filled] = np.add.reduceat(terms, self.starts[:-1][filled], axis=0)
        return out

    def restricted(self, kept: Int[np.ndarray, " kept"]) -> SparseRows:
        """Return the matrix with only some of its columns, given in ascending order and numbered anew from 0."""
        place = np.searchsorted(kept, self.columns)
        inside = place < len(kept)
        inside[inside] = kept[place[inside]] == self.columns[inside]
        starts = np.concatenate([[0], np.cumsum(inside)])[self.starts]
        return SparseRows(starts, place[inside], self.values[inside], len(kept))

    def transposed(self) -> SparseRows:
        """Return the matrix with rows and columns exchanged."""
        order = np.argsort(self.columns, kind="stable")
        starts = np.searchsorted(self.columns[order], np.arange(self.width + 1))
        return SparseRows(starts, self.rows[order], self.values[order], len(self))

    def take(self, rows: Int[np.ndarray, " taken"]) -> SparseRows:
        """Return some of the rows, in the given order."""
        lengths = np.diff(self.starts)[rows]
        starts = np.concatenate([[0], np.cumsum(lengths)])
        place = np.arange(starts[-1]) + np.repeat(
            self.starts[:-1][rows] - starts[:-1], lengths
        )
        return SparseRows(starts, self.columns[place], self.values[place], self.width)

    def scaled(self, factors: Float[np.ndarray, " width"]) -> SparseRows:
        """Return the matrix with every column multiplied by its factor, shape [width]."""
        values = self.values * factors[self.columns]
        return SparseRows(self.starts, self.columns, values, self.width)

    def unit_length(self) -> SparseRows:
        """Return the matrix with every row divided by its length; a row of zeros stays."""
        squares = np.bincount(self.rows, self.values**2, minlength=len(self))
        length = np.sqrt(np.maximum(squares, np.finfo(float).tiny))
        values = self.values / length[self.rows]
        return SparseRows(self.starts, self.columns, values, self.width)


def bag_words(text: str) -> list[str]:
    """Return the words and marks of a text in small letters; a Chinese character counts as a word.

    Example:
        >>> bag_words("I like 电影!")
        ['i', 'like', '电', '影', '!']
    """
    return word_tokenize(_HAN.sub(r" \1 ", text.lower()))


def bag_characters(text: str) -> str:
    """Return the text in small letters, with one space wherever there is white space, and one at both ends.

    Example:
        >>> bag_characters("New York")
        ' new york '
    """
    return f" {_SPACE.sub(' ', text.strip()).lower()} "


def _grams(
    codes: UInt[np.ndarray, " n"],
    text: Int[np.ndarray, " n"],
    orders: Iterable[int],
    salt: int,
) -> Iterator[tuple[UInt[np.ndarray, " g"], Int[np.ndarray, " g"]]]:
    """Yield, for each order, the hash of every run of codes within one text, and the number of its text."""
    for order in orders:
        count = len(codes) - order + 1
        if count < 1:
            return
        mixed = np.full(count, salt * 64 + order, dtype=np.uint64)
        for k in range(order):
            mixed = (mixed ^ codes[k : k + count]) * _PRIME
            mixed ^= mixed >> np.uint64(29)
        within = text[:count] == text[order - 1 :]
        yield mixed[within], text[:count][within]


@dataclass(frozen=True)
class NgramFeatures:
    """Which n-grams are counted, and into how many columns.

    The column of an n-gram is a hash of it: there is no list of n-grams to keep, and two may fall into one column.

    Attributes:
        words: Least and greatest number of words in an n-gram; None counts none.
        characters: Least and greatest number of characters, spaces among them; None counts none.
        buckets: Number of columns.

    Source: Weinberger et al. (2009).

    Example:
        >>> features = NgramFeatures(words=(1, 2), characters=None)
        >>> float(features.count(["to be or not to be"]).values.sum())  # 6 words and 5 pairs
        11.0
    """

    words: tuple[int, int] | None = (1, 2)
    characters: tuple[int, int] | None = (1, 4)
    buckets: int = 2**18

    def __post_init__(self) -> None:
        if self.words is None and self.characters is None:
            raise ValueError("count n-grams of words, of characters, or of both")
        for name in ("words", "characters"):
            span = getattr(self, name)
            if span is not None and not 1 <= span[0] <= span[1] <= 32:
                raise ValueError(
                    f"{name} must be the least and the greatest length, such as (1, 2), got {span}"
                )
        if self.buckets < 1:
            raise ValueError(f"buckets must be at least 1, got {self.buckets}")

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> NgramFeatures:
        """Make it from what ``dataclasses.asdict`` made of it, JSON's lists for tuples included."""
        spans = {
            name: None if state[name] is None else (state[name][0], state[name][1])
            for name in ("words", "characters")
        }
        return cls(**spans, buckets=state["buckets"])

    def count(self, texts: Sequence[str]) -> SparseRows:
        """Count the n-grams of texts.

        Args:
            texts: Any texts; one without an n-gram is a row of zeros.

        Returns:
            One row a text, one column a bucket.

        Raises:
            TypeError: If ``texts`` is one string.
        """
        if isinstance(texts, str):
            raise TypeError("several texts are expected, got one string: use [text]")
        found, owners = [np.empty(0, np.uint64)], [np.empty(0, np.int64)]
        for span, units, salt in (
            (self.words, _word_codes, 1),
            (self.characters, _character_codes, 2),
        ):
            if span is None:
                continue
            parts = [units(text) for text in texts]
            codes = np.concatenate([np.empty(0, np.uint64), *parts])
            owner = np.repeat(np.arange(len(texts)), [len(part) for part in parts])
            for mixed, where in _grams(codes, owner, range(span[0], span[1] + 1), salt):
                found.append(mixed % np.uint64(self.buckets))
                owners.append(where)
        cell = np.concatenate(owners) * self.buckets
        cells, counts = np.unique(
            cell + np.concatenate(found).astype(np.int64), return_counts=True
        )
        row, columns = np.divmod(cells, self.buckets)
        starts = np.searchsorted(row, np.arange(len(texts) + 1))
        return SparseRows(starts, columns, counts.astype(float), self.buckets)

    def names(self, texts: Sequence[str]) -> dict[int, list[str]]:
        """Tell which n-grams of some texts fall into which column, to look inside a model.

        Args:
            texts: The texts.

        Returns:
            For each column its n-grams; those of words are joined by ``" + "``, those of characters are in quotes.

        Example:
            >>> sorted(sum(NgramFeatures((1, 2), None).names(["New York"]).values(), []))
            ['new', 'new + york', 'york']
        """
        found: defaultdict[int, set[str]] = defaultdict(set)
        for span, split, codes_of, salt, shown in (
            (self.words, bag_words, _word_codes, 1, " + ".join),
            (self.characters, bag_characters, _character_codes, 2, _quoted),
        ):
            if span is None:
                continue
            for text in texts:
                units, codes = split(text), codes_of(text)
                for order in range(span[0], span[1] + 1):
                    owner = np.zeros(len(codes), dtype=np.int64)
                    for mixed, _ in _grams(codes, owner, range(order, order + 1), salt):
                        for i, column in enumerate(mixed % np.uint64(self.buckets)):
                            found[int(column)].add(shown(units[i : i + order]))
        return {column: sorted(grams) for column, grams in found.items()}


def _quoted(gram: Sequence[str]) -> str:
    return f"'{''.join(gram)}'"


def _word_codes(text: str) -> UInt[np.ndarray, " words"]:
    words = bag_words(text)
    return np.array(
        [crc32(word.encode("utf-8", "surrogatepass")) for word in words], np.uint64
    )


def _character_codes(text: str) -> UInt[np.ndarray, " characters"]:
    data = bag_characters(text).encode("utf-32-le", "surrogatepass")
    return np.frombuffer(data, dtype="<u4").astype(np.uint64)


@dataclass(frozen=True)
class Tfidf:
    """Weights that make rare n-grams count more, and every text as long as every other.

    Attributes:
        idf: 1 + ln((1 + texts) / (1 + texts that hold it)) for each column, shape [width].

    Source: Sparck Jones (1972) for the idea; this form is the one scikit-learn computes by default.
    """

    idf: Float[np.ndarray, " width"]

    @classmethod
    def fit(cls, counts: SparseRows) -> Tfidf:
        """Weigh the columns of a matrix of counts, one row a text.

        Example:
            >>> counts = NgramFeatures((1, 1), None).count(["to be", "to do"])
            >>> sorted(set(Tfidf.fit(counts).idf.round(2).tolist()))  # in two texts, in one, in none
            [1.0, 1.41, 2.1]
        """
        holding = np.bincount(counts.columns, minlength=counts.width)
        return cls(1 + np.log((1 + len(counts)) / (1 + holding)))

    def weigh(self, counts: SparseRows, sublinear: bool = False) -> SparseRows:
        """Return the counts times the weights, every row divided by its length.

        Args:
            counts: One row a text.
            sublinear: Whether 1 + ln(count) stands for a count.
        """
        if sublinear:
            values = 1 + np.log(counts.values)
            counts = SparseRows(counts.starts, counts.columns, values, counts.width)
        return counts.scaled(self.idf).unit_length()
