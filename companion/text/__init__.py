"""From text to token ids: Unicode, words, segmentation, vocabularies, tokenizers, laws of word counts.

Everything here works without a model: strings go in, strings or arrays of ids come out.
"""

from companion.text.bpe import BPETokenizer, merge_pair
from companion.text.bpe_training import learn_merges
from companion.text.laws import (
    HeapsFit,
    ZipfFit,
    heaps_fit,
    vocabulary_growth,
    zipf_fit,
)
from companion.text.normalization import (
    CodePoint,
    Lengths,
    code_points,
    graphemes,
    lengths,
    normalize,
)
from companion.text.pretokenization import GPT2_PATTERN, pretokenize
from companion.text.segmentation import (
    SegmentationScore,
    maximum_matching,
    segmentation_score,
    unigram_log_probs,
    viterbi_segment,
)
from companion.text.tokenizer import (
    ByteTokenizer,
    CharTokenizer,
    Tokenizer,
    WordTokenizer,
)
from companion.text.unigram import UnigramTokenizer
from companion.text.vocabulary import BOS, EOS, UNK, Vocabulary
from companion.text.words import detokenize, word_tokenize

__all__ = [
    "BOS",
    "EOS",
    "GPT2_PATTERN",
    "UNK",
    "BPETokenizer",
    "ByteTokenizer",
    "CharTokenizer",
    "CodePoint",
    "HeapsFit",
    "Lengths",
    "SegmentationScore",
    "Tokenizer",
    "UnigramTokenizer",
    "Vocabulary",
    "WordTokenizer",
    "ZipfFit",
    "code_points",
    "detokenize",
    "graphemes",
    "heaps_fit",
    "learn_merges",
    "lengths",
    "maximum_matching",
    "merge_pair",
    "normalize",
    "pretokenize",
    "segmentation_score",
    "unigram_log_probs",
    "viterbi_segment",
    "vocabulary_growth",
    "word_tokenize",
    "zipf_fit",
]
