"""Acts around backups that the audit log keeps."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import transaction

from yakuba.kernel.access.api import Person, system_person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.operations.backup.choices import retention, shelf
from yakuba.kernel.operations.backup.make import make_backup
from yakuba.kernel.operations.backup.rules import Reason
from yakuba.kernel.operations.backup.shelf import Drill, Shelved, keep_attempt
from yakuba.kernel.operations.progress import Progress
from yakuba.kernel.things.api import Ref
from yakuba.kernel.values.api import Clock, Refusal

ASKED_FOR = "backup-asked-for"
"""File in ``YAKUBA_HOME/run``: somebody in the office wants a backup now."""


@verb("operations.backup", label="バックアップを作る")
def record_backup(*, by: Person, backup: Ref, digest: str) -> None:
    """Note in the audit log that a backup was made; ``digest`` is the SHA-256 of its archive."""


@verb("operations.drill", label="復元訓練をする")
def record_drill(*, by: Person, backup: Ref, was_good: bool) -> None:
    """Note in the audit log that a restore drill was made."""


@verb("operations.ask_for_backup", label="バックアップを頼む")
def ask_for_backup(*, by: Person) -> None:
    """Ask the keeper for a backup now; it starts within half a minute."""
    place = Path(settings.YAKUBA_HOME) / "run" / ASKED_FOR

    def ask() -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()

    transaction.on_commit(ask)


def backup_ref(name: str) -> Ref:
    """The address of a backup in the audit log: its file name without ending."""
    return Ref("operations.backup", name.removesuffix(".age"))


def back_up(*, reason: Reason, clock: Clock, progress: Progress, folder: Path | None = None) -> Shelved:
    """Make a backup, note it in the audit log and remove what the retention rule no longer keeps.

    ``folder`` other than the shelf is a copy for somewhere else: nothing is removed there.
    """
    own = shelf()
    made = make_backup(reason=reason, folder=folder or own.folder, clock=clock, progress=progress)
    digest = made.label.sha256 if made.label else ""
    record_backup(by=system_person("backup"), backup=backup_ref(made.name), digest=digest)
    if folder is None or folder.resolve() == own.folder.resolve():
        own.prune(now=clock.now(), retention=retention())
    return made


def back_up_nightly(*, clock: Clock, progress: Progress) -> Shelved:
    """The backup the keeper starts. Its outcome is remembered, so that it is tried again and the doctor can tell."""
    home = Path(settings.YAKUBA_HOME)
    started_at = clock.now()
    keep_attempt(home, started_at=started_at, ended_well=None)
    (home / "run" / ASKED_FOR).unlink(missing_ok=True)
    try:
        made = back_up(reason=Reason.NIGHTLY, clock=clock, progress=progress)
    except Exception as failure:
        why = failure.message if isinstance(failure, Refusal) else f"{type(failure).__name__}"
        keep_attempt(home, started_at=started_at, ended_well=False, why=why)
        raise
    keep_attempt(home, started_at=started_at, ended_well=True)
    return made


def note_drill(*, name: str, drill: Drill) -> None:
    """Write a drill into the audit log of this installation."""
    record_drill(by=system_person("backup"), backup=backup_ref(name), was_good=drill.was_good)
