"""Questions with wh-words, which stay in place in Chinese, and 是…的 for the circumstances of what happened."""

from __future__ import annotations

from companion.corpora.corpus import Pair

from . import activities
from .circumstances import CITIES, IN_TOWN, PAST_DAY, PLACES, to_city
from .english import ing_form, plural, possessive
from .nouns import NOUNS, demonstrative, nouns, of_kind
from .people import NAMES, POSSESSIVES, YOU, YOUR_RELATIVES, Person, asked
from .phrase import Draw, Phrase, drawn, flatten, sentence
from .questions import MA
from .verbs import BY_MODE, VERBS, predicate, with_definite, with_generic


def _wh(word: str) -> tuple[str, ...]:
    return ("question", "question:wh", f"question:{word}")


_WHAT = tuple(
    verb
    for verb in VERBS
    if "prog" in verb.modes and verb.en not in ("answer", "copy", "listen to")
)


@drawn("what-doing", 250)
def _what_doing(draw: Draw) -> Pair:
    """Say "What is Anna reading?" 安娜在读什么？ / "What did you buy yesterday?" 你昨天买了什么."""
    subject = asked(draw)
    if draw.chance(45):
        verb = draw(_WHAT)
        ing = ing_form(verb.en)
        return sentence(
            Phrase(
                f"what {subject.be} {subject.en} {ing}",
                f"{subject.zh}在{verb.zh}什么",
                (*subject.tags, verb.tag),
            ),
            "aspect:progressive",
            "tense:present",
            *_wh("what"),
            end="?",
        )
    verb, time = draw(BY_MODE["past"]), draw(PAST_DAY)
    if verb.en in ("answer", "copy", "listen to"):
        return _what_doing(draw)
    return sentence(
        Phrase(
            f"what did {subject.en} {verb.en} {time.en}",
            f"{subject.zh}{time.zh}{verb.zh}了什么",
            (*subject.tags, verb.tag, *time.tags),
        ),
        "aspect:le",
        "tense:past",
        *_wh("what"),
        end="?",
    )


@drawn("who", 350)
def _who(draw: Draw) -> Pair:
    """Say "Who is singing in the park?" 谁在公园里唱歌？ / "Who bought this book?" 谁买了这本书."""
    kind = draw.below(3)
    if kind == 0:
        action = activities.ongoing(draw).placed(draw, 60)
        zh = f"谁正{action.zh}" if action.zh_place else f"谁在{action.zh}"
        return sentence(
            Phrase(f"who is {action.ing}{action.en_place}", zh, action.tags),
            "aspect:progressive",
            "tense:present",
            *_wh("who"),
            end="?",
        )
    if kind == 1:
        action = with_definite(draw, "just")
        return sentence(
            Phrase(f"who {action.past}", f"谁{action.aspect('了')}", action.tags),
            "aspect:le",
            "tense:past",
            *_wh("who"),
            end="?",
        )
    action = draw(activities.SKILLS)
    return sentence(
        Phrase(f"who can {action.base}", f"谁会{action.zh}", action.tags),
        "modal:hui",
        *_wh("who"),
        end="?",
    )


@drawn("where", 400)
def _where(draw: Draw) -> Pair:
    """Say "Where does she work?" 她在哪里工作？ / "Where did you buy this book?" 这本书你是在哪里买的."""
    subject = asked(draw)
    kind = draw.below(3)
    if kind == 0:
        action = draw(tuple(action for action in activities.HABITS if action.where))
        often = draw.chance(60)
        return sentence(
            Phrase(
                f"where {subject.do} {subject.en} {'usually ' if often else ''}{action.base}",
                f"{subject.zh}{'通常' if often else ''}在哪里{action.zh}",
                flatten(subject.tags, action.tags),
            ),
            "tense:present",
            *_wh("where"),
            end="?",
        )
    if kind == 1:
        verb = draw(
            tuple(verb for verb in VERBS if verb.en in ("buy", "find", "borrow", "see"))
        )
        noun = draw(
            tuple(noun for noun in verb.objects if noun.kind not in ("food", "drink"))
        )
        thing = demonstrative(draw, noun)
        action = predicate(verb, thing, noun)
        return sentence(
            Phrase(
                f"where did {subject.en} {action.base}",
                f"{thing.zh}{subject.zh}是在哪里{verb.zh}的",
                flatten(subject.tags, action.tags),
            ),
            "tense:past",
            "shi-de",
            *_wh("where"),
            end="?",
        )
    owner = subject
    noun = draw(
        nouns(
            "key,umbrella,phone,camera,bicycle,car,coat,hat,scarf,dictionary,computer,watch,guitar,suitcase"
        )
    )

    en_owner, zh_owner = (
        POSSESSIVES[owner.en]
        if owner.en in POSSESSIVES
        else (possessive(owner.en), owner.zh)
    )
    return sentence(
        Phrase(
            f"where is {en_owner} {noun.en}",
            f"{zh_owner}的{noun.zh}在哪里",
            (*owner.tags, noun.tag),
        ),
        "possession",
        "tense:present",
        *_wh("where"),
        end="?",
    )


@drawn("when", 350)
def _when(draw: Draw) -> Pair:
    """Say "When did you arrive in Beijing?" 你是什么时候到北京的？ / "When are you going to ...?" 你什么时候去…."""
    subject = asked(draw)
    kind = draw.below(3)
    if kind == 0:
        city = draw(CITIES)
        en, zh = draw((("go to", "去"), ("arrive in", "到"), ("leave", "离开")))
        return sentence(
            Phrase(
                f"when did {subject.en} {en} {city.en}",
                f"{subject.zh}是什么时候{zh}{city.zh}的",
                flatten(subject.tags, city.tags),
            ),
            "tense:past",
            "shi-de",
            *_wh("when"),
            end="?",
        )
    if kind == 1:
        city = draw(CITIES)
        return sentence(
            Phrase(
                f"when {subject.be} {subject.en} going to go to {city.en}",
                f"{subject.zh}什么时候去{city.zh}",
                flatten(subject.tags, city.tags),
            ),
            "tense:future",
            "verb:go",
            *_wh("when"),
            end="?",
        )
    en, zh = draw(
        (
            ("get up", "起床"),
            ("go to bed", "睡觉"),
            ("go to work", "去上班"),
            ("eat breakfast", "吃早饭"),
            ("eat dinner", "吃晚饭"),
            ("come home", "回家"),
            ("do homework", "做作业"),
            ("exercise", "锻炼"),
        )
    )
    return sentence(
        Phrase(
            f"when {subject.do} {subject.en} usually {en}",
            f"{subject.zh}通常什么时候{zh}",
            subject.tags,
        ),
        "tense:present",
        "aspect:habitual",
        *_wh("when"),
        end="?",
    )


@drawn("why", 500)
def _why(draw: Draw) -> Pair:
    """Say "Why did you not come yesterday?" 你昨天为什么没来？ / "Why do you like swimming?" 你为什么喜欢游泳."""
    subject = asked(draw)
    kind = draw.below(4)
    if kind == 0:
        action = draw(activities.PLEASURES) if draw.chance(50) else with_generic(draw)
        tags = flatten(subject.tags, action.tags, ("tense:present", *_wh("why")))
        if draw.chance(40):
            return sentence(
                Phrase(
                    f"why {subject.do} {subject.en} not like {action.ing}",
                    f"{subject.zh}为什么不喜欢{action.zh}",
                    tags,
                ),
                "negation",
                "negation:bu",
                end="?",
            )
        return sentence(
            Phrase(
                f"why {subject.do} {subject.en} like {action.ing}",
                f"{subject.zh}为什么喜欢{action.zh}",
                tags,
            ),
            end="?",
        )
    if kind == 1:
        en, zh = draw(
            (
                ("come", "来"),
                ("come to class", "来上课"),
                ("go to work", "去上班"),
                ("call me", "给我打电话"),
                ("do homework", "做作业"),
                ("eat breakfast", "吃早饭"),
                ("wait for me", "等我"),
            )
        )
        time = draw(PAST_DAY[:4] + PAST_DAY[4:5])
        if "breakfast" in en:
            time = PAST_DAY[0]
        return sentence(
            Phrase(
                f"why did {subject.en} not {en} {time.en}",
                f"{subject.zh}{time.zh}为什么没{zh}",
                (*subject.tags, *time.tags),
            ),
            "tense:past",
            "negation",
            "negation:mei",
            *_wh("why"),
            end="?",
        )
    if kind == 2:
        city = draw(CITIES)
        return sentence(
            Phrase(
                f"why {subject.do} {subject.en} want to go to {city.en}",
                f"{subject.zh}为什么想去{city.zh}",
                (*subject.tags, *city.tags),
            ),
            "modal:want",
            "verb:go",
            *_wh("why"),
            end="?",
        )
    action = with_definite(draw, "will")
    return sentence(
        Phrase(
            f"why {subject.do} {subject.en} want to {action.base}",
            f"{subject.zh}为什么想{action.zh}",
            (*subject.tags, *action.tags),
        ),
        "modal:want",
        *_wh("why"),
        end="?",
    )


@drawn("how-travel", 350)
def _how(draw: Draw) -> Pair:
    """Say "How does Tom usually go to school?" 汤姆通常怎么去学校？ / "How did she go to Paris?" 她是怎么去巴黎的."""
    subject = asked(draw)
    if draw.chance(50):
        city = draw(CITIES)
        if draw.chance(50):
            vehicle = to_city(draw, city)
            return sentence(
                Phrase(
                    f"did {subject.en} go to {city.en} {vehicle.en}",
                    f"{subject.zh}是{vehicle.zh}去{city.zh}的吗",
                    flatten(subject.tags, city.tags, vehicle.tags),
                ),
                "tense:past",
                "shi-de",
                "verb:go",
                *MA,
                end="?",
            )
        return sentence(
            Phrase(
                f"how did {subject.en} go to {city.en}",
                f"{subject.zh}是怎么去{city.zh}的",
                flatten(subject.tags, city.tags),
            ),
            "tense:past",
            "shi-de",
            "verb:go",
            *_wh("how"),
            end="?",
        )
    place = draw(_TOWN)
    if draw.chance(40):
        vehicle = draw(IN_TOWN)
        return sentence(
            Phrase(
                f"{subject.do} {subject.en} usually go to {place.definite} {vehicle.en}",
                f"{subject.zh}通常{vehicle.zh}去{place.zh}吗",
                (*subject.tags, place.tag, *vehicle.tags),
            ),
            "tense:present",
            "verb:go",
            *MA,
            end="?",
        )
    return sentence(
        Phrase(
            f"how {subject.do} {subject.en} usually go to {place.definite}",
            f"{subject.zh}通常怎么去{place.zh}",
            (*subject.tags, place.tag),
        ),
        "tense:present",
        "verb:go",
        *_wh("how"),
        end="?",
    )


_TOWN = tuple(
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
        "gym",
        "market",
    ]
)


@drawn("how-many", 400)
def _how_many(draw: Draw) -> Pair:
    """Say "How many books did you buy yesterday?" 你昨天买了几本书？: 几 throughout, for small numbers."""
    subject = asked(draw)
    if draw.chance(25):
        en, zh = draw(
            (
                ("sons", "儿子"),
                ("daughters", "女儿"),
                ("children", "孩子"),
                ("older brothers", "哥哥"),
                ("younger sisters", "妹妹"),
                ("older sisters", "姐姐"),
                ("younger brothers", "弟弟"),
            )
        )
        return sentence(
            Phrase(
                f"how many {en} {subject.do} {subject.en} have",
                f"{subject.zh}有几个{zh}",
                subject.tags,
            ),
            "verb:have",
            "measure-word",
            "tense:present",
            *_wh("how-many"),
            end="?",
        )
    verb = draw(
        tuple(
            verb
            for verb in BY_MODE["past"]
            if verb.en
            not in ("find", "look for", "use", "design", "train", "test", "write")
        )
    )
    noun = draw(
        tuple(noun for noun in verb.objects if noun.container not in ("piece", "slice"))
    )
    time = draw(PAST_DAY)
    things = (
        f"{plural(noun.container)} of {noun.en}" if noun.container else plural(noun.en)
    )
    return sentence(
        Phrase(
            f"how many {things} did {subject.en} {verb.en} {time.en}",
            f"{subject.zh}{time.zh}{verb.zh}了几{noun.measure}{noun.zh}",
            flatten(
                subject.tags,
                (verb.tag, noun.tag, f"combination:{verb.en}+{noun.en}"),
                time.tags,
            ),
        ),
        "tense:past",
        "aspect:le",
        "measure-word",
        *_wh("how-many"),
        end="?",
    )


@drawn("which", 250)
def _which(draw: Draw) -> Pair:
    """Say "Which book do you want to buy?" 你想买哪本书."""
    subject = asked(draw)
    verb = draw(BY_MODE["want"])
    noun = draw(
        tuple(noun for noun in verb.objects if not noun.container) or (NOUNS["book"],)
    )
    if noun not in verb.objects:
        return _which(draw)
    return sentence(
        Phrase(
            f"which {noun.en} {subject.do} {subject.en} want to {verb.en}",
            f"{subject.zh}想{verb.zh}哪{noun.measure}{noun.zh}",
            (*subject.tags, verb.tag, noun.tag, f"combination:{verb.en}+{noun.en}"),
        ),
        "modal:want",
        "measure-word",
        *_wh("which"),
        end="?",
    )


@drawn("how-much", 80)
def _how_much(draw: Draw) -> Pair:
    """Say "How much is this shirt?" 这件衬衫多少钱."""
    noun = draw(
        (
            *of_kind(
                "clothing", "accessory", "vehicle", "device", "furniture", "drink"
            ),
            *nouns(
                "book,novel,dictionary,umbrella,map,ticket,pen,bag,cup,knife,toy,suitcase,guitar,piano,cake"
            ),
        )
    )
    thing = demonstrative(draw, noun, plurals=False)
    return sentence(
        Phrase(f"how much is {thing.en}", f"{thing.zh}多少钱", thing.tags),
        "price",
        *_wh("how-much"),
        end="?",
    )


@drawn("how-old", 40)
def _how_old(draw: Draw) -> Pair:
    """Say "How old is your daughter?" 你女儿多大."""
    subject: Person = draw((YOU, *YOUR_RELATIVES, *NAMES))
    return sentence(
        Phrase(f"how old {subject.be} {subject.en}", f"{subject.zh}多大", subject.tags),
        "age",
        "tense:present",
        *_wh("how-old"),
        end="?",
    )
