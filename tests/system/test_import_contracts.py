"""The contracts hold, and they bite on planted violations."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLANTED = {
    "a kernel engine imports an initiative": ("kernel/values/planted.py", "import yakuba.plan.apps\n"),
    "a low engine imports a high one": ("kernel/audit/planted.py", "import yakuba.kernel.identity.models\n"),
    "a rule imports Django": ("kernel/jobs/rules.py", "import django.db\n"),
    "the kernel imports the site": ("kernel/home/planted.py", "import yakuba.site.urls\n"),
    "a service imports a view": ("kernel/home/services.py", "import yakuba.kernel.home.views\n"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [
        str(Path(sys.executable).parent / "lint-imports"),
        "--no-cache",
        "--config",
        str(folder / "pyproject.toml"),
    ]
    environment = {**os.environ, "PYTHONPATH": str(folder / "src")}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=110)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(
        ROOT / "src",
        tmp_path / "src",
        ignore=shutil.ignore_patterns("__pycache__", "static", "locale", "tests", "*.html"),
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contracts_hold() -> None:
    answer = lint(ROOT)
    assert answer.returncode == 0, answer.stdout[-3000:]


@pytest.mark.slow
@pytest.mark.parametrize("violation", PLANTED)
def test_the_contracts_bite(copy: Path, violation: str) -> None:
    place, line = PLANTED[violation]
    target = copy / "src" / "yakuba" / place
    before = target.read_text(encoding="utf-8") if target.exists() else ""
    target.write_text(before + "\n" + line, encoding="utf-8")
    answer = lint(copy)
    assert answer.returncode == 1, f"nobody noticed that {violation}\n{answer.stdout[-1500:]}{answer.stderr[-500:]}"
    assert "BROKEN" in answer.stdout
