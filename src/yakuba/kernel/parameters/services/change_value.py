"""A dated value changes by two persons."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import NotAllowed, Person, Role
from yakuba.kernel.audit.api import verb
from yakuba.kernel.parameters.models import ParameterValue, ValueState
from yakuba.kernel.parameters.registry import find_parameter, read_value, stored_form
from yakuba.kernel.values.api import Clock, Refusal

MAY_PROPOSE = (Role.SECRETARIAT, Role.IT, Role.PERSONNEL, Role.SECTION_HEAD)
MAY_APPROVE = (Role.SECRETARIAT, Role.SECTION_HEAD, Role.DEPUTY_MAYOR, Role.MAYOR)


@verb("parameters.propose_value", label="条例などに基づく値の変更を提案")
def propose_value(*, by: Person, key: str, written: str, valid_from: date, source: str, clock: Clock) -> ParameterValue:
    """Propose a value from a day on. Raises ``Refusal`` for an unreadable value or a missing source."""
    if not by.has(*MAY_PROPOSE):
        raise NotAllowed("値の変更を提案できるのは、事務局・情報システム・人事・所属長です。")
    wanted = find_parameter(key)
    if wanted is None:
        raise Refusal(f"項目「{key}」がありません。", field="key", hint="一覧から選んでください。")
    if not source.strip():
        raise Refusal("根拠が空です。", field="source", hint="条例・規則の名前と条、または決定の番号を書いてください。")
    value = read_value(wanted, written)
    return ParameterValue.objects.create(
        key=key,
        value=stored_form(value),
        valid_from=valid_from,
        source=source.strip()[:200],
        proposed_by=by.id,
        proposed_name=by.name,
        proposed_at=clock.now(),
    )


@verb("parameters.approve_value", label="条例などに基づく値を決定")
def approve_value(*, by: Person, value: ParameterValue, clock: Clock) -> ParameterValue:
    """Decide a proposed value. Raises ``Refusal`` for the person who proposed it."""
    return _decide(by, value, ValueState.APPROVED, "", clock)


@verb("parameters.reject_value", label="条例などに基づく値を差し戻し")
def reject_value(*, by: Person, value: ParameterValue, reason: str, clock: Clock) -> ParameterValue:
    """Send a proposed value back with a reason."""
    if not reason.strip():
        raise Refusal("差し戻しの理由が空です。", field="reason", hint="提案した人が直せるように理由を書いてください。")
    return _decide(by, value, ValueState.REJECTED, reason.strip()[:400], clock)


def _decide(by: Person, value: ParameterValue, state: ValueState, reason: str, clock: Clock) -> ParameterValue:
    if not by.has(*MAY_APPROVE):
        raise NotAllowed("値を決定できるのは、事務局・所属長・副町長・町長です。")
    kept = ParameterValue.objects.select_for_update().get(pk=value.pk)
    if kept.state != ValueState.PROPOSED:
        raise Refusal(f"この値はすでに「{kept.get_state_display()}」です。", hint="一覧を開き直してください。")
    if kept.proposed_by == by.id:
        raise Refusal("自分が提案した値は決定できません。", hint="ほかの人に確認を頼んでください。")
    kept.state = state
    kept.reason = reason
    kept.decided_by, kept.decided_name, kept.decided_at = by.id, by.name, clock.now()
    kept.save()
    return kept
