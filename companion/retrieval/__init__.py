"""Finding documents: by the words of a query, by its meaning, by both.

- `terms`: a text as the terms that an index knows it by.
- `InvertedIndex`: which documents hold a term, all of several, or a phrase.
- `TfidfIndex`, `BM25Index`: scores from counts of terms, kept in columns.
- `DenseIndex`: nearest vectors, from any encoder.
- `HybridIndex`, `reciprocal_rank_fusion`: rankings joined.
- `Reranker`, `LateInteraction`: a slow and careful look at the best of a fast ranking.

Every index has ``fit(ids, texts)``, ``search(query, k)``, which returns a list of `Hit`, ``save(folder)`` and
``load(folder)``. All is NumPy.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from companion.retrieval.analysis import Analysis, terms
    from companion.retrieval.bm25 import BM25Config, BM25Index
    from companion.retrieval.dense import DenseIndex, Encoder
    from companion.retrieval.hits import Hit
    from companion.retrieval.hybrid import HybridIndex, reciprocal_rank_fusion
    from companion.retrieval.inverted_index import InvertedIndex
    from companion.retrieval.reranking import LateInteraction, Reranker
    from companion.retrieval.stemming import stem
    from companion.retrieval.tfidf import TfidfIndex

# Public name -> module that defines it.
_LAZY = {
    "Analysis": "companion.retrieval.analysis",
    "BM25Config": "companion.retrieval.bm25",
    "BM25Index": "companion.retrieval.bm25",
    "DenseIndex": "companion.retrieval.dense",
    "Encoder": "companion.retrieval.dense",
    "Hit": "companion.retrieval.hits",
    "HybridIndex": "companion.retrieval.hybrid",
    "InvertedIndex": "companion.retrieval.inverted_index",
    "LateInteraction": "companion.retrieval.reranking",
    "Reranker": "companion.retrieval.reranking",
    "TfidfIndex": "companion.retrieval.tfidf",
    "reciprocal_rank_fusion": "companion.retrieval.hybrid",
    "stem": "companion.retrieval.stemming",
    "terms": "companion.retrieval.analysis",
}

__all__ = [
    "Analysis",
    "BM25Config",
    "BM25Index",
    "DenseIndex",
    "Encoder",
    "Hit",
    "HybridIndex",
    "InvertedIndex",
    "LateInteraction",
    "Reranker",
    "TfidfIndex",
    "reciprocal_rank_fusion",
    "stem",
    "terms",
]


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module 'companion.retrieval' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
