"""Search in the course's pages: what must be found, and what must never fail."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.apps import SearchEngine
from companion.apps.search import glossary_pairs, title_of
from companion.corpora import Document, course

_PAGES = {
    "g#nlp": "natural language processing: (自然语言处理) Programs that work with text.",
    "g#batch": "batch: (批次) The examples of one step.",
    "g#size": "batch size: (批次大小) How many they are.",
    "c#1": "Tokens: A question of language\n\nNatural language has no spaces in Chinese. Processing begins there.",
    "c#2": "Optimizers: Batches\n\nA batch is drawn. Its gradient is one of many, and not the mean.",
}
PAGES = [
    Document(
        name,
        text,
        name.replace("#", ".html#"),
        "glossary" if name[0] == "g" else "chapter",
    )
    for name, text in _PAGES.items()
]
PAGES.append(Document("x", "no heading at all " * 20))


@pytest.fixture(scope="module")
def engine():
    return SearchEngine.fit(PAGES)


@pytest.fixture(scope="module")
def book():
    return SearchEngine.load()


def test_the_acceptance_example(book):
    """The glossary's entry of natural language processing comes first, and sections that speak of language follow."""
    results = book.search("自然语言处理技术", 10)
    assert results[0].id == "glossary#term-natural-language-processing"
    assert results[0].link == "glossary.html#term-natural-language-processing"
    assert "**自然语言处理**" in results[0].snippet
    chapters = [r for r in results if r.id.startswith("notebooks/chapters/")]
    assert chapters
    assert all("language" in r.snippet.casefold() + r.title.casefold() for r in chapters[:1])  # fmt: skip


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("What is perplexity?", "glossary#term-perplexity"),
        ("什么是困惑度？", "glossary#term-perplexity"),
        ("vanishing gradient", "glossary#term-vanishing-gradient"),
        ("交叉注意力", "glossary#term-cross-attention"),
    ],
)
def test_terms_of_the_book_in_both_languages(book, query, wanted):
    assert wanted in [result.id for result in book.search(query, 3)]


def test_every_result_of_the_book_has_a_page(book):
    ids = {document.id for document in course()}
    for result in book.search("a language model of characters", 20):
        assert result.id in ids
        assert ".html" in result.link


def test_a_chinese_query_finds_english_pages(engine):
    assert {"g#nlp", "c#1"} <= {r.id for r in engine.search("自然语言处理技术")}
    without = SearchEngine.fit(PAGES, [])
    assert "c#1" not in {r.id for r in without.search("自然语言处理技术")}


def test_of_terms_inside_terms_the_longest_is_asked_for(engine):
    assert engine.expand("批次大小") == "批次大小 batch size"
    assert engine.expand("批次 和 批次大小") == "批次 和 批次大小 batch size batch"


def test_results_are_complete(engine):
    first = engine.search("natural language", 1)[0]
    assert (first.id, first.link) == ("g#nlp", "g.html#nlp")
    assert first.title == "natural language processing"
    assert first.snippet.startswith("**natural language** processing")
    assert first.score > 0


def test_a_heading_counts_more_than_a_mention():
    pages = [
        Document("body", "One\n\nSomething about batches here."),
        Document("title", "Batches\n\nSomething about many things here."),
    ]
    assert SearchEngine.fit(pages).search("batch", 1)[0].id == "title"


def test_words_without_content_are_asked_for_only_if_there_are_no_others(engine):
    assert engine.terms("What is a batch?") == ["batch"]
    assert [r.id for r in engine.search("not the")] != []


def test_the_snippet_begins_where_the_terms_stand():
    pages = [Document("a", "Heading\n\n" + "Filler words. " * 50 + "The needle lies here. More filler.")]  # fmt: skip
    assert SearchEngine.fit(pages).search("needle")[0].snippet.startswith("The **needle** lies")  # fmt: skip


def test_snippets_are_short_pieces_of_the_text(book):
    texts = {d.id: " ".join(d.text.split()) for d in course()}
    for query in ("gradient of the loss", "模型的困惑度", "tokenizer"):
        for result in book.search(query, 10):
            plain = result.snippet.removesuffix(" …")
            assert len(plain) < 300
            assert re.sub(r"\*\*", "", plain) in re.sub(r"\*\*", "", texts[result.id])


def test_titles_and_pairs():
    assert title_of(PAGES[0]) == "natural language processing"
    assert title_of(PAGES[3]) == "Tokens: A question of language"
    assert title_of(PAGES[5]) == "x"
    nested = Document("a", "ALiBi: (线性偏置 (ALiBi)) Positions as a penalty.", label="glossary")  # fmt: skip
    assert glossary_pairs([nested, PAGES[3]]) == [("ALiBi", "线性偏置")]


def test_saved_and_loaded(engine, tmp_path):
    engine.save(tmp_path)
    again = SearchEngine.load(tmp_path)
    assert len(again) == len(PAGES)
    for query in ("batch", "自然语言处理技术", "Chinese spaces"):
        assert again.search(query) == engine.search(query)
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ValueError, match=r"config\.json"):
        SearchEngine.load(tmp_path)
    with pytest.raises(FileNotFoundError):
        SearchEngine.load(tmp_path / "nothing")


@pytest.mark.parametrize("query", ["", "   ", "\x00\x07", "\u202e"])
def test_an_empty_query_says_what_to_do(engine, query):
    with pytest.raises(ValueError, match="type a word or a sentence"):
        engine.search(query)


def test_bad_arguments(engine):
    with pytest.raises(ValueError, match="at least 1"):
        engine.search("batch", 0)
    with pytest.raises(ValueError, match="at most"):
        engine.search("a" * 1_000_001)
    with pytest.raises(ValueError, match="no document"):
        SearchEngine.fit([])
    with pytest.raises(ValueError, match="more than once"):
        SearchEngine.fit([PAGES[0], PAGES[0]])


STRANGE = [
    "🙂🙂",
    "batch 批次 пакет دفعة",
    "דחיסה של טקסט",
    "a\x00b\u202ec",
    "\ud800",
    "**",
    "?!",
    "batch " * 160_000,
    "批" * 999_999,
]


@pytest.mark.parametrize("query", STRANGE, ids=lambda query: ascii(query[:12]))
def test_strange_queries_are_answered(engine, query):
    assert len(engine.search(query)) <= 10


@given(st.text(max_size=200))
@settings(deadline=None)
def test_any_text_is_answered_or_refused(text):
    small = SearchEngine.fit(PAGES)
    try:
        found = [result.id for result in small.search(text, 3)]
    except ValueError:
        found = []
    assert set(found) <= {document.id for document in PAGES}
