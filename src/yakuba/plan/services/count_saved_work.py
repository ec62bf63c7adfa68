"""Hours freed: entered by one person, agreed to by another."""

from __future__ import annotations

from decimal import Decimal

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.parameters.api import is_sample_town
from yakuba.kernel.values.api import Clock, FiscalYear, Refusal
from yakuba.plan.access import MAY_JUDGE, MAY_REPORT, ensure
from yakuba.plan.models import Initiative, Plan, SavedWork, SavedWorkDecision
from yakuba.plan.models.acted import acting
from yakuba.plan.rules.hours_freed import Method, check_saving


@verb("plan.enter_saved_work", label="生まれた時間を入力する")
def enter_saved_work(
    *,
    by: Person,
    plan: Plan,
    initiative: Initiative | None,
    year: FiscalYear,
    work: str,
    minutes_before: Decimal,
    minutes_after: Decimal,
    cases: int,
    method: Method,
    evidence: str,
    clock: Clock,
) -> SavedWork:
    """Propose a saving with its evidence. Raises `Refusal` for figures that cannot be or a missing ground."""
    ensure(by, may=MAY_REPORT, doing="生まれた時間を入力する")
    if not work.strip():
        raise Refusal("仕事の名前が空です。", field="work", hint="何の仕事かを書いてください。")
    if not evidence.strip():
        raise Refusal("根拠が空です。", field="evidence", hint="前と後の時間をどう測ったかを書いてください。")
    if year.start > clock.today():
        raise Refusal(f"{year.label}はまだ始まっていません。", field="fiscal_year", hint="年度を確かめてください。")
    check_saving(minutes_before=minutes_before, minutes_after=minutes_after, cases=cases)
    return SavedWork.objects.create(
        plan=plan,
        initiative=initiative,
        fiscal_year=year.year,
        work=work.strip(),
        minutes_before=minutes_before,
        minutes_after=minutes_after,
        cases=cases,
        method=method.value,
        evidence=evidence.strip(),
        is_sample=is_sample_town(),
        acted_at=clock.now(),
        **acting(by),
    )


@verb("plan.decide_saved_work", label="生まれた時間を承認・差し戻し")
def decide_saved_work(
    *, by: Person, saved_work: SavedWork, is_approved: bool, reason: str, clock: Clock
) -> SavedWorkDecision:
    """Agree to a saving or send it back. Raises `Refusal` for one's own entry, a second decision, a silent rejection."""
    ensure(by, may=MAY_JUDGE, doing="生まれた時間を承認する")
    kept = SavedWork.objects.select_for_update().get(pk=saved_work.pk)
    if kept.acted_by == by.id:
        raise Refusal("自分が入力したものは承認できません。", hint="ほかの人に承認を頼んでください。")
    if SavedWorkDecision.objects.filter(saved_work=kept).exists():
        raise Refusal("すでに承認または差し戻しされています。", hint="一覧を開き直してください。")
    if not is_approved and not reason.strip():
        raise Refusal("差し戻しの理由が空です。", field="reason", hint="入力した人が直せるように理由を書いてください。")
    return SavedWorkDecision.objects.create(
        saved_work=kept, is_approved=is_approved, reason=reason.strip(), acted_at=clock.now(), **acting(by)
    )
