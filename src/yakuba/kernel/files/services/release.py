"""A file leaves quarantine, is refused after all, or is discarded."""

from __future__ import annotations

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.files.rules import STATES, FileState
from yakuba.kernel.values.api import Clock


@verb("files.release", label="ウイルス検査を終えたファイルを使えるようにする")
def release_file(*, by: Person, file: StoredFile, clock: Clock) -> StoredFile:
    """The scanner found nothing."""
    current = StoredFile.objects.select_for_update().get(pk=file.pk)
    if FileState(current.state) is FileState.QUARANTINED:
        _move(current, FileState.STORED)
    current.scanned_at, current.scan_detail = clock.now(), ""
    current.save(update_fields=["state", "scanned_at", "scan_detail"])
    return current


@verb("files.refuse", label="ウイルスが見つかったファイルを使えなくする")
def refuse_file(*, by: Person, file: StoredFile, virus: str, clock: Clock) -> StoredFile:
    """The scanner found something: nobody can open the file any more, its bytes go with the next sweep."""
    current = StoredFile.objects.select_for_update().get(pk=file.pk)
    _move(current, FileState.REFUSED)
    current.scanned_at, current.scan_detail = clock.now(), virus[:200]
    current.save(update_fields=["state", "scanned_at", "scan_detail"])
    return current


@verb("files.discard", label="ファイルを廃棄する")
def discard_file(*, by: Person, file: StoredFile, reason: str) -> StoredFile:
    """Give a file up: its note stays, its bytes go with the next sweep unless another file has the same content."""
    current = StoredFile.objects.select_for_update().get(pk=file.pk)
    _move(current, FileState.DISCARDED)
    current.scan_detail = reason[:200]
    current.save(update_fields=["state", "scan_detail"])
    return current


def _move(file: StoredFile, state: FileState) -> None:
    STATES.check(FileState(file.state), state)
    file.state = state.value
