"""N-gram models: training and scoring against NLTK and KenLM, and peak memory, with the results compared."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import tracemalloc
from collections.abc import Callable
from itertools import accumulate, chain, pairwise
from pathlib import Path

import numpy as np

try:  # sets one thread a side, before the peers are imported
    from harness import Row, paired
except ModuleNotFoundError:  # imported from the tests, not run from this folder
    from benchmarks.harness import Row, paired

from companion.corpora import python_docs, python_source
from companion.corpora.corpus import Corpus
from companion.models.ngram import NGramModel
from companion.models.smoothing import Smoothing

Sentence = list[str]
UNK, BOS, EOS = "<unk>", "<s>", "</s>"
NLTK_TOKENS = 100_000  # NLTK takes a minute for more
NLTK_SCORED = 60  # and seconds for each hundred tokens that it scores


def sentences_of(corpus: Corpus, limit: int | None = None) -> list[Sentence]:
    """The lines of a corpus as words between blanks, the way KenLM reads them."""
    found, size = [], 0
    for document in corpus.documents:
        for line in document.text.splitlines():
            words = [w for w in line.split() if w not in (UNK, BOS, EOS)]
            if words:
                found.append(words)
                size += len(words)
        if limit is not None and size >= limit:
            break
    return found


class Numbers(dict[str, int]):
    """Ids of words; a word that is not there is <unk>."""

    def __missing__(self, word: str) -> int:
        return 0


def number(sentences: list[Sentence]) -> Numbers:
    """The vocabulary in the order of first appearance, special tokens first."""
    words = dict.fromkeys(chain((UNK, BOS, EOS), chain.from_iterable(sentences)))
    return Numbers(zip(words, range(len(words)), strict=True))


def encode(sentences: list[Sentence], ids: Numbers) -> list[np.ndarray]:
    """Sentences as ids, from <s> to </s>."""
    padded = chain.from_iterable(([BOS], s, [EOS]) for s in sentences)
    flat = np.fromiter(map(ids.__getitem__, chain.from_iterable(padded)), np.int32)
    ends = accumulate((len(s) + 2 for s in sentences), initial=0)
    return [flat[start:end] for start, end in pairwise(ends)]


def lmplz_path() -> str | None:
    """Where KenLM's estimation program is, if it is."""
    return os.environ.get("COURSE_LMPLZ") or shutil.which("lmplz")


def per_second(tokens: int, seconds: float) -> str:
    """A speed as people read it."""
    speed = tokens / seconds
    return f"{speed / 1e6:.2f} M tokens/s" if speed >= 1e5 else f"{speed:,.0f} tokens/s"


def against_nltk(data: str, sentences: list[Sentence], pairs: int) -> list[Row]:
    """Kneser-Ney of order 3: ours from ids, theirs from words, each as it takes them."""
    from nltk.lm import KneserNeyInterpolated
    from nltk.util import everygrams

    part, size = [], 0
    for sentence in sentences:
        part.append(sentence)
        size += len(sentence)
        if size >= NLTK_TOKENS:
            break
    ids = number(part)
    padded = [[BOS, BOS, *s] for s in part]
    numbered = [np.array([ids[w] for w in s]) for s in padded]
    smoothing = Smoothing("kneser-ney", discount=0.75, uniform=False)

    def ours() -> NGramModel:
        return NGramModel.fit(numbered, 3, len(ids), smoothing=smoothing)

    def theirs() -> KneserNeyInterpolated:
        model = KneserNeyInterpolated(3, discount=0.75)
        model.fit([everygrams(s, max_len=3) for s in padded], vocabulary_text=list(ids))
        return model

    tokens = sum(map(len, padded))
    mine, peer, ratio = paired(ours, theirs, pairs=pairs)
    rows = [
        Row(
            "Kneser-Ney order 3, training", data, "nltk.lm", per_second(tokens, mine), per_second(tokens, peer),
            ratio, goal=40, pairs=pairs,
        )
    ]  # fmt: skip

    model, reference = ours(), theirs()
    picked = [(i, t) for i, s in enumerate(padded) for t in range(3, len(s))]
    chosen = [
        picked[k] for k in np.linspace(0, len(picked) - 1, NLTK_SCORED).astype(int)
    ]
    questions = [(padded[i][t], padded[i][t - 2 : t]) for i, t in chosen]
    flat = model.log_prob(numbered)
    for (word, context), (i, t) in zip(questions, chosen, strict=True):
        assert abs(np.exp(flat[i][t]) - reference.score(word, context)) < 1e-6

    def score_theirs() -> list[float]:
        return [reference.score(word, context) for word, context in questions]

    mine, peer, ratio = paired(
        lambda: model.log_prob(numbered), score_theirs, pairs=pairs
    )
    rows.append(
        Row(
            "Kneser-Ney order 3, scoring", data, "nltk.lm", per_second(tokens, mine),
            per_second(len(questions), peer), ratio * tokens / len(questions), goal=1000, pairs=pairs,
        )
    )  # fmt: skip
    return rows


def against_kenlm(data: str, sentences: list[Sentence], pairs: int) -> list[Row]:
    """Modified Kneser-Ney of order 3: estimation against lmplz, scoring against the Python binding."""
    program = lmplz_path()
    if program is None:
        return []
    import kenlm

    ids = number(sentences)
    numbered = encode(sentences, ids)
    tokens = sum(map(len, numbered))
    with tempfile.TemporaryDirectory() as scratch:
        text, arpa = Path(scratch) / "text", Path(scratch) / "model.arpa"
        text.write_text("\n".join(map(" ".join, sentences)) + "\n", encoding="utf-8")

        def lmplz() -> None:
            command = [
                program,
                "-o",
                "3",
                "-S",
                "1G",
                "-T",
                scratch,
                "--text",
                str(text),
                "--arpa",
                str(arpa),
            ]
            subprocess.run(
                [*command, "--discount_fallback"], check=True, capture_output=True
            )

        def from_ids() -> NGramModel:
            return NGramModel.fit(numbered, 3, len(ids), bos_id=1)

        def from_text() -> None:
            lines = [
                line.split() for line in text.read_text(encoding="utf-8").splitlines()
            ]
            known = number(lines)
            model = NGramModel.fit(encode(lines, known), 3, len(known), bos_id=1)
            model.save(Path(scratch) / "model.npz")

        rows = []
        # Splitting text into words is Python's part of the second row: it is there to be known.
        for name, ours, goal in (
            ("ids to model", from_ids, 3),
            ("text file to model file", from_text, None),
        ):
            mine, peer, ratio = paired(ours, lmplz, pairs=pairs)
            rows.append(
                Row(
                    f"modified Kneser-Ney order 3, training, {name}", data, "KenLM lmplz",
                    per_second(tokens, mine), per_second(tokens, peer), ratio, goal=goal, pairs=pairs,
                )
            )  # fmt: skip
        model, reference = from_ids(), kenlm.Model(str(arpa))
    part = slice(0, 20_000)
    strings, arrays = [" ".join(s) for s in sentences[part]], numbered[part]
    ours_total = np.array([logs.sum() for logs in model.log_prob(arrays)]) / np.log(10)
    theirs_total = np.array([reference.score(s) for s in strings])
    # KenLM reads seven digits from the ARPA file; the longest lines have hundreds of words.
    assert np.allclose(ours_total, theirs_total, rtol=1e-3, atol=1e-2)
    scored = sum(map(len, arrays)) - len(arrays)
    sides: dict[str, Callable[[], object]] = {
        "ids": lambda: model.log_prob(arrays),
        "words": lambda: model.log_prob(encode(sentences[part], ids)),
    }
    for name, ours_scoring in sides.items():
        mine, peer, ratio = paired(
            ours_scoring, lambda: [reference.score(s) for s in strings], pairs=pairs
        )
        rows.append(
            Row(
                f"modified Kneser-Ney order 3, scoring {name}", data, "KenLM, Python binding",
                per_second(scored, mine), per_second(scored, peer), ratio, goal=0.3, pairs=pairs,
            )
        )  # fmt: skip
    return rows


def memory(data: str, sentences: list[Sentence]) -> list[Row]:
    """Peak memory of training, per different n-gram, the input not counted."""
    ids = number(sentences)
    numbered = encode(sentences, ids)
    rows = []
    for order in (3, 5):
        tracemalloc.start()
        model = NGramModel.fit(numbered, order, len(ids), bos_id=1)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        grams = sum(model.ngrams_per_order)
        rows.append(
            Row(
                f"peak memory of training, order {order}", data, "-", f"{peak / 1e6:.0f} MB for {grams / 1e6:.2f} M",
                "-", peak / grams, goal=40, at_least=False, unit="B/n-gram", pairs=1,
            )
        )  # fmt: skip
    return rows


def run(quick: bool) -> list[Row]:
    """Time and weigh on prose and on code.

    Args:
        quick: Whether a small part of the text and few pairs will do: to see that it works, not for figures.

    Returns:
        Rows against NLTK; against KenLM where lmplz is built; and of memory.
    """
    pairs = 2 if quick else 7
    rows = []
    for corpus in (python_docs("raw"), python_source()):
        sentences = sentences_of(corpus, 20_000 if quick else None)
        data = f"{corpus.name}, {sum(map(len, sentences)) / 1e6:.2f} M words"
        rows += against_nltk(data, sentences[: 2000 if quick else None], pairs)
        rows += against_kenlm(data, sentences, pairs)
        rows += memory(data, sentences)
    return rows
