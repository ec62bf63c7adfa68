"""Who may open a file: whoever the gate of its owner lets in."""

from __future__ import annotations

from collections.abc import Callable

from yakuba.kernel.access.api import NotVisible, Person
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.files.rules import FileState, may_open
from yakuba.kernel.things.api import Ref, description_of, load

FileLock = Callable[[Person, StoredFile], bool]
_locks: list[FileLock] = []


def file_lock(lock: FileLock) -> FileLock:
    """Declare what keeps a single file closed to a person although the gate of its owner is open to them, e.g. a number
    in it that nobody should see (cases)."""
    _locks.append(lock)
    return lock


def gate_of(file: StoredFile, person: Person) -> bool:
    """Whether the person may see the thing the file belongs to; unknown kinds and lost things stay closed."""
    if file.owner is None or any(lock(person, file) for lock in _locks):
        return False
    description = description_of(file.owner.kind)
    thing = load(file.owner)
    return description is not None and thing is not None and bool(description.gate(person, thing))


def may_see(file: StoredFile, person: Person) -> bool:
    """Whether the person may open the file now."""
    return may_open(
        state=FileState(file.state),
        is_uploader=person.is_signed_in and file.uploaded_by == person.id,
        has_owner=file.owner is not None,
        gate_is_open=gate_of(file, person),
    )


def visible_to(person: Person, owner: Ref) -> list[StoredFile]:
    """The files of a thing, in the order they came, if its gate lets the person in; quarantined ones are listed too."""
    found = list(StoredFile.objects.filter(owner_kind=owner.kind, owner_id=owner.public_id))
    shown = [file for file in found if file.state in (FileState.STORED.value, FileState.QUARANTINED.value)]
    return shown if shown and gate_of(shown[0], person) else []


def get_for(person: Person, public_id: str) -> StoredFile:
    """One file the person may know of (also while it waits in quarantine). Raises `NotVisible`."""
    file = StoredFile.objects.filter(public_id=public_id).first()
    if file is None or not (gate_of(file, person) if file.owner else file.uploaded_by == person.id):
        raise NotVisible
    return file
