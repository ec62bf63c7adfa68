"""Satisfaction against importance, drawn."""

from __future__ import annotations

from django.utils.translation import get_language, gettext

from yakuba.kernel.ui.charts import Chart, Opinion, quadrant_chart
from yakuba.plan.queries.surveys import SurveyShown
from yakuba.plan.rules.survey import Quadrant
from yakuba.plan.wording import joined


def survey_chart(shown: SurveyShown) -> Chart | None:
    """The quadrant chart; `None` without items."""
    if shown.chart is None:
        return None
    notes = [
        gettext(
            "線は全設問の平均。割合は、満足・やや満足（重要・やや重要）と答えた人を、無回答を除く回答者で割ったもの。"
        )
    ]
    if shown.hidden:
        notes.append(gettext("回答が少ない%(n)s設問は載せていません。") % {"n": shown.hidden})
    if shown.survey.is_sample:
        notes.append(gettext("見本の調査です。"))
    return quadrant_chart(
        title=gettext("%(survey)s: 満足度と重要度") % {"survey": shown.survey.title},
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
        note=joined(notes),
        language=get_language() or "ja",
    )
