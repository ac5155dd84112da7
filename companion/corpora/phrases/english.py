"""English inflection, as much of it as the phrasebook's grammar needs: articles, plurals, verb forms, numbers."""

from __future__ import annotations

VOWELS = "aeiou"
# Words whose first letter misleads about their first sound.
_VOWEL_SOUND = ("hour", "honest", "heir", "honor")
_CONSONANT_SOUND = ("uni", "use", "usu", "eu", "one", "once", "ukulele")

_IRREGULAR_PLURALS = {
    "child": "children",
    "person": "people",
    "man": "men",
    "woman": "women",
    "knife": "knives",
    "fish": "fish",
    "sheep": "sheep",
    "scarf": "scarves",
}

_CARDINALS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = [
    "zero",
    "ten",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
]


def with_article(phrase: str) -> str:
    """Put the indefinite article before a phrase, chosen by the sound it begins with.

    Args:
        phrase: A noun phrase without a determiner.

    Returns:
        The phrase after "a" or "an".

    Example:
        >>> with_article("umbrella"), with_article("university")
        ('an umbrella', 'a university')
    """
    word = phrase.lower()
    vowel = word.startswith(_VOWEL_SOUND) or (
        word[0] in VOWELS and not word.startswith(_CONSONANT_SOUND)
    )
    return f"{'an' if vowel else 'a'} {phrase}"


def plural(noun: str) -> str:
    """Form the plural of a noun; of a compound, that of its last word.

    Example:
        >>> plural("story"), plural("language model")
        ('stories', 'language models')
    """
    *first, last = noun.split(" ")
    if last in _IRREGULAR_PLURALS:
        last = _IRREGULAR_PLURALS[last]
    elif last.endswith("y") and last[-2] not in VOWELS:
        last = last[:-1] + "ies"
    elif last.endswith(("s", "x", "ch", "sh")) or last in ("tomato", "potato"):
        last += "es"
    else:
        last += "s"
    return " ".join([*first, last])


def third_person(verb: str) -> str:
    """Form the third person singular of the present; only the first word of a phrase is inflected.

    Example:
        >>> third_person("watch TV"), third_person("study")
        ('watches TV', 'studies')
    """
    head, space, rest = verb.partition(" ")
    if head == "have":
        head = "has"
    elif head.endswith("y") and head[-2] not in VOWELS:
        head = head[:-1] + "ies"
    elif head.endswith(("s", "x", "ch", "sh", "o")):
        head += "es"
    else:
        head += "s"
    return head + space + rest


# Verbs of one stressed syllable that double their last consonant before -ing.
_DOUBLING = frozenset(
    {
        "swim",
        "run",
        "program",
        "shop",
        "sit",
        "get",
        "put",
        "chat",
        "jog",
        "plan",
        "cut",
    }
)


def ing_form(verb: str) -> str:
    """Form the present participle; only the first word of a phrase is inflected.

    Example:
        >>> ing_form("swim"), ing_form("take a walk")
        ('swimming', 'taking a walk')
    """
    head, space, rest = verb.partition(" ")
    if head in _DOUBLING:
        head += head[-1]
    elif head.endswith("e") and not head.endswith("ee"):
        head = head[:-1]
    return f"{head}ing{space}{rest}"


def cardinal(number: int) -> str:
    """Write a number from 0 to 99 in words.

    Raises:
        ValueError: If the number is outside 0 to 99.

    Example:
        >>> cardinal(21)
        'twenty-one'
    """
    if not 0 <= number < 100:
        raise ValueError(
            f"number words are written for 0 to 99, got {number}; try a smaller number"
        )
    if number < 20:
        return _CARDINALS[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens] + (f"-{_CARDINALS[ones]}" if ones else "")


def possessive(name: str) -> str:
    """Put a name in the genitive.

    Example:
        >>> possessive("Anna")
        "Anna's"
    """
    return f"{name}'s"
