"""Modal verbs by their sense, wishes, needs; imperatives, requests and 把 sentences."""

from __future__ import annotations

from companion.corpora.corpus import Pair

from . import activities
from .circumstances import CITIES, FUTURE, FUTURE_DAY, PLACES, Place
from .nouns import Noun, demonstrative, nouns
from .people import NAMES, WE, YOU, I, Person, anyone, asked, other, statement
from .phrase import Draw, Phrase, drawn, flatten, sentence
from .verbs import VERB, predicate, with_definite, with_indefinite


@statement("can-skill", 450)
def can_skill(draw: Draw, subject: Person) -> Phrase:
    """Say a learned skill with 会: "She can swim." 她会游泳。 / "I cannot drive." 我不会开车."""
    action = draw(activities.SKILLS)
    tags = (*subject.tags, *action.tags, "modal:can", "modal:hui")
    if draw.chance(40):
        return Phrase(
            f"{subject.en} cannot {action.base}",
            f"{subject.zh}不会{action.zh}",
            (*tags, "negation", "negation:bu"),
        )
    return Phrase(f"{subject.en} can {action.base}", f"{subject.zh}会{action.zh}", tags)


# What circumstances can allow or prevent.
_EVENTS = (
    ("come to school", "来学校"),
    ("go to work", "去上班"),
    ("come to my home", "来我家"),
    ("help us", "帮我们"),
    ("go home early", "早点儿回家"),
    ("finish this work", "做完这个工作"),
    ("finish the homework", "做完作业"),
    ("arrive before eight o'clock", "在八点以前到"),
    ("meet us at the station", "在车站跟我们见面"),
    ("attend the meeting", "参加会议"),
)


@statement("can-circumstance", 450)
def can_circumstance(draw: Draw, subject: Person) -> Phrase:
    """Say what circumstances allow with 能: "I cannot go to work tomorrow." 我明天不能去上班."""
    time = draw(FUTURE)
    if draw.chance(60):
        options = (
            _EVENTS
            if subject.pronoun != "we" and subject is not I
            else _EVENTS[5:8] + _EVENTS[1:2]
        )
        en, zh = draw(options)
        tags: tuple[str, ...] = (f"event:{en}",)
    else:
        action = with_definite(draw, "can")
        en, zh, tags = (
            f"finish {action.ing}",
            f"{action.done}{action.object}",
            (*action.tags, "resultative"),
        )
    tags = flatten(
        subject.tags, tags, time.tags, ("modal:can", "modal:neng", "tense:future")
    )
    if draw.chance(45):
        return Phrase(
            f"{subject.en} cannot {en} {time.en}",
            f"{subject.zh}{time.zh}不能{zh}",
            (*tags, "negation", "negation:bu"),
        )
    return Phrase(
        f"{subject.en} can {en} {time.en}", f"{subject.zh}{time.zh}能{zh}", tags
    )


_MODALS = (
    ("must", "必须", "must"),
    ("should", "应该", "should"),
    ("should not", "不应该", "should"),
    ("do not have to", "不用", "have-to"),
)


@drawn("must-should", 750)
def _must(draw: Draw) -> Pair:
    return sentence(must_or_should(draw, anyone(draw, you=True)))


def must_or_should(draw: Draw, subject: Person) -> Phrase:
    """Say "You should read this book." 你应该读这本书。 / "He must work tomorrow." 他明天必须工作."""
    en, zh, sense = draw(_MODALS)
    tags: tuple[str, ...] = (f"modal:{sense}",)
    if sense == "have-to":
        en = f"{subject.do} not have to"
    if zh.startswith("不"):
        tags = (*tags, "negation", "negation:bu")
    if draw.chance(40):
        action, time = (
            draw(activities.PLANS if zh != "不应该" else _IDLE).placed(draw, 30),
            draw(FUTURE_DAY),
        )
        return Phrase(
            f"{subject.en} {en} {action.base}{action.en_place} {time.en}",
            f"{subject.zh}{time.zh}{zh}{action.zh}",
            flatten(subject.tags, action.tags, time.tags, tags),
        )
    if draw.chance(30):
        advice_en, advice_zh = draw(_ADVICE_AGAINST if zh in ("不应该",) else _ADVICE)
        return Phrase(
            f"{subject.en} {en} {advice_en}",
            f"{subject.zh}{zh}{advice_zh}",
            flatten(subject.tags, tags, (f"event:{advice_en}",)),
        )
    action = with_definite(draw, "order", subject)
    return Phrase(
        f"{subject.en} {en} {action.base}",
        f"{subject.zh}{zh}{action.zh}",
        flatten(subject.tags, action.tags, tags),
    )


_IDLE = tuple(
    activities.ACTIVITY[name]
    for name in ("work", "play football", "play basketball", "play tennis")
)
_ADVICE = (
    ("get up early", "早点儿起床"),
    ("go to bed early", "早点儿睡觉"),
    ("see a doctor", "去看医生"),
    ("take medicine", "吃药"),
    ("take a rest", "休息一下"),
    ("exercise every day", "每天锻炼"),
    ("practice more", "多练习"),
    ("wait here", "在这里等"),
    ("leave now", "现在离开"),
)
_ADVICE_AGAINST = (
    ("get up so late", "这么晚起床"),
    ("go to bed so late", "这么晚睡觉"),
    ("smoke", "抽烟"),
    ("drive so fast", "把车开得这么快"),
    ("be late", "迟到"),
    ("work on weekends", "在周末工作"),
)


@statement("want", 700)
def want(draw: Draw, subject: Person) -> Phrase:
    """Say "I want to buy a computer." 我想买一台电脑。 / "She does not want to go to Paris." 她不想去巴黎."""
    negative = draw.chance(35)
    if draw.chance(25):
        city = draw(CITIES)
        en, zh, tags = f"go to {city.en}", f"去{city.zh}", (*city.tags, "verb:go")
    elif draw.chance(30):
        action = draw(activities.PLANS).placed(draw, 40)
        en, zh, tags = action.base + action.en_place, action.zh, action.tags
    else:
        action = (
            with_definite(draw, "want")
            if negative or draw.chance(30)
            else with_indefinite(draw, "want", 3)
        )
        en, zh, tags = action.base, action.zh, action.tags
    tags = flatten(subject.tags, tags, ("modal:want",))
    if negative:
        return Phrase(
            f"{subject.en} {subject.do} not want to {en}",
            f"{subject.zh}不想{zh}",
            (*tags, "negation", "negation:bu"),
        )
    return Phrase(
        f"{subject.en} {subject.agree('want', 'wants')} to {en}",
        f"{subject.zh}想{zh}",
        tags,
    )


@drawn("may", 200)
def _may(draw: Draw) -> Pair:
    """Permission is 可以: "May I use your computer?" 我可以用你的电脑吗."""
    noun = draw(
        nouns(
            "computer,camera,printer,dictionary,map,phone,umbrella,pen,bicycle,washing machine"
        )
    )
    verb = VERB["use"] if noun.en != "bicycle" else VERB["borrow"]
    who = draw((I, I, WE))
    owner = draw(NAMES)
    en, zh, tags = draw(
        (
            ("your", "你的", ()),
            ("this", f"这{noun.measure}", ()),
            ("that", f"那{noun.measure}", ()),
            (f"{owner.en}'s", f"{owner.zh}的", owner.tags),
        )
    )
    thing = Phrase(f"{en} {noun.en}", zh + noun.zh, (noun.tag, *tags))
    action = predicate(verb, thing, noun)
    return sentence(
        Phrase(
            f"may {who.en} {action.base}",
            f"{who.zh}可以{action.zh}吗",
            (*who.tags, *action.tags),
        ),
        "modal:may",
        "question",
        "question:ma",
        end="?",
    )


@drawn("can-you", 250)
def _can_you(draw: Draw) -> Pair:
    """Say "Can you help me translate this sentence?" 你能帮我翻译这个句子吗."""
    action = with_definite(draw, "order")
    who = other(draw, YOU)
    return sentence(
        Phrase(
            f"can you help {who.en_object} {action.base}",
            f"你能帮{who.zh}{action.zh}吗",
            (*who.tags, *action.tags),
        ),
        "modal:can",
        "modal:neng",
        "question",
        "question:ma",
        "verb:help",
        end="?",
    )


@drawn("can-skill-question", 250)
def _can_skill_question(draw: Draw) -> Pair:
    """Say "Can your mother drive?" 你妈妈会开车吗."""
    subject, action = asked(draw), draw(activities.SKILLS)
    return sentence(
        Phrase(
            f"can {subject.en} {action.base}",
            f"{subject.zh}会{action.zh}吗",
            (*subject.tags, *action.tags),
        ),
        "modal:can",
        "modal:hui",
        "question",
        "question:ma",
        end="?",
    )


_MANNERS = (
    (" now", "现在", "time:now"),
    (" today", "今天", "time"),
    (" tomorrow", "明天", "time:future"),
    ("", "", "imperative"),
    ("", "", "imperative"),
)


@drawn("please", 350)
def _please(draw: Draw) -> Pair:
    """Say "Please read this article." 请读这篇文章。 / "Please do not use this computer." 请不要用这台电脑."""
    action = with_definite(draw, "order")
    if draw.chance(40):
        return sentence(
            Phrase(f"please do not {action.base}", f"请不要{action.zh}", action.tags),
            "imperative",
            "negation",
            "negation:bu",
        )
    en, zh, tag = (
        _MANNERS[-1]
        if {"verb:eat", "verb:drink"} & set(action.tags)
        else draw(_MANNERS)
    )
    return sentence(
        Phrase(f"please {action.base}{en}", f"请{zh}{action.zh}", action.tags),
        "imperative",
        tag,
    )


@drawn("lets", 250)
def _lets(draw: Draw) -> Pair:
    """Say "Let's play chess tonight." 我们今天晚上下棋吧."""
    time = draw(FUTURE_DAY)
    if draw.chance(40):
        place: Place = draw(
            tuple(
                PLACES[name]
                for name in [
                    "library",
                    "park",
                    "museum",
                    "cinema",
                    "zoo",
                    "gym",
                    "restaurant",
                    "beach",
                ]
            )
        )
        return sentence(
            Phrase(
                f"let's go to {place.definite} {time.en}",
                f"我们{time.zh}去{place.zh}吧",
                (place.tag, *time.tags),
            ),
            "imperative",
            "particle:ba",
            "verb:go",
        )
    action = (
        draw(activities.PLANS).placed(draw, 40)
        if draw.chance(50)
        else with_definite(draw, "will")
    )
    return sentence(
        Phrase(
            f"let's {action.base}{action.en_place} {time.en}",
            f"我们{time.zh}{action.zh}吧",
            (*action.tags, *time.tags),
        ),
        "imperative",
        "particle:ba",
    )


_SPOTS = (
    ("on the table", "桌子上"),
    ("on the chair", "椅子上"),
    ("on the sofa", "沙发上"),
    ("in the bag", "包里"),
    ("in the suitcase", "行李箱里"),
    ("in the car", "车里"),
    ("in the bedroom", "卧室里"),
    ("in the kitchen", "厨房里"),
    ("by the window", "窗户旁边"),
    ("by the door", "门旁边"),
)
_PUT: tuple[Noun, ...] = nouns(
    "book,novel,magazine,dictionary,newspaper,letter,key,umbrella,map,photo,ticket,pen,gift,"
    "cup,camera,hat,scarf,coat,phone,bowl"
)
_GIVE: tuple[Noun, ...] = nouns(
    "book,novel,magazine,dictionary,newspaper,letter,key,umbrella,map,photo,ticket,pen,gift,package,camera,toy,flower,"
    "guitar,report,apple"
)


@drawn("ba", 750)
def _ba(draw: Draw) -> Pair:
    """Say "Please put this book on the table." 请把这本书放在桌子上。 / "He gave that letter to Anna."."""
    kind = draw.below(3)
    who: Person | None
    who_tags: tuple[str, ...]
    noun = draw(_PUT if kind == 0 else _GIVE)
    thing = demonstrative(draw, noun, plurals=draw.chance(50))
    if kind == 0:
        en, zh = draw(_SPOTS)
        en, zh = f"put {thing.en} {en}", f"把{thing.zh}放在{zh}"
        verb, past, zh_past = "verb:put", en, zh + "了"
        subject = anyone(draw)
        who, who_tags = None, ()
    else:
        subject = anyone(draw)
        who = other(draw, subject)
        who_tags = who.tags
        en_verb, en_past, zh_verb = draw(
            (
                ("give", "gave", "给"),
                ("lend", "lent", "借给"),
                ("return", "returned", "还给"),
            )
        )
        if (
            noun.en in ("flower", "apple", "gift", "package", "letter")
            and en_verb != "give"
        ):
            en_verb, en_past, zh_verb = "give", "gave", "给"
        en, zh = (
            f"{en_verb} {thing.en} to {who.en_object}",
            f"把{thing.zh}{zh_verb}{who.zh}",
        )
        past, zh_past = (
            f"{en_past} {thing.en} to {who.en_object}",
            f"把{thing.zh}{zh_verb}了{who.zh}",
        )
        verb = f"verb:{en_verb}"
    tags = (*thing.tags, verb, "ba", f"combination:{verb[5:]}+{noun.en}")
    if draw.chance(45) and who is not YOU:
        return sentence(
            Phrase(f"please {en}", f"请{zh}", (*tags, *who_tags)), "imperative"
        )
    return sentence(
        Phrase(
            f"{subject.en} {past}",
            subject.zh + zh_past,
            (*tags, *subject.tags, *who_tags),
        ),
        "tense:past",
        "aspect:le",
    )
