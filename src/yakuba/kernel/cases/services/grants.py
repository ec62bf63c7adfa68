"""補助金: stages linked to one grant, and the budget that no decision exceeds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Max, Sum

from yakuba.kernel.access.api import NotAllowed, Person, Role
from yakuba.kernel.audit.api import verb
from yakuba.kernel.cases.access import require_work, sections_of, works_on_cases
from yakuba.kernel.cases.models import (
    Case,
    Grant,
    GrantCase,
    GrantState,
    Happening,
    Programme,
    Proposal,
    ProposalState,
)
from yakuba.kernel.cases.queries.grants import stages_of
from yakuba.kernel.cases.queries.standing import handling_of, standing_of
from yakuba.kernel.cases.rules.grants import BudgetExceeded, check_stage, checked_amount, committed_after, report_day
from yakuba.kernel.cases.rules.hindrances import in_the_way_of_approval, refuse_if
from yakuba.kernel.cases.rules.states import GrantStage, Mover
from yakuba.kernel.cases.services.moving import hold, move, note
from yakuba.kernel.catalogue.models import Procedure
from yakuba.kernel.forms.models import AnswerSet
from yakuba.kernel.identity.api import seal
from yakuba.kernel.values.api import Clock, FiscalYear, Refusal


def join_stage(case: Case, *, grant_id: str, answers: AnswerSet, clock: Clock) -> GrantCase:
    """Make a new case a stage of its grant, within the verb that receives it.

    Raises `Refusal` when the grant is another person's or the stage may not follow.
    """
    stage = GrantStage(case.stage)
    if stage is GrantStage.APPLY:
        grant = Grant.objects.create(
            procedure=case.procedure, applicant_account=case.applicant_account, began_at=clock.now()
        )
    else:
        found = Grant.objects.select_for_update().filter(public_id=grant_id, procedure=case.procedure).first()
        if found is None:
            raise Refusal(
                f"「{stage.label}」は、交付決定を受けた手続きの画面から始めてください。",
                hint="はじめの申請の画面を開いて、「次の手続きに進む」を選んでください。",
            )
        grant = found
        if grant.applicant_account != case.applicant_account:
            raise Refusal("この補助金は、別の人の申請です。", hint="申請した人としてログインしてください。")
        check_stage(stage, stages_of(grant))
    account = _account_in(answers)
    if account and not grant.account:
        grant.account = seal(json.dumps(account, ensure_ascii=False))
    if stage is GrantStage.CLAIM:
        grant.state = GrantState.CLAIMED
    grant.save()
    last = grant.stages.aggregate(last=Max("position"))["last"] or 0
    return GrantCase.objects.create(grant=grant, case=case, position=last + 1)


def _account_in(answers: AnswerSet) -> Mapping[str, Any] | None:
    """The first bank account among the answers."""
    keys = [one.key for one in answers.version.read().questions() if one.type == "bank_account"]
    given = answers.every_answer()
    return next((given[key] for key in keys if isinstance(given.get(key), dict)), None)


def grant_of(case: Case) -> Grant:
    """The grant of a stage, held. Raises `Refusal` for a case that is none."""
    link = GrantCase.objects.filter(case=case).first()
    if link is None:
        raise Refusal("この案件は、補助金の段階ではありません。", hint="画面を開き直してください。")
    return Grant.objects.select_for_update().get(pk=link.grant_id)


def check_budget(case: Case, amount: int | None, *, approves: bool) -> int | None:
    """The amount a proposal may name. Counts what waits for decision beside it, so that two do not count on the same
    money. Raises `Refusal`, `BudgetExceeded`."""
    stage = GrantStage(case.stage)
    grant = grant_of(case)
    programme = _programme(case, grant, must_be=approves and stage is not GrantStage.CLAIM)
    checked = checked_amount(
        stage,
        amount,
        granted=grant.granted,
        most=programme.most_per_grant if programme else None,
        approves=approves,
    )
    if checked is None or programme is None:
        return checked
    waiting = (
        Proposal.objects.filter(
            state=ProposalState.WAITING,
            case__stage=GrantStage.APPLY.value,
            case__procedure=case.procedure,
            case__received_on__range=_days(programme),
        )
        .exclude(case=case)
        .aggregate(sum=Sum("amount"))["sum"]
        or 0
    )
    more = checked - grant.committed
    if more > 0 and more + waiting > programme.left:
        raise BudgetExceeded(wanted=more, left=programme.left, waiting=waiting)
    return checked


def commit_decision(case: Case, proposal: Proposal, clock: Clock) -> Grant:
    """What a decision does to the grant and its budget, within the verb that decides.

    The programme's row is the lock: two decisions at the same moment wait for each other. Raises `BudgetExceeded`, with
    which the decision fails as a whole.
    """
    grant = grant_of(case)
    stage = GrantStage(case.stage)
    if proposal.outcome != "approved":
        if stage is GrantStage.APPLY:
            grant.state = GrantState.ENDED
            grant.save()
        return grant
    amount = proposal.amount or 0
    programme = _programme(case, grant, must_be=True, holds=True)
    if programme is None:
        raise LookupError("a programme that must be is there or refused")
    programme.committed = committed_after(
        ceiling=programme.ceiling, committed=programme.committed, held=grant.committed, amount=amount
    )
    programme.save(update_fields=["committed"])
    grant.programme = programme
    grant.committed = amount
    if stage is GrantStage.REPORT:
        grant.fixed, grant.state = amount, GrantState.FIXED
    else:
        grant.granted, grant.state = amount, GrantState.GRANTED if amount else GrantState.ENDED
        days = handling_of(case.procedure).report_days
        if grant.report_by is None:
            grant.report_by = report_day(clock.today(), programme=programme.report_by, days=days)
    grant.save()
    return grant


def end_stage(case: Case) -> None:
    """A stage was withdrawn or sent back: a grant that never was ends, one that was goes on."""
    grant = grant_of(case)
    if case.stage == GrantStage.APPLY:
        grant.state = GrantState.ENDED
    elif case.stage == GrantStage.CLAIM:
        grant.state = GrantState.FIXED
    grant.save()


@verb("cases.send_to_payment", label="補助金の支払手続")
def send_to_payment(*, by: Person, case: Case, clock: Clock) -> Case:
    """The claim agrees with the fixed amount and the account: it goes to payment. Raises `Refusal` without either."""
    case = hold(case)
    require_work(by, case)
    grant = grant_of(case)
    if grant.fixed is None or not grant.account:
        raise Refusal("確定額か、振込先の口座がありません。", hint="口座は、交付申請か請求の様式でたずねてください。")
    refuse_if(in_the_way_of_approval(standing_of(case)))
    case.due_on = None
    return move(
        case,
        "paying",
        Mover.CLERK,
        by=by,
        clock=clock,
        words=f"確定額{grant.fixed:,}円を支払の手続に回した",
        resident_words="支払の手続きに進みました。",
        what=Happening.MONEY,
    )


@verb("cases.record_payment", label="補助金の支払の記録")
def record_payment(*, by: Person, case: Case, paid_on: date, clock: Clock) -> Case:
    """The accounting officer has paid (支払). The grant is over with it. Raises `Refusal` for a day to come."""
    case = hold(case)
    require_work(by, case)
    if paid_on > clock.today():
        raise Refusal("支払日が、先の日です。", field="paid_on", hint="支払った日を入れてください。")
    grant = grant_of(case)
    grant.paid, grant.state = grant.fixed, GrantState.PAID
    grant.save()
    return move(
        case,
        "paid",
        Mover.CLERK,
        by=by,
        clock=clock,
        words=f"{grant.paid:,}円を支払った（{paid_on:%Y-%m-%d}）",
        resident_words=f"{paid_on.month}月{paid_on.day}日に、指定の口座へ振り込みました。",
        what=Happening.MONEY,
    )


@verb("cases.payment_came_back", label="補助金の支払の差戻し")
def payment_came_back(*, by: Person, case: Case, reason: str, clock: Clock) -> Case:
    """The payment could not be made (口座の誤り …): the claim is checked again."""
    case = hold(case)
    require_work(by, case)
    if not reason.strip():
        raise Refusal("理由が空です。", field="reason", hint="会計から戻った理由を書いてください。")
    return move(case, "checking", Mover.CLERK, by=by, clock=clock, words=reason.strip(), what=Happening.MONEY)


@verb("cases.set_programme", label="補助金の予算枠")
def set_programme(
    *,
    by: Person,
    procedure: Procedure,
    year: FiscalYear,
    ceiling: int,
    most_per_grant: int | None,
    report_by: date | None,
    ground: str,
    seen_edition: int,
    clock: Clock,
) -> Programme:
    """Enter or change the budget of a 補助金 for a fiscal year. Never below what was promised already.

    Raises `Refusal`, `NotAllowed` for others than the section and the secretariat.
    """
    if not (by.has(Role.SECRETARIAT) or (works_on_cases.allows(by) and procedure.section_id in sections_of(by))):
        raise NotAllowed(f"「{procedure}」の予算枠を変えられるのは、担当の課の職員とDX推進事務局です。")
    if procedure.kind != "subsidy":
        raise Refusal("補助金の手続きではありません。", field="procedure", hint="手続きの種類を確かめてください。")
    if ceiling < 0:
        raise Refusal("予算額は0円以上で入れてください。", field="ceiling")
    held = Programme.objects.select_for_update().filter(
        procedure=procedure, fiscal_year=year.year
    ).first() or Programme(procedure=procedure, fiscal_year=year.year, edition=0)
    if held.edition != seen_edition:
        raise Refusal(
            f"開いている間に、{held.changed_name}さんがこの予算枠を変えました。",
            hint="いまの額を見てから、もう一度変更してください。",
        )
    if ceiling < held.committed:
        raise Refusal(
            f"すでに{held.committed:,}円を決定しているため、それより少なくはできません。",
            field="ceiling",
            hint="決定を変えるには、変更承認の手続きが必要です。",
        )
    held.ceiling, held.most_per_grant, held.report_by = ceiling, most_per_grant, report_by
    held.ground = ground.strip()[:200]
    held.edition += 1
    held.changed_at, held.changed_name = clock.now(), by.name[:80]
    held.save()
    return held


def _programme(case: Case, grant: Grant, *, must_be: bool, holds: bool = False) -> Programme | None:
    """The budget the grant belongs to: the one it holds money of, else that of the year of its first application."""
    first = GrantCase.objects.select_related("case").filter(grant=grant).order_by("position").first()
    year = FiscalYear.of(first.case.received_on if first else case.received_on)
    rows = Programme.objects.select_for_update() if holds else Programme.objects.all()
    wanted = (
        {"pk": grant.programme_id} if grant.programme_id else {"procedure": case.procedure, "fiscal_year": year.year}
    )
    found = rows.filter(**wanted).first()
    if found is None and must_be:
        raise Refusal(
            f"{year}の予算枠が登録されていません。",
            field="amount",
            hint="「補助金の予算枠」の画面で、予算額を登録してください。",
        )
    return found


def _days(programme: Programme) -> tuple[date, date]:
    year = FiscalYear(programme.fiscal_year)
    return year.start, year.last_day


def describe_stage(case: Case, grant: Grant, *, by: Person, clock: Clock) -> None:
    """Note the amounts of a decision with the case."""
    if grant.state == GrantState.GRANTED:
        note(case, Happening.MONEY, by=by, clock=clock, words=f"交付決定額 {grant.granted:,}円")
    elif grant.state == GrantState.FIXED:
        note(case, Happening.MONEY, by=by, clock=clock, words=f"確定額 {grant.fixed:,}円")
