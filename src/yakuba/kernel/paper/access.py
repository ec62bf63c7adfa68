"""Who may see and replace the town's sheets: blank sheets are open to the office, replacing is for those in charge."""

from __future__ import annotations

from yakuba.kernel.access.api import NotAllowed, NotVisible, Person, PersonKind, Role
from yakuba.kernel.paper.models import Sheet
from yakuba.kernel.paper.sheets.fields import SheetDeclaration, UnknownSheet, declaration_of_sheet, declared_sheets

KEEPERS = (Role.SECRETARIAT, Role.IT)
"""Those who may replace every sheet and say which section looks after it."""


def visible_to(person: Person) -> tuple[SheetDeclaration, ...]:
    """The declared sheets, for anybody with a seat in the office."""
    return declared_sheets() if person.kind in (PersonKind.STAFF, PersonKind.OUTSIDE) else ()


def get_for(person: Person, key: str) -> SheetDeclaration:
    """One declared sheet. Raises `NotVisible`."""
    try:
        declaration = declaration_of_sheet(key)
    except UnknownSheet as unknown:
        raise NotVisible from unknown
    if declaration not in visible_to(person):
        raise NotVisible
    return declaration


def may_keep(person: Person) -> bool:
    """Whether the person may replace every sheet and assign sections."""
    return person.has(*KEEPERS) and not person.is_read_only


def may_replace(person: Person, sheet: Sheet | None) -> bool:
    """Whether the person may replace this sheet: the keepers, and the staff of the section that looks after it."""
    if may_keep(person):
        return True
    in_charge = sheet is not None and sheet.section_id is not None and sheet.section_id in person.section_ids
    return in_charge and person.has(Role.STAFF) and not person.is_read_only


def require_replace(person: Person, sheet: Sheet | None) -> None:
    """Raise `NotAllowed` unless the person may replace this sheet."""
    if not may_replace(person, sheet):
        keepers = "・".join(role.label for role in KEEPERS)
        raise NotAllowed(f"この様式を差し替えられるのは「{keepers}」と、様式の担当課の職員です。")
