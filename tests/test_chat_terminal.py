"""The chat in a terminal and in a notebook: commands, the interrupt, the end."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from companion.apps.chat import ChatBot
from companion.chat_terminal import TerminalChat
from companion.chat_widget import bubbles, chat_widget
from companion.cli import app


def session(*lines: str | type[BaseException]) -> tuple[str, ChatBot]:
    """Run a session whose lines are given; an exception stands for a key, the end for Ctrl-D."""
    given: Iterator[str | type[BaseException]] = iter(lines)
    out, bot = StringIO(), ChatBot()

    def read(prompt: str) -> str:
        line = next(given, EOFError)
        if isinstance(line, str):
            return line
        raise line

    TerminalChat(bot, Console(file=out, width=200), read).run()
    return out.getvalue(), bot


def test_it_answers_and_remembers() -> None:
    told, _ = session(
        "What is 2 + 2?", "and times three?", "/history", "/reset", "/history", "/quit"
    )
    assert "bot: 4\n" in told
    assert "you: and times three?\nbot: 12" in told
    assert "(nothing yet)" in told
    assert told.endswith("Goodbye.\n")


def test_commands(tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    told, _ = session(
        "2 + 2",
        "/help",
        "/none",
        "/save",
        f"/save {path}",
        f"/save {path}",
        f"/save {tmp_path}/no/where",
    )
    assert "/history" in told
    assert "There is no /none" in told
    assert "Say where" in told
    assert path.read_text(encoding="utf-8") == "you: 2 + 2\nbot: 4\n"
    assert "exists; give another name" in told
    assert "could not be written" in told


def test_ctrl_c_at_the_prompt_and_markup_do_no_harm() -> None:
    told, bot = session(KeyboardInterrupt, "", "[bold]2 + 2[/bold] = ?", "2 + 2")
    assert "Ctrl-D leaves" in told
    assert "bot: 4" in told
    assert len(bot.dialogue.turns) == 2


def test_too_long_a_line_is_told_and_the_session_goes_on() -> None:
    told, _ = session("a" * 5000, "2 + 2")
    assert "at most 4,000" in told
    assert "bot: 4" in told


def test_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    done = CliRunner().invoke(app, ["chat", "--language", "zh"], input="1/0\n")
    assert done.exit_code == 0
    assert "不能除以零" in done.stdout
    assert CliRunner().invoke(app, ["chat", "--language", "fr"]).exit_code == 2


@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminal")
def test_ctrl_c_stops_an_answer_and_keeps_the_session() -> None:
    import pty

    code = textwrap.dedent(
        """
        import time
        from companion.apps.chat import ChatBot, Services
        from companion.chat_terminal import TerminalChat
        class Model:
            def understand(self, text):
                from companion.apps.understanding import Understanding
                return Understanding("write", 1.0, True)
        class Slow:
            def stream(self, prompt, language=None, seed=0):
                for i in range(1000):
                    yield f" w{i}"
                    time.sleep(0.05)
        bot = ChatBot(Services(understand=Model, write=Slow))
        TerminalChat(bot).run()
        """
    )
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        preexec_fn=lambda: __import__("fcntl").ioctl(0, __import__("termios").TIOCSCTTY, 0),
    )  # fmt: skip
    os.close(theirs)
    seen = ""

    def until(wanted: str) -> None:
        nonlocal seen
        end = time.monotonic() + 60
        while wanted not in seen:
            assert time.monotonic() < end, f"{wanted!r} did not come: {seen!r}"
            seen += os.read(ours, 4096).decode("utf-8", "replace")

    try:
        until("you: ")
        os.write(ours, b"write\n")
        until(" w1")
        os.write(ours, b"\x03")
        until("[stopped]")
        assert " w900" not in seen
        os.write(ours, b"2 + 2\n")
        until("bot: 4")
        os.write(ours, b"/history\n")
        until("you: write")
        os.write(ours, b"\x04")
        until("Goodbye.")
        assert child.wait(timeout=30) == 0
    finally:
        child.kill()
        os.close(ours)


def test_the_widget_shows_the_conversation() -> None:
    box = chat_widget(ChatBot())
    shown, entry, forget = box.children
    entry.value = "2 + 2"
    assert "4" in shown.value
    assert entry.value == ""
    entry.value = "a" * 5000
    assert "at most 4,000" in shown.value
    forget.click()
    assert shown.value == ""


def test_what_is_typed_is_not_html() -> None:
    assert "<script>" not in bubbles(ChatBot(), "<script>alert(1)</script>")
