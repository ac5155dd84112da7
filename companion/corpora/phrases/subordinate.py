"""Subordinate clauses: time, reported thought, relative clauses, purpose."""

from __future__ import annotations

from companion.corpora.corpus import Pair

from . import activities, states, tenses
from .circumstances import PAST_DAY
from .compounds import GO, pair_of_people
from .descriptions import feeling, thing_is, trait
from .english import plural
from .modals import can_circumstance, can_skill, must_or_should, want
from .nouns import indefinite, nouns
from .people import NAMES, I, anyone, overlap
from .phrase import Draw, Phrase, drawn, flatten, sentence
from .qualities import ADJECTIVES
from .verbs import VERBS, predicate, with_generic

_ARRIVALS = (
    ("came home", "回到家"),
    ("arrived at the station", "到车站"),
    ("came into the classroom", "走进教室"),
    ("opened the door", "打开门"),
    ("got up this morning", "今天早上起床"),
    ("arrived at school", "到学校"),
    ("called me last night", "昨天晚上给我打电话"),
)


@drawn("when-while", 650)
def _when_while(draw: Draw) -> Pair:
    """Say "When I came home, my mother was reading a newspaper." 我回到家的时候，我妈妈正在读一份报纸."""
    first, second = pair_of_people(draw)
    en, zh = draw(
        _ARRIVALS[:6]
        if first.pronoun in ("I", "we") or second.pronoun in ("I", "we")
        else _ARRIVALS
    )
    action = activities.ongoing(draw)
    if "station" in en or "classroom" in en or "school" in en:
        action = draw(_ANYWHERE)
    if ("last night" in en and "breakfast" in action.base) or (
        "got up" in en and "dinner" in action.base
    ):
        return _when_while(draw)
    return sentence(
        Phrase(
            f"when {first.en} {en}, {second.en} {second.was} {action.ing}",
            f"{first.zh}{zh}的时候，{second.zh}{action.ongoing()}",
            flatten(first.tags, second.tags, action.tags),
        ),
        "conjunction:when",
        "compound",
        "tense:past",
        "aspect:progressive",
    )


_ANYWHERE = tuple(
    predicate(
        verb,
        Phrase(
            f"a{'n' if noun.en[0] in 'aeiou' else ''} {noun.en}",
            f"一{noun.measure}{noun.zh}",
            (noun.tag, "measure-word"),
        ),
        noun,
    )
    for verb in VERBS
    if verb.en in ("read", "write")
    for noun in verb.objects
    if noun.en in ("book", "novel", "magazine", "letter", "newspaper", "email", "poem")
)


# Who reports: English by agreement, Chinese; which clauses it can carry.
_REPORTS = (
    ("think", "thinks", "觉得", "opinion"),
    ("know", "knows", "知道", "fact"),
    ("say", "says", "说", "any"),
    ("believe", "believes", "相信", "opinion"),
    ("hope", "hopes", "希望", "hope"),
    ("have heard", "has heard", "听说", "fact"),
)


_CLAUSES = {
    "opinion": (
        trait,
        must_or_should,
        states.does_well,
        must_or_should,
        tenses.future_will,
    ),
    "fact": (
        tenses.past,
        tenses.progressive,
        tenses.future_will,
        tenses.habitual,
        can_skill,
        states.with_person,
        tenses.go_somewhere,
    ),
    "any": (
        tenses.past,
        tenses.past_negative,
        tenses.future_will,
        tenses.habitual,
        can_circumstance,
        states.likes,
        want,
        feeling,
        tenses.experience,
        tenses.going_to,
        tenses.finished,
    ),
    "hope": (tenses.future_will, tenses.future_will),
}


def reported(draw: Draw) -> Phrase:
    """Say "Anna says that her ..." / "I think that he should work." 我觉得他应该工作."""
    base, third, zh, clauses = draw(_REPORTS)
    reporter = anyone(draw)
    while base in ("believe", "have heard") and reporter.pronoun != "I":
        reporter = I
    if clauses == "opinion" and draw.chance(35):
        content = thing_is(draw)
        while content.en.startswith("that "):
            content = thing_is(draw)
    else:
        subject = anyone(draw)
        while overlap(reporter, subject) or subject.en.startswith("that "):
            subject = anyone(draw)
        content = draw(_CLAUSES[clauses])(draw, subject)
    return Phrase(
        f"{reporter.en} {reporter.agree(base, third)} that {content.en}",
        f"{reporter.zh}{zh}{content.zh}",
        flatten(
            reporter.tags, content.tags, (f"verb:{base.split()[-1]}", "clause:that")
        ),
    )


@drawn("reported", 1700)
def _reported(draw: Draw) -> Pair:
    return sentence(reported(draw))


@drawn("before-after", 650)
def _before_after(draw: Draw) -> Pair:
    """Say "Anna usually reads novels before going to bed." 安娜睡觉以前通常读小说."""
    subject = anyone(draw)
    en, zh, part = draw(
        (
            ("before going to bed", "睡觉以前", 0),
            ("after dinner", "吃晚饭以后", 0),
            ("after work", "下班以后", 0),
            ("before breakfast", "吃早饭以前", 1),
            ("after getting up", "起床以后", 1),
            ("after class", "下课以后", 0),
        )
    )
    often, zh_often = draw(
        (
            ("usually", "通常"),
            ("often", "经常"),
            ("always", "总是"),
            ("sometimes", "有时候"),
        )
    )
    if draw.chance(40):
        action = draw(activities.HABITS).placed(draw, 0 if part else 40)
        if action.base not in (_BY_DAY if part == 0 and "bed" not in en else _AT_HOME):
            return _before_after(draw)
    else:
        action = with_generic(draw).placed(draw, 0 if part else 30)
        if action.base.split()[0] not in ("read", "write", "drink") or (
            "drink coffee" in action.base and "bed" in en
        ):
            return _before_after(draw)
    return sentence(
        Phrase(
            f"{subject.en} {often} {action.present(subject)} {en}",
            f"{subject.zh}{zh}{zh_often}{action.zh}",
            flatten(subject.tags, action.tags),
        ),
        "time",
        "clause:time",
        "tense:present",
        "aspect:habitual",
        f"adverb:{often}",
    )


_AT_HOME = frozenset(
    {
        "listen to music",
        "practice English",
        "exercise",
        "study",
        "play the piano",
        "play the guitar",
        "wash clothes",
    }
)


_BY_DAY = _AT_HOME | {
    "take a walk",
    "run",
    "swim",
    "play chess",
    "watch TV",
    "play football",
    "play basketball",
    "play tennis",
    "do homework",
    "sing",
    "dance",
    "paint",
    "chat with friends",
    "play the violin",
}


@drawn("relative", 800)
def _relative(draw: Draw) -> Pair:
    """Say "The book that I bought yesterday is very interesting." 我昨天买的那本书很有意思."""
    subject = anyone(draw)
    verb = draw(
        tuple(
            verb
            for verb in VERBS
            if verb.en
            in (
                "read",
                "write",
                "buy",
                "translate",
                "watch",
                "borrow",
                "train",
                "design",
                "receive",
                "test",
                "send",
            )
        )
    )
    noun = draw(
        tuple(
            noun
            for noun in verb.objects
            if noun.en in ADJECTIVES and noun.kind not in ("food", "drink")
        )
        or verb.objects
    )
    if noun.en not in ADJECTIVES or noun.container:
        return _relative(draw)
    time = draw(PAST_DAY)
    adjective = draw(ADJECTIVES[noun.en])
    number = draw.below(4)
    many = number == 0
    name = plural(noun.en) if many else noun.en
    measure = "些" if many else noun.measure
    be = "are" if many else "is"
    degree, zh_degree = draw(
        (("very", "很"), ("not very", "不太"), ("extremely", "非常"))
    )
    clause = f"{subject.en} {verb.past} {time.en}"
    zh_clause = f"{subject.zh}{time.zh}{verb.zh}的那{measure}{noun.zh}"
    tags = flatten(
        subject.tags,
        time.tags,
        (verb.tag, noun.tag, adjective.tag, f"combination:{verb.en}+{noun.en}"),
    )
    if draw.chance(35):
        liker = draw(NAMES)
        if overlap(liker, subject):
            return _relative(draw)
        return sentence(
            Phrase(
                f"{liker.en} likes the {name} that {clause}",
                f"{liker.zh}喜欢{zh_clause}",
                (*tags[:-2], tags[-1], *liker.tags),
            ),
            "relative-clause",
            "verb:like",
            "tense:past",
        )
    return sentence(
        Phrase(
            f"the {name} that {clause} {be} {degree} {adjective.en}",
            f"{zh_clause}{zh_degree}{adjective.zh}",
            tags,
        ),
        "relative-clause",
        "tense:past",
        "degree",
    )


@drawn("relative-people", 450)
def _relative_people(draw: Draw) -> Pair:
    """Say "The person who is reading a newspaper in the café is my teacher." 在咖啡馆读报纸的人是我的老师."""
    who, zh_who = draw(
        (
            ("person", "人"),
            ("student", "学生"),
            ("man", "男人"),
            ("woman", "女人"),
            ("boy", "男孩"),
            ("girl", "女孩"),
            ("child", "孩子"),
        )
    )
    action = draw(
        tuple(action for action in activities.ONGOING if action.where)
    ).placed(draw, 100)
    adult = who in ("person", "man", "woman", "student")
    options = (
        ["friend 朋友", "neighbor 邻居"]
        + (["colleague 同事"] if who in ("person", "man", "woman") else [])
        + (["classmate 同学"] if adult or who != "child" else [])
    )
    en, zh = draw(options).split()
    owner, zh_owner = draw((("my", "我"), ("his", "他"), ("her", "她")))
    tags: tuple[str, ...] = ()
    if draw.chance(50):
        name = draw(NAMES)
        owner, zh_owner, tags = f"{name.en}'s", name.zh, name.tags
    verb = action.zh
    return sentence(
        Phrase(
            f"the {who} who is {action.ing}{action.en_place} is {owner} {en}",
            f"正{verb}的那个{zh_who}是{zh_owner}的{zh}",
            (*action.tags, *tags),
        ),
        "relative-clause",
        "identity",
        "tense:present",
        "possession",
    )


@drawn("go-to-do", 600)
def _go_to_do(draw: Draw) -> Pair:
    """Say "Anna went to the bookstore to buy a dictionary yesterday." 安娜昨天去书店买了一本词典."""
    subject, time = anyone(draw), draw(PAST_DAY)
    place = draw(GO)
    fits = {
        "library": ("borrow", "book,novel,magazine,dictionary"),
        "park": ("draw", "flower,tree,bird,bridge"),
        "supermarket": (
            "buy",
            "apple,orange,banana,egg,tomato,milk,juice,bread,beer,cake,chocolate",
        ),
        "bookstore": ("buy", "book,novel,magazine,dictionary,map,textbook"),
        "museum": ("draw", "flower,horse,bird"),
        "zoo": ("draw", "panda,elephant,horse,bird"),
        "cinema": ("watch", "movie"),
        "school": ("watch", "basketball game"),
    }
    verb_name, names = fits[place.en]
    verb = next(verb for verb in VERBS if verb.en == verb_name)
    noun = draw(nouns(names))
    action = predicate(verb, indefinite(draw, noun, 4), noun)
    where = "to school" if place.en == "school" else f"to {place.definite}"
    return sentence(
        Phrase(
            f"{subject.en} went {where} to {action.base} {time.en}",
            f"{subject.zh}{time.zh}去{place.zh}{action.aspect('了')}",
            flatten(subject.tags, time.tags, action.tags, (place.tag,)),
        ),
        "serial-verb",
        "verb:go",
        "tense:past",
        "aspect:le",
    )
