"""Porter's stemmer: English words without their endings, so that *connected* finds *connection*."""

from __future__ import annotations

from functools import lru_cache

# A letter is a vowel if it is one of aeiou, or a y that follows a consonant. A stem's measure m is how often a vowel
# is followed by a consonant: tree 0, trouble 1, troubles 2.
_STEP_2 = {
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize", "abli": "able",
    "alli": "al", "entli": "ent", "eli": "e", "ousli": "ous", "ization": "ize", "ation": "ate", "ator": "ate",
    "alism": "al", "iveness": "ive", "fulness": "ful", "ousness": "ous", "aliti": "al", "iviti": "ive",
    "biliti": "ble",
}  # fmt: skip
_STEP_3 = {
    "icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": "",
}  # fmt: skip
_STEP_4 = (
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate",
    "iti", "ous", "ive", "ize",
)  # fmt: skip


def _shape(word: str) -> str:
    """Return the word's letters as v for vowel and c for consonant."""
    shape = ""
    for letter in word:
        vowel = letter in "aeiou" or (letter == "y" and shape[-1:] == "c")
        shape += "v" if vowel else "c"
    return shape


def _measure(stem: str) -> int:
    return _shape(stem).count("vc")


def _has_vowel(stem: str) -> bool:
    return "v" in _shape(stem)


def _double_consonant(word: str) -> bool:
    return len(word) > 1 and word[-1] == word[-2] and _shape(word)[-1] == "c"


def _short(word: str) -> bool:
    """Whether it ends in consonant, vowel, consonant, and the last is not w, x or y: hop, fil, but not snow."""
    return _shape(word).endswith("cvc") and word[-1] not in "wxy"


def _longest(word: str, endings: tuple[str, ...] | dict[str, str]) -> str | None:
    return max((e for e in endings if word.endswith(e)), key=len, default=None)


def _plurals(word: str) -> str:
    if word.endswith(("sses", "ies")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _past_and_progressive(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    ending = _longest(word, ("ed", "ing"))
    if ending is None or not _has_vowel(word[: -len(ending)]):
        return word
    word = word[: -len(ending)]
    if word.endswith(("at", "bl", "iz")):
        return word + "e"
    if _double_consonant(word) and word[-1] not in "lsz":
        return word[:-1]
    return word + "e" if _measure(word) == 1 and _short(word) else word


def _replaced(word: str, endings: dict[str, str]) -> str:
    ending = _longest(word, endings)
    if ending is None or _measure(word[: -len(ending)]) == 0:
        return word
    return word[: -len(ending)] + endings[ending]


def _without_suffix(word: str) -> str:
    ending = _longest(word, _STEP_4)
    if ending is None:
        return word
    rest = word[: -len(ending)]
    if _measure(rest) < 2 or (ending == "ion" and not rest.endswith(("s", "t"))):
        return word
    return rest


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return a word without its English endings; the result need not be a word.

    Args:
        word: In lower case. One with other characters than a to z comes back as it is, and so does one of fewer than
            three letters.

    Returns:
        The stem: the same for many forms of one word, and sometimes for words that only look alike.

    Source: Porter (1980), steps 1 to 5.

    Example:
        >>> [stem(word) for word in ("connected", "connection", "universe", "university")]
        ['connect', 'connect', 'univers', 'univers']
    """
    if len(word) < 3 or not (word.isascii() and word.isalpha() and word.islower()):
        return word
    word = _past_and_progressive(_plurals(word))
    if word.endswith("y") and _has_vowel(word[:-1]):
        word = word[:-1] + "i"
    word = _without_suffix(_replaced(_replaced(word, _STEP_2), _STEP_3))
    if word.endswith("e"):
        rest = word[:-1]
        if _measure(rest) > 1 or (_measure(rest) == 1 and not _short(rest)):
            word = rest
    if word.endswith("ll") and _measure(word) > 1:
        word = word[:-1]
    return word
