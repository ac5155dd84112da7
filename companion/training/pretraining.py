"""Pre-training of the course's GPT: from Python's documentation to a checkpoint, by one recipe."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from companion.corpora import Corpus, Split, python_docs, python_remarks
from companion.corpora.remarks import without_held_out
from companion.metrics.information import bits_per_character
from companion.models.course_gpt import CourseGPT, load_course_gpt, save_course_gpt
from companion.models.gpt import GPT, GPTConfig
from companion.models.ngram import NGramModel
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
        steps: Number of changes of the parameters, before the learning rate rises again.
        again: Number of changes after that; 0 for none.
        batch: Number of pieces of text in a step.
        vocab_size: Number of tokens of the BPE tokenizer, trained on the training part.
        context: Number of tokens of a piece that are predicted.
        layers: Number of blocks.
        d_model: Width of the vector of a token.
        heads: Number of heads.
        d_ff: Width inside the feed-forward layers.
        dropout: Probability of dropping a number.
        lr: Greatest learning rate.
        lr_again: Greatest learning rate after it rose again.
        warmup: Number of steps until it is reached; from there it falls along a cosine to a fiftieth.
        weight_decay: Of AdamW.
        own_text: Share of the steps, at the end of either part, that read the documentation alone, without the remarks.
        evaluate_every: Number of steps between two evaluations.
        autocast: Whether products are computed in bfloat16.
        seed: Of the weights, the dropout and the order of the pieces.
    """

    steps: int = 7000
    again: int = 3000
    batch: int = 8
    vocab_size: int = 1024
    context: int = 256
    layers: int = 4
    d_model: int = 192
    heads: int = 6
    d_ff: int = 496
    dropout: float = 0.15
    lr: float = 2e-3
    lr_again: float = 1e-3
    warmup: int = 200
    weight_decay: float = 0.1
    own_text: float = 0.2
    evaluate_every: int = 250
    autocast: bool = True
    seed: int = 0

    def lr_factor(self, step: int) -> float:
        """Return the factor of the learning rate: up, down along a cosine, and once more, not as high.

        Source: Loshchilov & Hutter (2017), section 3: warm restarts.
        """
        if step < self.steps:
            falling = cosine(max(1, self.steps - self.warmup), 0.02)
            return warmup(self.warmup, falling)(step)
        falling = cosine(max(1, self.again - self.warmup), 0.02)
        factor = warmup(self.warmup, falling)(step - self.steps)
        return factor * self.lr_again / self.lr

    def reads_own_text(self, step: int) -> bool:
        """Tell whether a step reads the documentation alone."""
        if step < self.steps:
            return step >= round((1 - self.own_text) * self.steps)
        return step - self.steps >= round((1 - self.own_text) * self.again)

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


def bits(model: GPT | NGramModel, tokenizer: BPETokenizer, corpus: Corpus) -> float:
    """Return the bits per character of a model on a corpus.

    Args:
        model: The model.
        tokenizer: Its tokenizer.
        corpus: The text.
    """
    read = [tokenizer.encode(document.text) for document in corpus]
    nats = -sum(float(row.sum()) for row in model.log_prob(read))
    return bits_per_character(nats, sum(len(document.text) for document in corpus))


def counted(tokenizer: BPETokenizer, read: list[np.ndarray], corpus: Corpus) -> float:
    """Return the bits per character of a Kneser-Ney model of order 5 that counts what a GPT was trained on.

    Args:
        tokenizer: The GPT's tokenizer.
        read: Token ids of the training documents.
        corpus: The text to be scored.
    """
    model = NGramModel.fit(read, order=5, vocab_size=tokenizer.vocab_size)
    return bits(model, tokenizer, corpus)


def pretrain_gpt(
    folder: str | Path,
    config: PretrainingConfig | None = None,
    split: Split[Corpus] | None = None,
    remarks: Corpus | None = None,
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
        remarks: More text of the kind, read beside the training part until the last steps. None is
            `companion.corpora.python_remarks` without the files that are held out if ``split`` is None, too, else
            nothing.
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
    if split is None:
        split = python_docs("prose").split()
        remarks = remarks or without_held_out(
            python_remarks(), (split.valid, split.test)
        )
    more = remarks or ()
    tokenizer = BPETokenizer.train(split.train.text, vocab_size=config.vocab_size)
    read = [tokenizer.encode(document.text) for document in split.train]
    read_more = [tokenizer.encode(document.text) for document in more]
    draw = partial(
        windows,
        length=config.context + 1,
        batch=config.batch,
        seed=config.seed,
        device=device,
    )
    own = draw(document_stream(read, tokenizer.vocab_size))
    both = draw(document_stream([*read, *read_more], tokenizer.vocab_size))
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
        lambda step: own(step) if config.reads_own_text(step) else both(step),
        TrainingConfig(
            config.steps + config.again,
            evaluate_every=config.evaluate_every,
            autocast=config.autocast,
        ),
        config.lr_factor,
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
        "tokens seen": (config.steps + config.again) * config.batch * config.context,
        "tokens of the training text": sum(map(len, read)),
        "remarks": repr(remarks) if remarks else "none",
        "tokens of the remarks": sum(map(len, read_more)),
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
    card["test bits per character of counts of the same text, order 5"] = round(
        counted(tokenizer, [*read, *read_more], split.test), 4
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
