"""Verbs with the things they take, activities, and the predicates of both in every form that is needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import no_type_check

from .circumstances import Place, places
from .english import ing_form, third_person
from .nouns import Noun, demonstrative, generic, indefinite, none_of, nouns, of_kind
from .people import POSSESSIVES, Person
from .phrase import Draw, Phrase


@no_type_check  # made or asked a million times
@dataclass(frozen=True, slots=True)
class Verb:
    """A transitive verb.

    Attributes:
        en: Base form, with its preposition if it has one ("look for").
        past: Past tense.
        participle: Past participle.
        zh: The Chinese verb.
        objects: What one can do it to.
        modes: In which constructions it is natural: habit, prog, past, exp, will, order, done.
        done: The Chinese verb with its completing result (读完), where the English is "finish reading".
        habits: The objects of habitual sentences.
        where: Where one does it.
    """

    en: str
    past: str
    participle: str
    zh: str
    objects: tuple[Noun, ...]
    modes: frozenset[str]
    done: str = ""
    habits: tuple[Noun, ...] = ()
    where: tuple[Place, ...] = ()

    @property
    def tag(self) -> str:
        """The lexical tag, e.g. ``verb:read``."""
        return f"verb:{self.en}"


@no_type_check  # made or asked a million times
@dataclass(frozen=True, slots=True)
class Predicate:
    """A verb with its object, or an activity, in the forms of both languages.

    Attributes:
        base: "read a book".
        past: "read a book" (past tense).
        participle: "read a book" (past participle).
        ing: "reading a book".
        verb: The Chinese verb without its object, 读.
        object: The Chinese object, 一本书; may be empty.
        where: Places that suit it.
        tags: What it is made of.
        en_place: " in the library", or empty.
        zh_place: 图书馆, or empty.
        done: 读完, where it exists.
    """

    base: str
    past: str
    participle: str
    ing: str
    verb: str
    object: str
    where: tuple[Place, ...]
    tags: tuple[str, ...]
    en_place: str = ""
    zh_place: str = ""
    done: str = ""

    @property
    def third(self) -> str:
        """The third person singular of the present."""
        return third_person(self.base)

    @property
    def zh(self) -> str:
        """Place, verb and object: 在图书馆读一本书."""
        return self._at + self.verb + self.object

    @property
    def _at(self) -> str:
        return f"在{self.zh_place}" if self.zh_place else ""

    def aspect(self, particle: str) -> str:
        """Place, verb, particle, object: 在图书馆读了一本书."""
        return f"{self._at}{self.verb}{particle}{self.object}"

    def ongoing(self, marker: str = "正在") -> str:
        """Give the progressive; the 在 of the place and the 在 of the aspect become one: 正在图书馆读一本书."""
        return f"{marker}{self.zh_place}{self.verb}{self.object}"

    def present(self, subject: Person) -> str:
        """Give the English present, agreeing with its subject."""
        return subject.agree(self.base, self.third) + self.en_place

    def placed(self, draw: Draw, percent: int) -> Predicate:
        """Give the same predicate with a place, in so many cases of a hundred."""
        if not self.where or not draw.chance(percent):
            return self
        place = draw(self.where)
        return Predicate(
            self.base,
            self.past,
            self.participle,
            self.ing,
            self.verb,
            self.object,
            self.where,
            (*self.tags, place.tag, "place"),
            f" {place.where}",
            place.zh_where,
            self.done,
        )


_HOME_OR_LIBRARY = "home,library,café,park,classroom"


def _verb(
    en: str,
    past: str,
    participle: str,
    zh: str,
    objects: tuple[Noun, ...],
    modes: str,
    done: str = "",
    habits: str = "",
    where: str = "",
) -> Verb:
    return Verb(
        en,
        past,
        participle,
        zh,
        objects,
        frozenset(modes.split()),
        done,
        nouns(habits) if habits else (),
        places(where),
    )


_BUY = (
    *of_kind("clothing", "accessory", "vehicle", "device", "furniture", "drink"),
    *nouns("book,novel,magazine,dictionary,textbook,newspaper"),
    *nouns(
        "apple,orange,banana,pear,peach,egg,tomato,potato,sandwich,hamburger,cake,chocolate"
    ),
    *nouns(
        "umbrella,map,ticket,stamp,pencil,pen,bag,cup,bowl,knife,gift,toy,suitcase,guitar,violin,piano"
    ),
    *nouns("flower"),
)
VERBS: tuple[Verb, ...] = (
    _verb(
        "read",
        "read",
        "read",
        "读",
        nouns(
            "book,novel,magazine,newspaper,letter,email,article,paper,poem,story,report,textbook"
        ),
        "habit prog past exp will order done",
        "读完",
        "book,novel,newspaper,magazine,poem,story",
        _HOME_OR_LIBRARY,
    ),
    _verb(
        "write",
        "wrote",
        "written",
        "写",
        nouns("letter,email,article,paper,poem,story,report,program"),
        "habit prog past will done",
        "写完",
        "letter,article,poem,program,story",
        "home,library,office,café",
    ),
    _verb(
        "translate",
        "translated",
        "translated",
        "翻译",
        nouns("sentence,article,poem,letter,paper,report,story,email"),
        "habit prog past exp will order done",
        "翻译完",
        "poem,article,story",
        "home,library,office",
    ),
    _verb(
        "eat",
        "ate",
        "eaten",
        "吃",
        of_kind("food"),
        "habit prog past want order done exp",
        "吃完",
        "apple,orange,banana,pear,egg,tomato,rice,noodles,bread,dumpling",
        "home,restaurant,kitchen,garden",
    ),
    _verb(
        "drink",
        "drank",
        "drunk",
        "喝",
        of_kind("drink"),
        "habit prog past want order done exp",
        "喝完",
        "tea,coffee,water,milk,juice",
        "home,café,office,kitchen,garden",
    ),
    _verb("buy", "bought", "bought", "买", _BUY, "past will", habits="", where=""),
    _verb(
        "sell",
        "sold",
        "sold",
        "卖",
        (
            *of_kind("vehicle", "furniture"),
            *nouns("computer,camera,phone,piano,guitar,violin"),
        ),
        "past will",
    ),
    _verb(
        "watch",
        "watched",
        "watched",
        "看",
        nouns("movie,video,basketball game"),
        "habit prog past exp will order done",
        "看完",
        "movie,basketball game",
        "home",
    ),
    _verb(
        "listen to",
        "listened to",
        "listened to",
        "听",
        nouns("song,story"),
        "prog past exp order",
        habits="",
        where="home,park,classroom,living room",
    ),
    _verb(
        "sing",
        "sang",
        "sung",
        "唱",
        nouns("song"),
        "prog past exp will order",
        "唱完",
        "",
        "home,park,classroom",
    ),
    _verb(
        "wash",
        "washed",
        "washed",
        "洗",
        nouns(
            "shirt,coat,sweater,skirt,dress,jeans,socks,car,bicycle,cup,bowl,apple,pear,peach,tomato"
        ),
        "prog past will order done",
        "洗完",
    ),
    _verb(
        "repair",
        "repaired",
        "repaired",
        "修理",
        (
            *of_kind("vehicle"),
            *nouns("computer,camera,phone,television,printer,washing machine,fridge"),
            *nouns("chair,bed,table,watch,lamp,piano,guitar"),
        ),
        "prog past will order",
    ),
    _verb(
        "look for",
        "looked for",
        "looked for",
        "找",
        nouns(
            "key,umbrella,phone,camera,book,dictionary,map,ticket,pen,bag,photo,hat,scarf,watch,suitcase"
        ),
        "prog past order",
        where="home,office,classroom,living room,bedroom,library",
    ),
    _verb(
        "find",
        "found",
        "found",
        "找到",
        nouns(
            "key,umbrella,phone,camera,map,ticket,pen,bag,photo,hat,scarf,watch,letter,letter,book"
        ),
        "past",
        where="office,classroom,living room,bedroom,garden,park",
    ),
    _verb(
        "use",
        "used",
        "used",
        "用",
        nouns(
            "computer,camera,printer,washing machine,dictionary,map,phone,knife,umbrella,program,pen"
        ),
        "past exp order",
    ),
    _verb(
        "borrow",
        "borrowed",
        "borrowed",
        "借",
        nouns(
            "book,novel,magazine,dictionary,textbook,umbrella,bicycle,camera,pen,map"
        ),
        "past will",
    ),
    _verb(
        "draw",
        "drew",
        "drawn",
        "画",
        nouns(
            "map,flower,tree,horse,cat,dog,bird,fish,elephant,panda,rabbit,house,bridge,mountain"
        ),
        "prog past will",
        "画完",
        where="home,park,classroom,garden",
    ),
    _verb(
        "train",
        "trained",
        "trained",
        "训练",
        nouns("language model,neural network"),
        "prog past exp will",
        where="lab,office",
    ),
    _verb(
        "test",
        "tested",
        "tested",
        "测试",
        nouns(
            "program,algorithm,language model,website,computer,phone,camera,neural network"
        ),
        "prog past exp will order",
        where="lab,office",
    ),
    _verb(
        "design",
        "designed",
        "designed",
        "设计",
        nouns("website,program,algorithm,neural network"),
        "prog past exp will",
    ),
    _verb(
        "see",
        "saw",
        "seen",
        "看见",
        nouns("bird,cat,dog,horse,rabbit,duck,snake,sheep,cow,fish,car,bicycle,flower"),
        "past",
        where="park,garden",
    ),
    _verb(
        "receive",
        "received",
        "received",
        "收到",
        nouns("letter,email,gift,package,report"),
        "past",
    ),
    _verb("send", "sent", "sent", "寄", nouns("letter,package,gift"), "past will"),
    _verb(
        "bring",
        "brought",
        "brought",
        "带",
        nouns("umbrella,camera,map,gift,dictionary,guitar,textbook"),
        "will order",
    ),
    _verb(
        "answer",
        "answered",
        "answered",
        "回答",
        nouns("question,letter")[:1],
        "past will order prog",
        where="",
    ),
    _verb(
        "discuss",
        "discussed",
        "discussed",
        "讨论",
        nouns("question,article,paper,novel,movie,poem,report"),
        "prog past exp will order",
        where="classroom,office,library,café",
    ),
    _verb(
        "copy",
        "copied",
        "copied",
        "抄",
        nouns("sentence,word,poem"),
        "prog past order done",
        "抄完",
        where="classroom,home",
    ),
)
VERB = {verb.en: verb for verb in VERBS}


def in_mode(mode: str) -> tuple[Verb, ...]:
    """Give the verbs that are natural in a construction, each as often as it has objects to offer (at most 12)."""
    fits: dict[str, Callable[[Verb], bool]] = {
        "want": lambda verb: bool(verb.modes & {"want", "will"}),
        "just": lambda verb: (
            "past" in verb.modes and verb.en not in ("look for", "use")
        ),
        "can": lambda verb: verb.en in ("read", "write", "translate", "draw", "copy"),
    }
    fitting = [
        verb
        for verb in VERBS
        if (fits[mode](verb) if mode in fits else mode in verb.modes)
    ]
    return tuple(verb for verb in fitting for _ in range(min(12, len(verb.objects))))


BY_MODE = {
    mode: in_mode(mode)
    for mode in (
        "habit",
        "prog",
        "past",
        "exp",
        "will",
        "order",
        "done",
        "want",
        "just",
        "can",
    )
}


def predicate(verb: Verb, thing: Phrase, noun: Noun) -> Predicate:
    """Join a verb and its object."""
    tags = (verb.tag, *thing.tags, f"combination:{verb.en}+{noun.en}")
    head, space, preposition = verb.en.partition(" ")
    ing = ing_form(head) + space + preposition
    return Predicate(
        f"{verb.en} {thing.en}",
        f"{verb.past} {thing.en}",
        f"{verb.participle} {thing.en}",
        f"{ing} {thing.en}",
        verb.zh,
        thing.zh,
        verb.where,
        tags,
        done=verb.done,
    )


def with_indefinite(draw: Draw, mode: str, most: int = 5) -> Predicate:
    """Draw a predicate like "read a novel"."""
    verb = draw(BY_MODE[mode])
    noun = draw(verb.objects)
    # Nobody trains five models, draws five bridges or eats four plates in one sentence that should sound plain.
    most = (
        min(most, 3)
        if verb.en
        in ("eat", "drink", "train", "design", "sell", "write", "test", "translate")
        else most
    )
    big = noun.kind in ("vehicle", "device", "furniture") or noun.en in (
        "piano",
        "house",
        "bridge",
        "suitcase",
    )
    return predicate(verb, indefinite(draw, noun, 2 if big else most), noun)


def with_definite(draw: Draw, mode: str, subject: Person | None = None) -> Predicate:
    """Draw a predicate like "read this novel", or "repair his bicycle" where the subject owns such things."""
    verb = draw(BY_MODE[mode])
    noun = draw(verb.objects)
    ownable = noun.kind in (
        "clothing",
        "accessory",
        "vehicle",
        "device",
        "furniture",
        "thing",
    )
    if subject and subject.pronoun and ownable and verb.en in _OWN and draw.chance(50):
        en, zh = POSSESSIVES[subject.pronoun]
        thing = Phrase(f"{en} {noun.en}", f"{zh}的{noun.zh}", (noun.tag, "possession"))
        return predicate(verb, thing, noun)
    return predicate(verb, demonstrative(draw, noun, plurals=mode != "prog"), noun)


_OWN = frozenset({"wash", "repair", "look for", "find", "sell"})


_TASTES = frozenset(
    {
        "dumpling",
        "hamburger",
        "sandwich",
        "chocolate",
        "peach",
        "pear",
        "wine",
        "beer",
        "coffee",
    }
)


def in_experience(draw: Draw) -> Predicate:
    """Draw what one has or has not done in one's life: read this novel, eaten pears."""
    verb = draw(BY_MODE["exp"])
    # To have eaten a potato is no experience worth telling.
    tasted = verb.en in ("eat", "drink")
    noun = draw(
        tuple(noun for noun in verb.objects if noun.en in _TASTES)
        if tasted
        else verb.objects
    )
    thing = generic(noun) if tasted else demonstrative(draw, noun, plurals=False)
    return predicate(verb, thing, noun)


def with_generic(draw: Draw) -> Predicate:
    """Draw a predicate of habit like "read novels"."""
    verb = draw([verb for verb in VERBS if verb.habits])
    noun = draw(verb.habits)
    return predicate(verb, generic(noun), noun)


def with_none(draw: Draw, mode: str) -> Predicate:
    """Draw a predicate as it stands after a negation: "read any novels"."""
    verb = draw(BY_MODE[mode])
    noun = draw(verb.objects)
    return predicate(verb, none_of(noun), noun)
