from django.urls import reverse

from yakuba.kernel.access.api import Person, PersonKind
from yakuba.kernel.paper.models import Sheet
from yakuba.kernel.paper.sheets.fields import UnknownSheet, declaration_of_sheet
from yakuba.kernel.things.api import describe


def _title(sheet: Sheet) -> str:
    try:
        return declaration_of_sheet(sheet.key).title
    except UnknownSheet:  # its app is switched off
        return sheet.key


def _gate(person: Person, sheet: Sheet) -> bool:
    return person.kind in (PersonKind.STAFF, PersonKind.OUTSIDE)


describe(
    kind="paper.sheet",
    label="様式",
    model=Sheet,
    title=_title,
    url=lambda sheet: reverse("sheet", args=[sheet.key]),
    gate=_gate,
    snapshot=lambda sheet: {"key": sheet.key, "latest": sheet.latest},
)
