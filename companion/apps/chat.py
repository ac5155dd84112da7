"""A small, honest chat bot: it tells twelve intents apart, uses two tools, quotes the course, or refuses."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from companion.apps._text import Language, checked_text, language_of
from companion.apps.arithmetic import CalculationError, evaluate, shown
from companion.apps.clock import Clock, day_asked
from companion.apps.dialogue import Dialogue, Turn, name_in
from companion.apps.followups import (
    asks_for_more,
    completed,
    text_to_continue,
    topic_of,
)
from companion.apps.replies import listed, say
from companion.apps.spoken_arithmetic import expression_in
from companion.corpora.intents import OTHER

LIMIT = 4_000  # characters of one utterance
_LETTERS = re.compile(r"[^\W\d_]")
# These ask the clock and nothing else: no model is needed to see it.
_TIME = re.compile(
    r"(?:(?:please |can you |could you )?(?:tell me )?(?:what(?:'s| is) the (?:current )?time|"
    r"what time (?:is it|it is)|the time)"
    r"(?: now| right now| please)?|(?:请问|请告诉我)?(?:现在)?(?:是)?几点(?:了|钟)?(?:了)?)",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:what(?:'s| is) (?:the date|today's date)|what day is (?:it|today|tomorrow)|what is the date)(?: today)?|"
    r"(?:请问)?(?:今天|明天|昨天|后天|前天)(?:是)?(?:几号|星期几|周几|礼拜几|几月几号)",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"(?:and |what about |and what about )?(?:the day after tomorrow|the day before yesterday|tomorrow|"
    r"yesterday|today)|"
    r"那?么?(?:明天|后天|昨天|前天|今天)呢",
    re.IGNORECASE,
)


@runtime_checkable
class Answers(Protocol):
    """What answers questions; `companion.apps.QuestionAnswerer` does."""

    def answer(self, question: str) -> Any:
        """Return an answer with ``found``, ``answer`` and ``link``."""


@runtime_checkable
class Searches(Protocol):
    """What finds sections; `companion.apps.SearchEngine` does."""

    def search(self, query: str, k: int = 10) -> Any:
        """Return results with ``title`` and ``link``, best first."""


@runtime_checkable
class Writes(Protocol):
    """What goes on with a text; `companion.apps.TextGenerator` does."""

    def stream(
        self, prompt: str, *, language: Language | None = None, seed: int = 0
    ) -> Iterator[str]:
        """Yield the continuation piece by piece."""


@runtime_checkable
class Understands(Protocol):
    """What tells intents; `companion.apps.understanding.IntentModel` does."""

    def understand(self, text: str) -> Any:
        """Return ``intent``, ``confidence`` and ``accepted``."""


@dataclass(frozen=True)
class _NoReader:
    """Stands for the reader where the package came without it: then the bot names sections, and quotes nothing."""

    found: bool = False

    def answer(self, question: str) -> _NoReader:
        return self


@lru_cache
def _answerer() -> Answers:
    from companion.apps.answerer import QuestionAnswerer

    try:
        return QuestionAnswerer.load()
    except FileNotFoundError:
        return _NoReader()


@lru_cache
def _searcher() -> Searches:
    from companion.apps.search import SearchEngine

    return SearchEngine.load()


@lru_cache
def _writer() -> Writes:
    from companion.apps.generator import TextGenerator

    return TextGenerator.load()


def _understander() -> Understands:
    from companion.apps.understanding import course_intents

    return course_intents(whole=True)


@dataclass(frozen=True)
class Services:
    """What the bot asks, each made when it is first needed: a tool answers without any of them.

    Attributes:
        understand: Returns what tells intents.
        answer: Returns what answers questions about the course.
        search: Returns what finds sections.
        write: Returns what goes on with a text.
        clock: Tells time and date.
    """

    understand: Callable[[], Understands] = _understander
    answer: Callable[[], Answers] = _answerer
    search: Callable[[], Searches] = _searcher
    write: Callable[[], Writes] = _writer
    clock: Clock = field(default_factory=Clock)


@dataclass
class _Plan:
    """An answer before it is said: its pieces, and what is to be remembered of it."""

    intent: str
    pieces: Iterator[str]
    confidence: float = 1.0
    value: Fraction | None = None
    topic: str | None = None
    link: str | None = None


class ChatBot:
    """Talks, in English and Chinese.

    In this order: what leans on the last turns is completed by them; what is a calculation or asks the clock goes to
    the tool; for all else the intent is predicted, and below the threshold the bot refuses and says what it can do.

    Args:
        services: What the bot asks; the course's own if left out.
        language: ``"en"`` or ``"zh"`` to answer always in it; None answers in the language of the utterance.
        budget: Greatest number of characters of the turns that are kept, see `Dialogue`.

    Example:
        >>> bot = ChatBot()
        >>> "".join(bot.reply("What is 12 times 7?")), "".join(bot.reply("and divided by 2?"))
        ('84', '42')
        >>> bot.answer("明天天气怎么样？").intent
        'other'
    """

    def __init__(
        self,
        services: Services | None = None,
        language: Language | None = None,
        budget: int = 8_000,
    ) -> None:
        if language not in (None, "en", "zh"):
            raise ValueError(f'language must be "en", "zh" or None, got {language!r}')
        if budget < 1:
            raise ValueError(f"budget must be at least 1 character, got {budget}")
        self.services = services or Services()
        self.language = language
        self.dialogue = Dialogue(budget)

    @classmethod
    def fit(cls, train: Any, valid: Any, language: Language | None = None) -> ChatBot:
        """Make a bot that understands other utterances.

        Args:
            train: Documents whose label is the intent, see `IntentModel.fit`.
            valid: Others, with ``"other"`` among the labels, to choose the threshold with.
            language: See the class.

        Returns:
            The bot.
        """
        from companion.apps.understanding import IntentModel

        model = IntentModel.fit(train, valid)
        return cls(Services(understand=lambda: model), language)

    def save(self, folder: str | Path) -> None:
        """Write the intent model into a folder; the conversation is not saved, see `Dialogue.transcript`.

        Raises:
            TypeError: If the bot has an intent model that cannot be saved.
        """
        model = self.services.understand()
        if not hasattr(model, "save"):
            raise TypeError(f"a {type(model).__name__} cannot be saved")
        model.save(folder)

    @classmethod
    def load(
        cls, folder: str | Path | None = None, language: Language | None = None
    ) -> ChatBot:
        """Make the course's bot, or one with the intents that `save` wrote.

        Args:
            folder: Where they are; None fits the course's utterances when they are first needed, in half a second.
            language: See the class.

        Raises:
            FileNotFoundError: If there is nothing in the folder.
            ValueError: If it is damaged.
        """
        if folder is None:
            return cls(language=language)
        from companion.apps.understanding import IntentModel

        model = IntentModel.load(folder)
        return cls(Services(understand=lambda: model), language)

    def reset(self) -> None:
        """Forget the conversation."""
        self.dialogue.forget()

    def reply(self, text: str) -> Generator[str, None, None]:
        """Answer piece by piece; the turn is remembered at the end, or when the iterator is closed before it.

        Args:
            text: What somebody said, at most `LIMIT` characters.

        Returns:
            The pieces of the answer. What the language model writes comes token by token, all else at once.

        Raises:
            TypeError: If it is no string.
            ValueError: If it is empty or too long; the message says what to do.
        """
        return self._speak(checked_text(text, LIMIT, name="message"))

    def answer(self, text: str) -> Turn:
        """Answer as a whole; see `reply` for errors.

        Returns:
            The turn: the answer, the intent, its confidence, and a number, topic or link if there is one.
        """
        for _ in self.reply(text):
            pass
        assert self.dialogue.last is not None
        return self.dialogue.last

    def _speak(self, said: str) -> Generator[str, None, None]:
        language = self._language(said)
        plan = self._plan(said, language)
        spoken: list[str] = []
        stopped = True
        try:
            for piece in plan.pieces:
                spoken.append(piece)
                yield piece
            stopped = False
        finally:
            self.dialogue.remember(
                Turn(
                    said, "".join(spoken), plan.intent, plan.confidence, language, plan.value, plan.topic, plan.link,
                    stopped,
                )
            )  # fmt: skip

    def _language(self, said: str) -> Language:
        if self.language is not None:
            return self.language
        last = self.dialogue.last
        if last is not None and not _LETTERS.search(said):
            return last.language
        return language_of(said)

    def _plan(self, said: str, language: Language) -> _Plan:
        plan = self._by_rule(said, language)
        if plan is not None:
            return plan
        found = self.services.understand().understand(said)
        if found.intent == "course":
            return self._course(said, language, found.confidence, found.accepted)
        if not found.accepted:
            return _say("refuse", language, OTHER, found.confidence)
        plan = self._serve(found.intent, said, language)
        plan.confidence = found.confidence
        return plan

    def _by_rule(self, said: str, language: Language) -> _Plan | None:
        """Answer what needs no model to be understood; None if that is not so."""
        memory, bare = self.dialogue, said.strip().rstrip("?.!？。！= ")
        last = memory.last.intent if memory.last else None
        value = (
            f"{memory.value.numerator}/{memory.value.denominator}"
            if memory.value is not None and last != "course"
            else None
        )
        if (expression := expression_in(said, value)) is not None:
            return self._calculate(expression, language)
        if _TIME.fullmatch(bare):
            return _Plan("time", iter([self.services.clock.time(language)]))
        if _DATE.fullmatch(bare) or (last == "date" and _DAY.fullmatch(bare)):
            told = self.services.clock.date(language, day_asked(said))
            return _Plan("date", iter([told]))
        if memory.topic is not None and last == "course":
            if asks_for_more(said):
                return self._more(memory.topic, language)
            whole = completed(said, memory.topic, language)
            if whole is not None:
                return self._course(whole, language, 1.0, True)
        return None

    def _serve(self, intent: str, said: str, language: Language) -> _Plan:
        memory, clock = self.dialogue, self.services.clock
        called = memory.name and (
            f", {memory.name}" if language == "en" else f"，{memory.name}"
        )
        if intent in ("greet", "name") and (name := name_in(said)) and intent == "name":
            memory.name = name
            return _say("name", language, intent, name=name)
        if intent in ("greet", "goodbye", "thanks"):
            return _say(intent, language, intent, name=called or "")
        if intent == "name":
            return _say("no name", language, intent)
        if intent == "time":
            return _Plan(intent, iter([clock.time(language)]))
        if intent == "date":
            return _Plan(intent, iter([clock.date(language, day_asked(said))]))
        if intent == "recall":
            return self._recall(said, language)
        if intent == "write":
            return self._write(said, language)
        if intent == "calculate":
            return _say("no expression", language, intent)
        return _say("help" if intent == "help" else "mood", language, intent)

    def _calculate(self, expression: str, language: Language) -> _Plan:
        try:
            value = evaluate(expression)
        except CalculationError as error:
            return _say(error.reason, language, "calculate")
        return _Plan("calculate", iter([shown(value)]), value=value)

    def _recall(self, said: str, language: Language) -> _Plan:
        memory = self.dialogue
        if re.search(r"\bname\b|\bwho\b|名字|我叫|我是谁", said, re.IGNORECASE):
            if memory.name is None:
                return _say("name unknown", language, "recall")
            return _say("your name", language, "recall", name=memory.name)
        if re.search(r"\bresult\b|\bnumber\b|结果|的数", said, re.IGNORECASE):
            if memory.value is None:
                return _say("value unknown", language, "recall")
            return _say("value", language, "recall", value=shown(memory.value))
        if memory.last is None:
            return _say("nothing said", language, "recall")
        if re.search(
            r"\byou\b.*\bsa(?:y|id)\b|\bagain\b|\bonce more\b|\brepeat|your last answer|"
            r"再说|再讲|再来|重复|你.*(?:说|回答|答案)",
            said,
            re.IGNORECASE,
        ):
            return _say("again", language, "recall", reply=memory.last.reply)
        quoted = [f"“{turn.said[:80]}”" for turn in memory.turns[-6:]]
        return _say("said", language, "recall", list=listed(quoted, language))

    def _course(
        self, question: str, language: Language, confidence: float, accepted: bool
    ) -> _Plan:
        found = self.services.answer().answer(question)
        topic = topic_of(question)
        if found.found:
            text = found.answer + say("see", language, link=found.link)
            return _Plan("course", iter([text]), confidence, None, topic, found.link)
        if not accepted:
            return _say("refuse", language, OTHER, confidence)
        nearest = self._sections(topic, language)
        if not nearest:
            return _say("not found", language, OTHER, confidence)
        plan = _say("nearest", language, "course", confidence, list=nearest)
        plan.topic = topic
        return plan

    def _more(self, topic: str, language: Language) -> _Plan:
        nearest = self._sections(topic, language)
        key = "more" if nearest else "nothing more"
        plan = _say(key, language, "course", topic=topic, list=nearest)
        plan.topic = topic
        return plan

    def _sections(self, topic: str, language: Language) -> str:
        results = self.services.search().search(topic, k=3)
        return listed([f"{r.title} ({r.link})" for r in results], language)

    def _write(self, said: str, language: Language) -> _Plan:
        prompt = text_to_continue(said)
        if prompt is None and re.search(r"\bcontinu|继续", said, re.IGNORECASE):
            prompt = self.dialogue.written
        prompt = prompt or ("This function" if language == "en" else "今天")
        return _Plan("write", self._stream(prompt, language))

    def _stream(self, prompt: str, language: Language) -> Iterator[str]:
        yield say("write", language)
        yield prompt
        written = [prompt]
        seed = len(self.dialogue.turns) + self.dialogue.dropped
        written_in = language_of(prompt)
        for piece in self.services.write().stream(
            prompt, language=written_in, seed=seed
        ):
            written.append(piece)
            self.dialogue.written = "".join(written)[-500:]
            yield piece


def _say(
    key: str, language: Language, intent: str, confidence: float = 1.0, **parts: str
) -> _Plan:
    return _Plan(intent, iter([say(key, language, **parts)]), confidence)
