"""Optional dependencies, asked for by name, with an error that says how to get them."""

from importlib import import_module
from types import ModuleType


def require(module: str, extra: str) -> ModuleType:
    """Import an optional module or say which extra of this package brings it.

    Args:
        module: Dotted name of the module, e.g. ``"seaborn"``.
        extra: The extra of this package that installs it, e.g. ``"notebook"``.

    Returns:
        The imported module.

    Raises:
        ModuleNotFoundError: If the module is not installed; the message names the command that installs it.

    Example:
        >>> require("json", extra="notebook").loads("[1]")
        [1]
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name is not None and error.name.split(".")[0] != module.split(".")[0]:
            raise  # the module is there, but something it needs is not
        raise ModuleNotFoundError(
            f"{module!r} is not installed. It comes with the extra {extra!r}: "
            f'run  pip install "from-counts-to-transformers[{extra}]"  (in a clone of the course: make test).',
            name=error.name,
        ) from error
