"""Where things and people are: 有, 在, 住."""

from __future__ import annotations

from companion.corpora.corpus import Pair

from .chinese import counted
from .circumstances import CITIES, PLACES
from .english import cardinal, plural, possessive, with_article
from .nouns import Noun, counted_noun, nouns, qualities
from .people import NAMES, POSSESSIVES, Person, anyone, statement
from .phrase import Draw, Phrase, drawn, sentence

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
    (
        "on the chair",
        "椅子上",
        nouns("book,bag,hat,coat,magazine,umbrella,cat,newspaper,scarf"),
    ),
    ("on the bed", "床上", nouns("book,cat,shirt,coat,skirt,toy,bag,phone,dress")),
    ("on the sofa", "沙发上", nouns("cat,dog,magazine,coat,bag,newspaper,hat,guitar")),
    ("under the table", "桌子下面", nouns("cat,dog,bag,toy,suitcase,key,pencil")),
    (
        "under the tree",
        "树下",
        nouns("dog,cat,rabbit,bicycle,chair,sheep,horse,duck,child"),
    ),
    (
        "in the fridge",
        "冰箱里",
        nouns("egg,apple,orange,tomato,peach,fish,milk,juice,beer,cake,chocolate,pear"),
    ),
    (
        "in the bag",
        "包里",
        nouns(
            "book,key,umbrella,phone,camera,pen,ticket,apple,sandwich,gift,map,letter"
        ),
    ),
    (
        "in the room",
        "房间里",
        nouns("bed,table,chair,sofa,piano,television,computer,lamp,child,cat,guitar"),
    ),
    (
        "in the garden",
        "花园里",
        nouns("tree,flower,dog,cat,bird,rabbit,chair,child,snake,duck"),
    ),
    ("in the zoo", "动物园里", nouns("panda,tiger,elephant,monkey,horse,snake")),
    (
        "in the classroom",
        "教室里",
        nouns("student,teacher,table,chair,computer,television,piano"),
    ),
    (
        "in the office",
        "办公室里",
        nouns("computer,printer,table,chair,sofa,programmer,engineer,lamp"),
    ),
    (
        "in the library",
        "图书馆里",
        nouns("student,computer,printer,table,teacher,sofa"),
    ),
    (
        "in front of the house",
        "房子前面",
        nouns("car,bicycle,tree,dog,motorcycle,horse,child"),
    ),
    (
        "behind the school",
        "学校后面",
        nouns("supermarket,bookstore,restaurant,bank,bridge,mountain,hospital,hotel"),
    ),
    (
        "next to the park",
        "公园旁边",
        nouns("supermarket,school,restaurant,hospital,bank,bookstore,hotel"),
    ),
    (
        "near the station",
        "车站附近",
        nouns("bank,hotel,restaurant,supermarket,hospital,bookstore,school"),
    ),
    (
        "near my home",
        "我家附近",
        nouns("bank,school,restaurant,supermarket,hospital,bookstore,bridge"),
    ),
    ("on the wall", "墙上", nouns("map,photo")),
)


@drawn("there-is", 750)
def _there_is(draw: Draw) -> Pair:
    """Say "There are two cats under the table." 桌子下面有两只猫。 / "Is there ...?" / "There is no milk ..."."""
    where, zh_where, things = draw(_SCENES)
    noun = draw(things)
    kind = draw.below(10)
    # One asks for a bank or a key, but for apples or students.
    alone = not noun.container and noun.kind not in (
        "animal",
        "food",
        "person",
        "nature",
    )
    tags = (noun.tag, "existential", f"scene:{where}", "tense:present")
    if kind < 2:
        what = with_article(noun.en) if alone else f"any {noun.generic}"
        be = "are" if noun.is_plural and not alone else "is"
        return sentence(
            Phrase(f"{be} there {what} {where}", f"{zh_where}有{noun.zh}吗", tags),
            "question",
            "question:ma",
            end="?",
        )
    if kind < 4:
        be = "are" if noun.is_plural and not alone else "is"
        return sentence(
            Phrase(
                f"there {be} no {noun.en if alone else noun.generic} {where}",
                f"{zh_where}没有{noun.zh}",
                tags,
            ),
            "negation",
            "negation:mei",
        )
    if kind == 4 and noun.container not in ("piece", "slice"):
        many = (
            f"{plural(noun.container)} of {noun.en}" if noun.container else noun.generic
        )
        return sentence(
            Phrase(
                f"how many {many} are there {where}",
                f"{zh_where}有几{noun.measure}{noun.zh}",
                tags,
            ),
            "measure-word",
            "question",
            "question:wh",
            "question:how-many",
            end="?",
        )
    most = (
        3
        if noun.kind in ("place", "furniture")
        or noun.en in ("piano", "computer", "car", "snake", "television")
        else 8
    )
    number = 1 + draw.below(most) if draw.chance(60) else 1
    options = qualities(noun)
    thing = counted_noun(
        number, noun, draw(options) if options and draw.chance(45) else None
    )
    be = "is" if number == 1 else "are"
    return sentence(
        Phrase(
            f"there {be} {thing.en} {where}",
            f"{zh_where}有{thing.zh}",
            (*tags, *thing.tags),
        )
    )


@drawn("is-where", 450)
def _is_where(draw: Draw) -> Pair:
    """Say "My keys are on the table." / "Your umbrella is in the car." 你的雨伞在车里。 / "Anna is at the library."."""
    if draw.chance(45):
        subject = anyone(draw)
        place = draw(
            tuple(
                place
                for place in PLACES.values()
                if place.en not in ("living room", "bedroom")
            )
        )
        when, zh_when, is_past = draw(
            (
                ("now", "现在", False),
                ("yesterday", "昨天", True),
                ("last night", "昨天晚上", True),
            )
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
    noun = draw(
        tuple(
            thing
            for thing in things
            if thing.kind not in ("food", "drink", "animal", "person", "nature")
        )
    )
    owner = draw(NAMES)
    owners = ((*POSSESSIVES.values(),) * 2, ((possessive(owner.en), owner.zh),) * 4)
    en, zh = draw(owners[0] + owners[1])
    names = owner.tags if zh == owner.zh else ()
    return sentence(
        Phrase(
            f"{en} {noun.en} is {where}",
            f"{zh}的{noun.zh}在{zh_where}",
            (noun.tag, *names),
        ),
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
