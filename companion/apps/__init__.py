"""The seven applications of the course, each in English and Chinese, each a class with ``fit``, ``save`` and ``load``.

- `TextGenerator.generate`: a next sentence, a story, a poem that keeps a form.
- `Translator.translate`: English to Chinese and back.
- `QuestionAnswerer.answer`: an answer with the page that says so, or that none was found.
- `SentimentAnalyzer.analyze`: positive, negative or neutral.
- `SearchEngine.search`: the sections that speak of something.
- `TextClassifier.classify`: the language and the subject of a text.
- `ChatBot.reply`: a conversation with a memory, two tools, and an honest refusal.

Each is loaded when it is first used. Text that makes no sense to ask about raises ``ValueError`` with what to do.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from companion.apps.answerer import QuestionAnswerer
    from companion.apps.chat import ChatBot
    from companion.apps.classifier import TextClassifier
    from companion.apps.generator import TextGenerator
    from companion.apps.search import SearchEngine
    from companion.apps.sentiment import SentimentAnalyzer
    from companion.apps.translator import Translator

_LAZY = {
    "ChatBot": "companion.apps.chat",
    "QuestionAnswerer": "companion.apps.answerer",
    "SearchEngine": "companion.apps.search",
    "SentimentAnalyzer": "companion.apps.sentiment",
    "TextClassifier": "companion.apps.classifier",
    "TextGenerator": "companion.apps.generator",
    "Translator": "companion.apps.translator",
}

__all__ = [
    "ChatBot",
    "QuestionAnswerer",
    "SearchEngine",
    "SentimentAnalyzer",
    "TextClassifier",
    "TextGenerator",
    "Translator",
]


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module 'companion.apps' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
