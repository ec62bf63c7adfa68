"""The audit log for those who may read it; reading it is logged too."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yakuba.kernel.access.api import Face, Role, office_seat, page, role
from yakuba.kernel.audit.chain import unsealed_since
from yakuba.kernel.audit.models import AuditEvent, AuditLink, EventKind
from yakuba.kernel.audit.queries import get_for, visible_to
from yakuba.kernel.audit.verbs import label_of, record_view, viewing
from yakuba.kernel.things.api import Ref, show
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing, Searched

_EVENT = viewing("audit.event", label="監査記録の閲覧")
#: By how the log leaves the database.
_LOG_SHOWN = {
    "page": viewing("audit.log.page", label="監査記録の一覧の閲覧"),
    "csv": viewing("audit.log.csv", label="監査記録の書き出し（CSV）"),
    "xlsx": viewing("audit.log.xlsx", label="監査記録の書き出し（Excel）"),
}
_FACES = {"public": "公開", "resident": "町民", "office": "庁内", "device": "機器", "machine": "連携"}
_KIND_BADGES = {EventKind.WRITE: "info", EventKind.VIEW: "", EventKind.REFUSAL: "warning"}


def _subjects(event: AuditEvent) -> str:
    return f"{event.count}件" if event.count > 1 else "、".join(event.subjects[:3])


def _by_day(queryset: QuerySet[AuditEvent], value: str) -> QuerySet[AuditEvent]:
    return queryset.filter(kind=value)


LOG = Listing(
    name="audit",
    title="監査記録",
    columns=(
        Column("at", "日時", "at", sort="id", kind=Kind.DATE, url=lambda one: reverse("audit-event", args=[one.pk])),
        Column("kind", "種類", "get_kind_display", badge=lambda one: _KIND_BADGES.get(one.kind, "")),
        Column("verb", "操作", lambda one: label_of(one.verb), search=("verb",)),
        Column("capacity", "職名", "capacity", search=(Searched("capacity"),)),
        Column("actor", "行為者の番号", "actor", search=(Searched("actor", comparison="exact"),)),
        Column("subjects", "対象", _subjects),
        Column("face", "窓口", lambda one: _FACES.get(one.face, one.face)),
        Column("request", "要求番号", "request_id", search=(Searched("request_id", comparison="exact"),)),
    ),
    filters=(Filter("kind", "種類", tuple(EventKind.choices), apply=_by_day),),
    order=("-id",),
    empty_title="記録はまだありません",
)


@page(Face.OFFICE, may=role(Role.AUDITOR, Role.IT))
def audit_log(request: HttpRequest) -> HttpResponse:
    """監査記録の一覧."""
    asking: Any = request

    def shown(events: Any, how: str) -> None:
        record_view(
            by=asking.person,
            subjects=[Ref("audit.event", str(event.pk)) for event in events],
            what=_LOG_SHOWN[how],
        )

    newest = AuditLink.objects.order_by("-position").first()
    context = {"newest": newest, "unsealed_since": unsealed_since()}
    return LOG.answer(request, visible_to(asking.person), template="audit/log.html", context=context, on_show=shown)


@page(Face.OFFICE, may=office_seat)
def audit_event(request: HttpRequest, event_id: int) -> HttpResponse:
    """One event with its seal; people without the log may open their own acts."""
    asking: Any = request
    event = get_for(asking.person, event_id)
    if event.actor != asking.person.id:
        record_view(
            by=asking.person,
            subjects=[Ref("audit.event", str(event.pk))],
            what=_EVENT,
        )
    subjects = []
    for written in event.subjects:
        ref = Ref.parse(written)
        subjects.append((ref, show(ref, to=asking.person)))
    context = {
        "event": event,
        "verb_label": label_of(event.verb),
        "subjects": subjects,
        "link": AuditLink.objects.filter(event_id=event.pk).first(),
    }
    return render(request, "audit/event.html", context)
