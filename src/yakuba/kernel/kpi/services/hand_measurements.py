"""Values taken by hand: one person enters, another approves."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from yakuba.kernel.access.api import NotAllowed, Person, Role
from yakuba.kernel.audit.api import verb
from yakuba.kernel.events.api import publish
from yakuba.kernel.kpi.events import MeasurementApproved
from yakuba.kernel.kpi.models import HandMeasurement, HandState, Snapshot
from yakuba.kernel.kpi.registry import known_measures
from yakuba.kernel.parameters.api import is_sample_town
from yakuba.kernel.values.api import Clock, Refusal

MAY_APPROVE = (Role.SECRETARIAT, Role.SECTION_HEAD, Role.DEPUTY_MAYOR, Role.MAYOR)


@verb("kpi.enter_measurement", label="指標を手入力")
def enter_measurement(
    *,
    by: Person,
    measure_id: str,
    on: date,
    value: Decimal,
    n: int | None,
    how: str,
    evidence: str,
    evidence_file: str,
    is_baseline: bool,
    clock: Clock,
) -> HandMeasurement:
    """Propose a value with its evidence. Raises ``Refusal`` for an unknown measure, a future day or missing evidence."""
    if measure_id not in known_measures():
        raise Refusal(f"指標「{measure_id}」がありません。", field="measure_id", hint="一覧から選んでください。")
    if on > clock.today():
        raise Refusal("測った日が未来の日付です。", field="on", hint="今日までの日付を入れてください。")
    if not how.strip():
        raise Refusal("測り方が空です。", field="how", hint="どうやって測ったかを一文で書いてください。")
    if not evidence.strip() and not evidence_file:
        raise Refusal(
            "根拠がありません。",
            field="evidence",
            hint="根拠を書くか、資料を付けてください。根拠のない値は記録できません。",
        )
    return HandMeasurement.objects.create(
        measure_id=measure_id,
        on=on,
        value=value,
        n=n,
        how=how.strip(),
        evidence=evidence.strip(),
        evidence_file=evidence_file,
        is_baseline=is_baseline,
        entered_by=by.id,
        entered_name=by.name,
        entered_at=clock.now(),
        is_sample=is_sample_town(),
    )


@verb("kpi.approve_measurement", label="手入力の値を承認")
def approve_measurement(*, by: Person, measurement: HandMeasurement, clock: Clock) -> Snapshot:
    """Approve a proposed value; from now on it counts. Raises ``Refusal`` for the person who entered it."""
    kept = _undecided(by, measurement)
    kept.state = HandState.APPROVED
    kept.decided_by, kept.decided_name, kept.decided_at = by.id, by.name, clock.now()
    kept.save()
    snapshot = Snapshot.objects.create(
        measure_id=kept.measure_id,
        on=kept.on,
        value=kept.value,
        n=kept.n,
        source=Snapshot.Source.HAND,
        hand=kept,
        is_baseline=kept.is_baseline,
        is_sample=kept.is_sample,
        taken_at=clock.now(),
    )
    publish(MeasurementApproved(measure_id=kept.measure_id, on=kept.on.isoformat()))
    return snapshot


@verb("kpi.reject_measurement", label="手入力の値を差し戻し")
def reject_measurement(*, by: Person, measurement: HandMeasurement, reason: str, clock: Clock) -> HandMeasurement:
    """Send a proposed value back with a reason; it stays readable and never counts."""
    if not reason.strip():
        raise Refusal("差し戻しの理由が空です。", field="reason", hint="入力した人が直せるように理由を書いてください。")
    kept = _undecided(by, measurement)
    kept.state = HandState.REJECTED
    kept.decided_by, kept.decided_name, kept.decided_at = by.id, by.name, clock.now()
    kept.reason = reason.strip()
    kept.save()
    return kept


def _undecided(by: Person, measurement: HandMeasurement) -> HandMeasurement:
    if not by.has(*MAY_APPROVE):
        raise NotAllowed("承認できるのは事務局・所属長・副町長・町長です。")
    kept = HandMeasurement.objects.select_for_update().get(pk=measurement.pk)
    if kept.state != HandState.PROPOSED:
        raise Refusal(
            f"この値はすでに「{kept.get_state_display()}」です。", hint="一覧を開き直して、今の状態を確かめてください。"
        )
    if kept.entered_by == by.id:
        raise Refusal("自分が入力した値は承認できません。", hint="ほかの人に承認を頼んでください。")
    return kept
