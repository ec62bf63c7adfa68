"""``/office/cases/handling/``: how cases of each procedure are handled; places and draws, budgets of 補助金."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, NotAllowed, NotVisible, Person, Role, page, role
from yakuba.kernel.approval.api import ActKind, Decider
from yakuba.kernel.cases.access import sections_of
from yakuba.kernel.cases.models import Case, Draw, Handling, Programme, SignUpMode
from yakuba.kernel.cases.queries.standing import handling_of
from yakuba.kernel.cases.rules.grants import stage_of_form
from yakuba.kernel.cases.services import draw_lots, move_up, set_handling, set_programme
from yakuba.kernel.catalogue.api import ChannelKind, Procedure, ProcedureKind
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing
from yakuba.kernel.values.api import FiscalYear, Refusal
from yakuba.residents.procedures.access import MAY_READ, MAY_WORK
from yakuba.residents.procedures.forms.keeping import DrawForm, HandlingForm, ProgrammeForm
from yakuba.residents.procedures.views.office.asking import person_and_clock

_MAY_SEE = MAY_READ | role(Role.SECRETARIAT)
_MAY_SET = MAY_WORK | role(Role.SECRETARIAT)


def procedures_of(person: Person) -> QuerySet[Procedure]:
    """The procedures of a person's sections; the secretariat and the auditor see all."""
    rows = Procedure.objects.select_related("section", "handling")
    if person.has(Role.SECRETARIAT, Role.AUDITOR):
        return rows
    return rows.filter(section_id__in=sections_of(person))


@page(Face.OFFICE, may=_MAY_SEE)
@require_safe
def handlings(request: HttpRequest) -> HttpResponse:
    """Every procedure with how its cases are handled."""
    person, _ = person_and_clock(request)
    return _LISTING.answer(request, procedures_of(person), template="procedures/office/handlings.html")


@page(Face.OFFICE, may=_MAY_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, key: str) -> HttpResponse:
    """One procedure: what its decision is in law, who decides, places, stages."""
    person, _ = person_and_clock(request)
    procedure = _procedure(person, key)
    held = handling_of(procedure)
    may_set = _MAY_SET.allows(person) and not person.is_read_only
    form = _form(procedure, held, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not may_set:
            raise NotAllowed("取扱いを変えられるのは、担当の課の職員とDX推進事務局です。")
        if form.is_valid() and _set(request, form, procedure, held):
            messages.success(request, f"「{procedure}」の取扱いを登録しました。")
            return redirect("office-case-handling", key=procedure.key)
    return _page(request, procedure, form=form, may_set=may_set, status=422 if form.is_bound else 200)


@page(Face.OFFICE, may=_MAY_SET)
@require_POST
def programme(request: HttpRequest, key: str, year: int) -> HttpResponse:
    """The budget of a fiscal year."""
    person, clock = person_and_clock(request)
    procedure = _procedure(person, key)
    now = FiscalYear.of(clock.today()).year
    if procedure.kind != ProcedureKind.SUBSIDY.value or year not in (now, now + 1):
        raise NotVisible
    form = ProgrammeForm(request.POST, prefix=f"programme-{year}")
    if form.is_valid():
        said = form.cleaned_data
        try:
            set_programme(
                by=person,
                procedure=procedure,
                year=FiscalYear(year),
                ceiling=said["ceiling"],
                most_per_grant=said["most_per_grant"],
                report_by=said["report_by"],
                ground=said["ground"],
                seen_edition=said["edition"] or 0,
                clock=clock,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"{FiscalYear(year)}の予算枠を登録しました。")
            return redirect("office-case-handling", key=procedure.key)
    form.year = year  # type: ignore[attr-defined]
    return _page(request, procedure, budget=form, status=422)


@page(Face.OFFICE, may=MAY_WORK)
@require_POST
def draw(request: HttpRequest, key: str) -> HttpResponse:
    """Draw among the sign-ups; the order is stored with its seed."""
    person, clock = person_and_clock(request)
    procedure = _procedure(person, key)
    form = DrawForm(request.POST, prefix="draw")
    if form.is_valid():
        try:
            drawn = draw_lots(by=person, procedure=procedure, reserves=form.cleaned_data["reserves"], clock=clock)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"{len(drawn.order)}件の抽選を行いました。結果は順に案件へ反映します。")
            return redirect("office-case-handling", key=procedure.key)
    return _page(request, procedure, lots=form, status=422)


@page(Face.OFFICE, may=MAY_WORK)
@require_POST
def next_in_line(request: HttpRequest, key: str) -> HttpResponse:
    """Give a free place to who waits longest."""
    person, clock = person_and_clock(request)
    procedure = _procedure(person, key)
    moved = move_up(by=person, procedure=procedure, clock=clock)
    if moved is None:
        messages.info(request, "空きがないか、空き待ちの申込がありません。")
    else:
        messages.success(request, f"{moved.number} {moved.applicant_name}さんを繰り上げました。")
    return redirect("office-case-handling", key=procedure.key)


def _procedure(person: Person, key: str) -> Procedure:
    found = procedures_of(person).filter(key=key).first()
    if found is None:
        raise NotVisible
    return found


def _form_keys(procedure: Procedure) -> list[str]:
    channels = procedure.channels.filter(kind=ChannelKind.YAKUBA_FORM.value, closed_on=None).exclude(target="")
    return list(channels.values_list("target", flat=True).distinct().order_by("target"))


def _form(procedure: Procedure, held: Handling, given: Any = None) -> HandlingForm:
    keys = _form_keys(procedure)
    initial = {
        "act_kind": held.act_kind,
        "decider": held.decider,
        "correction_days": held.correction_days,
        "places": held.places,
        "sign_up_mode": held.sign_up_mode,
        "report_days": held.report_days,
        **{f"stage_{key}": stage_of_form(key, held.stage_forms).value for key in keys},
    }
    return HandlingForm(
        given, prefix="handling", seen=held.edition, kind=procedure.kind, stage_forms=keys, initial=initial
    )


def _set(request: HttpRequest, form: HandlingForm, procedure: Procedure, held: Handling) -> bool:
    person, clock = person_and_clock(request)
    try:
        set_handling(
            by=person,
            procedure=procedure,
            seen_edition=form.cleaned_data["edition"] or 0,
            act_kind=ActKind(form.cleaned_data["act_kind"]),
            decider=Decider(form.cleaned_data["decider"]),
            correction_days=form.cleaned_data["correction_days"],
            places=form.value("places", held),
            sign_up_mode=SignUpMode(form.value("sign_up_mode", held)),
            stage_forms=form.stages() or held.stage_forms,
            report_days=form.value("report_days", held),
            clock=clock,
        )
    except Refusal as refusal:
        form.refuse(refusal)
        form.takes_up(handling_of(procedure).edition)
        return False
    return True


def _page(
    request: HttpRequest,
    procedure: Procedure,
    *,
    form: HandlingForm | None = None,
    budget: ProgrammeForm | None = None,
    lots: DrawForm | None = None,
    may_set: bool = True,
    status: int = 200,
) -> HttpResponse:
    person, clock = person_and_clock(request)
    held = handling_of(procedure)
    context: dict[str, Any] = {
        "procedure": procedure,
        "held": held,
        "form": form or _form(procedure, held),
        "may_set": may_set and not person.is_read_only,
        "may_draw": MAY_WORK.allows(person) and procedure.section_id in sections_of(person),
    }
    if procedure.kind == ProcedureKind.SUBSIDY.value:
        context["budgets"] = _budgets(procedure, FiscalYear.of(clock.today()), budget)
    if procedure.kind == ProcedureKind.SIGN_UP.value:
        context["lots"] = lots or DrawForm(prefix="draw")
        context["draws"] = Draw.objects.filter(procedure=procedure)[:5]
        context["counted"] = Case.objects.filter(procedure=procedure).aggregate(
            waiting=Count("pk", filter=Q(state__in=("received", "drawing"))),
            confirmed=Count("pk", filter=Q(state="confirmed")),
            waitlisted=Count("pk", filter=Q(state="waitlisted")),
        )
    return render(request, "procedures/office/handling.html", context, status=status)


def _budgets(procedure: Procedure, now: FiscalYear, refused: ProgrammeForm | None) -> list[dict[str, Any]]:
    """The budgets of this year and the next, each with its form."""
    there = {one.fiscal_year: one for one in Programme.objects.filter(procedure=procedure)}
    found = []
    for year in (now, FiscalYear(now.year + 1)):
        held = there.get(year.year)
        if refused is not None and getattr(refused, "year", None) == year.year:
            form = refused
        else:
            form = ProgrammeForm(
                prefix=f"programme-{year.year}",
                seen=held.edition if held else 0,
                initial={
                    "ceiling": held.ceiling,
                    "most_per_grant": held.most_per_grant,
                    "report_by": held.report_by,
                    "ground": held.ground,
                }
                if held
                else {},
            )
        found.append({"year": year, "held": held, "form": form})
    return found


def _said(name: str) -> Any:
    def value(procedure: Procedure) -> str:
        held = getattr(procedure, "handling", None) or handling_of(procedure)
        return str(getattr(held, f"get_{name}_display")())

    return value


_LISTING = Listing(
    name="handling",
    title="案件の取扱い",
    columns=(
        Column("number", "番号", "number", sort="number", kind=Kind.NUMBER),
        Column(
            "title",
            "手続き",
            "title_ja",
            sort="title_ja",
            search=("title_ja",),
            url=lambda one: reverse("office-case-handling", args=[one.key]),
            kind=Kind.WIDE,
        ),
        Column("kind", "種類", lambda one: ProcedureKind(one.kind).label, sort="kind", kind=Kind.TIGHT),
        Column("act", "決定の性質", lambda one: _said("act_kind")(one) if hasattr(one, "handling") else "標準のまま"),
        Column("decider", "決裁者", lambda one: _said("decider")(one) if hasattr(one, "handling") else "標準のまま"),
        Column("places", "定員", lambda one: one.handling.places if hasattr(one, "handling") else None, kind=Kind.NUMBER),
        Column("section", "所属", "section.name", sort="section__order", kind=Kind.TIGHT),
    ),
    filters=(Filter("kind", "種類", [(one.value, one.label) for one in ProcedureKind], apply="kind"),),
    order=("number",),
    empty_title="担当の手続きはありません",
)  # fmt: skip
