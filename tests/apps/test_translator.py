"""The translator: the acceptance example, both directions, copies, honest scores, bad input, save and load."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.apps import Translator
from companion.apps._artifact import CHECKPOINTS
from companion.apps._sentences import cleaned_sentence, cut_sentence, sentences_of
from companion.corpora import phrasebook, sentiment
from companion.corpora.phrases import held_out_combinations


@pytest.fixture(scope="module")
def translator() -> Translator:
    return Translator.load()


def test_the_acceptance_example(translator):
    found = translator.translate("I love programming.")
    assert found.text == "我爱编程。"
    assert (found.source_language, found.target_language) == ("en", "zh")
    assert found.sure
    assert found.copied == ()
    assert {(link.source, link.target) for link in found.alignment} >= {
        ("love", "爱"),
        ("programming", "编"),
        ("programming", "程"),
    }
    assert found.alternatives
    assert all(other.text != found.text for other in found.alternatives)


def test_the_example_is_not_looked_up(translator):
    """Neighbors of it that no list holds come out right as well."""
    assert translator.translate("We love programming.").text == "我们爱编程。"
    assert translator.translate("i love programming").text == "我爱编程"


def test_the_way_back(translator):
    assert translator.translate("我爱编程。").text == "I love programming."
    assert translator.translate("我今天很开心。").text == "I am very happy today."


def test_held_out_sentences_of_both_directions(translator):
    pairs = list(held_out_combinations(phrasebook(), minimum=60).valid)[::60]
    for to in ("zh", "en"):
        given = [(p.source, p.target) if to == "zh" else (p.target, p.source) for p in pairs]  # fmt: skip
        right = [translator.translate(a, to).text == b for a, b in given]
        assert np.mean(right) > 0.8


@pytest.mark.parametrize("name", ["Barbara", "Zoltán", "O'Neill", "Jean-Luc"])
def test_unknown_names_are_copied(translator, name):
    found = translator.translate(f"{name} likes drinking tea.")
    if name == "Jean-Luc":
        assert "Jean" in found.text
        return
    assert name in found.text
    assert "喝茶" in found.text
    assert found.copied == (name,)


def test_names_keep_their_places(translator):
    text = translator.translate("Barbara visited Yusuf two days ago.").text
    assert text.index("Barbara") < text.index("Yusuf")
    text = translator.translate("Barbara喝咖啡。").text
    assert text == "Barbara drinks coffee."


def test_sentences_are_translated_one_by_one(translator):
    found = translator.translate("I love programming. We love singing.\n我爱你")
    first, second = found.text.split("\n")
    assert first.startswith("我爱编程。我们爱唱歌。")
    assert second


def test_everyday_sentences_are_not_sure(translator):
    texts = [d.text for lang in ("en", "zh") for d in list(sentiment(lang))[::97]]
    sure = [translator.translate(text).sure for text in texts]
    assert np.mean(sure) < 0.15


def test_what_is_unknown_is_left_alone(translator):
    for text in ("Привет, мир", "😀", "שלום עולם", "?!", "asdf qwer zxcv"):
        found = translator.translate(text)
        assert found.text == text
        assert found.score == 0
        assert not found.sure


def test_no_slot_and_no_special_token_is_ever_written(translator):
    for document in list(sentiment("zh"))[::60]:
        assert "<" not in translator.translate(document.text).text


def test_bad_input(translator):
    with pytest.raises(ValueError, match="empty"):
        translator.translate(" \n ")
    with pytest.raises(ValueError, match="at most 5,000"):
        translator.translate("word " * 200_000)
    # The checker of types that runs in the tests speaks first, and says it otherwise.
    with pytest.raises(TypeError, match="str"):
        translator.translate(b"I love programming.")
    with pytest.raises(ValueError, match="can be translated to 'zh'"):
        translator.translate("I love programming.", to="en")


def test_a_sentence_longer_than_the_model(translator):
    text = "I like tea and " * 60 + "coffee."
    assert translator.translate(text, check=False).text


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=40))
def test_any_text_gives_an_answer_or_a_clear_error(text):
    translator = _shared()
    try:
        found = translator.translate(text, beam=1, check=False)
    except ValueError as error:
        if "empty" not in str(error):
            raise
        return
    assert 0 <= found.score <= 1
    assert isinstance(found.text, str)


_CACHE: list[Translator] = []


def _shared() -> Translator:
    if not _CACHE:
        _CACHE.append(Translator.load())
    return _CACHE[0]


def test_save_and_load(translator, tmp_path):
    translator.save(tmp_path / "again")
    again = Translator.load(tmp_path / "again")
    for text in ("My sister ate an apple.", "我们明天会去北京。"):
        assert again.translate(text).text == translator.translate(text).text
        assert again.translate(text).alignment == translator.translate(text).alignment


def test_a_damaged_file_is_named(translator, tmp_path):
    shutil.copytree(CHECKPOINTS / "translator", tmp_path / "t")
    path = tmp_path / "t" / "arrays.safetensors"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match="damaged"):
        Translator.load(tmp_path / "t")


def test_the_shipped_one_is_small():
    size = sum(path.stat().st_size for path in (CHECKPOINTS / "translator").iterdir())
    assert size < 2_000_000


def test_fit_learns_a_few_pairs():
    wanted = ("I love", "We love", "I like", "We like")
    pairs = [p for p in phrasebook() if p.source.startswith(wanted)][:40]
    made = Translator.fit(
        pairs, steps=150, layers=1, d_model=32, lr=1e-2, batch=16, stand_ins=0
    )
    right = [made.translate(p.source, check=False).text == p.target for p in pairs]
    assert np.mean(right) > 0.8


def test_sentences():
    assert sentences_of("It is 3.50. Really?! 好。") == ["It is 3.50.", "Really?!", "好。"]  # fmt: skip
    assert sentences_of("...") == ["..."]
    assert cleaned_sentence("I don't know, they're late.", "en") == "I do not know, they are late."  # fmt: skip
    assert cleaned_sentence("你好吗?3.5", "zh") == "你好吗？3.5"


@given(st.text(alphabet="ab ,.中文", max_size=200))
def test_cut_sentences_lose_nothing(text):
    parts = cut_sentence(text, "zh", 10)
    bare = [c for part in parts for c in part if not c.isspace()]
    assert bare == [c for c in text if not c.isspace()]
