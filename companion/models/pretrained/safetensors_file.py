"""Read weights from a safetensors file, and say exactly what does not fit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

# A tensor that only this architecture has, by the end of its name.
_MARKS = {
    "attn.c_attn.weight": "GPT-2",
    "self_attn.q_proj.weight": "Llama",
    "attention.self.query.weight": "BERT",
}


class WeightsError(ValueError):
    """Weights cannot be read or do not fit; the message names the file and the first tensor that differs."""


class Weights:
    """Named tensors and the configuration that came with them; whoever takes one says the shape it must have.

    Args:
        tensors: The tensors by name.
        config: The contents of ``config.json``.
        source: What error messages call the whole.

    Attributes:
        tensors: The tensors by name.
        config: The contents of ``config.json``; empty if there is none.
        source: What error messages call the whole.

    Example:
        >>> weights = Weights({"table": torch.zeros(3, 2)})
        >>> tuple(weights.take("table", (3, 2)).shape)
        (3, 2)
    """

    def __init__(
        self,
        tensors: Mapping[str, Tensor],
        config: Mapping[str, Any] | None = None,
        source: str = "these weights",
    ) -> None:
        self.tensors = dict(tensors)
        self.config = dict(config or {})
        self.source = source
        self._taken: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self.tensors

    def without_prefix(self, prefix: str) -> Weights:
        """Return the same weights with this beginning taken off every name that has it."""
        names = {name.removeprefix(prefix): x for name, x in self.tensors.items()}
        return Weights(names, self.config, self.source)

    def setting(self, name: str, default: Any = None) -> Any:
        """Return an entry of the configuration.

        Args:
            name: Its key in ``config.json``.
            default: What stands in where the key is absent; None means that it must be there.

        Raises:
            WeightsError: If it is absent and has no default.
        """
        value = self.config.get(name)
        value = default if value is None else value
        if value is None:
            raise WeightsError(
                f"{self.source}: the configuration has no {name!r}. Read the folder that holds config.json beside the "
                "weights, or give config={...} with its entries"
            )
        return value

    def take(self, name: str, shape: tuple[int, ...]) -> Float[Tensor, "..."]:
        """Return a tensor in single precision.

        Args:
            name: Its name in the file.
            shape: The shape that it must have.

        Raises:
            WeightsError: If it is missing or has another shape; the message gives both shapes.
        """
        if name not in self.tensors:
            raise WeightsError(
                f"{self.source}: the first tensor that differs is {name!r}: expected shape {list(shape)}, "
                f"it is missing.{self._what_it_holds()}"
            )
        found = self.tensors[name]
        if tuple(found.shape) != shape:
            raise WeightsError(
                f"{self.source}: the first tensor that differs is {name!r}: expected shape {list(shape)}, "
                f"found {list(found.shape)}.{self._what_it_holds()}"
            )
        self._taken.add(name)
        return found.detach().float()

    def finish(self, unused: Iterable[str] = ()) -> None:
        """Check that nothing is left over.

        Args:
            unused: Ends of names that may be left, such as those of buffers.

        Raises:
            WeightsError: If another tensor was never taken.
        """
        left = [
            name
            for name in self.tensors
            if name not in self._taken and not name.endswith(tuple(unused))
        ]
        if left:
            raise WeightsError(
                f"{self.source}: {len(left)} tensors have no place in this model, the first is {left[0]!r} of shape "
                f"{list(self.tensors[left[0]].shape)}. Does the configuration say fewer layers than there are?"
            )

    def expect_architecture(self, model_type: str, first: str) -> None:
        """Refuse weights of another architecture before anything is built.

        Args:
            model_type: The ``model_type`` that ``config.json`` must have, if it has one.
            first: The first tensor that would be taken.

        Raises:
            WeightsError: If the configuration names another architecture, or this tensor is missing.
        """
        found = self.config.get("model_type")
        if found in (None, model_type) and first in self:
            return
        says = "" if found is None else f" config.json says {found!r}."
        raise WeightsError(
            f"{self.source}: expected weights of {model_type!r}.{says} The first tensor that differs is {first!r}, "
            f"{'which is there' if first in self else 'which is missing'}.{self._what_it_holds()}"
        )

    def expect_vocabulary(self, found: int, wanted: int | None) -> None:
        """Refuse weights that were made for another tokenizer.

        Args:
            found: Number of token types of the weights.
            wanted: Number of token types of the tokenizer; None checks nothing.

        Raises:
            WeightsError: If they differ.
        """
        if wanted is not None and wanted != found:
            raise WeightsError(
                f"{self.source}: these weights know {found:,} token types, the tokenizer has {wanted:,}. Weights work "
                "only with the tokenizer that they were trained with"
            )

    def take_tied(self, name: str, table: str, shape: tuple[int, ...]) -> None:
        """Check that a tensor, if it is there, is the one that it is tied to.

        Args:
            name: The output layer.
            table: The embedding.
            shape: The shape of both.

        Raises:
            WeightsError: If the two differ.
        """
        if name in self and not torch.equal(
            self.take(name, shape), self.take(table, shape)
        ):
            raise WeightsError(
                f"{self.source}: the configuration ties the output layer to the embedding, but {name!r} and {table!r} "
                "differ. Give config={'tie_word_embeddings': False}"
            )

    def _what_it_holds(self) -> str:
        """Return a sentence on the first tensor and, if it shows, the architecture."""
        if not self.tensors:
            return " There is no tensor at all"
        name, x = next(iter(self.tensors.items()))
        kind = next(
            (k for end, k in _MARKS.items() if any(n.endswith(end) for n in self.tensors)),
            None,
        )  # fmt: skip
        guess = f"; they look like weights of a {kind} model" if kind else ""
        return f" What is there begins with {name!r} of shape {list(x.shape)}{guess}"


def read_safetensors(path: str | Path) -> dict[str, Tensor]:
    """Read all tensors of one file.

    Args:
        path: A ``*.safetensors`` file.

    Returns:
        The tensors by name, as they were stored.

    Raises:
        WeightsError: If the file does not exist, is truncated or is not of this format.
    """
    path = Path(path)
    if not path.is_file():
        raise WeightsError(f"{path}: there is no such file")
    try:
        tensors: dict[str, Tensor] = load_file(str(path))
    except (SafetensorError, OSError) as error:
        raise WeightsError(
            f"{path} ({path.stat().st_size:,} bytes) is not a whole safetensors file: {error}. Was it downloaded to "
            "the end?"
        ) from error
    return tensors


def _read_config(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise WeightsError(f"{path} is not valid JSON: {error}") from error
    if not isinstance(config, dict):
        raise WeightsError(
            f"{path} must hold one JSON object, got a {type(config).__name__}"
        )
    return config  # fmt: skip


def read_weights(
    source: str | Path | Mapping[str, Tensor], config: Mapping[str, Any] | None = None
) -> Weights:
    """Read weights with their configuration.

    Args:
        source: A folder with ``config.json`` and one or more ``*.safetensors``; one such file, with ``config.json``
            beside it or not; or tensors by name, such as another model's ``state_dict()``.
        config: Entries of the configuration, which win over those of the file.

    Returns:
        The weights.

    Raises:
        WeightsError: If there is nothing to read, or it cannot be read.
    """
    if isinstance(source, Mapping):
        return Weights(source, config)
    path = Path(source)
    if path.is_dir():
        files, folder = sorted(path.glob("*.safetensors")), path
        if not files:
            pickled = any(path.glob("*.bin")) or any(path.glob("*.pt"))
            raise WeightsError(
                f"{path}: there is no *.safetensors file in this folder"
                + (". Pickled weights are not read, since they may run code" if pickled else "")
            )  # fmt: skip
    else:
        files, folder = [path], path.parent
    tensors: dict[str, Tensor] = {}
    for file in files:
        tensors |= read_safetensors(file)
    return Weights(
        tensors, _read_config(folder / "config.json") | dict(config or {}), str(path)
    )


def fill(module: nn.Module, values: Mapping[str, Tensor]) -> None:
    """Copy values into the parameters of a module: each parameter must get exactly one.

    Args:
        module: The module.
        values: A tensor for each parameter, by its name in the module.

    Raises:
        WeightsError: If a parameter gets no value, a value has no parameter, or a shape differs.
    """
    parameters = dict(module.named_parameters())
    for name in [*parameters, *values]:
        if name not in parameters or name not in values:
            where = "value" if name in parameters else "parameter"
            raise WeightsError(f"there is no {where} for {name!r}")
    with torch.no_grad():
        for name, parameter in parameters.items():
            if parameter.shape != values[name].shape:
                raise WeightsError(
                    f"the parameter {name!r} has shape {list(parameter.shape)}, its value {list(values[name].shape)}"
                )
            parameter.copy_(values[name])


def by_parameter(modules: Mapping[str, Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """Return the values of modules by the full names of their parameters.

    Example:
        >>> list(by_parameter({"norm": {"weight": torch.ones(2), "bias": torch.zeros(2)}}))
        ['norm.weight', 'norm.bias']
    """
    return {f"{m}.{kind}": x for m, part in modules.items() for kind, x in part.items()}
