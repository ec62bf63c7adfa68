"""Every app has its README and states its home zone."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps

from yakuba.kernel.things.api import TownHallApp, Zone

OURS = [config for config in apps.get_app_configs() if config.name.startswith("yakuba.")]


@pytest.mark.parametrize("config", OURS, ids=lambda config: config.name)
def test_app_is_complete(config) -> None:
    assert isinstance(config, TownHallApp)
    assert isinstance(config.home_zone, Zone)
    readme = Path(config.path) / "README.md"
    assert readme.exists() and readme.read_text(encoding="utf-8").startswith("# "), f"{config.name} has no README.md"


@pytest.mark.parametrize(
    "config", [one for one in OURS if not one.name.startswith(("yakuba.kernel", "yakuba.site"))], ids=lambda c: c.name
)
def test_initiative_offers_measures(config) -> None:
    assert (Path(config.path) / "kpi.py").exists(), f"{config.name} offers no measure (kpi.py)"


@pytest.mark.parametrize(
    "folder",
    sorted(p for p in Path(OURS[0].path).parents[1].glob("kernel/*") if p.is_dir() and (p / "__init__.py").exists()),
    ids=lambda p: p.name,
)
def test_kernel_engine_has_one_front_door(folder: Path) -> None:
    assert (folder / "README.md").exists(), f"kernel/{folder.name} has no README.md"
    assert (folder / "api.py").exists(), f"kernel/{folder.name} has no api.py"


def test_no_room_has_a_name_that_says_nothing() -> None:
    root = Path(OURS[0].path).parents[1]
    nameless = [p for p in root.rglob("*") if p.stem in ("utils", "helpers", "common", "misc", "core")]
    assert not nameless
