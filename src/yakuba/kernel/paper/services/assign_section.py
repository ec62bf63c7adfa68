"""Which section looks after a sheet."""

from __future__ import annotations

from yakuba.kernel.access.api import NotAllowed, Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.paper.access import KEEPERS, may_keep
from yakuba.kernel.paper.models import Sheet
from yakuba.kernel.paper.sheets.fields import declaration_of_sheet


@verb("paper.assign_section", label="様式の担当を決める")
def assign_section(*, by: Person, key: str, section: Section | None) -> Sheet:
    """Let the staff of a section replace the sheet themselves; `None` leaves it to the keepers alone."""
    if not may_keep(by):
        raise NotAllowed(f"様式の担当を決められるのは「{'・'.join(role.label for role in KEEPERS)}」です。")
    declaration_of_sheet(key)
    sheet, _is_new = Sheet.objects.get_or_create(key=key)
    sheet.section = section
    sheet.save(update_fields=["section"])
    return sheet


def prepare_sheet(*, key: str, section: Section | None) -> Sheet:
    """The record of a sheet an app has just made up, in the care of a section; for verbs of that app."""
    sheet, _is_new = Sheet.objects.get_or_create(key=key, defaults={"section": section})
    return sheet
