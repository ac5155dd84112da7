"""Names, dates and numbers: aligned, held out, labeled."""

import datetime
import re
from collections import Counter, defaultdict

import pytest

from companion.corpora import cldr


def tags(pair, name: str) -> str:
    return next(
        tag.partition(":")[2] for tag in pair.tags if tag.startswith(f"{name}:")
    )


def test_names_are_aligned() -> None:
    names = {pair.source: pair.target for pair in cldr.names("en", "zh")}
    expected = {
        "China": "中国", "France": "法国", "English": "英语", "US Dollar": "美元", "kilometers": "公里",
        "Tokyo": "东京", "Thai": "泰语", "Cyrillic": "西里尔文",
    }  # fmt: skip
    assert {name: names.get(name) for name in expected} == expected
    german = {
        pair.source: pair.target for pair in cldr.names("fr", "de", ("territory",))
    }
    assert german["Chine"] == "China"


def test_names_turn_around() -> None:
    there, back = cldr.names("en", "zh"), cldr.names("zh", "en")
    assert {(pair.source, pair.target) for pair in there} == {
        (pair.target, pair.source) for pair in back
    }


def test_names_say_what_they_are() -> None:
    names = cldr.names()
    assert 1_400 < len(names) < 3_000
    assert (names.source_language, names.target_language, names.license) == (
        "en",
        "zh",
        "Unicode-3.0",
    )
    assert "CLDR" in names.source
    assert {tag for pair in names for tag in pair.tags if tag.startswith("kind:")} == {
        f"kind:{k}" for k in cldr.KINDS
    }
    assert len({(pair.source, pair.target) for pair in names}) == len(names)
    assert not [
        pair for pair in names if f"code:{pair.target}" in pair.tags
    ]  # no code in the place of a name


@pytest.mark.parametrize("wrong", ["xx", "chinese", "", "zh_"])
def test_an_unknown_language_is_refused_with_those_near(wrong) -> None:
    with pytest.raises(ValueError, match=r"no locale data for .*try '"):
        cldr.names("en", wrong)


def test_close_codes_are_proposed() -> None:
    with pytest.raises(ValueError, match="'pt-BR'"):
        cldr.dates("en", "pt-BX")


def test_unknown_kinds_are_refused() -> None:
    with pytest.raises(ValueError, match="language, territory"):
        cldr.names("en", "zh", ("planet",))


MONTHS = [datetime.date(2024, month, 1).strftime("%B") for month in range(1, 13)]


def test_dates_can_be_read_on_both_sides() -> None:
    corpus = cldr.dates("en", "zh", 3_000)
    assert len(corpus) == 3_000
    for pair in corpus:
        weekday, month, number, year = re.fullmatch(
            r"(\w+), (\w+) (\d+), (\d+)", pair.source
        ).groups()
        day = datetime.date(int(year), MONTHS.index(month) + 1, int(number))
        read = re.fullmatch(r"(\d+)年(\d+)月(\d+)日星期(.)", pair.target).groups()
        assert day == datetime.date(*map(int, read[:3]))
        assert "一二三四五六日".index(read[3]) == day.weekday()
        assert day.strftime("%A") == weekday
        assert tags(pair, "date") == day.isoformat()
        assert (tags(pair, "year"), tags(pair, "weekday")) == (
            year,
            str(day.isoweekday()),
        )


def test_all_days_of_the_years_when_no_count_is_given() -> None:
    corpus = cldr.dates("en", "fr", None, first_year=2023, last_year=2024)
    assert len(corpus) == 365 + 366
    assert corpus.pairs[0].target == "dimanche 1 janvier 2023"
    assert {(pair.source, pair.target) for pair in corpus} >= {
        ("Wednesday, July 3, 2024", "mercredi 3 juillet 2024")
    }


def test_formats_may_differ_by_side() -> None:
    corpus = cldr.dates("en", "zh", 50, source_format="full", target_format="long")
    assert all(pair.target.endswith("日") for pair in corpus)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"count": 0}, "count=0"),
        (
            {"count": 400, "first_year": 2024, "last_year": 2024},
            "366 days, got count=400",
        ),
        ({"first_year": 2000, "last_year": 1999}, "in order"),
        ({"first_year": 0}, "1 to 9999"),
    ],
)
def test_impossible_dates_are_refused(arguments, said) -> None:
    with pytest.raises(ValueError, match=said):
        cldr.dates("en", "zh", **arguments)


def test_held_out_years() -> None:
    split = cldr.held_out_years(cldr.dates(), range(1990, 2010))
    assert {tags(pair, "year") for pair in split.test} == {
        str(year) for year in range(1990, 2010)
    }
    assert not [
        pair
        for part in (split.train, split.valid)
        for pair in part
        if re.search(r"199\d|200\d", pair.target)
    ]
    assert len(split.test) + len(split.valid) + len(split.train) == 10_000
    with pytest.raises(ValueError, match="no pair"):
        cldr.held_out_years(cldr.dates(), [1066])


def test_held_out_days_are_new_combinations_of_known_parts() -> None:
    split = cldr.held_out_days(cldr.dates(), fraction=0.1)
    days = [
        {(tags(pair, "month"), tags(pair, "day")) for pair in part}
        for part in (split.train, split.test)
    ]
    assert not days[0] & days[1]
    assert len(days[1]) == pytest.approx(37, abs=2)
    for place in (0, 1):
        assert {day[place] for day in days[1]} <= {day[place] for day in days[0]}


@pytest.mark.parametrize("fraction", [0.0, 0.6, -1.0])
def test_held_out_days_refuses_a_fraction_that_leaves_gaps(fraction) -> None:
    with pytest.raises(ValueError, match="fraction must lie"):
        cldr.held_out_days(cldr.dates(), fraction)


def test_splits_refuse_the_wrong_corpus() -> None:
    with pytest.raises(ValueError, match=r"try cldr\.dates"):
        cldr.held_out_years(cldr.names())
    with pytest.raises(ValueError, match=r"try cldr\.numbers"):
        cldr.held_out_digits(cldr.names())


def test_decimals_in_two_languages_are_one_number() -> None:
    for pair in cldr.numbers("en", "de", count=900):
        english = pair.source.replace(",", "")
        german = pair.target.replace(".", "").replace(",", ".")
        assert float(english) == float(german) == float(tags(pair, "value"))


def test_compact_numbers_are_equal_and_not_only_near() -> None:
    size = {
        "": 1,
        " thousand": 10**3,
        " million": 10**6,
        " billion": 10**9,
        "万": 10**4,
        "亿": 10**8,
    }
    for pair in cldr.numbers("en", "zh", "compact", 900, longest=10):
        values = []
        for text in (pair.source, pair.target):
            number, unit = re.fullmatch(r"([\d.,]+)(.*)", text).groups()
            values.append(round(float(number.replace(",", "")) * size[unit]))
        assert values[0] == values[1] == int(tags(pair, "value"))


def test_currencies_are_named_in_both_languages() -> None:
    pairs = cldr.numbers("en", "zh", "currency", 500)
    euros = [pair for pair in pairs if "currency:EUR" in pair.tags]
    assert euros
    assert all("euro" in pair.source and pair.target.endswith("欧元") for pair in euros)
    assert not [
        pair for pair in pairs if "currency:JPY" in pair.tags and "." in pair.source
    ]


def test_small_number_words_are_complete() -> None:
    pairs = {pair.source: pair.target for pair in cldr.numbers("en", "zh", "words")}
    assert {"one", "twelve", "ninety-nine"} <= set(pairs)
    assert pairs["one hundred five"] == "一百零五"
    assert sum(len(target) <= 3 for target in pairs.values()) >= 99
    with pytest.raises(ValueError, match="en and zh only"):
        cldr.numbers("en", "fr", "words")


@pytest.mark.parametrize(
    ("arguments", "said"), [({"count": 0}, "count=0"), ({"longest": 13}, "longest=13")]
)
def test_impossible_numbers_are_refused(arguments, said) -> None:
    with pytest.raises(ValueError, match=said):
        cldr.numbers("en", "zh", **arguments)


def test_held_out_digits() -> None:
    split = cldr.held_out_digits(cldr.numbers("en", "zh", "words", 2_000), longest=4)
    assert max(int(tags(pair, "digits")) for pair in (*split.train, *split.valid)) == 4
    assert min(int(tags(pair, "digits")) for pair in split.test) == 5
    with pytest.raises(ValueError, match="no pair"):
        cldr.held_out_digits(cldr.numbers("en", "zh", "words", 2_000), longest=9)


def test_name_corpus_labels_every_name() -> None:
    corpus = cldr.name_corpus()
    labels = Counter(document.label for document in corpus)
    assert set(labels) == set(cldr.LANGUAGES)
    assert min(labels.values()) > 500
    assert corpus.language == "mul"
    by_id = {document.id: document for document in corpus}
    assert len(by_id) == len(corpus)
    assert (by_id["territory/CN/zh"].text, by_id["territory/CN/fr"].text) == (
        "中国",
        "Chine",
    )


def test_no_name_and_no_thing_is_in_two_parts() -> None:
    split = cldr.name_corpus().split(0.1, 0.1)
    places = defaultdict(set)
    for name in ("train", "valid", "test"):
        for document in getattr(split, name):
            places[document.text.casefold()].add(name)
            places[document.id.rpartition("/")[0]].add(name)
    assert {len(place) for place in places.values()} == {1}
    assert min(len(split.valid), len(split.test)) > 1_000


@pytest.mark.parametrize("languages", [("en",), ("en", "en"), ()])
def test_name_corpus_needs_two_languages(languages) -> None:
    with pytest.raises(ValueError, match="two or more"):
        cldr.name_corpus(languages)


@pytest.mark.parametrize(
    "make",
    [
        cldr.names,
        cldr.name_corpus,
        lambda: cldr.dates(count=300),
        lambda: cldr.numbers(count=300),
    ],
)
def test_the_same_each_time(make) -> None:
    first = make()
    for function in (cldr.names, cldr.name_corpus, cldr.dates, cldr.numbers):
        function.cache_clear()
    again = make()
    assert again is not first
    assert again.fingerprint == first.fingerprint
