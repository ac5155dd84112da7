import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.text import detokenize, word_tokenize


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The cat sat.", ["The", "cat", "sat", "."]),
        ("don't l’homme rock'n'roll", ["don't", "l’homme", "rock'n'roll"]),
        (
            "$3.14, 1,000,000 and 3,x",
            ["$", "3.14", ",", "1,000,000", "and", "3", ",", "x"],
        ),
        ("os.path.join(a, b_c)", ["os.path.join", "(", "a", ",", "b_c", ")"]),
        ("wait... what -- no?!", ["wait", "...", "what", "--", "no", "?", "!"]),
        ("Größe naïve e\u0301te\u0301", ["Größe", "naïve", "e\u0301te\u0301"]),
        ("我爱北京。你呢?", ["我爱北京", "。", "你呢", "?"]),
        ("'quoted' text", ["'", "quoted", "'", "text"]),
        ("  \n\t ", []),
        ("", []),
    ],
)
def test_words_and_punctuation(text: str, words: list[str]) -> None:
    assert word_tokenize(text) == words


@given(st.text())
def test_nothing_but_white_space_is_lost(text: str) -> None:
    # "\x1c" to "\x1f" are white space to str.isspace, but not to Unicode, and are kept.
    kept = "".join(word_tokenize(text))
    assert "".join(c for c in kept if not c.isspace()) == "".join(
        c for c in text if not c.isspace()
    )


@pytest.mark.parametrize(
    "text",
    [
        'He said: "Hello, world!" (and left).',
        "Use `strip` and 'strip', not both; it's 3.14 or 1,000.",
        "我爱北京，你呢？",
        "Python 很好用。",
        "A well-known and/or state-of-the-art method...",
        "It costs $5 [see below], 20% off.",
        "She said “yes” -- then “no”.",
    ],
)
def test_decoded_text_reads_like_the_original(text: str) -> None:
    assert detokenize(word_tokenize(text)) == text


@given(st.text())
def test_detokenizing_adds_and_drops_only_spaces(text: str) -> None:
    words = word_tokenize(text)
    assert detokenize(words).replace(" ", "") == "".join(words).replace(" ", "")


def test_wrong_type() -> None:
    with pytest.raises(TypeError):
        word_tokenize(b"bytes")
