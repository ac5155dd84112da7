"""From documentation to running English: paragraphs without code, tables, headings and markup."""

from __future__ import annotations

import re
from collections import defaultdict

_UNDERLINE = re.compile(r"""^[=\-~^*"'#+.]{3,}$""")
_TABLE_LINE = re.compile(r"^\s*[+|].*[+|]\s*$|^\s*[=\-+|]{3,}[=\-+|\s]*$")
_CODE_LINE = re.compile(
    r"^\s*(>>>|\.\.\. |def |class |import |from \S+ import |for .*:$|if .*:$|while .*:$|elif .*:$|else:$|try:$"
    r"|except\b.*:$|with .*:$|return\b(?! [a-z]+ [a-z]+)|raise |print\(|@\w|#|\$ |%|\.\. \w|[{}()\[\]]+[,;]?$)"
    r"|::=|^\s*\w[\w.\[\]]* [-+*/|&]?= |^\s*\w[\w.]+\(.*\)$"
)
_BULLET = re.compile(r"^\s*(?:[*\-•+]|\d{1,2}[.)]|\(?[a-z0-9]{1,2}\))\s+(?=\S)")
# "name -- what it is": the name is a label, what follows reads as a sentence.
_LABEL = re.compile(r"^\s*[\w.*]+(?:\([^()]*\))?(?:, [\w.*]+)*\s+--?\s+(?=[A-Za-z])")
_SENTENCE_END = re.compile(r"[.!?][\"')\]]*(?=\s+[A-Z\"'(]|$)")
_ABBREVIATION = re.compile(r"(?:\b[A-Za-z]|\be\.g|\bi\.e|\betc|\bvs|\bcf|\bNo)\.$")
_PLAIN_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "…": "..."})


def paragraphs(text: str) -> list[str]:
    r"""Split a text at blank lines; trailing blanks go, indentation stays.

    Args:
        text: Any text.

    Returns:
        The paragraphs, none of them blank.

    Example:
        >>> paragraphs("one\ntwo\n\n  three")
        ['one\ntwo', '  three']
    """
    lines = [line.rstrip() for line in text.expandtabs().splitlines()]
    return [
        part.strip("\n")
        for part in re.split(r"\n{2,}", "\n".join(lines))
        if part.strip()
    ]


def plain(text: str) -> str:
    r"""Put a paragraph on one line and drop the markup of reStructuredText.

    Args:
        text: One paragraph.

    Returns:
        The paragraph as it is read aloud.

    Example:
        >>> plain("Use :meth:`~str.join`, *not* the\n``+`` operator.")
        'Use str.join, not the + operator.'
    """
    text = " ".join(text.split()).translate(_PLAIN_QUOTES)
    text = re.sub(
        r":[\w:+-]+:`~?([^`<]+?)(?:\s*<[^>]*>)?`", r"\1", text
    )  # :role:`text <target>`
    # Older docstrings quote as TeX does: ``so'' and `so'.
    text = re.sub(r"``([^`'\"]{1,60})''", r'"\1"', text)
    text = re.sub(r"(?<![`\w])`([^`']+)'(?=[\s.,;:)!?-]|$)", r"'\1'", text)
    text = re.sub(
        r"``([^`]+)``|`([^`<>]+?)(?:\s*<[^>]*>)?`_{0,2}",
        lambda found: found[1] or found[2],
        text,
    )
    text = re.sub(
        r"(?<![\w*])\*{1,2}(\w(?:[^*]*[^\s*])?)\*{1,2}(?![\w*])", r"\1", text
    )  # emphasis
    text = re.sub(
        r"\[(?:\d+|#\w*)\]_?|\|(\w+)\|", lambda found: found[1] or "", text
    )  # footnotes, substitutions
    text = re.sub(
        r"\s*\(\*note [^)]*\)|\*note [^:.]*[:.]+", "", text, flags=re.IGNORECASE
    )
    text = text.replace("`", "")  # the half of a pair that somebody forgot to close
    return re.sub(r"\s+([,.;:])(?=\s|$)", r"\1", " ".join(text.split()))


def _without_literal_quotes(text: str) -> str:
    """Take the straight quotes from literals: the language reference sets code in them, speech in curly ones."""
    return re.sub(r'"([^"\n]+(?:\n[^"\n]+)?)"', r"\1", text)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _items(paragraph: str) -> list[str]:
    """Split a paragraph into the items of a list, if it is one; take bullets and labels off."""
    items: list[list[str]] = [[]]
    for line in paragraph.splitlines():
        if line.lstrip().startswith(">>>"):
            break  # what follows is code and what it prints
        if _BULLET.match(line) or _LABEL.match(line):
            items.append([_LABEL.sub("", _BULLET.sub("", line))])
        else:
            # Below a bullet the indentation has done its work; elsewhere it tells a term from its definition.
            items[-1].append(line.strip() if len(items) > 1 else line)
    return ["\n".join(lines) for lines in items if lines]


def _without_term(paragraph: str) -> str:
    """Drop the first line if it is a term or a signature, defined by the indented lines below it."""
    first, _, rest = paragraph.partition("\n")
    if not rest or _indent(rest) <= _indent(first):
        return paragraph
    words = re.findall(r"[A-Za-z]+", re.sub(r"\([^)]*\)|\[[^\]]*\]", "", first))
    return rest if len(words) <= 3 or first.rstrip().endswith(")") else paragraph


def _whole_sentences(text: str) -> str:
    """Cut a text after its last whole sentence."""
    ends = [
        found.end()
        for found in _SENTENCE_END.finditer(text)
        if not _ABBREVIATION.search(text[: found.end()])
    ]
    return text[: ends[-1]] if ends else ""


def _reads_as_english(text: str) -> bool:
    words = re.findall(r"[A-Za-z]+", text)
    letters = sum(character.isalpha() or character == " " for character in text)
    small = sum(word.islower() for word in words)
    # A list of names has a comma after nearly every word.
    return (
        len(words) >= max(5, 3 * text.count(","))
        and letters >= 0.85 * len(text)
        and small >= 0.5 * len(words)
    )


def prose(text: str, literal_quotes: bool = False) -> list[str]:
    r"""Return the paragraphs of a documentation text that are running English, each on one line.

    Code, interactive sessions, tables, grammars, headings and signatures go; list items become paragraphs; markup
    and bullets go; a sentence that leads to a removed block goes with it.

    Args:
        text: reStructuredText, or what Sphinx renders of it as plain text.
        literal_quotes: Whether straight double quotes stand for code, as in the rendered language reference.

    Returns:
        The paragraphs, each of whole sentences.

    Example:
        >>> prose("Heading\n=======\n\nJoin all of the ``words``\nof a list.\n\n>>> join(words)\n'ab'")
        ['Join all of the words of a list.']
    """
    kept = []
    literal: int | None = None  # the indentation of the "::" above a block of code
    for paragraph in paragraphs(text):
        indent = min(_indent(line) for line in paragraph.splitlines())
        if literal is not None and indent > literal:
            continue
        literal = indent if paragraph.endswith("::") else None
        if literal_quotes:
            paragraph = _without_literal_quotes(paragraph)
        for item in _items(paragraph):
            item = _without_term(item)
            lines = item.splitlines()
            if any(
                _CODE_LINE.search(line) or _TABLE_LINE.match(line) for line in lines
            ):
                continue
            if any(_UNDERLINE.match(line.strip()) for line in lines):
                continue
            flat = _whole_sentences(plain(item))
            if _reads_as_english(flat):
                kept.append(flat)
    return kept


class Repeats:
    """Remembers paragraphs and recognizes one that came before, word for word or nearly so.

    Two paragraphs are nearly the same when their runs of three words have a Jaccard similarity of at least
    `similarity`; only letters count, case does not.
    """

    def __init__(self, similarity: float = 0.7) -> None:
        self._similarity = similarity
        self._keys: set[str] = set()
        self._where: defaultdict[tuple[str, ...], list[frozenset[tuple[str, ...]]]] = (
            defaultdict(list)
        )

    def _is_near(self, runs: frozenset[tuple[str, ...]]) -> bool:
        """Look for a near copy, and enter the runs in the index if there is none.

        Source: Bayardo, Ma & Srikant (2007), prefix filtering: two sets of similarity s share at least one of the
        first ``(1 - s) n + 1`` of their `n` elements in a common order, so that only those need an index.
        """
        prefix = sorted(runs)[: int((1 - self._similarity) * len(runs) + 1e-9) + 1]
        for run in prefix:
            for other in self._where[run]:
                smaller, larger = sorted((len(runs), len(other)))
                if smaller < self._similarity * larger:
                    continue
                common = len(runs & other)
                if common >= self._similarity * (len(runs) + len(other) - common):
                    return True
        for run in prefix:
            self._where[run].append(runs)
        return False

    def is_new(self, paragraph: str) -> bool:
        r"""Tell whether nothing like this paragraph came before, and remember it.

        Args:
            paragraph: Any text.

        Returns:
            False for a repetition, which is not remembered.

        Example:
            >>> repeats = Repeats()
            >>> repeats.is_new("Return the first item."), repeats.is_new("return the FIRST\n item")
            (True, False)
        """
        words = re.findall(r"[^\W\d_]+", paragraph.casefold())
        # A paragraph without a letter has only its characters to tell it by.
        key = " ".join(words) or " ".join(paragraph.split())
        if key in self._keys:
            return False
        self._keys.add(key)
        # Below eight words, one word is another meaning ("Return the width.", "Return the height.").
        return len(words) < 8 or not self._is_near(
            frozenset(zip(words, words[1:], words[2:], strict=False))
        )
