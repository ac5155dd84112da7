"""Translation: captions of pictures from English to German, Multi30k."""

from __future__ import annotations

import gzip
import time
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from companion.benchmarks.data import fetch
from companion.benchmarks.report import Figure, Report, Say, with_interval
from companion.decoding.search import beam_search, greedy_search
from companion.metrics.bleu import bleu_from_statistics, bleu_statistics
from companion.metrics.resampling import bootstrap_interval
from companion.models.sentence_embedding import padded
from companion.models.transformer import Transformer, TransformerConfig
from companion.text import BPETokenizer
from companion.training.optimizers import Adam
from companion.training.schedules import cosine, warmup
from companion.training.trainer import Trainer, TrainingConfig
from companion.training.windows import step_generator

_PAD, _BOS, _EOS, _SPECIALS = 0, 1, 2, 3


def read(part: str, language: str) -> list[str]:
    """Return the lines of a part, e.g. ``"train"`` or ``"test_2016_flickr"``."""
    packed = fetch(f"multi30k/{part}.{language}.gz").read_bytes()
    return gzip.decompress(packed).decode("utf-8").strip().split("\n")


class _Pairs:
    """Batches of about equal numbers of tokens, of sentences of about equal length."""

    def __init__(
        self, source: list[list[int]], target: list[list[int]], tokens: int
    ) -> None:
        order = sorted(
            range(len(source)), key=lambda i: (len(target[i]), len(source[i]))
        )
        self.source, self.target = source, target
        self.batches: list[list[int]] = [[]]
        widest = 0
        for i in order:
            widest = max(widest, len(target[i]), len(source[i]))
            if self.batches[-1] and (len(self.batches[-1]) + 1) * widest > tokens:
                self.batches.append([])
                widest = max(len(target[i]), len(source[i]))
            self.batches[-1].append(i)

    def __call__(self, step: int) -> tuple[Tensor, Tensor, Tensor]:
        epoch, at = divmod(step, len(self.batches))
        order = torch.randperm(len(self.batches), generator=step_generator(1, epoch))
        rows = self.batches[int(order[at])]
        source, lengths = padded([np.array(self.source[i]) for i in rows], _PAD)
        targets = [np.array([_BOS, *self.target[i], _EOS]) for i in rows]
        return source, lengths, padded(targets, _PAD)[0]


def translate(
    model: Transformer,
    tokenizer: BPETokenizer,
    read: Sequence[Sequence[int]],
    beam: int,
) -> list[str]:
    """Translate sentences that are given as ids."""
    model.eval()
    device = next(model.parameters()).device
    found = []
    for ids in read:
        length = torch.tensor([len(ids)], device=device)
        with torch.no_grad():
            state = model.encode(torch.tensor([list(ids)], device=device), length)
        limit = min(2 * len(ids) + 10, model.config.max_length - 2)
        if beam == 1:
            best = greedy_search(model.advance, state, 1, _BOS, _EOS, limit)[0]
        else:
            best = beam_search(model.advance, state, _BOS, _EOS, limit, beam, 1.0)[0]
        written = [token - _SPECIALS for token in best.tokens if token >= _SPECIALS]
        found.append(tokenizer.decode(written))
    return found


def run(
    say: Say, device: torch.device, epochs: int = 14, tokens: int = 1_500
) -> Report:
    """Train on 29,000 pairs and translate the 1,000 sentences of test 2016.

    Args:
        say: Called with a line about what is going on.
        device: Where the model is trained.
        epochs: How often the training part is read.
        tokens: Greatest number of tokens of a batch, on either side.
    """
    started = time.perf_counter()
    pairs = {name: (read(name, "en"), read(name, "de")) for name in ("train", "val")}
    tokenizer = BPETokenizer.train(
        "\n".join([*pairs["train"][0], *pairs["train"][1]]), vocab_size=5_000
    )

    def encode(texts: list[str]) -> list[list[int]]:
        return [[_SPECIALS + i for i in tokenizer.encode(text)] for text in texts]

    vocab = tokenizer.vocab_size + _SPECIALS
    torch.manual_seed(0)
    model = Transformer(
        TransformerConfig(
            vocab, vocab, layers=3, d_model=192, heads=4, d_ff=512, dropout=0.2,
            max_length=200,
        )
    ).to(device)  # fmt: skip
    model.source_embedding = model.target_embedding  # one table of subwords for both
    train = _Pairs(encode(pairs["train"][0]), encode(pairs["train"][1]), tokens)
    valid = _Pairs(encode(pairs["val"][0]), encode(pairs["val"][1]), tokens)
    steps = epochs * len(train.batches)
    say(f"{sum(p.numel() for p in model.parameters()):,} parameters, {steps:,} steps")

    def on(batch: tuple[Tensor, Tensor, Tensor]) -> list[Tensor]:
        return [part.to(device) for part in batch]

    def validate(model: Transformer) -> float:
        with torch.no_grad():
            losses = [
                float(model.loss(*on(valid(i)))) for i in range(len(valid.batches))
            ]
        say(f"validation loss {np.mean(losses):.3f}")
        return float(np.mean(losses))

    trainer = Trainer(
        model,
        Adam(model.parameters(), lr=2e-3, betas=(0.9, 0.98)),
        lambda model, batch: model.loss(*on(batch), label_smoothing=0.1),
        train,
        TrainingConfig(steps, evaluate_every=2 * len(train.batches)),
        warmup(400, cosine(steps - 400, 0.02)),
        validate,
    )
    trainer.fit()
    trainer.load_best()
    trained = (time.perf_counter() - started) / 60
    english = encode(read("test_2016_flickr", "en"))
    german = read("test_2016_flickr", "de")
    figures = []
    size = sum(p.numel() for p in model.parameters()) / 1e6
    for beam in (1, 5):
        began = time.perf_counter()
        written = translate(model, tokenizer, english, beam)
        minutes = trained + (time.perf_counter() - began) / 60
        interval = bootstrap_interval(
            bleu_statistics(written, german, "13a"),
            lambda rows: bleu_from_statistics(rows).score,
            generator=np.random.default_rng(0),
        )
        name = f"the course's Transformer, {size:.1f} M parameters, "
        name += "greedy" if beam == 1 else f"beam {beam}"
        figures.append(with_interval(name, interval, 1, minutes))
        say(f"{name}: BLEU {interval.value:.1f}")
    for source, german_text, ours in list(
        zip(read("test_2016_flickr", "en"), german, written, strict=True)
    )[:3]:
        say(f"  {source}\n    reference: {german_text}\n    ours:      {ours}")
    published = [
        Figure(
            "Transformer-Tiny, text only",
            41.0,
            source="wu2021good",
            note="lower case, tokenized by Moses, the average of checkpoints",
        )
    ]
    return Report(
        name="multi30k",
        title="Multi30k, English to German, test 2016",
        data="29,000 pairs of captions, nothing else; 1,014 to choose the checkpoint; joint BPE of 5,000 tokens",
        metric="BLEU on the text as it is (cased, tokenizer 13a, smoothing exp)",
        figures=[*figures, *published],
        why="The other figure is of a model of the same kind that was trained for longer on a GPU, and is computed on "
        "lower-case text with other tokens, which gives higher scores. What is missing here is mostly training.",
        machine="",
    )
