"""The yearly report as an Excel workbook: one sheet per table, so that figures can be worked with."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from datetime import date
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook, load_workbook

from yakuba.kernel.paper.api import write_xlsx
from yakuba.plan.reports.year_report import YearReport

Value = str | int | Decimal | date | None


def report_as_workbook(report: YearReport) -> bytes:
    """All tables of the report, each on a sheet of its own."""
    content = report.in_force.content
    title = f"{content.plan.title} {report.year.label} 進捗報告書"
    notes = [f"{report.until.isoformat()} 現在。第{report.in_force.version.number}版にもとづく。"]
    if report.has_samples:
        notes.append("見本の値を含みます。実際の記録ではありません。")
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, head, rows in _sheets(report):
        _add(book, write_xlsx(head, rows, sheet=name, title=f"{title}　{name}", notes=notes))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


_Sheet = tuple[str, Sequence[str], list[list[Value]]]


def _sheets(report: YearReport) -> list[_Sheet]:
    policies = {policy.id: policy.title for policy in report.in_force.content.policies}
    return [
        (
            "取組",
            (
                "番号",
                "取組",
                "方針",
                "評価",
                "数値からの案",
                "理由",
                "根拠",
                "次の年度に向けて",
                "確認済みの節目",
                "節目",
            ),
            [
                [
                    one.initiative.number,
                    one.initiative.title,
                    policies[one.initiative.policy],
                    one.grade_words,
                    one.proposal.grade.value,
                    one.grade.assessment.reason if one.grade else "",
                    one.grade.assessment.evidence if one.grade else "",
                    one.grade.assessment.next_step if one.grade else "",
                    one.milestones_met,
                    len(one.milestones),
                ]
                for one in report.initiatives
            ],
        ),
        (
            "指標",
            (
                "取組",
                "指標",
                "単位",
                "基準値",
                "基準日",
                "最新の値",
                "測った日",
                "出どころ",
                "目標値",
                "目標の日",
                "状態",
                "定義",
            ),
            [
                [
                    state.initiative.number if state.initiative else "計画全体",
                    state.kpi.title,
                    state.measure.unit,
                    state.path.baseline.value if state.path.baseline else None,
                    state.path.baseline.on if state.path.baseline else None,
                    state.latest.value if state.latest else None,
                    state.latest.on if state.latest else None,
                    state.latest.source.label if state.latest else "未計測",
                    state.path.target.value if state.path.target else None,
                    state.path.target.on if state.path.target else None,
                    state.standing.label,
                    state.measure.definition,
                ]
                for state in report.kpis
            ],
        ),
        (
            "節目",
            ("取組", "節目", "確かめ方", "期限の年度", "状態", "確認した日", "根拠"),
            [
                [
                    one.initiative.number,
                    milestone.milestone.statement,
                    milestone.milestone.check,
                    milestone.due.label,
                    milestone.words,
                    milestone.confirmation.on if milestone.confirmation else None,
                    milestone.confirmation.evidence if milestone.confirmation else "",
                ]
                for one in report.initiatives
                for milestone in one.milestones
            ],
        ),
        (
            "本部の決定",
            ("開催日", "会議", "議題", "取組", "決定"),
            [
                [
                    item.meeting.held_on,
                    item.meeting.title,
                    item.title,
                    item.initiative.number if item.initiative else "",
                    item.decision,
                ]
                for item in report.decisions
            ],
        ),
        (
            "OODA",
            ("観察した日", "題名", "取組", "段階", "観察したときの値", "計画上の値", "実行の後の値", "変化"),
            [
                [
                    one.loop.opened_on,
                    one.loop.title,
                    one.loop.initiative.number if one.loop.initiative else "計画全体",
                    one.stage,
                    one.loop.value_before,
                    one.loop.expected_before,
                    one.loop.value_after,
                    one.effect,
                ]
                for one in report.loops
            ],
        ),
        (
            "生まれた時間",
            ("仕事", "取組", "前（分）", "後（分）", "件数", "測り方", "根拠"),
            [
                [
                    row.work,
                    row.initiative.number if row.initiative else "",
                    row.minutes_before,
                    row.minutes_after,
                    row.cases,
                    str(row.get_method_display()),
                    row.evidence,
                ]
                for row in report.hours.works
            ],
        ),
        (
            "助言",
            ("助言の日", "助言者", "助言", "取り入れる", "町の答え", "答えた日"),
            [
                [
                    one.given_on,
                    one.adviser,
                    one.text,
                    "" if one.is_accepted is None else "はい" if one.is_accepted else "いいえ",
                    one.answer,
                    one.answered_on,
                ]
                for one in report.advice
            ],
        ),
        (
            "満足度調査",
            ("調査", "設問", "満足度（%）", "重要度（%）", "回答した人", "区分"),
            [
                [
                    shown.survey.title,
                    one.item.title,
                    one.item.satisfaction,
                    one.item.importance,
                    one.item.answered,
                    one.quadrant.label,
                ]
                for shown in report.surveys
                if shown.chart is not None
                for one in shown.chart.placed
            ],
        ),
    ]


def _add(book: Workbook, written: bytes) -> None:
    """Lay a sheet written by the house into the workbook, with its looks."""
    source = load_workbook(BytesIO(written)).worksheets[0]
    target = book.create_sheet(source.title)
    for row in source.iter_rows():
        for cell in row:
            if cell.value is None and not cell.has_style:
                continue
            kept = target.cell(cell.row, cell.column)
            kept.value = cell.value
            # Text that begins with = stays text.
            kept.data_type = cell.data_type
            if cell.has_style:
                kept.font, kept.fill, kept.border = copy(cell.font), copy(cell.fill), copy(cell.border)
                kept.alignment, kept.number_format = copy(cell.alignment), cell.number_format
    for letter, column in source.column_dimensions.items():
        target.column_dimensions[letter].width = column.width
    target.freeze_panes = source.freeze_panes
    target.auto_filter.ref = source.auto_filter.ref
    target.print_title_rows = source.print_title_rows
    target.page_setup.paperSize = source.page_setup.paperSize
    target.page_setup.fitToHeight = 0
    target.sheet_properties.pageSetUpPr = copy(source.sheet_properties.pageSetUpPr)
