"""BLEU's tokenizers against sacrebleu's, on text that is made to be awkward."""

from __future__ import annotations

import random

import pytest
from sacrebleu.metrics.bleu import _get_tokenizer

from companion.metrics.tokenization import bleu_tokens, content_words

# Letters, digits, every mark of ASCII, escapes, white space of several kinds, Chinese, and the odd ranges.
PIECES = [
    *"aB7 0.,-'\"!?()[]{}~&%$#@/\\:;<>=+*|^_`",
    *"\t\r\u00a0\u3000\u2028我们爱。，！？（）Ａ１é—→…ー가🙂\u2001\u2a6d\u2a6e\ufffd",
    *["&quot;", "&amp;", "&lt;", "&gt;", "<skipped>", "-\n", "\n", "3.5", "1,000", "e.g.", "...", "10-20", " ", "word"],
]  # fmt: skip


def awkward(number: int, seed: int) -> list[str]:
    draw = random.Random(seed)
    return ["".join(draw.choices(PIECES, k=draw.randint(0, 14))) for _ in range(number)]


@pytest.mark.parametrize("name", ["13a", "zh", "char", "none"])
def test_equal_to_sacrebleu(name):
    lines = awkward(5000, seed=1)
    theirs = _get_tokenizer(name)()
    for line, ours in zip(lines, bleu_tokens(lines, name), strict=True):
        assert ours == theirs(line.rstrip()).split(), repr(line)


def test_every_character_alone_and_between_letters():
    characters = [chr(c) for c in range(0x10000) if not 0xD800 <= c < 0xE000]
    theirs = _get_tokenizer("zh")()
    lines = [f"a{c}b" for c in characters]
    for line, ours in zip(lines, bleu_tokens(lines, "zh"), strict=True):
        assert ours == theirs(line).split(), repr(line)


def test_a_blank_text_has_no_token():
    for name in ("13a", "zh", "char", "none"):
        assert bleu_tokens(["", " \n\t"], name) == [[], []]
    assert bleu_tokens([], "13a") in ([], [[]])
    assert content_words(" ?! 。") == []


def test_an_unknown_tokenizer_is_refused():
    with pytest.raises(ValueError, match="13a, zh, char, none"):
        bleu_tokens(["a"], "intl")
