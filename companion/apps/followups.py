"""What an utterance refers to: questions that are only whole together with what was said before."""

from __future__ import annotations

import re

from companion.apps._text import Language

_FRAME = re.compile(
    r"^(?:so |and |but |then |please |ok,? )*(?:what(?:'s| is| are| does| do you mean by)|explain|define|describe|"
    r"who (?:is|was)|"
    r"tell me (?:more |something )?about|how (?:does|do|is|are)|why (?:do|does|is|are)|where (?:do|can) i read about|"
    r"what about|"
    r"how about)\s+|\s+(?:mean|work|works|stand for|good for|to me)\b|^(?:请|那么?|讲讲|解释一?下?|介绍一?下?|"
    r"什么是|什么叫|说说)+|"
    r"(?:是什么意思|是什么|怎么工作的?|是怎么工作的|什么意思|怎么样|呢|怎么定义|有什么用|的定义)$",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"^(?:and |please )*(?:(?:tell me )?more(?: about (?:it|that|this))?|what else|"
    r"(?:and )?what about (?:it|that|this)|"
    r"where (?:can|do) i read (?:more )?about (?:it|that|this))[?.! ]*$|"
    r"^(?:再?多说一?点|还有呢|还有吗|更多|详细一?点|再详细些|在哪里?能?读到(?:它)?|"
    r"它呢|那它呢|关于它呢)[？?。！]*$",
    re.IGNORECASE,
)
_AND = re.compile(
    r"^(?:and|what about|and what about|how about)\s+(?P<rest>[^?.!]+)[?.! ]*$|"
    r"^那?(?:么|关于)?(?P<zh>[^，。？?！]+?)呢[？?。]*$",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(?:it|that|they|them|this)\b|它们?|这个|那个", re.IGNORECASE)


def topic_of(question: str) -> str:
    """Return what a question is about: the question without its frame.

    Example:
        >>> topic_of("What is the perplexity of a model?"), topic_of("什么是困惑度？")
        ('perplexity of a model', '困惑度')
    """
    topic = question.strip().rstrip("?.!？。！ ")
    for _ in range(3):
        topic = _FRAME.sub("", topic).strip()
    topic = re.sub(r"^(?:the|an?)\s+", "", topic, flags=re.IGNORECASE)
    return topic or question.strip()


def asks_for_more(text: str) -> bool:
    """Tell whether a text asks for more of what was spoken of.

    Example:
        >>> asks_for_more("What about it?"), asks_for_more("还有呢？"), asks_for_more("What is attention?")
        (True, True, False)
    """
    return _MORE.match(text.strip()) is not None


def completed(text: str, topic: str, language: Language) -> str | None:
    """Complete a question about the course by the last topic.

    Args:
        text: What was said.
        topic: The last topic.
        language: Of the question that is returned.

    Returns:
        A whole question; None if the text does not lean on anything.

    Example:
        >>> completed("And the GRU?", "LSTM", "en"), completed("How is it measured?", "perplexity", "en")
        ('What is the GRU?', 'How is perplexity measured?')
        >>> completed("那门控循环单元呢？", "LSTM", "zh")
        '什么是门控循环单元？'
    """
    found = _AND.match(text.strip())
    if found:
        new = (found["rest"] or found["zh"]).strip()
        return f"什么是{new}？" if language == "zh" else f"What is {new}?"
    if _PRONOUN.search(text) and len(text) < 80:
        return _PRONOUN.sub(lambda _: topic, text, count=1)
    return None


def text_to_continue(text: str) -> str | None:
    """Return the text that somebody wants to have continued: what stands in quotes or after a colon.

    Example:
        >>> text_to_continue("Continue this sentence: The function returns"), text_to_continue("Write something.")
        ('The function returns', None)
    """
    quoted = re.search(r"[\"“”«](.+?)[\"“”»]", text)
    after = re.search(r"[:：]\s*(.+)$", text, re.DOTALL)
    found = quoted or after
    return found[1].strip() if found and found[1].strip() else None
