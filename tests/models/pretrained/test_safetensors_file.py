"""Reading weights: files, folders and dictionaries, and errors that name the file and the first tensor that differs."""

from __future__ import annotations

import json

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from companion.models.pretrained.safetensors_file import (
    Weights,
    WeightsError,
    fill,
    read_safetensors,
    read_weights,
)


@pytest.fixture
def folder(tmp_path):
    save_file({"a": torch.arange(6.0).reshape(2, 3)}, tmp_path / "one.safetensors")
    save_file({"b": torch.ones(2).bfloat16()}, tmp_path / "two.safetensors")
    (tmp_path / "config.json").write_text(json.dumps({"width": 3, "depth": None}))
    return tmp_path


def test_a_folder_is_all_its_files_with_the_configuration(folder):
    weights = read_weights(folder)
    assert weights.take("a", (2, 3)).tolist() == [[0, 1, 2], [3, 4, 5]]
    assert weights.take("b", (2,)).dtype == torch.float32
    weights.finish()
    assert weights.setting("width") == 3
    assert weights.setting("depth", 7) == 7


def test_a_file_finds_the_configuration_beside_it_and_an_entry_can_be_changed(folder):
    weights = read_weights(str(folder / "one.safetensors"), {"width": 9})
    assert list(weights.tensors) == ["a"]
    assert weights.setting("width") == 9
    (folder / "config.json").unlink()
    assert read_weights(folder / "one.safetensors").config == {}


@pytest.mark.parametrize("kept", [0, 5, 60, -1])
def test_a_truncated_file_is_named_with_its_size(folder, kept):
    path = folder / "one.safetensors"
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(
        WeightsError, match=r"one\.safetensors \(\d+ bytes\) is not a whole"
    ):
        read_safetensors(path)


def test_a_file_of_another_format_is_refused(tmp_path):
    path = tmp_path / "model.safetensors"
    torch.save({"a": torch.ones(2)}, path)
    with pytest.raises(WeightsError, match="not a whole safetensors file"):
        read_weights(path)


def test_what_is_not_there_is_said(tmp_path):
    with pytest.raises(WeightsError, match="no such file"):
        read_weights(tmp_path / "model.safetensors")
    with pytest.raises(WeightsError, match=r"no \*\.safetensors file in this folder$"):
        read_weights(tmp_path)
    (tmp_path / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(WeightsError, match="Pickled weights are not read"):
        read_weights(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"), [("{", "not valid JSON"), ("[1]", "one JSON object, got a list")]
)
def test_a_bad_configuration_is_refused(folder, text, said):
    (folder / "config.json").write_text(text)
    with pytest.raises(WeightsError, match=said):
        read_weights(folder)


def test_the_first_difference_is_named_with_both_shapes():
    weights = Weights({"a": torch.ones(2, 3), "b": torch.ones(4)})
    with pytest.raises(WeightsError, match=r"'b': expected shape \[5\], found \[4\]"):
        weights.take("b", (5,))
    with pytest.raises(
        WeightsError,
        match=r"'c': expected shape \[1, 2\], it is missing.*'a' of shape \[2, 3\]",
    ):
        weights.take("c", (1, 2))
    with pytest.raises(WeightsError, match="no tensor at all"):
        Weights({}).take("c", (1,))
    with pytest.raises(WeightsError, match="configuration has no 'width'"):
        weights.setting("width")


def test_nothing_is_left_over_but_what_may_be():
    weights = Weights({"a": torch.ones(2), "x.mask": torch.ones(1), "b": torch.ones(3)})
    weights.take("a", (2,))
    with pytest.raises(WeightsError, match=r"1 tensors have no place.*'b' of shape"):
        weights.finish(unused=(".mask",))
    weights.take("b", (3,))
    weights.finish(unused=(".mask",))
    with pytest.raises(WeightsError, match=r"x\.mask"):
        weights.finish()


def test_tied_tensors_must_be_equal():
    table = torch.randn(3, 2)
    Weights({"in": table}).take_tied("out", "in", (3, 2))
    Weights({"in": table, "out": table.clone()}).take_tied("out", "in", (3, 2))
    with pytest.raises(WeightsError, match="'out' and 'in' differ"):
        Weights({"in": table, "out": table + 1}).take_tied("out", "in", (3, 2))


def test_fill_gives_every_parameter_exactly_one_value():
    layer = nn.Linear(2, 3)
    w, b = torch.randn(3, 2), torch.randn(3)
    fill(layer, {"weight": w, "bias": b})
    assert torch.equal(layer.weight, w)
    assert torch.equal(layer.bias, b)
    assert layer.weight.requires_grad
    with pytest.raises(WeightsError, match="no value for 'bias'"):
        fill(layer, {"weight": w})
    with pytest.raises(WeightsError, match="no parameter for 'scale'"):
        fill(layer, {"weight": w, "bias": b, "scale": b})
    with pytest.raises(WeightsError, match=r"shape \[3, 2\], its value \[2, 3\]"):
        fill(layer, {"weight": w.T, "bias": b})
