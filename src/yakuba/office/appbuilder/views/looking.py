"""The views of an app: the list of all records, and every view laid out for the person who looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from yakuba.kernel.access.api import Face, NotAllowed, NotVisible, page
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import MAY_USE, app_for
from yakuba.office.appbuilder.models import App, Record
from yakuba.office.appbuilder.queries.cards import board_of, month_of
from yakuba.office.appbuilder.queries.charting import chart_of
from yakuba.office.appbuilder.queries.groups import cross_table, group_table, number_words
from yakuba.office.appbuilder.queries.listing import RecordListing
from yakuba.office.appbuilder.queries.names import names_for
from yakuba.office.appbuilder.queries.offered import me_of, offered_views, saved_for
from yakuba.office.appbuilder.queries.scope import Scope, scope_for
from yakuba.office.appbuilder.queries.sheet_out import sheets_of
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldType
from yakuba.office.appbuilder.rules.formula import in_formula
from yakuba.office.appbuilder.rules.permissions import Sight
from yakuba.office.appbuilder.rules.spans import end_of
from yakuba.office.appbuilder.rules.tallies import NOWHERE, OTHERS
from yakuba.office.appbuilder.rules.view_check import (
    as_seen,
    day_in,
    is_amount,
    is_day,
    is_yes_no,
    may_group,
    problems_of_view,
)
from yakuba.office.appbuilder.rules.view_words import measure_words, told
from yakuba.office.appbuilder.rules.views import AppView, Axis, How, Measure, Step, ViewKind
from yakuba.office.appbuilder.views.records import LIST

_CARDS = viewing("appbuilder.view", label="アプリの見方の閲覧")
_MOST_SUMS = 4


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def records(request: HttpRequest, public_id: str) -> HttpResponse:
    """The list of all records; its files for those who may export. Without a question, the view the app opens with."""
    asking: Any = request
    app, definition, sight = app_for(asking.person, public_id)
    if not app.versions.filter(state="in_use").exists():
        return redirect("office-app-fields", public_id=public_id)  # only its managers come so far
    if not sight.see:
        return redirect("office-app-new", public_id=public_id)
    if definition.opens_with and not request.GET:
        views = offered_views(asking.person, app, definition, sight)
        first = next((one for one in views if one.saved is None and one.view.key == definition.opens_with), None)
        if first is not None:
            return redirect(first.url)
    return _listed(asking, app, definition, sight, None, {"current": ""})


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def view(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """A view of the app."""
    asking: Any = request
    app, definition, sight = _seen(asking, public_id)
    found = definition.view(key)
    if found is None:
        raise NotVisible
    return _laid_out(asking, app, definition, sight, found, {"current": key})


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def saved(request: HttpRequest, public_id: str, saved_id: str) -> HttpResponse:
    """A view somebody has saved."""
    asking: Any = request
    app, definition, sight = _seen(asking, public_id)
    found = saved_for(asking.person, app, saved_id)
    return _laid_out(asking, app, definition, sight, found.content, {"current": saved_id, "saved": found})


def _seen(asking: Any, public_id: str) -> tuple[App, AppDefinition, Sight]:
    app, definition, sight = app_for(asking.person, public_id)
    if not sight.see or not app.versions.filter(state="in_use").exists():
        raise NotVisible
    return app, definition, sight


def _laid_out(
    asking: Any, app: App, definition: AppDefinition, sight: Sight, wanted: AppView, context: dict[str, Any]
) -> HttpResponse:
    shown: dict[str, Any] = {"app": app, "definition": definition, "sight": sight, "view": wanted, **context}
    shown["offered"] = offered_views(asking.person, app, definition, sight, current=context["current"])
    try:
        seen = as_seen(wanted, definition, sight.visible)
    except Refusal as refusal:
        # The name of a view may itself tell what is hidden.
        return render(asking, "appbuilder/view.html", {**shown, "view": None, "refusal": refusal}, status=403)
    for message, hint in problems_of_view(seen, definition):
        wrong = Refusal(f"この見方は、いまの項目では表示できません。{message}", hint=hint)
        return render(asking, "appbuilder/view.html", {**shown, "refusal": wrong}, status=422)
    if seen.kind is ViewKind.TABLE:
        return _listed(asking, app, definition, sight, seen, shown)
    today = asking.clock.today()
    try:
        made = RecordListing(app, definition, sight, person=asking.person, today=today)
        scope = scope_of(asking, made, seen)
        shown |= {"asked": asked_words(asking, definition, seen), "waiting": made.shapes.waiting()}
        shown |= _LAYOUTS[seen.kind](asking, scope, seen, today)
    except Refusal as refusal:
        return render(asking, "appbuilder/view.html", {**shown, "refusal": refusal}, status=422)
    if found := shown.get("records"):
        record_view(by=asking.person, subjects=found, what=_CARDS, detail=seen.kind.value)
    return render(asking, f"appbuilder/view_{seen.kind.value}.html", shown)


def scope_of(asking: Any, made: RecordListing, seen: AppView | None) -> Scope:
    """The records the person sees under a view. Raises `TooManyForRule`."""
    return scope_for(
        asking.person,
        made.app,
        made.definition,
        made.sight,
        today=made.today,
        shapes=made.shapes,
        view=seen,
        me=me_of(asking.person) if seen is not None and any("me" in one.values for one in seen.filters) else "",
    )


def asked_words(asking: Any, definition: AppDefinition, seen: AppView) -> list[str]:
    """What a view asks of records, in words."""
    keys = {one.field for one in seen.filters}
    used = definition.model_copy(update={"fields": tuple(one for one in definition.fields if one.key in keys)})
    ids = {one.field: set(one.values) for one in seen.filters}
    names = names_for(asking.person, used, today=asking.clock.today(), ids=ids) if keys else None
    words = [told(one, definition, names) for one in seen.filters] if names is not None else []
    return [*words, in_formula(seen.rule, definition)] if seen.rule is not None else words


def _board(asking: Any, scope: Scope, seen: AppView, today: date) -> dict[str, Any]:
    lanes = board_of(seen, scope, person=asking.person, today=today)
    one = scope.definition.field(seen.group.field) if seen.group else None
    return {"lanes": lanes, "field": one, "records": [card.record for lane in lanes for card in lane.cards]}


def _calendar(asking: Any, scope: Scope, seen: AppView, today: date) -> dict[str, Any]:
    asked = day_in(f"{asking.GET.get('month', '')[:7]}-01")
    first = asked if asked is not None and 1900 <= asked.year <= 2200 else today.replace(day=1)
    month = month_of(seen, scope, first, person=asking.person, today=today)
    return {"month": month, "records": list(month.records), "is_now": first == today.replace(day=1)}


def _chart(asking: Any, scope: Scope, seen: AppView, today: date) -> dict[str, Any]:
    return {"chart": chart_of(seen, scope, person=asking.person, today=today), "total": scope.count()}


def _cross(asking: Any, scope: Scope, seen: AppView, today: date) -> dict[str, Any]:
    found = cross_table(seen, scope, person=asking.person, today=today)
    axes = [scope.definition.field(axis.field) for axis in (seen.group, seen.split) if axis is not None]
    lines = [
        {
            "name": name,
            "numbers": [number_words(found.cells.get((key, column))) for column, _ in found.columns],
            "total": number_words(found.across.get(key)),
        }
        for key, name in found.rows
    ]
    return {
        "found": found,
        "lines": lines,
        "columns": [name for _, name in found.columns],
        "totals": [number_words(found.down.get(key)) for key, _ in found.columns],
        "whole": number_words(found.whole),
        "axes": axes,
        "measured": measure_words(seen.measure, scope.definition),
        "how": seen.measure.how.label,
        "is_average": seen.measure.how not in (How.COUNT, How.SUM),
        "counts_twice": [one.label for one in axes if one is not None and one.type is FieldType.CHOICES],
    }


_LAYOUTS = {
    ViewKind.BOARD: _board,
    ViewKind.CALENDAR: _calendar,
    ViewKind.CHART: _chart,
    ViewKind.CROSS: _cross,
}


# The table


def _listed(
    asking: Any, app: App, definition: AppDefinition, sight: Sight, seen: AppView | None, context: dict[str, Any]
) -> HttpResponse:
    today = asking.clock.today()
    made = RecordListing(app, definition, sight, person=asking.person, today=today, view=seen)
    shown: dict[str, Any] = {"app": app, "definition": definition, "sight": sight, "view": seen, **context}
    shown["waiting"] = made.shapes.waiting()
    if "offered" not in shown:
        shown["offered"] = offered_views(asking.person, app, definition, sight, current=context["current"])
    try:
        source = made.source(scope_of(asking, made, seen))
    except Refusal as refusal:
        return render(asking, "appbuilder/records.html", {**shown, "refusal": refusal}, status=422)

    def on_show(things: Any, how: str) -> None:
        record_view(by=asking.person, subjects=things, what=LIST, detail=how)

    if asking.GET.get("export"):
        if not sight.export:
            raise NotAllowed("このアプリの記録を書き出す権限がありません。")
        return made.listing.answer(
            asking, source, template="appbuilder/records.html", context=shown, on_show=on_show, prepare=made.prepare
        )
    listing = made.listing.page(asking, source, prepare=made.prepare)
    if listing.things:
        on_show(listing.things, "page")
    if not sight.export:
        listing = replace(listing, exports=())
    groups = [one for one in made.fields if may_group(one)]
    shown |= {
        "listing": listing,
        "asked": asked_words(asking, definition, seen) if seen is not None else [],
        "groups": [(one, f"?{_with(asking, group=one.key)}") for one in groups],
        "ungrouped": f"?{_with(asking, group='none')}",
        "save_url": f"{reverse('office-app-own-new', args=[app.public_id])}?{_with(asking, kind='table')}",
    }
    shown["sheets"] = sheets_of(app, ready=True) if sight.export else []
    shown["listed_as"] = _with(asking, **_named(context))
    axis = _asked_axis(asking, groups, seen)
    if axis is not None:
        try:
            shown |= _put_together(asking, made, listing, source, axis, seen)
        except Refusal as refusal:
            shown["group_refusal"] = refusal
    return render(asking, "appbuilder/records.html", shown)


def _named(context: dict[str, Any]) -> dict[str, str]:
    """The view a list shows, for what is done with its records."""
    return {"saved" if "saved" in context else "view": context["current"]} if context["current"] else {}


def all_listed(asking: Any, made: RecordListing, *, most: int) -> tuple[list[Record], int]:
    """The records of the list the URL tells of, in its order and at most so many, and how many there are.

    `view` or `saved` in the URL names the view that was listed. Raises `NotVisible`, `Refusal`.
    """
    seen: AppView | None = None
    if asking.GET.get("saved"):
        seen = saved_for(asking.person, made.app, asking.GET["saved"][:16]).content
    elif asking.GET.get("view"):
        seen = made.definition.view(asking.GET["view"][:40])
        if seen is None:
            raise NotVisible
    if seen is not None:
        seen = as_seen(seen, made.definition, made.sight.visible)
    scope = made.source(scope_of(asking, made, seen))
    return made.listing.some(asking, scope, most=most)


def _with(asking: Any, **changed: str) -> str:
    """The question of the URL with something changed; the page number starts again."""
    kept = {key: value for key, value in asking.GET.items() if key not in ("page", "export", "replace")}
    return urlencode({key: value for key, value in {"all": "1", **kept, **changed}.items() if value})


def _asked_axis(asking: Any, groups: Sequence[AppField], seen: AppView | None) -> Axis | None:
    asked = asking.GET.get("group", "")
    if any(one.key == asked for one in groups):
        return Axis(field=asked, step=Step.MONTH)
    return seen.group if seen is not None and not asked else None


def _put_together(
    asking: Any, made: RecordListing, listing: Any, source: Scope, axis: Axis, seen: AppView | None
) -> dict[str, Any]:
    """The groups of everything the list found, with the way to the records of each."""
    one = made.definition.field(axis.field)
    if one is None:
        return {}
    measures = seen.measures if seen is not None and seen.measures else _sums(made)
    scope = made.listing.narrowed(asking, source)
    table = group_table(scope, axis, measures, person=asking.person, today=made.today)
    rows = [
        {"name": name, "numbers": numbers, "url": _to_group(asking, made, one, axis, key)}
        for key, name, numbers in table.rows
    ]
    return {"grouped_by": one, "table": table, "group_rows": rows}


def _sums(made: RecordListing) -> tuple[Measure, ...]:
    amounts = [one for one in made.in_list if is_amount(one) and one.has_cell]
    return tuple(Measure(how=How.SUM, field=one.key) for one in amounts[:_MOST_SUMS])


def _to_group(asking: Any, made: RecordListing, one: AppField, axis: Axis, key: str) -> str:
    """The list of the records of a group, where a filter of the list can say it."""
    name = f"f_{one.key}"
    if is_day(one) and key == NOWHERE:
        return f"?{_with(asking, **{name: 'empty', 'group': 'none'})}" if made.narrows(one) else ""
    if is_day(one) and made.reaches(one) and (day := day_in(key)) is not None:
        ends = {f"{name}_from": day.isoformat(), f"{name}_to": end_of(day, axis.step).isoformat()}
        return f"?{_with(asking, **ends, group='none')}"
    chosen = one.type.has_choices or is_yes_no(one) or one.type in (FieldType.PERSON, FieldType.SECTION)
    if key in (NOWHERE, OTHERS) or not chosen or not made.narrows(one):
        return ""
    return f"?{_with(asking, **{name: key, 'group': 'none'})}"
