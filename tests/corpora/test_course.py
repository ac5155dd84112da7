"""The book's own pages as a corpus: what is text, where it is, and that the links lead there."""

import html
import json
import re
from pathlib import Path

import pytest

from companion.corpora import CorpusError, course, pages
from companion.corpora.inline import anchor, formula, plain, term_anchor
from companion.corpora.myst import sections

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"

PAGE = r"""---
jupytext:
  text_representation: x
---

(ch-first)=
# A *first* page

Text with `code_like_this`, **bold**, $P(w_t \mid c)$ and a
second line {cite}`shannon1951`.

```{code-cell} ipython3
# not a heading
hidden = 1
```

(claim-it)=
## Claim examined: "it's so"

````{admonition} Said often
:class: claim

It is {ref}`said <claim-it>` often.

```python
nested = "code"
```
And disputed.
````

$$
hidden
$$ (eq-one)

```{math}
:label: eq-two
hidden
```

- one item
- another item
  that goes on

| name | meaning |
| --- | --- |
| a | b |

:::{note}
A note with {glue:text}`number` and {ref}`ch-first`.
:::

% hidden
<!-- hidden
hidden -->

### Deeper

Deep text.

## Claim examined: "it's so"

Said again.

```{exercise} Count
:label: ex-count

Count to three.
```

````{solution-start} ex-count
:label: sol-count
````

One, two, three.

````{solution-end}
````
"""

GLOSSARY = """# Glossary

```{glossary}
add-k smoothing
  (加k平滑) Adds $k$ to every
  count.

Heaps' law
law of Heaps
  Grows.
```
"""


@pytest.fixture
def book(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "book"
    (folder / "text" / "chapters").mkdir(parents=True)
    (folder / "notebooks" / "chapters").mkdir(parents=True)
    (folder / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nparts:\n  - caption: One\n    chapters:\n"
        "      - file: notebooks/chapters/01-first\n      - file: glossary\n"
        "      - file: faq\n      - file: unwritten\n"
    )
    (folder / "index.md").write_text(
        "# Home\n\nWelcome to {doc}`notebooks/chapters/01-first`.\n"
    )
    (folder / "text" / "chapters" / "01-first.md").write_text(PAGE, encoding="utf-8")
    record = {
        "metadata": {"scrapbook": {"name": "number"}},
        "data": {"application/papermill.record/text/plain": "'4.2'"},
    }
    (folder / "notebooks" / "chapters" / "01-first.ipynb").write_text(
        json.dumps({"cells": [{"outputs": [record]}]})
    )
    (folder / "glossary.md").write_text(GLOSSARY, encoding="utf-8")
    (folder / "faq.md").write_text(
        "# Questions\n\n## Why?\n\nBecause.\n\n## How?\n\nLike this.\n"
    )
    (folder / "stray.md").write_text("# Stray\n\nNot in the table of contents.\n")
    monkeypatch.setenv("COURSE_BOOK", str(folder))
    monkeypatch.setattr(pages, "_FEWEST_DOCUMENTS", 1)
    monkeypatch.setattr(pages, "_FEWEST_CHARACTERS", 1)
    return folder


@pytest.mark.usefixtures("book")
def test_one_document_a_section_with_its_link() -> None:
    chapter = "notebooks/chapters/01-first"
    assert [(document.link, document.label) for document in course()] == [
        ("index.html#home", "page"),
        (f"{chapter}.html#ch-first", "chapter"),
        (f"{chapter}.html#claim-it", "chapter"),
        (f"{chapter}.html#deeper", "chapter"),
        # Docutils numbers a repeated heading across the whole page: such a section is linked to by its page.
        (f"{chapter}.html", "chapter"),
        (f"{chapter}.html#ex-count", "chapter"),
        (f"{chapter}.html#sol-count", "chapter"),
        ("glossary.html#term-add-k-smoothing", "glossary"),
        ("glossary.html#term-Heaps-law", "glossary"),
        ("glossary.html#term-law-of-Heaps", "glossary"),
        ("faq.html#why", "question"),
        ("faq.html#how", "question"),
    ]


@pytest.mark.usefixtures("book")
def test_the_text_is_what_a_reader_sees() -> None:
    texts = {document.link.rpartition("#")[2]: document.text for document in course()}
    assert texts["home"] == "Home\n\nWelcome to A first page."
    assert texts["ch-first"] == (
        "A first page\n\nText with code_like_this, bold, P(w_t | c) and a second line (Shannon 1951)."
    )
    assert texts["claim-it"].split("\n\n") == [
        'A first page: Claim examined: "it\'s so"',
        "Said often:",
        "It is said often.",
        "And disputed.",
        "one item",
        "another item that goes on",
        "name; meaning",
        "a; b",
        "A note with 4.2 and A first page.",
    ]
    assert texts["sol-count"] == "A first page: Solution: Count\n\nOne, two, three."
    assert (
        texts["term-add-k-smoothing"]
        == "add-k smoothing: (加k平滑) Adds k to every count."
    )
    assert texts["why"] == "Why?\n\nBecause."
    assert "hidden" not in course().text
    assert "nested" not in course().text
    assert "Stray" not in course().text


def test_it_grows_with_the_book(book) -> None:
    before = len(course())
    (book / "unwritten.md").write_text("# Now written\n\nText.\n")
    assert len(course()) == before + 1


def test_a_missing_book_is_named_with_the_cure(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("COURSE_BOOK", str(tmp_path))
    with pytest.raises(CorpusError, match=r"COURSE_BOOK=.* holds no _toc\.yml.*clone"):
        course()
    monkeypatch.delenv("COURSE_BOOK")
    monkeypatch.setattr(
        pages, "__file__", str(tmp_path / "companion" / "corpora" / "pages.py")
    )
    with pytest.raises(CorpusError, match=r"there is no .*_toc\.yml"):
        course()


def test_a_book_that_shrank_is_refused(book, monkeypatch) -> None:
    monkeypatch.setattr(pages, "_FEWEST_DOCUMENTS", 100)
    with pytest.raises(CorpusError, match=re.escape(str(book))):
        course()


def test_a_broken_notebook_is_named(book) -> None:
    (book / "notebooks" / "chapters" / "01-first.ipynb").write_text("{")
    with pytest.raises(CorpusError, match=r"01-first\.ipynb"):
        course()


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("The question", "the-question"),
        ("What goes wrong?", "what-goes-wrong"),
        ("Shannon's game, played", "shannon-s-game-played"),
        ("1. Über die Größe", "uber-die-grosze"),
        ("Proof: perplexity is 2^H", "proof-perplexity-is-2-h"),
        ("claim_perplexity", "claim-perplexity"),
        ("  -- dashes -- ", "dashes"),
        ("语言模型", ""),
    ],
)
def test_anchors_are_those_of_docutils(title, slug) -> None:
    assert anchor(title) == slug
    nodes = pytest.importorskip(
        "docutils.nodes", reason="needs the extra book: docutils"
    )
    assert nodes.make_id(title) == slug


@pytest.mark.parametrize(
    "term",
    ["n-gram", "Good-Turing estimate", "Heaps' law", "UTF-8", "add-k smoothing (加k)"],
)
def test_anchors_of_terms_are_those_of_sphinx(term) -> None:
    make = pytest.importorskip(
        "sphinx.util.nodes", reason="needs the extra book: Sphinx"
    )
    assert term_anchor(term) == make._make_id(f"term-{term}")


@pytest.mark.parametrize(
    ("marked", "read"),
    [
        ("**bold *nested* text**", "bold nested text"),
        ("snake_case_name and `a * b * c`", "snake_case_name and a * b * c"),
        ("[a link](https://x.org), <https://y.org>", "a link, https://y.org"),
        (r"costs \$5 and \*not\* bold", "costs $5 and *not* bold"),
        ("``a `tick` in code``", "a `tick` in code"),
        ("![picture](x.png) A note[^1].", "A note."),
        (r"$\mathbf{A}_{i,j}$ and $2^{n}$", "A_{i,j} and 2^n"),
    ],
)
def test_inline_markup(marked, read) -> None:
    assert plain(marked, lambda role, target: target) == read


def test_formulas_in_plain_characters() -> None:
    assert formula(r"\hat H = -\sum p \ln p") == "Ĥ = -Σ p ln p"
    assert formula(r"\text{key}(\mathbf{x})") == "key(x)"


def test_an_open_fence_hides_the_rest_as_it_does_on_the_page() -> None:
    assert [part.title for part in sections("# One\n\n```python\n# Two\n")] == ["One"]


def test_this_book() -> None:
    corpus = course()
    assert corpus.license == "CC-BY-4.0"
    assert {document.label for document in corpus} >= {
        "chapter",
        "exercise",
        "glossary",
        "question",
        "page",
    }
    ids = [document.id for document in corpus]
    assert len(set(ids)) == len(ids)
    assert "notebooks/chapters/01-what-is-a-language-model#ch-language-model" in ids
    for document in corpus:
        assert "```" not in document.text
        assert not re.search(r"\{[\w:]+\}`", document.text), document.text
        assert "import companion" not in document.text


def test_links_lead_to_anchors_of_the_built_site() -> None:
    text = [
        path
        for folder in ("text", ".")
        for path in (ROOT / "book" / folder).glob("**/*.md")
    ]
    if not (SITE / "index.html").is_file():
        pytest.skip("needs the built book: run  make book")
    if (SITE / "index.html").stat().st_mtime < max(
        path.stat().st_mtime for path in text
    ):
        pytest.skip("the built book is older than its text: run  make book")
    anchors: dict[str, set[str]] = {}
    dead = []
    for document in course():
        page, _, name = document.link.partition("#")
        if page not in anchors:
            found = re.findall(
                r'\bid="([^"]+)"', (SITE / page).read_text(encoding="utf-8")
            )
            anchors[page] = {html.unescape(each) for each in found} | {""}
        if name not in anchors[page]:
            dead.append(document.link)
    assert not dead
