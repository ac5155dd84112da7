"""BM25 on 20,000 paragraphs: indexing and queries against bm25s and rank_bm25, the same scores on all sides."""

from __future__ import annotations

from itertools import islice

import numpy as np

try:  # sets one thread a side, before the peers are imported
    from harness import Row, paired
except ModuleNotFoundError:  # imported from the tests, not run from this folder
    from benchmarks.harness import Row, paired

from companion.corpora import python_docs, python_source
from companion.corpora.prose import paragraphs
from companion.retrieval import BM25Config, BM25Index, terms

PARAGRAPHS = 20_000
QUERIES = 500
K = 10


def collection(number: int) -> list[list[str]]:
    """The terms of paragraphs of at least ten: documentation first, then source code."""
    found = (
        words
        for corpus in (python_docs("raw"), python_source())
        for document in corpus.documents
        for paragraph in paragraphs(document.text)
        if len(words := terms(paragraph)) >= 10
    )
    return list(islice(found, number))


def queries(texts: list[list[str]], number: int) -> list[list[str]]:
    """Runs of three to ten terms of the paragraphs, common words included: what people copy into a search box."""
    generator = np.random.default_rng(22)
    found = []
    for at in generator.integers(len(texts), size=number):
        length = min(int(generator.integers(3, 11)), len(texts[at]))
        begin = int(generator.integers(len(texts[at]) - length + 1))
        found.append(texts[at][begin : begin + length])
    return found


def run(quick: bool) -> list[Row]:
    """Time indexing and queries.

    Args:
        quick: Whether a tenth of the paragraphs and few pairs will do: to see that it works, not for figures.

    Returns:
        Three rows.

    Raises:
        AssertionError: If the sides do not find the same scores.
    """
    import bm25s
    from rank_bm25 import BM25Okapi

    pairs = 2 if quick else 7
    texts = collection(PARAGRAPHS // 10 if quick else PARAGRAPHS)
    asked = queries(texts, QUERIES // 10 if quick else QUERIES)
    data = f"{len(texts):,} paragraphs, {sum(map(len, texts)):,} terms"
    names = [str(i) for i in range(len(texts))]
    config = BM25Config(k1=1.5, b=0.75)
    # Theirs is given the terms as numbers, its fastest way in; ours numbers them itself.
    vocabulary: dict[str, int] = {}
    numbered = [[vocabulary.setdefault(t, len(vocabulary)) for t in x] for x in texts]
    tokens = bm25s.tokenization.Tokenized(ids=numbered, vocab=vocabulary)
    asked_numbers = [[vocabulary[t] for t in query] for query in asked]

    def index_ours() -> BM25Index:
        return BM25Index.fit_terms(names, texts, config)

    def index_theirs() -> bm25s.BM25:
        peer = bm25s.BM25(k1=1.5, b=0.75, method="lucene")
        peer.index(tokens, show_progress=False)
        return peer

    def search_ours() -> list[list[float]]:
        return [[hit.score for hit in ours.search_terms(q, K)] for q in asked]

    def search_theirs() -> np.ndarray:
        found = theirs.retrieve(asked_numbers, k=K, show_progress=False)
        return np.asarray(found.scores)

    ours, theirs = index_ours(), index_theirs()
    assert theirs.backend == "numpy"
    mine, others = search_ours(), search_theirs()
    for a, b in zip(mine, others, strict=True):
        # What shares no term with the query is no hit here, and a zero there.
        assert np.allclose([*a, *[0.0] * (K - len(a))], b, rtol=1e-5, atol=1e-6), (
            "the two sides found different scores"
        )

    okapi = BM25Okapi(texts, k1=1.5, b=0.75)
    # Its inverse document frequency is another, and it multiplies by k1 + 1. With ours in its place, the scores agree.
    frequency = dict(zip(ours.vocabulary, np.diff(ours.starts).tolist(), strict=True))
    okapi.idf = {
        term: np.log1p((len(texts) - n + 0.5) / (n + 0.5))
        for term, n in frequency.items()
    }
    few = asked[: max(5, len(asked) // 25)]

    def search_okapi() -> list[np.ndarray]:
        found = []
        for query in few:
            scores = okapi.get_scores(query)
            best = np.argpartition(scores, -K)[-K:]
            found.append(np.sort(scores[best])[::-1])
        return found

    def search_few() -> list[list[float]]:
        return [[hit.score for hit in ours.search_terms(q, K)] for q in few]

    for a, b in zip(search_few(), search_okapi(), strict=True):
        assert np.allclose([*a, *[0.0] * (K - len(a))], b / 2.5, rtol=1e-4, atol=1e-6)

    def row(name: str, peer: str, times: tuple[float, float, float], goal: float, asked: int) -> Row:  # fmt: skip
        sides = [
            f"{asked / t:,.0f} queries/s" if asked else f"{t:.2f} s" for t in times[:2]
        ]
        return Row(name, data, peer, *sides, times[2], goal=goal, pairs=pairs)

    return [
        row("BM25, indexing", "bm25s", paired(index_ours, index_theirs, pairs), 4, 0),
        row(
            f"BM25, best {K}",
            "bm25s",
            paired(search_ours, search_theirs, pairs),
            1,
            len(asked),
        ),
        row(
            f"BM25, best {K}",
            "rank_bm25",
            paired(search_few, search_okapi, pairs),
            30,
            len(few),
        ),
    ]
