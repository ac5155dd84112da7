"""Text generation: a next sentence, a story, a poem that keeps a form; in English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import torch

from companion.apps._artifact import read_artifact, shipped, write_artifact
from companion.apps._text import Language, checked_text, language_of
from companion.apps._verse import Form, Line, lines_of
from companion.apps._voices import (
    RECIPES,
    Arrays,
    Voice,
    VoiceConfig,
    base_digest,
    chinese,
    english,
    everyday,
    fit_chinese,
    fit_english,
)
from companion.decoding import RegexConstraint, start, stream, text_pieces
from companion.decoding.particles import Particle, draw_many

__all__ = ["Form", "Generation", "TextGenerator", "VoiceConfig", "everyday"]

Kind = Literal["sentence", "story", "poem"]
KINDS: tuple[Kind, ...] = ("sentence", "story", "poem")

_KIND = "text generator"
_READ = 4000  # characters at the end of a prompt that are looked at
_LONGEST = {"en": 56, "zh": 44}  # tokens of a sentence
_ENDS = {"en": ".!?", "zh": "。！？"}
_CLOSING = "\"'”’」』)）"


@dataclass(frozen=True)
class Generation:
    """A text, and how it came about.

    Attributes:
        text: What was written, without the prompt.
        kind: What was asked for.
        language: ``"en"`` or ``"zh"``.
        finished: Whether every sentence ended by itself, and every line keeps the form.
        log_probs: Log-probability of each token under the model, in nats: without temperature, mask or choice.
        bits_per_character: The same for a character of the text, in bits.
        seed: With the same seed, model and machine the same call writes the same text.
        notes: What a reader should know: that the prompt was cut, an end was forced, a line misses its form.
    """

    text: str
    kind: Kind
    language: Language
    finished: bool
    log_probs: tuple[float, ...] = field(repr=False)
    bits_per_character: float
    seed: int
    notes: tuple[str, ...] = ()


class TextGenerator:
    """Writes sentences, stories and poems.

    Args:
        voices: One for each language, see `fit` and `load`.

    Example:
        >>> generator = TextGenerator.load()
        >>> generator.generate("The sun is shining brightly.").finished
        True
    """

    def __init__(self, voices: Mapping[Language, Voice]) -> None:
        self._voices = dict(voices)

    @classmethod
    def fit(
        cls,
        documents: Iterable[str] | None = None,
        recipes: Mapping[Language, VoiceConfig] | None = None,
    ) -> TextGenerator:
        """Train a voice for each language that the documents are in.

        Args:
            documents: Texts with one sentence a line, in English or Chinese; None for the course's own, everyday
                sentences and those of the phrasebook, their training parts.
            recipes: How the voices are trained, by language; None is how the one that comes with the course was made.

        Returns:
            The generator.

        Raises:
            ValueError: If there is no text.
        """
        recipes = {**RECIPES, **(recipes or {})}
        if documents is None:
            texts = {language: everyday(language) for language in RECIPES}
        else:
            texts = {language: [] for language in RECIPES}
            for document in documents:
                if document.strip():
                    texts[language_of(document)].append(document)
        if not any(texts.values()):
            raise ValueError(
                "there is no text to learn from: give documents with a sentence a line"
            )
        fits = {"en": fit_english, "zh": fit_chinese}
        return cls(
            {
                language: fits[language](found, recipes[language])
                for language, found in texts.items()
                if found
            }
        )

    def save(self, folder: str | Path) -> None:
        """Write what was learned: for English what changes the course's GPT, for Chinese all."""
        arrays: Arrays = {}
        config: dict[str, object] = {"base": base_digest(), "languages": []}
        for language, voice in self._voices.items():
            config["languages"] = [*config["languages"], language]  # type: ignore[misc]
            arrays |= {f"{language}.{n}": array for n, array in voice.arrays.items()}
            arrays[f"{language}.known"] = voice.known
            if language == "en":
                config["words"] = " ".join(voice.words)
            else:
                config["shape"] = voice.shape
                config["characters"] = "".join(voice.characters)
        write_artifact(folder, _KIND, config, arrays)

    @classmethod
    def load(cls, folder: str | Path | None = None) -> TextGenerator:
        """Read what `save` wrote.

        Args:
            folder: Where from; None for the one that comes with the course.

        Raises:
            FileNotFoundError: If there is nothing.
            ValueError: If a file is damaged, or the English part was made for other weights of the course's GPT.
        """
        folder = shipped("generator", "chapter 18") if folder is None else folder
        config, arrays = read_artifact(folder, _KIND)
        parts: dict[str, Arrays] = {"en": {}, "zh": {}}
        for name, array in arrays.items():
            language, _, rest = name.partition(".")
            parts[language][rest] = array
        voices: dict[Language, Voice] = {}
        if "en" in config["languages"]:
            if config["base"] != base_digest():
                raise ValueError(
                    f"{folder} was made for other weights of the course's GPT: make it again with "
                    "TextGenerator.fit().save(folder)"
                )
            known = parts["en"].pop("known")
            voices["en"] = english(
                parts["en"], known=known, words=config["words"].split()
            )
        if "zh" in config["languages"]:
            known = parts["zh"].pop("known")
            voices["zh"] = chinese(
                parts["zh"], config["shape"], config["characters"], known
            )
        return cls(voices)

    def voice(self, language: Language) -> Voice:
        """Return the model that writes a language.

        Raises:
            ValueError: If there is none.
        """
        if language not in self._voices:
            raise ValueError(
                f"this generator was not trained on {language!r}, only on {', '.join(self._voices)}: load the course's "
                "own with TextGenerator.load(), or fit one on texts of that language"
            )
        return self._voices[language]

    def generate(
        self,
        prompt: str,
        kind: Kind = "sentence",
        *,
        sentences: int | None = None,
        form: Form | None = None,
        temperature: int | float = 0.8,
        top_p: int | float = 0.95,
        candidates: int = 8,
        language: Language | None = None,
        seed: int = 0,
    ) -> Generation:
        """Write a text that goes on from a prompt.

        Args:
            prompt: What stands before it: sentences, or the beginning of one, which is then completed.
            kind: ``"sentence"``, ``"story"`` (several sentences) or ``"poem"``.
            sentences: How many; None for 1, in a story 5.
            form: Of a poem; None for four lines, in Chinese of five characters, in English of eight syllables in
                rhyming pairs, see `Form`.
            temperature: Of the distribution that is drawn from; 0 takes the best token each time.
            top_p: Cut of the tail.
            candidates: How many sentences are drawn side by side; of those that end and are new, the most probable one
                a token is taken. 1 takes what comes. For a line of a poem it is three times as many.
            language: ``"en"`` or ``"zh"``; None for that of the prompt.
            seed: Of what is drawn.

        Returns:
            The text, with how probable it is and what is to be known of it.

        Raises:
            TypeError: If the prompt is no string.
            ValueError: If the prompt is empty or too long, an option is outside its range, or the form cannot be kept
                with the characters that the model knows.
        """
        return _Writing(
            self, prompt, kind, sentences, form, temperature, top_p, candidates,
            language, seed,
        ).whole()  # fmt: skip

    def stream(
        self,
        prompt: str,
        kind: Kind = "sentence",
        *,
        sentences: int | None = None,
        form: Form | None = None,
        temperature: int | float = 0.8,
        top_p: int | float = 0.95,
        candidates: int = 1,
        language: Language | None = None,
        seed: int = 0,
    ) -> Iterator[str]:
        """Write a text piece by piece; joined, the pieces are what `generate` returns for the same arguments.

        With one candidate a piece is a token; with several, or in a poem, it is a sentence or a line, since the choice
        can only be made when all candidates are there. Arguments and errors are those of `generate`.
        """
        return _Writing(
            self, prompt, kind, sentences, form, temperature, top_p, candidates,
            language, seed,
        ).pieces()  # fmt: skip


class _Writing:
    """One text while it is written."""

    def __init__(
        self,
        owner: TextGenerator,
        prompt: str,
        kind: str,
        sentences: int | None,
        form: Form | None,
        temperature: int | float,
        top_p: int | float,
        candidates: int,
        language: Language | None,
        seed: int,
    ) -> None:
        text = checked_text(prompt, name="prompt")
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}")
        if not 1 <= candidates <= 256:
            raise ValueError(f"candidates must lie between 1 and 256, got {candidates}")
        number = sentences or (5 if kind == "story" else 1)
        if sentences is not None and not 1 <= sentences <= 100:
            raise ValueError(f"sentences must lie between 1 and 100, got {sentences}")
        if not 0 <= temperature <= 10:
            raise ValueError(
                f"temperature must lie between 0 and 10, got {temperature}; 0 takes the best token each time"
            )
        if not 0 < top_p <= 1:
            raise ValueError(f"top_p must be above 0 and at most 1, got {top_p}")
        self.kind: Kind = next(known for known in KINDS if known == kind)
        self.number, self.seed = number, seed
        # At a temperature this low the best token is all there is, and the logits stay finite.
        self.temperature, self.top_p = max(temperature, 1e-3), top_p
        self.candidates = candidates
        self.language: Language = language or language_of(text)
        self.voice = owner.voice(self.language)
        self.form = form
        if form is None and kind == "poem":
            self.form = Form.default(self.language)
        self.generator = np.random.default_rng(seed)
        self.notes: list[str] = []
        self.finished = True
        self.log_probs: list[float] = []
        self.texts: list[str] = []
        self._read_prompt(text)

    def _read_prompt(self, text: str) -> None:
        cut = len(text) > _READ
        text = re.sub(r"\s+", " ", text[-_READ:]).strip()
        ends = _ENDS["en"] + _ENDS["zh"]
        # A sentence a line, as in training.
        parts = re.sub(
            rf"(?<=[{ends}])(?=[^{ends}{re.escape(_CLOSING)}])\s*", "\n", text
        )
        self.open = self.kind != "poem" and parts.rstrip(_CLOSING)[-1:] not in ends
        self.context = self.voice.tokenizer.encode(
            parts if self.open else parts + "\n"
        ).tolist()
        self.room = self.voice.model.config.context - _LONGEST[self.language] - 2
        if cut or len(self.context) > self.room:
            self.notes.append(
                f"the prompt is longer than what the model looks at: it has read the last {self.room} tokens"
            )

    def whole(self) -> Generation:
        """Write all of it."""
        text = "".join(self.pieces())
        bits = -sum(self.log_probs) / np.log(2) / max(len(text), 1)
        return Generation(
            text,
            self.kind,
            self.language,
            self.finished,
            tuple(self.log_probs),
            float(bits),
            self.seed,
            tuple(dict.fromkeys(self.notes)),
        )

    def pieces(self) -> Iterator[str]:
        """Write it, and hand over each piece when it is certain."""
        if self.kind == "poem":
            assert self.form is not None
            yield from self._poem(self.form)
            return
        for i in range(self.number):
            if i and self.language == "en":
                yield " "
            before = len(self.texts)
            if self.candidates == 1:
                yield from self._sentence_by_token()
            else:
                yield self._best_sentence()
            assert len(self.texts) == before + 1

    def _take(self, tokens: list[int], text: str) -> None:
        """Note what was written and how probable it was, and let the next sentence go on from it."""
        session = start(self.voice.model, self.context[-self.room :])
        logs = session.score(tokens)[:-1].log_softmax(-1)
        picked = logs.gather(1, torch.tensor(tokens, device=logs.device)[:, None])
        self.log_probs += picked[:, 0].cpu().double().tolist()
        self.context += tokens
        within = self.kind == "poem" and self.language == "zh"
        if self.context[-1] != self.voice.newline and not within:
            self.context.append(self.voice.newline)
        self.texts.append(text)

    def _ended(self, text: str) -> bool:
        return text.rstrip(_CLOSING)[-1:] in _ENDS[self.language]

    def _sentence_by_token(self) -> Iterator[str]:
        drawn: list[int] = []

        def tokens() -> Iterator[int]:
            for token in stream(
                self.voice.model,
                self.context[-self.room :],
                _LONGEST[self.language],
                self.generator,
                stop=self.voice.newline,
                temperature=self.temperature,
                top_p=self.top_p,
            ):
                drawn.append(token)
                if token != self.voice.newline:
                    yield token

        shown = []
        for piece in text_pieces(tokens(), self.voice.tokenizer):
            shown.append(piece)
            yield piece
        text = "".join(shown)
        if not (drawn[-1] == self.voice.newline and self._ended(text)):
            self.finished = False
            self.notes.append("a sentence did not come to its end")
        self._take(drawn, text)

    def _text(self, particle: Particle) -> str:
        return self.voice.tokenizer.decode(
            [token for token in particle.tokens if token != self.voice.newline]
        )

    def _draw(
        self,
        constraint: RegexConstraint | None,
        number: int,
        length: int | None = None,
    ) -> list[Particle]:
        return draw_many(
            self.voice.model,
            self.context[-self.room :],
            number,
            length or _LONGEST[self.language],
            self.generator,
            stop=self.voice.newline,
            constraint=constraint,
            temperature=self.temperature,
            top_p=self.top_p,
        )

    def _best_sentence(self) -> str:
        drawn = self._draw(None, self.candidates)
        whole = [p for p in drawn if p.finished and self._ended(self._text(p))]
        new = [p for p in whole if self._is_new(self._text(p))]
        if not whole:
            # No candidate came to an end: one is brought to it.
            marks = _ENDS[self.language]
            drawn = self._draw(
                RegexConstraint.for_tokenizer(
                    rf"[^\n{marks}]+[{marks}]\n", self.voice.tokenizer
                ),
                self.candidates,
            )
            self.finished = False
            self.notes.append("the end of a sentence was forced")
        elif not new:
            self.notes.append(
                "a sentence is known from the training text, or stands in this text twice"
            )
        best = max(new or whole or drawn, key=lambda p: p.log_prob / len(p.tokens))
        text = self._text(best)
        self._take(list(best.tokens), text)
        return text

    def _is_new(self, text: str) -> bool:
        return text not in self.texts and not self.voice.knows(text)

    def _poem(self, form: Form) -> Iterator[str]:
        number = min(256, 3 * self.candidates)
        for i, line in enumerate(lines_of(form, self.voice)):
            text, tokens, missed = self._line(line, number)
            if missed:
                self.finished = False
                self.notes.append(f"line {i + 1} {missed}")
            self._take(tokens, text)
            yield text if i == 0 else "\n" + text

    def _line(self, line: Line, number: int) -> tuple[str, list[int], str]:
        """Write one line: draw many that match the pattern, and of those that keep the form choose by weight."""
        constraint = RegexConstraint.for_tokenizer(
            line.pattern(self.texts), self.voice.tokenizer
        )
        drawn: list[Particle] = []
        for _ in range(3):
            drawn += self._draw(constraint, number, line.length)
            kept = [p for p in drawn if not line.misses(self._text(p), self.texts)]
            if kept:
                break
        chosen = line.choose(kept or drawn, self._text, self.texts, self.generator)
        text = self._text(chosen)
        return text, list(chosen.tokens), line.misses(text, self.texts)
