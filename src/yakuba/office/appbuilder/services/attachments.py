"""Files and photos of a record: which ones a value may name, and giving new ones to their record."""

from __future__ import annotations

from collections.abc import Sequence

from yakuba.kernel.access.api import Person
from yakuba.kernel.files.api import attach_file
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.things.api import ref_of
from yakuba.office.appbuilder.models import Record
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldType

_KEPT = ("stored", "quarantined")


def files_fault(by: Person, one: AppField, ids: Sequence[str], record: Record | None) -> str:
    """What is wrong with the files of a field, as a sentence; "" for nothing.

    A file is either one this field of the record has or had, or one this person has just sent and given to nothing:
    nobody draws a file out of a field they do not see by naming it in one they do.
    """
    own = _of_field(record, one.key) if record is not None else frozenset()
    found = {file.public_id: file for file in StoredFile.objects.filter(public_id__in=ids, state__in=_KEPT)}
    for public_id in ids:
        file = found.get(public_id)
        if file is None or not (public_id in own or (file.owner is None and file.uploaded_by == by.id)):
            return f"「{one.label}」のファイルが見つかりません。もう一度選んでください。"
        if one.type is FieldType.PHOTOS and not file.is_picture:
            return f"「{file.name}」は写真ではありません。JPEG や PNG の画像を選んでください。"
    return ""


def _of_field(record: Record, key: str) -> frozenset[str]:
    """Every file a field of a record holds or once held."""
    values = [record.values.get(key)]
    for before, after in record.history.values_list("before", "after"):
        values += [before.get(key), after.get(key)]
    return frozenset(one for value in values if isinstance(value, list) for one in value)


def give_files(by: Person, record: Record, definition: AppDefinition) -> None:
    """Give the files of a record's values that belong to nothing yet to the record; within the verb that writes it."""
    ids = {
        one
        for field in definition.fields
        if field.type.holds_files and isinstance(record.values.get(field.key), list)
        for one in record.values[field.key]
    }
    if ids:
        for file in StoredFile.objects.filter(public_id__in=ids, owner_kind=""):
            attach_file(by=by, file=file, owner=ref_of(record))
