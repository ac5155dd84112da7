"""Corpus BLEU against sacrebleu, on English prose with words changed: equal scores, then the clock."""

from __future__ import annotations

from random import Random

try:  # sets one thread a side, before the peers are imported
    from harness import Row, paired
except ModuleNotFoundError:  # imported from the tests, not run from this folder
    from benchmarks.harness import Row, paired

from companion.corpora import python_docs
from companion.metrics.bleu import corpus_bleu

SENTENCES = 3000


def sentence_pairs(number: int) -> tuple[list[str], list[str]]:
    """Sentences of the documentation, and the same with a word in eight dropped, doubled or moved on by one."""
    draw = Random(0)
    references = [
        sentence.strip() + "."
        for document in python_docs("prose").documents
        for sentence in document.text.replace("\n", " ").split(". ")
        if 4 <= len(sentence.split()) <= 60
    ][:number]
    hypotheses = []
    for reference in references:
        words = reference.split()
        for i in range(len(words) - 1, 0, -1):
            change = draw.random() * 24
            if change < 1:
                del words[i]
            elif change < 2:
                words.insert(i, words[i])
            elif change < 3:
                words[i - 1], words[i] = words[i], words[i - 1]
        hypotheses.append(" ".join(words))
    return hypotheses, references


def run(quick: bool) -> list[Row]:
    """Time corpus BLEU with and without a tokenizer.

    Args:
        quick: Whether a tenth of the text and few pairs will do: to see that it works, not for figures.

    Returns:
        One row a tokenizer.

    Raises:
        AssertionError: If the two sides give different scores.
    """
    import sacrebleu

    pairs = 2 if quick else 7
    hypotheses, references = sentence_pairs(SENTENCES // 10 if quick else SENTENCES)
    tokens = sum(len(line.split()) for line in hypotheses)
    rows = []
    for tokenize in ("13a", "none"):

        def ours(tokenize: str = tokenize) -> float:
            return corpus_bleu(hypotheses, references, tokenize).score

        # A new object each time, as their function makes one: nothing is remembered from call to call.
        def theirs(tokenize: str = tokenize) -> float:
            return sacrebleu.corpus_bleu(
                hypotheses, [references], tokenize=tokenize, force=True
            ).score

        assert abs(ours() - theirs()) < 1e-9, "the two sides gave different scores"
        mine, peers, ratio = paired(ours, theirs, pairs=pairs)
        rows.append(
            Row(
                f"corpus BLEU, tokenizer {tokenize}",
                f"python_docs, {len(references):,} sentences",
                "sacrebleu",
                f"{tokens / mine / 1e3:,.0f} k words/s",
                f"{tokens / peers / 1e3:,.0f} k words/s",
                ratio,
                goal=1.3,
                pairs=pairs,
            )
        )
    return rows


if __name__ == "__main__":
    import sys

    for row in run("--quick" in sys.argv):
        print(
            f"{row.name:30} {row.data:30} {row.ours:>18} {row.theirs:>18} {row.value:6.2f}x {row.goal:5.2f} {row.met}"
        )
