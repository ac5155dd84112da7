"""Compound sentences: cause, condition, contrast, concession, and chains of clauses."""

from __future__ import annotations

from companion.corpora.corpus import Pair

from . import activities, tenses
from .circumstances import IN_TOWN, PLACES
from .modals import can_skill
from .nouns import demonstrative
from .people import NAMES, Person, anyone, overlap, single
from .phrase import Draw, Phrase, drawn, flatten, sentence
from .verbs import VERBS, predicate, with_definite, with_generic, with_indefinite

# Each scene: causes, effects. In the English "{was}" agrees with the subject; both halves share one person.
_SCENES: tuple[tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]], ...] = (
    (
        (
            ("{was} very tired", "很累"),
            ("had a cold", "感冒了"),
            ("had a headache", "头疼"),
            ("did not sleep well last night", "昨天晚上没睡好"),
            ("did not feel well", "不舒服"),
        ),
        (
            ("did not go to work", "没去上班"),
            ("stayed at home", "待在家里"),
            ("went to bed early", "很早就睡了"),
            ("rested at home all day", "在家休息了一整天"),
            ("did not come to school", "没来学校"),
            ("did not go swimming", "没去游泳"),
            ("did not do the homework", "没做作业"),
        ),
    ),
    (
        (
            ("got up late", "起晚了"),
            ("missed the bus", "没赶上公交车"),
            ("took the wrong train", "坐错了火车"),
        ),
        (
            ("{was} late", "迟到了"),
            ("{was} late for work", "上班迟到了"),
            ("did not eat breakfast", "没吃早饭"),
            ("did not see the beginning of the movie", "没看到电影的开头"),
        ),
    ),
    (
        (
            ("worked very hard", "工作很努力"),
            ("studied every evening", "每天晚上都学习"),
            ("practiced every day", "每天都练习"),
            ("listened carefully to the teacher", "认真听了老师的话"),
        ),
        (
            ("passed the exam", "通过了考试"),
            ("got a good grade", "得了一个好成绩"),
            ("made great progress", "取得了很大的进步"),
            ("answered every question", "回答了每一个问题"),
        ),
    ),
    (
        (("lost the key", "丢了钥匙"), ("forgot the key", "忘了带钥匙")),
        (
            ("could not open the door", "打不开门"),
            ("waited outside for two hours", "在外面等了两个小时"),
            ("could not go home", "回不了家"),
        ),
    ),
    (
        (
            ("won the game", "赢了比赛"),
            ("found a new job", "找到了一份新工作"),
            ("passed the exam", "通过了考试"),
            ("heard the good news", "听到了这个好消息"),
        ),
        (
            ("{was} very happy", "很开心"),
            ("sang and danced", "又唱歌又跳舞"),
            ("called a good friend", "给一个好朋友打了电话"),
            ("invited us to dinner", "请我们吃了晚饭"),
        ),
    ),
    (
        (
            ("lost the game", "输了比赛"),
            ("did not pass the exam", "没通过考试"),
            ("lost a new phone", "丢了一部新手机"),
            ("did not get the job", "没得到那份工作"),
        ),
        (
            ("{was} very sad", "很难过"),
            ("{was} disappointed", "很失望"),
            ("did not want to talk to us", "不想跟我们说话"),
            ("did not sleep well last night", "昨天晚上没睡好"),
        ),
    ),
    (
        (
            ("did not have enough money", "钱不够"),
            ("forgot the wallet at home", "把钱包忘在家里了"),
        ),
        (
            ("took the bus home", "坐公交车回家了"),
            ("walked home", "走路回家了"),
            ("did not eat at the restaurant", "没在餐厅吃饭"),
        ),
    ),
)
_WEATHER_PAST = (
    ("it rained yesterday", "昨天下雨了"),
    ("it snowed yesterday", "昨天下雪了"),
    ("it was very cold yesterday", "昨天很冷"),
    ("the weather was bad yesterday", "昨天天气不好"),
    ("the wind was very strong yesterday", "昨天风很大"),
)
_STAYED_IN = (
    ("stayed at home", "待在家里"),
    ("did not go to the park", "没去公园"),
    ("did not play football", "没踢足球"),
    ("did not take a walk", "没散步"),
    ("watched TV at home", "在家看了电视"),
    ("went to work by taxi", "坐出租车去上班了"),
    ("did not go out", "没出门"),
    ("went to the cinema", "去了电影院"),
    ("studied at the library", "在图书馆学习"),
)


def because(draw: Draw) -> Phrase:
    """Say "Because Anna was very tired, she stayed at home." 因为安娜很累，所以她待在家里。, or with "so" alone."""
    subject = single(draw)
    again = subject.again()
    causes, effects = draw(_SCENES)
    cause, effect = draw(causes), draw(effects)
    while effect[0].split()[:3] == cause[0].split()[:3]:
        effect = draw(effects)
    en_cause, en_effect = (
        cause[0].format(was=subject.was),
        effect[0].format(was=subject.was),
    )
    if draw.chance(25):
        en_first, zh_first = draw(_WEATHER_PAST)
        en_effect, effect_zh = draw(_STAYED_IN)
        again = subject
        tags: tuple[str, ...] = (*subject.tags, "weather", f"event:{en_effect}")
    else:
        if "us" in en_effect.split() and (subject.pronoun in ("I", "we")):
            return because(draw)
        if subject.agreement == "p" and any(
            word in en_cause + en_effect
            for word in (" key", " phone", " job", " cold", " headache")
        ):
            return because(draw)
        en_first, zh_first, effect_zh = (
            f"{subject.en} {en_cause}",
            subject.zh + cause[1],
            effect[1],
        )
        tags = (*subject.tags, f"event:{cause[0]}", f"event:{effect[0]}")
    tags = (*tags, "compound", "tense:past")
    second, zh_second = f"{again.en} {en_effect}", again.zh + effect_zh
    if draw.chance(50):
        return Phrase(
            f"because {en_first}, {second}",
            f"因为{zh_first}，所以{zh_second}",
            (*tags, "conjunction:because"),
        )
    return Phrase(
        f"{en_first}, so {second}",
        f"{zh_first}，所以{zh_second}",
        (*tags, "conjunction:so"),
    )


@drawn("because-so", 900)
def _because(draw: Draw) -> Pair:
    return sentence(because(draw))


# What may come, and what one does then.
_CONDITIONS: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    (
        "it rains tomorrow",
        "明天下雨",
        (
            ("stay at home", "待在家里"),
            ("not go to the park", "不去公园"),
            ("watch TV at home", "在家看电视"),
            ("not play football", "不踢足球"),
            ("take an umbrella", "带一把雨伞"),
            ("go to work by taxi", "坐出租车去上班"),
            ("rest at home", "在家休息"),
        ),
    ),
    (
        "it snows tomorrow",
        "明天下雪",
        (
            ("stay at home", "待在家里"),
            ("take photos in the park", "在公园里拍照"),
            ("play computer games at home", "在家玩电脑游戏"),
            ("not drive to work", "不开车去上班"),
            ("play in the snow", "去玩雪"),
        ),
    ),
    (
        "the weather is good tomorrow",
        "明天天气好",
        (
            ("go to the beach", "去海边"),
            ("play football in the park", "在公园里踢足球"),
            ("take a walk in the park", "在公园里散步"),
            ("ride a bicycle to school", "骑自行车去学校"),
            ("exercise in the park", "在公园里锻炼"),
            ("go swimming", "去游泳"),
        ),
    ),
    (
        "it is very hot this weekend",
        "这个周末很热",
        (
            ("go swimming", "去游泳"),
            ("stay at home", "待在家里"),
            ("go to the beach", "去海边"),
            ("not go to the gym", "不去健身房"),
        ),
    ),
)
_FREE = (
    ("{has} time tomorrow", "明天有时间"),
    ("{is} free this weekend", "这个周末有空"),
    ("{does} not have to work tomorrow", "明天不用上班"),
    ("{finishes} this work today", "今天做完这个工作"),
)
_IF_SICK = (
    ("{is} sick", "生病了"),
    ("{has} a cold", "感冒了"),
    ("{has} a headache", "头疼"),
)
_CURES = (
    ("see a doctor", "去看医生"),
    ("rest at home", "在家休息"),
    ("go to bed early", "早点儿睡觉"),
    ("take some medicine", "吃药"),
)


@drawn("if", 850)
def _if(draw: Draw) -> Pair:
    """Say "If it rains tomorrow, Anna will stay at home." 如果明天下雨，安娜就会待在家里."""
    subject = single(draw)
    kind = draw.below(10)
    agreed = {
        "has": subject.agree("have", "has"),
        "is": subject.be,
        "does": subject.do,
        "finishes": subject.agree("finish", "finishes"),
    }
    if kind < 4:
        en, zh, then = draw(_CONDITIONS)
        do, zh_do = draw(then)
        return sentence(
            Phrase(
                f"if {en}, {subject.en} will {do}",
                f"如果{zh}，{subject.zh}就{'' if zh_do.startswith('不') else '会'}{zh_do}",
                (*subject.tags, "weather", f"event:{do}"),
            ),
            "conjunction:if",
            "compound",
            "tense:future",
        )
    again = subject.again()
    if kind < 6:
        en, zh = draw(_IF_SICK[:1] if subject.agreement == "p" else _IF_SICK)
        do, zh_do = draw(_CURES)
        return sentence(
            Phrase(
                f"if {subject.en} {en.format(**agreed)}, {again.en} should {do}",
                f"如果{subject.zh}{zh}，{again.zh}就应该{zh_do}",
                (*subject.tags, f"event:{do}"),
            ),
            "conjunction:if",
            "compound",
            "modal:should",
        )
    en, zh = draw(_FREE)
    action = (
        draw(activities.PLANS[1:]).placed(draw, 50)
        if draw.chance(40)
        else with_definite(draw, "will")
    )
    return sentence(
        Phrase(
            f"if {subject.en} {en.format(**agreed)}, {again.en} will {action.base}{action.en_place}",
            f"如果{subject.zh}{zh}，{again.zh}就会{action.zh}",
            flatten(subject.tags, action.tags),
        ),
        "conjunction:if",
        "compound",
        "tense:future",
        "modal:hui",
    )


@drawn("but", 800)
def _but(draw: Draw) -> Pair:
    """Say "He can swim, but he cannot drive." 他会游泳，但是他不会开车。 and other contrasts of one person."""
    subject = single(draw)
    again = subject.again()
    kind = draw.below(4)
    tags = ("conjunction:but", "compound", "negation")
    if kind == 0:
        one, two = draw(activities.SKILLS), draw(activities.SKILLS)
        if one is two:
            return _but(draw)
        return sentence(
            Phrase(
                f"{subject.en} can {one.base}, but {again.en} cannot {two.base}",
                f"{subject.zh}会{one.zh}，但是{again.zh}不会{two.zh}",
                flatten(subject.tags, one.tags, two.tags),
            ),
            "modal:can",
            "modal:hui",
            "negation:bu",
            *tags,
        )
    if kind == 1:
        one, two = draw(activities.PLEASURES), draw(activities.PLEASURES)
        if one is two:
            return _but(draw)
        like = subject.agree("like", "likes")
        return sentence(
            Phrase(
                f"{subject.en} {like} {one.ing}, but {again.en} {subject.do} not like {two.ing}",
                f"{subject.zh}喜欢{one.zh}，但是{again.zh}不喜欢{two.zh}",
                flatten(subject.tags, one.tags, two.tags),
            ),
            "verb:like",
            "negation:bu",
            *tags,
        )
    if kind == 2:
        action = (
            with_definite(draw, "will")
            if draw.chance(50)
            else with_indefinite(draw, "will", 2)
        )
        en, zh = draw((("time", "没有时间"), ("enough money", "没有足够的钱")))
        if "buy" not in action.base:
            en, zh = "time", "没有时间"
        if "sell" in action.base:
            return _but(draw)
        return sentence(
            Phrase(
                f"{subject.en} {subject.agree('want', 'wants')} to {action.base}, "
                f"but {again.en} {subject.do} not have {en}",
                f"{subject.zh}想{action.zh}，但是{again.zh}{zh}",
                flatten(subject.tags, action.tags),
            ),
            "modal:want",
            "negation:mei",
            *tags,
        )
    verb = draw(
        tuple(
            verb
            for verb in VERBS
            if verb.done and verb.en not in ("sing", "wash", "copy")
        )
    )
    noun = draw(verb.objects)
    thing = demonstrative(draw, noun, plurals=False)
    first, zh_first = draw(
        (("yesterday", "昨天"), ("last week", "上个星期"), ("this morning", "今天早上"))
    )
    action = predicate(verb, thing, noun)
    return sentence(
        Phrase(
            f"{subject.en} began to {action.base} {first}, but {again.en} {subject.have} not finished it yet",
            f"{subject.zh}{first and zh_first}开始{action.zh}，但是{again.zh}还没{verb.done}",
            flatten(subject.tags, action.tags),
        ),
        "aspect:le",
        "negation:mei",
        "tense:past",
        "resultative",
        *tags,
    )


def pair_of_people(draw: Draw) -> tuple[Person, Person]:
    """Draw two subjects that cannot be the same person."""
    while True:
        first, second = anyone(draw), anyone(draw)
        if not overlap(first, second) and not (
            first.pronoun and first.pronoun == second.pronoun and first is second
        ):
            return first, second


@drawn("two-clauses", 850)
def _two_clauses(draw: Draw) -> Pair:
    """Say "Anna is reading a novel, and Peter is cooking." 安娜正在读一本小说，彼得正在做饭."""
    first, second = pair_of_people(draw)
    kind = draw.below(4)
    tags: tuple[str, ...] = ("conjunction:and", "compound")
    clause, joint = (
        (tenses.progressive, ("and", "")),
        (tenses.future_will, ("and", "")),
        (tenses.past, ("and", "")),
        (can_skill, ("but", "但是")),
    )[kind]
    one, two = clause(draw, first), clause(draw, second)
    if kind == 3:
        # "but" wants one side affirmed and the other denied, of the same skill.
        skill = draw(activities.SKILLS)
        one = Phrase(
            f"{first.en} can {skill.base}",
            f"{first.zh}会{skill.zh}",
            (*first.tags, *skill.tags),
        )
        two = Phrase(f"{second.en} cannot", f"{second.zh}不会", second.tags)
        tags = ("conjunction:but", "compound", "negation", "negation:bu")
    return sentence(
        Phrase(
            f"{one.en}, {joint[0]} {two.en}",
            f"{one.zh}，{joint[1]}{two.zh}",
            flatten(one.tags, two.tags),
        ),
        *tags,
    )


@drawn("too-also", 450)
def _also(draw: Draw) -> Pair:
    """Say "I like swimming, and Anna likes it too." 我喜欢游泳，安娜也喜欢."""
    first, second = pair_of_people(draw)
    action = draw(activities.PLEASURES) if draw.chance(40) else with_generic(draw)
    tags = flatten(first.tags, second.tags, action.tags)
    kind = draw.below(3)
    if kind == 0:
        skill = draw(activities.SKILLS)
        return sentence(
            Phrase(
                f"{first.en} can {skill.base}, and {second.en} can {skill.base} too",
                f"{first.zh}会{skill.zh}，{second.zh}也会{skill.zh}",
                flatten(first.tags, second.tags, skill.tags),
            ),
            "conjunction:and",
            "compound",
            "adverb:also",
            "modal:hui",
        )
    return sentence(
        Phrase(
            f"{first.en} {first.agree('like', 'likes')} {action.ing}, and {second.en} {second.do} too",
            f"{first.zh}喜欢{action.zh}，{second.zh}也喜欢",
            tags,
        ),
        "conjunction:and",
        "compound",
        "adverb:also",
        "verb:like",
    )


@drawn("although", 450)
def _although(draw: Draw) -> Pair:
    """Say "Although Anna was very tired, she did not rest." 虽然安娜很累，但是她没休息."""
    subject = single(draw)
    again = subject.again()
    causes, effects = draw(_CONCESSIONS)
    one, two = draw(causes), draw(effects)
    if subject.agreement == "p" and one[0].startswith("had a "):
        return _although(draw)
    return sentence(
        Phrase(
            f"although {subject.en} {one[0].format(was=subject.was)}, {again.en} {two[0].format(was=subject.was)}",
            f"虽然{subject.zh}{one[1]}，但是{again.zh}{two[1]}",
            (*subject.tags, f"event:{one[0]}", f"event:{two[0]}"),
        ),
        "conjunction:although",
        "compound",
        "tense:past",
    )


_CONCESSIONS = (
    (
        (
            ("{was} very tired", "很累"),
            ("had a cold", "感冒了"),
            ("did not sleep well last night", "昨天晚上没睡好"),
            ("had a headache", "头疼"),
        ),
        (
            ("did not rest", "没休息"),
            ("went to work", "去上班了"),
            ("finished this work", "做完了这个工作"),
            ("came to class", "来上课了"),
            ("did not see a doctor", "没去看医生"),
            ("worked for ten hours", "工作了十个小时"),
            ("helped us", "帮助了我们"),
        ),
    ),
    (
        (
            ("studied very hard", "学习很努力"),
            ("studied every evening", "每天晚上都学习"),
            ("practiced every day", "每天都练习"),
        ),
        (
            ("did not pass the exam", "没通过考试"),
            ("made many mistakes", "犯了很多错误"),
            ("could not answer this question", "回答不了这个问题"),
            ("did not get a good grade", "没得到好成绩"),
        ),
    ),
    (
        (
            ("got up late", "起晚了"),
            ("missed the bus", "没赶上公交车"),
            ("took the wrong train", "坐错了火车"),
        ),
        (
            ("{was} not late", "没迟到"),
            ("arrived before eight o'clock", "在八点以前到了"),
            ("had time to eat breakfast", "还有时间吃早饭"),
        ),
    ),
)


@drawn("long", 1100)
def _long(draw: Draw) -> Pair:
    """Chain three clauses: what length generalization is measured on."""
    kind = draw.below(3)
    if kind == 0:
        subject, rival = single(draw), draw(NAMES)
        if overlap(subject, rival) or subject.pronoun == rival.pronoun:
            return _long(draw)
        again, place, how = subject.again(), draw(GO), draw(IN_TOWN)
        cause, effect = (
            draw(_SCENES[0][0][::3] if subject.agreement == "p" else _SCENES[0][0]),
            draw(_SCENES[0][1][:4]),
        )
        to_place = "school" if place.en == "school" else place.definite
        return sentence(
            Phrase(
                f"because {subject.en} {cause[0].format(was=subject.was)}, {again.en} {effect[0]}, "
                f"but {rival.en} went to {to_place} {how.en}",
                f"因为{subject.zh}{cause[1]}，所以{again.zh}{effect[1]}，但是{rival.zh}{how.zh}去了{place.zh}",
                (
                    *subject.tags,
                    *rival.tags,
                    place.tag,
                    *how.tags,
                    f"event:{cause[0]}",
                    f"event:{effect[0]}",
                ),
            ),
            "conjunction:because",
            "conjunction:but",
            "compound",
            "long",
            "tense:past",
        )
    first, second = pair_of_people(draw)
    third = draw(NAMES)
    if (
        overlap(first, third)
        or overlap(second, third)
        or first.pronoun == second.pronoun == "they"
    ):
        return _long(draw)
    clause = tenses.progressive if kind == 1 else tenses.future_will
    one, two, three = clause(draw, first), clause(draw, second), clause(draw, third)
    return sentence(
        Phrase(
            f"{one.en}, {two.en}, and {three.en}",
            f"{one.zh}，{two.zh}，{three.zh}",
            flatten(one.tags, two.tags, three.tags),
        ),
        "conjunction:and",
        "compound",
        "long",
    )


GO = tuple(
    PLACES[name]
    for name in (
        "library",
        "park",
        "supermarket",
        "bookstore",
        "museum",
        "zoo",
        "cinema",
        "school",
    )
)
