"""The benchmarks read their data rightly; on the real files where COURSE_DATA names them, else on small ones."""

import gzip
import json
import os
from pathlib import Path

import numpy as np
import pytest
import torch

from companion.benchmarks import cranfield, multi30k, sst2, xquad
from companion.benchmarks.cranfield import CHOSEN
from companion.benchmarks.language_models import _window_bits
from companion.models.gpt import GPT, GPTConfig

REAL = pytest.mark.skipif(
    not os.environ.get("COURSE_DATA"), reason="COURSE_DATA names no folder of data"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (cranfield, multi30k, sst2, xquad):
        monkeypatch.setattr(module, "fetch", lambda name: tmp_path / name)
    for name in ("cranfield", "multi30k", "sst2", "xquad"):
        (tmp_path / name).mkdir()
    return tmp_path


def test_queries_are_joined_with_their_judgements_by_position(folder: Path) -> None:
    (folder / "cranfield/cran.all.1400.xml").write_text(
        "<doc><docno>1</docno><title>a wing .</title><text>of\na bird .</text></doc>"
        "<doc><docno>2</docno><title>heat</title><text></text></doc>"
    )
    (folder / "cranfield/cran.qry.xml").write_text(
        "<xml><top><num> 1</num><title>\nwings ?\n</title></top>"
        "<top><num> 4</num><title>how\nhot</title></top></xml>"
    )
    (folder / "cranfield/cranqrel.trec.txt").write_text("1 0 1 1\n2 0 2 1\n2 0 1 -1\n")
    documents, queries, grades = cranfield.read()
    assert documents == {"1": "a wing . of a bird .", "2": "heat"}
    assert queries == ["wings ?", "how hot"]
    assert grades == [{"1": 1}, {"2": 1, "1": -1}]


def test_a_half_is_ranked_by_what_is_best_on_the_other() -> None:
    tried = [[["a"], ["b"], ["c"], ["d"]], [["e"], ["f"], ["g"], ["h"]]]
    # The first setting is better on even queries, so odd queries get it, and the other way round.
    gains = np.array([[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 1.0]])
    found = cranfield._by_the_other_half(tried, gains)
    assert found == [["e"], ["b"], ["g"], ["d"]]


def test_a_sentence_may_hold_a_tabulator(folder: Path) -> None:
    (folder / "sst2/dev.tsv").write_text("so\tgood\t1\nbad\t0\n")
    assert sst2.read("dev") == (["so\tgood", "bad"], ["1", "0"])


def test_every_pair_is_read_once_an_epoch(folder: Path) -> None:
    path = folder / "multi30k/val.de.gz"
    path.write_bytes(gzip.compress(b"ein Haus\nzwei\n"))
    assert multi30k.read("val", "de") == ["ein Haus", "zwei"]
    source = [[3 + i] * (1 + i % 5) for i in range(40)]
    target = [[50 + i] * (1 + i % 7) for i in range(40)]
    pairs = multi30k._Pairs(source, target, tokens=30)
    assert len(pairs.batches) > 3
    for epoch in (0, 1):
        seen = []
        for step in range(len(pairs.batches)):
            a, lengths, b = pairs(epoch * len(pairs.batches) + step)
            assert max(a.numel(), b[:, 2:].numel()) <= 30
            assert lengths.tolist() == [(row != 0).sum() for row in a]
            assert set(b[:, 0].tolist()) == {1}
            seen += a[:, 0].tolist()
        assert sorted(seen) == [3 + i for i in range(40)]
    assert torch.equal(pairs(2)[0], pairs(2)[0])


def test_paragraphs_come_with_their_questions(folder: Path) -> None:
    question = {"question": "Who?", "answers": [{"text": "she", "answer_start": 0}]}
    content = {"data": [{"paragraphs": [{"context": "she is.", "qas": [question]}]}]}
    (folder / "xquad/xquad.en.json").write_text(json.dumps(content))
    assert xquad.paragraphs("en") == [("she is.", [("Who?", ["she"])])]


def test_windows_score_each_character_once() -> None:
    torch.manual_seed(0)
    model = GPT(
        GPTConfig(7, context=8, layers=1, d_model=16, heads=2, start_token=False)
    ).eval()
    ids = torch.randint(7, (30,))
    with torch.no_grad():
        nats = 0.0
        for i in range(1, 30):
            # Windows of 8 that move by 4: character i is seen from where its window begins.
            begin = max(0, (i - 1) // 4 * 4 + 4 - 8)
            logs = model(ids[None, begin:i])[0, -1].log_softmax(-1)
            nats -= float(logs[ids[i]])
    expected = nats / 29 / np.log(2)
    assert _window_bits(model, ids, stride=4) == pytest.approx(expected, rel=1e-5)


@REAL
def test_cranfield_reaches_its_goal() -> None:
    report = cranfield.run(lambda line: None, torch.device("cpu"))
    chosen = next(figure for figure in report.figures if figure.system == CHOSEN)
    assert report.met(chosen)


@REAL
def test_the_real_files_hold_what_is_said_of_them() -> None:
    assert [len(sst2.read(part)[0]) for part in ("train", "dev", "test")] == [
        6920,
        872,
        1821,
    ]
    assert len(multi30k.read("train", "de")) == len(multi30k.read("train", "en"))
    for language in ("en", "zh"):
        found = xquad.paragraphs(language)
        assert (len(found), sum(len(asked) for _, asked in found)) == (240, 1190)
