"""The toolchain's messages and their translations."""

import importlib.util
import sys

import pytest

from companion.corpora import CorpusError, catalogs, messages


@pytest.fixture(autouse=True)
def fresh():
    messages._catalogs.cache_clear()
    catalogs.cache_clear()
    yield
    messages._catalogs.cache_clear()
    catalogs.cache_clear()


@pytest.fixture
def installed():
    pytest.importorskip(
        "sphinx", reason="needs the extra book: Sphinx brings the messages"
    )


@pytest.mark.usefixtures("installed")
def test_messages_are_aligned_and_described() -> None:
    corpus = catalogs()
    assert 600 < len(corpus) < 3_000
    assert (corpus.source_language, corpus.target_language) == ("en", "zh-CN")
    assert "BSD-2-Clause" in corpus.license
    assert "Sphinx 7" in corpus.source or "Sphinx " in corpus.source
    pairs = {pair.source: pair.target for pair in corpus}
    assert pairs["Show Source"] in ("显示源代码", "显示源码")
    assert len({(pair.source, pair.target) for pair in corpus}) == len(corpus)
    assert not [
        pair for pair in corpus if not pair.target or pair.source == pair.target
    ]
    chinese = sum(
        any("一" <= character <= "鿿" for character in pair.target) for pair in corpus
    )
    assert chinese > 0.95 * len(corpus)
    placeholders = [pair for pair in corpus if "placeholder" in pair.tags]
    assert 0.2 < len(placeholders) / len(corpus) < 0.6
    assert {"package:sphinx", "package:jupyter_server"} <= {
        tag for pair in corpus for tag in pair.tags
    }


@pytest.mark.usefixtures("installed")
def test_a_region_falls_back_on_its_language_and_spelling_does_not_matter() -> None:
    assert catalogs("de_AT").pairs == catalogs("de").pairs
    assert catalogs("pt-br").pairs == catalogs("pt_BR").pairs


@pytest.mark.usefixtures("installed")
def test_an_unknown_language_is_refused_with_the_list() -> None:
    with pytest.raises(ValueError, match=r"'tlh'; there are .*zh_cn"):
        catalogs("tlh")


@pytest.mark.usefixtures("installed")
def test_no_package_is_imported(monkeypatch) -> None:
    for name in [
        name for name in sys.modules if name.split(".")[0] in messages._PACKAGES
    ]:
        monkeypatch.delitem(sys.modules, name)
    catalogs("fr")
    assert not [
        name for name in sys.modules if name.split(".")[0] in messages._PACKAGES
    ]


@pytest.mark.parametrize(
    ("package", "extra"), [("sphinx", "book"), ("jupyter_server", "notebook")]
)
def test_a_missing_package_is_named_with_its_extra(monkeypatch, package, extra) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name: None if name == package else real(name),
    )
    if package != "sphinx":
        pytest.importorskip(
            "sphinx", reason="needs the extra book: the packages before this one"
        )
    with pytest.raises(CorpusError, match=rf"{package}.*extra '{extra}'.*\[{extra}\]"):
        catalogs()


def put(folder, text: str, language: str = "fr"):
    path = folder / "locale" / language / "LC_MESSAGES"
    path.mkdir(parents=True)
    (path / "x.po").write_text(text, encoding="utf-8")


HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Language: fr\\n"\n'
HEADER += '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'


def test_plurals_are_two_pairs_and_guesses_none(monkeypatch, tmp_path) -> None:
    put(
        tmp_path,
        HEADER
        + 'msgid "one file"\nmsgid_plural "%d files"\nmsgstr[0] "un fichier"\nmsgstr[1] "%d fichiers"\n\n'
        + '#, fuzzy\nmsgid "guess"\nmsgstr "devinette"\n\nmsgid "empty"\nmsgstr ""\n\nmsgid "same"\nmsgstr "same"\n',
    )
    monkeypatch.setattr(messages, "_folders", lambda package: [tmp_path])
    monkeypatch.setattr(messages, "_FEWEST_LANGUAGES", 1)
    assert [(pair.source, pair.target) for pair in catalogs("fr")] == [
        ("one file", "un fichier"),
        ("%d files", "%d fichiers"),
    ]


def test_a_package_without_catalogs_is_named(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(messages, "_folders", lambda package: [tmp_path])
    with pytest.raises(CorpusError, match=r"'sphinx' is installed, but there is no"):
        catalogs()


def test_too_few_languages_are_named(monkeypatch, tmp_path) -> None:
    put(tmp_path, HEADER)
    monkeypatch.setattr(messages, "_folders", lambda package: [tmp_path])
    with pytest.raises(
        CorpusError, match="messages in 1 languages, expected at least 20"
    ):
        catalogs()
