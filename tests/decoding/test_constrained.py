"""What is written under a constraint matches it, always, and everything that matches can be written."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest
from decoding.models_for_tests import chi_square, louder
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.decoding import RegexConstraint, generate
from companion.decoding.constrained import automaton
from companion.decoding.regular import derivative, parse
from companion.models.gpt import GPT, GPTConfig
from companion.text import BPETokenizer, ByteTokenizer, CharTokenizer

TEXT = "the year 2024, the month 06; naïve 中文 abcabc -12.5e3 (see below) "
BPE = BPETokenizer.train(TEXT * 3, vocab_size=300, special_tokens=["<end>"])
GPT_BPE = louder(
    GPT(GPTConfig(BPE.vocab_size, context=64, layers=1, d_model=16, heads=2)), 0.6
)
PATTERNS = (
    r"\d{4}-\d{2}",
    r"(yes|no|maybe)( \w+)?",
    r"-?\d+(\.\d+)?(e-?\d{1,2})?",
    r"[^a-z\n]{2,5}!",
    r"(ab|abc)*d",
    r"(naïve|中文|é)+",
    r"\s*the\s[a-y]{3}",
    r".{3}",
    r"[\w.]+@[a-z]+\.(com|org)",
    r"a{0}b?",
)


@given(
    pattern=st.sampled_from(PATTERNS),
    seed=st.integers(0, 10_000),
    tau=st.sampled_from([0.0, 0.7, 1.5]),
)
@settings(deadline=None, max_examples=60)
def test_every_text_matches_the_whole_pattern(pattern, seed, tau):
    constraint = RegexConstraint.for_tokenizer(pattern, BPE)
    ids = generate(
        GPT_BPE,
        (),
        25,
        np.random.default_rng(seed),
        constraint=constraint,
        temperature=tau,
    )
    assert re.fullmatch(pattern, BPE.decode(ids, "strict"), re.ASCII)
    assert len(ids) <= 25


LETTERS = "ab-1é"


@st.composite
def patterns(draw, depth: int = 3):
    """Random patterns over few letters."""
    if depth == 0:
        return draw(st.sampled_from([*LETTERS, ".", "[ab]", "[^a]", r"\d", r"\w"]))
    inside = patterns(depth - 1)
    kind = draw(st.sampled_from(["one", "cat", "alt", "rep"]))
    if kind == "cat":
        return draw(inside) + draw(inside)
    if kind == "alt":
        return f"({draw(inside)}|{draw(inside)})"
    if kind == "rep":
        sign = draw(st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{1,}"]))
        return f"(?:{draw(inside)}){sign}"
    return draw(inside)


@given(pattern=patterns())
@settings(deadline=None, max_examples=80)
def test_the_automaton_accepts_what_re_accepts(pattern):
    table, final = automaton(parse(pattern))
    for length in range(4):
        for letters in itertools.product(LETTERS, repeat=length):
            text, state = "".join(letters), 0
            for byte in text.encode():
                state = table[state, byte] if state >= 0 else -1
            found = state >= 0 and final[state]
            assert found == bool(re.fullmatch(pattern, text, re.ASCII)), (pattern, text)


@given(low=st.integers(0, 0x10FFFF), high=st.integers(0, 0x10FFFF), data=st.data())
@settings(deadline=None, max_examples=60)
def test_ranges_of_characters_are_right_in_bytes(low, high, data):
    low, high = min(low, high), max(low, high)
    low, high = (0xD7FF if 0xD800 <= code <= 0xDFFF else code for code in (low, high))
    expression = parse(f"[\\{chr(low)}-\\{chr(high)}]") if _plain(low, high) else None
    if expression is None:
        return
    edges = [low - 1, low, high, high + 1, (low + high) // 2]
    for code in [*edges, data.draw(st.integers(0, 0x10FFFF))]:
        if not 0 <= code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            continue
        rest = expression
        for byte in chr(code).encode():
            rest = derivative(rest, byte)
        assert rest.nullable == (low <= code <= high), hex(code)


def _plain(low: int, high: int) -> bool:
    return not (chr(low).isalnum() or chr(high).isalnum())


def test_tokens_may_cross_the_parts_of_a_pattern_and_dead_ends_are_left_out():
    constraint = RegexConstraint("(ab)*c", [b"a", b"b", b"abab", b"c", b"ba", b""])
    assert constraint.allowed(0).tolist() == [True, False, True, True, False, False]
    inside = constraint.advance(0, 0)
    # after "a": "b" goes on; "ba" leads to a place where only "b" helps, which is there
    assert constraint.allowed(inside).tolist() == [False, True, False, False, True, False]  # fmt: skip
    without_b = RegexConstraint("(ab)*c|a+", [b"a", b"abab", b"c"])
    # "a" may only go on to "aa": the b that the other way needs is no token
    after = without_b.advance(0, 0)
    assert without_b.accepts(after)
    assert without_b.allowed(after).tolist() == [True, False, False]


def test_the_limit_leaves_time_to_finish():
    constraint = RegexConstraint("a*(bbb|c)", [b"a", b"b", b"c"])
    assert constraint.tokens_left(0) == 1
    assert constraint.allowed(0, left=1).tolist() == [False, False, True]
    assert constraint.allowed(0, left=2).tolist() == [True, False, True]
    assert constraint.allowed(0, left=3).tolist() == [True, True, True]


def test_a_text_that_may_end_ends_as_often_as_the_model_leaves_the_pattern():
    class Fixed:
        vocab_size = 3

        def next_probs(self, context):
            return np.array([0.6, 0.1, 0.3])

    constraint = RegexConstraint("a+", [b"a", b"b", b"c"])
    generator = np.random.default_rng(0)
    lengths = [
        len(generate(Fixed(), (), 4, generator, constraint=constraint))
        for _ in range(2000)
    ]
    wanted = [0.4, 0.6 * 0.4, 0.36 * 0.4, 0.216]
    assert chi_square(np.bincount(lengths, minlength=5)[1:], np.array(wanted)) > 1e-4


def test_a_stop_token_can_end_it():
    class Stopping:
        vocab_size = 2

        def next_probs(self, context):
            return np.array([0.4, 0.6])

    constraint = RegexConstraint("a+", [b"a", b""])
    ids = generate(Stopping(), (), 9, stop=1, constraint=constraint, temperature=0.0)
    assert ids == [0, 1]


def test_other_tokenizers():
    characters = CharTokenizer.train("abc 0123")
    constraint = RegexConstraint.for_tokenizer("[a-c]+ 1", characters)
    kinds = {
        characters.decode([i]) for i in constraint.allowed(0).nonzero()[:, 0].tolist()
    }
    assert kinds == {"a", "b", "c"}
    assert RegexConstraint.for_tokenizer("é", ByteTokenizer()).tokens_left(0) == 2


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("a(b", r"position 3: a \) is missing"),
        ("a)b", r"a \) without"),
        ("*a", "nothing before"),
        ("a**", "repetition of a repetition"),
        ("a+?", "lazy"),
        ("^a", "whole text"),
        (r"\bword", r"\\b is not known"),
        ("(?=a)", "only plain groups"),
        ("[a", "ends too early"),
        ("[z-a]", "wrong way"),
        ("a{3,2}", "cannot repeat"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(pattern, message):
    with pytest.raises(ValueError, match=message):
        parse(pattern)


def test_impossible_constraints_are_refused_before_anything_is_drawn():
    with pytest.raises(ValueError, match="no text made of these 2 tokens"):
        RegexConstraint("x+", [b"a", b"b"])
    with pytest.raises(ValueError, match="states"):
        RegexConstraint("(a|b)*a(a|b){14}", [b"a", b"b"])
    constraint = RegexConstraint.for_tokenizer(r"\d{9}", ByteTokenizer())
    model = GPT(GPTConfig(256, layers=1, d_model=16, heads=2))
    with pytest.raises(ValueError, match="the shortest has 9"):
        generate(model, (), 8, temperature=0.0, constraint=constraint)
    with pytest.raises(ValueError, match="one tokenizer"):
        generate(GPT_BPE, (), 9, temperature=0.0, constraint=constraint)
    with pytest.raises(ValueError, match="not allowed here"):
        constraint.advance(0, ord("a"))
