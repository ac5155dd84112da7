"""Analysis: from a text, or a query, to the terms that an index knows."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import pairwise

import regex

from companion.retrieval.stemming import stem

# A run of Han characters, or a word: letters, marks and digits of other scripts, with an apostrophe between letters.
_RUN = regex.compile(
    r"(?P<han>\p{Han}+)|(?:(?!\p{Han})[\p{L}\p{M}\p{N}])+(?:['’](?:(?!\p{Han})\p{L})+)*"
)

# Words that hold a sentence together and say little about what it is about, by their kind.
_STOP_WORDS = """
a an the this that these those each every either neither some any all both few many much more most several such no
other another own same
i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers
herself it its itself they them their theirs themselves one ones who whom whose which what whatever someone
something anyone anything everyone everything nothing none
am is are was were be been being have has had having do does did doing done can could may might must shall should
will would ought
of in on at by for with from to into onto upon about above below over under between among through during before
after against within without toward towards along across behind beyond near per via up down out off as than
and or but nor so yet if unless until while because since though although whether when where why how
not only also just even very too quite rather then thus hence therefore however here there again once ever never
always often already still now almost
perhaps maybe enough else less least mostly together otherwise moreover furthermore further meanwhile nevertheless
namely indeed anyhow anyway somehow anywhere everywhere somewhere nowhere elsewhere sometimes afterwards throughout
except whereas whereby wherever whenever due etc others former latter around behind beside besides among amongst
two three four five six seven eight nine ten first second third next last whole
anybody everybody somebody nobody make makes made find found see seen seem seems seemed give given take taken become
becomes became get got put used using
don't doesn't didn't isn't aren't wasn't weren't can't cannot couldn't won't wouldn't shouldn't hasn't haven't
it's that's there's i'm you're we're they're
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


def terms(text: str, stop_words: bool = False, stemming: bool = False) -> list[str]:
    """Return the terms of a text in order: folded words, and pairs of neighbors for Chinese characters.

    Chinese writes no spaces. In place of a segmentation, which may cut a query and a text differently, each run of
    Chinese characters gives all its pairs of neighbors: 语言模型 gives 语言, 言模, 模型. A character that stands alone
    is a term itself. Everything else is split where a character is no letter, mark or digit, so that ``os.path`` gives
    *os* and *path*.

    Args:
        text: Any text.
        stop_words: Whether to leave out English words without much content of their own (`STOP_WORDS`).
        stemming: Whether to take the endings off English words (`stem`).

    Returns:
        The terms; none if the text has neither letters nor digits.

    Raises:
        TypeError: If the text is not a string.

    Example:
        >>> terms("The models of Python's BPE: 语言模型!", stop_words=True, stemming=True)
        ['model', 'python', 'bpe', '语言', '言模', '模型']
    """
    if not isinstance(text, str):
        raise TypeError(f"text must be a str, got {type(text).__name__}")
    found: list[str] = []
    for match in _RUN.finditer(unicodedata.normalize("NFKC", text).casefold()):
        run = match.group()
        if match["han"]:
            found.extend(map("".join, pairwise(run)))
            if len(run) == 1:
                found.append(run)
            continue
        word = run.replace("’", "'")
        if stop_words and word in STOP_WORDS:
            continue
        if stemming:
            word = stem(word.removesuffix("'s"))
        found.append(word)
    return found


def term_spans(text: str, analysis: Analysis) -> list[tuple[int, int, str]]:
    """Return where in a text each of its terms stands.

    Args:
        text: Any text.
        analysis: How it becomes terms.

    Returns:
        Start, end and term, in order; the spans of two Chinese pairs side by side overlap.

    Example:
        >>> term_spans("Two 词汇表", Analysis())
        [(0, 3, 'two'), (4, 6, '词汇'), (5, 7, '汇表')]
    """
    found: list[tuple[int, int, str]] = []
    for match in _RUN.finditer(text):
        start, end = match.span()
        pairs = range(start, end - 1) if match["han"] else ()
        for a, b in [(i, i + 2) for i in pairs] or [(start, end)]:
            found.extend((a, b, term) for term in analysis(text[a:b]))
    return found


@dataclass(frozen=True)
class Analysis:
    """How texts and queries become terms: an index keeps it, so that both are treated alike.

    Attributes:
        stop_words: Whether words of `STOP_WORDS` are left out.
        stemming: Whether English words lose their endings.

    Example:
        >>> Analysis(stemming=True)("Ranking documents")
        ['rank', 'document']
    """

    stop_words: bool = False
    stemming: bool = False

    def __call__(self, text: str) -> list[str]:
        """Return the terms of a text, as `terms` does."""
        return terms(text, self.stop_words, self.stemming)
