"""Confirming that a phase of the schedule is finished."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.plan.access import MAY_JUDGE, ensure
from yakuba.plan.models import Initiative, PhaseConfirmation
from yakuba.plan.models.acted import acting
from yakuba.plan.queries.current import content_of, newest_version
from yakuba.plan.rules.schedule import phase_key, place_phases


@verb("plan.confirm_phase", label="工程の完了を確認する")
def confirm_phase(
    *, by: Person, initiative: Initiative, phase: str, is_done: bool, on: date, evidence: str, clock: Clock
) -> PhaseConfirmation:
    """Record that the phase with this key is finished, or take that back. Raises `Refusal` like `confirm_milestone`."""
    ensure(by, may=MAY_JUDGE, doing="工程の完了を確認する")
    if phase not in _phases_of(initiative):
        raise Refusal("この工程は今の計画にありません。", hint="画面を開き直して、今の工程から選んでください。")
    if on > clock.today():
        raise Refusal("終わった日が未来の日付です。", field="on", hint="今日までの日付を入力してください。")
    if not evidence.strip():
        raise Refusal("根拠が空です。", field="evidence", hint="何をもって終わったとするかを書いてください。")
    kept = Initiative.objects.select_for_update().get(pk=initiative.pk)
    last = kept.phase_confirmations.filter(phase=phase).order_by("-acted_at", "-id").first()
    if (last is not None and last.is_done) == is_done:
        words = "すでに完了しています" if is_done else "まだ完了していないため、取り消せません"
        raise Refusal(f"この工程は{words}。", hint="画面を開き直して、今の状態を確かめてください。")
    return PhaseConfirmation.objects.create(
        initiative=kept,
        phase=phase,
        is_done=is_done,
        on=on,
        evidence=evidence.strip(),
        acted_at=clock.now(),
        **acting(by),
    )


def _phases_of(initiative: Initiative) -> set[str]:
    version = newest_version(initiative.plan)
    if version is None:
        return set()
    content = content_of(version)
    found = next((one for one in content.initiatives if one.id == initiative.key), None)
    return {phase_key(phase) for phase in place_phases(found.phases, content.plan)} if found else set()
