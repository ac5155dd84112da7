"""The text generator: the acceptance example, forms, bad input, seeds, streams, files."""

import inspect
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.apps.generator import Form, TextGenerator, VoiceConfig, everyday
from companion.models.language_model import score
from companion.text.verse import rhyme, syllables

SUN = "The sun is shining brightly."
SPRING = "今天阳光很好。"


@pytest.fixture(scope="module")
def generator() -> TextGenerator:
    return TextGenerator.load()


@pytest.fixture(scope="module")
def tiny() -> TextGenerator:
    """Trained for next to no time."""
    few = {"en": VoiceConfig(2, length=16), "zh": VoiceConfig(2, length=16, d_model=32)}
    texts = [
        "It is warm.\nWe walk home.\nThey read books.",
        "天气很好。\n我们回家。\n他们读书。",
    ]
    return TextGenerator.fit(texts * 8, few)


@pytest.mark.parametrize("seed", range(4))
def test_a_sunny_day_gets_a_next_sentence_that_is_whole_and_new(
    generator: TextGenerator, seed: int
) -> None:
    made = generator.generate(SUN, seed=seed)
    assert made.finished
    assert made.notes == ()
    assert made.text[-1] in ".!?"
    assert len(made.text.split()) >= 2
    assert made.text.strip() != SUN
    assert "\n" not in made.text
    assert not generator.voice("en").knows(made.text)
    assert made.text not in "\n".join(everyday("en"))


def test_chinese_gets_chinese(generator: TextGenerator) -> None:
    made = generator.generate(SPRING)
    assert made.language == "zh"
    assert made.finished
    assert made.text[-1] in "。！？"


@pytest.mark.parametrize("prompt", [SUN, SPRING])
def test_the_same_seed_writes_the_same_and_others_write_others(
    generator: TextGenerator, prompt: str
) -> None:
    first = [generator.generate(prompt, seed=k) for k in range(3)]
    again = [generator.generate(prompt, seed=k) for k in range(3)]
    assert first == again
    assert len({made.text for made in first}) > 1


@pytest.mark.parametrize("kind", ["sentence", "story", "poem"])
@pytest.mark.parametrize("candidates", [1, 4])
@pytest.mark.parametrize("prompt", ["The sun is", SPRING])
def test_the_pieces_of_a_stream_are_the_whole(
    generator: TextGenerator, kind: str, candidates: int, prompt: str
) -> None:
    options = {"kind": kind, "candidates": candidates, "seed": 3}
    if kind == "poem":
        options["form"] = Form(2)
    pieces = list(generator.stream(prompt, **options))
    assert "".join(pieces) == generator.generate(prompt, **options).text
    assert len(pieces) > 1 or (kind == "sentence" and candidates > 1)


def test_the_log_probabilities_are_the_models_own(generator: TextGenerator) -> None:
    voice = generator.voice("en")
    made = generator.generate(SUN, seed=1, temperature=1.3)
    context = voice.tokenizer.encode(SUN + "\n").tolist()
    tokens = voice.tokenizer.encode(made.text + "\n").tolist()
    if len(tokens) == len(made.log_probs):  # it wrote the usual tokens of this text
        found = score(voice.model, tokens, context)
        np.testing.assert_allclose(made.log_probs, found, atol=1e-3)
    bits = -sum(made.log_probs) / np.log(2) / len(made.text)
    assert made.bits_per_character == pytest.approx(bits)


def test_a_story_has_as_many_sentences_as_were_asked_for(
    generator: TextGenerator,
) -> None:
    made = generator.generate(SPRING, "story", sentences=3)
    assert len(re.findall("[。！？]", made.text)) >= 3


@pytest.mark.parametrize("seed", range(3))
def test_a_chinese_poem_keeps_its_form(generator: TextGenerator, seed: int) -> None:
    made = generator.generate("秋天来了。", "poem", seed=seed)
    lines = made.text.split("\n")
    assert made.finished
    assert [len(line) for line in lines] == [6] * 4
    assert rhyme(lines[1]) == rhyme(lines[3]) != ""
    assert lines[1][-2] != lines[3][-2]


@pytest.mark.parametrize(("prompt", "word"), [(SPRING, "我爱学习"), (SUN, "SUN")])
def test_an_acrostic_is_spelled(
    generator: TextGenerator, prompt: str, word: str
) -> None:
    made = generator.generate(prompt, "poem", form=Form.spelling(word))
    assert "".join(line[0] for line in made.text.split("\n")) == word


@pytest.mark.parametrize("seed", range(2))
def test_an_english_poem_keeps_its_form_or_says_where_it_does_not(
    generator: TextGenerator, seed: int
) -> None:
    made = generator.generate(SUN, "poem", form=Form(2, 8, "aa"), seed=seed)
    first, second = made.text.split("\n")
    kept = [syllables(first), syllables(second)] == [8, 8]
    kept = kept and rhyme(first) == rhyme(second)
    assert made.finished == kept == (made.notes == ())


def test_an_impossible_form_is_named_as_missed(generator: TextGenerator) -> None:
    made = generator.generate(SUN, "poem", form=Form(1, 30), candidates=1)
    assert made.finished or "syllables, not 30" in made.notes[0]


def test_a_prompt_longer_than_the_context_slides_and_says_so(
    generator: TextGenerator,
) -> None:
    for prompt in ("We walk home. " * 200, "我们回家。" * 300):
        made = generator.generate(prompt)
        assert made.text
        assert any("longer" in note for note in made.notes)
    assert not generator.generate(SUN).notes


@pytest.mark.parametrize(
    "prompt",
    [
        "a" * 1_000_000,
        "🙂🙂",
        "שלום עולם",
        "hello\x00\x07",
        "Hi 你好 🙂 مرحبا",
        "....",
        "龘",
    ],
)
def test_strange_prompts_get_an_answer(generator: TextGenerator, prompt: str) -> None:
    made = generator.generate(prompt)
    assert made.text
    assert made.language in ("en", "zh")


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_answered_or_refused_with_advice(
    generator: TextGenerator, text: str
) -> None:
    try:
        made = generator.generate(text, candidates=1)
    except ValueError as error:
        if "type a word" not in str(error):
            raise
    else:
        assert isinstance(made.text, str)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "ode"}, "kind must be one of"),
        ({"candidates": 0}, "candidates must lie"),
        ({"sentences": 0}, "sentences must lie"),
        ({"temperature": -1.0}, "temperature must lie"),
        ({"temperature": float("nan")}, "temperature must lie"),
        ({"top_p": 0.0}, "top_p must be"),
        ({"kind": "poem", "form": Form.spelling("你好")}, "begins no line in 'en'"),
    ],
)
def test_options_out_of_range_are_refused_with_advice(
    generator: TextGenerator, options: dict[str, object], message: str
) -> None:
    # Without the check of types, which would refuse a wrong kind first.
    plain = inspect.unwrap(TextGenerator.generate)
    with pytest.raises(ValueError, match=message):
        plain(generator, SUN, **options)


def test_a_character_that_the_model_does_not_know_is_named(
    generator: TextGenerator,
) -> None:
    with pytest.raises(ValueError, match="'龘'"):
        generator.generate(SPRING, "poem", form=Form.spelling("龘"))


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"lines": 0}, "lines must lie"),
        ({"width": 31}, "width must lie"),
        ({"rhyme": "AB"}, "small letters"),
        ({"acrostic": "ab"}, "2 letters for 4 lines"),
    ],
)
def test_a_form_that_makes_no_sense_is_refused(
    form: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Form(**form)  # type: ignore[arg-type]


def test_what_was_fitted_is_saved_and_loaded_exactly(
    tiny: TextGenerator, tmp_path: object
) -> None:
    tiny.save(f"{tmp_path}/x")
    again = TextGenerator.load(f"{tmp_path}/x")
    for prompt in ("It is", "天气"):
        assert again.generate(prompt, candidates=1) == tiny.generate(
            prompt, candidates=1
        )
        assert again.voice("en").knows("we walk home")


def test_a_generator_of_one_language_refuses_the_other() -> None:
    few = {"zh": VoiceConfig(1, length=8, d_model=16)}
    only = TextGenerator.fit(["天气很好。\n我们回家。"] * 4, few)
    with pytest.raises(ValueError, match="not trained on 'en'"):
        only.generate(SUN)
    with pytest.raises(ValueError, match="no text to learn from"):
        TextGenerator.fit(["", "  "])


def test_the_one_that_comes_with_the_course_is_small() -> None:
    from companion.apps._artifact import shipped

    folder = shipped("generator", "chapter 18")
    assert sum(path.stat().st_size for path in folder.iterdir()) < 2_000_000
