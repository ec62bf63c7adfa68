"""Reading the register. Every look-up is logged here, so that no caller can forget it."""

from __future__ import annotations

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.people.register.base import Found, Question, Resident
from yakuba.kernel.people.register.registry import register_in_use
from yakuba.kernel.things.api import Ref

_SEARCH = viewing("people.find_residents", label="住民記録の検索")
_LOOK_UP = viewing("people.read_resident", label="住民記録の照会")
REGISTER_KIND = "people.register"


def resident_ref(number: str) -> Ref:
    """The address of a resident of the register in the audit log."""
    return Ref(REGISTER_KIND, number)


def find_residents(*, by: Person, question: Question) -> Found:
    """Ask the register; the residents shown are logged. Raises ``RegisterUnavailable``, ``NotAllowed``."""
    _only_staff(by)
    found = register_in_use().find(question)
    record_view(
        by=by,
        subjects=[resident_ref(resident.number) for resident in found.residents],
        what=_SEARCH,
    )
    return found


def read_resident(*, by: Person, number: str) -> Resident | None:
    """One resident by the register's number; logged. Raises ``RegisterUnavailable``, ``NotAllowed``."""
    _only_staff(by)
    resident = register_in_use().by_number(number)
    if resident is not None:
        record_view(by=by, subjects=[resident_ref(resident.number)], what=_LOOK_UP)
    return resident


def _only_staff(by: Person) -> None:
    """The register answers staff and nobody else; what a resident may see of themselves is decided by its own app."""
    if by.kind is not PersonKind.STAFF:
        raise NotAllowed("住民記録は職員だけが照会できます。")
