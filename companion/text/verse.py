"""What a verse is measured by: syllables and rhymes of English by its spelling, rhymes of Chinese characters."""

from __future__ import annotations

import re
from functools import lru_cache

_VOWELS = re.compile(r"[aeiouy]+")
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
# A final e is silent, and so is that of -es and -ed, except where the consonants before it need a vowel.
_SILENT = re.compile(r"(?<=[aeiouy])([^aeiouy]+)(e|es|ed)$")
_NEEDS_VOWEL = re.compile(r"(?:[^aeiouylr]l|[td](?=ed$)|(?:s|z|x|c|g|ch|sh)(?=es$))")
# So is one before an ending, and in the first half of some compounds.
_INSIDE = re.compile(
    r"(?<=[aeiouy][^aeiouyl])e(?=(?:ly|ful|fully|less|ness|ment)$)"
    r"|(?<=^som)e|(?<=^hom)e|(?<=^bas)e(?=b)|(?<=^lif)e(?=.)|(?<=^tim)e(?=.)"
)
# Two neighboring vowels that are two syllables: radio, quiet, actual, theory, idea, create, poem, going.
_APART = re.compile(
    r"(?<![ctsgx])i(?=a|o|u)|i(?=et|ence)|(?<![qg])u(?=a[^ry])|e(?=o(?!u|ple)|um)"
    r"|(?<=[rd])e(?=a(?:$|te))|o(?=e[mt])|[aeouy](?=ing)"
)

# The thirteen rhymes of northern opera. Some characters have two readings; the table has the usual one.
_RHYMES = {
    "a": (
        "他她它家花话吗大吧八下茶拉啦发打妈爸马价夏瓦沙法牙芽挂画跨霞哪那怕差巴娃华甲假辣塔察达加呀卡码啥拿答"
        "插查"
    ),
    "o": (
        "我多喝课说国火果过做坐歌河车热可客个盒和波坡落着合得色乐格科哥错所活桌朵左脱夺各社舍射破默佛惹测德渴"
        "颗磨"
    ),
    "ie": "些鞋夜街节界写谢爷月雪学铁业切接别姐借叶跌爹决缺略灭列裂血",
    "i": (
        "里你西气机期洗衣喜一起笔米地题第七鸡弟力习鱼雨去绿女句语旅区曲许系急记己皮体批迷立利理礼意宜医椅集极"
        "级计时是十事市石诗师试室吃迟子字自丝四词次此死纸只知志直治值日"
    ),
    "u": (
        "不书树路苦五步母父住数湖图土午务舞雾度读哭舒屋服福夫妇粗足主出初除厨处熟输鼠鹿露炉木目幕古鼓骨护呼虎"
        "户竹祝独布补铺"
    ),
    "ai": "来开爱海外快白太在菜带买卖台怪块坏袋摆派猜奶代载该孩再拍排牌彩歪帅",
    "ei": "飞谁水回会对美累味睡杯北最贵妹黑泪岁醉脆嘴随雷类背被备辈倍灰悔汇亏尾位围威危给配陪贼吹推腿退",
    "ao": (
        "好早到老笑鸟高少小要跳桥包饱草脑药票叫觉条教毛猫号道闹烧巧找照超炒考靠烤帽宝报抱跑苗妙秒料聊瞧敲飘标"
        "表招桃套"
    ),
    "ou": "有秋头走口酒手楼友球油牛狗愁收后候周流久旧瘦游州六休修透够就豆否丑漏抽留谋柔柚",
    "an": (
        "天山看饭年边点前面脸远电间店钱见欢晚慢船蓝難难完园院团圆眼烟闲甜田片先线鲜还寒汗汉喊三伞散懒感干肝含"
        "弯玩碗短断算酸乱暖管馆关换环单蛋谈淡站展然燃板班半办般安案暗员愿原选全劝念言严盐变便遍练恋联怜连卷冤"
    ),
    "en": (
        "人门心春分文近金今真云深新信本问很针粉神身沉晨贫拼斤紧您林琴音银印因民亲勤闻稳温昏魂婚论村存寸孙顺准"
        "困棍军群裙寻跟根恨"
    ),
    "ang": (
        "光长香强阳上忙样想汤床窗场让糖羊亮凉堂房霜乡方墙象向箱网望忘往王旺黄慌唱常尝厂伤商张章掌帮棒胖旁创双"
        "装庄江讲港缸当党躺烫良量粮两枪抢相响享养洋"
    ),
    "eng": (
        "风中红灯声冬空生梦行星听静冷等城明晴平请钟用痛工松弄动懂通同铜重种虫从聪丛东洞冰病瓶名命停庭亭定顶情"
        "轻青清镜景京经精净醒形姓性英影硬赢应横能层疼藤蒸整正争证成程乘升省胜圣更坑朋碰雄熊兄胸穷永泳龙"
    ),
}
_RHYME_OF = {
    character: name for name, characters in _RHYMES.items() for character in characters
}


def syllables(text: str) -> int:
    """Count the syllables of English text by its spelling: groups of vowels, less the silent ones.

    English is not spelled as it is spoken, so this is an estimate; the book measures how often it is right.

    Args:
        text: A word or a line; what is no letter separates words.

    Returns:
        The number, at least one for each word.

    Source: book, chapter 18.

    Example:
        >>> syllables("the little table"), syllables("We wanted more.")
        (5, 4)
    """
    return sum(_syllables(word.lower()) for word in _WORD.findall(text))


def _syllables(word: str) -> int:
    word = re.sub(r"['’].*", "", word)
    spoken = word
    silent = _SILENT.search(word)
    if silent and not _NEEDS_VOWEL.search(silent.group(0)):
        spoken = word[: silent.start(2)]
    spoken = _INSIDE.sub("", spoken)
    return max(1, len(_VOWELS.findall(spoken)) + len(_APART.findall(spoken)))


@lru_cache(maxsize=20_000)
def rhyme(word: str) -> str:
    """Return what a word rhymes on: its last vowels with all that follows, or the rhyme group of a character.

    Args:
        word: An English word or line, of which the last word counts; or Chinese, of which the last character counts.

    Returns:
        The same string for what rhymes by this rule; empty where the rule says nothing: a Chinese character that the
        table lacks, or a text without letters.

    Example:
        >>> rhyme("Good night!") == rhyme("light"), rhyme("床前明月光") == rhyme("疑是地上霜")
        (True, True)
    """
    letters = [character for character in word if character.isalpha()]
    if letters and not letters[-1].isascii():
        return _RHYME_OF.get(letters[-1], "")
    words = _WORD.findall(word)
    if not words:
        return ""
    last = re.sub(r"['’]", "", words[-1].lower())
    # A silent e stays, since it changes the vowel before it: hat, hate.
    found = re.search(r"([aeiouy]+[^aeiouy]*|[aeiouy]+[^aeiouy]+e)$", last)
    return found.group(0) if found else last


def rhyming_characters(character: str) -> str:
    """Return the characters of the same rhyme group, the character itself left out; none if the table lacks it.

    Example:
        >>> "霜" in rhyming_characters("光")
        True
    """
    group = _RHYMES.get(_RHYME_OF.get(character, ""), "")
    return "".join(sorted(set(group) - {character}))
