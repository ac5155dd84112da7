"""Activities: what people do without a counted object (swim, watch TV, learn Chinese, do homework)."""

from __future__ import annotations

from .circumstances import FUTURE, FUTURE_DAY, PAST, PAST_DAY, PAST_RECENT, places
from .english import ing_form
from .phrase import Draw, Phrase
from .verbs import Predicate, with_definite, with_generic, with_indefinite

# English | past | participle | Chinese verb | Chinese object | marks | places
# Marks: h habit, p progressive, d past with a duration, b bare past with 了, s a skill, l can be liked, f future.
_TABLE = """
    swim|swam|swum|游|泳|hpdsl|swimming pool
    run|ran|run|跑|步|hpdl|park,gym
    sing|sang|sung|唱|歌|hpdsl|park,home
    dance|danced|danced|跳|舞|hpdsl|park,home
    work|worked|worked|工作||hpdf|home,office,café,library
    study|studied|studied|学习||hpdlf|home,library,school,café
    rest|rested|rested|休息||pd|home
    play football|played football|played football|踢|足球|hpdbslf|park,school
    play basketball|played basketball|played basketball|打|篮球|hpdbslf|park,school,gym
    play tennis|played tennis|played tennis|打|网球|hpdbslf|park,school
    play chess|played chess|played chess|下|棋|hpdslf|park,home
    play the piano|played the piano|played the piano|弹|钢琴|hpdbsl|home,living room
    play the guitar|played the guitar|played the guitar|弹|吉他|hpdbsl|home,park,living room
    play the violin|played the violin|played the violin|拉|小提琴|hpdbsl|home,living room
    play computer games|played computer games|played computer games|玩|电脑游戏|hpdbl|home
    watch TV|watched TV|watched TV|看|电视|hpdbl|home,living room
    listen to music|listened to music|listened to music|听|音乐|hpdl|home,café,park
    cook|cooked|cooked|做|饭|hpslf|home,kitchen
    drive|drove|driven|开|车|sl|
    ride a bicycle|rode a bicycle|ridden a bicycle|骑|自行车|s|
    speak Chinese|spoke Chinese|spoken Chinese|说|中文|s|
    speak English|spoke English|spoken English|说|英语|s|
    speak French|spoke French|spoken French|说|法语|s|
    speak German|spoke German|spoken German|说|德语|s|
    speak Japanese|spoke Japanese|spoken Japanese|说|日语|s|
    study Chinese|studied Chinese|studied Chinese|学|中文|pdf|home,school,library
    study French|studied French|studied French|学|法语|pdf|home,school
    study German|studied German|studied German|学|德语|pdf|home,school
    study Japanese|studied Japanese|studied Japanese|学|日语|pdf|home,school
    study mathematics|studied mathematics|studied mathematics|学|数学|pd|home,school
    practice English|practiced English|practiced English|练习|英语|hpdf|home,school,library
    program|programmed|programmed|编程||hpsl|home,office,library
    paint|painted|painted|画|画|hpdslf|home,park,garden
    take a walk|took a walk|taken a walk|散|步|hpbf|park,garden
    exercise|exercised|exercised|锻炼||hpdlf|gym,park,home
    do homework|did homework|done homework|做|作业|hpdf|home,library,classroom
    take photos|took photos|taken photos|拍|照|hpdl|park,garden,beach
    wash clothes|washed clothes|washed clothes|洗|衣服|hpbf|home
    clean the room|cleaned the room|cleaned the room|打扫|房间|pbf|
    chat with friends|chatted with friends|chatted with friends|跟朋友聊|天|hpl|café,park,home
    wait for the bus|waited for the bus|waited for the bus|等|公交车|p|
    wait for a taxi|waited for a taxi|waited for a taxi|等|出租车|p|
    eat breakfast|ate breakfast|eaten breakfast|吃|早饭|p|home,kitchen
    eat dinner|ate dinner|eaten dinner|吃|晚饭|p|home,restaurant
    make dinner|made dinner|made dinner|做|晚饭|p|home,kitchen
    make dumplings|made dumplings|made dumplings|包|饺子|psbf|home,kitchen
    travel|traveled|traveled|旅行||l|
    read aloud|read aloud|read aloud|朗读||p|classroom
"""


def _read_table() -> tuple[tuple[str, Predicate], ...]:
    rows = []
    for row in _TABLE.split("\n"):
        if row.strip():
            base, past, participle, verb, thing, marks, where = row.strip().split("|")
            activity = Predicate(
                base,
                past,
                participle,
                ing_form(base),
                verb,
                thing,
                places(where),
                (f"activity:{base}",),
            )
            rows.append((marks, activity))
    return tuple(rows)


_ACTIVITIES = _read_table()
ACTIVITY = {activity.base: activity for _, activity in _ACTIVITIES}


def _marked(mark: str) -> tuple[Predicate, ...]:
    return tuple(activity for marks, activity in _ACTIVITIES if mark in marks)


HABITS = _marked("h")
ONGOING = _marked("p")
LASTING = _marked("d")
BARE_PAST = _marked("b")
SKILLS = _marked("s")
PLEASURES = _marked("l")
PLANS = _marked("f")


def habit(draw: Draw) -> Predicate:
    """Draw what someone does regularly."""
    return draw(HABITS) if draw.chance(50) else with_generic(draw)


def ongoing(draw: Draw) -> Predicate:
    """Draw what someone is doing."""
    if draw.chance(35):
        return draw(ONGOING)
    return (
        with_indefinite(draw, "prog", most=1)
        if draw.chance(70)
        else with_definite(draw, "prog")
    )


def plan(draw: Draw) -> tuple[Predicate, Phrase]:
    """Draw what someone is going to do, and when: an activity has a day, a piece of work may take longer."""
    if draw.chance(30):
        return draw(PLANS), draw(FUTURE_DAY)
    action = (
        with_indefinite(draw, "will")
        if draw.chance(65)
        else with_definite(draw, "will")
    )
    return action, draw(FUTURE)


def past_time(draw: Draw, action: Predicate) -> Phrase:
    """Draw when something was done; what is eaten or drunk was so of late."""
    if {"verb:eat", "verb:drink"} & set(action.tags):
        return draw(PAST_RECENT)
    return draw(PAST_DAY if action.tags[0].startswith("activity:") else PAST)
