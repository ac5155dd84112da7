"""Translation between English and Chinese: one Transformer for both directions, which copies what it does not know."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from companion.apps._artifact import read_artifact, shipped, write_artifact
from companion.apps._sentences import (
    END,
    cleaned_sentence,
    cut_sentence,
    has_end,
    sentences_of,
)
from companion.apps._text import Language, checked_text, language_of
from companion.corpora.corpus import Pair
from companion.corpora.stand_ins import KINDS, with_stand_ins
from companion.decoding.search import Hypothesis, beam_search
from companion.metrics.chrf import sentence_chrf
from companion.models.course_gpt import quantize
from companion.models.transformer import Transformer, TransformerConfig
from companion.models.word_alignment import IBMModel1
from companion.text.copying import (
    CopyEncoder,
    Prepared,
    joined,
    mixed_pieces,
    slot,
)
from companion.text.vocabulary import EOS, Vocabulary
from companion.training.optimizers import Adam
from companion.training.schedules import cosine, warmup
from companion.training.trainer import Trainer, TrainingConfig

LIMIT = 5_000  # characters
LONGEST = 60  # pieces of a sentence that are translated together
# Below this score a translation is more likely wrong than right; measured in chapter 19.
DOUBT = 0.5


@dataclass(frozen=True)
class Link:
    """A piece of the translation and the piece of the source that it translates, by IBM model 1.

    Attributes:
        target: The piece of the translation.
        source: The piece of the source; empty if the piece most likely belongs to none.
        probability: What the model gives that origin, from 0 to 1.
    """

    target: str
    source: str
    probability: float


@dataclass(frozen=True)
class Alternative:
    """Another translation that the beam held in the end, with its mean probability of a token."""

    text: str
    score: float


@dataclass(frozen=True)
class Translation:
    """A translation and what is known of it.

    Attributes:
        text: The translation.
        source_language: ``"en"`` or ``"zh"``.
        target_language: ``"zh"`` or ``"en"``.
        score: From 0 to 1, of the least sure sentence; not a probability, see `Translator.translate`.
        alignment: One link for each piece of the translation.
        alternatives: What else the beam held, best first.
        copied: Words that the model does not know and that were copied as they are.
    """

    text: str
    source_language: Language
    target_language: Language
    score: float
    alignment: tuple[Link, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    copied: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether the score is above the threshold of chapter 19."""
        return self.score >= DOUBT


class Translator:
    """Translates between English and Chinese.

    Args:
        model: The Transformer; it reads which language is wanted as the first token.
        encoder: Turns sentences into ids, and words that it lacks into slots.
        aligners: For each target language the counts that say which word comes from which.

    Example:
        >>> translator = Translator.load()
        >>> translator.translate("I love programming.").text
        '我爱编程。'
    """

    def __init__(
        self, model: Transformer, encoder: CopyEncoder, aligners: dict[str, IBMModel1]
    ) -> None:
        self.model, self.encoder, self.aligners = model.eval(), encoder, aligners

    @classmethod
    def fit(
        cls,
        pairs: Iterable[Pair],
        steps: int = 2400,
        layers: int = 2,
        d_model: int = 128,
        lr: float = 3e-3,
        batch: int = 64,
        stand_ins: int = 4,
        seed: int = 0,
        folder: str | Path | None = None,
    ) -> Translator:
        """Train a translator for both directions.

        Args:
            pairs: English-Chinese pairs, with the tags of the phrasebook if words are to be replaced.
            steps: Number of batches.
            layers: Layers of the encoder, and of the decoder.
            d_model: Width of the model.
            lr: Highest learning rate of Adam; it rises for a twentieth of the steps and falls along a cosine.
            batch: Number of pairs in a batch.
            stand_ins: Of every so many pairs one is repeated with words that no vocabulary holds; 0 repeats none.
            seed: Other seeds give other weights, batches and replaced words.
            folder: Where a training that was interrupted goes on from; None keeps nothing.

        Returns:
            The translator.

        Raises:
            ValueError: If there are fewer pairs than a batch needs.
        """
        listed = list(pairs)
        encoder = CopyEncoder.collect((p.source, p.target) for p in listed)
        cut = [(encoder.split(p.source, "en"), encoder.split(p.target, "zh")) for p in listed]  # fmt: skip
        aligners = {
            "zh": IBMModel1.fit(cut),
            "en": IBMModel1.fit([(zh, en) for en, zh in cut]),
        }
        if stand_ins:
            generator = np.random.default_rng(seed)
            listed += with_stand_ins(listed[::stand_ins], generator, kinds=KINDS)
        prepared = [encoder.prepare_pair(p.source, p.target, "zh") for p in listed]
        prepared += [encoder.prepare_pair(p.target, p.source, "en") for p in listed]
        torch.manual_seed(seed)
        size = len(encoder.source)
        model = Transformer(TransformerConfig(size, size, layers, d_model, 4))
        rise = max(1, steps // 20)
        Trainer(
            model,
            Adam(model.parameters(), lr=lr),
            lambda m, ids: m.loss(*ids),
            encoder.batches(prepared, size=batch, seed=seed),
            TrainingConfig(steps=steps, evaluate_every=100),
            warmup(rise, cosine(max(1, steps - rise), 0.02)),
            folder=folder,
        ).fit(resume=folder is not None)
        return cls(model, encoder, aligners)

    def translate(
        self, text: str, to: str | None = None, beam: int = 4, check: bool = True
    ) -> Translation:
        """Translate a text sentence by sentence.

        The score of a sentence is the mean probability of a token of its translation, times the share of the sentence
        that comes back when the translation is translated back (chrF). It is 0 for a sentence that is left as it is,
        because most of its words, or more than there are slots for, are unknown. Long sentences are cut.

        Args:
            text: What to translate, in English or Chinese, up to 5,000 characters.
            to: ``"en"`` or ``"zh"``; None is the language that the text is not in.
            beam: Number of beginnings that the search keeps.
            check: Whether to translate back; without, the score is the mean probability alone.

        Returns:
            The translation.

        Raises:
            TypeError: If the text is no string.
            ValueError: If it is empty, too long or in the language that is asked for.
        """
        text = checked_text(text, LIMIT)
        language = language_of(text)
        other: Language = "en" if language == "zh" else "zh"
        if to is not None and to != other:
            raise ValueError(
                f"the text is in {language!r} and can be translated to {other!r}, got to={to!r}"
            )
        lines = []
        parts: list[Translation] = []
        for line in text.split("\n"):
            done = [
                self._sentence(piece, language, other, beam, check)
                for sentence in sentences_of(line)
                for piece in cut_sentence(sentence, language, LONGEST)
            ]
            parts += done
            lines.append((" " if other == "en" else "").join(d.text for d in done))
        most = max(len(part.alternatives) for part in parts)
        return Translation(
            "\n".join(lines),
            language,
            other,
            min(part.score for part in parts),
            tuple(link for part in parts for link in part.alignment),
            tuple(self._alternative(parts, k, other) for k in range(most)),
            tuple(dict.fromkeys(word for part in parts for word in part.copied)),
        )

    @staticmethod
    def _alternative(parts: list[Translation], k: int, to: Language) -> Alternative:
        """Return the k-th alternative of each sentence, or its translation where it has none, as one text."""
        chosen = [
            part.alternatives[k]
            if k < len(part.alternatives)
            else Alternative(part.text, part.score)
            for part in parts
        ]
        text = (" " if to == "en" else "").join(c.text for c in chosen)
        return Alternative(text, min(c.score for c in chosen))

    def _sentence(
        self, given: str, language: Language, to: Language, beam: int, check: bool
    ) -> Translation:
        sentence = cleaned_sentence(given, language)
        open_end = not has_end(sentence)
        read = self.encoder.prepare(sentence + END[language] * open_end, to)
        words = [piece for piece in read.pieces if any(map(str.isalnum, piece))]
        unknown = [word for word in words if word not in self.encoder.source]
        if len(set(unknown)) > len(read.copies) or 2 * len(unknown) >= len(words):
            return Translation(given, language, to, 0.0, copied=tuple(unknown))
        found = self._search(read, beam)
        texts = [self._text(h, read, to, open_end) for h in found]
        scores = [math.exp(h.score(1.0)) for h in found]
        score = scores[0]
        if check:
            score *= self._comes_back(sentence, texts[0], language)
        return Translation(
            texts[0],
            language,
            to,
            score,
            self._alignment(read, self.encoder.written(found[0].tokens), to),
            tuple(map(Alternative, texts[1:], scores[1:])),
            read.copies,
        )

    def _search(self, read: Prepared, beam: int) -> list[Hypothesis]:
        ids, lengths = self.encoder.read([read.text])
        device = self.model.positions.device
        with torch.no_grad():
            state = self.model.encode(ids.to(device), lengths)
        vocabulary = self.encoder.target
        free = {EOS, *map(slot, range(len(read.copies)))}
        # No token that stands for no text, and no slot that nothing was put in.
        barred = [vocabulary.id(s) for s in vocabulary.specials if s not in free]

        def advance(tokens: torch.Tensor, state: Any) -> tuple[torch.Tensor, Any]:
            logs, state = self.model.advance(tokens, state)
            logs[:, barred] = -math.inf
            return logs, state

        longest = min(3 * len(read.pieces) + 10, self.model.config.max_length - 2)
        ends = (vocabulary.bos_id, vocabulary.eos_id, longest)
        return beam_search(advance, state, *ends, beam, length_penalty=1.0)

    def _text(self, found: Hypothesis, read: Prepared, to: str, open_end: bool) -> str:
        written = self.encoder.written(found.tokens, read.copies)
        if open_end and written[-1:] == [END[to]]:
            written = written[:-1]
        return joined(written, to)

    def _comes_back(self, sentence: str, text: str, language: Language) -> float:
        """Return how much of a sentence comes back, from 0 to 1: the chrF of the translation of its translation."""
        if not mixed_pieces(text):
            return 0.0
        other = self.encoder.prepare(text, language)
        back = joined(
            self.encoder.written(self._search(other, 1)[0].tokens, other.copies),
            language,
        )
        return sentence_chrf(back, sentence).score / 100

    def _alignment(
        self, read: Prepared, written: list[str], to: str
    ) -> tuple[Link, ...]:
        tokens = read.text.split()[1:]
        shares = self.aligners[to].posterior(tokens, written)
        links = []
        for piece, row in zip(written, shares, strict=True):
            if piece in tokens and piece not in self.aligners[to].target:
                place = tokens.index(piece)  # a slot
                links.append(Link(read.pieces[place], read.pieces[place], 1.0))
            else:
                best = int(row.argmax())
                origin = read.pieces[best - 1] if best else ""
                links.append(Link(piece, origin, float(row[best])))
        return tuple(links)

    def save(self, folder: str | Path) -> None:
        """Write the translator to a folder: matrices in eight bits with one scale a row, and the likelier links."""
        arrays: dict[str, np.ndarray] = {}
        for name, tensor in self.model.state_dict().items():
            if name == "output.weight" and self.model.config.tied:
                continue
            if tensor.ndim == 2:
                rounded, scale = quantize(tensor.cpu().float())
                arrays[name], arrays[f"{name}.scale"] = rounded.numpy(), scale.numpy()
            else:
                arrays[name] = tensor.cpu().half().numpy()
        for to, aligner in self.aligners.items():
            rows, columns = np.nonzero(aligner.table > 0.003)
            arrays[f"links.{to}.places"] = np.stack([rows, columns]).astype(np.int16)
            values = aligner.table[rows, columns].astype(np.float16)
            arrays[f"links.{to}.values"] = values
        vocabulary = self.encoder.source
        config = {
            "model": asdict(self.model.config),
            "tokens": list(vocabulary.tokens),
            "specials": list(vocabulary.specials),
            "links": {
                to: [vocabulary.encode(side).tolist() for side in (a.source, a.target)]
                for to, a in self.aligners.items()
            },
        }
        write_artifact(folder, "translator", config, arrays)

    @classmethod
    def load(cls, folder: str | Path | None = None) -> Translator:
        """Read a translator that `save` wrote.

        Args:
            folder: Where it is; None takes the one that comes with the course.

        Returns:
            The translator, on the CPU.

        Raises:
            FileNotFoundError: If there is none.
            ValueError: If a file is damaged or something else.
        """
        folder = shipped("translator", "chapter 19") if folder is None else folder
        config, arrays = read_artifact(folder, "translator")
        encoder = CopyEncoder(Vocabulary(config["tokens"], config["specials"]))
        model = Transformer(TransformerConfig(**config["model"]))
        weights: dict[str, Any] = {}
        for name, array in arrays.items():
            if name.startswith("links.") or name.endswith(".scale"):
                continue
            value = array.astype(np.float32)
            if f"{name}.scale" in arrays:
                value = value * arrays[f"{name}.scale"].astype(np.float32)
            weights[name] = torch.from_numpy(value)
        if model.config.tied:
            weights["output.weight"] = weights["target_embedding.weight"]
        model.load_state_dict(weights)
        aligners = {}
        for to, sides in config["links"].items():
            source, target = (
                [encoder.source.tokens[i] for i in side] for side in sides
            )
            table = np.zeros((len(source) + 1, len(target)))
            table[tuple(arrays[f"links.{to}.places"].astype(int))] = arrays[
                f"links.{to}.values"
            ]
            aligners[to] = IBMModel1(source, target, table)
        return cls(model, encoder, aligners)
