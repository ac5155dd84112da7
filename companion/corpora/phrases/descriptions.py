"""What people and things are like: feelings, traits, qualities with their degrees, identity, owners, age, price."""

from __future__ import annotations

from companion.corpora.corpus import Pair

from .chinese import numeral
from .english import cardinal, plural, possessive, with_article
from .nouns import counted_noun, demonstrative, nouns, of_kind, qualities
from .people import MY_RELATIVES, NAMES, POSSESSIVES, Person, asked, statement
from .phrase import Draw, Phrase, drawn, flatten, sentence
from .qualities import ADJECTIVES, DESCRIBED, FEELINGS, TRAITS, UNPLEASANT, Adjective

_DEGREES = (
    ("very", "很"),
    ("very", "很"),
    ("extremely", "非常"),
    ("not", "不"),
    ("a little", "有点儿"),
    ("not very", "不太"),
)
_WHEN = (
    ("today", "今天", False),
    ("now", "现在", False),
    ("these days", "最近", False),
    ("yesterday", "昨天", True),
    ("last night", "昨天晚上", True),
    ("this morning", "今天早上", True),
)


@statement("feeling", 750)
def feeling(draw: Draw, subject: Person) -> Phrase:
    """Say "I am very happy today." 我今天很开心."""
    en, zh = draw(_DEGREES)
    adjective = draw(UNPLEASANT if en == "a little" else FEELINGS)
    when, zh_when, is_past = draw(_WHEN)
    if when == "these days" and adjective.en in (
        "hungry",
        "thirsty",
        "angry",
        "excited",
        "disappointed",
    ):
        when, zh_when = "today", "今天"
    be = subject.was if is_past else subject.be
    tags: tuple[str, ...] = (
        *subject.tags,
        adjective.tag,
        "adjective",
        "degree",
        "time",
        "tense:past" if is_past else "tense:present",
    )
    if en.startswith("not"):
        tags = (*tags, "negation", "negation:bu")
    return Phrase(
        f"{subject.en} {be} {en} {adjective.en} {when}",
        f"{subject.zh}{zh_when}{zh}{adjective.zh}",
        tags,
    )


def _denied(en: str, zh: str, adjective: Adjective) -> tuple[str, str]:
    """Deny an adjective made with 有 by 不太, since 不有 is never said."""
    return (
        ("not very", "不太")
        if en == "not" and adjective.zh.startswith("有")
        else (en, zh)
    )


@statement("trait", 450)
def trait(draw: Draw, subject: Person) -> Phrase:
    """Say "My older sister is very clever." 我姐姐很聪明."""
    en, zh = draw(tuple(degree for degree in _DEGREES if degree[0] != "a little"))
    adjective = draw(TRAITS)
    en, zh = _denied(en, zh, adjective)
    tags = (*subject.tags, adjective.tag, "adjective", "degree", "tense:present")
    if en.startswith("not"):
        tags = (*tags, "negation", "negation:bu")
    return Phrase(
        f"{subject.en} {subject.be} {en} {adjective.en}",
        f"{subject.zh}{zh}{adjective.zh}",
        tags,
    )


def thing_is(draw: Draw) -> Phrase:
    """Say "This novel is very interesting." 这本小说很有意思."""
    noun = draw(DESCRIBED)
    thing, adjective = demonstrative(draw, noun), draw(ADJECTIVES[noun.en])
    be = "are" if thing.en.startswith(("these", "those")) else "is"
    en, zh = draw(
        (
            ("very", "很"),
            ("not", "不"),
            ("extremely", "非常"),
            ("really", "真"),
            ("not very", "不太"),
        )
    )
    en, zh = _denied(en, zh, adjective)
    tags = flatten(thing.tags, (adjective.tag, "adjective", "degree", "tense:present"))
    if en.startswith("not"):
        tags = (*tags, "negation", "negation:bu")
    return Phrase(
        f"{thing.en} {be} {en} {adjective.en}", f"{thing.zh}{zh}{adjective.zh}", tags
    )


@drawn("thing-is", 750)
def _thing_is(draw: Draw) -> Pair:
    return sentence(thing_is(draw))


@drawn("too", 300)
def _too(draw: Draw) -> Pair:
    """Say "These shoes are too expensive." 这双鞋太贵了."""
    noun = draw(
        tuple(
            noun for noun in DESCRIBED if noun.kind not in ("food", "drink", "animal")
        )
    )
    adjective = draw(ADJECTIVES[noun.en])
    if adjective.en in _NEVER_TOO:
        adjective = (
            Adjective("small", "smaller", "小")
            if noun.kind in ("clothing", "accessory")
            else adjective
        )
    if adjective.en in _NEVER_TOO:
        return _too(draw)
    thing = demonstrative(draw, noun)
    be = "are" if thing.en.startswith(("these", "those")) else "is"
    return sentence(
        Phrase(
            f"{thing.en} {be} too {adjective.en}",
            f"{thing.zh}太{adjective.zh}了",
            (*thing.tags, adjective.tag),
        ),
        "adjective",
        "degree",
        "tense:present",
    )


_NEVER_TOO = frozenset(
    [
        "cheap",
        "interesting",
        "beautiful",
        "comfortable",
        "new",
        "useful",
        "famous",
        "good",
        "important",
        "delicious",
        "fresh",
        "cute",
        "clean",
        "bright",
        "strong",
    ]
)


@drawn("is-it", 350)
def _is_it(draw: Draw) -> Pair:
    """Say "Is this book interesting?" 这本书有意思吗？ / "Are you tired?" 你累吗."""
    if draw.chance(50):
        subject, adjective = (
            asked(draw),
            draw(FEELINGS + tuple(trait for trait in TRAITS if trait.en != "young")),
        )
        if adjective in FEELINGS:
            return sentence(
                Phrase(
                    f"{subject.be} {subject.en} {adjective.en} now",
                    f"{subject.zh}现在{adjective.zh}吗",
                    (*subject.tags, adjective.tag),
                ),
                "adjective",
                "question",
                "question:ma",
                "tense:present",
                end="?",
            )
        return sentence(
            Phrase(
                f"{subject.be} {subject.en} {adjective.en}",
                f"{subject.zh}{adjective.zh}吗",
                (*subject.tags, adjective.tag),
            ),
            "adjective",
            "question",
            "question:ma",
            "tense:present",
            end="?",
        )
    noun = draw(DESCRIBED)
    thing, adjective = demonstrative(draw, noun), draw(ADJECTIVES[noun.en])
    be = "are" if thing.en.startswith(("these", "those")) else "is"
    return sentence(
        Phrase(
            f"{be} {thing.en} {adjective.en}",
            f"{thing.zh}{adjective.zh}吗",
            (*thing.tags, adjective.tag),
        ),
        "adjective",
        "question",
        "question:ma",
        "tense:present",
        end="?",
    )


@statement("identity", 450)
def identity(draw: Draw, subject: Person) -> Phrase:
    """Say "She is a good doctor." 她是一位好医生。 / "They are students." 他们是学生。 / "He is not a lawyer."."""
    noun = draw(tuple(noun for noun in of_kind("person") if noun.en != "child"))
    if any(
        tag.startswith("role:") or tag in ("relation:teacher", "relation:son")
        for tag in subject.tags
    ):
        subject = draw(NAMES)
    tags = (*subject.tags, noun.tag, "identity", "tense:present")
    if subject.agreement == "p":
        if draw.chance(40):
            return Phrase(
                f"{subject.en} are not {plural(noun.en)}",
                f"{subject.zh}不是{noun.zh}",
                (*tags, "negation", "negation:bu"),
            )
        return Phrase(
            f"{subject.en} are {plural(noun.en)}", f"{subject.zh}是{noun.zh}", tags
        )
    if draw.chance(35):
        return Phrase(
            f"{subject.en} {subject.be} not {with_article(noun.en)}",
            f"{subject.zh}不是{noun.zh}",
            (*tags, "negation", "negation:bu"),
        )
    # Chinese names a profession bare (他是老师); the polite measure word 位 is for others, never for oneself.
    if subject.pronoun == "I" or draw.chance(40):
        return Phrase(
            f"{subject.en} {subject.be} {with_article(noun.en)}",
            f"{subject.zh}是{noun.zh}",
            tags,
        )
    who = counted_noun(1, noun, draw(qualities(noun)))
    return Phrase(
        f"{subject.en} {subject.be} {who.en}",
        f"{subject.zh}是{who.zh}",
        (*tags, *who.tags),
    )


@drawn("belongs", 350)
def _belongs(draw: Draw) -> Pair:
    """Say "This is my book." 这是我的书。 / "Is that Anna's umbrella?" 那是安娜的雨伞吗？."""
    noun = draw(
        (
            *of_kind("clothing", "accessory", "vehicle", "device"),
            *nouns(
                "book,dictionary,magazine,umbrella,key,bag,cup,pen,pencil,suitcase,guitar,violin,ticket,toy,room,photo"
            ),
        )
    )
    this, zh_this = draw((("this", "这"), ("that", "那")))
    if draw.chance(55):
        en, zh = POSSESSIVES[draw(tuple(POSSESSIVES))]
        tags: tuple[str, ...] = (noun.tag, "possession")
    else:
        owner = draw((*NAMES, *MY_RELATIVES))
        en, zh, tags = (
            possessive(owner.en),
            owner.zh,
            (noun.tag, "possession", *owner.tags),
        )
    thing, zh_thing = f"{en} {noun.en}", f"{zh}的{noun.zh}"
    be, these = (
        ("are", {"this": "these", "that": "those"}[this])
        if noun.container
        else ("is", this)
    )
    kind = draw.below(3)
    if kind == 0:
        return sentence(
            Phrase(f"{be} {these} {thing}", f"{zh_this}是{zh_thing}吗", tags),
            "identity",
            "question",
            "question:ma",
            "tense:present",
            end="?",
        )
    if kind == 1:
        return sentence(
            Phrase(f"{these} {be} not {thing}", f"{zh_this}不是{zh_thing}", tags),
            "identity",
            "negation",
            "negation:bu",
            "tense:present",
        )
    return sentence(
        Phrase(f"{these} {be} {thing}", f"{zh_this}是{zh_thing}", tags),
        "identity",
        "tense:present",
    )


@drawn("age", 150)
def _age(draw: Draw) -> Pair:
    """Say "My younger brother is twelve years old." 我弟弟十二岁."""
    person = draw((*NAMES, *MY_RELATIVES[4:6], *MY_RELATIVES[8:10]))
    years = 3 + draw.below(27 if person in NAMES else 16)
    return sentence(
        Phrase(
            f"{person.en} is {cardinal(years)} years old",
            f"{person.zh}{numeral(years)}岁",
            person.tags,
        ),
        "age",
        "number",
        "tense:present",
    )


@drawn("price", 150)
def _price(draw: Draw) -> Pair:
    """Say "This shirt costs ninety yuan." 这件衬衫九十块钱."""
    noun = draw(
        (
            *of_kind("clothing", "accessory"),
            *nouns(
                "book,novel,magazine,dictionary,umbrella,map,pen,cup,bowl,toy,bag,ticket,lamp,suitcase,cake,tea,coffee,juice"
            ),
        )
    )
    yuan = 5 * (2 + draw.below(18))
    thing = demonstrative(draw, noun, plurals=False)
    return sentence(
        Phrase(
            f"{thing.en} costs {cardinal(yuan)} yuan",
            f"{thing.zh}{numeral(yuan)}块钱",
            thing.tags,
        ),
        "price",
        "number",
        "tense:present",
    )
