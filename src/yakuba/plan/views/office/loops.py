"""The OODA log."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, office_seat, page
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing
from yakuba.plan import services
from yakuba.plan.access import MAY_REPORT, get_for, visible_to
from yakuba.plan.forms import LoopForm, LoopStepForm
from yakuba.plan.models import OodaLoop
from yakuba.plan.queries.kpi_states import KpiState, kpi_states, written
from yakuba.plan.queries.loops import loop_state
from yakuba.plan.rules.kpi_path import expected_on
from yakuba.plan.rules.ooda import STAGES, Stage
from yakuba.plan.views.acting import attempt, posted
from yakuba.plan.views.asking import person_and_clock, shown_plan
from yakuba.plan.views.office.form_page import form_page

_STAGE_BADGES = {
    Stage.OBSERVED.value: "warning",
    Stage.ORIENTED.value: "info",
    Stage.DECIDED.value: "info",
    Stage.ACTED.value: "info",
    Stage.CLOSED.value: "",
}

LOOPS = Listing(
    name="ooda",
    title="OODAの記録",
    columns=(
        Column("opened_on", "観察した日", "opened_on", sort="opened_on", kind=Kind.DATE),
        Column(
            "title",
            "題名",
            "title",
            sort="title",
            search=("title",),
            kind=Kind.WIDE,
            url=lambda one: reverse("office-plan-loop", args=[one.public_id]),
        ),
        Column("initiative", "取組", lambda one: one.initiative.number if one.initiative else "計画全体"),
        Column(
            "stage",
            "段階",
            "get_stage_display",
            sort="stage",
            badge=lambda one: _STAGE_BADGES[one.stage],
        ),
        Column("automatic", "開き方", lambda one: "指標から自動" if one.is_automatic else "人が記録"),
        Column("closed_on", "終えた日", "closed_on", sort="closed_on", kind=Kind.DATE),
    ),
    filters=(Filter("stage", "段階", lambda: [(one.value, one.label) for one in Stage], apply="stage"),),
    order=("-opened_on", "-id"),
    empty_title="OODAの記録はまだありません",
    empty_text="指標が計画の幅から外れると、自動で観察が始まります。手で始めることもできます。",
)


@page(Face.OFFICE, may=office_seat)
def office_loops(request: HttpRequest) -> HttpResponse:
    """All loops."""
    person, _ = person_and_clock(request)
    in_force = shown_plan()
    rows = visible_to(person, OodaLoop).filter(plan=in_force.plan).select_related("initiative")
    return LOOPS.answer(
        request, rows, template="plan/office/loops.html", context={"may_report": MAY_REPORT.allows(person)}
    )


@page(Face.OFFICE, may=MAY_REPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def office_loop_new(request: HttpRequest) -> HttpResponse:
    """Open a loop by hand."""
    person, clock = person_and_clock(request)
    in_force = shown_plan()
    form = LoopForm(posted(request), in_force=in_force, person=person, clock=clock)
    if request.method == "POST":

        def act() -> OodaLoop:
            kpi = form.cleaned_data["kpi"]
            state = _state(kpi.key, clock.today()) if kpi else None
            value = state.latest.value if state and state.latest else None
            expected = expected_on(state.path, state.latest.on) if state and state.latest else None
            return services.open_ooda_loop(
                by=person,
                plan=in_force.plan,
                initiative=form.cleaned_data["initiative"],
                kpi=kpi,
                title=form.cleaned_data["title"],
                text=form.cleaned_data["text"],
                value=value,
                expected=expected,
                is_automatic=False,
                clock=clock,
            )

        loop = attempt(form, act)
        if loop:
            messages.success(request, "観察を記録しました。")
            return redirect("office-plan-loop", loop.public_id)
    return form_page(
        request,
        form,
        title="OODAの観察を記録する",
        lead="指標の動きや現場の気づきから、数日のうちに動くための記録です。",
        back=("一覧に戻る", reverse("office-plan-loops")),
        submit="観察を記録する",
    )


def _state(kpi_key: str, today: object) -> KpiState | None:
    states = kpi_states(shown_plan().content, today=today, for_public=False)  # type: ignore[arg-type]
    return next((one for one in states if one.kpi.id == kpi_key), None)


@page(Face.OFFICE, may=office_seat)
@require_http_methods(["GET", "HEAD", "POST"])
def office_loop(request: HttpRequest, public_id: str) -> HttpResponse:
    """One loop, and the form for its next step."""
    person, clock = person_and_clock(request)
    loop = get_for(person, OodaLoop, public_id)
    allowed = STAGES.allowed(Stage(loop.stage))
    form = LoopStepForm(posted(request))
    form.fields["to"].choices = [(stage.value, f"{stage.label} — {why}") for stage, why in allowed.items()]  # type: ignore[attr-defined]
    kpi = _state(loop.kpi.key, clock.today()) if loop.kpi and loop.plan_id == shown_plan().plan.pk else None
    if request.method == "POST":

        def act() -> OodaLoop:
            to = Stage(form.cleaned_data["to"])
            latest = kpi.latest.value if kpi and kpi.latest else None
            return services.advance_ooda_loop(
                by=person, loop=loop, to=to, text=form.cleaned_data["text"], value_after=latest, clock=clock
            )

        if attempt(form, act):
            messages.success(request, "記録しました。")
            return redirect("office-plan-loop", loop.public_id)
    return render(
        request,
        "plan/office/loop.html",
        {
            "loop": loop,
            "state": loop_state(loop, today=clock.today()),
            "entries": loop.entries.order_by("acted_at", "id"),
            "form": form,
            "kpi": kpi,
            "may_report": MAY_REPORT.allows(person) and bool(allowed),
            "written": written,
        },
        status=422 if form.is_bound and form.errors else 200,
    )
