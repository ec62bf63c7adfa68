"""Reads of the organisation."""

from yakuba.kernel.organisation.models.validity import valid_on
from yakuba.kernel.organisation.queries.for_rules import (
    as_standing,
    held_postings,
    keepers_besides,
    keeps_records,
    service_of,
    standing_sections,
)
from yakuba.kernel.organisation.queries.heirs import Waiting, propose_heirs, seats_on, work_waiting_for_heirs
from yakuba.kernel.organisation.queries.on_a_day import (
    deputies_of,
    head_of,
    members_of,
    postings_of,
    roles_of,
    sections_on,
    sections_worked_for,
    staff_on,
    successors_on,
)

__all__ = [
    "Waiting",
    "as_standing",
    "deputies_of",
    "head_of",
    "held_postings",
    "keepers_besides",
    "keeps_records",
    "members_of",
    "postings_of",
    "propose_heirs",
    "roles_of",
    "seats_on",
    "sections_on",
    "sections_worked_for",
    "service_of",
    "staff_on",
    "standing_sections",
    "successors_on",
    "valid_on",
    "work_waiting_for_heirs",
]
