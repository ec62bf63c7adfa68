"""Working on one initiative: grade, milestones, phases, PDCA."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, office_seat, page
from yakuba.plan import services
from yakuba.plan.access import MAY_JUDGE, MAY_REPORT, MAY_STEER, get_for, visible_to
from yakuba.plan.charts.kpi_chart import kpi_chart
from yakuba.plan.charts.schedule_strip import schedule_strip
from yakuba.plan.forms import ConfirmationForm, GradeForm, PdcaForm, ReleaseForm, TakingBackForm
from yakuba.plan.models import Assessment, Initiative, Milestone, OodaLoop, PdcaEntry, PdcaStep, Task, TaskState
from yakuba.plan.queries.current import PlanInForce
from yakuba.plan.queries.grading import proposals
from yakuba.plan.queries.kpi_states import for_initiative, kpi_states
from yakuba.plan.queries.progress import grades_given, milestone_states, phases_in_place
from yakuba.plan.views.acting import attempt, posted
from yakuba.plan.views.asking import initiative_in, person_and_clock, shown_plan
from yakuba.plan.views.office.board import asked_year
from yakuba.plan.views.office.form_page import form_page


def _row(request: HttpRequest, in_force: PlanInForce, key: str) -> Initiative:
    person, _ = person_and_clock(request)
    found = visible_to(person, Initiative).filter(plan=in_force.plan, key=key).first()
    if found is None:
        raise Http404(f"取組「{key}」はありません。")
    return found


def initiative_url(key: str, year: int | None = None, anchor: str = "") -> str:
    """Address of the working page of an initiative."""
    query = f"?year={year}" if year else ""
    return f"{reverse('office-plan-initiative', args=[key])}{query}{anchor}"


@page(Face.OFFICE, may=office_seat)
def office_initiative(request: HttpRequest, key: str) -> HttpResponse:
    """Everything about one initiative in one fiscal year."""
    person, clock = person_and_clock(request)
    in_force = shown_plan()
    initiative = initiative_in(in_force, key)
    row = _row(request, in_force, key)
    year, today, header = asked_year(request, in_force), clock.today(), in_force.content.plan
    milestones = [one for one in milestone_states(in_force, person, today=today) if one.initiative.id == key]
    phases = phases_in_place(in_force, person, today=today)[key]
    history = (
        visible_to(person, Assessment)
        .filter(initiative=row, fiscal_year=year.year)
        .select_related("release")
        .order_by("-acted_at", "-id")
    )
    states = for_initiative(kpi_states(in_force.content, today=today, for_public=False), key)
    return render(
        request,
        "plan/office/initiative.html",
        {
            "in_force": in_force,
            "header": header,
            "initiative": initiative,
            "year": year,
            "years": header.fiscal_years,
            "kpis": [(state, kpi_chart(state, header, today=today)) for state in states],
            "milestones": milestones,
            "phases": phases,
            "strip": schedule_strip(
                header,
                title="年度スケジュール",
                phases=phases,
                milestones=milestones,
                schedule_stated=initiative.schedule_stated,
                today=today,
            ),
            "proposal": proposals(in_force, person, year, today=today)[key],
            "given": grades_given(in_force, person).get((key, year.year)),
            "history": list(history),
            "pdca": _pdca(request, row, year.year),
            "loops": visible_to(person, OodaLoop).filter(initiative=row)[:10],
            "tasks": visible_to(person, Task)
            .filter(initiative=row, state=TaskState.OPEN)
            .select_related("section", "owner")[:20],
            "may_judge": MAY_JUDGE.allows(person),
            "may_report": MAY_REPORT.allows(person),
            "may_steer": MAY_STEER.allows(person),
        },
    )


def _pdca(request: HttpRequest, row: Initiative, year: int) -> list[dict[str, Any]]:
    person, _ = person_and_clock(request)
    entries = list(visible_to(person, PdcaEntry).filter(initiative=row, fiscal_year=year).order_by("-acted_at", "-id"))
    steps = []
    for step in PdcaStep:
        own = [entry for entry in entries if entry.step == step]
        steps.append({"step": step, "current": own[0] if own else None, "earlier": own[1:]})
    return steps


@page(Face.OFFICE, may=MAY_JUDGE)
@require_http_methods(["GET", "HEAD", "POST"])
def office_grade(request: HttpRequest, key: str) -> HttpResponse:
    """Give the yearly grade."""
    person, clock = person_and_clock(request)
    in_force = shown_plan()
    initiative = initiative_in(in_force, key)
    row = _row(request, in_force, key)
    year = asked_year(request, in_force)
    proposal = proposals(in_force, person, year, today=clock.today())[key]
    given = grades_given(in_force, person).get((key, year.year))
    initial = (
        {
            "grade": given.assessment.grade,
            "reason": given.assessment.reason,
            "evidence": given.assessment.evidence,
            "next_step": given.assessment.next_step,
        }
        if given
        else {}
    )
    form = GradeForm(posted(request), in_force=in_force, person=person, clock=clock, initial=initial)
    if request.method == "POST":
        done = attempt(
            form,
            lambda: services.grade_initiative(
                by=person, initiative=row, year=year, proposal=proposal, clock=clock, **form.cleaned_data
            ),
        )
        if done:
            messages.success(request, f"{year.label}の評価を{done.grade}として記録しました。まだ公開していません。")
            return redirect(initiative_url(key, year.year))
    return form_page(
        request,
        form,
        title=f"{initiative.number} {year.label}の評価",
        back=("取組に戻る", initiative_url(key, year.year)),
        template="plan/office/grade.html",
        submit="評価を記録する",
        proposal=proposal,
        year=year,
        initiative=initiative,
    )


@page(Face.OFFICE, may=MAY_STEER)
@require_http_methods(["GET", "HEAD", "POST"])
def office_release_grade(request: HttpRequest, public_id: str) -> HttpResponse:
    """Publish a grade."""
    person, clock = person_and_clock(request)
    assessment = get_for(person, Assessment, public_id)
    back = initiative_url(assessment.initiative.key, assessment.fiscal_year)
    form = ReleaseForm(posted(request))
    if request.method == "POST" and attempt(
        form,
        lambda: services.release_grade(by=person, assessment=assessment, clock=clock, **form.cleaned_data),
    ):
        messages.success(request, "評価を公開しました。")
        return redirect(back)
    return form_page(
        request,
        form,
        title=f"{assessment.initiative.number} の評価 {assessment.grade} を公開する",
        lead="公開ページに、評価・理由・根拠・次の年度に向けてが載ります。公開した評価は消せません。",
        back=("取組に戻る", back),
        submit="公開する",
    )


@page(Face.OFFICE, may=MAY_JUDGE)
@require_http_methods(["GET", "HEAD", "POST"])
def office_confirm_milestone(request: HttpRequest, public_id: str) -> HttpResponse:
    """Confirm a milestone, or take its confirmation back."""
    person, clock = person_and_clock(request)
    milestone = get_for(person, Milestone, public_id)
    last = milestone.confirmations.order_by("-acted_at", "-id").first()
    is_met = last is None or not last.is_met
    form = (ConfirmationForm if is_met else TakingBackForm)(posted(request))

    def act() -> object:
        return services.confirm_milestone(
            by=person,
            milestone=milestone,
            is_met=is_met,
            on=form.cleaned_data.get("on") or clock.today(),
            evidence=form.cleaned_data["evidence"],
            clock=clock,
        )

    back = initiative_url(milestone.initiative.key, anchor="#milestones")
    if request.method == "POST" and attempt(form, act):
        messages.success(request, "節目を確認しました。" if is_met else "節目の確認を取り消しました。")
        return redirect(back)
    return form_page(
        request,
        form,
        title="節目を確認する" if is_met else "節目の確認を取り消す",
        lead=milestone.statement,
        back=("取組に戻る", back),
        submit="確認済みにする" if is_met else "確認を取り消す",
        danger=not is_met,
    )


@page(Face.OFFICE, may=MAY_JUDGE)
@require_http_methods(["GET", "HEAD", "POST"])
def office_confirm_phase(request: HttpRequest, key: str) -> HttpResponse:
    """Confirm that a phase is finished, or take that back."""
    person, clock = person_and_clock(request)
    in_force = shown_plan()
    row = _row(request, in_force, key)
    phase_key = request.GET.get("phase", "")[:420]
    placed = phases_in_place(in_force, person, today=clock.today()).get(key, ())
    phase = next((one for one in placed if one.key == phase_key), None)
    if phase is None:
        raise Http404("この工程は今の計画にありません。")
    is_done = phase.confirmation is None
    form = (ConfirmationForm if is_done else TakingBackForm)(posted(request))

    def act() -> object:
        return services.confirm_phase(
            by=person,
            initiative=row,
            phase=phase_key,
            is_done=is_done,
            on=form.cleaned_data.get("on") or clock.today(),
            evidence=form.cleaned_data["evidence"],
            clock=clock,
        )

    back = initiative_url(key, anchor="#schedule")
    if request.method == "POST" and attempt(form, act):
        messages.success(request, "工程の完了を記録しました。" if is_done else "工程の完了を取り消しました。")
        return redirect(back)
    return form_page(
        request,
        form,
        title="工程の完了を確認する" if is_done else "工程の完了を取り消す",
        lead=f"{row.number} {phase.phase.label}（{phase.phase.first.label}〜{phase.phase.last.label}）",
        back=("取組に戻る", back),
        submit="完了にする" if is_done else "完了を取り消す",
        danger=not is_done,
    )


@page(Face.OFFICE, may=MAY_REPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def office_pdca(request: HttpRequest, key: str, step: str) -> HttpResponse:
    """Write one step of the yearly cycle."""
    person, clock = person_and_clock(request)
    if step not in PdcaStep.values:
        raise Http404("PDCAの段階がありません。")
    in_force = shown_plan()
    row = _row(request, in_force, key)
    year = asked_year(request, in_force)
    wanted = PdcaStep(step)
    current = (
        visible_to(person, PdcaEntry)
        .filter(initiative=row, fiscal_year=year.year, step=wanted)
        .order_by("-acted_at", "-id")
        .first()
    )
    initial = {"text": current.text if current else "", "seen": current.public_id if current else ""}
    form = PdcaForm(posted(request), initial=initial)
    back = initiative_url(key, year.year, "#pdca")
    if request.method == "POST" and attempt(
        form,
        lambda: services.write_pdca(
            by=person, initiative=row, year=year, step=wanted, clock=clock, **form.cleaned_data
        ),
    ):
        messages.success(request, f"{year.label}の{wanted.label}を記録しました。")
        return redirect(back)
    changed = bool(form.is_bound and form.errors and current and form.data.get("seen", "") != current.public_id)
    return form_page(
        request,
        form,
        title=f"{row.number} {year.label} {wanted.label}",
        back=("取組に戻る", back),
        template="plan/office/pdca.html",
        current=current if changed else None,
        year=year,
    )
