"""The public pages: how the town stands with its plan."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from yakuba.kernel.access.api import Face, anyone, page
from yakuba.plan.access import visible_to
from yakuba.plan.charts.kpi_chart import kpi_chart, kpi_sparkline
from yakuba.plan.charts.schedule_strip import schedule_strip
from yakuba.plan.charts.survey_chart import survey_chart
from yakuba.plan.models import News
from yakuba.plan.queries.current import plan_in_force
from yakuba.plan.queries.kpi_states import for_initiative, kpi_states
from yakuba.plan.queries.overview import latest_news, overview
from yakuba.plan.queries.progress import grades_given, milestone_states, phases_in_place
from yakuba.plan.queries.surveys import survey_shown, surveys_that_count
from yakuba.plan.rules.plan_file import Basis
from yakuba.plan.views.asking import initiative_in, person_and_clock, plan_to_read


@page(Face.PUBLIC, may=anyone)
def plan_overview(request: HttpRequest) -> HttpResponse:
    """The plan at a glance."""
    person, clock = person_and_clock(request)
    in_force = plan_in_force(get_language())
    if in_force is None:
        return render(request, "plan/no_plan.html", status=200)
    glance = overview(in_force, person, today=clock.today())
    return render(
        request, "plan/overview.html", {"in_force": in_force, "glance": glance, "header": in_force.content.plan}
    )


@page(Face.PUBLIC, may=anyone)
def plan_initiative(request: HttpRequest, key: str) -> HttpResponse:
    """One initiative: schedule against today, KPI charts, milestones, grades, news."""
    return render(request, "plan/initiative.html", _initiative(request, key))


@page(Face.PUBLIC, may=anyone)
def plan_initiative_print(request: HttpRequest, key: str) -> HttpResponse:
    """One initiative on paper."""
    return render(request, "plan/initiative_print.html", _initiative(request, key))


def _initiative(request: HttpRequest, key: str) -> dict[str, object]:
    person, clock = person_and_clock(request)
    in_force = plan_to_read()
    initiative = initiative_in(in_force, key)
    header, today = in_force.content.plan, clock.today()
    states = for_initiative(kpi_states(in_force.content, today=today), key)
    milestones = [one for one in milestone_states(in_force, person, today=today) if one.initiative.id == key]
    phases = phases_in_place(in_force, person, today=today)[key]
    strip = schedule_strip(
        header,
        title=gettext("年度スケジュール"),
        phases=phases,
        milestones=milestones,
        schedule_stated=initiative.schedule_stated,
        today=today,
    )
    grades = sorted(
        (grade for (own, _), grade in grades_given(in_force, person).items() if own == key),
        key=lambda grade: grade.year,
        reverse=True,
    )
    priorities = {priority.id: priority for priority in in_force.content.priorities}
    place = [one.id for one in in_force.content.initiatives].index(key)
    return {
        "in_force": in_force,
        "header": header,
        "initiative": initiative,
        "policy": next(one for one in in_force.content.policies if one.id == initiative.policy),
        "kpis": [(state, kpi_chart(state, header, today=today)) for state in states],
        "milestones": milestones,
        "phases": phases,
        "strip": strip,
        "grades": grades,
        "news": latest_news(in_force, person, initiative=key, most=10),
        "links": [(priorities[link.id], link) for link in initiative.priorities],
        "before": in_force.content.initiatives[place - 1] if place else None,
        "after": in_force.content.initiatives[place + 1] if place + 1 < len(in_force.content.initiatives) else None,
    }


@page(Face.PUBLIC, may=anyone)
def plan_schedule(request: HttpRequest) -> HttpResponse:
    """The year schedule of all initiatives, policy by policy."""
    person, clock = person_and_clock(request)
    in_force = plan_to_read()
    today = clock.today()
    phases = phases_in_place(in_force, person, today=today)
    milestones = milestone_states(in_force, person, today=today)
    strips = [
        (
            initiative,
            schedule_strip(
                in_force.content.plan,
                title=f"{initiative.number} {initiative.title}",
                phases=phases[initiative.id],
                milestones=[one for one in milestones if one.initiative.id == initiative.id],
                schedule_stated=initiative.schedule_stated,
                today=today,
            ),
        )
        for initiative in in_force.content.initiatives
    ]
    policies = [(policy, [one for one in strips if one[0].policy == policy.id]) for policy in in_force.content.policies]
    return render(
        request, "plan/schedule.html", {"in_force": in_force, "header": in_force.content.plan, "policies": policies}
    )


@page(Face.PUBLIC, may=anyone)
def plan_figures(request: HttpRequest) -> HttpResponse:
    """All KPIs in one table, with definitions and the files behind them."""
    _, clock = person_and_clock(request)
    in_force = plan_to_read()
    rows = [(state, kpi_sparkline(state)) for state in kpi_states(in_force.content, today=clock.today())]
    return render(request, "plan/figures.html", {"in_force": in_force, "header": in_force.content.plan, "rows": rows})


@page(Face.PUBLIC, may=anyone)
def plan_survey(request: HttpRequest) -> HttpResponse:
    """What residents think: satisfaction against importance, survey by survey."""
    person, _ = person_and_clock(request)
    in_force = plan_to_read()
    shown = [survey_shown(survey, for_public=True) for survey in surveys_that_count(in_force, person)[:5]]
    return render(
        request,
        "plan/survey.html",
        {
            "in_force": in_force,
            "header": in_force.content.plan,
            "surveys": [(one, chart) for one in shown if (chart := survey_chart(one)) is not None],
        },
    )


@page(Face.PUBLIC, may=anyone)
def plan_about(request: HttpRequest) -> HttpResponse:
    """Who drives the plan, how it is judged, how it relates to other plans, and what the words mean."""
    in_force = plan_to_read()
    content = in_force.content
    cross_walk = [
        (
            priority,
            [
                (initiative, link)
                for initiative in content.initiatives
                for link in initiative.priorities
                if link.id == priority.id
            ],
        )
        for priority in content.priorities
    ]
    body = content.organisation
    texts = [body.project_teams, body.external_experts, body.review, body.progress] if body else []
    return render(
        request,
        "plan/about.html",
        {
            "in_force": in_force,
            "header": content.plan,
            "content": content,
            "cross_walk": cross_walk,
            "organisation_texts": [text for text in texts if text],
            "any_reading": any(link.basis is Basis.READING for _, served in cross_walk for _, link in served),
        },
    )


@page(Face.PUBLIC, may=anyone)
def plan_news(request: HttpRequest) -> HttpResponse:
    """All news."""
    person, _ = person_and_clock(request)
    in_force = plan_to_read()
    rows = visible_to(person, News).filter(plan=in_force.plan, withdrawn_on__isnull=True).select_related("initiative")
    return render(
        request,
        "plan/news.html",
        {"in_force": in_force, "header": in_force.content.plan, "news": rows.order_by("-published_on", "-id")[:200]},
    )


@page(Face.PUBLIC, may=anyone)
def plan_overview_print(request: HttpRequest) -> HttpResponse:
    """The whole plan on a few sheets of paper."""
    person, clock = person_and_clock(request)
    in_force = plan_to_read()
    glance = overview(in_force, person, today=clock.today())
    return render(
        request, "plan/overview_print.html", {"in_force": in_force, "header": in_force.content.plan, "glance": glance}
    )
