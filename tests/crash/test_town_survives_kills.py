"""Every acknowledged write is there, none half, the audit chain whole and each job once in effect, whatever is killed;
so in a self-built app: records, buttons, decisions, imports, automations.

A small count here; `make prove` repeats it with a hundred kills and more on each database.
"""

from pathlib import Path

import pytest

from tests.crash.kill_trial import FAULTLESS, KillTrial
from tests.harness.surroundings import ON_POSTGRESQL
from tests.harness.town_process import eventually, kill


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_kills_during_writes_lose_nothing(open_folder: Path) -> None:
    outcome = KillTrial(open_folder, postgresql=ON_POSTGRESQL).run(kills=6)
    assert outcome.left["acknowledged"] > 20
    assert outcome.left["app_records"] and outcome.left["app_imports"]
    assert len(outcome.kills) >= 6
    assert {name: outcome.left[name] for name in FAULTLESS} == FAULTLESS


@pytest.mark.prove
@pytest.mark.timeout(200)
def test_jobs_go_on_whichever_process_of_the_job_cluster_is_killed(open_folder: Path) -> None:
    """An idle worker is killed holding the lock of the queue; without care no job would ever run again."""
    trial = KillTrial(open_folder, postgresql=False)
    with trial.open() as town:
        for place in (1, 2):
            eventually(lambda: len(town.workers("worker")) == 5, what="a whole job cluster")
            kill(town.workers("worker")[place])
            with trial.writers(town, number=1, in_apps=0, imports=0):
                written = len(trial.acknowledged)
                eventually(lambda before=written: len(trial.acknowledged) > before + 2, what="notes are taken")
        left = trial.settled()
    assert {name: left[name] for name in FAULTLESS} == FAULTLESS
