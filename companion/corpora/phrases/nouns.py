"""Nouns with their measure words, what each kind of thing can be like, and noun phrases built from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import no_type_check

from .chinese import counted
from .english import cardinal, plural, with_article
from .phrase import Draw, Phrase


@no_type_check  # made or asked a million times
@dataclass(frozen=True, slots=True)
class Noun:
    """A noun: counted directly (a book) or through a container or portion (a cup of tea).

    Attributes:
        en: Singular of a count noun; the name itself otherwise (tea, shoes).
        zh: The Chinese noun.
        measure: The Chinese measure word.
        kind: The semantic class, which selects its adjectives.
        container: The English container ("cup", "pair"); empty for a count noun.
    """

    en: str
    zh: str
    measure: str
    kind: str
    container: str = ""

    @property
    def tag(self) -> str:
        """The lexical tag, e.g. ``noun:book``."""
        return f"noun:{self.en}"

    @property
    def generic(self) -> str:
        """The form that speaks of the kind as a whole: books, tea."""
        return self.en if self.container else plural(self.en)

    @property
    def is_plural(self) -> bool:
        """Whether the generic form takes a plural verb."""
        return not self.container or self.container == "pair" or self.en == "noodles"


# English | Chinese | measure word [| container]
_TABLE = {
    "text": """
        book|书|本
        novel|小说|本
        magazine|杂志|本
        dictionary|词典|本
        textbook|课本|本
        newspaper|报纸|份
        letter|信|封
        email|邮件|封
        article|文章|篇
        paper|论文|篇
        poem|诗|首
        story|故事|个
        report|报告|份
        sentence|句子|个
        word|单词|个
        question|问题|个
    """,
    "computing": """
        language model|语言模型|个
        neural network|神经网络|个
        program|程序|个
        algorithm|算法|个
        dataset|数据集|个
        website|网站|个
    """,
    "food": """
        apple|苹果|个
        orange|橙子|个
        banana|香蕉|根
        pear|梨|个
        peach|桃子|个
        egg|鸡蛋|个
        tomato|西红柿|个
        potato|土豆|个
        dumpling|饺子|个
        sandwich|三明治|个
        hamburger|汉堡|个
        cookie|饼干|块
        rice|米饭|碗|bowl
        noodles|面条|碗|bowl
        cake|蛋糕|块|piece
        chocolate|巧克力|块|piece
        bread|面包|片|slice
    """,
    "drink": """
        tea|茶|杯|cup
        coffee|咖啡|杯|cup
        water|水|杯|glass
        milk|牛奶|杯|glass
        juice|果汁|杯|glass
        beer|啤酒|瓶|bottle
        wine|葡萄酒|瓶|bottle
    """,
    "clothing": """
        shirt|衬衫|件
        coat|大衣|件
        sweater|毛衣|件
        skirt|裙子|条
        dress|连衣裙|条
        jeans|牛仔裤|条|pair
        shoes|鞋|双|pair
        socks|袜子|双|pair
    """,
    "accessory": """
        hat|帽子|顶
        scarf|围巾|条
        watch|手表|块
        glasses|眼镜|副|pair
        gloves|手套|副|pair
    """,
    "vehicle": """
        car|汽车|辆
        bicycle|自行车|辆
        motorcycle|摩托车|辆
    """,
    "device": """
        computer|电脑|台
        camera|相机|台
        television|电视机|台
        printer|打印机|台
        washing machine|洗衣机|台
        fridge|冰箱|台
        phone|手机|部
    """,
    "furniture": """
        table|桌子|张
        chair|椅子|把
        bed|床|张
        sofa|沙发|张
        lamp|台灯|盏
    """,
    "thing": """
        key|钥匙|把
        umbrella|雨伞|把
        knife|刀|把
        map|地图|张
        photo|照片|张
        ticket|票|张
        stamp|邮票|张
        pencil|铅笔|支
        pen|钢笔|支
        bag|包|个
        cup|杯子|个
        bowl|碗|个
        bottle|瓶子|个
        gift|礼物|件
        package|包裹|个
        toy|玩具|个
        suitcase|行李箱|个
        guitar|吉他|把
        violin|小提琴|把
        piano|钢琴|架
    """,
    "nature": """
        flower|花|朵
        tree|树|棵
    """,
    "show": """
        movie|电影|部
        video|视频|个
        song|歌|首
        basketball game|篮球比赛|场
        concert|音乐会|场
    """,
    "place": """
        house|房子|栋
        room|房间|个
        bridge|桥|座
        mountain|山|座
        school|学校|所
        hospital|医院|家
        bank|银行|家
        bookstore|书店|家
        restaurant|餐厅|家
        supermarket|超市|家
        hotel|酒店|家
    """,
    "animal": """
        dog|狗|只
        cat|猫|只
        bird|鸟|只
        rabbit|兔子|只
        monkey|猴子|只
        panda|熊猫|只
        tiger|老虎|只
        duck|鸭子|只
        sheep|羊|只
        horse|马|匹
        cow|牛|头
        elephant|大象|头
        snake|蛇|条
        fish|鱼|条
    """,
    "person": """
        student|学生|个
        teacher|老师|位
        doctor|医生|位
        lawyer|律师|位
        engineer|工程师|位
        nurse|护士|位
        writer|作家|位
        singer|歌手|位
        programmer|程序员|位
        scientist|科学家|位
        artist|艺术家|位
        cook|厨师|位
        child|孩子|个
    """,
}


def _read_table() -> dict[str, Noun]:
    nouns = {}
    for kind, rows in _TABLE.items():
        for row in rows.split("\n"):
            if row.strip():
                en, zh, measure, *container = row.strip().split("|")
                nouns[en] = Noun(en, zh, measure, kind, *container)
    return nouns


NOUNS: dict[str, Noun] = _read_table()


def nouns(names: str) -> tuple[Noun, ...]:
    """Look up several nouns by their English names, separated by commas."""
    return tuple(NOUNS[name.strip()] for name in names.split(","))


def of_kind(*kinds: str) -> tuple[Noun, ...]:
    """All nouns of some semantic classes."""
    return tuple(noun for noun in NOUNS.values() if noun.kind in kinds)


@no_type_check  # made or asked a million times
@dataclass(frozen=True, slots=True)
class Quality:
    """An adjective before its noun: English, and Chinese with 的 where it needs one."""

    en: str
    zh: str

    @property
    def tag(self) -> str:
        """The lexical tag, e.g. ``adjective:new``."""
        return f"adjective:{self.en}"


def _qualities(rows: str) -> tuple[Quality, ...]:
    return tuple(Quality(*row.strip().split("|")) for row in rows.split(","))


_COLORS = "red|红色的,blue|蓝色的,black|黑色的,white|白色的"
QUALITIES: dict[str, tuple[Quality, ...]] = {
    "clothing": _qualities(
        f"new|新,beautiful|漂亮的,{_COLORS},green|绿色的,yellow|黄色的"
    ),
    "accessory": _qualities(f"new|新,beautiful|漂亮的,{_COLORS}"),
    "vehicle": _qualities(f"new|新,cheap|便宜的,{_COLORS}"),
    "device": _qualities("new|新,old|旧,cheap|便宜的,expensive|昂贵的"),
    "furniture": _qualities("new|新,old|旧,big|大,small|小,comfortable|舒服的"),
    "food": (),
    "animal": _qualities("white|白,black|黑,cute|可爱的,small|小"),
    "show": _qualities("interesting|有意思的,famous|有名的"),
    "text": _qualities("long|很长的,interesting|有意思的,important|重要的"),
    "computing": _qualities("new|新,simple|简单的,useful|有用的"),
    "nature": _qualities("beautiful|漂亮的,small|小"),
    "place": _qualities("big|大,small|小,famous|有名的"),
    "person": _qualities("good|好,young|年轻的,famous|有名的"),
}
# Adjectives that do not go with every noun of their class.
_QUALITY_OF: dict[str, tuple[Quality, ...]] = {
    **{
        name: _qualities("new|新,interesting|有意思的,thick|很厚的,famous|有名的")
        for name in ("book", "novel")
    },
    **{
        name: _qualities("new|新,useful|有用的,thick|很厚的")
        for name in ("dictionary", "textbook")
    },
    "question": _qualities(
        "difficult|难,important|重要的,simple|简单的,interesting|有意思的"
    ),
    "sentence": _qualities(
        "difficult|很难的,long|很长的,simple|简单的,beautiful|优美的"
    ),
    "word": _qualities("difficult|很难的,important|重要的,new|新,useful|有用的"),
    "newspaper": _qualities("old|旧"),
    "story": _qualities("long|很长的,interesting|有意思的"),
    "poem": _qualities("long|很长的,beautiful|优美的"),
    "magazine": _qualities("new|新,interesting|有意思的,old|旧"),
    "photo": _qualities("beautiful|漂亮的,old|旧,interesting|有意思的"),
    "umbrella": _qualities(_COLORS + ",big|大,new|新"),
    "bag": _qualities(_COLORS + ",big|大,small|小,new|新"),
    "suitcase": _qualities("big|大,small|小,new|新,black|黑色的"),
    "pencil": _qualities("red|红色的,blue|蓝色的,new|新"),
    "pen": _qualities("black|黑色的,new|新,expensive|昂贵的"),
    "piano": _qualities("new|新,old|旧,black|黑色的"),
    "guitar": _qualities("new|新,old|旧,cheap|便宜的"),
    "violin": _qualities("new|新,old|旧,expensive|昂贵的"),
    "map": _qualities("new|新,old|旧,big|大"),
    "cup": _qualities("white|白色的,new|新,small|小,big|大"),
    "bowl": _qualities("white|白色的,new|新,small|小,big|大"),
    "gift": _qualities("small|小,expensive|昂贵的,beautiful|漂亮的"),
    "toy": _qualities("new|新,small|小,interesting|有意思的"),
    "knife": _qualities("new|新,small|小,big|大"),
    "apple": _qualities("big|大,red|红,green|青"),
    "phone": _qualities(f"new|新,old|旧,cheap|便宜的,expensive|昂贵的,{_COLORS}"),
    "flower": _qualities("red|红色的,white|白色的,yellow|黄色的,beautiful|漂亮的"),
    "tree": _qualities("big|大,small|小"),
    "fish": _qualities("big|大,small|小"),
    "cow": _qualities("white|白,black|黑"),
    "elephant": (),
    "tiger": _qualities("big|大,small|小"),
    "panda": _qualities("cute|可爱的,small|小"),
    "snake": _qualities("big|大,small|小,green|绿色的,black|黑色的"),
    "child": _qualities("good|好,clever|聪明的"),
    "mountain": _qualities("big|大,beautiful|美丽的,famous|有名的"),
    "bridge": _qualities("big|大,new|新,old|古老的,famous|有名的"),
    "house": _qualities("big|大,small|小,new|新,white|白色的,beautiful|漂亮的"),
    "room": _qualities("big|大,small|小,comfortable|舒服的"),
    "bank": _qualities("big|大,small|小,new|新"),
    "supermarket": _qualities("big|大,small|小,new|新"),
    "school": _qualities("big|大,good|好,famous|有名的"),
    "hospital": _qualities("big|大,small|小,good|好,new|新"),
    "hotel": _qualities("big|大,small|小,cheap|便宜的,comfortable|舒服的"),
    "jeans": _qualities("new|新,blue|蓝色的,black|黑色的"),
    "glasses": _qualities("new|新,beautiful|漂亮的"),
    "video": _qualities("interesting|有意思的,long|很长的"),
    "basketball game": _qualities("interesting|精彩的,important|重要的"),
    "concert": _qualities("interesting|精彩的,big|大型"),
}


def qualities(noun: Noun) -> tuple[Quality, ...]:
    """List the adjectives that make sense before a noun."""
    return _QUALITY_OF.get(noun.en, QUALITIES.get(noun.kind, ()))


def counted_noun(number: int, noun: Noun, quality: Quality | None = None) -> Phrase:
    """Build "a book", "three new books", "two cups of tea" and 一本书, 三本新书, 两杯茶."""
    measure = counted(number, noun.measure)
    adjective = f"{quality.en} " if quality else ""
    tags: tuple[str, ...] = (noun.tag, "measure-word")
    zh = measure + (quality.zh if quality else "") + noun.zh
    if quality:
        tags += (quality.tag,)
    if number > 1:
        tags += ("number",)
    if noun.container:
        container = noun.container if number == 1 else plural(noun.container)
        en = f"{container} of {adjective}{noun.en}"
    else:
        en = adjective + (noun.en if number == 1 else plural(noun.en))
    return Phrase(
        with_article(en) if number == 1 else f"{cardinal(number)} {en}", zh, tags
    )


def indefinite(draw: Draw, noun: Noun, most: int = 5) -> Phrase:
    """Draw "a book", "an interesting book" or "three books"."""
    kinds = draw.below(10)
    options = qualities(noun)
    if kinds < 4 and options:
        return counted_noun(1, noun, draw(options))
    if kinds < 7 or most < 2:
        return counted_noun(1, noun)
    return counted_noun(2 + draw.below(most - 1), noun)


_DEMONSTRATIVES = (("this", "这"), ("that", "那"))


def demonstrative(draw: Draw, noun: Noun, *, plurals: bool = True) -> Phrase:
    """Draw "this book", "those books", "this cup of tea" and 这本书, 那些书, 这杯茶."""
    tags = (noun.tag, "demonstrative")
    number = draw.below(8)
    if plurals and number < 2 and not noun.container:
        en, zh = draw((("these", "这些"), ("those", "那些")))
        return Phrase(f"{en} {plural(noun.en)}", zh + noun.zh, tags)
    if plurals and number == 2 and not noun.container:
        en, zh = draw(_DEMONSTRATIVES)
        which = draw((2, 3))
        these = {"this": "these", "that": "those"}[en]
        return Phrase(
            f"{these} {cardinal(which)} {plural(noun.en)}",
            zh + counted(which, noun.measure) + noun.zh,
            (*tags, "measure-word", "number"),
        )
    en, zh = draw(_DEMONSTRATIVES)
    name = f"{noun.container} of {noun.en}" if noun.container else noun.en
    return Phrase(f"{en} {name}", zh + noun.measure + noun.zh, (*tags, "measure-word"))


def generic(noun: Noun) -> Phrase:
    """Build "books" and 书, "tea" and 茶."""
    return Phrase(noun.generic, noun.zh, (noun.tag,))


def none_of(noun: Noun) -> Phrase:
    """Build "any books" and 书, as they stand after a negation."""
    return Phrase(f"any {noun.generic}", noun.zh, (noun.tag,))
