"""Somebody is to act for somebody else: asked, accepted, refused, revoked; registered at the counter."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind
from yakuba.kernel.audit.api import verb
from yakuba.kernel.events.api import publish
from yakuba.kernel.people.access import checks_mandates
from yakuba.kernel.people.events import MandateInForce, MandateRevoked
from yakuba.kernel.people.models import Mandate
from yakuba.kernel.people.recognising import Known, protected_among
from yakuba.kernel.people.rules.mandates import MANDATE_STATES, MandateKind, MandateState, checked_period
from yakuba.kernel.people.rules.profiles import one_line
from yakuba.kernel.values.api import Clock, Period, Refusal


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a mandate: an account's public id, or name and address of somebody without one."""

    name: str
    account: str = ""
    address: str = ""
    born_on: date | None = None


@verb("people.request_mandate", label="委任の登録")
def request_mandate(
    *,
    by: Person,
    kind: MandateKind,
    principal: Party,
    agent: Party,
    scope: Collection[str],
    scope_words: str,
    is_for_everything: bool,
    starts_on: date,
    last_day: date | None,
    evidence_file: str,
    clock: Clock,
) -> Mandate:
    """Note that ``agent`` is to act for ``principal``; it counts only after somebody else accepted it.

    A resident may ask for mandates they are a party of; staff for anybody (what was handed in at the counter). Raises
    ``NotAllowed``, ``Refusal``.
    """
    if by.kind is PersonKind.RESIDENT and by.id not in (principal.account, agent.account):
        raise NotAllowed("自分にかかわらない委任は登録できません。")
    if by.kind not in (PersonKind.RESIDENT, PersonKind.STAFF, PersonKind.SYSTEM):
        raise NotAllowed("委任を登録できるのは、本人・代理人・職員です。")
    if principal.account and principal.account == agent.account:
        raise Refusal("本人と代理人が同じです。", field="agent", hint="代理人には別の人を選んでください。")
    names = [
        one_line(party.name, field=field, longest=120) for party, field in ((principal, "principal"), (agent, "agent"))
    ]
    if not all(names):
        raise Refusal("本人か代理人の氏名が空です。", hint="氏名を入力してください。")
    if not is_for_everything and not scope:
        raise Refusal("委任する手続きがありません。", field="scope", hint="手続きを選んでください。")
    period = checked_period(kind, starts_on, last_day, principal_born_on=principal.born_on)
    return Mandate.objects.create(
        kind=kind.value,
        principal_account=principal.account,
        principal_name=names[0],
        principal_born_on=principal.born_on,
        principal_address=one_line(principal.address, field="principal", longest=300),
        agent_account=agent.account,
        agent_name=names[1],
        agent_address=one_line(agent.address, field="agent", longest=300),
        scope=sorted(scope),
        scope_words=one_line(scope_words, field="scope", longest=200),
        is_for_everything=is_for_everything,
        starts_on=period.start,
        ends_on=period.end,
        evidence_file=evidence_file[:16],
        requested_by=by.id,
        requested_at=clock.now(),
    )


@verb("people.register_mandate", label="窓口での委任の登録")
def register_mandate(
    *,
    by: Person,
    kind: MandateKind,
    principal: Party,
    agent: Party,
    scope: Collection[str],
    scope_words: str,
    is_for_everything: bool,
    starts_on: date,
    last_day: date | None,
    evidence_note: str,
    clock: Clock,
) -> Mandate:
    """A clerk has the paper in hand and registers what it says: asked and accepted at once, or not at all.

    The agent needs an account, because a registered mandate is used by signing in. The place of somebody protected
    (支援措置), and of whoever acts for them or they act for, is not kept: it stands on the paper. Registered twice (a second
    press) it is the same mandate. Raises ``NotAllowed``, ``Refusal``.
    """
    if not checks_mandates.allows(by):
        raise NotAllowed(f"委任を登録できるのは「{checks_mandates.words}」です。")
    if not agent.account:
        raise Refusal(
            "代理人のアカウントがありません。",
            field="agent_mail",
            hint="代理人が利用登録をしてから登録するか、手続きのときに委任状を付けてもらってください。",
        )
    if any(protected_among([_known(principal), _known(agent)], on=clock.today())):
        principal, agent = replace(principal, address=""), replace(agent, address="")
    period = checked_period(kind, starts_on, last_day, principal_born_on=principal.born_on)
    twin = _in_force_already(kind, principal, agent, scope, is_for_everything, period)
    if twin is not None:
        return twin
    mandate = request_mandate(
        by=by,
        kind=kind,
        principal=principal,
        agent=agent,
        scope=scope,
        scope_words=scope_words,
        is_for_everything=is_for_everything,
        starts_on=starts_on,
        last_day=period.last_day,
        evidence_file="",
        clock=clock,
    )
    return accept_mandate(by=by, mandate=mandate, evidence_note=evidence_note, clock=clock)


def _in_force_already(
    kind: MandateKind, principal: Party, agent: Party, scope: Collection[str], is_for_everything: bool, period: Period
) -> Mandate | None:
    """A mandate in force that says the very same."""
    rows = Mandate.objects.filter(
        state=MandateState.IN_FORCE.value,
        kind=kind.value,
        principal_account=principal.account,
        principal_name=one_line(principal.name, field="principal", longest=120),
        principal_born_on=principal.born_on,
        agent_account=agent.account,
        agent_name=one_line(agent.name, field="agent", longest=120),
        is_for_everything=is_for_everything,
        starts_on=period.start,
        ends_on=period.end,
    )
    return next((one for one in rows if one.scope == sorted(scope)), None)


def _known(party: Party) -> Known:
    return Known(account=party.account, name=party.name, born_on=party.born_on)


@verb("people.accept_mandate", label="委任の承認")
def accept_mandate(*, by: Person, mandate: Mandate, evidence_note: str, clock: Clock) -> Mandate:
    """The principal agrees on their own account, or staff compared the paper and say in ``evidence_note`` what they saw.

    Who entered a mandate for somebody without account cannot be its only witness unless staff did both on paper.
    Raises ``NotAllowed``, ``Refusal``.
    """
    kept = _locked(mandate)
    is_principal = by.kind is PersonKind.RESIDENT and kept.principal_account == by.id
    if not is_principal and not checks_mandates.allows(by):
        raise NotAllowed("委任を承認できるのは、本人か、書類を確かめた職員です。")
    if not is_principal and not evidence_note.strip():
        raise Refusal(
            "確かめたものが空です。", field="evidence_note", hint="委任状、戸籍など、見た書類を書いてください。"
        )
    kept.evidence_note = (
        "本人が画面で承認" if is_principal else one_line(evidence_note, field="evidence_note", longest=200)
    )
    kept = _moved(kept, MandateState.IN_FORCE, "", by, clock)
    publish(MandateInForce(mandate_public_id=kept.public_id))
    return kept


@verb("people.refuse_mandate", label="委任を認めない")
def refuse_mandate(*, by: Person, mandate: Mandate, reason: str, clock: Clock) -> Mandate:
    """The principal says no, or the paper does not show it. Raises ``NotAllowed``, ``Refusal``."""
    kept = _locked(mandate)
    is_principal = by.kind is PersonKind.RESIDENT and kept.principal_account == by.id
    if not is_principal and not checks_mandates.allows(by):
        raise NotAllowed("委任を断れるのは、本人か、書類を確かめた職員です。")
    if not is_principal and not reason.strip():
        raise Refusal("理由が空です。", field="reason", hint="認められない理由を書いてください。")
    return _moved(kept, MandateState.REFUSED, reason, by, clock)


@verb("people.revoke_mandate", label="委任の取消し")
def revoke_mandate(*, by: Person, mandate: Mandate, reason: str, clock: Clock) -> Mandate:
    """Either side ends it at any time (民法第651条), staff when they learnt that it is over (死亡 …).

    Raises ``NotAllowed``, ``Refusal``.
    """
    kept = _locked(mandate)
    is_party = by.kind is PersonKind.RESIDENT and by.id in (kept.principal_account, kept.agent_account)
    if is_party and by.id == kept.principal_account and MandateKind(kept.kind).is_by_law:
        raise Refusal(
            "法律による代理は、画面からは取り消せません。", hint="事情が変わったときは、役場に知らせてください。"
        )
    if not is_party and not checks_mandates.allows(by):
        raise NotAllowed("委任を取り消せるのは、本人・代理人・担当の職員です。")
    if not is_party and not reason.strip():
        raise Refusal("取り消す理由が空です。", field="reason", hint="死亡、本人の申出など、理由を書いてください。")
    was_in_force = kept.state == MandateState.IN_FORCE
    kept = _moved(kept, MandateState.REVOKED, reason, by, clock)
    if was_in_force:
        publish(MandateRevoked(mandate_public_id=kept.public_id))
    return kept


def _locked(mandate: Mandate) -> Mandate:
    return Mandate.objects.select_for_update().get(pk=mandate.pk)


def _moved(kept: Mandate, to: MandateState, reason: str, by: Person, clock: Clock) -> Mandate:
    MANDATE_STATES.check(MandateState(kept.state), to)
    kept.state, kept.reason = to.value, one_line(reason, field="reason", longest=200)
    kept.decided_by, kept.decided_at = by.id, clock.now()
    kept.save(update_fields=["state", "reason", "evidence_note", "decided_by", "decided_at"])
    return kept
