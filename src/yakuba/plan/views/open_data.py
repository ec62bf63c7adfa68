"""The figures behind every chart, as CSV and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

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
from yakuba.plan.views.asking import initiative_in, person_and_clock, shown_plan

Value = str | int | Decimal | date | bool | None
"""What a cell of these files may hold."""

KPI_HEADS = (
    "取組",
    "指標ID",
    "指標",
    "日付",
    "種類",
    "値",
    "単位",
    "計画どおりの下限",
    "計画どおりの上限",
    "件数",
    "出どころ",
    "見本",
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
        heads=KPI_HEADS,
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
        heads=KPI_HEADS,
        rows=kpi_rows(state),
        document={**about_plan(in_force), "kpi": kpi_document(state)},
    )


@page(Face.PUBLIC, may=anyone)
def plan_data_schedule(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """Phases and milestones of one initiative."""
    person, clock = person_and_clock(request)
    in_force = shown_plan()
    initiative = initiative_in(in_force, key)
    today = clock.today()
    phases = phases_in_place(in_force, person, today=today)[key]
    milestones = [one for one in milestone_states(in_force, person, today=today) if one.initiative.id == key]
    rows: list[list[Value]] = [
        [
            initiative.number,
            "工程",
            one.phase.track or "",
            one.phase.label,
            one.phase.first.year,
            one.phase.last.year,
            "計画書の記載" if one.phase.end_stated else "終期の記載なし",
            one.state.label,
        ]
        for one in phases
    ]
    rows += [
        [initiative.number, "節目", "", one.milestone.statement, None, one.due.year, one.milestone.check, one.words]
        for one in milestones
    ]
    heads = ("取組", "種類", "段", "内容", "始まりの年度", "終わりの年度", "備考", "状態")
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
    in_force = shown_plan()
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
                main.figure if main else None,
                main.standing.label if main else None,
                one.milestones_met,
                len(one.milestones),
                one.milestones_overdue,
                "、".join(phase.phase.label for phase in one.running),
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
        "番号", "取組", "方針", "評価", "評価の年度", "主な指標", "最新の値", "状態",
        "確認済みの節目", "節目", "期限を過ぎて未確認の節目", "いまの工程",
    )  # fmt: skip
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
    heads = ("設問番号", "設問", "満足度（%）", "重要度（%）", "差（ポイント）", "回答した人", "区分")
    rows: list[list[Value]] = [
        [
            one.item.key,
            one.item.title,
            one.item.satisfaction,
            one.item.importance,
            one.item.gap,
            one.item.answered,
            one.quadrant.label,
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
    }


def kpi_rows(state: KpiState) -> list[list[Value]]:
    """Baseline, target, measured values and forecast as rows of `KPI_HEADS`."""
    number = state.initiative.number if state.initiative else "計画全体"
    head: list[Value] = [number, state.kpi.id, state.kpi.title]
    rows: list[list[Value]] = []

    def add(point: Point, kind: str, n: int | None = None, source: str = "", sample: bool = False) -> None:
        corridor = corridor_on(state.path, point.on)
        low, high = (corridor.low, corridor.high) if corridor else (None, None)
        rows.append(
            [*head, point.on, kind, point.value, state.measure.unit, _short(low), _short(high), n, source, sample]
        )

    if state.path.baseline:
        add(state.path.baseline, "基準値")
    for point in state.kept:
        add(Point(point.on, point.value), "実測", point.n, point.source.label, point.is_sample)
    outlook = state.outlook
    if isinstance(outlook, Forecast):
        add(Point(outlook.on, _short(outlook.value) or outlook.value), "見通し", source=outlook.method)
    if state.path.target:
        add(state.path.target, "目標値")
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
            "method": outlook.method,
        }
        if isinstance(outlook, Forecast)
        else {"none_because": outlook.reason},
    }


def _states(request: HttpRequest) -> tuple[PlanInForce, tuple[KpiState, ...]]:
    _, clock = person_and_clock(request)
    in_force = shown_plan()
    return in_force, kpi_states(in_force.content, today=clock.today())


def _point(point: Point | None) -> dict[str, Any] | None:
    return {"on": point.on.isoformat(), "value": float(point.value)} if point else None


def _short(value: Any) -> Any:
    return None if value is None else round(value, 2)
