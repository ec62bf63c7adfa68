"""補助金 over its stages, as the person who applies sees it: what was sent, what comes next, by when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yakuba.kernel.cases.api import Case, GrantStage, StateWords, carried_answers, case_states
from yakuba.kernel.cases.models import Notice, NoticeKind, NoticeState, Outcome
from yakuba.kernel.cases.queries.grants import cases_of_grant, grant_behind
from yakuba.kernel.cases.queries.standing import handling_of
from yakuba.kernel.cases.rules.grants import StageCase, stage_of_form
from yakuba.kernel.cases.rules.grants import next_stages as may_follow
from yakuba.kernel.catalogue.api import ChannelKind, Procedure, channels_of
from yakuba.kernel.forms.api import live_version
from yakuba.kernel.forms.models import FormVersion
from yakuba.kernel.values.api import Text

STAGE_WORDS: Mapping[GrantStage, Text] = {
    GrantStage.APPLY: Text("交付申請（はじめの申請）", easy="はじめの 申請", en="Application for the grant"),
    GrantStage.CHANGE: Text(
        "変更承認申請（内容を変えるとき）", easy="中身を かえる ときの 申請", en="Application to change the plan"
    ),
    GrantStage.REPORT: Text(
        "実績報告（終わったことの報告）", easy="おわった ことの 報告", en="Report that the work is done"
    ),
    GrantStage.CLAIM: Text("請求（お金の受け取り）", easy="お金を もらう 手続き", en="Claim for payment"),
}
"""What the stages are called for residents, each with a word on what it is for."""


@dataclass(frozen=True, slots=True)
class SentStage:
    """A stage that was sent."""

    case: Case
    title: Text
    states: StateWords
    is_this: bool


@dataclass(frozen=True, slots=True)
class NextStage:
    """A stage that may be sent now. Without a ``version`` it is handed in at the section. ``due`` is its last day."""

    stage: GrantStage
    title: Text
    version: FormVersion | None
    due: date | None


def stages_around(case: Case) -> tuple[list[SentStage], list[NextStage]]:
    """The stages of the grant a case belongs to in the order they were sent, and what may be sent now; both empty for
    anything else. A change without a form of its own is left out: it is not what everybody does next."""
    grant = grant_behind(case) if case.kind == "subsidy" else None
    if grant is None:
        return [], []
    cases = cases_of_grant(grant)
    sent = [SentStage(one, STAGE_WORDS[GrantStage(one.stage)], case_states(one), one.pk == case.pk) for one in cases]
    possible = may_follow([StageCase(GrantStage(one.stage), one.state, one.outcome) for one in cases])
    forms = forms_by_stage(case.procedure) if possible else {}
    found = [
        NextStage(
            stage=stage,
            title=STAGE_WORDS[stage],
            version=forms.get(stage),
            due=grant.report_by if stage is GrantStage.REPORT else None,
        )
        for stage in possible
    ]
    return sent, [one for one in found if one.version is not None or one.stage is not GrantStage.CHANGE]


def forms_by_stage(procedure: Procedure) -> dict[GrantStage, FormVersion]:
    """The open forms by which the stages are sent online."""
    named = handling_of(procedure).stage_forms
    found: dict[GrantStage, FormVersion] = {}
    for channel in channels_of(procedure):
        stage = stage_of_form(channel.target, named)
        if channel.kind == ChannelKind.YAKUBA_FORM.value and channel.live_since is not None and stage not in found:
            version = live_version(channel.target)
            if version is not None:
                found[stage] = version
    return found


def carried_over(case: Case) -> dict[str, Any]:
    """What the form of the next stage begins with: the answers so far, and what the letters of the town say.

    Forms ask for the letters under the keys ``decision_number``, ``decision_date``, ``decided_amount`` (交付決定) and
    ``fixed_number``, ``fixed_date``, ``fixed_amount`` (額の確定).
    """
    carried = dict(carried_answers(case))
    grant = grant_behind(case)
    for one in cases_of_grant(grant) if grant else []:
        if one.stage in (GrantStage.APPLY, GrantStage.CHANGE):
            carried |= _letter(one, "decision", "decided_amount", grant.granted if grant else None)
        elif one.stage == GrantStage.REPORT:
            carried |= _letter(one, "fixed", "fixed_amount", grant.fixed if grant else None)
    return carried


def _letter(case: Case, prefix: str, amount_key: str, amount: int | None) -> dict[str, Any]:
    told = (NoticeState.SENT, NoticeState.ARRIVED)
    notice = Notice.objects.filter(case=case, kind=NoticeKind.DECISION, state__in=told).select_related("number").first()
    if notice is None or case.outcome != Outcome.APPROVED:
        return {}
    found: dict[str, Any] = {f"{prefix}_date": notice.on.isoformat()}
    if notice.number is not None:
        found[f"{prefix}_number"] = notice.number.written
    if amount is not None:
        found[amount_key] = amount
    return found
