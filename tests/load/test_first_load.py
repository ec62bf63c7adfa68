"""A resident on a slow line: the first page costs at most 100 KB."""

import pytest

from tests.harness.town_home import TownHome
from tests.harness.town_process import TownProcess
from tests.load.first_load import LIMIT, first_load

PAGES = ("/", "/plan/", "/plan/schedule/", "/plan/figures/", "/my/sign-in", "/accessibility/")


@pytest.mark.slow
@pytest.mark.xdist_group("running town")
@pytest.mark.parametrize("path", PAGES)
def test_a_first_visit_weighs_at_most_100_kilobytes(running_town: tuple[TownHome, TownProcess], path: str) -> None:
    _, town = running_town
    weight = first_load(f"http://localhost:{town.port}{path}")
    assert len(weight.parts) >= 3, "a page comes with its style and script"
    assert weight.total <= LIMIT, weight.parts
