"""Questions that are answered with yes or no: 吗 and 对不对."""

from __future__ import annotations

from companion.corpora.corpus import Pair

from . import activities
from .circumstances import CITIES, FUTURE_DAY
from .english import with_article
from .nouns import nouns, of_kind
from .people import asked, other
from .phrase import Draw, Phrase, drawn, flatten, sentence
from .verbs import in_experience, with_definite, with_generic

MA = ("question", "question:ma")


@drawn("ma-habit", 450)
def _ma_habit(draw: Draw) -> Pair:
    """Say "Does Anna drink coffee every day?" 安娜每天喝咖啡吗？ / "Do you like swimming?" 你喜欢游泳吗."""
    subject = asked(draw)
    if draw.chance(50):
        action = draw(activities.PLEASURES) if draw.chance(50) else with_generic(draw)
        return sentence(
            Phrase(
                f"{subject.do} {subject.en} like {action.ing}",
                f"{subject.zh}喜欢{action.zh}吗",
                flatten(subject.tags, action.tags),
            ),
            "verb:like",
            "tense:present",
            *MA,
            end="?",
        )
    action = activities.habit(draw).placed(draw, 25)
    en, zh = draw(
        (
            ("often", "经常"),
            ("usually", "通常"),
            ("every day", "每天"),
            ("every morning", "每天早上"),
            ("every evening", "每天晚上"),
        )
    )
    words = f"{action.base}{action.en_place}"
    words = f"{words} {en}" if en.startswith("every") else f"{en} {words}"
    return sentence(
        Phrase(
            f"{subject.do} {subject.en} {words}",
            f"{subject.zh}{zh}{action.zh}吗",
            flatten(subject.tags, action.tags),
        ),
        "tense:present",
        "aspect:habitual",
        *MA,
        end="?",
    )


@drawn("ma-progressive", 250)
def _ma_progressive(draw: Draw) -> Pair:
    """Say "Are you waiting for the bus?" 你在等公交车吗."""
    subject, action = asked(draw), activities.ongoing(draw)
    return sentence(
        Phrase(
            f"{subject.be} {subject.en} {action.ing}",
            f"{subject.zh}在{action.zh}吗",
            flatten(subject.tags, action.tags),
        ),
        "tense:present",
        "aspect:progressive",
        *MA,
        end="?",
    )


@drawn("ma-past", 500)
def _ma_past(draw: Draw) -> Pair:
    """Say "Did you watch this movie yesterday?" 你昨天看了这部电影吗."""
    subject = asked(draw)
    action = (
        with_definite(draw, "past") if draw.chance(75) else draw(activities.BARE_PAST)
    )
    time = activities.past_time(draw, action)
    return sentence(
        Phrase(
            f"did {subject.en} {action.base} {time.en}",
            f"{subject.zh}{time.zh}{action.aspect('了')}吗",
            flatten(subject.tags, action.tags, time.tags),
        ),
        "tense:past",
        "aspect:le",
        *MA,
        end="?",
    )


@drawn("ma-experience", 400)
def _ma_experience(draw: Draw) -> Pair:
    """Say "Have you ever been to Shanghai?" 你去过上海吗."""
    subject = asked(draw)
    if draw.chance(40):
        city = draw(CITIES)
        en, zh, tags = f"been to {city.en}", f"去过{city.zh}", city.tags
    else:
        action = in_experience(draw)
        en, zh, tags = action.participle, action.aspect("过"), action.tags
    return sentence(
        Phrase(
            f"{subject.have} {subject.en} ever {en}",
            f"{subject.zh}{zh}吗",
            flatten(subject.tags, tags),
        ),
        "tense:perfect",
        "aspect:guo",
        *MA,
        end="?",
    )


@drawn("ma-future", 450)
def _ma_future(draw: Draw) -> Pair:
    """Say "Will you go to Beijing tomorrow?" 你明天会去北京吗？ / "Do you want to ...?" 你想…吗."""
    subject = asked(draw)
    if draw.chance(30):
        city = draw(CITIES)
        en, zh, tags = f"go to {city.en}", f"去{city.zh}", (*city.tags, "verb:go")
    else:
        action = (
            draw(activities.PLANS).placed(draw, 25)
            if draw.chance(45)
            else with_definite(draw, "will")
        )
        en, zh, tags = action.base + action.en_place, action.zh, action.tags
    if draw.chance(40):
        return sentence(
            Phrase(
                f"{subject.do} {subject.en} want to {en}",
                f"{subject.zh}想{zh}吗",
                flatten(subject.tags, tags),
            ),
            "modal:want",
            *MA,
            end="?",
        )
    time = draw(FUTURE_DAY)
    return sentence(
        Phrase(
            f"will {subject.en} {en} {time.en}",
            f"{subject.zh}{time.zh}会{zh}吗",
            flatten(subject.tags, tags, time.tags),
        ),
        "tense:future",
        "modal:hui",
        *MA,
        end="?",
    )


@drawn("ma-have", 250)
def _ma_have(draw: Draw) -> Pair:
    """Say "Do you have any umbrellas?" is rare; "Do you have a bicycle?" 你有自行车吗？ and "Do you know ...?"."""
    subject = asked(draw)
    if draw.chance(35):
        who = other(draw, subject)
        if not {tag for tag in who.tags if tag.startswith("relation:")}:
            return sentence(
                Phrase(
                    f"{subject.do} {subject.en} know {who.en_object}",
                    f"{subject.zh}认识{who.zh}吗",
                    flatten(subject.tags, who.tags),
                ),
                "verb:know",
                "tense:present",
                *MA,
                end="?",
            )
    noun = draw(
        (
            *of_kind("vehicle", "device"),
            *nouns("dog,cat,guitar,violin,piano,map,umbrella,dictionary,pen,key"),
        )
    )

    return sentence(
        Phrase(
            f"{subject.do} {subject.en} have {with_article(noun.en)}",
            f"{subject.zh}有{noun.zh}吗",
            flatten(subject.tags, (noun.tag, f"combination:have+{noun.en}")),
        ),
        "verb:have",
        "tense:present",
        *MA,
        end="?",
    )


@drawn("right", 200)
def _right(draw: Draw) -> Pair:
    """Ask to confirm a guess: "You like swimming, right?" 你喜欢游泳，对不对."""
    subject = asked(draw)
    action = draw(activities.PLEASURES)
    return sentence(
        Phrase(
            f"{subject.en} {subject.agree('like', 'likes')} {action.ing}, right",
            f"{subject.zh}喜欢{action.zh}，对不对",
            flatten(subject.tags, action.tags),
        ),
        "verb:like",
        "question",
        "question:a-not-a",
        "tense:present",
        end="?",
    )
