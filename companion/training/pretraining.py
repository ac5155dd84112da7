"""Pre-training of the course's GPT: from Python's documentation to a checkpoint, by one recipe."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from companion.corpora import Corpus, Split, python_docs
from companion.metrics.information import bits_per_character
from companion.models.course_gpt import CourseGPT, load_course_gpt, save_course_gpt
from companion.models.gpt import GPT, GPTConfig
from companion.models.recurrent_lm import document_stream
from companion.text import BPETokenizer
from companion.training.optimizers import AdamW
from companion.training.schedules import cosine, warmup
from companion.training.trainer import Trainer, TrainingConfig
from companion.training.windows import windows


@dataclass(frozen=True)
class PretrainingConfig:
    """The recipe.

    Attributes:
        steps: Number of changes of the parameters.
        batch: Number of pieces of text in a step.
        vocab_size: Number of tokens of the BPE tokenizer, trained on the training part.
        context: Number of tokens of a piece that are predicted.
        layers: Number of blocks.
        d_model: Width of the vector of a token.
        heads: Number of heads.
        d_ff: Width inside the feed-forward layers.
        dropout: Probability of dropping a number.
        lr: Greatest learning rate.
        warmup: Number of steps until it is reached; from there it falls along a cosine to a fiftieth.
        weight_decay: Of AdamW.
        evaluate_every: Number of steps between two evaluations.
        autocast: Whether products are computed in bfloat16.
        seed: Of the weights, the dropout and the order of the pieces.
    """

    steps: int = 4500
    batch: int = 8
    vocab_size: int = 1024
    context: int = 256
    layers: int = 4
    d_model: int = 192
    heads: int = 6
    d_ff: int = 496
    dropout: float = 0.2
    lr: float = 2e-3
    warmup: int = 150
    weight_decay: float = 0.1
    evaluate_every: int = 200
    autocast: bool = True
    seed: int = 0

    @property
    def model(self) -> GPTConfig:
        """Shape of the model: the options of Llama, with a tied output layer."""
        return GPTConfig.llama(
            self.vocab_size,
            context=self.context,
            layers=self.layers,
            d_model=self.d_model,
            heads=self.heads,
            d_ff=self.d_ff,
            dropout=self.dropout,
            tied=True,
        )


def bits(model: GPT, tokenizer: BPETokenizer, corpus: Corpus) -> float:
    """Return the bits per character of a model on a corpus.

    Args:
        model: The model.
        tokenizer: Its tokenizer.
        corpus: The text.
    """
    read = [tokenizer.encode(document.text) for document in corpus]
    nats = -sum(float(row.sum()) for row in model.log_prob(read))
    return bits_per_character(nats, sum(len(document.text) for document in corpus))


def pretrain_gpt(
    folder: str | Path,
    config: PretrainingConfig | None = None,
    split: Split[Corpus] | None = None,
    device: torch.device | str | None = None,
    resume: bool = False,
    progress: bool = False,
    report: Callable[[str], None] = lambda line: None,
) -> CourseGPT:
    """Train a GPT and write it, with its tokenizer, card and log, as `companion.models.course_gpt` reads it.

    Args:
        folder: Where the files go; the trainer's own checkpoints go into ``folder/training``.
        config: The recipe; None is the one that the course's checkpoint was made by.
        split: The text; None is the prose of `companion.corpora.python_docs`, split by document.
        device: Where to train; None is the CPU.
        resume: Whether to go on with a run that was cut off.
        progress: Whether to show a progress bar.
        report: Called with a line of text at each evaluation.

    Returns:
        What `companion.models.course_gpt.load_course_gpt` reads from the folder: the weights as stored, in eight bits.

    Raises:
        ValueError: If a part of the recipe makes no sense, or the text is shorter than one piece.
    """
    config = config or PretrainingConfig()
    split = split or python_docs("prose").split()
    tokenizer = BPETokenizer.train(split.train.text, vocab_size=config.vocab_size)
    read = [tokenizer.encode(document.text) for document in split.train]
    stream = document_stream(read, tokenizer.vocab_size)
    torch.manual_seed(config.seed)
    # The tokenizer of a short text may find fewer tokens than were asked for.
    shape = replace(config.model, vocab_size=tokenizer.vocab_size)
    model = GPT(shape).to(device or "cpu")
    valid = [tokenizer.encode(document.text) for document in split.valid]
    valid_characters = sum(len(document.text) for document in split.valid)

    def evaluate(model: GPT) -> float:
        nats = -sum(float(row.sum()) for row in model.log_prob(valid, config.context))
        return bits_per_character(nats, valid_characters)

    trainer = Trainer(
        model,
        AdamW(
            model.parameters(),
            config.lr,
            betas=(0.9, 0.99),
            weight_decay=config.weight_decay,
        ),
        lambda model, batch: model.loss(batch),
        windows(stream, config.context + 1, config.batch, config.seed, device),
        TrainingConfig(
            config.steps,
            evaluate_every=config.evaluate_every,
            autocast=config.autocast,
        ),
        warmup(config.warmup, cosine(max(1, config.steps - config.warmup), 0.02)),
        _reporting(evaluate, report),
        Path(folder) / "training",
        progress,
    )
    started = time.perf_counter()
    trainer.fit(resume)
    best = trainer.load_best()
    log = _log(trainer)
    card: dict[str, Any] = {
        "data": repr(split.train),
        "data fingerprint": split.train.fingerprint,
        "source": split.train.source,
        "license of the data": split.train.license,
        "recipe": {name: getattr(config, name) for name in config.__dataclass_fields__},
        "parameters": sum(p.numel() for p in model.parameters()),
        "tokens seen": config.steps * config.batch * config.context,
        "tokens of the training text": int(sum(map(len, read))),
        "seconds": round(log[-1]["seconds"] if log else time.perf_counter() - started),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "valid bits per character": round(best, 4),
    }
    save_course_gpt(folder, model, tokenizer, card, log)
    stored = load_course_gpt(folder, device)
    card["test bits per character, as stored"] = round(
        bits(stored.model, tokenizer, split.test), 4
    )
    save_course_gpt(folder, model, tokenizer, card, log)
    return load_course_gpt(folder, device)


def _reporting(
    evaluate: Callable[[GPT], float], report: Callable[[str], None]
) -> Callable[[GPT], float]:
    def evaluated(model: GPT) -> float:
        value = evaluate(model)
        report(f"{value:.4f} bits per character on the validation part")
        return value

    return evaluated


def _log(trainer: Trainer) -> list[dict[str, float]]:
    """Return the evaluations with the time spent on steps until each, and the mean loss since the last."""
    seconds = np.cumsum([row["seconds"] for row in trainer.history])
    rows, last = [], 0
    for i, row in enumerate(trainer.history):
        if "valid" in row:
            losses = [r["loss"] for r in trainer.history[last : i + 1]]
            rows.append(
                {
                    "step": float(i + 1),
                    "seconds": float(seconds[i]),
                    "loss": float(np.mean(losses)),
                    "valid": float(row["valid"]),
                }
            )
            last = i + 1
    return rows
