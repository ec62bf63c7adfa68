"""Who may see and do what on the plan board."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from yakuba.kernel.access.api import NotAllowed, NotVisible, Person, PersonKind, Role, office_seat, role
from yakuba.plan import models

MAY_STEER = role(Role.SECRETARIAT)
"""Plan, meetings, releases, teams, survey, news: the secretariat (事務局)."""

MAY_JUDGE = role(Role.SECRETARIAT, Role.SECTION_HEAD, Role.DEPUTY_MAYOR, Role.MAYOR)
"""Grades, confirmations and second signatures: the secretariat and those who sit in the headquarters."""

MAY_REPORT = role(
    Role.SECRETARIAT, Role.SECTION_HEAD, Role.DX_LEADER, Role.CLERK, Role.IT, Role.DEPUTY_MAYOR, Role.MAYOR
)
"""PDCA notes, OODA steps, tasks and savings: everybody who works on an initiative."""

MAY_HAND_OVER = role(Role.PERSONNEL)
"""Handing open work to an heir when people move: personnel (人事), beside the secretariat."""

MAY_ADVISE = role(Role.ADVISER, Role.SECRETARIAT)
"""Advice: the adviser, or the secretariat that writes it down for him."""

M = TypeVar("M", bound=Model)

# What the public sees of a model; models not named here belong to the office.
_PUBLIC: dict[type[Model], Q] = {
    models.Plan: Q(is_shown=True),
    models.Initiative: Q(plan__is_shown=True, is_current=True),
    models.Kpi: Q(plan__is_shown=True, is_current=True),
    models.Milestone: Q(plan__is_shown=True, is_current=True),
    models.MilestoneConfirmation: Q(milestone__plan__is_shown=True),
    models.PhaseConfirmation: Q(initiative__plan__is_shown=True),
    models.Assessment: Q(initiative__plan__is_shown=True, release__isnull=False),
    models.News: Q(plan__is_shown=True, withdrawn_on__isnull=True),
    models.Survey: Q(plan__is_shown=True),
    models.SavedWork: Q(plan__is_shown=True, verdict__is_approved=True),
}


def has_seat(person: Person) -> bool:
    """Whether the person works in the office, or the system itself acts."""
    return person.kind is PersonKind.SYSTEM or office_seat.allows(person)


def visible_to(person: Person, model: type[M]) -> QuerySet[M]:
    """The rows of a model the person may see: everything for those with a seat, the published part for all others."""
    rows = model._default_manager.all()
    if has_seat(person):
        return rows
    return rows.filter(_PUBLIC[model]) if model in _PUBLIC else rows.none()


def get_for(person: Person, model: type[M], public_id: str) -> M:
    """One object by its public id. Raises `NotVisible` when it is unknown or not for this person."""
    found = visible_to(person, model).filter(public_id=public_id).first()
    if found is None:
        raise NotVisible
    return found


def ensure(by: Person, *, may: object, doing: str) -> None:
    """Raise `NotAllowed` unless the rule allows the person; the system itself (commands, jobs) may."""
    if by.kind is PersonKind.SYSTEM:
        return
    if not may.allows(by):  # type: ignore[attr-defined]
        raise NotAllowed(f"{doing}ことができるのは「{may.words}」です。")  # type: ignore[attr-defined]
