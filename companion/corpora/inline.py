"""One line of MyST Markdown as it is read: without markup, with its formulas in plain characters, and its anchor."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

# Formulas in a line, as far as they can be said in plain characters.
_TEX = {
    "cdot": "·", "times": "×", "mid": "|", "lvert": "|", "rvert": "|", "le": "≤", "ge": "≥", "ne": "≠", "approx": "≈",
    "to": "→", "infty": "∞", "sum": "Σ", "ldots": "…", "dots": "…", "cdots": "…", "in": "∈", "alpha": "α", "beta": "β",
    "gamma": "γ", "lambda": "λ", "mu": "μ", "pi": "π", "sigma": "σ", "tau": "τ", "theta": "θ", "epsilon": "ε",
    "delta": "δ",
}  # fmt: skip
# Docutils writes these letters, which have no decomposition, with ASCII ones.
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "đ": "d",
        "ħ": "h",
        "ı": "i",
        "ł": "l",
        "ŧ": "t",
        "ß": "sz",
        "æ": "ae",
        "œ": "oe",
    }
)


def anchor(title: str) -> str:
    """Return the identifier that docutils gives to a heading or a label, the part of a link behind ``#``.

    Args:
        title: The text of the heading, without markup.

    Returns:
        Letters, digits and single hyphens; empty where the title has no Latin letter, and docutils counts instead.

    Example:
        >>> anchor("Proof: perplexity is 2^H where H is known")
        'proof-perplexity-is-2-h-where-h-is-known'
    """
    plain = (
        unicodedata.normalize("NFKD", title.lower().translate(_LETTERS))
        .encode("ascii", "ignore")
        .decode()
    )
    return re.sub(
        r"^[-0-9]+|-+$", "", re.sub(r"[^a-z0-9]+", "-", " ".join(plain.split()))
    )


def term_anchor(term: str) -> str:
    """Return the identifier that Sphinx gives to a term of a glossary.

    Example:
        >>> term_anchor("Good-Turing estimate")
        'term-Good-Turing-estimate'
    """
    plain = (
        unicodedata.normalize("NFKD", term.translate(_LETTERS))
        .encode("ascii", "ignore")
        .decode()
    )
    return "term-" + re.sub(
        r"^[-0-9._]+|-+$", "", re.sub(r"[^a-zA-Z0-9._]+", "-", plain)
    )


def formula(tex: str) -> str:
    r"""Write a formula of one line without TeX's commands, as far as plain characters can say it.

    Args:
        tex: What stands between the dollar signs.

    Returns:
        The formula; a command that is not known stays as its name.

    Example:
        >>> formula(r"\tau \cdot c(\text{the})")
        'τ · c(the)'
    """
    previous = ""
    while previous != tex:  # from the inside out
        previous = tex
        tex = re.sub(
            r"\\(?:text|mathbf|boldsymbol|mathrm|mathcal|operatorname)\{([^{}]*)\}",
            r"\1",
            tex,
        )
    tex = re.sub(r"\\(?:[,;:! ]|quad\b|big\b|left\b|right\b)", " ", tex)
    tex = re.sub(r"\\hat\s*\{?(\w)\}?", "\\1\N{COMBINING CIRCUMFLEX ACCENT}", tex)
    tex = re.sub(r"\\([A-Za-z]+)", lambda found: _TEX.get(found[1], found[1]), tex)
    tex = (
        re.sub(r"([_^])\{(\w|[+\-]\w+)\}", r"\1\2", tex)
        .replace("\\|", "||")
        .replace("\\", "")
    )
    return unicodedata.normalize("NFC", " ".join(tex.split()))


def plain(
    text: str,
    resolve: Callable[[str, str], str],
    formulas: Callable[[str], str] = formula,
) -> str:
    """Put a paragraph on one line, drop Markdown's markup and write out the roles.

    Args:
        text: One paragraph.
        resolve: Returns what a role reads as, given its name and its target, e.g. ``("ref", "claim-far")``.
        formulas: Returns what a formula reads as, given its TeX.

    Returns:
        The paragraph as it is read.

    Example:
        >>> plain("See {ref}`the *claim* <claim-far>`, and **`prob`**.", lambda role, target: target)
        'See the claim, and prob.'
    """

    def role(found: re.Match[str]) -> str:
        name, content = found[1], found[2]
        titled = re.fullmatch(r"(.*?)\s*<([^<>]*)>", content, re.DOTALL)
        return (
            titled[1]
            if titled and titled[1]
            else resolve(name, titled[2] if titled else content)
        )

    text = " ".join(text.split())
    text = re.sub(r"\{([\w:+-]+)\}`([^`]*)`", role, text)
    # Code is kept apart from here on: an asterisk in it is not markup.
    code: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept = formulas(found[3]) if found[3] else found[4] or found[2].strip()
        code.append(kept)
        return f"\x00{len(code) - 1}\x00"

    # Code, formulas and escaped characters, in one pass: whichever begins first hides the others.
    text = re.sub(
        r"(`+)(.+?)\1(?!`)|\$([^$]+)\$|\\([\\`*_{}\[\]()#+\-.!$|<>~])", keep, text
    )
    text = re.sub(r"<!--.*?-->", "", text)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)|\[\^[^\]]+\]:?", "", text)  # images, footnotes
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)  # links
    text = re.sub(r"<(https?://[^<>\s]+)>", r"\1", text)
    text = re.sub(r"(\*{1,3}|(?<!\w)_{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)", r"\2", text)
    text = re.sub(r"(\*{1,3})(?=\S)(.+?)(?<=\S)\1", r"\2", text)  # nested emphasis
    text = re.sub(r"\x00(\d+)\x00", lambda found: code[int(found[1])], text)
    return re.sub(r"\s+([,.;:?!])(?=\s|$)", r"\1", " ".join(text.split()))
