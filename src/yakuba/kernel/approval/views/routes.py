"""``/office/decisions/routes/``: the town's routes, the editor, and who would see a draft in which order and why."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.kernel.access.api import Face, page
from yakuba.kernel.approval.forms import EndForm
from yakuba.kernel.approval.forms.routes import ExampleForm, RouteForm, StageRowForm, rows_of, stages_of_rows
from yakuba.kernel.approval.models import RoutePlan
from yakuba.kernel.approval.queries.seat_words import SeatWords
from yakuba.kernel.approval.rules.routes import ALL, FACT_WORDS, Route, read_route
from yakuba.kernel.approval.services import end_route, lay_down_route
from yakuba.kernel.approval.services.keep_routes import keeps_routes
from yakuba.kernel.approval.services.preview import Preview, preview_route
from yakuba.kernel.approval.views.delegation import KEEPERS
from yakuba.kernel.approval.views.one_request import MAY
from yakuba.kernel.expressions.api import in_words
from yakuba.kernel.organisation.models import Authority, Section, Staff
from yakuba.kernel.values.api import Refusal

_SPARE = 2
_FIRST = 5


@page(Face.OFFICE, may=MAY)
@require_safe
def routes(request: HttpRequest) -> HttpResponse:
    """The routes that hold today or will, in words; and the example everybody may try out."""
    asking: Any = request
    today = asking.clock.today()
    words = SeatWords(today)
    plans = [
        one
        for one in RoutePlan.objects.select_related("authority").order_by("kind", "key", "-starts_on")
        if one.ends_on is None or one.ends_on > today
    ]
    example = ExampleForm(request.GET if "try" in request.GET else None, sections=words.sections)
    preview = _tried(example, words, today) if example.is_bound else None
    context = {
        "plans": [_plan_words(one, words, today) for one in plans],
        "keeps": keeps_routes(asking.person),
        "example": example,
        "preview": preview,
        "crumbs": _crumbs(),
    }
    return render(request, "approval/routes.html", context, status=422 if example.errors else 200)


@page(Face.OFFICE, may=KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_route(request: HttpRequest) -> HttpResponse:
    """A route of a new name."""
    return _edit(request, None)


@page(Face.OFFICE, may=KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_route(request: HttpRequest, public_id: str) -> HttpResponse:
    """A route as it stands, to be laid down anew from a day on."""
    return _edit(request, _plan(public_id))


@page(Face.OFFICE, may=KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def close_route(request: HttpRequest, public_id: str) -> HttpResponse:
    """From a day on the route is used for no new draft."""
    asking: Any = request
    plan = _plan(public_id)
    form = EndForm(request.POST if request.method == "POST" else None, initial={"on": asking.clock.today()})
    if form.is_bound and form.is_valid():
        try:
            end_route(by=asking.person, plan=plan, on=form.cleaned_data["on"])
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"「{plan.title}」を終えました。回っている起案のルートは変わりません。")
            return redirect("approval-routes")
    context = {"plan": plan, "form": form, "crumbs": _crumbs("終える")}
    return render(request, "approval/route_end.html", context, status=422 if form.errors else 200)


def _plan(public_id: str) -> RoutePlan:
    found = RoutePlan.objects.select_related("authority").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _edit(request: HttpRequest, plan: RoutePlan | None) -> HttpResponse:
    asking: Any = request
    today = asking.clock.today()
    words = SeatWords(today)
    form, rows = _forms(request, plan, words, today)
    example = ExampleForm(request.POST or None, prefix="example", sections=words.sections)
    preview = None
    if form.is_bound and all([form.is_valid(), *(one.is_valid() for one in rows)]):
        wants = {"more", "try"} & set(request.POST)
        try:
            stages = form.cleaned_data["raw"] if form.cleaned_data["use_raw"] else stages_of_rows(rows)
            if "more" in wants:
                rows = [*rows, *_spare(words, len(rows))]
            elif "try" in wants:
                preview = _tried(example, words, today, route=read_route(stages), kind=form.cleaned_data["kind"])
            else:
                _lay_down(asking, plan, form, stages)
                messages.success(request, f"ルート「{form.cleaned_data['title']}」を登録しました。")
                return redirect("approval-routes")
        except Refusal as refusal:
            form.refuse(refusal)
    context = {
        "plan": plan,
        "form": form,
        "rows": rows,
        "count": len(rows),
        "example": example,
        "preview": preview,
        "crumbs": _crumbs("ルートを直す" if plan else "新しいルート"),
    }
    wrong = form.errors or any(one.is_bound and one.errors for one in rows)
    return render(request, "approval/route_edit.html", context, status=422 if wrong else 200)


def _forms(
    request: HttpRequest, plan: RoutePlan | None, words: SeatWords, today: date
) -> tuple[RouteForm, list[StageRowForm]]:
    choices = {
        "sections": words.sections,
        "authorities": list(Authority.objects.order_by("order", "pk").values_list("public_id", "name")),
    }
    seats = words.choices()
    if request.method == "POST":
        form = RouteForm(request.POST, **choices)
        count = _count(str(form["count"].value() or ""))
        return form, [StageRowForm(request.POST, prefix=f"row{number}", seats=seats) for number in range(count)]
    if plan is None:
        first = {"title": "", "starts_on": today.isoformat()}
        blank = [StageRowForm(prefix=f"row{number}", seats=seats, initial=one) for number, one in enumerate(_usual())]
        return RouteForm(initial=first, **choices), blank + _spare(words, len(blank))
    shown, is_whole = rows_of(plan.stages)
    initial = {
        "title": plan.title,
        "kind": plan.kind,
        "section_code": plan.section_code,
        "authority": plan.authority.public_id if plan.authority else "",
        "starts_on": max(today, plan.starts_on).isoformat(),
        "ground": plan.ground,
        "use_raw": not is_whole,
        "raw": json.dumps(plan.stages, ensure_ascii=False, indent=1),
    }
    rows = [StageRowForm(prefix=f"row{number}", seats=seats, initial=one) for number, one in enumerate(shown)]
    return RouteForm(initial=initial, **choices), rows + _spare(words, len(rows))


def _usual() -> list[dict[str, Any]]:
    """What a new route begins with: the line of superiors, then who decides by the 専決 table."""
    return [
        {"order": 10, "kind": "line", "seat_1": "superiors"},
        {"order": 50, "kind": "decide", "seat_1": "delegated"},
    ]


def _spare(words: SeatWords, after: int) -> list[StageRowForm]:
    return [StageRowForm(prefix=f"row{after + number}", seats=words.choices(), initial={}) for number in range(_SPARE)]


def _count(said: str) -> int:
    return min(int(said), 24) if said.isascii() and said.isdigit() and len(said) < 4 else _FIRST


def _lay_down(asking: Any, plan: RoutePlan | None, form: RouteForm, stages: Any) -> None:
    given = form.cleaned_data
    lay_down_route(
        by=asking.person,
        key=plan.key if plan is not None else f"route-{secrets.token_hex(4)}",
        title=given["title"],
        kind=given["kind"],
        stages=stages,
        starts_on=given["starts_on"],
        ground=given["ground"],
        section_code=given["section_code"],
        authority=Authority.objects.get(public_id=given["authority"]) if given["authority"] else None,
    )


def _tried(
    example: ExampleForm, words: SeatWords, today: date, *, route: Route | None = None, kind: str = ""
) -> Preview | None:
    if not example.is_valid():
        return None
    given = example.cleaned_data
    section = Section.objects.select_related("authority").filter(code=given["section"]).order_by("-starts_on").first()
    if section is None or not given["section"]:
        example.add_error("section", "担当の所属を選んでください。")
        return None
    number = given["drafter"].strip()
    drafter = Staff.objects.filter(number=number).values_list("pk", flat=True).first() if number else None
    if number and drafter is None:
        example.add_error("drafter", "その番号の職員はいません。")
        return None
    return preview_route(
        kind=kind or given["kind"],
        section=section,
        authority=section.authority,
        on=today,
        drafter=drafter,
        facts=example.facts(),
        route=route,
    )


def _plan_words(plan: RoutePlan, words: SeatWords, today: date) -> dict[str, Any]:
    route = read_route(plan.stages)
    names = dict(words.sections)
    return {
        "plan": plan,
        "is_coming": plan.starts_on > today,
        "section": names.get(plan.section_code, plan.section_code),
        "stages": [
            {
                "kind": one.kind.label,
                "title": one.title,
                "seats": "、".join(words(seat) for seat in one.seats),
                "quorum": "" if one.quorum == ALL or len(one.seats) < 2 else f"{len(one.seats)}席のうち{one.quorum}席",
                "when": in_words(one.when, names=FACT_WORDS, language="ja") if one.when is not None else "",
            }
            for one in route.stages
        ],
    }


def _crumbs(*below: str) -> Sequence[dict[str, str]]:
    first = {"title": "決裁", "url": reverse("approval-decisions")}
    if not below:
        return [first, {"title": "決裁ルート"}]
    return [first, {"title": "決裁ルート", "url": reverse("approval-routes")}, *({"title": one} for one in below)]
