"""Import every module of the package, to show that the minimal dependencies are enough for it."""

import importlib
import pkgutil
import sys

import companion


def module_names() -> list[str]:
    """Every module of the package, by its dotted name."""
    return [
        info.name
        for info in pkgutil.walk_packages(companion.__path__, prefix="companion.")
    ]


if __name__ == "__main__":
    for name in module_names():
        importlib.import_module(name)
    extras = {
        "seaborn",
        "matplotlib",
        "pandas",
        "IPython",
        "ipywidgets",
        "jupytext",
        "nbformat",
        "nltk",
        "sphinx",
    }
    loaded = sorted(extras & {name.split(".")[0] for name in sys.modules})
    if loaded:
        sys.exit(f"importing the package loads teaching extras: {', '.join(loaded)}")
    print(f"{len(module_names())} modules import with the minimal dependencies")
