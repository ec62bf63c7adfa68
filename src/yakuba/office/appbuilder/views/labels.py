"""Labels with a two-dimensional code (QR コード) that lead a telephone to a record, or to a new one."""

from __future__ import annotations

from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST, require_safe

from yakuba.kernel.access.api import Face, NotAllowed, page
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import MAY_USE, record_for, visible_records
from yakuba.office.appbuilder.forms.posted import posted_key
from yakuba.office.appbuilder.models import Record
from yakuba.office.appbuilder.queries.listing import RecordListing
from yakuba.office.appbuilder.queries.names import ids_in, names_for
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.values import is_id
from yakuba.office.appbuilder.views.looking import all_listed
from yakuba.office.appbuilder.views.records import opened, title_of

PER_SHEET, MOST_LABELS = 24, 96
_LABELS = viewing("appbuilder.labels", label="アプリの記録のラベルの印刷")


def code_of(request: HttpRequest, path: str) -> SafeString:
    """An SVG drawing of the code for an address of the office; readable with a quarter of it damaged."""
    host = settings.YAKUBA_FACE_HOSTS.get(Face.OFFICE)
    address = f"{request.scheme}://{host}{path}" if host else request.build_absolute_uri(path)
    drawing = segno.make(address, error="q", micro=False).svg_inline(
        border=2, dark="#000", light="#fff", omitsize=True, svgclass="label__code"
    )
    return mark_safe(drawing)  # noqa: S308  made of squares only


def _label(request: HttpRequest, record: Record, title: str) -> dict[str, Any]:
    return {"record": record, "title": title, "code": code_of(request, record.get_absolute_url())}


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def label(request: HttpRequest, public_id: str, record_id: str) -> HttpResponse:
    """One large label of a record."""
    asking: Any = request
    app, definition, sight = opened(asking, public_id)
    today = asking.clock.today()
    found = record_for(asking.person, app, definition, sight, record_id, today=today)
    record_view(by=asking.person, subjects=[found], what=_LABELS)
    values = Shapes(app).of(found, today=today).values
    names = names_for(asking.person, definition, today=today, ids=ids_in(definition, [values]))
    seen = [one for one in definition.fields if one.key in sight.visible]
    shown = {"app": app, "label": _label(request, found, title_of(seen, values, names))}
    return render(request, "appbuilder/label.html", shown)


@page(Face.OFFICE, may=MAY_USE)
@require_POST
def choose(request: HttpRequest, public_id: str) -> HttpResponse:
    """The records chosen in the list, on to the page of their labels."""
    asking: Any = request
    app, definition, sight = opened(asking, public_id)
    if posted_key(request, "scope") == "all":
        today = asking.clock.today()
        made = RecordListing(app, definition, sight, person=asking.person, today=today)
        try:
            some, _ = all_listed(asking, made, most=MOST_LABELS)
        except Refusal:
            return redirect("office-app", public_id=public_id)  # the list says why
        ids = [one.public_id for one in some]
    else:
        ids = [one for one in request.POST.getlist("picked")[:MOST_LABELS] if is_id(one)]
    return redirect(f"{reverse('office-app-labels', args=[public_id])}?of={'.'.join(ids)}")


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def labels(request: HttpRequest, public_id: str) -> HttpResponse:
    """Labels of several records (`?of=`), 24 on a sheet of A4; the first places may be left free (`?skip=`)."""
    asking: Any = request
    app, definition, sight = opened(asking, public_id)
    today = asking.clock.today()
    wanted = [one for one in request.GET.get("of", "").split(".")[:MOST_LABELS] if is_id(one)]
    skip = request.GET.get("skip", "")
    free = min(int(skip), PER_SHEET - 1) if skip.isascii() and skip.isdigit() and len(skip) < 3 else 0
    places: list[dict[str, Any] | None] = [None] * free
    try:
        found = visible_records(asking.person, app, definition, sight, today=today)
        some = list(found.filter(public_id__in=wanted).select_related("app").order_by("number"))
    except Refusal:
        return redirect("office-app", public_id=public_id)
    shapes = Shapes(app)
    values = {one.pk: shapes.of(one, today=today).values for one in some}
    names = names_for(asking.person, definition, today=today, ids=ids_in(definition, values.values()))
    seen = [one for one in definition.fields if one.key in sight.visible]
    places += [_label(request, one, title_of(seen, values[one.pk], names)) for one in some]
    if some:
        record_view(by=asking.person, subjects=some, what=_LABELS, detail="many")
    sheets = [places[start : start + PER_SHEET] for start in range(0, len(places), PER_SHEET)] if some else []
    shown = {"app": app, "sheets": sheets, "count": len(some), "of": ".".join(wanted), "free": free}
    return render(request, "appbuilder/labels.html", shown)


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def entry(request: HttpRequest, public_id: str) -> HttpResponse:
    """A sheet for the wall: the code that leads to a new record."""
    app, _, sight = opened(request, public_id)
    if not sight.create:
        raise NotAllowed("このアプリに記録を加える権限がありません。")
    path = reverse("office-app-new", args=[public_id])
    return render(request, "appbuilder/entry.html", {"app": app, "code": code_of(request, path), "path": path})
