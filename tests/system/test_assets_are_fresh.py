"""The committed stylesheet and scripts are what `make assets` builds from the sources in `assets/`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from yakuba.kernel.ui import tokens

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "src" / "yakuba" / "kernel" / "ui" / "static" / "ui"
IN_CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")


@pytest.fixture(scope="module")
def packages() -> Path:
    """The installed asset packages; outside CI a machine without Node passes over these tests."""
    folder = ROOT / "node_modules"
    if shutil.which("node") is None or not folder.is_dir():
        if IN_CI:
            pytest.fail("Node かアセットのパッケージがありません: make env")
        pytest.skip("Node がないため、アセットの再作成は確かめません: make env")
    return folder


def test_committed_assets_equal_a_fresh_build(packages: Path, tmp_path: Path) -> None:
    subprocess.run(["bash", "assets/build.sh", "--no-install", str(tmp_path)], cwd=ROOT, check=True, timeout=120)
    fresh = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    committed = {path.name: path.read_bytes() for path in COMMITTED.iterdir()}
    assert sorted(fresh) == sorted(committed)
    stale = [name for name in sorted(fresh) if fresh[name] != committed[name]]
    assert not stale, f"{', '.join(stale)} を作り直してください: make assets"


def test_drawings_use_the_colours_of_the_design_system(packages: Path) -> None:
    css = (packages / "@digital-go-jp" / "design-tokens" / "dist" / "tokens.css").read_text(encoding="utf-8")
    values = dict(re.findall(r"(--color-[\w-]+):\s*(#[0-9a-f]{6});", css))
    assert {name: getattr(tokens, name) for name in tokens.TOKEN_NAMES} == {
        name: values[token] for name, token in tokens.TOKEN_NAMES.items()
    }


def test_the_lock_names_no_place_to_fetch_from() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text(encoding="utf-8")
