"""Many records at once: chosen in the list, changed or deleted after a look at what will happen."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from yakuba.kernel.access.api import Face, NotAllowed, page
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import MAY_USE, visible_records
from yakuba.office.appbuilder.forms.bulk import BulkForm
from yakuba.office.appbuilder.forms.posted import posted_key
from yakuba.office.appbuilder.models import PressRequest, PressState, Record
from yakuba.office.appbuilder.queries.listing import RecordListing
from yakuba.office.appbuilder.queries.names import names_for
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.bulk import MOST_CHANGED, MOST_RECORDS, bulk_fields, foreseen
from yakuba.office.appbuilder.rules.values import as_read, is_id
from yakuba.office.appbuilder.services import change_records, delete_records
from yakuba.office.appbuilder.services.bulk import CHUNK, Outcome
from yakuba.office.appbuilder.views.looking import all_listed
from yakuba.office.appbuilder.views.records import opened

_MANY = viewing("appbuilder.bulk", label="アプリの記録をまとめて変える画面の閲覧")
_MOST_SHOWN = 10


class Chosen:
    """The records a person has chosen, each with the version that was seen; what is no longer there is counted."""

    def __init__(self, request: Any, made: RecordListing, found: Any) -> None:
        self.total = 0
        if request.POST.getlist("of"):
            seen = dict(_pair(one) for one in request.POST.getlist("of")[:MOST_RECORDS])
            self.seen = {key: version for key, version in seen.items() if is_id(key) and version}
            self.records = list(found.filter(public_id__in=self.seen).select_related("app").order_by("-number"))
        elif posted_key(request, "scope") == "all":
            self.records, self.total = all_listed(request, made, most=MOST_RECORDS)
            self.seen = {one.public_id: one.version for one in self.records}
        else:
            wanted = [one for one in request.POST.getlist("picked")[:MOST_RECORDS] if is_id(one)]
            self.records = list(found.filter(public_id__in=wanted).select_related("app").order_by("-number"))
            self.seen = {one.public_id: one.version for one in self.records}
        self.gone = len(self.seen) - len(self.records)

    @property
    def carried(self) -> list[str]:
        """What the next page sends back."""
        return [f"{key}:{version}" for key, version in self.seen.items()]

    def pairs(self) -> list[tuple[Record, int]]:
        """The records with the versions seen."""
        return [(one, self.seen[one.public_id]) for one in self.records]


def _pair(text: str) -> tuple[str, int]:
    key, _, version = text[:40].partition(":")
    return key, int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0


@page(Face.OFFICE, may=MAY_USE)
@require_POST
def bulk(request: HttpRequest, public_id: str) -> HttpResponse:
    """First what is to be changed, then a look at what will happen, then the change and what became of each."""
    asking: Any = request
    app, definition, sight = opened(asking, public_id)
    if not sight.edit:
        raise NotAllowed("このアプリの記録を変える権限がありません。")
    today = asking.clock.today()
    made = RecordListing(app, definition, sight, person=asking.person, today=today)
    try:
        found = visible_records(asking.person, app, definition, sight, today=today)
    except Refusal:
        return redirect("office-app", public_id=public_id)  # the list says why
    chosen = Chosen(asking, made, found)
    what, step = posted_key(request, "what"), posted_key(request, "step")
    fields = bulk_fields(definition, sight)
    shown: dict[str, Any] = {
        "app": app,
        "chosen": chosen,
        "count": len(chosen.records),
        "most": MOST_RECORDS,
        "most_fields": MOST_CHANGED,
        "what": what,
    }
    if not chosen.records:
        return render(request, "appbuilder/bulk.html", {**shown, "nothing": True}, status=422)
    if what == "delete":
        if step == "apply":
            done = _in_chunks(
                chosen, lambda some: delete_records(by=asking.person, app=app, records=some, clock=asking.clock)
            )
            return _report(request, shown, done)
        return _look(asking, made, shown)
    form = BulkForm(
        request.POST if step else None,
        definition=definition.model_copy(update={"fields": fields}),
        editable=frozenset(one.key for one in fields),
        names=names_for(asking.person, definition, today=today, standing=True),
        values={},
    )
    shown["form"] = form
    if not step or not form.is_valid():
        return render(request, "appbuilder/bulk.html", shown, status=422 if step else 200)
    if step == "apply":
        done = _in_chunks(
            chosen,
            lambda some: change_records(
                by=asking.person, app=app, records=some, values=form.values, clock=asking.clock
            ),
        )
        return _report(request, shown, done)
    shapes = Shapes(app)
    waiting = set(
        PressRequest.objects.filter(record__in=chosen.records, state=PressState.WAITING).values_list(
            "record", flat=True
        )
    )
    current = [shapes.of(one, today=today).values for one in chosen.records if one.pk not in waiting]
    result = foreseen(current, form.values)
    shown |= {
        "result": result,
        "waiting": len(waiting),
        "changes": [
            {
                "label": one.label,
                "words": as_read(one, form.values[one.key], form.names) or "（空欄）",
                "count": result.by_field[one.key],
            }
            for one in fields
            if one.key in form.values
        ],
    }
    return _look(asking, made, shown)


def _look(asking: Any, made: RecordListing, shown: dict[str, Any]) -> HttpResponse:
    """What will happen, with the first records."""
    some = shown["chosen"].records[:_MOST_SHOWN]
    made.prepare(some)
    record_view(by=asking.person, subjects=some, what=_MANY)
    columns = [one for one in made.fields if one.in_list][:4]
    shown |= {
        "looking": True,
        "heads": [one.label for one in columns],
        "rows": [{"record": one, "cells": [made.shown[one.pk].get(key.key) for key in columns]} for one in some],
    }
    return render(asking, "appbuilder/bulk.html", shown)


def _in_chunks(chosen: Chosen, act: Any) -> list[Outcome]:
    pairs = chosen.pairs()
    done: list[Outcome] = []
    for start in range(0, len(pairs), CHUNK):
        done += act(pairs[start : start + CHUNK])
    return done


def _report(request: HttpRequest, shown: dict[str, Any], done: list[Outcome]) -> HttpResponse:
    failed = [one for one in done if one.reason]
    changed = sum(one.changed for one in done)
    shown |= {"done": True, "changed": changed, "failed": failed, "same": len(done) - changed - len(failed)}
    return render(request, "appbuilder/bulk.html", shown)
