"""Doors for residents, for those who build them and work with what comes in."""

from __future__ import annotations

import io
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, NotVisible, Person, page
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.catalogue.api import Procedure, may_edit
from yakuba.kernel.forms.models import FormVersion
from yakuba.kernel.paper.api import render_pdf, town_letterhead
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.office.appbuilder.access import MAY_USE, app_for, visible_records
from yakuba.office.appbuilder.forms.door_form import AsksForm, CancelForm, DoorForm, NewDoorForm
from yakuba.office.appbuilder.forms.posted import posted_key, posted_number
from yakuba.office.appbuilder.models import App, Arrival, Entrance
from yakuba.office.appbuilder.models.doors import door_content
from yakuba.office.appbuilder.queries.door_numbers import answers_of, counted_fields, has_ended, states_at
from yakuba.office.appbuilder.rules.definition import AppDefinition
from yakuba.office.appbuilder.rules.door_check import door_problems, still_fits
from yakuba.office.appbuilder.rules.door_editing import with_door, without_door
from yakuba.office.appbuilder.rules.door_results import tally
from yakuba.office.appbuilder.rules.door_states import ArrivalState
from yakuba.office.appbuilder.rules.door_words import door_lines
from yakuba.office.appbuilder.rules.doors import MOST_DOORS, Door, DoorKind, Words, new_key
from yakuba.office.appbuilder.rules.permissions import Rows, Sight
from yakuba.office.appbuilder.rules.values import in_words
from yakuba.office.appbuilder.services import (
    ask_for_door,
    cancel_sign_up,
    close_door,
    make_door_form,
    move_up,
    reopen_door,
)
from yakuba.office.appbuilder.services.door_openings import asked_fields
from yakuba.office.appbuilder.views.building import Desk
from yakuba.office.appbuilder.views.join.shown import chart_of

_SEEN = viewing("appbuilder.arrivals", label="入口から届いたものの一覧の閲覧")
_MOST_SHOWN = 100


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def doors(request: HttpRequest, public_id: str) -> HttpResponse:
    """The doors of an app; a new one by kind and title."""
    desk = Desk(request, public_id)
    form = NewDoorForm(request.POST if request.method == "POST" else None, initial={"kind": "survey"})
    if request.method == "POST" and form.is_valid():
        door = Door(
            key=new_key(desk.definition.doors),
            kind=DoorKind(form.cleaned_data["kind"]),
            title=Words(ja=form.cleaned_data["title"]),
        )
        try:
            if len(desk.definition.doors) >= MOST_DOORS:
                raise Refusal(f"入口は一つのアプリに{MOST_DOORS}つまでです。", hint="使わない入口を除いてください。")
            desk.save(with_door(desk.definition, door), posted_number(request, "edition"))
        except Refusal as refusal:
            form.add_error(None, f"{refusal.message}{refusal.hint or ''}")
        else:
            messages.success(request, "入口を下書きに加えました。つぎに、聞く項目を選んでください。")
            return redirect("office-app-door-asks", public_id=public_id, key=door.key)
    entrances = {one.key: one for one in Entrance.objects.filter(app=desk.app)}
    known = {one.key for one in desk.definition.doors}
    rows = [{"door": one, "entrance": entrances.get(one.key)} for one in desk.definition.doors]
    rows += [{"door": one.door, "entrance": one} for key, one in entrances.items() if key not in known and one.content]
    shown = {"app": desk.app, "desk": desk, "rows": rows, "form": form}
    return render(request, "appbuilder/doors.html", shown, status=422 if form.errors else 200)


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """What a door says and how it works."""
    desk, door = _desk(request, public_id, key)
    data = request.POST if request.method == "POST" else None
    procedures: list[tuple[str, str]] = []
    if door.kind is DoorKind.APPLICATION:
        rows = Procedure.objects.select_related("section").order_by("number")
        procedures = [(one.key, one.title_ja) for one in rows if may_edit(desk.person, one, desk.clock.today())]
    form = DoorForm(data, door=door, definition=desk.definition, procedures=procedures)
    if request.method == "POST" and form.is_valid() and _saved(request, desk, form.made, form):
        return redirect("office-app-door", public_id=public_id, key=key)
    return _form(request, "appbuilder/door_form.html", desk, door, form)


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def asks(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """Which fields a door asks."""
    desk, door = _desk(request, public_id, key)
    data = request.POST if request.method == "POST" else None
    form = AsksForm(data, door=door, definition=desk.definition)
    if request.method == "POST" and form.is_valid() and _saved(request, desk, form.made, form):
        is_new = not door.asks
        return redirect("office-app-door-edit" if is_new else "office-app-door", public_id=public_id, key=key)
    return _form(request, "appbuilder/door_asks.html", desk, door, form)


def _desk(request: Any, public_id: str, key: str) -> tuple[Desk, Door]:
    desk = Desk(request, public_id)
    door = desk.definition.door(key)
    if door is None:
        raise NotVisible
    return desk, door


def _saved(request: HttpRequest, desk: Desk, made: Door, form: Any) -> bool:
    try:
        desk.save(with_door(desk.definition, made), posted_number(request, "edition"))
    except Refusal as refusal:
        form.add_error(None, f"{refusal.message}{refusal.hint or ''}")
        return False
    messages.success(request, "入口を下書きに保存しました。")
    return True


def _form(request: HttpRequest, template: str, desk: Desk, door: Door, form: Any) -> HttpResponse:
    edition = posted_number(request, "edition") if request.method == "POST" else desk.edition
    shown = {"app": desk.app, "door": door, "form": form, "edition": edition}
    return render(request, template, shown, status=422 if form.errors else 200)


@page(Face.OFFICE, may=MAY_USE)
@require_POST
def remove(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """Take a door out of the draft; one that is open stays open until it is closed."""
    desk, door = _desk(request, public_id, key)
    try:
        desk.save(without_door(desk.definition, key), posted_number(request, "edition"))
        messages.success(
            request, f"入口「{door.name}」を下書きから除きました。公開中のものは、終えるまで開いています。"
        )
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
    return redirect("office-app-doors", public_id=public_id)


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def door(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """One door: what it is, whether it is open, what came in, who waits, how a survey goes."""
    asking: Any = request
    app, definition, sight = app_for(asking.person, public_id)
    entrance = Entrance.objects.filter(app=app, key=key).first()
    desk = Desk(request, public_id) if sight.manage else None
    drafted = desk.definition.door(key) if desk is not None else None
    if (entrance is None or not (entrance.content or entrance.waiting)) and drafted is None:
        raise NotVisible
    if entrance is not None:
        entrance.app = app
    shown: dict[str, Any] = {"app": app, "sight": sight, "desk": desk, "entrance": entrance, "key": key}
    shown |= _of_building(desk, drafted, entrance) if desk is not None else {}
    # Until something is public, what is shown is the draft; from then on, what the town sees.
    if entrance is not None and (entrance.content or entrance.waiting):
        one, fields = entrance.door, entrance.fields
    else:
        one = drafted or Door(key=key, kind=DoorKind.SURVEY, title=Words(ja=key))
        fields = asked_fields(one, desk.definition) if desk is not None else ()
    shown |= {"door": one, "lines": door_lines(one, fields)}
    if entrance is not None and entrance.content:
        shown |= _of_working(asking.person, app, definition, sight, entrance, asking.clock)
        address = public_address(request, entrance)
        shown |= {"address": address, "code": _drawn(address), "cancel_form": CancelForm()}
    return render(request, "appbuilder/door.html", shown)


def _of_building(desk: Desk, drafted: Door | None, entrance: Entrance | None) -> dict[str, Any]:
    """What those who build it need: what is wrong, what is not yet public, what may be pressed."""
    in_use = desk.in_use.content if desk.in_use is not None else None
    used = in_use.door(drafted.key) if in_use is not None and drafted is not None else None
    place = f"「{drafted.name or drafted.key}」" if drafted is not None else ""
    problems = [one for one in door_problems(desk.definition) if place and place in one.place]
    content = door_content(used, asked_fields(used, in_use)) if used is not None and in_use is not None else None
    published = entrance.content if entrance is not None else {}
    misfit = ""
    if entrance is not None and entrance.content and in_use is not None:
        misfit = still_fits(entrance.door, entrance.fields, in_use)
    return {
        "drafted": drafted,
        "problems": problems,
        "misfit": misfit,
        "needs_use": drafted is not None and used != drafted,
        "may_ask": bool(content)
        and content != published
        and (entrance is None or not entrance.waiting or (bool(entrance.form_key) and content != entrance.waiting)),
        "form_url": _form_url(entrance),
        "edition": desk.edition,
    }


def _form_url(entrance: Entrance | None) -> str:
    """The form of an application door in the hands of the form engine."""
    if entrance is None or not entrance.form_key:
        return ""
    version = FormVersion.objects.filter(form__key=entrance.form_key).order_by("-number").first()
    return reverse("office-form-version", args=[version.public_id]) if version is not None else ""


def _of_working(
    person: Person, app: App, definition: AppDefinition, sight: Sight, entrance: Entrance, clock: Clock
) -> dict[str, Any]:
    """What came in, as far as the person sees records; names only where the field is seen."""
    today = clock.today()
    one = entrance.door
    arrivals: list[Arrival] = []
    if sight.see and one.kind is not DoorKind.SURVEY:
        seen = visible_records(person, app, definition, sight, today=today).values("pk")
        rows = Arrival.objects.filter(entrance=entrance, record__in=seen).select_related("record", "place")
        arrivals = list(rows.order_by("-pk")[:_MOST_SHOWN])
        if arrivals:
            record_view(by=person, subjects=arrivals, what=_SEEN)
    names = one.name_field if one.name_field in sight.visible else ""
    split = definition.field(one.places.field) if one.places.field in sight.visible else None
    listed = [
        {
            "arrival": arrival,
            "name": (arrival.record.values.get(names) or "") if names else "",
            "choice": in_words(split, arrival.record.values.get(split.key)) if split is not None else "",
            "may_move_up": arrival.standing is ArrivalState.WAITING
            and arrival.place is not None
            and arrival.place.free >= arrival.people,
        }
        for arrival in arrivals
    ]
    waiting = [
        each for each in reversed(listed) if each["arrival"].standing in (ArrivalState.WAITING, ArrivalState.OFFERED)
    ]
    found: dict[str, Any] = {
        "states": [(state.label, count) for state, count in sorted(states_at(entrance).items())],
        "places": [(_place_label(entrance, place.choice), place) for place in entrance.places.all()]
        if one.kind is DoorKind.SIGN_UP
        else [],
        "arrivals": listed,
        "waiting": waiting,
        "has_ended": has_ended(entrance, clock),
        "most_shown": _MOST_SHOWN,
    }
    if one.kind is DoorKind.SURVEY and sight.see and sight.rows is Rows.ALL:
        found["charts"] = _charts(entrance, sight, clock)
    return found


def _place_label(entrance: Entrance, choice: str) -> str:
    field = next((one for one in entrance.fields if one.key == entrance.door.places.field), None)
    return field.choice_label(choice) if field is not None and choice else ""


def _charts(entrance: Entrance, sight: Sight, clock: Clock) -> list[Any]:
    """The exact counts, of the questions the person sees."""
    given = answers_of(entrance, clock=clock)
    charts = []
    for one in counted_fields(entrance):
        if one.key in sight.visible:
            labels = {choice.key: choice.label for choice in one.choices} | {"yes": "はい", "no": "いいえ"}
            charts.append(chart_of(one.label, tally(one, given), labels))
    return charts


@page(Face.OFFICE, may=MAY_USE)
@require_POST
def act(request: HttpRequest, public_id: str, key: str, act: str) -> HttpResponse:
    """Ask for the decision, close, open again; cancel or move up one sign-up."""
    asking: Any = request
    app, _definition, sight = app_for(asking.person, public_id)
    person, clock = asking.person, asking.clock
    entrance = Entrance.objects.select_related("app").filter(app=app, key=key).first()
    try:
        if act == "ask" and sight.manage:
            ask_for_door(by=person, app=app, key=key, clock=clock)
            messages.success(request, "公開の決裁を求めました。決裁されると、そのまま公開されます。")
        elif act == "form" and sight.manage:
            made = make_door_form(by=person, app=app, key=key, clock=clock)
            messages.success(request, "様式の下書きを作りました。根拠を書き、ほかの職員に確かめてもらってください。")
            return redirect("office-form-version", public_id=made.public_id)
        elif act in ("close", "reopen") and sight.manage and entrance is not None:
            (close_door if act == "close" else reopen_door)(by=person, entrance=entrance, clock=clock)
            messages.success(request, "受付を終えました。" if act == "close" else "受付を再開しました。")
        elif act in ("cancel", "move-up") and sight.edit and entrance is not None:
            _on_arrival(request, entrance, act, person, clock)
        else:
            raise NotVisible
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
    return redirect("office-app-door", public_id=public_id, key=key)


def _on_arrival(request: HttpRequest, entrance: Entrance, act: str, person: Person, clock: Clock) -> None:
    arrival = (
        Arrival.objects.select_related("entrance__app", "record")
        .filter(entrance=entrance, public_id=posted_key(request, "arrival"))
        .first()
    )
    if arrival is None:
        raise NotVisible
    if act == "move-up":
        move_up(by=person, arrival=arrival, clock=clock)
        messages.success(request, f"受付番号 {arrival.number} を繰り上げました。")
        return
    form = CancelForm(request.POST)
    if not form.is_valid():
        raise Refusal("取り消す理由が正しくありません。", hint="200文字までで、個人番号を入れずに書いてください。")
    cancel_sign_up(by=person, arrival=arrival, reason=form.cleaned_data["reason"], clock=clock)
    messages.success(request, f"受付番号 {arrival.number} を取り消しました。")


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def poster(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """A4 poster as PDF, of a door the town sees."""
    asking: Any = request
    app, _definition, _sight = app_for(asking.person, public_id)
    entrance = Entrance.objects.filter(app=app, key=key).first()
    if entrance is None or not entrance.content:
        raise NotVisible
    entrance.app = app
    one = entrance.door
    address = public_address(request, entrance)
    lines = dict(door_lines(one, entrance.fields))
    section = app.section
    pdf = render_pdf(
        "appbuilder/door",
        {
            "title": one.title.ja,
            "easy": one.title.easy,
            "english": one.title.en,
            "kind": {
                DoorKind.SURVEY: "アンケートに ご協力ください",
                DoorKind.SIGN_UP: "スマートフォンで 申し込めます",
                DoorKind.APPLICATION: "スマートフォンで 申請できます",
            }[one.kind],
            "about": one.about.ja,
            "address": address.split("://", 1)[1],
            "facts": [f"{what}　{lines[what]}" for what in ("受付", "定員") if what in lines],
            "is_sample": app.is_sample,
            "place": section.name if section is not None else "",
            "phone": (section.phone if section is not None else "") or settings.TOWN.phone,
        },
        printed_at=asking.clock.now(),
        letterhead=town_letterhead(),
        images={"code.svg": _code(address)},
    )
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="door-{entrance.number}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def public_address(request: HttpRequest, entrance: Entrance) -> str:
    """The address as a telephone reads it: on the public face's own host, if it has one."""
    path = reverse("join-door", args=[entrance.number])
    host = settings.YAKUBA_FACE_HOSTS.get(Face.PUBLIC)
    return f"{request.scheme}://{host}{path}" if host else request.build_absolute_uri(path)


def _code(address: str) -> bytes:
    """The two-dimensional code as SVG with a quiet zone, readable with a quarter of it damaged."""
    out = io.BytesIO()
    segno.make(address, error="q", micro=False).save(out, kind="svg", scale=10, border=4, dark="#000", light="#fff")
    return out.getvalue()


def _drawn(address: str) -> SafeString:
    """The same, small, inside a page."""
    drawing = segno.make(address, error="m").svg_inline(scale=4, border=2, dark="#000", light="#fff")
    return mark_safe(drawing)  # noqa: S308  made of squares only
