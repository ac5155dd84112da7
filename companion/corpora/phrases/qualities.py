"""Adjectives that stand after their noun: what people and things are like, and how they compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import no_type_check

from .nouns import NOUNS, Noun


@no_type_check  # made or asked a million times
@dataclass(frozen=True, slots=True)
class Adjective:
    """A predicative adjective: happy, its comparative happier, 开心."""

    en: str
    comparative: str
    zh: str

    @property
    def tag(self) -> str:
        """The lexical tag, e.g. ``adjective:happy``."""
        return f"adjective:{self.en}"


def _adjectives(rows: str) -> tuple[Adjective, ...]:
    return tuple(
        Adjective(*row.strip().split("|")) for row in rows.split("\n") if row.strip()
    )


FEELINGS = _adjectives("""
    happy|happier|开心
    sad|sadder|难过
    tired|more tired|累
    busy|busier|忙
    hungry|hungrier|饿
    thirsty|thirstier|渴
    nervous|more nervous|紧张
    excited|more excited|激动
    angry|angrier|生气
    worried|more worried|担心
    disappointed|more disappointed|失望
    lonely|lonelier|孤单
    satisfied|more satisfied|满意
    relaxed|more relaxed|轻松
""")
UNPLEASANT = tuple(
    feeling
    for feeling in FEELINGS
    if feeling.en
    in (
        "sad",
        "tired",
        "busy",
        "hungry",
        "thirsty",
        "nervous",
        "angry",
        "worried",
        "disappointed",
        "lonely",
    )
)
TRAITS = _adjectives("""
    tall|taller|高
    clever|cleverer|聪明
    friendly|friendlier|友好
    young|younger|年轻
    strong|stronger|强壮
    polite|more polite|有礼貌
    hard-working|more hard-working|勤奋
    patient|more patient|有耐心
    funny|funnier|幽默
    thin|thinner|瘦
    quiet|quieter|安静
    careful|more careful|细心
    serious|more serious|严肃
""")

_PRICE = "expensive|more expensive|贵\n cheap|cheaper|便宜\n"
_BY_KIND = {
    "clothing": _PRICE
    + "beautiful|more beautiful|漂亮\n comfortable|more comfortable|舒服",
    "accessory": _PRICE + "beautiful|more beautiful|漂亮",
    "vehicle": _PRICE + "fast|faster|快\n new|newer|新",
    "device": _PRICE + "new|newer|新\n old|older|旧\n big|bigger|大\n small|smaller|小",
    "furniture": _PRICE
    + "big|bigger|大\n small|smaller|小\n new|newer|新\n old|older|旧",
    "food": "delicious|more delicious|好吃",
    "drink": "delicious|more delicious|好喝",
    "show": "interesting|more interesting|有意思\n boring|more boring|无聊\n long|longer|长",
    "text": "interesting|more interesting|有意思\n boring|more boring|无聊\n long|longer|长\n"
    " important|more important|重要",
    "computing": "useful|more useful|有用\n simple|simpler|简单\n big|bigger|大\n complicated|more complicated|复杂",
    "animal": "big|bigger|大\n small|smaller|小\n cute|cuter|可爱",
    "nature": "beautiful|more beautiful|漂亮",
}
_BY_NOUN = {
    "table,chair,sofa": _PRICE + "comfortable|more comfortable|舒服\n new|newer|新",
    "bed,sofa,chair": _PRICE + "comfortable|more comfortable|舒服\n big|bigger|大",
    "table": _PRICE + "big|bigger|大\n new|newer|新\n old|older|旧\n long|longer|长",
    "lamp": _PRICE + "bright|brighter|亮\n new|newer|新\n old|older|旧",
    "book,novel": _PRICE
    + "interesting|more interesting|有意思\n boring|more boring|无聊\n thick|thicker|厚\n"
    " famous|more famous|有名",
    "dictionary,textbook": _PRICE
    + "useful|more useful|有用\n thick|thicker|厚\n new|newer|新",
    "magazine": _PRICE
    + "interesting|more interesting|有意思\n boring|more boring|无聊\n thin|thinner|薄",
    "newspaper": "interesting|more interesting|有意思\n old|older|旧",
    "question": "difficult|more difficult|难\n easy|easier|容易\n important|more important|重要\n"
    " interesting|more interesting|有意思\n complicated|more complicated|复杂",
    "sentence,word": "difficult|more difficult|难\n long|longer|长\n important|more important|重要\n"
    " useful|more useful|有用",
    "algorithm,program": "fast|faster|快\n slow|slower|慢\n simple|simpler|简单\n complicated|more complicated|复杂\n"
    " useful|more useful|有用",
    "website": "useful|more useful|有用\n famous|more famous|有名\n simple|simpler|简单",
    "language model,neural network": "big|bigger|大\n small|smaller|小\n fast|faster|快\n useful|more useful|有用\n"
    " good|better|好\n complicated|more complicated|复杂",
    "dataset": "big|bigger|大\n small|smaller|小\n useful|more useful|有用\n important|more important|重要",
    "song": "beautiful|more beautiful|好听\n famous|more famous|有名\n long|longer|长",
    "room": _PRICE
    + "big|bigger|大\n small|smaller|小\n clean|cleaner|干净\n bright|brighter|亮\n quiet|quieter|安静",
    "house": _PRICE
    + "big|bigger|大\n small|smaller|小\n beautiful|more beautiful|漂亮\n old|older|旧",
    "bridge": "long|longer|长\n wide|wider|宽\n beautiful|more beautiful|漂亮",
    "mountain": "high|higher|高\n beautiful|more beautiful|美",
    "school": "big|bigger|大\n small|smaller|小\n famous|more famous|有名\n good|better|好",
    "hospital": "big|bigger|大\n small|smaller|小\n good|better|好\n far|farther|远",
    "restaurant,hotel,supermarket": _PRICE
    + "big|bigger|大\n clean|cleaner|干净\n famous|more famous|有名",
    "bookstore,bank": "big|bigger|大\n small|smaller|小\n new|newer|新",
    "horse": "beautiful|more beautiful|漂亮\n fast|faster|快\n big|bigger|大\n strong|stronger|强壮",
    "apple,orange,pear,peach,tomato": "big|bigger|大\n small|smaller|小\n fresh|fresher|新鲜\n cheap|cheaper|便宜",
    "water": "hot|hotter|热\n cold|colder|凉",
    "tree": "tall|taller|高\n old|older|老\n beautiful|more beautiful|漂亮",
    "key,photo": "old|older|旧\n small|smaller|小",
    "umbrella,bag,suitcase": _PRICE
    + "big|bigger|大\n small|smaller|小\n beautiful|more beautiful|漂亮",
    "pen,pencil": _PRICE + "good|better|好\n long|longer|长",
    "cup,bowl,toy": _PRICE
    + "beautiful|more beautiful|漂亮\n big|bigger|大\n small|smaller|小",
    "gift": _PRICE + "beautiful|more beautiful|漂亮",
    "guitar,violin,piano": _PRICE + "new|newer|新\n old|older|旧",
    "phone,camera": _PRICE
    + "new|newer|新\n old|older|旧\n good|better|好\n small|smaller|小",
    "computer": _PRICE
    + "new|newer|新\n old|older|旧\n fast|faster|快\n slow|slower|慢",
    "ticket": _PRICE,
    "map": _PRICE
    + "big|bigger|大\n new|newer|新\n old|older|旧\n useful|more useful|有用",
}


def _table() -> dict[str, tuple[Adjective, ...]]:
    by_noun = {
        name: _adjectives(rows)
        for names, rows in _BY_NOUN.items()
        for name in names.split(",")
    }
    return {
        name: by_noun.get(name) or _adjectives(_BY_KIND.get(noun.kind, ""))
        for name, noun in NOUNS.items()
    }


ADJECTIVES: dict[str, tuple[Adjective, ...]] = {
    name: found for name, found in _table().items() if found
}
DESCRIBED: tuple[Noun, ...] = tuple(NOUNS[name] for name in ADJECTIVES)
COMPARED: tuple[Noun, ...] = tuple(noun for noun in DESCRIBED if not noun.container)
