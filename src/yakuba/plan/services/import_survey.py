"""Importing the added-up results of a residents' survey."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.parameters.api import is_sample_town
from yakuba.kernel.values.api import Clock, FiscalYear, Refusal
from yakuba.plan.access import MAY_STEER, ensure
from yakuba.plan.models import Plan, Survey, SurveyItem
from yakuba.plan.models.acted import acting
from yakuba.plan.rules.survey import SurveyRow


@verb("plan.import_survey", label="満足度調査を取り込む")
def import_survey(
    *,
    by: Person,
    plan: Plan,
    title: str,
    held_on: date,
    sent: int | None,
    returned: int | None,
    how: str,
    rows: Sequence[SurveyRow],
    clock: Clock,
) -> Survey:
    """Store a survey. The same title in the same fiscal year is a corrected edition; the earlier one stays stored."""
    ensure(by, may=MAY_STEER, doing="満足度調査を取り込む")
    if not title.strip():
        raise Refusal("調査名が空です。", field="title", hint="調査名を書いてください。")
    if not how.strip():
        raise Refusal("調査の方法が空です。", field="how", hint="だれに、どうやって聞いたかを書いてください。")
    if held_on > clock.today():
        raise Refusal("締切日が未来の日付です。", field="held_on", hint="終わった調査だけを取り込めます。")
    if sent is not None and returned is not None and returned > sent:
        raise Refusal("回答数が配った数より多くなっています。", field="returned", hint="数を確かめてください。")
    if not rows:
        raise Refusal("設問が1つもありません。", field="file", hint="ファイルの中身を確かめてください。")
    year = FiscalYear.of(held_on)
    Plan.objects.select_for_update().get(pk=plan.pk)
    earlier = Survey.objects.filter(plan=plan, title=title.strip(), fiscal_year=year.year).count()
    survey = Survey.objects.create(
        plan=plan,
        title=title.strip(),
        fiscal_year=year.year,
        held_on=held_on,
        sent=sent,
        returned=returned,
        how=how.strip(),
        edition=earlier + 1,
        is_sample=is_sample_town(),
        acted_at=clock.now(),
        **acting(by),
    )
    SurveyItem.objects.bulk_create(
        SurveyItem(
            survey=survey,
            position=position,
            key=row.item.key,
            title=row.item.title,
            satisfaction=row.item.satisfaction,
            importance=row.item.importance,
            answered=row.item.answered,
            satisfaction_counts=row.satisfaction_counts,
            importance_counts=row.importance_counts,
        )
        for position, row in enumerate(rows, start=1)
    )
    return survey
