"""The stored GPT: eight bits and back, whole or refused, and as good as its card says."""

import shutil
from pathlib import Path

import pytest
import torch

from companion.corpora import python_docs
from companion.models.course_gpt import (
    FOLDER,
    load_course_gpt,
    quantize,
    save_course_gpt,
)
from companion.models.gpt import GPT, GPTConfig
from companion.models.ngram import NGramModel
from companion.text import BPETokenizer
from companion.training.pretraining import bits


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    tokenizer = BPETokenizer.train("a rose is a rose is a rose " * 9, vocab_size=270)
    model = GPT(
        GPTConfig.llama(tokenizer.vocab_size, d_model=16, layers=1, context=8, heads=2)
    )
    log = [{"step": 1.0, "seconds": 0.5, "loss": 2.0, "valid": 3.25}]
    save_course_gpt(tmp_path / "gpt", model, tokenizer, {"seed": 0}, log)
    return tmp_path / "gpt"


def test_rounding_errs_by_half_a_step_at_most() -> None:
    weight = torch.randn(20, 30) * torch.logspace(-3, 2, 20).unsqueeze(1)
    rounded, scale = quantize(weight)
    step = scale.float()
    # The scale itself is rounded to half precision, by a two-thousandth.
    assert ((rounded * step - weight).abs() <= 0.5 * step + weight.abs() / 1000).all()
    assert rounded.abs().max() == 127


def test_a_row_of_zeros_stays_zero() -> None:
    rounded, scale = quantize(torch.zeros(2, 3))
    assert (rounded.float() * scale.float() == 0).all()


def test_saved_and_loaded(folder: Path) -> None:
    found = load_course_gpt(folder)
    assert found.card == {"seed": 0}
    assert found.log == [{"step": 1.0, "seconds": 0.5, "loss": 2.0, "valid": 3.25}]
    assert not found.model.training
    again = load_course_gpt(folder).model
    for name, tensor in found.model.state_dict().items():
        assert torch.equal(tensor, again.state_dict()[name])


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "log.csv"])
def test_a_file_that_was_cut_off_is_named(folder: Path, name: str) -> None:
    path = folder / name
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(ValueError, match=rf"{name} is not the file that was published"):
        load_course_gpt(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    with pytest.raises(FileNotFoundError, match=r"tokenizer.json is missing"):
        load_course_gpt(folder)
    shutil.rmtree(folder)
    with pytest.raises(FileNotFoundError, match="companion train gpt"):
        load_course_gpt(folder)


def test_the_published_checkpoint_is_small_enough() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= 2_000_000
    assert (FOLDER / "MODEL_CARD.md").exists()


@pytest.mark.slow
def test_the_published_checkpoint_beats_counting_on_held_out_text() -> None:
    model, tokenizer, card, _ = load_course_gpt()
    split = python_docs("prose").split()
    read = [tokenizer.encode(document.text) for document in split.train]
    counts = NGramModel.fit(read, 5, tokenizer.vocab_size)
    test = [tokenizer.encode(document.text) for document in split.test]
    characters = sum(len(document.text) for document in split.test)
    nats = -sum(float(row.sum()) for row in counts.log_prob(test))
    counted = nats / characters / 0.6931471805599453
    reached = bits(model, tokenizer, split.test)
    assert reached < counted - 0.05
    # Another version of Python has a little other text.
    assert reached == pytest.approx(
        card["test bits per character, as stored"], abs=0.05
    )
