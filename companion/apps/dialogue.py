"""What a conversation leaves behind: its turns, as far as they fit, and a few facts that outlive them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from companion.apps._text import Language


@dataclass(frozen=True)
class Turn:
    """One exchange.

    Attributes:
        said: What the person said.
        reply: What the bot answered.
        intent: What the bot took it for, e.g. ``"course"``; ``"other"`` if it refused.
        confidence: From 0 to 1; 1 where a rule decided.
        language: In which the bot answered.
        value: The number, where the calculator answered.
        topic: What was asked about, where the course answered.
        link: The page that says so, relative to the book's site.
        stopped: Whether the answer was cut off.
    """

    said: str
    reply: str
    intent: str
    confidence: float
    language: Language
    value: Fraction | None = None
    topic: str | None = None
    link: str | None = None
    stopped: bool = False


def newest_that_fit(
    turns: Sequence[Turn], budget: int, size: Callable[[Turn], int]
) -> list[Turn]:
    """Choose the turns that a model is to see: the newest ones, whole, in their order, until the budget is used up.

    Args:
        turns: The turns, oldest first.
        budget: Greatest size together.
        size: Of one turn, in tokens or characters.

    Returns:
        A run of turns that ends with the last one; empty if not even that fits.

    Source: book, equation eq-window.

    Example:
        >>> turns = [Turn("a" * n, "", "greet", 1.0, "en") for n in (3, 9, 2, 4)]
        >>> [turn.said for turn in newest_that_fit(turns, 7, lambda turn: len(turn.said))]
        ['aa', 'aaaa']
    """
    kept, used = 0, 0
    for turn in reversed(turns):
        used += size(turn)
        if used > budget:
            break
        kept += 1
    return list(turns[len(turns) - kept :])


@dataclass
class Dialogue:
    """The memory of a conversation.

    Of the turns, the newest are kept whole, as many as fit into `budget` characters, at least the last one. Three facts
    outlive the turns, until `forget`: the name of the person, the last number, the last topic.

    Attributes:
        budget: Greatest number of characters of all turns together.
        turns: The turns that are kept, oldest first.
        dropped: Number of turns that are not.
        name: How the person wants to be called.
        value: The last result of the calculator.
        topic: What was last asked of the course.
        written: What the language model wrote last.
    """

    budget: int = 8_000
    turns: list[Turn] = field(default_factory=list)
    dropped: int = 0
    name: str | None = None
    value: Fraction | None = None
    topic: str | None = None
    written: str | None = None

    def remember(self, turn: Turn) -> None:
        """Append a turn, and drop the oldest ones that no longer fit."""
        self.turns.append(turn)
        kept = newest_that_fit(
            self.turns, self.budget, lambda t: len(t.said) + len(t.reply)
        )
        kept = kept or [turn]
        self.dropped += len(self.turns) - len(kept)
        self.turns = kept
        if turn.value is not None:
            self.value = turn.value
        if turn.topic is not None:
            self.topic = turn.topic

    def forget(self) -> None:
        """Begin anew: no turns, no facts."""
        self.turns, self.dropped = [], 0
        self.name = self.value = self.topic = self.written = None

    @property
    def last(self) -> Turn | None:
        """The last turn; None at the beginning."""
        return self.turns[-1] if self.turns else None

    def transcript(self) -> str:
        """Return the turns that are kept, as they were said.

        Example:
            >>> dialogue = Dialogue()
            >>> dialogue.remember(Turn("Hi!", "Hello.", "greet", 1.0, "en"))
            >>> print(dialogue.transcript())
            you: Hi!
            bot: Hello.
        """
        lines = [f"({self.dropped} earlier turns are gone)"] if self.dropped else []
        for turn in self.turns:
            stop = " [stopped]" if turn.stopped else ""
            lines += [f"you: {turn.said}", f"bot: {turn.reply}{stop}"]
        return "\n".join(lines)


_NAMES = (
    r"(?:my (?:\w+ )?name(?:'s| is)(?! not\b)|the name(?:'s| is)|name: it is|"
    r"(?:(?:people|they|friends|may|can|please|would you|you to|to) )?"
    r"\bcall me|\bi am called|\bi'm called|\bi go by|address me as|knows? me as|known as|named me)\s+(?P<name>.+)",
    r"(?:\bit's|\bthis is|\bi am|\bi'm)\s+(?P<name>[^,.!?]+?)(?:\s+(?:here|speaking))?$",
    r"(?:名字叫做?|名字是|名叫|叫我|管我叫|名叫|称呼我|本人名叫|人称我|起名叫|外号是|全名是|(?<!不)叫做?|我用)\s*(?P<name>[^，。！？,.!?]+)",
    r"我是\s*(?P<name>[^，。！？,.!?]+)",
)
_AFTER_NAME = re.compile(
    r"[,，。.!！?？;；:：\"“”]|\s(?:please|from|after|before|and|but|now)\b|(?:就行|吧|就好|好了)$",
    re.IGNORECASE,
)


def name_in(text: str) -> str | None:
    """Return the name by which somebody introduces himself or herself.

    Example:
        >>> name_in("Hello, my name is Ada."), name_in("你好，我叫小明。"), name_in("What is my name?")
        ('Ada', '小明', None)
    """
    if re.search(r"[?？吗]|什么|谁", text) and not re.search(
        r"would you", text, re.IGNORECASE
    ):
        return None
    for pattern in _NAMES:
        found = re.search(pattern, text.strip().rstrip(".!。！?？"), re.IGNORECASE)
        if found:
            name = _AFTER_NAME.split(found["name"].strip(), maxsplit=1)[0].strip()
            if 0 < len(name) <= 40:
                return name
    return None
