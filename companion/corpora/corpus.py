"""The types every corpus of the course comes in: documents, aligned pairs, and splits that do not leak."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Generic, TypeVar

CorpusT = TypeVar("CorpusT")


@dataclass(frozen=True)
class Document:
    """One document of a corpus.

    Attributes:
        id: Identifier, unique in the corpus and the same from run to run.
        text: The text.
        link: Where a reader finds it: an address, or a path relative to the book's site.
        label: Its class, where the corpus is one for classification, e.g. the language of a name.
        group: Documents of one group always lie in the same part of a split; None is a group of its own.
    """

    id: str
    text: str
    link: str | None = None
    label: str | None = None
    group: str | None = None

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError(
                "a document needs a non-empty id: the splits are drawn from it"
            )


@dataclass(frozen=True)
class Pair:
    """One aligned pair.

    Attributes:
        source: The text in one language.
        target: The same content in the other.
        tags: Its properties, by which a split can hold it out, e.g. ``"year:2024"``.
    """

    source: str
    target: str
    tags: frozenset[str] = frozenset()


def _unit_interval(key: str) -> float:
    """Map a string to [0, 1) by its SHA-256: the same on every machine and Python version."""
    return (
        int.from_bytes(hashlib.sha256(key.encode("utf-8")).digest()[:8], "big") / 2**64
    )


def _check_fractions(valid: float, test: float) -> None:
    if not (valid >= 0 and test >= 0 and valid + test < 1):
        raise ValueError(
            f"valid and test are fractions that leave something to train on, got valid={valid}, test={test}; "
            "try valid=0.05, test=0.05"
        )


@dataclass(frozen=True)
class Split(Generic[CorpusT]):
    """Three parts of one corpus that share no document."""

    train: CorpusT
    valid: CorpusT
    test: CorpusT


@dataclass(frozen=True, repr=False)
class Corpus:
    """A collection of documents in one language.

    Attributes:
        name: Short name, e.g. ``"python_docs"``.
        documents: The documents, in a fixed order.
        language: BCP 47 tag, e.g. ``"en"``.
        license: SPDX identifier of the source's license.
        source: Where the text comes from, in words, with the version.
    """

    name: str
    documents: tuple[Document, ...] = field(repr=False)
    language: str
    license: str
    source: str

    def __repr__(self) -> str:
        # A summary: the whole would fill a notebook with megabytes.
        characters = sum(len(document.text) for document in self.documents)
        size = f"{len(self):,} documents, {characters:,} characters"
        return f"<Corpus {self.name!r}: {size}, {self.language}, {self.license}>"

    def __len__(self) -> int:
        return len(self.documents)

    def __iter__(self) -> Iterator[Document]:
        return iter(self.documents)

    @cached_property
    def text(self) -> str:
        """All documents, separated by blank lines."""
        return "\n\n".join(document.text for document in self.documents)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 (first 16 hex digits) of all documents: two equal fingerprints mean equal data."""
        digest = hashlib.sha256()
        for document in self.documents:
            fields = (
                document.id,
                document.text,
                document.link,
                document.label,
                document.group,
            )
            digest.update(
                "\x00".join(field or "" for field in fields).encode() + b"\x01"
            )
        return digest.hexdigest()[:16]

    def where(self, keep: Callable[[Document], bool]) -> Corpus:
        """Return the corpus with only the documents for which ``keep`` is true, in the same order."""
        return replace(
            self,
            documents=tuple(document for document in self.documents if keep(document)),
        )

    def split(self, valid: float = 0.05, test: float = 0.05) -> Split[Corpus]:
        """Split by document: its part is decided by the hash of its group, or else of its id, so it never moves.

        Args:
            valid: Fraction of documents for validation, in expectation.
            test: Fraction of documents for the final test, in expectation.

        Returns:
            Three corpora that share no document and no group.

        Raises:
            ValueError: If the fractions are negative or leave nothing to train on.
        """
        _check_fractions(valid, test)
        place = {
            document.id: _unit_interval(document.group or document.id)
            for document in self.documents
        }
        return Split(
            train=self.where(lambda document: place[document.id] >= valid + test),
            valid=self.where(
                lambda document: test <= place[document.id] < valid + test
            ),
            test=self.where(lambda document: place[document.id] < test),
        )


@dataclass(frozen=True, repr=False)
class ParallelCorpus:
    """A collection of aligned pairs in two languages.

    Attributes:
        name: Short name, e.g. ``"phrasebook"``.
        pairs: The pairs, in a fixed order, no source sentence twice with the same target.
        source_language: BCP 47 tag of ``pair.source``.
        target_language: BCP 47 tag of ``pair.target``.
        license: SPDX identifier of the source's license.
        source: Where the text comes from, in words, with the version.
    """

    name: str
    pairs: tuple[Pair, ...] = field(repr=False)
    source_language: str
    target_language: str
    license: str
    source: str

    def __repr__(self) -> str:
        languages = f"{self.source_language} to {self.target_language}"
        return f"<ParallelCorpus {self.name!r}: {len(self):,} pairs, {languages}, {self.license}>"

    def __len__(self) -> int:
        return len(self.pairs)

    def __iter__(self) -> Iterator[Pair]:
        return iter(self.pairs)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 (first 16 hex digits) of all pairs: two equal fingerprints mean equal data."""
        digest = hashlib.sha256()
        for pair in self.pairs:
            digest.update(f"{pair.source}\x00{pair.target}\x01".encode())
        return digest.hexdigest()[:16]

    def where(self, keep: Callable[[Pair], bool]) -> ParallelCorpus:
        """Return the corpus with only the pairs for which ``keep`` is true, in the same order."""
        return replace(self, pairs=tuple(pair for pair in self.pairs if keep(pair)))

    def split(self, valid: float = 0.05, test: float = 0.05) -> Split[ParallelCorpus]:
        """Split at random by the hash of the source sentence, so that one sentence is in one part only.

        Random splits of generated data are easy: prefer a corpus's own splits that hold out words or combinations.

        Args:
            valid: Fraction of source sentences for validation, in expectation.
            test: Fraction of source sentences for the final test, in expectation.

        Returns:
            Three corpora that share no source sentence.

        Raises:
            ValueError: If the fractions are negative or leave nothing to train on.
        """
        _check_fractions(valid, test)
        place = {pair.source: _unit_interval(pair.source) for pair in self.pairs}
        return Split(
            train=self.where(lambda pair: place[pair.source] >= valid + test),
            valid=self.where(lambda pair: test <= place[pair.source] < valid + test),
            test=self.where(lambda pair: place[pair.source] < test),
        )

    def hold_out(
        self, in_test: Callable[[Pair], bool], valid: float = 0.05
    ) -> Split[ParallelCorpus]:
        """Split by a property: the test is what has it, training and validation have none of it.

        Args:
            in_test: Whether a pair belongs to the test, e.g. ``lambda pair: "year:2024" in pair.tags``.
            valid: Fraction of the other source sentences for validation, in expectation.

        Returns:
            Three corpora that share no source sentence; the validation part is like the training part.

        Raises:
            ValueError: If `valid` is no fraction, or the test or the rest would be empty.

        Example:
            >>> pairs = tuple(Pair(word, word.upper()) for word in ("a", "b", "ccc"))
            >>> corpus = ParallelCorpus("letters", pairs, "en", "en", "CC0-1.0", "written here")
            >>> [pair.target for pair in corpus.hold_out(lambda pair: len(pair.source) > 1, valid=0.0).test]
            ['CCC']
        """
        _check_fractions(valid, 0.0)
        held = {pair.source for pair in self.pairs if in_test(pair)}
        if not held or len(held) == len({pair.source for pair in self.pairs}):
            found = "no pair" if not held else "every pair"
            raise ValueError(
                f"{found} of corpus {self.name!r} is to be held out; choose some pairs, not {found}"
            )
        place = {
            pair.source: _unit_interval(f"valid/{pair.source}") for pair in self.pairs
        }
        return Split(
            train=self.where(
                lambda pair: pair.source not in held and place[pair.source] >= valid
            ),
            valid=self.where(
                lambda pair: pair.source not in held and place[pair.source] < valid
            ),
            test=self.where(lambda pair: pair.source in held),
        )
