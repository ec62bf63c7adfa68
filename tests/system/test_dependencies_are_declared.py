"""What the code imports is declared and locked: nothing works only because a developer's machine happens to have it."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "yakuba"


#: Part of a declared package, released together with it.
PARTS = {"pydantic_core": "pydantic"}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _imported() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        if "tests" in path.relative_to(SOURCE).parts:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        optional = {id(inner) for node in ast.walk(tree) if isinstance(node, ast.Try) for inner in ast.walk(node)}
        for node in ast.walk(tree):
            if id(node) in optional:
                continue  # the code goes on without it
            names = (
                [each.name for each in node.names]
                if isinstance(node, ast.Import)
                else [node.module]
                if isinstance(node, ast.ImportFrom) and node.module and not node.level
                else []
            )
            for name in names:
                top = name.partition(".")[0]
                found.setdefault(PARTS.get(top, top), path)
    return {name: path for name, path in found.items() if name not in sys.stdlib_module_names and name != "yakuba"}


def test_every_imported_package_is_declared_and_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {_normal(re.split(r"[\[<>=!~ ;]", line)[0]) for line in project["dependencies"]}
    locked = {
        _normal(line.partition("==")[0])
        for line in (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line and not line.startswith(" ")
    }
    providers = packages_distributions()
    undeclared = [
        f"{name} ({path.relative_to(ROOT)})"
        for name, path in sorted(_imported().items())
        if not {_normal(each) for each in providers.get(name, [])} & declared & locked
    ]
    assert not undeclared, f"add to pyproject.toml, then `make lock`: {', '.join(undeclared)}"
