"""The chat bot in a terminal: answers appear as they are written, and Ctrl-C stops one and keeps the session."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from rich.console import Console

from companion.apps.chat import ChatBot

_HELP = """\
/help       this list
/history    what was said so far
/reset      forget it all, the name and the last number included
/save FILE  write the conversation into a file
/quit       leave; so does Ctrl-D
Ctrl-C stops an answer while it is written. Anything else is said to the bot, in English or Chinese."""


class TerminalChat:
    """A session.

    Args:
        bot: Who answers.
        console: Where to.
        read: Returns the next line; raises EOFError at the end.
    """

    def __init__(
        self,
        bot: ChatBot,
        console: Console | None = None,
        read: Callable[[str], str] = input,
    ) -> None:
        self.bot, self.console, self.read = bot, console or Console(), read

    def run(self) -> None:
        """Talk until the person leaves."""
        self._line("Type a question, or /help.")
        while True:
            try:
                line = self.read("you: ").strip()
            except KeyboardInterrupt:
                self._line("\n(/quit or Ctrl-D leaves)")
                continue
            except EOFError:
                self._line("\nGoodbye.")
                return
            if line == "/quit":
                self._line("Goodbye.")
                return
            if line.startswith("/"):
                self._command(line)
            elif line:
                self._answer(line)

    def _answer(self, line: str) -> None:
        self._write("bot: ")
        try:
            # Closed when it is stopped, so that the bot remembers what it said until then.
            with closing(self.bot.reply(line)) as pieces:
                for piece in pieces:
                    self._write(piece)
        except KeyboardInterrupt:
            self._write(" [stopped]")
        except (ValueError, OSError) as error:
            self._write(f"[{error}]")
        self._line("")

    def _command(self, line: str) -> None:
        name, _, rest = line.partition(" ")
        if name == "/help":
            self._line(_HELP)
        elif name == "/history":
            self._line(self.bot.dialogue.transcript() or "(nothing yet)")
        elif name == "/reset":
            self.bot.reset()
            self._line("(forgotten)")
        elif name == "/save":
            self._save(rest.strip())
        else:
            self._line(f"There is no {name}; /help lists what there is.")

    def _save(self, name: str) -> None:
        if not name:
            self._line("Say where: /save talk.txt")
            return
        path = Path(name).expanduser()
        try:
            with path.open("x", encoding="utf-8") as out:
                out.write(self.bot.dialogue.transcript() + "\n")
        except FileExistsError:
            self._line(f"{path} exists; give another name.")
        except OSError as error:
            self._line(f"{path} could not be written: {error.strerror}")
        else:
            self._line(f"({path} written)")

    def _write(self, piece: str) -> None:
        # Not `print`: what is said may hold square brackets, and a piece must appear at once.
        self.console.out(piece, end="", highlight=False)
        self.console.file.flush()

    def _line(self, text: str) -> None:
        self._write(text + "\n")
