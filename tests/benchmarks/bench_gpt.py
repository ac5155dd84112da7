"""GPT: a training step and generation against Hugging Face GPT-2, the cache, and what LoRA saves."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

try:  # sets one thread a side, before the peers are imported
    from harness import Row, paired
except ModuleNotFoundError:  # imported from the tests, not run from this folder
    from benchmarks.harness import Row, paired

import numpy as np
from transformers import GPT2Config, GPT2LMHeadModel
from transformers.utils import logging

from companion.decoding import generate
from companion.models.gpt import GPT, GPTConfig
from companion.models.lora import LoRAConfig, add_lora
from companion.models.pretrained.gpt2 import load_gpt2

LAYERS, WIDTH, HEADS, TIME, BATCH, VOCAB = 4, 256, 8, 256, 8, 8192
NEW = 256


def pair_of_models(context: int, width: int = WIDTH) -> tuple[GPT, GPT2LMHeadModel]:
    """Return the course's GPT and Hugging Face's, with the same weights."""
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    torch.manual_seed(0)
    shape = GPT2Config(
        vocab_size=VOCAB,
        n_positions=context,
        n_embd=width,
        n_layer=LAYERS,
        n_head=HEADS,
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        bos_token_id=0,
        eos_token_id=None,
        pad_token_id=0,
    )
    theirs = GPT2LMHeadModel(shape)
    with TemporaryDirectory() as folder:
        theirs.save_pretrained(folder)
        ours = load_gpt2(Path(folder))
    tokens = torch.randint(VOCAB, (1, 32))
    with torch.no_grad():
        torch.testing.assert_close(
            ours.eval()(tokens), theirs.eval()(tokens).logits, atol=1e-4, rtol=1e-4
        )
    return ours, theirs


def training_step(pairs: int) -> Row:
    """Forward, backward and AdamW on both sides."""
    ours, theirs = pair_of_models(TIME)
    ours.train()
    theirs.train()
    tokens = torch.randint(VOCAB, (BATCH, TIME))

    def step(model: torch.nn.Module, loss: Callable[[], torch.Tensor]):
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)

        def call() -> None:
            optimizer.zero_grad()
            loss().backward()
            optimizer.step()

        return call

    # Both predict TIME - 1 tokens of each row.
    mine = step(ours, lambda: ours.loss(tokens))
    peer = step(theirs, lambda: theirs(tokens, labels=tokens).loss)
    seconds, reference, ratio = paired(mine, peer, pairs=pairs)
    count = BATCH * TIME
    return Row(
        "GPT, training step",
        f"{LAYERS} layers, d = {WIDTH}, T = {TIME}, B = {BATCH}, V = {VOCAB:,}",
        "transformers, GPT-2",
        f"{count / seconds:,.0f} tokens/s",
        f"{count / reference:,.0f} tokens/s",
        ratio,
        1.0,
        pairs=pairs,
    )


def matrix_products(model: GPT) -> Callable[[], None]:
    """Return the products of a vector with every matrix of the model, once for each new token, and nothing else."""
    weights = [p.detach() for n, p in model.named_parameters() if p.ndim == 2]
    weights = [w for w in weights if w.shape[0] != model.config.context]
    inputs = [torch.randn(1, w.shape[1]) for w in weights]

    def call() -> None:
        with torch.inference_mode():
            for _ in range(NEW):
                for x, weight in zip(inputs, weights, strict=True):
                    torch.nn.functional.linear(x, weight)

    return call


def generation(pairs: int) -> list[Row]:
    """256 tokens, batch 1: the most probable one each time, and drawn from the 50 most probable."""
    ours, theirs = pair_of_models(NEW + 16)
    ours.eval()
    theirs.eval()
    prompt = list(range(1, 9))
    tokens = torch.tensor([prompt])

    def mine() -> list[int]:
        return generate(ours, prompt, NEW, temperature=0.0)

    def sample() -> list[int]:
        return generate(ours, prompt, NEW, np.random.default_rng(0), top_k=50)

    def written(**options: bool | int) -> list[int]:
        with torch.inference_mode():
            out = theirs.generate(
                tokens,
                attention_mask=torch.ones_like(tokens),
                max_new_tokens=NEW,
                min_new_tokens=NEW,
                use_cache=True,
                **options,
            )
        return out[0, len(prompt) :].tolist()

    def peer() -> list[int]:
        return written(do_sample=False)

    def their_sample() -> list[int]:
        return written(do_sample=True, top_k=50)

    def uncached() -> list[int]:
        read = list(prompt)
        with torch.inference_mode():
            for _ in range(NEW):
                logits = ours(torch.tensor([read]), last=True)
                read.append(int(logits[0, -1].argmax()))
        return read[len(prompt) :]

    assert mine() == peer() == uncached()
    assert len(sample()) == len(their_sample()) == NEW
    shape = f"{NEW} tokens, batch 1, {LAYERS} layers, d = {WIDTH}"
    rows = []
    bare = matrix_products(ours)
    for name, call, label, other, goal in (
        ("generation", mine, "transformers.generate", peer, 1.3),
        ("generation", mine, "the same model without its cache", uncached, 5.0),
        ("generation", mine, "its matrix products alone", bare, 0.75),
        ("sampling, top-k 50,", sample, "transformers.generate", their_sample, 1.3),
    ):
        seconds, reference, ratio = paired(call, other, pairs=pairs)
        rows.append(
            Row(
                f"GPT, {name} with a cache",
                shape,
                label,
                f"{NEW / seconds:,.0f} tokens/s",
                f"{NEW / reference:,.0f} tokens/s",
                ratio,
                goal,
                pairs=pairs,
            )
        )
    return rows


def bandwidth_bound(quick: bool) -> Row:
    """A model that no cache of a processor holds: each token must read all of its weights from memory."""
    width, new = (512, 4) if quick else (1536, 16)
    model = GPT(
        GPTConfig.gpt2(VOCAB, context=64, layers=8, d_model=width, heads=8)
    ).eval()
    read = [p for n, p in model.named_parameters() if "position" not in n]
    size = sum(p.numel() * p.element_size() for p in read)
    # What a sum over as many bytes takes is the time that reading them takes.
    block = torch.ones(size // 4)
    found, bound = [], []
    for _ in range(3 if quick else 5):
        start = time.perf_counter()
        generate(model, [1], new, temperature=0.0)
        found.append((time.perf_counter() - start) / new)
        start = time.perf_counter()
        block.sum()
        bound.append(time.perf_counter() - start)
    seconds, least = float(np.median(found)), float(np.median(bound))
    return Row(
        "GPT, distance from the memory bound",
        f"{size / 1e6:,.0f} MB of weights, one token",
        "reading the weights once",
        f"{1000 * seconds:.0f} ms",
        f"{1000 * least:.0f} ms ({size / least / 1e9:.0f} GB/s)",
        seconds / least,
        None,
        at_least=False,
        unit="x the time",
        pairs=len(found),
    )


def lora_step(pairs: int) -> Row:
    """A step that changes two small matrices beside each large one, against one that changes all."""
    torch.manual_seed(0)
    shape = GPTConfig.gpt2(VOCAB, context=TIME, layers=LAYERS, d_model=WIDTH, heads=8)
    full, small = GPT(shape), GPT(shape)
    small.load_state_dict(full.state_dict())
    add_lora(small, LoRAConfig(rank=8), torch.Generator().manual_seed(0))
    tokens = torch.randint(VOCAB, (BATCH, TIME))

    def step(model: GPT) -> Callable[[], None]:
        chosen = [p for p in model.parameters() if p.requires_grad]
        optimizer = torch.optim.AdamW(chosen, lr=1e-4)

        def call() -> None:
            optimizer.zero_grad()
            model.loss(tokens).backward()
            optimizer.step()

        return call

    seconds, reference, ratio = paired(step(small), step(full), pairs=pairs)
    return Row(
        "LoRA, training step, rank 8",
        f"{LAYERS} layers, d = {WIDTH}, T = {TIME}, B = {BATCH}",
        "all parameters",
        f"{1000 * seconds:.0f} ms",
        f"{1000 * reference:.0f} ms",
        1 / ratio,
        0.85,
        at_least=False,
        unit="x the time",
        pairs=pairs,
    )


# Dense bfloat16 products a second that a device's data sheet promises, without sparsity.
PEAK = {"H100": 989e12, "H200": 989e12, "A100": 312e12, "L4": 121e12, "T4": 65e12}


def on_gpu(shape: GPTConfig, batch: int, device: torch.device, steps: int = 20) -> Row:
    """Training in bfloat16, compiled: tokens a second, and the share of the device's products that are the model's.

    The products of a token are counted as 6 for each parameter that is multiplied, and 12 for each layer, number of the
    width and token of the context (Chowdhery et al. 2022, appendix B).
    """
    torch.manual_seed(0)
    model = GPT(shape).to(device)
    cuda = device.type == "cuda"
    loss = torch.compile(model.loss) if cuda else model.loss
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, fused=cuda)
    tokens = torch.randint(shape.vocab_size, (batch, shape.context + 1), device=device)

    def step() -> None:
        optimizer.zero_grad()
        with torch.autocast(device.type, torch.bfloat16):
            value = loss(tokens)
        value.backward()
        optimizer.step()

    def timed(number: int) -> float:
        if cuda:
            torch.cuda.synchronize()
        start = time.perf_counter()
        for _ in range(number):
            step()
        if cuda:
            torch.cuda.synchronize()
        return (time.perf_counter() - start) / number

    timed(3)
    seconds = timed(steps)
    multiplied = sum(p.numel() for p in model.parameters() if p.ndim == 2)
    if shape.positions == "learned":
        multiplied -= shape.context * shape.d_model
    a_token = 6 * multiplied + 12 * shape.layers * shape.d_model * shape.context
    count = batch * shape.context
    name = torch.cuda.get_device_name(device) if cuda else "CPU"
    peak = next((value for key, value in PEAK.items() if key in name), None)
    done = count * a_token / seconds
    return Row(
        f"GPT of {sum(p.numel() for p in model.parameters()) / 1e6:.0f} M, training",
        f"bfloat16, compiled, T = {shape.context}, B = {batch}, {name}",
        "the data sheet's products",
        f"{count / seconds:,.0f} tokens/s",
        "" if peak is None else f"{peak / 1e12:.0f} TFLOP/s",
        done / 1e12 if peak is None else 100 * done / peak,
        None,
        unit="TFLOP/s" if peak is None else "% of them",
        pairs=1,
    )


def run(quick: bool) -> list[Row]:
    """Time GPT and LoRA.

    Args:
        quick: Whether few pairs will do: to see that it works, not for figures.

    Returns:
        The rows of the table.
    """
    torch.set_num_threads(1)
    pairs = 1 if quick else 7
    rows = [
        training_step(pairs),
        *generation(pairs),
        bandwidth_bound(quick),
        lora_step(pairs),
    ]
    if torch.cuda.is_available():
        shape = GPTConfig.gpt2(50_257, context=1024, layers=12, d_model=768, heads=12)
        rows.append(on_gpu(shape, 16, torch.device("cuda"), 3 if quick else 20))
    return rows
