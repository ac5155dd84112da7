"""The package as a whole: it imports fast, needs only what it says, and its layers do not form circles."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from import_every_module import module_names

ROOT = Path(__file__).parent.parent
LAYERS = (
    {"text", "corpora"},
    {"models"},
    {"training", "decoding", "metrics", "retrieval"},
    {"apps"},
    {
        "plots",
        "widgets",
        "chat_terminal",
        "chat_widget",
        "exercises",
        "cli",
        "doctor",
        "notebook",
        "benchmarks",
    },
)
# Free of any layer: the device, the message about a missing extra, and two modules that need NumPy alone.
FREE = {"_optional", "_device", "metrics.information", "metrics.shannon"}


def run_python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_import_companion_loads_nothing_heavy() -> None:
    heavy = run_python(
        "import sys, companion; print(sorted({'torch', 'numpy', 'matplotlib', 'babel'} & set(sys.modules)))"
    )
    assert heavy == "[]"


def test_every_module_imports_without_the_extras() -> None:
    # The extras are installed here, so hide them: whoever asks for one at import time fails.
    blocked = (
        "seaborn matplotlib pandas IPython ipywidgets jupytext nbformat nltk tokenizers "
        "tiktoken transformers sphinx"
    )
    told = run_python(
        "import sys, importlib\n"
        "class Block:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name.split('.')[0] in {blocked.split()!r}:\n"
        "            raise ModuleNotFoundError(f'blocked: {name}', name=name)\n"
        "sys.meta_path.insert(0, Block())\n"
        "sys.path.insert(0, 'tests')\n"
        "from import_every_module import module_names\n"
        "for name in module_names():\n"
        "    importlib.import_module(name)\n"
        "print('fine')"
    )
    assert told == "fine"


def layer_of(module: str) -> int | None:
    parts = module.split(".")[1:]
    if not parts or ".".join(parts[:2]) in FREE or parts[0] in FREE:
        return None
    for number, names in enumerate(LAYERS):
        if parts[0] in names:
            return number
    raise AssertionError(f"{module} belongs to no layer: add it to LAYERS")


@pytest.mark.parametrize("module", module_names())
def test_a_module_imports_only_from_layers_below(module: str) -> None:
    path = ROOT / (module.replace(".", "/") + ".py")
    if not path.exists():
        path = ROOT / module.replace(".", "/") / "__init__.py"
    mine = layer_of(module)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module]
            if isinstance(node, ast.ImportFrom) and node.module and node.level == 0
            else []
        )
        for name in names:
            if not name.startswith("companion.") or mine is None:
                continue
            theirs = layer_of(name)
            same_package = name.split(".")[1] == module.split(".")[1]
            top = len(LAYERS) - 1
            assert (
                theirs is None or same_package or theirs < mine or mine == theirs == top
            ), f"{module} imports {name}, which is not below it"


def requirement_name(line: str) -> str:
    for sign in ("=", ">", "<", "!", "~", "[", " "):
        line = line.split(sign)[0]
    return line.strip().lower().replace("_", "-")


def requirement_range(line: str) -> str:
    return line[len(line.split(">")[0].split("<")[0].split("=")[0]) :].strip()


def declared() -> dict[str, str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]
    lines = list(project["dependencies"])
    for extra, needs in project["optional-dependencies"].items():
        # kenlm has to be compiled, MiniLM is 84 MB: everything works without them.
        if extra not in ("bench", "minilm"):
            lines += needs
    return {requirement_name(line): requirement_range(line) for line in lines}


def test_environment_yml_holds_the_same_list() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    lines: list[str] = []
    for entry in environment["dependencies"]:
        lines += entry["pip"] if isinstance(entry, dict) else [entry]
    listed = {requirement_name(line): requirement_range(line) for line in lines}
    for not_a_dependency in ("pip", "-e ."[:2]):
        listed.pop(not_a_dependency, None)
    listed["torch"] = listed.pop("pytorch")
    python = listed.pop("python")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]
    assert python == project["requires-python"]
    assert listed == declared()


def test_constraints_pin_every_dependency_within_its_range() -> None:
    from packaging.specifiers import SpecifierSet

    pins = {}
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            assert "==" in line, f"not a pin: {line}"
            name, version = line.split("==")
            pins[requirement_name(name)] = version.split(";")[0].strip()
    for name, allowed in declared().items():
        assert name in pins, f"constraints.txt does not pin {name}"
        assert pins[name] in SpecifierSet(allowed), (
            f"{name}=={pins[name]} is outside {allowed}"
        )
