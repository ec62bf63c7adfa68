"""Reading stored files, and checking that the store holds what the notes say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.files.place import content_store
from yakuba.kernel.files.rules import ABANDONED_AFTER, FileState
from yakuba.kernel.files.store import ContentChanged

KEPT = (FileState.STORED.value, FileState.QUARANTINED.value)
"""States whose bytes must be in the store."""


def read_content(file: StoredFile) -> bytes:
    """The bytes of a file, compared with their digest on the way.

    Raises `FileNotFoundError` and `ContentChanged`: then the disk has lost or changed something.
    """
    return content_store().get(file.sha256)


def waiting_for_scan() -> QuerySet[StoredFile]:
    """Files a scanner has not looked at: those in quarantine first."""
    waiting = StoredFile.objects.filter(state__in=KEPT, scanned_at__isnull=True)
    return waiting.order_by("state", "uploaded_at")  # "quarantined" before "stored"


def abandoned(*, now: datetime) -> QuerySet[StoredFile]:
    """Files sent ahead of a form that was never sent."""
    return StoredFile.objects.filter(owner_kind="", state__in=KEPT, uploaded_at__lt=now - ABANDONED_AFTER)


def unused_contents() -> Iterator[str]:
    """Digests in the store that no kept file has."""
    for digest in content_store().digests():
        if not StoredFile.objects.filter(sha256=digest, state__in=KEPT).exists():
            yield digest


@dataclass(frozen=True, slots=True)
class StoreReport:
    """The result of a check: how many contents were compared, and what is wrong.

    `missing`: files whose bytes are gone. `changed`: files whose bytes are others. `orphaned`: contents no file has
    (harmless; the daily sweep removes them). `unfinished`: leftovers of a crash. `quarantined`: files that wait.
    """

    checked: int
    missing: tuple[str, ...]
    changed: tuple[str, ...]
    orphaned: tuple[str, ...]
    unfinished: int
    quarantined: int

    @property
    def is_whole(self) -> bool:
        """Whether every kept file can be opened."""
        return not self.missing and not self.changed


def check_store(progress: Iterator[None] | None = None) -> StoreReport:
    """Compare every kept file with the bytes on disk; `progress` is advanced once per content."""
    store = content_store()
    missing: list[str] = []
    changed: list[str] = []
    digests = StoredFile.objects.filter(state__in=KEPT).order_by("sha256").values_list("sha256", flat=True).distinct()
    checked = 0
    for digest in digests.iterator(chunk_size=500):
        checked += 1
        if progress is not None:
            next(progress, None)
        try:
            store.get(digest)
        except FileNotFoundError:
            missing += _ids(digest)
        except ContentChanged:
            changed += _ids(digest)
    return StoreReport(
        checked=checked,
        missing=tuple(missing),
        changed=tuple(changed),
        orphaned=tuple(unused_contents()),
        unfinished=sum(1 for _ in store.unfinished()),
        quarantined=StoredFile.objects.filter(state=FileState.QUARANTINED.value).count(),
    )


def count_kept() -> int:
    """How many contents a check compares."""
    return StoredFile.objects.filter(Q(state__in=KEPT)).values("sha256").distinct().count()


def _ids(digest: str) -> list[str]:
    return list(StoredFile.objects.filter(sha256=digest, state__in=KEPT).values_list("public_id", flat=True))
