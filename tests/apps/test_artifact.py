"""What an application saved comes back as it was, or is refused with the reason."""

import json
from pathlib import Path

import numpy as np
import pytest

from companion.apps._artifact import read_artifact, shipped, write_artifact

ARRAYS = {
    "weights": np.arange(6, dtype=np.int8).reshape(2, 3),
    "turned": np.arange(6, dtype=np.float16).reshape(2, 3).T,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_artifact(tmp_path / "new", "thing", {"labels": ["好", "bad"]}, ARRAYS)
    return tmp_path / "new"


def test_what_was_written_comes_back(folder: Path) -> None:
    config, arrays = read_artifact(folder, "thing")
    assert config == {"labels": ["好", "bad"]}
    assert arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert arrays[name].dtype == array.dtype
        np.testing.assert_array_equal(arrays[name], array)


def test_another_kind_is_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match="holds a thing, not a translator"):
        read_artifact(folder, "translator")


@pytest.mark.parametrize("name", ["arrays.safetensors", "config.json"])
def test_a_damaged_file_is_refused_by_its_name(folder: Path, name: str) -> None:
    path = folder / name
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(ValueError, match=name):
        read_artifact(folder, "thing")
    path.unlink()
    with pytest.raises(FileNotFoundError, match=name):
        read_artifact(folder, "thing")


def test_a_folder_without_anything_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no saved thing"):
        read_artifact(tmp_path, "thing")


def test_a_newer_format_is_refused_with_advice(folder: Path, monkeypatch) -> None:
    monkeypatch.setattr("companion.apps._artifact._FORMAT", 2)
    write_artifact(folder, "thing", {}, ARRAYS)
    monkeypatch.undo()
    with pytest.raises(ValueError, match="update the package"):
        read_artifact(folder, "thing")
    assert json.loads((folder / "config.json").read_text())["format"] == 2


def test_an_artifact_that_did_not_come_along_names_its_chapter() -> None:
    with pytest.raises(FileNotFoundError, match="chapter 99"):
        shipped("nothing-of-the-kind", "chapter 99")
