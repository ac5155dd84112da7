"""Closed patterns that are listed in full: phrases, weather, dates, clock times, and the language of the field."""

from __future__ import annotations

from collections.abc import Iterator

from companion.corpora.corpus import Pair

from .chinese import clock, counted, numeral
from .circumstances import CITIES, WEEKDAYS
from .english import cardinal
from .people import MY_RELATIVES, NAMES
from .phrase import Phrase, listed, sentence

# One pair a line. The sentences that no rule makes: greetings, thanks, travel, classroom, the field itself.
_PHRASES = """
    Hello!|你好！
    Good morning!|早上好！
    Good evening!|晚上好！
    Good night!|晚安！
    Goodbye!|再见！
    See you tomorrow!|明天见！
    See you next week!|下个星期见！
    Thank you!|谢谢你！
    Thank you very much!|非常感谢！
    You are welcome.|不客气。
    I am sorry.|对不起。
    It does not matter.|没关系。
    Excuse me, where is the station?|请问，车站在哪里？
    Nice to meet you.|很高兴认识你。
    How are you?|你好吗？
    I am fine.|我很好。
    What is your name?|你叫什么名字？
    Where are you from?|你是哪里人？
    Welcome to Beijing!|欢迎来北京！
    Happy birthday!|生日快乐！
    Happy New Year!|新年快乐！
    Congratulations!|恭喜！
    Good luck!|祝你好运！
    Have a good trip!|一路平安！
    Please come in.|请进。
    Please sit down.|请坐。
    Please wait a moment.|请等一下。
    Please speak slowly.|请慢慢说。
    Please say it again.|请再说一遍。
    I do not understand.|我不明白。
    I understand.|我明白了。
    I know.|我知道。
    I do not know.|我不知道。
    Of course.|当然。
    No problem.|没问题。
    Let's go.|我们走吧。
    Be careful!|小心！
    Do not worry.|别担心。
    Do not be late.|别迟到。
    Do not forget.|别忘了。
    Do not be afraid.|别害怕。
    Hurry up!|快点儿！
    It is too late.|太晚了。
    What is this?|这是什么？
    What is that?|那是什么？
    Who is it?|是谁？
    What happened?|发生了什么事？
    What time is it now?|现在几点？
    What day is it today?|今天星期几？
    What is the date today?|今天几月几号？
    When is your birthday?|你的生日是什么时候？
    How much does it cost?|多少钱？
    I would like a cup of tea.|我要一杯茶。
    The bill, please.|请结账。
    I am lost.|我迷路了。
    I have a question.|我有一个问题。
    This is my first time in China.|这是我第一次来中国。
    I am learning Chinese.|我在学中文。
    Chinese is not easy, but it is very interesting.|中文不容易，但是很有意思。
    How do you say this word in Chinese?|这个词用中文怎么说？
    What does this word mean?|这个词是什么意思？
    I love programming.|我爱编程。
    I like programming.|我喜欢编程。
    I am very happy today.|我今天很开心。
    Natural language processing is very interesting.|自然语言处理很有意思。
    I am studying natural language processing.|我在学自然语言处理。
    She is interested in natural language processing.|她对自然语言处理感兴趣。
    My favorite subject is mathematics.|我最喜欢的科目是数学。
    A language model predicts the next word.|语言模型预测下一个词。
    The model learns from data.|模型从数据中学习。
    This model can translate English into Chinese.|这个模型能把英语翻译成中文。
    The computer cannot understand this sentence.|计算机不能理解这个句子。
    Good data is more important than a big model.|好的数据比大的模型重要。
    The more data we have, the better the model is.|我们的数据越多，模型就越好。
    A translation is not always right.|翻译不一定都对。
    The attention mechanism is very simple.|注意力机制很简单。
    We need more data.|我们需要更多的数据。
    The training takes two hours.|训练需要两个小时。
    The program has an error.|程序有一个错误。
    The program is running.|程序正在运行。
    My computer is broken.|我的电脑坏了。
    The experiment was a success.|实验成功了。
    The result is very good.|结果很好。
    Practice makes perfect.|熟能生巧。
    Better late than never.|迟到总比不到好。
    Knowledge is power.|知识就是力量。
"""


@listed("phrase")
def _phrases() -> Iterator[Pair]:
    for row in _PHRASES.split("\n"):
        if row.strip():
            en, zh = row.strip().split("|")
            question = ("question",) if en.endswith("?") else ()
            yield Pair(en, zh, frozenset({"fixed", *question}))


_NO_SNOW = frozenset({"Singapore", "Hong Kong", "Guangzhou"})


@listed("weather")
def _weather() -> Iterator[Pair]:
    """Say "The weather in Paris is very good today." 今天巴黎的天气很好。."""
    for city in CITIES:
        tags = (*city.tags, "weather")
        yield sentence(
            Phrase(
                f"how is the weather in {city.en} today",
                f"今天{city.zh}的天气怎么样",
                tags,
            ),
            "question",
            "question:wh",
            "question:how",
            end="?",
        )
        yield sentence(
            Phrase(
                f"the weather in {city.en} is very good today",
                f"今天{city.zh}的天气很好",
                tags,
            ),
            "tense:present",
        )
        yield sentence(
            Phrase(
                f"the weather in {city.en} was not very good yesterday",
                f"昨天{city.zh}的天气不太好",
                tags,
            ),
            "tense:past",
            "negation",
            "negation:bu",
        )
        for en, zh, base in (("raining", "下雨", "rain"), ("snowing", "下雪", "snow")):
            if base == "snow" and city.en in _NO_SNOW:
                continue
            yield sentence(
                Phrase(f"it is {en} in {city.en} now", f"{city.zh}现在在{zh}", tags),
                "tense:present",
                "aspect:progressive",
            )
            yield sentence(
                Phrase(f"is it {en} in {city.en} now", f"{city.zh}现在在{zh}吗", tags),
                "question",
                "question:ma",
                end="?",
            )
            yield sentence(
                Phrase(
                    f"it will {base} in {city.en} tomorrow",
                    f"{city.zh}明天会{zh}",
                    tags,
                ),
                "tense:future",
                "modal:hui",
            )
            yield sentence(
                Phrase(
                    f"it did not {base} in {city.en} yesterday",
                    f"{city.zh}昨天没{zh}",
                    tags,
                ),
                "tense:past",
                "negation",
                "negation:mei",
            )
            yield sentence(
                Phrase(
                    f"will it {base} in {city.en} tomorrow",
                    f"{city.zh}明天会{zh}吗",
                    tags,
                ),
                "question",
                "question:ma",
                "tense:future",
                end="?",
            )
        for en, zh in (
            ("cold", "冷"),
            ("hot", "热"),
            ("warm", "暖和"),
            ("cool", "凉快"),
        ):
            yield sentence(
                Phrase(
                    f"it is very {en} in {city.en} today", f"{city.zh}今天很{zh}", tags
                ),
                "tense:present",
                "degree",
            )
            yield sentence(
                Phrase(f"is it {en} in {city.en} today", f"{city.zh}今天{zh}吗", tags),
                "question",
                "question:ma",
                end="?",
            )
            yield sentence(
                Phrase(
                    f"it was not {en} in {city.en} yesterday",
                    f"{city.zh}昨天不{zh}",
                    tags,
                ),
                "tense:past",
                "negation",
                "negation:bu",
            )
    for one in CITIES:
        for two in CITIES:
            if one is not two:
                if two.en in _NO_SNOW and one.en not in _NO_SNOW:
                    en, zh = "colder", "冷"
                elif one.en in _NO_SNOW:
                    en, zh = "warmer", "暖和"
                else:
                    en, zh = (("colder", "冷"), ("warmer", "暖和"))[
                        (len(one.en) + len(two.en)) % 2
                    ]
                yield sentence(
                    Phrase(
                        f"{one.en} is {en} than {two.en} today",
                        f"今天{one.zh}比{two.zh}{zh}",
                        (*one.tags, *two.tags),
                    ),
                    "weather",
                    "comparison",
                    "comparison:bi",
                )


_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@listed("date")
def _dates() -> Iterator[Pair]:
    """Say "Today is May 3." 今天是五月三日。 and birthdays, each day of the year in one frame."""
    people = (*NAMES, *MY_RELATIVES)
    frames = 4
    for month, (name, days) in enumerate(zip(_MONTHS, _DAYS, strict=True), start=1):
        for day in range(1, days + 1):
            en, zh = f"{name} {day}", f"{numeral(month)}月{numeral(day)}日"
            person = people[(month * 37 + day * 11) % len(people)]
            frame = (month * 5 + day * 3) % frames
            if frame == 0:
                yield sentence(
                    Phrase(f"today is {en}", f"今天是{zh}"), "date", "number"
                )
            elif frame == 1:
                yield sentence(
                    Phrase(
                        f"{person.en}'s birthday is {en}",
                        f"{person.zh}的生日是{zh}",
                        person.tags,
                    ),
                    "date",
                    "number",
                    "possession",
                )
            elif frame == 2:
                yield sentence(
                    Phrase(f"the exam is on {en}", f"考试在{zh}"), "date", "number"
                )
            else:
                yield sentence(
                    Phrase(f"tomorrow is {en}, right", f"明天是{zh}，对不对"),
                    "date",
                    "number",
                    "question",
                    "question:a-not-a",
                    end="?",
                )
    for weekday in WEEKDAYS:
        yield sentence(Phrase(f"today is {weekday.en}", f"今天是{weekday.zh}"), "date")
        yield sentence(
            Phrase(f"is tomorrow {weekday.en}", f"明天是{weekday.zh}吗"),
            "date",
            "question",
            "question:ma",
            end="?",
        )
        yield sentence(
            Phrase(f"yesterday was not {weekday.en}", f"昨天不是{weekday.zh}"),
            "date",
            "negation",
            "negation:bu",
        )


def _spoken(hour: int, minute: int) -> str:
    if minute == 0:
        return f"{cardinal(hour)} o'clock"
    if minute == 15:
        return f"a quarter past {cardinal(hour)}"
    if minute == 30:
        return f"half past {cardinal(hour)}"
    return f"{cardinal(hour)} {'oh ' if minute < 10 else ''}{cardinal(minute)}"


@listed("clock")
def _clock() -> Iterator[Pair]:
    """Say "It is half past three now." 现在三点半。 / "The train leaves at two o'clock." 火车两点出发."""
    subjects = NAMES
    verbs = (
        ("gets up", "起床", range(5, 9)),
        ("goes to work", "去上班", range(7, 10)),
        ("comes home", "回家", range(4, 8)),
        ("goes to bed", "睡觉", range(9, 12)),
    )
    for hour in range(1, 13):
        for minute in (0, 5, 10, 15, 20, 25, 30, 40, 50):
            en, zh = _spoken(hour, minute), clock(hour, minute)
            yield sentence(Phrase(f"it is {en} now", f"现在{zh}"), "clock", "number")
            yield sentence(
                Phrase(f"the train leaves at {en}", f"火车{zh}出发"), "clock", "number"
            )
            yield sentence(
                Phrase(f"the movie begins at {en}", f"电影{zh}开始"), "clock", "number"
            )
            for index, (does, zh_does, when) in enumerate(verbs):
                if hour in when:
                    person = subjects[(hour * 7 + minute + index * 5) % len(subjects)]
                    yield sentence(
                        Phrase(
                            f"{person.en} {does} at {en} every day",
                            f"{person.zh}每天{zh}{zh_does}",
                            person.tags,
                        ),
                        "clock",
                        "number",
                        "aspect:habitual",
                    )
        for part, zh_part in (
            ("morning", "上午"),
            ("afternoon", "下午"),
            ("evening", "晚上"),
        ):
            fits = {
                "morning": range(8, 12),
                "afternoon": range(1, 6),
                "evening": range(6, 11),
            }[part]
            if hour in fits:
                at = f"at {cardinal(hour)} o'clock"
                zh = counted(hour, "点")
                yield sentence(
                    Phrase(
                        f"the meeting begins {at} tomorrow {part}",
                        f"会议明天{zh_part}{zh}开始",
                    ),
                    "clock",
                    "number",
                    "time",
                )
                yield sentence(
                    Phrase(
                        f"let's meet {at} tomorrow {part}",
                        f"我们明天{zh_part}{zh}见面吧",
                    ),
                    "clock",
                    "number",
                    "imperative",
                )
