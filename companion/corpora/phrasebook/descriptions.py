"""Adjectives with their degrees, comparison, who and what things are, where they are."""

from __future__ import annotations

from companion.corpora.corpus import Pair

from .chinese import counted, numeral
from .circumstances import CITIES, PLACES
from .english import cardinal, plural, possessive, with_article
from .nouns import Noun, counted_noun, demonstrative, nouns, of_kind, qualities
from .people import MY_RELATIVES, NAMES, POSSESSIVES, Person, anyone, asked, overlap, statement
from .phrase import Draw, Phrase, drawn, flatten, sentence
from .qualities import ADJECTIVES, COMPARED, DESCRIBED, FEELINGS, TRAITS, UNPLEASANT, Adjective

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
    if when == "these days" and adjective.en in ("hungry", "thirsty", "angry", "excited", "disappointed"):
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
    return Phrase(f"{subject.en} {be} {en} {adjective.en} {when}", f"{subject.zh}{zh_when}{zh}{adjective.zh}", tags)


@statement("trait", 450)
def trait(draw: Draw, subject: Person) -> Phrase:
    """Say "My older sister is very clever." 我姐姐很聪明."""
    en, zh = draw(tuple(degree for degree in _DEGREES if degree[0] != "a little"))
    adjective = draw(TRAITS)
    tags = (*subject.tags, adjective.tag, "adjective", "degree", "tense:present")
    if en.startswith("not"):
        tags = (*tags, "negation", "negation:bu")
    return Phrase(f"{subject.en} {subject.be} {en} {adjective.en}", f"{subject.zh}{zh}{adjective.zh}", tags)


def thing_is(draw: Draw) -> Phrase:
    """Say "This novel is very interesting." 这本小说很有意思."""
    noun = draw(DESCRIBED)
    thing, adjective = demonstrative(draw, noun), draw(ADJECTIVES[noun.en])
    be = "are" if thing.en.startswith(("these", "those")) else "is"
    en, zh = draw((("very", "很"), ("not", "不"), ("extremely", "非常"), ("really", "真"), ("not very", "不太")))
    tags = flatten(thing.tags, (adjective.tag, "adjective", "degree", "tense:present"))
    if en.startswith("not"):
        tags = (*tags, "negation", "negation:bu")
    return Phrase(f"{thing.en} {be} {en} {adjective.en}", f"{thing.zh}{zh}{adjective.zh}", tags)


@drawn("thing-is", 750)
def _thing_is(draw: Draw) -> Pair:
    return sentence(thing_is(draw))


@drawn("too", 300)
def _too(draw: Draw) -> Pair:
    """Say "These shoes are too expensive." 这双鞋太贵了."""
    noun = draw(tuple(noun for noun in DESCRIBED if noun.kind not in ("food", "drink", "animal")))
    adjective = draw(ADJECTIVES[noun.en])
    if adjective.en in _NEVER_TOO:
        adjective = Adjective("small", "smaller", "小") if noun.kind in ("clothing", "accessory") else adjective
    if adjective.en in _NEVER_TOO:
        return _too(draw)
    thing = demonstrative(draw, noun)
    be = "are" if thing.en.startswith(("these", "those")) else "is"
    return sentence(
        Phrase(f"{thing.en} {be} too {adjective.en}", f"{thing.zh}太{adjective.zh}了", (*thing.tags, adjective.tag)),
        "adjective",
        "degree",
        "tense:present",
    )


_NEVER_TOO = frozenset(
    [
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
        subject, adjective = asked(draw), draw(FEELINGS + tuple(trait for trait in TRAITS if trait.en != "young"))
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
        Phrase(f"{be} {thing.en} {adjective.en}", f"{thing.zh}{adjective.zh}吗", (*thing.tags, adjective.tag)),
        "adjective",
        "question",
        "question:ma",
        "tense:present",
        end="?",
    )


def _two_people(draw: Draw) -> tuple[Person, Person]:
    people = (*NAMES, *MY_RELATIVES)
    while True:
        first, second = draw(people), draw(people)
        if not overlap(first, second):
            return first, second


def _two_names(draw: Draw) -> tuple[Person, Person]:
    first, second = draw(NAMES), draw(NAMES)
    return (first, second) if first is not second else _two_names(draw)


@drawn("compare-people", 600)
def _compare_people(draw: Draw) -> Pair:
    """Say "Anna is taller than Peter." 安娜比彼得高。, "much taller", "as tall as", "two years older"."""
    first, second = _two_people(draw)
    adjective = draw(TRAITS)
    tags = flatten(first.tags, second.tags, ("comparison", "tense:present"))
    kind = draw.below(6)
    if kind == 5:
        first, second = _two_names(draw)
        tags = flatten(first.tags, second.tags, ("comparison", "tense:present"))
        years = 1 + draw.below(8)
        much = f"{cardinal(years)} year{'s' if years > 1 else ''}"
        older, zh_older = draw((("older", "大"), ("younger", "小")))
        return sentence(
            Phrase(
                f"{first.en} is {much} {older} than {second.en}",
                f"{first.zh}比{second.zh}{zh_older}{counted(years, '岁')}",
                tags,
            ),
            "comparison:bi",
            "age",
            "number",
        )
    tags = (*tags, adjective.tag)
    if kind < 2 and adjective.en == "young":
        kind = 2
    if kind == 0:
        return sentence(
            Phrase(
                f"{first.en} is as {adjective.en} as {second.en}", f"{first.zh}跟{second.zh}一样{adjective.zh}", tags
            ),
            "comparison:equal",
        )
    if kind == 1:
        return sentence(
            Phrase(
                f"{first.en} is not as {adjective.en} as {second.en}", f"{first.zh}没有{second.zh}{adjective.zh}", tags
            ),
            "comparison:less",
            "negation",
        )
    much, zh_much = ("", "") if kind < 4 else ("much ", "得多")
    return sentence(
        Phrase(
            f"{first.en} is {much}{adjective.comparative} than {second.en}",
            f"{first.zh}比{second.zh}{adjective.zh}{zh_much}",
            tags,
        ),
        "comparison:bi",
    )


@drawn("compare-things", 650)
def _compare_things(draw: Draw) -> Pair:
    """Say "This book is more expensive than that one." 这本书比那本贵."""
    noun = draw(COMPARED)
    adjective = draw(ADJECTIVES[noun.en])
    this, zh_this, that, zh_that = draw((("this", "这", "that", "那"), ("that", "那", "this", "这")))
    en, zh = f"{this} {noun.en}", f"{zh_this}{noun.measure}{noun.zh}"
    tags = (noun.tag, adjective.tag, "comparison", "measure-word", "tense:present")
    kind = draw.below(6)
    if kind < 2:
        owner = draw(NAMES)
        if kind == 0 and noun.kind in ("vehicle", "device", "clothing", "accessory", "furniture", "thing"):
            return sentence(
                Phrase(
                    f"my {noun.en} is {adjective.comparative} than {possessive(owner.en)}",
                    f"我的{noun.zh}比{owner.zh}的{adjective.zh}",
                    (*tags, *owner.tags),
                ),
                "comparison:bi",
                "possession",
            )
        return sentence(
            Phrase(
                f"{en} is as {adjective.en} as {that} one", f"{zh}跟{zh_that}{noun.measure}一样{adjective.zh}", tags
            ),
            "comparison:equal",
        )
    if kind == 2:
        return sentence(
            Phrase(
                f"{en} is not as {adjective.en} as {that} one", f"{zh}没有{zh_that}{noun.measure}{adjective.zh}", tags
            ),
            "comparison:less",
            "negation",
        )
    if kind == 3:
        return sentence(
            Phrase(
                f"{en} is very {adjective.en}, but {that} one is even {adjective.comparative}",
                f"{zh}很{adjective.zh}，但是{zh_that}{noun.measure}更{adjective.zh}",
                tags,
            ),
            "comparison:even",
            "conjunction:but",
            "compound",
        )
    if kind == 4:
        return sentence(
            Phrase(
                f"is {en} {adjective.comparative} than {that} one",
                f"{zh}比{zh_that}{noun.measure}{adjective.zh}吗",
                tags,
            ),
            "comparison:bi",
            "question",
            "question:ma",
            end="?",
        )
    return sentence(
        Phrase(
            f"{en} is {adjective.comparative} than {that} one", f"{zh}比{zh_that}{noun.measure}{adjective.zh}", tags
        ),
        "comparison:bi",
    )


@drawn("compare-actions", 300)
def _compare_actions(draw: Draw) -> Pair:
    """Say "Anna runs faster than Peter." 安娜跑得比彼得快."""
    first, second = _two_people(draw)
    en, zh, more, zh_more = draw(
        (
            ("runs", "跑", "faster", "快"),
            ("swims", "游", "faster", "快"),
            ("gets up", "起", "earlier", "早"),
            ("goes to bed", "睡", "later", "晚"),
            ("walks", "走", "faster", "快"),
            ("sings", "唱", "better", "好"),
            ("dances", "跳", "better", "好"),
            ("speaks", "说", "more slowly", "慢"),
            ("eats", "吃", "more slowly", "慢"),
            ("gets up", "起", "later", "晚"),
            ("speaks", "说", "faster", "快"),
            ("writes", "写", "better", "好"),
        )
    )
    return sentence(
        Phrase(
            f"{first.en} {en} {more} than {second.en}",
            f"{first.zh}{zh}得比{second.zh}{zh_more}",
            flatten(first.tags, second.tags),
        ),
        "comparison",
        "comparison:bi",
        "complement:de",
        "tense:present",
    )


@drawn("most", 250)
def _most(draw: Draw) -> Pair:
    """Say "Anna is the tallest student in our class." 安娜是我们班最高的学生."""
    subject = draw(NAMES)
    adjective = draw(TRAITS)
    word = adjective.en
    superlative = f"most {word}" if adjective.comparative.startswith("more") else adjective.comparative[:-1] + "st"
    en, zh = draw(
        (
            ("student in our class", "我们班{}的学生"),
            ("person in our family", "我们家{}的人"),
            ("person I know", "我认识的{}的人"),
            ("teacher in our school", "我们学校{}的老师"),
            ("engineer in our company", "我们公司{}的工程师"),
        )
    )
    return sentence(
        Phrase(
            f"{subject.en} is the {superlative} {en}",
            f"{subject.zh}是{zh.format('最' + adjective.zh)}",
            (*subject.tags, adjective.tag),
        ),
        "comparison",
        "comparison:most",
        "tense:present",
    )


@statement("identity", 450)
def identity(draw: Draw, subject: Person) -> Phrase:
    """Say "She is a good doctor." 她是一位好医生。 / "They are students." 他们是学生。 / "He is not a lawyer."."""
    noun = draw(tuple(noun for noun in of_kind("person") if noun.en != "child"))
    if any(tag.startswith("role:") or tag in ("relation:teacher", "relation:son") for tag in subject.tags):
        subject = draw(NAMES)
    tags = (*subject.tags, noun.tag, "identity", "tense:present")
    if subject.agreement == "p":
        if draw.chance(40):
            return Phrase(
                f"{subject.en} are not {plural(noun.en)}",
                f"{subject.zh}不是{noun.zh}",
                (*tags, "negation", "negation:bu"),
            )
        return Phrase(f"{subject.en} are {plural(noun.en)}", f"{subject.zh}是{noun.zh}", tags)
    if draw.chance(35):
        return Phrase(
            f"{subject.en} {subject.be} not {with_article(noun.en)}",
            f"{subject.zh}不是{noun.zh}",
            (*tags, "negation", "negation:bu"),
        )
    # Chinese names a profession bare (他是老师); the polite measure word 位 is for others, never for oneself.
    if subject.pronoun == "I" or draw.chance(40):
        return Phrase(f"{subject.en} {subject.be} {with_article(noun.en)}", f"{subject.zh}是{noun.zh}", tags)
    who = counted_noun(1, noun, draw(qualities(noun)))
    return Phrase(f"{subject.en} {subject.be} {who.en}", f"{subject.zh}是{who.zh}", (*tags, *who.tags))


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
        en, zh, tags = possessive(owner.en), owner.zh, (noun.tag, "possession", *owner.tags)
    thing, zh_thing = f"{en} {noun.en}", f"{zh}的{noun.zh}"
    be, these = ("are", {"this": "these", "that": "those"}[this]) if noun.container else ("is", this)
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
    return sentence(Phrase(f"{these} {be} {thing}", f"{zh_this}是{zh_thing}", tags), "identity", "tense:present")


# Where | Chinese | what one finds there.
_SCENES: tuple[tuple[str, str, tuple[Noun, ...]], ...] = (
    (
        "on the table",
        "桌子上",
        nouns(
            "book,dictionary,magazine,newspaper,map,cup,bowl,key,pen,letter,computer,camera,apple,banana,photo,"
            "lamp,tea,coffee,water,milk,rice,noodles,cake,sandwich,orange,flower,phone,ticket"
        ),
    ),
    ("on the chair", "椅子上", nouns("book,bag,hat,coat,magazine,umbrella,cat,newspaper,scarf")),
    ("on the bed", "床上", nouns("book,cat,shirt,coat,skirt,toy,bag,phone,dress")),
    ("on the sofa", "沙发上", nouns("cat,dog,magazine,coat,bag,newspaper,hat,guitar")),
    ("under the table", "桌子下面", nouns("cat,dog,bag,toy,suitcase,key,pencil")),
    ("under the tree", "树下", nouns("dog,cat,rabbit,bicycle,chair,sheep,horse,duck,child")),
    ("in the fridge", "冰箱里", nouns("egg,apple,orange,tomato,peach,fish,milk,juice,beer,cake,chocolate,pear")),
    ("in the bag", "包里", nouns("book,key,umbrella,phone,camera,pen,ticket,apple,sandwich,gift,map,letter")),
    ("in the room", "房间里", nouns("bed,table,chair,sofa,piano,television,computer,lamp,child,cat,guitar")),
    ("in the garden", "花园里", nouns("tree,flower,dog,cat,bird,rabbit,chair,child,snake,duck")),
    ("in the zoo", "动物园里", nouns("panda,tiger,elephant,monkey,horse,snake")),
    ("in the classroom", "教室里", nouns("student,teacher,table,chair,computer,television,piano")),
    ("in the office", "办公室里", nouns("computer,printer,table,chair,sofa,programmer,engineer,lamp")),
    ("in the library", "图书馆里", nouns("student,computer,printer,table,teacher,sofa")),
    ("in front of the house", "房子前面", nouns("car,bicycle,tree,dog,motorcycle,horse,child")),
    ("behind the school", "学校后面", nouns("supermarket,bookstore,restaurant,bank,bridge,mountain,hospital,hotel")),
    ("next to the park", "公园旁边", nouns("supermarket,school,restaurant,hospital,bank,bookstore,hotel")),
    ("near the station", "车站附近", nouns("bank,hotel,restaurant,supermarket,hospital,bookstore,school")),
    ("near my home", "我家附近", nouns("bank,school,restaurant,supermarket,hospital,bookstore,bridge")),
    ("on the wall", "墙上", nouns("map,photo")),
)


@drawn("there-is", 750)
def _there_is(draw: Draw) -> Pair:
    """Say "There are two cats under the table." 桌子下面有两只猫。 / "Is there ...?" / "There is no milk ..."."""
    where, zh_where, things = draw(_SCENES)
    noun = draw(things)
    kind = draw.below(10)
    # One asks for a bank or a key, but for apples or students.
    alone = not noun.container and noun.kind not in ("animal", "food", "person", "nature")
    tags = (noun.tag, "existential", f"scene:{where}", "tense:present")
    if kind < 2:
        what = with_article(noun.en) if alone else f"any {noun.generic}"
        be = "are" if noun.is_plural and not alone else "is"
        return sentence(
            Phrase(f"{be} there {what} {where}", f"{zh_where}有{noun.zh}吗", tags), "question", "question:ma", end="?"
        )
    if kind < 4:
        be = "are" if noun.is_plural and not alone else "is"
        return sentence(
            Phrase(f"there {be} no {noun.en if alone else noun.generic} {where}", f"{zh_where}没有{noun.zh}", tags),
            "negation",
            "negation:mei",
        )
    if kind == 4 and noun.container not in ("piece", "slice"):
        many = f"{plural(noun.container)} of {noun.en}" if noun.container else noun.generic
        return sentence(
            Phrase(f"how many {many} are there {where}", f"{zh_where}有几{noun.measure}{noun.zh}", tags),
            "measure-word",
            "question",
            "question:wh",
            "question:how-many",
            end="?",
        )
    most = (
        3
        if noun.kind in ("place", "furniture") or noun.en in ("piano", "computer", "car", "snake", "television")
        else 8
    )
    number = 1 + draw.below(most) if draw.chance(60) else 1
    options = qualities(noun)
    thing = counted_noun(number, noun, draw(options) if options and draw.chance(45) else None)
    be = "is" if number == 1 else "are"
    return sentence(Phrase(f"there {be} {thing.en} {where}", f"{zh_where}有{thing.zh}", (*tags, *thing.tags)))


@drawn("is-where", 450)
def _is_where(draw: Draw) -> Pair:
    """Say "My keys are on the table." / "Your umbrella is in the car." 你的雨伞在车里。 / "Anna is at the library."."""
    if draw.chance(45):
        subject = anyone(draw)
        place = draw(tuple(place for place in PLACES.values() if place.en not in ("living room", "bedroom")))
        when, zh_when, is_past = draw(
            (("now", "现在", False), ("yesterday", "昨天", True), ("last night", "昨天晚上", True))
        )
        if draw.chance(30):
            return sentence(
                Phrase(
                    f"{subject.en} {subject.was if is_past else subject.be} not {place.where} {when}",
                    f"{subject.zh}{zh_when}{'没' if is_past else '不'}在{place.zh_where}",
                    (*subject.tags, place.tag),
                ),
                "location",
                "negation",
                "time",
                "tense:past" if is_past else "tense:present",
            )
        return sentence(
            Phrase(
                f"{subject.en} {subject.was if is_past else subject.be} {place.where} {when}",
                f"{subject.zh}{zh_when}在{place.zh_where}",
                (*subject.tags, place.tag),
            ),
            "location",
            "time",
            "tense:past" if is_past else "tense:present",
        )
    where, zh_where, things = draw(_SCENES[:6] + _SCENES[7:8])
    noun = draw(tuple(thing for thing in things if thing.kind not in ("food", "drink", "animal", "person", "nature")))
    owner = draw(NAMES)
    owners = ((*POSSESSIVES.values(),) * 2, ((possessive(owner.en), owner.zh),) * 4)
    en, zh = draw(owners[0] + owners[1])
    names = owner.tags if zh == owner.zh else ()
    return sentence(
        Phrase(f"{en} {noun.en} is {where}", f"{zh}的{noun.zh}在{zh_where}", (noun.tag, *names)),
        "location",
        "possession",
        f"scene:{where}",
        "tense:present",
    )


@statement("lives", 350)
def lives(draw: Draw, subject: Person) -> Phrase:
    """Say "Anna lives in Paris." 安娜住在巴黎。 / "He has lived in Tokyo for three years." 他在东京住了三年了."""
    city = draw(CITIES)
    tags = (*subject.tags, *city.tags)
    kind = draw.below(4)
    if kind == 0:
        years = 2 + draw.below(9)
        return Phrase(
            f"{subject.en} {subject.have} lived in {city.en} for {cardinal(years)} years",
            f"{subject.zh}在{city.zh}住了{counted(years, '年')}了",
            (*tags, "tense:perfect", "aspect:le", "duration", "number"),
        )
    if kind == 1:
        return Phrase(
            f"{subject.en} {subject.do} not live in {city.en}",
            f"{subject.zh}不住在{city.zh}",
            (*tags, "tense:present", "negation", "negation:bu"),
        )
    if kind == 2:
        return Phrase(
            f"{subject.en} {subject.agree('come', 'comes')} from {city.en}",
            f"{subject.zh}来自{city.zh}",
            (*tags, "tense:present"),
        )
    return Phrase(
        f"{subject.en} {subject.agree('live', 'lives')} in {city.en}",
        f"{subject.zh}住在{city.zh}",
        (*tags, "tense:present"),
    )


@drawn("age", 150)
def _age(draw: Draw) -> Pair:
    """Say "My younger brother is twelve years old." 我弟弟十二岁."""
    person = draw((*NAMES, *MY_RELATIVES[4:6], *MY_RELATIVES[8:10]))
    years = 3 + draw.below(27 if person in NAMES else 16)
    return sentence(
        Phrase(f"{person.en} is {cardinal(years)} years old", f"{person.zh}{numeral(years)}岁", person.tags),
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
        Phrase(f"{thing.en} costs {cardinal(yuan)} yuan", f"{thing.zh}{numeral(yuan)}块钱", thing.tags),
        "price",
        "number",
        "tense:present",
    )
