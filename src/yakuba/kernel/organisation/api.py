"""Public names of ``kernel.organisation``."""

from yakuba.kernel.organisation import services as verbs
from yakuba.kernel.organisation.access import may_edit, sees_records
from yakuba.kernel.organisation.open_work import OpenWork, open_work_of, open_work_source
from yakuba.kernel.organisation.queries import (
    deputies_of,
    head_of,
    heirs,
    members_of,
    postings_of,
    roles_of,
    sections_on,
    sections_worked_for,
    staff_on,
    successors_on,
    valid_on,
)

__all__ = [
    "OpenWork",
    "deputies_of",
    "head_of",
    "heirs",
    "may_edit",
    "members_of",
    "open_work_of",
    "open_work_source",
    "postings_of",
    "roles_of",
    "sections_on",
    "sections_worked_for",
    "sees_records",
    "staff_on",
    "successors_on",
    "valid_on",
    "verbs",
]
