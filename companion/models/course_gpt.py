"""The course's own GPT: stored in eight bits with its tokenizer, its card and its training log."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import torch
from jaxtyping import Float, Int8
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from companion.models.gpt import GPT, GPTConfig
from companion.text import BPETokenizer

FOLDER = Path(__file__).parents[1] / "checkpoints" / "course_gpt"
_FILES = (
    "model.safetensors",
    "tokenizer.json",
    "config.json",
    "log.csv",
    "MODEL_CARD.md",
)


class CourseGPT(NamedTuple):
    """A trained GPT with what belongs to it.

    Attributes:
        model: The model, in evaluation mode.
        tokenizer: The tokenizer that it was trained with.
        card: What it was trained on, how, and what it reaches.
        log: One dictionary an evaluation: step, seconds, loss (nats a token) and valid (bits per character).
    """

    model: GPT
    tokenizer: BPETokenizer
    card: dict[str, Any]
    log: list[dict[str, float]]


def quantize(
    weight: Float[Tensor, "rows columns"],
) -> tuple[Int8[Tensor, "rows columns"], Float[Tensor, "rows 1"]]:
    """Round the numbers of a matrix to eight bits, with one scale a row.

    Args:
        weight: Shape [rows, columns].

    Returns:
        Whole numbers from -127 to 127, and what to multiply each row by, in half precision.

    Example:
        >>> rounded, scale = quantize(torch.tensor([[1.0, -0.5]]))
        >>> rounded.tolist()
        [[127, -64]]
    """
    scale = weight.abs().amax(1, keepdim=True).clamp(min=1e-6) / 127
    scale = scale.half().float().clamp(min=6e-8)
    rounded = (weight / scale).round().clamp(-127, 127)
    return rounded.to(torch.int8), scale.half()


def save_course_gpt(
    folder: str | Path,
    model: GPT,
    tokenizer: BPETokenizer,
    card: Mapping[str, Any],
    log: list[dict[str, float]],
) -> None:
    """Write a model in eight bits, with its tokenizer, card, log and checksums.

    Args:
        folder: Where to; it is made if it is not there.
        model: The model.
        tokenizer: Its tokenizer.
        card: What is to be known of it: strings and numbers.
        log: One dictionary an evaluation: step, seconds, loss, valid.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tensors: dict[str, Tensor] = {}
    for name, tensor in model.state_dict().items():
        if tensor.ndim == 2:
            tensors[name], tensors[f"{name}.scale"] = quantize(tensor.cpu().float())
        else:
            tensors[name] = tensor.cpu().half()
    save_file(tensors, folder / "model.safetensors")
    tokenizer.save(folder / "tokenizer.json")
    content = {"model": asdict(model.config), "card": dict(card)}
    (folder / "config.json").write_text(
        json.dumps(content, indent=1) + "\n", encoding="utf-8"
    )
    with (folder / "log.csv").open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(
            out, ["step", "seconds", "loss", "valid"], lineterminator="\n"
        )
        writer.writeheader()
        for row in log:
            writer.writerow(
                {"step": int(row["step"])}
                | {name: f"{row[name]:.4f}" for name in ("seconds", "loss", "valid")}
            )
    (folder / "MODEL_CARD.md").write_text(model_card(card), encoding="utf-8")
    sums = [f"{_sha256(folder / name)}  {name}\n" for name in _FILES]
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")


def model_card(card: Mapping[str, Any]) -> str:
    """Say in Markdown what the model is, what it is for, and what it is not for.

    Args:
        card: What is to be known of it, as `save_course_gpt` takes it.

    Returns:
        The text.
    """
    rows = "".join(f"| {name} | {value} |\n" for name, value in card.items())
    return f"""# Model card: the course's GPT

A small GPT, trained from nothing by `companion train gpt` on Python's documentation and on the comments in its standard
library, to be looked at, continued and taken apart in the chapters of *From Counts to Transformers*. The weights are
stored in eight bits with one scale a row (`model.safetensors`); `companion.models.course_gpt.load_course_gpt` reads
them and checks SHA256SUMS first.

| | |
| --- | --- |
{rows}
**For**: the experiments of the course. **Not for**: advice about Python, or anything else that has to be true. It
continues text in the manner of the documentation, and makes up functions, arguments and rules that do not exist. It has
seen English only, of one subject, and no conversation.

**Held out**: whole documents, chosen by a hash of their names; paragraphs that occur twice were dropped before, and so
were the remarks in the files whose documentation is held out. The seconds are those of one core of a machine that did
other work at the same time. `log.csv` holds the bits per character on the validation part during training.
"""


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def load_course_gpt(
    folder: str | Path | None = None, device: torch.device | str | None = None
) -> CourseGPT:
    """Load the GPT that this project trained on Python's documentation, or one that you trained likewise.

    Args:
        folder: What ``companion train gpt`` wrote; None is the checkpoint that comes with the package.
        device: Where the model is to lie; None is the CPU.

    Returns:
        The model, its tokenizer, its card and its log.

    Raises:
        FileNotFoundError: If a file is missing.
        ValueError: If a file is not the one that the checksums were made of, or the weights do not fit the config.

    Example:
        >>> model, tokenizer, card, log = load_course_gpt()
        >>> model.vocab_size == tokenizer.vocab_size
        True
    """
    folder = FOLDER if folder is None else Path(folder)
    _verify(folder)
    content = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    try:
        stored = load_file(folder / "model.safetensors")
    except SafetensorError as error:
        raise ValueError(
            f"{folder / 'model.safetensors'} cannot be read: {error}"
        ) from error
    weights = {
        name: tensor.float() * stored[f"{name}.scale"].float()
        if f"{name}.scale" in stored
        else tensor.float()
        for name, tensor in stored.items()
        if not name.endswith(".scale")
    }
    model = GPT(GPTConfig(**content["model"]))
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise ValueError(
            f"the weights in {folder} do not fit its config.json: {error}"
        ) from error
    with (folder / "log.csv").open(newline="", encoding="utf-8") as lines:
        log = [
            {name: float(value) for name, value in row.items()}
            for row in csv.DictReader(lines)
        ]
    tokenizer = BPETokenizer.load(folder / "tokenizer.json")
    return CourseGPT(model.to(device or "cpu").eval(), tokenizer, content["card"], log)


def _verify(folder: Path) -> None:
    listed = folder / "SHA256SUMS"
    if not listed.exists():
        raise FileNotFoundError(
            f"{folder} holds no SHA256SUMS: `companion train gpt --folder {folder}` makes such a folder"
        )
    for line in listed.read_text(encoding="utf-8").splitlines():
        wanted, name = line.split()
        path = folder / name
        if not path.exists():
            raise FileNotFoundError(
                f"{path} is missing: fetch the checkpoint again, or train it with `companion train gpt`"
            )
        if _sha256(path) != wanted:
            raise ValueError(
                f"{path} is not the file that was published: it is damaged, cut off or changed. Fetch it again, or "
                "train the model with `companion train gpt`"
            )
