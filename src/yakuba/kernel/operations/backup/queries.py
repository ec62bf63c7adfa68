"""Reading how the backups stand."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings

from yakuba.kernel.operations.backup.choices import nightly_at, shelf
from yakuba.kernel.operations.backup.rules import Attempt, nightly_is_due
from yakuba.kernel.operations.backup.services import ASKED_FOR
from yakuba.kernel.operations.backup.shelf import ShelfRefused, attempts


def backup_is_wanted(*, now: datetime, open_since: datetime) -> bool:
    """Whether the keeper has to start a backup: somebody asked for one, or the night's is due."""
    home = Path(settings.YAKUBA_HOME)
    if (home / "run" / ASKED_FOR).exists():
        return True
    tried = [one for one, _ in attempts(home)]
    made = [one.started_at for one in tried if one.ended_well]
    with suppress(ShelfRefused):  # a share that is away: the attempts in the home say enough
        newest = shelf().newest()
        made += [newest.made_at] if newest else []
    return nightly_is_due(
        now=now, at=nightly_at(), newest=max(made, default=None), attempts=tried, open_since=open_since
    )


def last_failure() -> tuple[Attempt, str] | None:
    """The last nightly attempt if it did not end well, with its reason."""
    tried = attempts(Path(settings.YAKUBA_HOME))
    return tried[-1] if tried and tried[-1][0].ended_well is False else None
