"""The chat bot as a control of a running notebook."""

from __future__ import annotations

from html import escape
from typing import Any

from companion._optional import require
from companion.apps.chat import ChatBot


def bubbles(bot: ChatBot, said: str | None = None, spoken: str = "") -> str:
    """Return the conversation as HTML.

    Args:
        bot: Whose memory is shown.
        said: What is being answered just now.
        spoken: What of the answer is there.

    Example:
        >>> "&lt;b&gt;" in bubbles(ChatBot(), "<b>")
        True
    """
    lines = [(turn.said, turn.reply) for turn in bot.dialogue.turns]
    if said is not None:
        lines.append((said, spoken + " ▌"))
    look = (
        "margin:4px;padding:4px 10px;border-radius:10px;max-width:80%;width:fit-content"
    )
    return "".join(
        f'<div style="{look};margin-left:auto;background:#0072B233">{escape(one)}</div>'
        f'<div style="{look};background:#88888833">{escape(other)}</div>'
        for one, other in lines
    )


def chat_widget(bot: ChatBot | None = None) -> Any:
    """Show the chat: type, press Enter, and the answer appears as it is written.

    Args:
        bot: Who answers; the course's if left out.

    Returns:
        An ipywidgets box.

    Raises:
        ModuleNotFoundError: If ipywidgets is not installed; the message names the command that installs it.
    """
    widgets = require("ipywidgets", extra="notebook")
    bot = ChatBot.load() if bot is None else bot
    shown = widgets.HTML(layout={"width": "100%"})
    entry = widgets.Text(
        placeholder="a question, in English or Chinese, then Enter",
        continuous_update=False,
        layout={"width": "100%"},
    )
    forget = widgets.Button(description="Start again")

    def on_submit(change: dict[str, Any]) -> None:
        said = str(change["new"]).strip()
        if not said:
            return
        entry.value = ""
        spoken = ""
        try:
            for piece in bot.reply(said):
                spoken += piece
                shown.value = bubbles(bot, said, spoken)
        except (ValueError, OSError) as error:
            shown.value = f"{bubbles(bot)}<i>{escape(str(error))}</i>"
        else:
            shown.value = bubbles(bot)

    def on_click(_: Any) -> None:
        bot.reset()
        shown.value = ""

    entry.observe(on_submit, names="value")
    forget.on_click(on_click)
    return widgets.VBox([shown, entry, forget])
