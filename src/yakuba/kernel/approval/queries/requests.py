"""Reads of requests and decisions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from yakuba.kernel.access.api import Person, PersonKind
from yakuba.kernel.approval.access import turns_for_staff
from yakuba.kernel.approval.models import Decision, DecisionRequest, RouteAct
from yakuba.kernel.approval.on_the_way import Day
from yakuba.kernel.approval.rules.canonical import digest
from yakuba.kernel.approval.rules.flow import Act, StageState
from yakuba.kernel.approval.rules.routes import StageKind
from yakuba.kernel.approval.rules.states import Capacity, RequestState
from yakuba.kernel.things.api import Ref, description_of, load


def decisions_on(subject: Ref) -> list[Decision]:
    """Every decision about a thing, latest first; the caller has asked the gate of the thing."""
    return list(
        Decision.objects.filter(request__subject_kind=subject.kind, request__subject_id=subject.public_id)
        .select_related("request", "said")
        .order_by("-decided_at", "-id")
    )


def requests_on(subject: Ref) -> list[DecisionRequest]:
    """Every request about a thing, also waiting and withdrawn ones, latest first; the caller has asked the gate."""
    return list(
        DecisionRequest.objects.filter(subject_kind=subject.kind, subject_id=subject.public_id)
        .select_related("decision", "section", "authority")
        .order_by("-asked_at", "-id")
    )


def is_current(decision: Decision, content: Mapping[str, Any]) -> bool:
    """Whether this content is exactly what was decided."""
    return digest(content) == decision.content_sha256


def has_subject_changed(request: DecisionRequest) -> bool:
    """Whether the subject is no longer what it was when it was decided (or asked, while it waits).

    Only kinds that state a snapshot can tell; a subject that is gone has changed.
    """
    then = request.decision.subject_sha256 if hasattr(request, "decision") else request.subject_sha256
    description = description_of(request.subject_kind)
    if not then or description is None or description.snapshot is None:
        return False
    thing = load(request.subject)
    return thing is None or digest(description.snapshot(thing)) != then


@dataclass(frozen=True, slots=True)
class Turns:
    """What waits for a person, the most urgent first: to act on in person, as deputy while somebody is away, to see.

    ``kinds`` says at which kind of stage each of them (by row) stands.
    """

    own: tuple[DecisionRequest, ...] = ()
    deputy: tuple[DecisionRequest, ...] = ()
    see: tuple[DecisionRequest, ...] = ()
    kinds: Mapping[int, StageKind] = field(default_factory=dict)


def turns_of(person: Person, *, on: date, day: Day | None = None) -> Turns:
    """What waits for a person on a day. Nothing waits most of the day: then it is two queries."""
    if person.kind is not PersonKind.STAFF or person.staff_id is None or person.is_read_only or not _anything_waits():
        return Turns()
    how = turns_for_staff(person.staff_id, on=on, day=day)
    rows = DecisionRequest.objects.filter(pk__in=list(how)).select_related("section")
    found = list(rows.order_by(F("due").asc(nulls_last=True), "asked_at", "id")) if how else []
    asked = [one for one in found if how[one.pk].stage.kind is not StageKind.CIRCULATE]
    return Turns(
        own=tuple(one for one in asked if how[one.pk].may.capacity is Capacity.OWN),
        deputy=tuple(one for one in asked if how[one.pk].may.capacity is not Capacity.OWN),
        see=tuple(one for one in found if how[one.pk].stage.kind is StageKind.CIRCULATE),
        kinds={pk: turn.stage.kind for pk, turn in how.items()},
    )


def _anything_waits() -> bool:
    open_ones = Q(state=RequestState.WAITING) | Q(stages__state=StageState.OPEN.value)
    return DecisionRequest.objects.filter(open_ones).exists()


def to_see_afterwards(person: Person) -> list[DecisionRequest]:
    """What was done in a person's place while they were away and they have not seen yet (後閲), the oldest first."""
    if person.kind is not PersonKind.STAFF or person.staff_id is None or person.is_read_only:
        return []
    return list({one.request_id: one.request for one in waiting_for_post_view(person.staff_id)}.values())


def waiting_for_post_view(staff: int) -> list[RouteAct]:
    """The acts done in somebody's place that they have not seen yet, oldest first."""
    acts = RouteAct.objects.filter(principal=staff, capacity=Capacity.ACTING.value).select_related("request")
    found = list(acts.order_by("at"))
    if not found:
        return []
    seen = set(RouteAct.objects.filter(staff=staff, act=Act.POST_VIEW.value).values_list("request_id", "at"))
    return [one for one in found if not any(r == one.request_id and at >= one.at for r, at in seen)]


def waiting_for(person: Person, *, on: date) -> list[DecisionRequest]:
    """The requests a person is to act on in their own seat, the most urgent first."""
    return list(turns_of(person, on=on).own)


def earlier_requests(request: DecisionRequest, *, most: int = 10) -> list[DecisionRequest]:
    """The requests this one follows, latest first: what was sent back or withdrawn before, with its words."""
    found: list[DecisionRequest] = []
    follows = request.follows_id
    while follows is not None and len(found) < most:
        earlier = DecisionRequest.objects.select_related("decision", "decision__said").get(pk=follows)
        found.append(earlier)
        follows = earlier.follows_id
    return found


def returned_to(person: Person) -> list[DecisionRequest]:
    """What was sent back to a person and neither asked anew nor taken up."""
    if person.kind is not PersonKind.STAFF or person.staff_id is None:
        return []
    return list(_returned().filter(holder_id=person.staff_id).order_by("closed_at"))


def in_hand_of(staff_ids: Collection[int]) -> QuerySet[DecisionRequest]:
    """Drafts people still have in hand: waiting, or sent back and not taken up."""
    return DecisionRequest.objects.filter(
        Q(state=RequestState.WAITING) | Q(pk__in=_returned().values("pk")), holder_id__in=staff_ids
    ).order_by("due", "asked_at")


def _returned() -> QuerySet[DecisionRequest]:
    return DecisionRequest.objects.filter(
        state=RequestState.RETURNED, answered_at__isnull=True, followed_by__isnull=True
    )
