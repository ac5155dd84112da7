"""Comparison: 比, 跟…一样, 没有, 更, 最."""

from __future__ import annotations

from companion.corpora.corpus import Pair

from .chinese import counted
from .english import cardinal, possessive
from .people import MY_RELATIVES, NAMES, Person, overlap
from .phrase import Draw, Phrase, drawn, flatten, sentence
from .qualities import ADJECTIVES, COMPARED, TRAITS


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
                f"{first.en} is as {adjective.en} as {second.en}",
                f"{first.zh}跟{second.zh}一样{adjective.zh}",
                tags,
            ),
            "comparison:equal",
        )
    if kind == 1:
        return sentence(
            Phrase(
                f"{first.en} is not as {adjective.en} as {second.en}",
                f"{first.zh}没有{second.zh}{adjective.zh}",
                tags,
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
    this, zh_this, that, zh_that = draw(
        (("this", "这", "that", "那"), ("that", "那", "this", "这"))
    )
    en, zh = f"{this} {noun.en}", f"{zh_this}{noun.measure}{noun.zh}"
    tags = (noun.tag, adjective.tag, "comparison", "measure-word", "tense:present")
    kind = draw.below(6)
    if kind < 2:
        owner = draw(NAMES)
        if kind == 0 and noun.kind in (
            "vehicle",
            "device",
            "clothing",
            "accessory",
            "furniture",
            "thing",
        ):
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
                f"{en} is as {adjective.en} as {that} one",
                f"{zh}跟{zh_that}{noun.measure}一样{adjective.zh}",
                tags,
            ),
            "comparison:equal",
        )
    if kind == 2:
        return sentence(
            Phrase(
                f"{en} is not as {adjective.en} as {that} one",
                f"{zh}没有{zh_that}{noun.measure}{adjective.zh}",
                tags,
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
            f"{en} is {adjective.comparative} than {that} one",
            f"{zh}比{zh_that}{noun.measure}{adjective.zh}",
            tags,
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
    superlative = (
        f"most {word}"
        if adjective.comparative.startswith("more")
        else adjective.comparative[:-1] + "st"
    )
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
