"""When and where: time expressions by tense, places, cities, durations, ways to travel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import no_type_check

from .chinese import counted, numeral
from .english import cardinal
from .phrase import Draw, Phrase


def _times(tag: str, rows: str) -> tuple[Phrase, ...]:
    pairs = (row.strip().split("|") for row in rows.split("\n") if row.strip())
    return tuple(Phrase(en, zh, ("time", f"time:{tag}")) for en, zh in pairs)


_WEEKDAYS = (
    "Monday 一",
    "Tuesday 二",
    "Wednesday 三",
    "Thursday 四",
    "Friday 五",
    "Saturday 六",
    "Sunday 日",
)
WEEKDAYS = tuple(Phrase(day.split()[0], "星期" + day.split()[1]) for day in _WEEKDAYS)

PAST_DAY = _times(
    "past",
    """
    yesterday|昨天
    yesterday afternoon|昨天下午
    yesterday morning|昨天上午
    last night|昨天晚上
    the day before yesterday|前天
    this morning|今天早上
    last weekend|上个周末
    two days ago|两天前
    three days ago|三天前
    """,
) + tuple(
    Phrase(f"last {day.en}", f"上个{day.zh}", ("time", "time:past")) for day in WEEKDAYS
)
PAST_LONG = _times(
    "past",
    """
    last week|上个星期
    last month|上个月
    last year|去年
    two weeks ago|两个星期前
    three months ago|三个月前
    """,
)
# What is drunk or eaten is not remembered for long.
PAST_RECENT = (*PAST_DAY[:4], PAST_DAY[5])
PAST = PAST_DAY + PAST_LONG[:2] + PAST_LONG[3:4]
FUTURE_DAY = _times(
    "future",
    """
    tomorrow|明天
    tomorrow morning|明天上午
    tomorrow afternoon|明天下午
    tomorrow evening|明天晚上
    tonight|今天晚上
    the day after tomorrow|后天
    this weekend|这个周末
    """,
) + tuple(
    Phrase(f"next {day.en}", f"下个{day.zh}", ("time", "time:future"))
    for day in WEEKDAYS
)
FUTURE = FUTURE_DAY + _times(
    "future",
    """
    next week|下个星期
    next month|下个月
    """,
)
HABIT = _times(
    "habit",
    """
    every day|每天
    every morning|每天早上
    every afternoon|每天下午
    every evening|每天晚上
    every weekend|每个周末
    """,
) + tuple(
    Phrase(f"every {day.en}", f"每个{day.zh}", ("time", "time:habit"))
    for day in WEEKDAYS
)
FREQUENCY = tuple(
    Phrase(en, zh, ("adverb", f"adverb:{en}"))
    for en, zh in (
        ("often", "经常"),
        ("usually", "通常"),
        ("sometimes", "有时候"),
        ("always", "总是"),
    )
)


@no_type_check  # made or asked a million times
@dataclass(frozen=True, slots=True)
class Place:
    """A place: its name (the park), the phrase that says where (in the park), and the Chinese for both."""

    en: str
    where: str
    zh: str
    zh_where: str

    @property
    def tag(self) -> str:
        """The lexical tag, e.g. ``place:park``."""
        return f"place:{self.en}"

    @property
    def definite(self) -> str:
        """The English name with its article."""
        return f"the {self.en}"

    def phrase(self) -> Phrase:
        """Give the place as an adverbial; the Chinese is without 在."""
        return Phrase(self.where, self.zh_where, (self.tag, "place"))


# name | preposition | Chinese | localizer
_PLACES = """
    library|in|图书馆|
    park|in|公园|里
    school|at|学校|
    office|in|办公室|里
    classroom|in|教室|里
    kitchen|in|厨房|里
    café|at|咖啡馆|
    restaurant|at|餐厅|
    supermarket|at|超市|
    bookstore|at|书店|
    hospital|at|医院|
    museum|at|博物馆|
    station|at|车站|
    airport|at|机场|
    garden|in|花园|里
    living room|in|客厅|里
    bedroom|in|卧室|里
    lab|in|实验室|里
    cinema|at|电影院|
    zoo|at|动物园|
    gym|at|健身房|
    market|at|市场|
    swimming pool|in|游泳池|里
    beach|on|海滩|上
    hotel|in|酒店|里
    bank|at|银行|
    post office|at|邮局|
"""


def _place(row: str) -> Place:
    en, preposition, zh, localizer = row.strip().split("|")
    article = "" if en == "school" else "the "
    return Place(en, f"{preposition} {article}{en}", zh, zh + localizer)


PLACES = {
    place.en: place
    for place in (_place(row) for row in _PLACES.split("\n") if row.strip())
}
PLACES["home"] = Place("home", "at home", "家", "家")


def places(names: str) -> tuple[Place, ...]:
    """Look up several places by their English names, separated by commas."""
    return tuple(PLACES[name.strip()] for name in names.split(",")) if names else ()


_CITIES = (
    "Beijing 北京,Shanghai 上海,Guangzhou 广州,Hong Kong 香港,Xi'an 西安,Chengdu 成都,Tokyo 东京,Paris 巴黎,"
    "London 伦敦,New York 纽约,Berlin 柏林,Rome 罗马,Madrid 马德里,Moscow 莫斯科,Sydney 悉尼,Toronto 多伦多,"
    "Vienna 维也纳,Boston 波士顿,Singapore 新加坡,Chicago 芝加哥"
)
CITIES = tuple(
    Phrase(en, zh, (f"city:{en}",))
    for en, _, zh in (row.rpartition(" ") for row in _CITIES.split(","))
)

VEHICLES = tuple(
    Phrase(f"by {en}", f"坐{zh}", ("transport", f"transport:{en}"))
    for en, zh in (
        ("train", "火车"),
        ("bus", "公交车"),
        ("plane", "飞机"),
        ("taxi", "出租车"),
        ("subway", "地铁"),
    )
)
LONG_DISTANCE = (VEHICLES[0], VEHICLES[2])
IN_TOWN = (VEHICLES[1], *VEHICLES[3:])


def hours(draw: Draw, most: int = 6) -> Phrase:
    """Draw a duration in hours or minutes: "for two hours" and 两个小时."""
    if draw.chance(25):
        minutes = draw((10, 20, 30, 40, 50))
        return Phrase(
            f"for {cardinal(minutes)} minutes", f"{numeral(minutes)}分钟", ("duration",)
        )
    number = 1 + draw.below(most)
    en = "an hour" if number == 1 else f"{cardinal(number)} hours"
    return Phrase(f"for {en}", counted(number, "个小时"), ("duration",))


def to_city(draw: Draw, city: Phrase) -> Phrase:
    """Draw how one travels to a city: within the country by train or plane, abroad by plane."""
    return (
        draw(LONG_DISTANCE)
        if city in CITIES[:6] and city.en != "Hong Kong"
        else LONG_DISTANCE[1]
    )
