"""Language models on public text: Tiny Shakespeare by characters, WikiText-2 by words."""

from __future__ import annotations

import math
import time

import numpy as np
import torch
from jaxtyping import Int

from companion.benchmarks.data import fetch
from companion.benchmarks.report import Figure, Report, Say
from companion.corpora.cache import CorpusError
from companion.metrics.information import bits_per_character
from companion.models.course_gpt import load_course_gpt
from companion.models.gpt import GPT, GPTConfig
from companion.models.ngram import NGramModel
from companion.training.optimizers import AdamW
from companion.training.schedules import cosine, warmup
from companion.training.trainer import Trainer, TrainingConfig
from companion.training.windows import windows


def _window_bits(
    model: GPT, ids: Int[torch.Tensor, " characters"], stride: int
) -> float:
    """Return bits per character; each window scores what the one before did not, with what it did as context."""
    model.eval()
    context, total = model.config.context, 0.0
    with torch.inference_mode():
        for first in range(0, len(ids) - 1, stride):
            begin = max(0, first + stride - context)
            part = ids[begin : first + stride + 1].to(model.device)
            logits = model(part[None, :-1])[0]
            nats = torch.nn.functional.cross_entropy(logits, part[1:], reduction="none")
            total += float(nats[first - begin :].double().sum())
    return bits_per_character(total, len(ids) - 1)


def run_shakespeare(
    say: Say, device: torch.device, steps: int = 2_000, layers: int = 4
) -> Report:
    """Train on the first 90 % of Tiny Shakespeare, test on the rest.

    Args:
        say: Called with a line about what is going on.
        device: Where the GPT is trained.
        steps: Number of steps of the GPT.
        layers: Number of its blocks.
    """
    text = fetch("tinyshakespeare/input.txt").read_text(encoding="utf-8")
    characters = sorted(set(text))
    number = {character: i for i, character in enumerate(characters)}
    ids = np.array([number[character] for character in text])
    cut = int(0.9 * len(ids))
    train, test = ids[:cut], ids[cut:]
    figures = []
    for order in (5, 6, 7):
        started = time.perf_counter()
        counts = NGramModel.fit([train], order=order, vocab_size=len(characters))
        nats = -float(counts.log_prob([test])[0].sum())
        minutes = (time.perf_counter() - started) / 60
        name = f"Kneser-Ney of characters, order {order}"
        figures.append(
            Figure(name, round(bits_per_character(nats, len(test)), 4), minutes=minutes)
        )
        say(f"{name}: {figures[-1].value:.3f} bits per character")
    torch.manual_seed(0)
    shape = GPTConfig.llama(
        len(characters),
        context=128,
        layers=layers,
        d_model=128,
        heads=4,
        d_ff=344,
        tied=True,
        start_token=False,
        dropout=0.1,
    )
    model = GPT(shape).to(device)
    started = time.perf_counter()
    Trainer(
        model,
        AdamW(model.parameters(), 2e-3, betas=(0.9, 0.99), weight_decay=0.1),
        lambda model, batch: model.loss(batch),
        windows(torch.from_numpy(train), shape.context + 1, 16, 0, device),
        TrainingConfig(steps, evaluate_every=steps),
        warmup(100, cosine(steps - 100, 0.05)),
    ).fit()
    value = _window_bits(model, torch.from_numpy(test), stride=64)
    minutes = (time.perf_counter() - started) / 60
    size = sum(p.numel() for p in model.parameters()) / 1e6
    name = f"the course's GPT, {size:.1f} M parameters, {steps:,} steps"
    figures.append(Figure(name, round(value, 4), minutes=round(minutes, 2)))
    say(f"{name}: {value:.3f} bits per character")
    published = [
        Figure(
            "nanoGPT, 0.8 M parameters, 2,000 steps on a CPU",
            round(1.88 / math.log(2), 2),
            source="karpathy2022nanogpt",
            note="1.88 nats; a sample of the last 10 %",
        ),
        Figure(
            "nanoGPT, 10.7 M parameters, on a GPU",
            round(1.4697 / math.log(2), 2),
            source="karpathy2022nanogpt",
            note="1.4697 nats, the best of several evaluations on the test part itself",
        ),
    ]
    return Report(
        name="shakespeare",
        title="Tiny Shakespeare, characters",
        data="trained on the first 90 % of 1.1 million characters, tested on the rest, nothing chosen in between",
        metric="bits per character",
        figures=[*figures, *published],
        higher_is_better=False,
        why="The small network needs more minutes than these to leave the counts behind, or more parameters. The large "
        "figure belongs to thirteen times as many, trained on a GPU, and chosen by the very text that it is tested on.",
        machine="",
    )


def _words(name: str) -> list[str]:
    text = fetch(f"wikitext-2/{name}.txt").read_text(encoding="utf-8")
    return text.replace("\n", " <eos> ").split()


def run_wikitext(say: Say, device: torch.device) -> Report:
    """Count words on the training part of WikiText-2, and read its test part with the course's GPT as it is.

    Args:
        say: Called with a line about what is going on.
        device: Where the GPT reads.
    """
    test = _words("test")
    figures = []
    try:
        train = _words("train")
    except CorpusError as error:
        say(f"without the rows that count words: {error}")
    else:
        number = {word: i for i, word in enumerate(dict.fromkeys(train))}
        ids = np.array([number[word] for word in train])
        unknown = number["<unk>"]
        held = np.array([number.get(word, unknown) for word in test])
        for order in (3, 5):
            started = time.perf_counter()
            counts = NGramModel.fit([ids], order=order, vocab_size=len(number))
            nats = -float(counts.log_prob([held])[0].sum())
            minutes = round((time.perf_counter() - started) / 60, 2)
            name = f"Kneser-Ney of words, order {order}"
            value = round(math.exp(nats / len(test)), 1)
            figures.append(Figure(name, value, minutes=minutes))
            say(f"{name}: perplexity {value}")
    course = load_course_gpt(device=device)
    started = time.perf_counter()
    text = fetch("wikitext-2/test.txt").read_text(encoding="utf-8")[:200_000]
    words = len(text.replace("\n", " <eos> ").split())
    paragraphs = [line for line in text.split("\n") if line.strip()]
    read = [course.tokenizer.encode(line) for line in paragraphs]
    nats = -sum(float(row.sum()) for row in course.model.log_prob(read))
    characters = sum(map(len, paragraphs))
    value = math.exp(nats / words)
    figures.append(
        Figure(
            "the course's GPT, trained on Python's documentation alone",
            round(value, 1),
            minutes=round((time.perf_counter() - started) / 60, 2),
            note=f"{bits_per_character(nats, characters):.2f} bits per character; the first 200,000 characters, "
            "paragraph by paragraph, any word in any vocabulary; <unk> is spelled out",
        )
    )
    say(f"{figures[-1].system}: perplexity {value:.0f}")
    published = [
        Figure("LSTM", 99.3, source="grave2017cache"),
        Figure("LSTM with a cache", 68.9, source="grave2017cache"),
        Figure("pointer sentinel LSTM", 80.8, source="merity2017pointer"),
        Figure("AWD-LSTM", 65.8, source="merity2018awd"),
        Figure(
            "GPT-2, 117 M parameters, as it is",
            29.41,
            source="radford2019",
            note="another tokenizer, text turned back into plain English",
        ),
    ]
    return Report(
        name="wikitext-2",
        title="WikiText-2, words",
        data="2.1 million words of training text, vocabulary 33,278; tested on 245,569 words and ends of lines",
        metric="perplexity per word on test",
        figures=[*figures, *published],
        higher_is_better=False,
        why="The course's GPT has read about Python and nothing about the world: it has no idea of an encyclopedia, "
        "and the figure says so. Nothing of the course was trained on this text but the counts.",
        machine="",
    )
