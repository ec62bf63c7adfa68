"""The yearly grade of an initiative: given with a reason, published by decision."""

from __future__ import annotations

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.values.api import Clock, FiscalYear, Refusal
from yakuba.plan.access import MAY_JUDGE, MAY_STEER, ensure
from yakuba.plan.models import Assessment, AssessmentRelease, Initiative
from yakuba.plan.models.acted import acting
from yakuba.plan.rules.grades import Grade, Proposal


@verb("plan.grade_initiative", label="年度評価を付ける")
def grade_initiative(
    *,
    by: Person,
    initiative: Initiative,
    year: FiscalYear,
    grade: Grade,
    proposal: Proposal,
    reason: str,
    evidence: str,
    next_step: str,
    clock: Clock,
) -> Assessment:
    """Grade an initiative for a fiscal year; `proposal` is what the figures speak for and is kept word by word.

    A later grade of the same year replaces an earlier one and leaves it readable. Raises `Refusal` without reason or
    evidence, for a year not yet begun, and for A or B where the figures allow no judgement and the reason does not go
    beyond them: a D must not become green by itself.
    """
    ensure(by, may=MAY_JUDGE, doing="年度評価を付ける")
    if clock.today() < year.start:
        raise Refusal(f"{year.label}はまだ始まっていません。", field="fiscal_year", hint="年度を確かめてください。")
    if not reason.strip():
        raise Refusal("理由が空です。", field="reason", hint="なぜこの評価なのかを書いてください。")
    if not evidence.strip():
        raise Refusal("根拠が空です。", field="evidence", hint="どの記録・資料によるかを書いてください。")
    if proposal.grade is Grade.D and grade in (Grade.A, Grade.B) and len(reason.strip()) < SHORTEST_REASON_AGAINST_D:
        raise Refusal(
            "数値からは判定できない（D）取組を、AやBにする理由が短すぎます。",
            field="reason",
            hint=f"何を見て進んでいると判断したかを、{SHORTEST_REASON_AGAINST_D}文字以上で書いてください。",
        )
    return Assessment.objects.create(
        initiative=initiative,
        fiscal_year=year.year,
        grade=grade.value,
        proposed=proposal.grade.value,
        reason=reason.strip(),
        evidence=evidence.strip(),
        next_step=next_step.strip(),
        findings=[{"grade": one.grade.value if one.grade else None, "words": one.words} for one in proposal.reasons],
        acted_at=clock.now(),
        **acting(by),
    )


SHORTEST_REASON_AGAINST_D = 30
"""Characters. Enough for one sentence that names something seen."""


@verb("plan.release_grade", label="年度評価を公開する")
def release_grade(*, by: Person, assessment: Assessment, decided_in: str, clock: Clock) -> AssessmentRelease:
    """Publish a grade, naming where it was decided (e.g. 「第2回推進本部会議」). Raises `Refusal` for a second time."""
    ensure(by, may=MAY_STEER, doing="年度評価を公開する")
    if not decided_in.strip():
        raise Refusal("決めた場が空です。", field="decided_in", hint="推進本部の会議名などを書いてください。")
    kept = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if AssessmentRelease.objects.filter(assessment=kept).exists():
        raise Refusal("この評価はすでに公開されています。", hint="直すときは、新しい評価を付けて公開してください。")
    newest = (
        Assessment.objects.filter(initiative=kept.initiative, fiscal_year=kept.fiscal_year)
        .order_by("-acted_at", "-id")
        .first()
    )
    if newest is not None and newest.pk != kept.pk:
        raise Refusal(
            "この評価の後に、新しい評価が付いています。", hint="新しい評価を確かめて、そちらを公開してください。"
        )
    return AssessmentRelease.objects.create(
        assessment=kept, decided_in=decided_in.strip(), acted_at=clock.now(), **acting(by)
    )
