"""The yearly report as PDF."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings

from yakuba.kernel.paper.api import Letterhead, render_pdf
from yakuba.kernel.values.api import FiscalYear
from yakuba.plan.charts.kpi_chart import kpi_chart
from yakuba.plan.charts.survey_chart import survey_chart
from yakuba.plan.reports.year_report import InitiativeInReport, YearReport
from yakuba.plan.rules.plan_file import Policy


def report_as_pdf(report: YearReport, *, printed_at: datetime) -> bytes:
    """Set the report. Raises what `kernel.paper` raises when fonts or templates are missing."""
    images: dict[str, bytes] = {}
    header = report.in_force.content.plan
    charts = []
    for number, state in enumerate(report.kpis):
        chart = kpi_chart(state, header, today=report.until) if state.path.target else None
        if chart is None:
            continue
        images[f"kpi-{number}.svg"] = str(chart.wide).encode()
        charts.append(
            {
                "file": f"/images/kpi-{number}.svg",
                "title": f"{state.initiative.number if state.initiative else ''} {state.kpi.title}".strip(),
                "note": chart.note,
                "alt": f"{state.kpi.title}の推移。{state.standing.label}、{state.figure}",
            }
        )
    surveys = []
    for number, shown in enumerate(report.surveys):
        quadrants = survey_chart(shown)
        if quadrants is None or shown.chart is None:
            continue
        images[f"survey-{number}.svg"] = str(quadrants.wide).encode()
        surveys.append(
            {
                "file": f"/images/survey-{number}.svg",
                "title": shown.survey.title,
                "note": shown.survey.how,
                "alt": f"{shown.survey.title}の満足度と重要度",
                "rows": [
                    {
                        "title": one.item.title,
                        "satisfaction": f"{one.item.satisfaction}%",
                        "importance": f"{one.item.importance}%",
                        "quadrant": one.quadrant.label,
                    }
                    for one in shown.chart.placed
                ],
            }
        )
    town = settings.TOWN
    return render_pdf(
        "plan/year_report",
        {**_values(report), "charts": charts, "surveys": surveys},
        printed_at=printed_at,
        letterhead=Letterhead(
            town=header.town_name,
            office=town.office_name if town.code == header.town_code else header.town_name,
        ),
        images=images,
    )


def _values(report: YearReport) -> dict[str, Any]:
    content = report.in_force.content
    judged = [state for state in report.kpis if state.kpi.target is not None]
    good = sum(1 for state in judged if state.standing.value in ("reached", "ahead", "on_plan"))
    late = sum(1 for state in judged if state.standing.value == "late")
    milestones = [one for initiative in report.initiatives for one in initiative.milestones]
    return {
        "title": f"{content.plan.title} {report.year.label} 進捗報告書",
        "subtitle": f"{content.plan.edition}　第{report.in_force.version.number}版にもとづく",
        "until": report.until,
        "is_over": report.is_over,
        "has_samples": report.has_samples,
        "purpose": content.plan.purpose,
        "summary": [
            [
                "数値目標のある指標",
                f"{len(judged)}（計画どおり以上 {good}、遅れ {late}、判定できない {len(judged) - good - late}）",
            ],
            [
                "節目",
                f"{len(milestones)}（確認済み {sum(1 for one in milestones if one.confirmation is not None)}、"
                f"期限を過ぎて未確認 {sum(1 for one in milestones if one.is_overdue)}）",
            ],
            ["評価", _grades(report)],
            [
                "生まれた時間",
                f"測って確かめた {report.hours.total.measured:.1f}時間、聞き取りの推計 {report.hours.total.estimated:.1f}時間",
            ],
        ],
        "policies": [_policy(report, policy) for policy in content.policies],
        "kpis": [
            {
                "number": state.initiative.number if state.initiative else "全体",
                "title": state.kpi.title,
                "baseline": f"{state.baseline_words}{state.measure.unit}" if state.baseline_words else "—",
                "latest": state.figure,
                "target": f"{state.target_words}{state.measure.unit}" if state.target_words else "—",
                "standing": state.standing.label,
            }
            for state in report.kpis
        ],
        "definitions": [
            {"title": state.measure.title, "definition": state.measure.definition, "how": state.measure.measured_by}
            for state in report.kpis
        ],
        "unmeasured": [f"{state.kpi.title}（{state.measure.measured_by}）" for state in report.unmeasured],
        "decisions": [
            {
                "on": item.meeting.held_on,
                "meeting": item.meeting.title,
                "title": item.title,
                "decision": item.decision or "—",
            }
            for item in report.decisions
        ],
        "open_tasks": [
            {
                "words": task.words,
                "who": " ".join(one.name for one in (task.section, task.owner) if one is not None),
                "due": task.due_on,
            }
            for task in report.open_tasks
        ],
        "loops": [
            {"on": one.loop.opened_on, "title": one.loop.title, "stage": one.stage, "effect": one.effect}
            for one in report.loops
        ],
        "advice": [
            {
                "on": one.given_on,
                "adviser": one.adviser,
                "text": one.text,
                "answer": one.answer or "（まだ答えていません）",
            }
            for one in report.advice
        ],
        "hours": [
            {"method": one.method.label, "hours": f"{one.hours:.1f}", "works": one.works, "cases": one.cases}
            for one in report.hours.total.by_method
        ],
    }


def _grades(report: YearReport) -> str:
    given = [one.grade.grade.value for one in report.initiatives if one.grade is not None]
    if not given:
        return "まだ評価していません"
    counts = "、".join(f"{letter} {given.count(letter)}" for letter in "ABCD")
    return f"{counts}（評価 {len(given)} / {len(report.initiatives)}取組）"


def _policy(report: YearReport, policy: Policy) -> dict[str, Any]:
    return {
        "title": f"方針{policy.id} {policy.title}",
        "outline": policy.outline,
        "initiatives": [
            _initiative(one, report.year) for one in report.initiatives if one.initiative.policy == policy.id
        ],
    }


def _initiative(one: InitiativeInReport, year: FiscalYear) -> dict[str, Any]:
    main = next((state for state in one.kpis if state.kpi.target is not None), one.kpis[0] if one.kpis else None)
    given = one.grade.assessment if one.grade else None
    return {
        "number": one.initiative.number,
        "title": one.initiative.title,
        "result": one.initiative.result,
        "kpi": f"{main.kpi.title}: {main.figure}" if main else "—",
        "milestones": f"{one.milestones_met}/{len(one.milestones)}" if one.milestones else "—",
        "grade": one.grade_words,
        "proposed": one.proposal.grade.value,
        "reason": given.reason if given else "",
        "evidence": given.evidence if given else "",
        "next_step": given.next_step if given else "",
        "grounds": [reason.words for reason in one.proposal.reasons],
        "check": one.check,
        "act": one.act,
    }
