"""Pressing a button of the process, also one that asks for a decision first (決裁)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind
from yakuba.kernel.approval.api import (
    Decider,
    DecisionMade,
    DecisionWithdrawn,
    ask_decision,
    decisions_on,
    is_current,
    requests_on,
)
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.things.api import Ref, ref_of
from yakuba.kernel.values.api import TOKYO, Clock, FixedClock, Refusal
from yakuba.office.appbuilder.access import holds, who_of
from yakuba.office.appbuilder.models import Act, PressRequest, PressState, Record, RecordHistory
from yakuba.office.appbuilder.queries.deciding import amount_of, content_of, in_readable_words
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.definition import AppDefinition
from yakuba.office.appbuilder.rules.permissions import Sight
from yakuba.office.appbuilder.rules.process import Approval, Button, SetTo, at_press, may_press
from yakuba.office.appbuilder.rules.values import is_shaped
from yakuba.office.appbuilder.services.define import main_section
from yakuba.office.appbuilder.services.records import RecordFault, hold, opened, put, refuse_faults, write_record

SUBJECT = "appbuilder.record"


class AlreadyPressed(Refusal):
    """The same person pressed this button on this record a moment ago: nothing is to be done."""

    def __init__(self, label: str) -> None:
        super().__init__(f"「{label}」は、すでに押してあります。", hint="いまの状態を確かめてください。")


class ChangedSinceSeen(Refusal):
    """Somebody else changed the record since the person saw it: nothing was pressed."""

    def __init__(self, label: str) -> None:
        super().__init__(
            f"開いている間に、ほかの人がこの記録を変更しました。「{label}」はまだ押していません。",
            hint="新しい内容を確かめてから、もう一度押してください。",
        )


@verb("appbuilder.press_button", label="アプリのボタン")
def press_button(
    *, by: Person, record: Record, button: str, values: Mapping[str, Any], version: int, clock: Clock
) -> Record:
    """Move a record by a button, or ask for the decision that will move it.

    `values` are what the button's own form asked for, `version` is the one the person saw: who presses says yes to
    exactly that. Raises `AlreadyPressed`, `ChangedSinceSeen`, `Refusal` when the button does not stand there,
    `NotAllowed`, `RecordFault` for what is missing, `UnderDecision`.
    """
    app = record.app
    shapes, definition, sight = opened(by, app)
    record = hold(by, record, app, definition, sight, clock)
    process = definition.process
    pressed = process.button(button) if process else None
    if process is None or pressed is None or process.field not in sight.visible:
        raise Refusal("このボタンは、いまのアプリにはありません。", hint="ページを開き直してください。")
    if record.version != version:
        _refuse_late(by, record, pressed, version)
    now = shapes.of(record, today=clock.today())
    staff = who_of(by).staff
    is_maker = record.made_by == by.id
    if not may_press(pressed, group=sight.group, is_maker=is_maker, staff=staff, values=now.values):
        raise NotAllowed(f"「{pressed.label}」を押せる人ではありません。")
    state = process.state_of(now.values)
    fields = {one.key: one for one in definition.stored}
    if state not in pressed.states:
        raise Refusal(f"いまの状態では「{pressed.label}」を押せません。", hint="ページを開き直してください。")
    if pressed.rule is not None and not holds(pressed.rule, now.values, fields, clock.today()):
        raise Refusal(
            f"「{pressed.label}」を押す条件を満たしていません。",
            hint="記録の内容を確かめ、必要なら先に直してください。",
        )
    after = _filled(pressed, definition, sight, now.values, values)
    given = frozenset(values)
    if pressed.approval is not None:
        refuse_faults(by, app, definition, after, given, record=record, clock=clock, sight=sight)
        write_record(record, definition, shapes.number, after, now.kept, Act.ASKED, by, clock, pressed.label)
        _ask(by, record, pressed, pressed.approval, definition, sight, state, staff, clock)
        return record
    targets = at_press(pressed.sets, at=clock.now().astimezone(TOKYO), staff=staff)
    after = put(after, {**targets, process.field: pressed.to})
    refuse_faults(by, app, definition, after, given | set(targets), record=record, clock=clock, sight=sight)
    kept = {key: value for key, value in now.kept.items() if key not in given | set(targets)}
    write_record(record, definition, shapes.number, after, kept, Act.PRESSED, by, clock, pressed.label)
    return record


def _refuse_late(by: Person, record: Record, button: Button, version: int) -> None:
    since = RecordHistory.objects.filter(record=record, version__gt=version, by=by.id, words=button.label)
    if since.filter(act__in=(Act.PRESSED, Act.ASKED)).exists():
        raise AlreadyPressed(button.label)
    raise ChangedSinceSeen(button.label)


def asked_of(button: Button, definition: AppDefinition, sight: Sight) -> frozenset[str]:
    """The fields a button's form asks a person for: those they may write."""
    return frozenset(key for key in button.asks if definition.field(key) is not None) & sight.editable


def _filled(
    button: Button, definition: AppDefinition, sight: Sight, now: Mapping[str, Any], values: Mapping[str, Any]
) -> dict[str, Any]:
    if set(values) - asked_of(button, definition, sight):
        raise NotAllowed("このボタンが尋ねていない項目が含まれています。")
    after = put(now, values)
    faults = {}
    for key in button.asks:
        one = definition.field(key)
        if one is not None and after.get(key) is None:
            seen = key in sight.visible
            faults[key] = (
                f"「{button.label}」には「{one.label}」が必要です。"
                if seen
                else f"「{button.label}」に必要な項目が、まだ入っていません。"
            )
    if faults:
        raise RecordFault(faults)
    return after


def _ask(
    by: Person,
    record: Record,
    button: Button,
    approval: Approval,
    definition: AppDefinition,
    sight: Sight,
    state: str,
    staff: str,
    clock: Clock,
) -> None:
    section = deciding_section(by, record, approval, clock)
    content, amount = content_of(record, button, definition, sight), amount_of(record, button)
    request = ask_decision(
        by=by,
        subject=ref_of(record),
        title=f"{record.app.title} 番号{record.number}：{button.label}",
        content=content,
        content_text=in_readable_words(by, record, button, definition, sight, today=clock.today()),
        authority=section.authority,
        section=section,
        kind=approval.kind,
        clock=clock,
        decider=Decider(approval.decider),
        facts={"amount": amount} if amount is not None else None,
    )
    PressRequest.objects.create(
        record=record,
        button=button.key,
        label=button.label,
        from_state=state,
        to_state=button.to,
        refused_state=approval.refused,
        sets=[one.model_dump(mode="json") for one in button.sets],
        content=content,
        request_id=request.public_id,
        asked_by=by.id,
        asked_name=by.name[:80],
        asked_staff=staff,
        asked_at=clock.now(),
    )


def deciding_section(by: Person, record: Record, approval: Approval, clock: Clock) -> Section:
    """Whose business the decision is. Raises `Refusal` where the house does not know."""
    section = record.app.section if approval.section == "owner" else main_section(by, clock.today())
    if section is None:
        raise Refusal(
            "決裁を求める所属が決まっていません。", hint="アプリを管理する人に、所管課を確かめてもらってください。"
        )
    return section


def hear_decision(event: DecisionMade) -> None:
    """The decision was made: the record moves, or is free again, in the same transaction."""
    press = _waiting(event.subject_kind, event.request_public_id)
    if press is None:
        return
    decision = next(
        one for one in decisions_on(Ref(SUBJECT, press.record.public_id)) if one.request.public_id == press.request_id
    )
    by = Person(id=decision.decided_by, name=decision.decided_name, kind=PersonKind.STAFF)
    end_press(
        by=by,
        press=press,
        outcome=event.outcome,
        is_valid=is_current(decision, press.content),
        clock=FixedClock(decision.decided_at),
    )


def hear_withdrawal(event: DecisionWithdrawn) -> None:
    """Whoever asked took the question back: the record is free again, in the state it was in."""
    press = _waiting(event.subject_kind, event.request_public_id)
    if press is None:
        return
    request = next(
        one for one in requests_on(Ref(SUBJECT, press.record.public_id)) if one.public_id == press.request_id
    )
    by = Person(id=request.asked_by, name=request.withdrawn_name or request.asked_name, kind=PersonKind.STAFF)
    moment = request.closed_at or request.asked_at
    end_press(by=by, press=press, outcome="withdrawn", is_valid=True, clock=FixedClock(moment))


def _waiting(kind: str, request_id: str) -> PressRequest | None:
    if kind != SUBJECT:
        return None
    found = PressRequest.objects.select_related("record__app")
    return found.filter(request_id=request_id, state=PressState.WAITING).first()


_ENDS = {"approved": "承認", "refused": "否決", "returned": "差戻し", "withdrawn": "取下げ"}


@verb("appbuilder.end_press", label="決裁によるアプリの記録の移動")
def end_press(*, by: Person, press: PressRequest, outcome: str, is_valid: bool, clock: Clock) -> Record:
    """What a decision does to the record: on with it, back, or nowhere when it no longer says what was asked."""
    record = Record.objects.select_for_update(of=("self",)).select_related("app").get(pk=press.record_id)
    shapes = Shapes(record.app)
    definition = shapes.definition
    now = shapes.of(record, today=clock.today())
    field = definition.process.field if definition.process else ""
    states = {choice.key for choice in one.choices} if (one := definition.field(field)) else set()
    changes: dict[str, Any] = {}
    press.state = PressState.ENDED
    words = f"{press.label}：{_ENDS[outcome]}"
    if outcome == "approved":
        sets = tuple(SetTo.model_validate(part) for part in press.sets)
        changes = {
            **at_press(sets, at=clock.now().astimezone(TOKYO), staff=press.asked_staff),
            field: press.to_state,
        }
        fits = press.to_state in states and all(_fits(definition, key, value) for key, value in changes.items())
        press.state = PressState.MOVED if is_valid and fits else PressState.INVALID
        if press.state == PressState.INVALID:
            changes = {}
            why = "アプリの流れ" if is_valid else "内容"
            words = f"{press.label}：承認されたが、{why}が変わっていたため進めていない"
    elif outcome == "refused" and press.refused_state in states:
        changes = {field: press.refused_state}
    press.ended_at = clock.now()
    press.save(update_fields=["state", "ended_at"])
    write_record(record, definition, shapes.number, put(now.values, changes), now.kept, Act.DECIDED, by, clock, words)
    return record


def _fits(definition: AppDefinition, key: str, value: Any) -> bool:
    one = definition.field(key)
    return one is not None and (value is None or is_shaped(one, value))


__all__ = [
    "SUBJECT",
    "AlreadyPressed",
    "ChangedSinceSeen",
    "asked_of",
    "deciding_section",
    "end_press",
    "hear_decision",
    "hear_withdrawal",
    "press_button",
]
