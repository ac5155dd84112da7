"""Calculations in words, English and Chinese, as the expressions that the calculator reads."""

from __future__ import annotations

import re

_ONES = (  # noqa: SIM905
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
_SMALL = {word: i for i, word in enumerate(_ONES)} | {
    word: 10 * i for i, word in enumerate(_TENS, 2)
}
_LARGE = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
_DIGITS = {digit: i for i, digit in enumerate("零一二三四五六七八九")} | {
    "两": 2,
    "〇": 0,
}
_UNITS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_NUMBER_WORDS = "|".join([*_SMALL, *_LARGE])
_ENGLISH_NUMBER = re.compile(
    rf"\b(?:{_NUMBER_WORDS})(?:(?:[ -]|\s+and\s+)(?:{_NUMBER_WORDS}))*\b"
)
_CHINESE_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百千万亿]+")
_N = r"(\([^()]*\)|-?\d[\d.]*)"  # a number, or something in parentheses
_LIST = rf"{_N}((?:\s*(?:,|and|和|、|与|跟)\s*)+{_N})+"

# Tried in this order; what a rule writes, the next ones read.
_ENGLISH = (
    (rf"\bsubtract {_N} from {_N}", r"(\2) - (\1)"),
    (rf"\b(?:multiply) {_N} (?:by|with|and) {_N}", r"(\1) * (\2)"),
    (rf"\b(?:divide) {_N} by {_N}", r"(\1) / (\2)"),
    (rf"\badd {_N} to {_N}", r"(\2) + (\1)"),
    (r"\bmultipl(?:y|ied) (?:it |that )?by\b", "*"),
    (r"\bdivided? (?:it |that )?by\b", "/"),
    (r"\badd (?=\d)", "+ "),
    (r"\bsubtract (?=\d)", "- "),
    (rf"\bsquare of {_N}", r"(\1) ^ 2"),
    (r"\b(?:raised )?to the power of\b|\bto the power\b", "^"),
    (r"\bsquared\b", "^ 2"),
    (r"\bcubed\b", "^ 3"),
    (r"\bhalf (?:of )?(?=[\d(])", "0.5 * "),
    (r"(?:percent|%) of\b", "/ 100 *"),
    (r"\bpercent\b", "%"),
    (r"\bplus\b", "+"),
    (r"\b(?:minus|less)\b", "-"),
    (r"\b(?:times|x)\b", "*"),
    (r"(?<=\d)\s*x\s*(?=\d)", " * "),
    (r"\bover\b", "/"),
)
_CHINESE = (
    (rf"{_N}\s*的％\s*{_N}", r"(\1) * (\2) / 100"),
    (rf"％\s*{_N}", r"(\1)%"),
    (rf"{_N}\s*的\s*{_N}\s*次方", r"(\1) ^ (\2)"),
    (rf"的\s*{_N}\s*次方", r"^ (\1)"),
    (r"的平方", " ^ 2"),
    (r"的立方", " ^ 3"),
    (r"的一半|(?<=\d)\s*减半|的0\.5", " / 2"),
    (r"加上|加", " + "),
    (r"减去|减", " - "),
    (r"乘以|乘上|乘", " * "),
    (r"除以", " / "),
)
_FILLER = re.compile(
    r"\b(?:what(?:'s| is| do i get if i| do you get if you)?|how (?:much|many) (?:is|are|does)|calculate|compute|solve|"
    r"evaluate|work out|can you|could you|tell me|please|do the sum|and|now|then|so|is|are|equals?|makes?|make|the|a|"
    r"result|for me|i|need|get|if|ok|of|value|just|want|to know)\b|[?？=:：,，。.!！、]+(?!\d)|"
    r"把|个数|等于(?:多少|几)?|(?:得|是)(?:多少|几)|多少|几|请|计算|算一下|算一算|算算|算|帮我|一下|再|然后|那么|那|呢|的值|求|得|是|接着|吗|"
    r"如果|结果"
)
_EXPRESSION = re.compile(r"[\d.+\-*/^()%\s]+")
_OPERATOR = re.compile(r"[\d)%]\s*[-+*/^]\s*[-+\d(.]|\d\s*%")


def spelled_numbers(text: str) -> str:
    """Write number words as digits.

    Example:
        >>> spelled_numbers("one hundred and five times twenty-one"), spelled_numbers("三百零五乘十二")
        ('105 times 21', '305乘12')
    """

    def english(match: re.Match[str]) -> str:
        total, part = 0, 0
        for word in re.split(r"[\s-]+", match[0]):
            if word in _SMALL:
                part += _SMALL[word]
            elif word == "hundred":
                part = max(part, 1) * 100
            elif word in _LARGE:
                total, part = total + max(part, 1) * _LARGE[word], 0
        return str(total + part)

    def chinese(match: re.Match[str]) -> str:
        total, part, digit = 0, 0, 0
        if all(c in _DIGITS for c in match[0]):
            return "".join(str(_DIGITS[c]) for c in match[0])
        for character in match[0]:
            if character in _DIGITS:
                digit = _DIGITS[character]
            elif _UNITS[character] >= 10_000:
                total = (total + part + digit) * _UNITS[character]
                part = digit = 0
            else:
                part += max(digit, 1) * _UNITS[character]
                digit = 0
        return str(total + part + digit)

    return _CHINESE_NUMBER.sub(chinese, _ENGLISH_NUMBER.sub(english, text))


def _written(text: str) -> str:
    """Rewrite words as signs, as far as the rules go."""
    text = text.lower().replace("×", "*").replace("÷", "/").replace("−", "-")
    text = text.replace("（", "(").replace("）", ")").replace("–", "-")
    # These hold a number word that is none of the operands.
    text = text.replace("的一半", " / 2").replace("一下", "").replace("百分之", "％")
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", spelled_numbers(text))
    for pattern, joined in (
        (rf"(?:\badd|\bsum(?: up)?|\bsum of)\s+{_LIST}", "+"),
        (rf"\bproduct of\s+{_LIST}", "*"),
        (rf"{_LIST}\s*的和", "+"),
        (rf"{_LIST}\s*的积", "*"),
        (rf"{_LIST}\s*加起来", "+"),
    ):
        text = re.sub(pattern, lambda m: _joined(m[0], joined), text)  # noqa: B023
    for pattern, sign in (*_ENGLISH, *_CHINESE):
        text = re.sub(pattern, sign, text)
    return text


def _joined(found: str, sign: str) -> str:
    numbers = re.findall(_N, found)
    return "(" + f" {sign} ".join(numbers) + ")"


def expression_in(text: str, last: str | None = None) -> str | None:
    """Return the calculation that a text asks for, if it asks for nothing else.

    Args:
        text: What somebody typed.
        last: The last result, a number or a fraction: what "that", "it" and a missing first number stand for.

    Returns:
        An expression for `companion.apps.arithmetic.evaluate`; None if there is none, or other words are left.

    Example:
        >>> expression_in("What is twelve times 7?"), expression_in("12加七等于多少？")
        ('12 * 7', '12 + 7')
        >>> expression_in("and divided by 2?", last="84"), expression_in("Chapter 7 please")
        ('(84) / 2', None)
    """
    text = text.strip().lower()
    if len(text) > 1_000:
        return None
    if last is not None:
        text = re.sub(
            r"\b(?:that|it|this|the result)\b|它|这个数|这个结果|上面的结果",
            f" ({last}) ",
            text,
        )
    written = re.sub(r"\s+", " ", _FILLER.sub(" ", _written(text))).strip()
    if not written or not _EXPRESSION.fullmatch(written):
        return None
    if last is not None and re.match(r"[*/^]|[-+](?=\s)|%", written):
        written = f"({last}) {written}"
    return written if _OPERATOR.search(written) else None
