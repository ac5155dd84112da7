"""States and relations: liking, knowing, wearing, having, doing something well."""

from __future__ import annotations

from . import activities
from .chinese import counted
from .circumstances import FUTURE, PAST_DAY
from .english import cardinal, plural, third_person, with_article
from .nouns import counted_noun, indefinite, nouns, of_kind, qualities
from .people import NAMES, Person, other, statement
from .phrase import Draw, Phrase, flatten
from .verbs import with_generic


@statement("likes", 650)
def likes(draw: Draw, subject: Person) -> Phrase:
    """Say "I like swimming." 我喜欢游泳。 / "I love programming." 我爱编程。 / "He does not like ..." 他不喜欢…."""
    action = draw(activities.PLEASURES) if draw.chance(55) else with_generic(draw)
    how = draw.below(4)
    more: tuple[str, ...]
    tags = flatten(subject.tags, action.tags, ("tense:present", "preference"))
    if how == 0:
        en, zh, more = (
            f"{subject.agree('love', 'loves')} {action.ing}",
            "爱",
            ("verb:love",),
        )
    elif how == 1:
        en, zh = f"{subject.do} not like {action.ing}", "不喜欢"
        more = ("verb:like", "negation", "negation:bu")
    elif how == 2:
        en, zh, more = (
            f"{subject.agree('like', 'likes')} {action.ing} very much",
            "很喜欢",
            ("verb:like",),
        )
    else:
        en, zh, more = (
            f"{subject.agree('like', 'likes')} {action.ing}",
            "喜欢",
            ("verb:like",),
        )
    return Phrase(f"{subject.en} {en}", f"{subject.zh}{zh}{action.zh}", tags + more)


# English base, past, what follows the person | Chinese before the person, after it, after it in the past | planned?
_WITH_PEOPLE = (
    ("help", "helped", "", "帮助", "", "", True),
    ("call", "called", "", "给", "打电话", "打了电话", True),
    ("wait for", "waited for", " at the station", "在车站等", "", "", True),
    ("visit", "visited", "", "看望", "", "", True),
    ("invite", "invited", " to dinner", "请", "吃晚饭", "吃了晚饭", True),
    ("write to", "wrote to", "", "给", "写信", "写了信", True),
    ("meet", "met", " in the park", "在公园里遇到", "", "", False),
    ("thank", "thanked", "", "感谢", "", "", False),
)


def _object_tags(who: Person) -> tuple[str, ...]:
    """Tag an object pronoun apart from a subject: it is another word form."""
    return tuple(
        f"object-{tag}" if tag.startswith("pronoun:") else tag for tag in who.tags
    )


@statement("with-person", 650)
def with_person(draw: Draw, subject: Person) -> Phrase:
    """Say "I called my mother last night." 我昨天晚上给我妈妈打了电话。 and "will call" 会给…打电话."""
    base, past, rest, before, after, after_past, planned = draw(_WITH_PEOPLE)
    who = other(draw, subject)
    tags = (f"verb:{base}", *subject.tags, *_object_tags(who))
    whom = who.en_object + rest
    if planned and draw.chance(50):
        time = draw(FUTURE)
        return Phrase(
            f"{subject.en} will {base} {whom} {time.en}",
            f"{subject.zh}{time.zh}会{before}{who.zh}{after}",
            (*tags, *time.tags, "tense:future", "modal:hui"),
        )
    time = draw(PAST_DAY)
    if draw.chance(25):
        return Phrase(
            f"{subject.en} did not {base} {whom} {time.en}",
            f"{subject.zh}{time.zh}没{before}{who.zh}{after}",
            (*tags, *time.tags, "tense:past", "negation", "negation:mei"),
        )
    zh_past = f"{before}{who.zh}{after_past}" if after else f"{before}了{who.zh}"
    return Phrase(
        f"{subject.en} {past} {whom} {time.en}",
        f"{subject.zh}{time.zh}{zh_past}",
        (*tags, *time.tags, "tense:past", "aspect:le"),
    )


# States of mind: no aspect in Chinese, no progressive in English.
_STATES = (
    ("know", "knows", "认识"),
    ("trust", "trusts", "相信"),
    ("understand", "understands", "理解"),
    ("miss", "misses", "想念"),
)


@statement("feels-about", 350)
def feels_about(draw: Draw, subject: Person) -> Phrase:
    """Say "She misses her mother very much." 她很想念… / "I do not know him." 我不认识他."""
    who = other(draw, subject)
    base, third, zh = draw(_STATES)
    tags = (f"verb:{base}", *subject.tags, *_object_tags(who), "tense:present")
    if base == "miss":
        return Phrase(
            f"{subject.en} {subject.agree(base, third)} {who.en_object} very much",
            f"{subject.zh}很{zh}{who.zh}",
            tags,
        )
    related = {tag for tag in who.tags if tag.startswith("relation:")}
    if base == "know" and related:
        base, third, zh = _STATES[1]
        tags = ("verb:trust", *tags[1:])
    if draw.chance(40):
        return Phrase(
            f"{subject.en} {subject.do} not {base} {who.en_object}",
            f"{subject.zh}不{zh}{who.zh}",
            (*tags, "negation", "negation:bu"),
        )
    return Phrase(
        f"{subject.en} {subject.agree(base, third)} {who.en_object}",
        f"{subject.zh}{zh}{who.zh}",
        tags,
    )


@statement("wears", 450)
def wears(draw: Draw, subject: Person) -> Phrase:
    """Say "She is wearing a red skirt today." 她今天穿着一条红色的裙子."""
    noun = draw(of_kind("clothing", "accessory"))
    if subject.agreement == "p":
        subject = draw(NAMES)
    thing = counted_noun(1, noun, draw(qualities(noun)))
    verb = "穿" if noun.kind == "clothing" else "戴"
    return Phrase(
        f"{subject.en} {subject.be} wearing {thing.en} today",
        f"{subject.zh}今天{verb}着{thing.zh}",
        flatten(
            subject.tags,
            thing.tags,
            (
                f"combination:wear+{noun.en}",
                "verb:wear",
                "aspect:zhe",
                "tense:present",
                "time",
            ),
        ),
    )


@statement("has", 450)
def has(draw: Draw, subject: Person) -> Phrase:
    """Say "He has two older brothers." 他有两个哥哥。 / "I do not have a car." 我没有汽车."""
    noun = draw(
        (
            *of_kind("vehicle", "device"),
            *nouns(
                "dog,cat,rabbit,bird,guitar,violin,piano,map,umbrella,dictionary,house"
            ),
        )
    )
    tags = (*subject.tags, "verb:have", "tense:present", f"combination:have+{noun.en}")
    if draw.chance(40):
        en = f"{subject.en} {subject.do} not have {with_article(noun.en)}"
        return Phrase(
            en,
            f"{subject.zh}没有{noun.zh}",
            (*tags, noun.tag, "negation", "negation:mei"),
        )
    thing = indefinite(draw, noun, 3)
    return Phrase(
        f"{subject.en} {subject.agree('have', 'has')} {thing.en}",
        f"{subject.zh}有{thing.zh}",
        (*tags, *thing.tags),
    )


@statement("has-people", 180)
def has_people(draw: Draw, subject: Person) -> Phrase:
    """Say "My teacher has two daughters." 我的老师有两个女儿."""
    en, zh = draw(
        (
            ("son", "儿子"),
            ("daughter", "女儿"),
            ("older brother", "哥哥"),
            ("older sister", "姐姐"),
            ("younger brother", "弟弟"),
            ("younger sister", "妹妹"),
            ("child", "孩子"),
        )
    )
    number = 1 + draw.below(3)
    thing = with_article(en) if number == 1 else f"{cardinal(number)} {plural(en)}"
    return Phrase(
        f"{subject.en} {subject.agree('have', 'has')} {thing}",
        f"{subject.zh}有{counted(number, '个')}{zh}",
        (*subject.tags, "verb:have", f"relation:{en}", "measure-word", "tense:present"),
    )


@statement("does-well", 400)
def does_well(draw: Draw, subject: Person) -> Phrase:
    """Say "She speaks Chinese very well." 她中文说得很好."""
    action = draw(
        tuple(
            action
            for action in activities.SKILLS
            if action.object and action.base not in _NO_OBJECT
        )
    )
    if draw.chance(35):
        base, zh, degree = draw(
            (
                ("run", "跑", "fast 快"),
                ("swim", "游", "fast 快"),
                ("drive", "开车开", "slowly 慢"),
                ("walk", "走", "fast 快"),
                ("walk", "走", "slowly 慢"),
                ("speak", "说", "slowly 慢"),
                ("eat", "吃", "fast 快"),
                ("get up", "起", "early 早"),
                ("get up", "起", "late 晚"),
                ("go to bed", "睡", "late 晚"),
                ("go to bed", "睡", "early 早"),
            )
        )
        en_degree, zh_degree = degree.split()
        return Phrase(
            f"{subject.en} {subject.agree(base, third_person(base))} very {en_degree}",
            f"{subject.zh}{zh}得很{zh_degree}",
            (*subject.tags, "complement:de", "tense:present", f"verb:{base}"),
        )
    tags = (*subject.tags, *action.tags, "complement:de", "tense:present")
    topic = f"{subject.zh}{action.object}{action.verb}得"
    if draw.chance(50):
        return Phrase(
            f"{subject.en} {subject.do} not {action.base} well",
            f"{topic}不好",
            (*tags, "negation", "negation:bu"),
        )
    return Phrase(
        f"{subject.en} {action.present(subject)} very well", f"{topic}很好", tags
    )


_NO_OBJECT = frozenset(
    {
        "swim",
        "dance",
        "cook",
        "drive",
        "ride a bicycle",
        "paint",
        "sing",
        "make dumplings",
    }
)
