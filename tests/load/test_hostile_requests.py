"""A part of the hostile requests; `make prove` sends them all, on both databases."""

import json
from pathlib import Path

import pytest

from tests.harness.surroundings import ON_POSTGRESQL
from tests.harness.town_home import TownHome
from tests.load.hostile import Attacker, Report, attacks


def send_hostile_requests(folder: Path, *, postgresql: bool, share: float, seed: int) -> Report:
    """Open a sample town in `folder`, send the attacks, and see that it is still well afterwards."""
    home = TownHome(folder, postgresql=postgresql)
    with home.open(sample_residents=200) as town:
        facts = json.loads(home.command("-m", "tests.load.town_facts"))
        secrets = [path.read_text().strip() for path in (home.home / "secrets").iterdir() if path.is_file()]
        secrets.append("Traceback (most recent call last)")
        attacker = Attacker(town.port, facts=facts, secrets=secrets, place=str(home.home))
        report = attacker.run(attacks(facts, share=share, seed=seed))
        assert town.get("/healthz")[0] == 200
        assert len(town.heads()) == 3, town.shown()
    return report


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_hostile_requests_find_no_error_and_nobody_elses_data(open_folder: Path) -> None:
    report = send_hostile_requests(open_folder, postgresql=ON_POSTGRESQL, share=0.04, seed=1)
    assert report.requests >= 300
    assert not report.faults, f"{len(report.faults)} faults, first:\n" + "\n".join(report.faults[:20])
