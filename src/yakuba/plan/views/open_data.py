"""The figures behind every chart, as CSV and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language, gettext, pgettext

from yakuba.kernel.access.api import Face, anyone, page
from yakuba.kernel.paper.api import write_csv
from yakuba.plan.access import get_for
from yakuba.plan.models import Survey
from yakuba.plan.queries.current import PlanInForce
from yakuba.plan.queries.kpi_states import KpiState, kpi_states
from yakuba.plan.queries.overview import overview
from yakuba.plan.queries.progress import milestone_states, phases_in_place
from yakuba.plan.queries.surveys import survey_shown
from yakuba.plan.rules.forecast import Forecast
from yakuba.plan.rules.kpi_path import Point, corridor_on
from yakuba.plan.views.asking import initiative_in, person_and_clock, plan_to_read
from yakuba.plan.wording import figure_said, listed, said, why_no_forecast

Value = str | int | Decimal | date | bool | None
"""What a cell of these files may hold."""


def kpi_heads() -> tuple[str, ...]:
    """The heads of the files of KPIs, in the language of the reader."""
    return (
        pgettext("plan", "取組"),
        pgettext("plan", "指標ID"),
        pgettext("plan", "指標"),
        pgettext("plan", "日付"),
        pgettext("plan", "種類"),
        pgettext("plan", "値"),
        pgettext("plan", "単位"),
        gettext("計画どおりの下限"),
        gettext("計画どおりの上限"),
        pgettext("plan", "件数"),
        pgettext("plan", "出どころ"),
        pgettext("plan", "見本"),
    )


def answer(
    kind: str, *, name: str, heads: Sequence[str], rows: Sequence[Sequence[Value]], document: Any
) -> HttpResponse:
    """The same content as CSV (UTF-8 with BOM) or JSON. Raises `Http404` for any other kind."""
    if kind == "json":
        response: HttpResponse = JsonResponse(
            document, json_dumps_params={"ensure_ascii": False, "indent": 1}, safe=False
        )
    elif kind == "csv":
        response = HttpResponse(write_csv(heads, rows).content, content_type="text/csv; charset=utf-8")
    else:
        raise Http404("CSV か JSON を選んでください。")
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


@page(Face.PUBLIC, may=anyone)
def plan_data_kpis(request: HttpRequest, kind: str) -> HttpResponse:
    """Every value of every KPI."""
    in_force, states = _states(request)
    return answer(
        kind,
        name="kpis",
        heads=kpi_heads(),
        rows=[row for state in states for row in kpi_rows(state)],
        document={**about_plan(in_force), "kpis": [kpi_document(state) for state in states]},
    )


@page(Face.PUBLIC, may=anyone)
def plan_data_kpi(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """Baseline, target, measured values and forecast of one KPI."""
    in_force, states = _states(request)
    state = next((one for one in states if one.kpi.id == key), None)
    if state is None:
        raise Http404(f"指標「{key}」は今の計画にありません。")
    return answer(
        kind,
        name=f"kpi-{state.kpi.id}",
        heads=kpi_heads(),
        rows=kpi_rows(state),
        document={**about_plan(in_force), "kpi": kpi_document(state)},
    )


@page(Face.PUBLIC, may=anyone)
def plan_data_schedule(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """Phases and milestones of one initiative."""
    person, clock = person_and_clock(request)
    in_force = plan_to_read()
    initiative = initiative_in(in_force, key)
    today = clock.today()
    phases = phases_in_place(in_force, person, today=today)[key]
    milestones = [one for one in milestone_states(in_force, person, today=today) if one.initiative.id == key]
    rows: list[list[Value]] = [
        [
            initiative.number,
            pgettext("plan", "工程"),
            one.phase.track or "",
            one.phase.label,
            one.phase.first.year,
            one.phase.last.year,
            gettext("計画書の記載") if one.phase.end_stated else gettext("終期の記載なし"),
            said(one.state.label),
        ]
        for one in phases
    ]
    rows += [
        [
            initiative.number,
            pgettext("plan", "節目"),
            "",
            one.milestone.statement,
            None,
            one.due.year,
            one.milestone.check,
            said(one.words),
        ]
        for one in milestones
    ]
    heads = (
        pgettext("plan", "取組"),
        pgettext("plan", "種類"),
        pgettext("schedule", "段"),
        pgettext("plan", "内容"),
        gettext("始まりの年度"),
        gettext("終わりの年度"),
        pgettext("plan", "備考"),
        pgettext("plan", "状態"),
    )
    document = {
        **about_plan(in_force),
        "initiative": {"number": initiative.number, "title": initiative.title},
        "schedule_stated": initiative.schedule_stated,
        "phases": [
            {
                "track": one.phase.track,
                "label": one.phase.label,
                "first_fiscal_year": one.phase.first.year,
                "last_fiscal_year": one.phase.last.year,
                "end_stated": one.phase.end_stated,
                "state": one.state.value,
            }
            for one in phases
        ],
        "milestones": [
            {
                "statement": one.milestone.statement,
                "check": one.milestone.check,
                "due_fiscal_year": one.due.year,
                "met_on": one.confirmation.on.isoformat() if one.confirmation else None,
            }
            for one in milestones
        ],
    }
    return answer(kind, name=f"schedule-{initiative.id}", heads=heads, rows=rows, document=document)


@page(Face.PUBLIC, may=anyone)
def plan_data_initiatives(request: HttpRequest, kind: str) -> HttpResponse:
    """Every initiative with its grade, main KPI and milestones."""
    person, clock = person_and_clock(request)
    in_force = plan_to_read()
    glance = overview(in_force, person, today=clock.today())
    rows: list[list[Value]] = []
    documents = []
    for one in glance.initiatives:
        main = one.main_kpi
        grade = one.grade.grade.value if one.grade else None
        rows.append(
            [
                one.initiative.number,
                one.initiative.title,
                one.initiative.policy,
                grade,
                one.grade.year.year if one.grade else None,
                main.kpi.title if main else None,
                figure_said(main) if main else None,
                said(main.standing.label) if main else None,
                one.milestones_met,
                len(one.milestones),
                one.milestones_overdue,
                listed([phase.phase.label for phase in one.running]),
            ]
        )
        documents.append(
            {
                "number": one.initiative.number,
                "title": one.initiative.title,
                "policy": one.initiative.policy,
                "grade": grade,
                "graded_fiscal_year": one.grade.year.year if one.grade else None,
                "kpis": [state.kpi.id for state in one.kpis],
                "milestones": {
                    "met": one.milestones_met,
                    "overdue": one.milestones_overdue,
                    "all": len(one.milestones),
                },
                "running_phases": [phase.phase.label for phase in one.running],
            }
        )
    heads = (
        pgettext("plan", "番号"),
        pgettext("plan", "取組"),
        pgettext("plan", "方針"),
        pgettext("plan", "評価"),
        gettext("評価の年度"),
        pgettext("plan", "主な指標"),
        gettext("最新の値"),
        pgettext("plan", "状態"),
        gettext("確認済みの節目"),
        pgettext("plan", "節目"),
        gettext("期限を過ぎて未確認の節目"),
        pgettext("plan", "いまの工程"),
    )
    return answer(
        kind,
        name="initiatives",
        heads=heads,
        rows=rows,
        document={**about_plan(in_force), "initiatives": documents},
    )


@page(Face.PUBLIC, may=anyone)
def plan_data_survey(request: HttpRequest, public_id: str, kind: str) -> HttpResponse:
    """The shares of one survey."""
    person, _ = person_and_clock(request)
    survey = get_for(person, Survey, public_id)
    shown = survey_shown(survey, for_public=True)
    placed = shown.chart.placed if shown.chart else ()
    heads = (
        pgettext("plan", "設問番号"),
        pgettext("plan", "設問"),
        gettext("満足度（%）"),
        gettext("重要度（%）"),
        gettext("差（ポイント）"),
        gettext("回答した人"),
        pgettext("plan", "区分"),
    )
    rows: list[list[Value]] = [
        [
            one.item.key,
            one.item.title,
            one.item.satisfaction,
            one.item.importance,
            one.item.gap,
            one.item.answered,
            said(one.quadrant.label),
        ]
        for one in placed
    ]
    document = {
        "survey": survey.title,
        "fiscal_year": survey.fiscal_year,
        "held_on": survey.held_on.isoformat(),
        "how": survey.how,
        "is_sample": survey.is_sample,
        "items": [
            {
                "key": one.item.key,
                "title": one.item.title,
                "satisfaction": float(one.item.satisfaction),
                "importance": float(one.item.importance),
                "answered": one.item.answered,
                "quadrant": one.quadrant.value,
            }
            for one in placed
        ],
    }
    return answer(kind, name=f"survey-{survey.fiscal_year}", heads=heads, rows=rows, document=document)


def about_plan(in_force: PlanInForce) -> dict[str, Any]:
    """What every JSON file says about its origin."""
    header = in_force.content.plan
    return {
        "plan": header.title,
        "town": header.town_name,
        "town_code": header.town_code,
        "version": in_force.version.number,
        "is_sample_plan": header.sample,
        "language": get_language() or "ja",
    }


def kpi_rows(state: KpiState) -> list[list[Value]]:
    """Baseline, target, measured values and forecast as rows under `kpi_heads`."""
    number = state.initiative.number if state.initiative else pgettext("plan", "計画全体")
    head: list[Value] = [number, state.kpi.id, state.kpi.title]
    rows: list[list[Value]] = []

    def add(point: Point, kind: str, n: int | None = None, source: str = "", sample: bool = False) -> None:
        corridor = corridor_on(state.path, point.on)
        low, high = (corridor.low, corridor.high) if corridor else (None, None)
        rows.append(
            [*head, point.on, kind, point.value, state.measure.unit, _short(low), _short(high), n, source, sample]
        )

    if state.path.baseline:
        add(state.path.baseline, pgettext("plan", "基準値"))
    for point in state.kept:
        add(Point(point.on, point.value), pgettext("plan", "実測"), point.n, said(point.source.label), point.is_sample)
    outlook = state.outlook
    if isinstance(outlook, Forecast):
        add(
            Point(outlook.on, _short(outlook.value) or outlook.value),
            pgettext("plan", "見通し"),
            source=said(outlook.method),
        )
    if state.path.target:
        add(state.path.target, pgettext("plan", "目標値"))
    return rows


def kpi_document(state: KpiState) -> dict[str, Any]:
    """A KPI with its definition and all its values, as JSON."""
    outlook = state.outlook
    return {
        "id": state.kpi.id,
        "initiative": state.initiative.number if state.initiative else None,
        "title": state.kpi.title,
        "measure": state.kpi.measure,
        "definition": state.measure.definition,
        "measured_by": state.measure.measured_by,
        "unit": state.measure.unit,
        "direction": state.kpi.direction.value,
        "standing": state.standing.value,
        "baseline": _point(state.path.baseline),
        "target": _point(state.path.target),
        "no_target": state.kpi.no_target,
        "values": [
            {
                "on": point.on.isoformat(),
                "value": float(point.value),
                "n": point.n,
                "source": point.source.value,
                "is_sample": point.is_sample,
            }
            for point in state.kept
        ],
        "forecast": {
            "on": outlook.on.isoformat(),
            "value": float(outlook.value),
            "low": float(outlook.low),
            "high": float(outlook.high),
            "method": said(outlook.method),
        }
        if isinstance(outlook, Forecast)
        else {"none_because": why_no_forecast(outlook)},
    }


def _states(request: HttpRequest) -> tuple[PlanInForce, tuple[KpiState, ...]]:
    _, clock = person_and_clock(request)
    in_force = plan_to_read()
    return in_force, kpi_states(in_force.content, today=clock.today())


def _point(point: Point | None) -> dict[str, Any] | None:
    return {"on": point.on.isoformat(), "value": float(point.value)} if point else None


def _short(value: Any) -> Any:
    return None if value is None else round(value, 2)
