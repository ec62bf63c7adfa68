"""Public names of ``kernel.access``: who acts, which face, who may."""

from yakuba.kernel.access.faces import (
    Declaration,
    Face,
    Rule,
    anyone,
    declaration_of,
    office_seat,
    page,
    role,
    signed_in_resident,
    signed_in_staff,
)
from yakuba.kernel.access.gates import NotAllowed, NotVisible
from yakuba.kernel.access.person import VISITOR, Person, PersonKind, Role, system_person
from yakuba.kernel.access.while_reading import forget, reading, remembered

__all__ = [
    "VISITOR",
    "Declaration",
    "Face",
    "NotAllowed",
    "NotVisible",
    "Person",
    "PersonKind",
    "Role",
    "Rule",
    "anyone",
    "declaration_of",
    "forget",
    "office_seat",
    "page",
    "reading",
    "remembered",
    "role",
    "signed_in_resident",
    "signed_in_staff",
    "system_person",
]
