"""What the chat bot says in its own words, in two languages."""

from __future__ import annotations

from companion.apps._text import Language

_TEXTS: dict[str, tuple[str, str]] = {
    "greet": (
        "Hello{name}! Ask me about this course, or for a number, the time or the date.",
        "你好{name}！可以问我这门课的内容，也可以让我算数、报时间或日期。",
    ),
    "goodbye": ("Goodbye{name}!", "再见{name}！"),
    "thanks": ("You are welcome{name}.", "不客气{name}。"),
    "name": (
        "Hello {name}, I will remember that until you leave.",
        "你好，{name}！你离开之前我会记住的。",
    ),
    "no name": (
        "I did not catch the name. Say it like this: My name is Ada.",
        "我没听出名字。可以这样说：我叫小明。",
    ),
    "your name": ("Your name is {name}.", "你叫{name}。"),
    "name unknown": (
        "You have not told me your name.",
        "你还没有告诉我你的名字。",
    ),
    "value": ("The last result was {value}.", "上一个结果是{value}。"),
    "value unknown": ("I have not computed anything yet.", "我还没有算过什么。"),
    "said": ("You said, in this order: {list}.", "你依次说过：{list}。"),
    "nothing said": ("This is the beginning of our talk.", "我们才刚刚开始聊。"),
    "again": ("I said: {reply}", "我刚才说的是：{reply}"),
    "mood": (
        "I am a program: I feel nothing, and I am no good at comforting or cheering. What I can do: {skills}.",
        "我是一个程序，没有感受，也不会安慰人或陪人高兴。我能做的是：{skills}。",
    ),
    "help": (
        "I am the chat bot of this course: a small program with a classifier, two tools and the course's own texts, no "
        "large language model. I can do this: {skills}.",
        "我是这门课的聊天机器人：一个小程序，由一个分类器、两个工具和课程自己的文本组成，不是大语言模型。我能做的是：{skills}。",
    ),
    "refuse": (
        "I cannot answer that: I have no weather service, no news, no internet, only this course and a few tools. "
        "What I can do: {skills}.",
        "这个我答不了：我没有天气服务，没有新闻，也不上网，只有这门课的内容和几个小工具。我能做的是：{skills}。",
    ),
    "not found": (
        "I did not find an answer to that in the course, and I do not guess. What I can do: {skills}.",
        "我在课程里没有找到答案，也不会乱猜。我能做的是：{skills}。",
    ),
    "nearest": (
        "I have no answer to that in one sentence. These sections are nearest: {list}.",
        "这个问题我没有一句话的答案。最相关的章节是：{list}。",
    ),
    "more": ("More about {topic} is in: {list}.", "关于{topic}，还可以读：{list}。"),
    "nothing more": (
        "I found no section about {topic}.",
        "我没有找到讲{topic}的章节。",
    ),
    "see": (" (See {link})", "（见 {link}）"),
    "skills": (
        "answer questions about this course, compute (2 * (3 + 4)), tell the time and the date, remember your name and "
        "what was said, and let the course's small language model go on with a sentence (Continue: The function)",
        "回答这门课里的问题，算数（2 * (3 + 4)），报时间和日期，记住你的名字和说过的话，"
        "让课程的小语言模型续写句子（续写：今天）",
    ),
    "write": (
        "My language model goes on; nothing of it need be true: ",
        "我的语言模型接着写，内容不一定是真的：",
    ),
    "no expression": (
        "I cannot read a calculation in that. I know + - * / ^ and parentheses, e.g. 2 * (3 + 4).",
        "我没看出要算什么。我会 + - * / ^ 和括号，例如 2 * (3 + 4)。",
    ),
    "grammar": (
        "I cannot read this calculation. Write it as in 2 * (3 + 4).",
        "这个算式我看不懂。请写成 2 * (3 + 4) 这样。",
    ),
    "zero": ("Nothing can be divided by zero.", "不能除以零。"),
    "power": (
        "I compute whole exponents only.",
        "我只会算整数次方。",
    ),
    "large": (
        "That number is too large for me: I stop at some 600 digits.",
        "这个数太大了：我最多算到六百位左右。",
    ),
    "deep": (
        "Too much lies within each other; please write it in steps.",
        "括号套得太深了，请分几步写。",
    ),
    "long": (
        "This calculation is too long; please write it in steps.",
        "这个算式太长了，请分几步写。",
    ),
}  # fmt: skip


def say(key: str, language: Language, **parts: str) -> str:
    """Return one of the bot's sentences.

    Args:
        key: Which one.
        language: ``"en"`` or ``"zh"``.
        parts: What stands in its gaps.

    Raises:
        KeyError: If there is no such sentence, or a part is missing.

    Example:
        >>> say("your name", "zh", name="小明")
        '你叫小明。'
    """
    column = 0 if language == "en" else 1
    return _TEXTS[key][column].format(skills=_TEXTS["skills"][column], **parts)


def listed(items: list[str], language: Language) -> str:
    """Join items as a list in a sentence.

    Example:
        >>> listed(["a", "b"], "en"), listed(["甲", "乙"], "zh")
        ('a; b', '甲；乙')
    """
    return ("; " if language == "en" else "；").join(items)
