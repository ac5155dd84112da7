"""What the text generator writes with: the course's GPT adapted to everyday English, and a small GPT for Chinese."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from companion.apps._text import Language, is_han
from companion.corpora import phrasebook, sentiment_split
from companion.models.course_gpt import FOLDER, load_course_gpt, quantize
from companion.models.gpt import GPT, GPTConfig
from companion.models.lora import LoRAConfig, add_lora, lora_layers
from companion.models.recurrent_lm import document_stream
from companion.text import CharTokenizer, Tokenizer, Vocabulary
from companion.text.vocabulary import BOS, EOS, UNK
from companion.text.words import word_tokenize
from companion.training.optimizers import AdamW
from companion.training.schedules import cosine, warmup
from companion.training.trainer import Trainer, TrainingConfig
from companion.training.windows import windows

_TARGETS = ("q_proj", "k_proj", "v_proj", "o_proj", "up", "gate", "down")
Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class VoiceConfig:
    """How a voice is trained.

    Attributes:
        steps: Number of changes of the parameters.
        batch: Number of pieces of text in a step.
        length: Number of tokens of a piece.
        lr: Greatest learning rate; it warms up over 20 steps and falls along a cosine.
        dropout: Probability of dropping a number.
        weight_decay: Of AdamW.
        rank: Of the changes of the English model's matrices.
        d_model: Width of the Chinese model.
        layers: Number of its blocks.
        seed: Of what is drawn: first weights, dropout, pieces.
    """

    steps: int
    batch: int = 16
    length: int = 64
    lr: float = 6e-3
    dropout: float = 0.1
    weight_decay: float = 0.05
    rank: int = 16
    d_model: int = 128
    layers: int = 2
    seed: int = 0


RECIPES: Mapping[Language, VoiceConfig] = {
    "en": VoiceConfig(steps=400),
    "zh": VoiceConfig(steps=700, length=48, lr=4e-3, weight_decay=0.1),
}
PHRASES: Mapping[Language, int] = {"en": 4000, "zh": 12_000}
_ROUNDS = 4


@dataclass(frozen=True, eq=False)
class Voice:
    """A model that writes one language, with what it needs for that.

    Attributes:
        language: ``"en"`` or ``"zh"``.
        model: Reads and writes one sentence a line.
        tokenizer: Its tokenizer.
        known: Digests of the sentences that it was trained on, sorted.
        words: The words of these sentences, the most frequent first; for Chinese the characters.
        arrays: What was learned, as it is saved.
    """

    language: Language
    model: GPT
    tokenizer: Tokenizer
    known: np.ndarray
    words: tuple[str, ...]
    arrays: Arrays

    @property
    def shape(self) -> dict[str, Any]:
        """The shape of the model, as JSON holds it."""
        return asdict(self.model.config)

    @property
    def characters(self) -> str:
        """The characters of a tokenizer that reads characters."""
        assert isinstance(self.tokenizer, CharTokenizer)
        return "".join(self.tokenizer.vocabulary.tokens[3:])

    @property
    def newline(self) -> int:
        """Id of the token that ends a sentence."""
        return int(self.tokenizer.encode("\n")[0])

    def knows(self, sentence: str) -> bool:
        """Tell whether a sentence, word for word, is one of those that were trained on."""
        place = int(np.searchsorted(self.known, digest(sentence)))
        return place < len(self.known) and bool(self.known[place] == digest(sentence))


def digest(sentence: str) -> np.uint64:
    """Return 64 bits that stand for a sentence; letters and digits count, their case does not."""
    letters = "".join(filter(str.isalnum, sentence.lower()))
    return np.uint64(
        int.from_bytes(hashlib.sha256(letters.encode()).digest()[:8], "big")
    )


def everyday(language: Language, seed: int = 0) -> list[str]:
    """Return the text that a voice is trained on: documents with one sentence a line.

    Some documents are sentences of one subject and one feeling from the training part of
    `companion.corpora.sentiment`, in four random orders; the others are sentences of the training part of
    `companion.corpora.phrasebook`, six of one construction to a document.

    Args:
        language: ``"en"`` or ``"zh"``.
        seed: Of the order.
    """
    generator = np.random.default_rng(seed)
    cells: dict[str, list[str]] = {}
    for document in sentiment_split(language).train:
        key = f"{document.group} {document.label}"
        cells.setdefault(key, []).append(document.text)
    documents = [
        "\n".join(generator.permutation(sentences))
        for _ in range(_ROUNDS)
        for sentences in cells.values()
    ]
    pairs = phrasebook().split().train.pairs
    kinds: dict[str, list[str]] = {}
    for i in sorted(generator.permutation(len(pairs))[: PHRASES[language]]):
        tag = next(t for t in sorted(pairs[i].tags) if t.startswith("construction:"))
        sentence = pairs[i].source if language == "en" else pairs[i].target
        kinds.setdefault(tag, []).append(sentence)
    for sentences in kinds.values():
        mixed = generator.permutation(sentences)
        documents += ["\n".join(mixed[i : i + 6]) for i in range(0, len(mixed), 6)]
    return [str(documents[i]) for i in generator.permutation(len(documents))]


def base_digest() -> str:
    """Return what the weights of the course's GPT are known by."""
    listed = (FOLDER / "SHA256SUMS").read_text(encoding="utf-8")
    return next(s.split()[0] for s in listed.splitlines() if "model.safe" in s)


def _sentences(documents: Iterable[str]) -> list[str]:
    lines = (line.strip() for text in documents for line in text.splitlines())
    return sorted(set(filter(None, lines)))


def _train(
    model: GPT, tokenizer: Tokenizer, documents: Sequence[str], config: VoiceConfig
) -> None:
    stream = document_stream(
        [tokenizer.encode(text + "\n") for text in documents], tokenizer.vocab_size
    )
    length = min(config.length, len(stream) - 1)
    learned = [p for p in model.parameters() if p.requires_grad]
    optimizer = AdamW(learned, lr=config.lr, weight_decay=config.weight_decay)
    rising = min(20, max(1, config.steps // 3))
    schedule = warmup(rising, cosine(max(1, config.steps - rising), 0.05))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)  # of the dropout
        Trainer(
            model,
            optimizer,
            lambda network, batch: network.loss(batch),
            windows(stream, length + 1, config.batch, config.seed),
            TrainingConfig(config.steps, autocast=True),
            schedule=schedule,
        ).fit()
    model.eval()


def _rounded(arrays: Arrays, name: str, matrix: Tensor) -> None:
    whole, scale = quantize(matrix.detach().float())
    arrays[name], arrays[f"{name}.scale"] = whole.numpy(), scale.numpy()


def _matrix(arrays: Mapping[str, np.ndarray], name: str) -> Tensor:
    whole, scale = arrays[name], arrays[f"{name}.scale"]
    return torch.from_numpy(whole.astype(np.float32) * scale.astype(np.float32))


def fit_english(documents: Sequence[str], config: VoiceConfig) -> Voice:
    """Adapt the course's GPT: LoRA beside its matrices, and the table of its tokens."""
    course = load_course_gpt()
    model = GPT(replace(course.model.config, dropout=config.dropout))
    model.load_state_dict(course.model.state_dict())
    lora = LoRAConfig(config.rank, 2 * config.rank, config.dropout, _TARGETS)
    add_lora(model, lora, torch.Generator().manual_seed(config.seed))
    model.embedding.weight.requires_grad_(True)
    _train(model, course.tokenizer, documents, config)
    arrays: Arrays = {}
    for name, layer in lora_layers(model).items():
        _rounded(arrays, f"{name}.a", layer.lora_a)
        _rounded(arrays, f"{name}.b", layer.lora_b * lora.scale)
    moved = model.embedding.weight - course.model.embedding.weight
    _rounded(arrays, "embedding", moved)
    return english(arrays, _sentences(documents))


def english(
    arrays: Arrays,
    sentences: Sequence[str] = (),
    known: np.ndarray | None = None,
    words: Sequence[str] = (),
) -> Voice:
    """Put the changes into the course's GPT."""
    course = load_course_gpt()
    model = course.model
    changed = model.state_dict()
    for name in (n[:-2] for n in arrays if n.endswith(".a")):
        change = _matrix(arrays, f"{name}.b") @ _matrix(arrays, f"{name}.a")
        changed[f"{name}.weight"] = changed[f"{name}.weight"] + change
    changed["embedding.weight"] = changed["embedding.weight"] + _matrix(
        arrays, "embedding"
    )
    model.load_state_dict(changed)
    if known is None:
        known = np.unique([digest(s) for s in sentences])
        found = (w.lower() for s in sentences for w in word_tokenize(s))
        counts = Counter(w for w in found if w.isascii() and w.isalpha())
        words = [word for word, _ in counts.most_common()]
    return Voice("en", model, course.tokenizer, known, tuple(words), arrays)


def fit_chinese(documents: Sequence[str], config: VoiceConfig) -> Voice:
    """Train a small GPT over characters from nothing."""
    tokenizer = CharTokenizer.train([*documents, "\n"])
    shape = GPTConfig.llama(
        tokenizer.vocab_size,
        context=160,
        layers=config.layers,
        d_model=config.d_model,
        heads=4,
        d_ff=8 * round(config.d_model / 3),
        tied=True,
        dropout=config.dropout,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        model = GPT(shape)
    _train(model, tokenizer, documents, config)
    arrays: Arrays = {}
    for name, tensor in model.state_dict().items():
        if tensor.ndim == 2:
            _rounded(arrays, name, tensor)
        else:
            arrays[name] = tensor.half().numpy()
    known = np.unique([digest(s) for s in _sentences(documents)])
    characters = "".join(tokenizer.vocabulary.tokens[3:])
    return chinese(arrays, asdict(shape), characters, known)


def chinese(
    arrays: Arrays,
    shape: Mapping[str, Any],
    characters: str,
    known: np.ndarray,
) -> Voice:
    """Put the numbers into a model."""
    model = GPT(GPTConfig(**shape))
    weights = {
        name: _matrix(arrays, name)
        if f"{name}.scale" in arrays
        else torch.from_numpy(arrays[name].astype(np.float32))
        for name in arrays
        if not name.endswith(".scale")
    }
    model.load_state_dict(weights)
    tokenizer = CharTokenizer(Vocabulary([UNK, BOS, EOS, *characters], (UNK, BOS, EOS)))
    words = tuple(sorted(filter(is_han, characters)))
    return Voice("zh", model.eval(), tokenizer, known, words, arrays)
