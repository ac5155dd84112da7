"""Byte-pair encoding: training against Hugging Face tokenizers, encoding against tiktoken, results compared."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np

try:  # sets one thread a side, before the peers are imported
    from harness import Row, paired
except ModuleNotFoundError:  # imported from the tests, not run from this folder
    from benchmarks.harness import Row, paired

from companion.corpora import python_docs, python_source
from companion.text import GPT2_PATTERN, BPETokenizer
from companion.text.bpe_training import BYTE_ORDER

MERGES = 8192
BYTES = 5_000_000


def corpora(quick: bool) -> dict[str, list[str]]:
    """The documents of each corpus, cut at 5 MB (python_docs has less)."""
    limit = BYTES // 20 if quick else BYTES
    cut: dict[str, list[str]] = {}
    for corpus in (python_docs("raw"), python_source()):
        texts, size = [], 0
        for document in corpus.documents:
            texts.append(document.text)
            size += len(document.text.encode("utf-8"))
            if size >= limit:
                break
        cut[f"{corpus.name}, {size / 1e6:.1f} MB"] = texts
    return cut


def huggingface_training(texts: list[str], vocab_size: int) -> Callable[[], object]:
    """A call that trains their tokenizer as ours is trained."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    def train() -> Tokenizer:
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        trainer = trainers.BpeTrainer(
            vocab_size=vocab_size,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        )
        tokenizer.train_from_iterator(texts, trainer)
        return tokenizer

    return train


def merges_of(trained: object) -> list[list[bytes]]:
    """Their merges, with the letters by which they write bytes turned back into bytes."""
    letters = [chr(byte) for byte in BYTE_ORDER[:188]] + [
        chr(256 + i) for i in range(256 - 188)
    ]
    byte_of = dict(zip(letters, BYTE_ORDER, strict=True))
    model = json.loads(trained.to_str())["model"]  # type: ignore[attr-defined]
    return [
        [bytes(byte_of[letter] for letter in token) for token in pair]
        for pair in model["merges"]
    ]


def run(quick: bool) -> list[Row]:
    """Time training and encoding, on prose and on code.

    Args:
        quick: Whether a twentieth of the text and few pairs will do: to see that it works, not for figures.

    Returns:
        Three rows a corpus.

    Raises:
        AssertionError: If the two sides do not compute the same.
    """
    import tiktoken

    pairs = 2 if quick else 7
    rows = []
    for data, texts in corpora(quick).items():
        vocab_size = 256 + (MERGES // 20 if quick else MERGES)
        train_theirs = huggingface_training(texts, vocab_size)
        tokenizer = BPETokenizer.train(texts, vocab_size)
        merges = [[tokenizer.token_bytes(i) for i in pair] for pair in tokenizer.merges]
        assert merges == merges_of(train_theirs()), (
            "the two sides learned different merges"
        )

        def train_ours(
            texts: list[str] = texts, vocab_size: int = vocab_size
        ) -> BPETokenizer:
            return BPETokenizer.train(texts, vocab_size)

        ours, theirs, ratio = paired(train_ours, train_theirs, pairs=pairs)
        rows.append(
            Row(
                f"BPE training, {len(merges):,} merges",
                data,
                "Hugging Face tokenizers",
                f"{ours:.2f} s",
                f"{theirs:.2f} s",
                ratio,
                goal=1 / 1.5,
                pairs=pairs,
            )
        )

        text = "".join(texts)
        ranks = {tokenizer.token_bytes(i): i for i in range(tokenizer.vocab_size)}

        def encoding(ranks: dict[bytes, int] = ranks) -> tiktoken.Encoding:
            return tiktoken.Encoding(
                "ours", pat_str=GPT2_PATTERN, mergeable_ranks=ranks, special_tokens={}
            )

        peer = encoding()
        ids = tokenizer.encode(text)
        # tiktoken's fastest way out is the list; as an array it takes longer.
        assert np.array_equal(ids, peer.encode_ordinary(text)), (
            "the two sides gave different ids"
        )
        assert tokenizer.decode(ids, errors="strict") == text

        # Cold: each call gets a tokenizer that has not encoded anything yet, built outside the clock.
        fresh_ours = [BPETokenizer(tokenizer.merges) for _ in range(pairs + 1)]
        fresh_theirs = [encoding() for _ in range(pairs + 1)]
        sides: dict[str, tuple[Callable[[], object], Callable[[], object], float]] = {
            "cold": (
                lambda text=text, fresh=fresh_ours: fresh.pop().encode(text),
                lambda text=text, fresh=fresh_theirs: fresh.pop().encode_ordinary(text),
                0.3,
            ),
            "warm": (
                lambda text=text, tokenizer=tokenizer: tokenizer.encode(text),
                lambda text=text, peer=peer: peer.encode_ordinary(text),
                0.6,
            ),
        }
        for state, (encode_ours, encode_theirs, goal) in sides.items():
            ours, theirs, ratio = paired(encode_ours, encode_theirs, pairs=pairs)
            rows.append(
                Row(
                    f"BPE encoding, {state}",
                    data,
                    "tiktoken",
                    f"{len(ids) / ours / 1e6:.2f} M tokens/s",
                    f"{len(ids) / theirs / 1e6:.2f} M tokens/s",
                    ratio,
                    goal=goal,
                    pairs=pairs,
                )
            )
    return rows


if __name__ == "__main__":
    import sys

    for row in run("--quick" in sys.argv):
        print(
            f"{row.name:30} {row.data:24} {row.ours:>18} {row.theirs:>18} {row.value:6.2f}x {row.goal:5.2f} {row.met}"
        )
