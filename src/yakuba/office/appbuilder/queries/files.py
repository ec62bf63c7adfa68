"""Files of records, as the page of a record and its form show them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from yakuba.kernel.access.api import Person
from yakuba.kernel.files.api import file_link
from yakuba.kernel.files.models import StoredFile
from yakuba.office.appbuilder.rules.definition import AppField

_PURPOSE = "appbuilder.record"


@dataclass(frozen=True, slots=True)
class ShownFile:
    """One file: its address for this person ("" while it cannot be opened), whether a page shows it, a word of its state."""

    public_id: str
    name: str
    size: int
    url: str
    is_picture: bool
    note: str


def files_shown(
    person: Person, fields: Iterable[AppField], values: Mapping[str, Any], *, sent: Collection[str] = ()
) -> dict[str, list[ShownFile]]:
    """The files of some fields by key, in their order. `values` are those of a record whose fields the person sees.

    `sent` are ids a browser named besides: of these only the person's own, not yet given to a record, are shown.
    """
    held = {
        one.key: values[one.key] for one in fields if one.type.holds_files and isinstance(values.get(one.key), list)
    }
    known = {public_id for ids in held.values() for public_id in ids}
    if not known and not sent:
        return {}
    stored = {}
    for file in StoredFile.objects.filter(public_id__in={*known, *sent}):
        if file.public_id in known or (file.owner is None and file.uploaded_by == person.id):
            stored[file.public_id] = _shown(file, person)
    shown = {key: [stored[one] for one in ids if one in stored] for key, ids in held.items()}
    return {**shown, "": [stored[one] for one in sent if one in stored]}


def _shown(file: StoredFile, person: Person) -> ShownFile:
    notes = {
        "quarantined": "ウイルス検査待ち",
        "refused": "ウイルスが見つかったため開けません",
        "discarded": "廃棄済み",
    }
    note = notes.get(file.state, "")
    url = "" if note else file_link(file, to=person, purpose=_PURPOSE, in_page=file.is_picture)
    return ShownFile(file.public_id, file.name, file.size, url, file.is_picture, note)
