"""Simple clauses, one construction each for tense, aspect and negation; compound sentences embed them."""

from __future__ import annotations

from . import activities, circumstances
from .circumstances import (
    CITIES,
    FREQUENCY,
    FUTURE,
    FUTURE_DAY,
    HABIT,
    PAST,
    PAST_DAY,
    PLACES,
)
from .people import Person, statement
from .phrase import Draw, Phrase, flatten
from .verbs import (
    Predicate,
    in_experience,
    with_definite,
    with_generic,
    with_indefinite,
    with_none,
)

_NOW = Phrase("now", "现在", ("time", "time:now"))


@statement("habitual", 850)
def habitual(draw: Draw, subject: Person) -> Phrase:
    """Say "Anna often reads novels at home." / "He swims every day.": adverb or time before the Chinese verb."""
    action = activities.habit(draw).placed(draw, 35)
    doing = action.present(subject)
    if draw.chance(50):
        adverb = draw(FREQUENCY)
        return Phrase(
            f"{subject.en} {adverb.en} {doing}",
            f"{subject.zh}{adverb.zh}{action.zh}",
            flatten(
                subject.tags,
                adverb.tags,
                action.tags,
                ("tense:present", "aspect:habitual"),
            ),
        )
    time = draw(HABIT)
    return Phrase(
        f"{subject.en} {doing} {time.en}",
        f"{subject.zh}{time.zh}{action.zh}",
        flatten(
            subject.tags, time.tags, action.tags, ("tense:present", "aspect:habitual")
        ),
    )


@statement("progressive", 950)
def progressive(draw: Draw, subject: Person) -> Phrase:
    """Say "He is reading a book in the library." 他正在图书馆读一本书."""
    action = activities.ongoing(draw).placed(draw, 40)
    return Phrase(
        f"{subject.en} {subject.be} {action.ing}{action.en_place}",
        f"{subject.zh}{action.ongoing()}",
        flatten(subject.tags, action.tags, ("tense:present", "aspect:progressive")),
    )


@statement("past", 1300)
def past(draw: Draw, subject: Person) -> Phrase:
    """Say "She bought two books last week." 她上个星期买了两本书."""
    kind = draw.below(10)
    if kind < 2:
        action = draw(activities.BARE_PAST).placed(draw, 40)
    else:
        action = (
            with_indefinite(draw, "past")
            if kind < 7
            else with_definite(draw, "past", subject)
        )
        action = action.placed(draw, 35)
    time = activities.past_time(draw, action)
    return Phrase(
        f"{subject.en} {action.past}{action.en_place} {time.en}",
        f"{subject.zh}{time.zh}{past_zh(action)}",
        flatten(subject.tags, time.tags, action.tags, ("tense:past", "aspect:le")),
    )


def past_zh(action: Predicate) -> str:
    """Build the Chinese completed past: 买了一本书."""
    return action.aspect("了")


@statement("lasting", 500)
def lasting(draw: Draw, subject: Person) -> Phrase:
    """Say "He played chess for two hours yesterday." 他昨天下了两个小时的棋."""
    action, time, how_long = (
        draw(activities.LASTING).placed(draw, 35),
        draw(PAST_DAY),
        circumstances.hours(draw),
    )
    zh_object = f"的{action.object}" if action.object else ""
    zh_place = f"在{action.zh_place}" if action.zh_place else ""
    return Phrase(
        f"{subject.en} {action.past}{action.en_place} {how_long.en} {time.en}",
        f"{subject.zh}{time.zh}{zh_place}{action.verb}了{how_long.zh}{zh_object}",
        flatten(
            subject.tags,
            time.tags,
            how_long.tags,
            action.tags,
            ("tense:past", "aspect:le"),
        ),
    )


@statement("past-negative", 650)
def past_negative(draw: Draw, subject: Person) -> Phrase:
    """Say "I did not watch TV yesterday." 我昨天没看电视."""
    kind = draw.below(10)
    if kind < 3:
        action = draw(activities.LASTING + activities.BARE_PAST)
    else:
        action = (
            with_none(draw, "past")
            if kind < 7
            else with_definite(draw, "past", subject)
        )
    time = draw(
        circumstances.PAST_RECENT
        if "verb:eat" in action.tags or "verb:drink" in action.tags
        else PAST_DAY
    )
    action = action.placed(draw, 15) if kind < 3 else action
    return Phrase(
        f"{subject.en} did not {action.base}{action.en_place} {time.en}",
        f"{subject.zh}{time.zh}没{action.zh}",
        flatten(
            subject.tags,
            time.tags,
            action.tags,
            ("tense:past", "negation", "negation:mei"),
        ),
    )


@statement("experience", 650)
def experience(draw: Draw, subject: Person) -> Phrase:
    """Say "I have read this novel." 我读过这本小说。 / "He has never been to Paris." 他从来没去过巴黎."""
    tags = ("tense:perfect", "aspect:guo")
    never = draw.chance(40)
    en_never, zh_never = ("never ", "从来没") if never else ("", "")
    negation = ("negation", "negation:mei") if never else ()
    if draw.chance(40):
        city = draw(CITIES)
        return Phrase(
            f"{subject.en} {subject.have} {en_never}been to {city.en}",
            f"{subject.zh}{zh_never}去过{city.zh}",
            flatten(subject.tags, city.tags, tags, negation),
        )
    action = in_experience(draw)
    return Phrase(
        f"{subject.en} {subject.have} {en_never}{action.participle}",
        f"{subject.zh}{zh_never}{action.aspect('过')}",
        flatten(subject.tags, action.tags, tags, negation),
    )


@statement("future-will", 850)
def future_will(draw: Draw, subject: Person) -> Phrase:
    """Say "She will buy a car next month." 她下个月会买一辆汽车."""
    action, time = activities.plan(draw)
    action = action.placed(draw, 30)
    return Phrase(
        f"{subject.en} will {action.base}{action.en_place} {time.en}",
        f"{subject.zh}{time.zh}会{action.zh}",
        flatten(subject.tags, time.tags, action.tags, ("tense:future", "modal:hui")),
    )


@statement("future-will-not", 450)
def future_will_not(draw: Draw, subject: Person) -> Phrase:
    """Say "He will not play football tomorrow." 他明天不会踢足球."""
    action = draw(activities.PLANS) if draw.chance(50) else with_definite(draw, "will")
    action, time = action.placed(draw, 30), draw(FUTURE_DAY)
    return Phrase(
        f"{subject.en} will not {action.base}{action.en_place} {time.en}",
        f"{subject.zh}{time.zh}不会{action.zh}",
        flatten(
            subject.tags,
            time.tags,
            action.tags,
            ("tense:future", "modal:hui", "negation", "negation:bu"),
        ),
    )


@statement("going-to", 750)
def going_to(draw: Draw, subject: Person) -> Phrase:
    """Say "We are going to study at the library tonight." 我们今天晚上要在图书馆学习."""
    action, time = activities.plan(draw)
    action = action.placed(draw, 30)
    return Phrase(
        f"{subject.en} {subject.be} going to {action.base}{action.en_place} {time.en}",
        f"{subject.zh}{time.zh}要{action.zh}",
        flatten(subject.tags, time.tags, action.tags, ("tense:future", "modal:yao")),
    )


@statement("go-somewhere", 750)
def go_somewhere(draw: Draw, subject: Person) -> Phrase:
    """Say "Anna went to Paris by train last month." 安娜上个月坐火车去了巴黎。 and the same in the future."""
    in_town = draw.chance(45)
    tags: tuple[str, ...]
    if in_town:
        place = draw(_DESTINATIONS)
        en, zh, tags = f"to {place.definite}", place.zh, (place.tag,)
        how = draw(circumstances.IN_TOWN)
    else:
        city = draw(CITIES)
        en, zh, tags = f"to {city.en}", city.zh, city.tags
        how = circumstances.to_city(draw, city)
    if draw.chance(50):
        en, zh_how, tags = f"{en} {how.en}", how.zh, tags + how.tags
    else:
        zh_how = ""
    tense = draw.below(3)
    time = draw(FUTURE if tense else (PAST_DAY if in_town else PAST))
    tags = flatten(subject.tags, tags, time.tags, ("motion", "verb:go"))
    if tense == 0:
        return Phrase(
            f"{subject.en} went {en} {time.en}",
            f"{subject.zh}{time.zh}{zh_how}去了{zh}",
            (*tags, "tense:past", "aspect:le"),
        )
    if tense == 1:
        return Phrase(
            f"{subject.en} will go {en} {time.en}",
            f"{subject.zh}{time.zh}会{zh_how}去{zh}",
            (*tags, "tense:future", "modal:hui"),
        )
    return Phrase(
        f"{subject.en} {subject.be} going to go {en} {time.en}",
        f"{subject.zh}{time.zh}要{zh_how}去{zh}",
        (*tags, "tense:future", "modal:yao"),
    )


_DESTINATIONS = tuple(
    PLACES[name]
    for name in [
        "library",
        "park",
        "supermarket",
        "bookstore",
        "hospital",
        "museum",
        "station",
        "airport",
        "cinema",
        "zoo",
        "gym",
        "market",
        "bank",
        "post office",
        "restaurant",
    ]
)


@statement("just", 500)
def just(draw: Draw, subject: Person) -> Phrase:
    """Say "He has just bought a computer." 他刚买了一台电脑."""
    action = (
        with_indefinite(draw, "just", most=3)
        if draw.chance(75)
        else with_definite(draw, "just", subject)
    )
    return Phrase(
        f"{subject.en} {subject.have} just {action.participle}",
        f"{subject.zh}刚{past_zh(action)}",
        flatten(
            subject.tags, action.tags, ("tense:perfect", "aspect:just", "aspect:le")
        ),
    )


@statement("finished", 600)
def finished(draw: Draw, subject: Person) -> Phrase:
    """Say "She has already finished reading this book." 她已经读完这本书了。 and "... not ... yet" 还没读完…."""
    action = with_definite(draw, "done", subject)
    done = f"{action.done}{action.object}"
    tags = flatten(
        subject.tags, action.tags, ("tense:perfect", "resultative", "verb:finish")
    )
    if draw.chance(60):
        return Phrase(
            f"{subject.en} {subject.have} already finished {action.ing}",
            f"{subject.zh}已经{done}了",
            (*tags, "aspect:le"),
        )
    return Phrase(
        f"{subject.en} {subject.have} not finished {action.ing} yet",
        f"{subject.zh}还没{done}",
        (*tags, "negation", "negation:mei"),
    )


@statement("habit-negative", 400)
def habit_negative(draw: Draw, subject: Person) -> Phrase:
    """Say "He does not drink coffee." 他不喝咖啡."""
    noun_action = with_generic(draw) if draw.chance(40) else draw(_ABSTAIN)
    times = draw((None, *HABIT[:4]))
    if noun_action in _ABSTAIN or times is None:
        never = draw.chance(45)
        if never:
            return Phrase(
                f"{subject.en} never {noun_action.present(subject)}",
                f"{subject.zh}从来不{noun_action.zh}",
                flatten(
                    subject.tags,
                    noun_action.tags,
                    ("tense:present", "negation", "negation:bu"),
                ),
            )
        return Phrase(
            f"{subject.en} {subject.do} not {noun_action.base}",
            f"{subject.zh}不{noun_action.zh}",
            flatten(
                subject.tags,
                noun_action.tags,
                ("tense:present", "negation", "negation:bu"),
            ),
        )
    return Phrase(
        f"{subject.en} {subject.do} not {noun_action.base} {times.en}",
        f"{subject.zh}不是{times.zh}都{noun_action.zh}",
        flatten(
            subject.tags,
            noun_action.tags,
            times.tags,
            ("tense:present", "negation", "negation:bu"),
        ),
    )


_ABSTAIN = tuple(
    activities.ACTIVITY[name]
    for name in [
        "watch TV",
        "play computer games",
        "dance",
        "cook",
        "exercise",
        "play chess",
        "drive",
        "sing",
    ]
)


@statement("not-doing", 250)
def not_doing(draw: Draw, subject: Person) -> Phrase:
    """Say "She is not working now." 她现在没在工作."""
    action = draw(activities.ONGOING)
    return Phrase(
        f"{subject.en} {subject.be} not {action.ing} now",
        f"{subject.zh}现在没在{action.zh}",
        flatten(
            subject.tags,
            action.tags,
            _NOW.tags,
            ("tense:present", "aspect:progressive", "negation", "negation:mei"),
        ),
    )
