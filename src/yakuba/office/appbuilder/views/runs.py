"""What automations did, and what one would do: the log and the dry run."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from yakuba.kernel.access.api import Face, page
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing
from yakuba.office.appbuilder.access import MAY_USE, managed_app, visible_records
from yakuba.office.appbuilder.models import AutomationRun, RunState
from yakuba.office.appbuilder.queries.listing import RecordListing
from yakuba.office.appbuilder.queries.planned import Ground
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.automations import ACTION_LABELS, moments
from yakuba.office.appbuilder.views.building import Desk

_TRIED = viewing("appbuilder.dry_run", label="アプリの自動処理のためし")
_SHOWN, _TOLD_SHOWN = 20, 12
_BADGES = {RunState.DONE: "success", RunState.FAILED: "error", RunState.STOPPED: "warning", RunState.WAITING: "info"}


def _record_url(run: AutomationRun) -> str:
    return reverse("office-app-record", args=[run.app.public_id, run.record.public_id])


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def runs(request: HttpRequest, public_id: str) -> HttpResponse:
    """The log, the newest first."""
    asking: Any = request
    app, _, sight = managed_app(asking.person, public_id)
    found = AutomationRun.objects.filter(app=app).select_related("app", "record")
    names = dict(found.order_by("begun_at").values_list("automation", "name"))
    listing = Listing(
        name="自動処理の記録",
        title="自動処理の記録",
        columns=(
            Column("at", "日時", "begun_at", sort="begun_at", kind=Kind.DATE),
            Column("name", "自動処理", "name"),
            Column("record", "記録", lambda run: f"番号{run.record.number}", url=_record_url, kind=Kind.TIGHT),
            Column(
                "state", "結果", lambda run: run.get_state_display(), badge=lambda run: _BADGES[RunState(run.state)]
            ),
            Column("words", "内容", _words, kind=Kind.WIDE),
            Column("took", "時間（ミリ秒）", "milliseconds", kind=Kind.NUMBER),
        ),
        filters=(
            Filter("automation", "自動処理", list(names.items()), apply="automation"),
            Filter("state", "結果", list(RunState.choices), apply="state"),
        ),
        order=("-begun_at",),
        empty_title="まだ一度も動いていません",
        empty_text="自動処理が動くと、いつ、どの記録で、何をしたかがここに残ります。",
    )
    shown = listing.page(request, found)
    context = {"app": app, "sight": sight, "listing": replace(shown, exports=())}
    return render(request, "appbuilder/runs.html", context)


def _words(run: AutomationRun) -> str:
    if run.state == RunState.WAITING and run.next_at is not None:
        return f"{run.words}　（{run.attempts}回失敗。もう一度試します）"
    return run.words


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def dry_run(request: HttpRequest, public_id: str) -> HttpResponse:
    """What an automation would do to one record, or which of the newest records it would concern; nothing is done."""
    asking: Any = request
    desk = Desk(asking, public_id)
    shown: dict[str, Any] = {"app": desk.app, "sight": desk.sight, "desk": desk, "in_use": desk.in_use}
    shown["choices"] = [(one.key, one.name) for one in desk.definition.automations]
    one = desk.definition.automation(request.GET.get("automation", "")[:40])
    if one is None or desk.in_use is None:
        return render(request, "appbuilder/dry_run.html", shown)
    today = desk.clock.today()
    definition = desk.in_use.content
    sight = desk.sight
    found = visible_records(desk.person, desk.app, definition, sight, today=today).select_related("app")
    number = request.GET.get("record", "").strip()
    is_one = number.isascii() and number.isdigit() and len(number) < 10
    some = list(found.filter(number=int(number)) if is_one else found.order_by("-number")[:_SHOWN])
    shapes = Shapes(desk.app)
    made = RecordListing(desk.app, definition, sight, person=desk.person, today=today)
    made.prepare(some)
    if some:
        record_view(by=desk.person, subjects=some, what=_TRIED)
    version = desk.draft or desk.in_use
    if desk.draft is not None and desk.person.staff_id:
        # Not yet put to use: whoever tries it would be the one to do so.
        version.published_by = Staff.objects.filter(pk=desk.person.staff_id).first()
    grounds = [
        Ground(
            record,
            shapes.of(record, today=today).values,
            version,
            at=desk.clock.now(),
            definition=desk.definition,
            most_told=_TOLD_SHOWN,
        )
        for record in some
    ]
    first = next((field.key for field in made.fields if field.in_list), "")
    shown |= {
        "one": one,
        "number": number if is_one else "",
        "lines": [
            {
                "record": ground.record,
                "title": made.shown[ground.record.pk].get(first) or "—",
                "meets": ground.meets(one),
            }
            for ground in grounds
        ],
        "next": next(moments(one, after=desk.clock.now(), until=desk.clock.now() + timedelta(days=32)), None),
    }
    if is_one and grounds:
        shown["meets"] = grounds[0].meets(one)
        shown["plans"] = [(ACTION_LABELS[action.does], grounds[0].plan(action)) for action in one.actions]
    return render(request, "appbuilder/dry_run.html", shown)
