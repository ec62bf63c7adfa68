"""補助金 as pages show them: stages, what may follow, what is carried over."""

from __future__ import annotations

import json
from typing import Any

from yakuba.kernel.cases.models import Case, Grant, GrantCase
from yakuba.kernel.cases.rules.grants import StageCase, next_stages
from yakuba.kernel.cases.rules.states import GrantStage
from yakuba.kernel.identity.api import unseal


def stages_of(grant: Grant) -> list[StageCase]:
    """The stages of a grant in the order they came."""
    links = GrantCase.objects.filter(grant=grant).select_related("case").order_by("position")
    return [StageCase(GrantStage(one.case.stage), one.case.state, one.case.outcome) for one in links]


def grant_behind(case: Case) -> Grant | None:
    """The grant a case is a stage of."""
    link = GrantCase.objects.select_related("grant", "grant__programme").filter(case=case).first()
    return link.grant if link else None


def cases_of_grant(grant: Grant) -> list[Case]:
    """The cases of a grant in the order they came."""
    links = GrantCase.objects.filter(grant=grant).select_related("case", "case__procedure").order_by("position")
    return [one.case for one in links]


def following(case: Case) -> tuple[GrantStage, ...]:
    """The stages the applicant may send in now."""
    grant = grant_behind(case)
    return next_stages(stages_of(grant)) if grant is not None else ()


def next_stage_facts(case: Case, stage: GrantStage) -> dict[str, Any]:
    """What the form of the next stage knows without asking (`facts` of its filling): the grant, the amounts, the last
    day for the report, and whether the account is known already."""
    grant = grant_behind(case)
    if grant is None:
        return {}
    return {
        "grant": grant.public_id,
        "stage": stage.value,
        "granted": grant.granted,
        "fixed": grant.fixed,
        "report_by": grant.report_by.isoformat() if grant.report_by else None,
        "has_account": bool(grant.account),
    }


def carried_answers(case: Case) -> dict[str, Any]:
    """The answers of all stages so far, the latest of each key, for the form of the next stage. Callers are the
    applicant's own pages; files stay where they are."""
    grant = grant_behind(case)
    found: dict[str, Any] = {}
    for one in cases_of_grant(grant) if grant else [case]:
        asked = {question.key: question.type for question in one.answers.version.read().questions()}
        given = one.answers.every_answer()
        found |= {key: value for key, value in given.items() if asked.get(key) not in ("files", "consent", "signature")}
    return found


def account_of(grant: Grant) -> dict[str, Any]:
    """The bank account the grant is paid to. Callers record the view."""
    account: dict[str, Any] = json.loads(unseal(grant.account)) if grant.account else {}
    return account
