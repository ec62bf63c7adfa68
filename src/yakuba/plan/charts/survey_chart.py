"""Satisfaction against importance, drawn."""

from __future__ import annotations

from yakuba.kernel.ui.charts import Chart, Opinion, quadrant_chart
from yakuba.plan.queries.surveys import SurveyShown
from yakuba.plan.rules.survey import Quadrant


def survey_chart(shown: SurveyShown) -> Chart | None:
    """The quadrant chart; `None` without items."""
    if shown.chart is None:
        return None
    notes = ["線は全設問の平均。割合は、満足・やや満足（重要・やや重要）と答えた人を、無回答を除く回答者で割ったもの。"]
    if shown.hidden:
        notes.append(f"回答が少ない{shown.hidden}設問は載せていません。")
    if shown.survey.is_sample:
        notes.append("見本の調査です。")
    return quadrant_chart(
        title=f"{shown.survey.title}: 満足度と重要度",
        opinions=[
            Opinion(
                one.item.title,
                one.item.satisfaction,
                one.item.importance,
                strong=one.quadrant is Quadrant.IMPROVE_FIRST,
            )
            for one in shown.chart.placed
        ],
        satisfaction_mean=shown.chart.satisfaction_border,
        importance_mean=shown.chart.importance_border,
        note="".join(notes),
    )
