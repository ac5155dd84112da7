"""What is English in a documentation text, and what repeats."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.corpora.prose import Repeats, paragraphs, plain, prose

SENTENCE = "This sentence is long enough to be kept."


@pytest.mark.parametrize(
    ("marked", "read"),
    [
        ("Use ``x + 1`` here.", "Use x + 1 here."),
        (
            "See :class:`Path` and :func:`os.path.join <join>`.",
            "See Path and os.path.join.",
        ),
        ("A *word*, **two words**, 2 * 3 * 4.", "A word, two words, 2 * 3 * 4."),
        ("The `docs <https://x.org>`_ say so [1]_.", "The docs say so."),
        (
            "**Detail:** a ‘quoted’ “word” isn’t…",
            "Detail: a 'quoted' \"word\" isn't...",
        ),
        (
            "The arguments *args and **kwargs are passed.",
            "The arguments *args and **kwargs are passed.",
        ),
        (
            "An ``old'' and `older' quote, `it` isn't.",
            "An \"old\" and 'older' quote, it isn't.",
        ),
        ("two  blanks\n   and lines", "two blanks and lines"),
        ("Iterate (*note Iterators: iter.) over it.", "Iterate over it."),
    ],
)
def test_markup_is_read_as_text(marked, read) -> None:
    assert plain(marked) == read


@pytest.mark.parametrize(
    "block",
    [
        ">>> f(1)\n2",
        "| a | b |\n+---+---+",
        "+-----+\n| one |",
        "with_stmt ::= 'with' expression",
        "def f(x):\n    return x",
        "for item in things:\n    use(item)",
        "Heading Of Some Five Words\n==========================",
        "name = value + other_value",
        "some_function(with, arguments)",
        "alpha, beta, gamma, delta, epsilon, zeta, eta, theta.",
        "Too short.",
        "ALL OF THIS IS SHOUTED IN CAPITALS.",
        "{1: 2, 3: 4, 5: 6, 'seven words': 'are in this dictionary'}",
        "an example without any end of a sentence",
    ],
)
def test_what_is_not_english_goes(block) -> None:
    assert prose(
        f"{SENTENCE}\n\n{block}\n\nAnother sentence that is to stay here."
    ) == [
        SENTENCE,
        "Another sentence that is to stay here.",
    ]


def test_a_literal_block_goes_whatever_it_holds() -> None:
    block = (
        "    Words that look like any other sentence.\n\n    And more of them in a row."
    )
    text = f"{SENTENCE} It shows::\n\n{block}\n\n"
    assert prose(text + "After the block the text goes on.") == [
        SENTENCE,
        "After the block the text goes on.",
    ]


def test_items_of_a_list_are_paragraphs() -> None:
    text = "* The first item of the list.\n* The second item\n  of the same list.\n\n1. A numbered item is one, too."
    assert prose(text) == [
        "The first item of the list.",
        "The second item of the same list.",
        "A numbered item is one, too.",
    ]


def test_labels_terms_and_signatures_are_taken_off() -> None:
    assert prose(
        "name -- The name of the file to read.\nmode -- How the file is to be opened."
    ) == [
        "The name of the file to read.",
        "How the file is to be opened.",
    ]
    assert prose("u(p) [count]\n   Move the frame some levels up the stack.") == [
        "Move the frame some levels up the stack."
    ]


def test_quotes_of_literals_go_only_where_they_mark_code() -> None:
    text = 'The "with" statement wraps a block of code.'
    assert prose(text) == [text]
    assert prose(text, literal_quotes=True) == [
        "The with statement wraps a block of code."
    ]


def test_only_whole_sentences_stay() -> None:
    assert prose("It is kept, e.g. this one here. But this leads to code:") == [
        "It is kept, e.g. this one here."
    ]


@given(st.text(alphabet="ab. \n:*`>|'\"-", max_size=80))
def test_paragraphs_lose_nothing_but_blanks(text) -> None:
    assert "".join("".join(paragraphs(text)).split()) == "".join(text.split())


def test_repeats_ignore_case_blanks_and_punctuation() -> None:
    repeats = Repeats()
    assert repeats.is_new("Return the size.")
    assert not repeats.is_new("return the\n  SIZE")
    assert repeats.is_new(
        "Return the width."
    )  # short: one word is the whole difference


def test_repeats_know_a_near_copy_from_a_cousin() -> None:
    words = list("abcdefghijklmnopqrst")
    repeats = Repeats(similarity=0.7)
    assert repeats.is_new(" ".join(words))
    assert not repeats.is_new(" ".join([*words[:-1], "wood"]))
    assert repeats.is_new(" ".join(words[9:] + words[:9][::-1]))


@given(
    st.lists(st.lists(st.sampled_from("abcd"), min_size=8, max_size=14), max_size=12)
)
def test_repeats_find_exactly_what_comparing_all_pairs_finds(texts) -> None:
    repeats, kept = Repeats(similarity=0.6), []
    for words in texts:
        runs = {tuple(words[start : start + 3]) for start in range(len(words) - 2)}
        near = any(len(runs & other) >= 0.6 * len(runs | other) for other in kept)
        assert repeats.is_new(" ".join(words)) == (not near)
        if not near:
            kept.append(runs)
