"""What a town chose about its backups, read from the settings."""

from __future__ import annotations

from datetime import time
from pathlib import Path

from django.conf import settings

from yakuba.kernel.operations.backup.rules import Retention, read_retention
from yakuba.kernel.operations.backup.shelf import Shelf
from yakuba.kernel.values.api import Refusal


def shelf() -> Shelf:
    """The shelf of this installation (``YAKUBA_BACKUPS``)."""
    return Shelf(Path(settings.YAKUBA_BACKUPS))


def nightly_at() -> time:
    """When the nightly backup starts (``YAKUBA_BACKUP_AT``, ``HH:MM`` Tokyo). Raises ``Refusal``."""
    try:
        return time.fromisoformat(settings.YAKUBA_BACKUP_AT)
    except ValueError:
        raise Refusal(
            f"YAKUBA_BACKUP_AT の値「{settings.YAKUBA_BACKUP_AT}」は時刻ではありません。",
            hint="01:30 のように書いてください。",
        ) from None


def retention() -> Retention:
    """How many backups stay (``YAKUBA_BACKUPS_KEPT``). Raises ``Refusal``."""
    try:
        return read_retention(settings.YAKUBA_BACKUPS_KEPT)
    except ValueError:
        raise Refusal(
            f"YAKUBA_BACKUPS_KEPT の値「{settings.YAKUBA_BACKUPS_KEPT}」を読めません。",
            hint="残す数を 日,週,月 の順に 14,8,12 のように書いてください。",
        ) from None
