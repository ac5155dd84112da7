"""The recipe of the course's GPT: it learns, it is the same twice, and it can be cut off and resumed."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

from companion.cli import app
from companion.corpora import Corpus, Document, Split
from companion.models.course_gpt import load_course_gpt
from companion.training.pretraining import PretrainingConfig, bits, pretrain_gpt

SMALL = PretrainingConfig(
    steps=20,
    again=10,
    batch=4,
    vocab_size=280,
    context=16,
    layers=1,
    d_model=32,
    heads=2,
    d_ff=48,
    dropout=0.1,
    lr=1e-2,
    warmup=5,
    evaluate_every=10,
    autocast=False,
)


def corpus(name: str, *texts: str) -> Corpus:
    documents = tuple(Document(f"{name}/{i}", text) for i, text in enumerate(texts))
    return Corpus(name, documents, "en", "CC0-1.0", "written here")


@pytest.fixture
def split() -> Split[Corpus]:
    text = "The cat sat on the mat. The dog sat on the log. " * 30
    return Split(corpus("a", text, text[5:]), corpus("b", text[9:]), corpus("c", text))


def test_it_learns_and_what_is_stored_is_what_is_measured(
    tmp_path: Path, split: Split[Corpus]
) -> None:
    told: list[str] = []
    found = pretrain_gpt(tmp_path, SMALL, split, report=told.append)
    assert len(told) == 3
    assert found.log[-1]["valid"] < found.log[0]["valid"]
    assert [row["step"] for row in found.log] == [10, 20, 30]
    measured = bits(found.model, found.tokenizer, split.test)
    stated = found.card["test bits per character, as stored"]
    assert measured == pytest.approx(stated, abs=1e-3)
    # Eight bits cost little.
    assert stated < found.log[-1]["valid"] + 0.1
    assert found.card["data fingerprint"] == split.train.fingerprint


def test_the_same_seed_gives_the_same_weights_and_a_cut_off_run_ends_alike(
    tmp_path: Path, split: Split[Corpus]
) -> None:
    whole = pretrain_gpt(tmp_path / "whole", SMALL, split).model

    def cut(line: str, seen: list[str] = []) -> None:  # noqa: B006
        seen.append(line)
        if len(seen) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pretrain_gpt(tmp_path / "cut", SMALL, split, report=cut)
    torch.manual_seed(99)
    resumed = pretrain_gpt(tmp_path / "cut", SMALL, split, resume=True).model
    for (name, one), other in zip(
        whole.state_dict().items(), resumed.state_dict().values(), strict=True
    ):
        torch.testing.assert_close(one, other, rtol=0, atol=0, msg=name)


def test_a_context_longer_than_the_text_is_refused(
    tmp_path: Path, split: Split[Corpus]
) -> None:
    with pytest.raises(ValueError, match="use more text or shorter pieces"):
        pretrain_gpt(tmp_path, replace(SMALL, context=10_000), split)


def test_the_command_trains_and_its_folder_loads(
    tmp_path: Path, split: Split[Corpus], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Docs:
        def split(self) -> Split[Corpus]:
            return split

    monkeypatch.setenv("COURSE_DEVICE", "cpu")
    monkeypatch.setattr(
        "companion.training.pretraining.python_docs", lambda kind: Docs()
    )
    folder = tmp_path / "mine"
    done = CliRunner().invoke(
        app, ["train", "gpt", "--folder", str(folder), "--steps", "2", "--seed", "3"]
    )
    assert done.exit_code == 0, done.output
    assert load_course_gpt(folder).card["recipe"]["seed"] == 3
    wrong = CliRunner().invoke(app, ["train", "gpt", "--steps", "0"])
    assert wrong.exit_code == 1
    assert "--steps must be at least 1" in wrong.output
