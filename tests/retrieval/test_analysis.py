"""Terms of texts, and the stemmer against the reference implementation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.stem.porter import PorterStemmer

from companion.retrieval import Analysis, stem, terms
from companion.retrieval.analysis import STOP_WORDS

REFERENCE = PorterStemmer(mode=PorterStemmer.ORIGINAL_ALGORITHM)
_PAPER = """caresses caress ponies poni ties ti caress caress cats cat feed feed agreed agre plastered plaster bled bled
motoring motor sing sing conflated conflat troubled troubl sized size hopping hop tanned tan falling fall hissing hiss
fizzed fizz failing fail filing file happy happi sky sky relational relat conditional condit rational ration valenci
valenc hesitanci hesit digitizer digit conformabli conform radicalli radic differentli differ vileli vile
analogousli analog vietnamization vietnam predication predic operator oper feudalism feudal decisiveness decis
hopefulness hope callousness callous formaliti formal sensitiviti sensit sensibiliti sensibl triplicate triplic
formative form formalize formal electriciti electr electrical electr hopeful hope goodness good revival reviv
allowance allow inference infer airliner airlin gyroscopic gyroscop adjustable adjust defensible defens irritant irrit
replacement replac adjustment adjust dependent depend adoption adopt homologou homolog communism commun activate activ
angulariti angular homologous homolog effective effect bowdlerize bowdler probate probat rate rate cease ceas
controll control roll roll"""
PAPER = _PAPER.split()
_ENDINGS = "s es ies ed ing eed ly ational tional izer ation alism ness iviti ical ful ement ance ion ism able"
ENDINGS = _ENDINGS.split()


@pytest.mark.parametrize(
    ("word", "wanted"), list(zip(PAPER[::2], PAPER[1::2], strict=True))
)
def test_examples_of_the_paper(word, wanted):
    assert stem(word) == wanted


@given(
    st.text("aeiouybcdlmnrstwxz", min_size=3, max_size=9),
    st.lists(st.sampled_from(ENDINGS), max_size=2),
)
def test_equal_to_the_reference(word, endings):
    word += "".join(endings)
    assert stem(word) == REFERENCE.stem(word)


@pytest.mark.parametrize("word", ["", "a", "is", "Models", "naïve", "don't", "模型", "b52"])  # fmt: skip
def test_what_is_no_plain_word_stays(word):
    assert stem(word) == word


def test_case_width_and_accents_in_either_form():
    assert terms("CAFÉ ｃａｆé cafe\u0301") == ["café"] * 3
    assert terms("Straße") == ["strasse"]


def test_names_are_taken_apart():
    assert terms("os.path.join(a_b, 3.14)") == ["os", "path", "join", "a", "b", "3", "14"]  # fmt: skip


def test_apostrophes_stay_inside_a_word():
    assert terms("Don’t say 'quoted'") == ["don't", "say", "quoted"]


def test_chinese_gives_pairs_and_lone_characters():
    assert terms("自然语言") == ["自然", "然语", "语言"]
    assert terms("用BERT和GPT") == ["用", "bert", "和", "gpt"]


def test_a_chinese_word_inside_a_text_is_found_by_its_pairs():
    assert set(terms("语言模型")) <= set(terms("我们训练语言模型，然后用它。"))


def test_options():
    assert terms("The models of a model's", stop_words=True) == ["models", "model's"]
    assert terms("The models of a model's", stemming=True) == ["the", "model", "of", "a", "model"]  # fmt: skip
    assert Analysis(stop_words=True, stemming=True)("The models") == ["model"]


def test_stop_words_are_as_the_analysis_writes_words():
    assert all(terms(word) == [word] for word in STOP_WORDS)


def test_no_text():
    assert terms("") == terms(" \n…!🙂") == []
    with pytest.raises(TypeError, match="str"):
        terms(b"bytes")


@given(st.text(), st.booleans(), st.booleans())
def test_any_text_gives_words_without_white_space(text, stop_words, stemming):
    for term in terms(text, stop_words, stemming):
        assert term
        assert not any(c.isspace() for c in term)


@given(st.text())
def test_analysis_does_not_depend_on_case(text):
    assert terms(text.casefold()) == terms(text)
