"""Advice from outside, and the town's answer."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.plan.access import MAY_ADVISE, MAY_STEER, ensure
from yakuba.plan.models import Advice, Initiative, Plan
from yakuba.plan.models.acted import acting


@verb("plan.take_advice", label="助言を記録する")
def take_advice(
    *, by: Person, plan: Plan, initiative: Initiative | None, adviser: str, given_on: date, text: str, clock: Clock
) -> Advice:
    """Record advice, by the adviser or by the secretariat that heard it."""
    ensure(by, may=MAY_ADVISE, doing="助言を記録する")
    for field, value, what in (("adviser", adviser, "助言者"), ("text", text, "助言")):
        if not value.strip():
            raise Refusal(f"{what}が空です。", field=field, hint=f"{what}を書いてください。")
    if given_on > clock.today():
        raise Refusal("助言の日が未来の日付です。", field="given_on", hint="今日までの日付を入力してください。")
    return Advice.objects.create(
        plan=plan,
        initiative=initiative,
        adviser=adviser.strip(),
        given_on=given_on,
        text=text.strip(),
        acted_at=clock.now(),
        **acting(by),
    )


@verb("plan.answer_advice", label="助言に答える")
def answer_advice(*, by: Person, advice: Advice, is_accepted: bool, answer: str, clock: Clock) -> Advice:
    """Say whether advice is taken up, and why. Raises `Refusal` without words or for a second answer."""
    ensure(by, may=MAY_STEER, doing="助言に答える")
    if not answer.strip():
        raise Refusal("答えが空です。", field="answer", hint="取り入れるかどうかと、その理由を書いてください。")
    kept = Advice.objects.select_for_update().get(pk=advice.pk)
    if kept.answered_on is not None:
        raise Refusal("この助言にはすでに答えています。", hint="一覧を開き直してください。")
    kept.is_accepted, kept.answer = is_accepted, answer.strip()
    kept.answered_name, kept.answered_on = by.name, clock.today()
    kept.save()
    return kept
