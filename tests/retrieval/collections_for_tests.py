"""Small collections of documents for the tests of retrieval."""

from hypothesis import strategies as st

WORDS = ("cat", "dog", "mat", "sat", "the", "on", "a", "语言", "模型")
DOCUMENTS = {
    "cat": "The cat sat on the mat. A cat is an animal.",
    "dog": "The dog sat on the cat, and the dog was glad.",
    "zh": "语言模型预测下一个词。",
    "long": "A mat is a mat, is a mat, and on the mat a dog may lie, or a dog may not lie, and so it goes on.",
    "empty": "",
}
IDS, TEXTS = list(DOCUMENTS), list(DOCUMENTS.values())


def collections(least=1, most=12):
    """Draw lists of texts over a few words; a text may be empty."""
    words = st.lists(st.sampled_from(WORDS), max_size=15)
    return st.lists(words.map(" ".join), min_size=least, max_size=most)


def named(texts):
    """Give each text an identifier."""
    return [f"d{i}" for i in range(len(texts))]
