"""Who the sentences are about: pronouns, names, relatives, people by their role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import no_type_check

from .english import possessive
from .phrase import CONSTRUCTIONS, Construction, Draw, Phrase, sentence


@no_type_check  # made or asked a million times
@dataclass(frozen=True, slots=True)
class Person:
    """Someone who can be the subject or the object of a sentence.

    Attributes:
        en: As the subject in English.
        zh: As subject or object in Chinese.
        agreement: ``"1s"``, ``"2s"``, ``"3s"`` or ``"p"``: what the English verb agrees with.
        pronoun: How English refers back to the person ("she"); empty if the gender is open.
        pronoun_zh: How Chinese refers back to the person (她).
        tags: Lexical tags.
        object: As the object in English, where that differs.
    """

    en: str
    zh: str
    agreement: str
    pronoun: str
    pronoun_zh: str
    tags: tuple[str, ...]
    object: str = ""

    @property
    def en_object(self) -> str:
        """The English object form: me, him, Anna."""
        return self.object or self.en

    @property
    def be(self) -> str:
        """The present of "be"."""
        return {"1s": "am", "3s": "is"}.get(self.agreement, "are")

    @property
    def was(self) -> str:
        """The past of "be"."""
        return "was" if self.agreement in ("1s", "3s") else "were"

    @property
    def do(self) -> str:
        """The auxiliary "do"."""
        return "does" if self.agreement == "3s" else "do"

    @property
    def have(self) -> str:
        """The auxiliary "have"."""
        return "has" if self.agreement == "3s" else "have"

    def agree(self, base: str, third: str) -> str:
        """Choose between the base form and the third person singular."""
        return third if self.agreement == "3s" else base

    def again(self) -> Person:
        """Give the pronoun that refers back to the person."""
        return _BY_PRONOUN[self.pronoun]


def _pronoun(en: str, zh: str, agreement: str, accusative: str) -> Person:
    return Person(en, zh, agreement, en, zh, (f"pronoun:{en}",), accusative)


I = _pronoun("I", "我", "1s", "me")  # noqa: E741  (the pronoun has no other name)
YOU = _pronoun("you", "你", "2s", "you")
HE = _pronoun("he", "他", "3s", "him")
SHE = _pronoun("she", "她", "3s", "her")
WE = _pronoun("we", "我们", "p", "us")
THEY = _pronoun("they", "他们", "p", "them")
PRONOUNS = (I, YOU, HE, SHE, WE, THEY)
_BY_PRONOUN = {person.en: person for person in PRONOUNS}

POSSESSIVES = {
    "I": ("my", "我"),
    "you": ("your", "你"),
    "he": ("his", "他"),
    "she": ("her", "她"),
    "we": ("our", "我们"),
    "they": ("their", "他们"),
}

_WOMEN = (
    "Anna 安娜,Mary 玛丽,Lucy 露西,Emma 艾玛,Linda 琳达,Alice 爱丽丝,Sophia 索菲亚,Julia 朱莉娅,Lisa 丽莎,"
    "Nina 妮娜,Helen 海伦,Laura 劳拉,Wang Fang 王芳,Chen Jing 陈静,Li Na 李娜"
)
_MEN = (
    "Peter 彼得,Tom 汤姆,David 大卫,Jack 杰克,Paul 保罗,Daniel 丹尼尔,Michael 迈克尔,Kevin 凯文,Henry 亨利,"
    "Robert 罗伯特,Martin 马丁,Simon 西蒙,Li Ming 李明,Zhang Wei 张伟,Zhao Lei 赵磊"
)


def _names(rows: str, pronoun: Person) -> tuple[Person, ...]:
    people = []
    for row in rows.split(","):
        en, _, zh = row.rpartition(" ")
        people.append(Person(en, zh, "3s", pronoun.en, pronoun.zh, (f"name:{en}",)))
    return tuple(people)


NAMES = _names(_WOMEN, SHE) + _names(_MEN, HE)

# English, Chinese, pronoun, whether a possessive pronoun needs 的 (close relatives do without).
_RELATIONS = (
    ("mother", "妈妈", SHE, False),
    ("father", "爸爸", HE, False),
    ("older brother", "哥哥", HE, False),
    ("older sister", "姐姐", SHE, False),
    ("younger brother", "弟弟", HE, False),
    ("younger sister", "妹妹", SHE, False),
    ("grandmother", "奶奶", SHE, False),
    ("grandfather", "爷爷", HE, False),
    ("son", "儿子", HE, False),
    ("daughter", "女儿", SHE, False),
    ("wife", "妻子", SHE, False),
    ("husband", "丈夫", HE, False),
    ("friend", "朋友", None, True),
    ("teacher", "老师", None, True),
    ("classmate", "同学", None, True),
    ("colleague", "同事", None, True),
    ("neighbor", "邻居", None, True),
)


def _relatives(owner: str) -> tuple[Person, ...]:
    en_owner, zh_owner = POSSESSIVES[owner]
    people = []
    for en, zh, pronoun, particle in _RELATIONS:
        # "My wife" of a woman and "his husband" of a man are left out of this small world, "our wife" of any.
        if (en == "wife" and owner not in ("I", "he")) or (
            en == "husband" and owner not in ("you", "she")
        ):
            continue
        people.append(
            Person(
                f"{en_owner} {en}",
                f"{zh_owner}{'的' if particle else ''}{zh}",
                "3s",
                pronoun.en if pronoun else "",
                pronoun.zh if pronoun else "",
                (f"relation:{en}", "possession"),
            )
        )
    return tuple(people)


MY_RELATIVES = _relatives("I")
YOUR_RELATIVES = _relatives("you")
HIS_OR_HER_RELATIVES = _relatives("he") + _relatives("she")


def _role(en: str, zh: str, *, many: bool = False) -> Person:
    them = many
    return Person(
        en,
        zh,
        "p" if many else "3s",
        THEY.en if them else "",
        THEY.zh if them else "",
        (f"role:{en}",),
    )


ROLES = (
    _role("the students", "学生们", many=True),
    _role("the children", "孩子们", many=True),
    _role("the teachers", "老师们", many=True),
    _role("my friends", "我的朋友们", many=True),
    _role("our teacher", "我们的老师"),
    _role("that student", "那个学生"),
    _role("that doctor", "那位医生"),
    _role("that engineer", "那位工程师"),
    _role("that programmer", "那位程序员"),
)


def _couple(first: Person, second: Person) -> Person:
    mixed = I in (first, second)
    them = WE if mixed else THEY
    en, zh = f"{first.en} and {second.en}", f"{first.zh}和{second.zh}"
    tags = (*first.tags, *second.tags, "coordination")
    return Person(en, zh, "p", them.en, them.zh, tags)


def anyone(draw: Draw, *, you: bool = False) -> Person:
    """Draw the subject of a statement."""
    kind = draw.below(100)
    if kind < 38:
        return draw(PRONOUNS if you else (I, I, HE, SHE, WE, THEY))
    if kind < 72:
        return draw(NAMES)
    if kind < 86:
        return draw(MY_RELATIVES)
    if kind < 90:
        return draw(HIS_OR_HER_RELATIVES)
    if kind < 96:
        return draw(ROLES)
    return couple(draw)


def couple(draw: Draw) -> Person:
    """Draw two people joined by "and"; the speaker comes last in English and first in Chinese."""
    first = draw(NAMES)
    if draw.chance(40):
        tags = (*first.tags, *I.tags, "coordination")
        return Person(f"{first.en} and I", f"我和{first.zh}", "p", WE.en, WE.zh, tags)
    second = draw(NAMES)
    while second is first:
        second = draw(NAMES)
    return _couple(first, second)


def asked(draw: Draw) -> Person:
    """Draw the subject of a question: most often the person spoken to, never the speaker."""
    kind = draw.below(100)
    if kind < 40:
        return YOU
    if kind < 60:
        return draw((HE, SHE, THEY))
    if kind < 82:
        return draw(NAMES)
    return draw(YOUR_RELATIVES)


def single(draw: Draw) -> Person:
    """Draw one person with a known gender, so that a later clause can refer back."""
    kind = draw.below(100)
    if kind < 25:
        return draw((I, HE, SHE, WE, THEY))
    if kind < 75:
        return draw(NAMES)
    person = draw(MY_RELATIVES)
    return person if person.pronoun else draw(NAMES)


def other(draw: Draw, subject: Person) -> Person:
    """Draw someone who is not the subject, as an object."""
    while True:
        kind = draw.below(100)
        if kind < 35:
            person = draw((I, YOU, HE, SHE, WE, THEY))
        elif kind < 70:
            person = draw(NAMES)
        else:
            person = draw(MY_RELATIVES)
        if not overlap(subject, person):
            return person


def overlap(one: Person, two: Person) -> bool:
    """Whether two people may be the same, or one of a group with the other."""
    if one.zh == two.zh or set(one.tags) & set(two.tags) - {
        "possession",
        "coordination",
    }:
        return True
    first = {"I", "we"}
    if one.pronoun in first and two.pronoun in first:
        return True
    # "He ... him" and "She ... her" read as two people in English, but a learner stumbles; leave them out.
    if (
        one.pronoun
        and one.pronoun == two.pronoun
        and (one in PRONOUNS or two in PRONOUNS)
    ):
        return True
    # "You ... my wife" is fine, "my wife ... my husband" contradicts itself.
    return {"relation:wife", "relation:husband"} <= {*one.tags, *two.tags}


def owned(draw: Draw, subject: Person) -> Phrase:
    """Draw a possessive determiner: the subject's own most of the time, else someone's name."""
    if subject.pronoun and draw.chance(60):
        en, zh = POSSESSIVES[subject.pronoun]
        return Phrase(en, f"{zh}的", ("possession",))
    owner = draw(NAMES)
    return Phrase(possessive(owner.en), f"{owner.zh}的", ("possession", *owner.tags))


def statement(
    name: str, size: int
) -> Callable[[Callable[[Draw, Person], Phrase]], Callable[[Draw, Person], Phrase]]:
    """Register a clause about a subject as a construction of its own; compound sentences may embed it too."""

    def register(
        clause: Callable[[Draw, Person], Phrase],
    ) -> Callable[[Draw, Person], Phrase]:
        CONSTRUCTIONS.append(
            Construction(
                name, size, draw=lambda draw: sentence(clause(draw, anyone(draw)))
            )
        )
        return clause

    return register
