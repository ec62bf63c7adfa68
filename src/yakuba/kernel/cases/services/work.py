"""What clerks do on the way: begin, confirm, complete, send back."""

from __future__ import annotations

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.cases.access import require_work
from yakuba.kernel.cases.events import CaseReturned
from yakuba.kernel.cases.models import Case, CaseParty, CorrectionState, Happening
from yakuba.kernel.cases.queries.standing import standing_of
from yakuba.kernel.cases.rules.hindrances import in_the_way_of_approval, in_the_way_of_completion, refuse_if
from yakuba.kernel.cases.rules.states import Mover
from yakuba.kernel.cases.services.deadlines import reckon
from yakuba.kernel.cases.services.grants import end_stage
from yakuba.kernel.cases.services.moving import hold, move, note, touch
from yakuba.kernel.events.api import publish
from yakuba.kernel.values.api import Clock, Refusal

_BEGUN = {"application": "examining", "subsidy": "examining", "notification": "checking", "consultation": "working"}
_DONE = {
    "application": "completed",
    "subsidy": "completed",
    "notification": "completed",
    "consultation": "completed",
    "sign_up": "completed",
}


@verb("cases.start_work", label="対応の開始")
def start_work(*, by: Person, case: Case, clock: Clock) -> Case:
    """Begin to look at a case; who begins has it in hand if nobody had. Done twice it stays done.

    Raises `Refusal` for a 申込, which knows no such step.
    """
    case = hold(case)
    require_work(by, case)
    to = "checking" if case.stage == "claim" else _BEGUN.get(case.kind, "")
    if not to:
        raise Refusal("申込には、対応を始める操作はありません。", hint="確定・空き待ち・抽選のどれかを選んでください。")
    if case.state == to:
        return case
    if case.assignee_id is None and by.staff_id is not None:
        case.assignee_id = by.staff_id
    return move(case, to, Mover.CLERK, by=by, clock=clock, words="対応を始めた")


@verb("cases.complete", label="案件の完了")
def complete_case(*, by: Person, case: Case, clock: Clock, words: str = "", seen_edition: int | None = None) -> Case:
    """End a case: a 届出 whose form is right, a 相談 that was answered, a 申込 that is over, a 申請 whose notice arrived.

    Raises `Refusal` naming everything that is still open.
    """
    case = hold(case, seen_edition=seen_edition)
    require_work(by, case)
    return finish(case, Mover.CLERK, by=by, clock=clock, words=words)


def finish(case: Case, mover: Mover, *, by: Person, clock: Clock, words: str = "") -> Case:
    """End a held case; also for verbs that end it on the way."""
    standing = standing_of(case)
    found = in_the_way_of_completion(standing)
    if case.kind == "notification":
        found = tuple(dict.fromkeys((*in_the_way_of_approval(standing), *found)))
    refuse_if(found)
    case.due_on = case.answer_by = None
    if case.stage == "claim":
        raise Refusal("請求は、支払の記録で終わります。", hint="「支払の記録」の画面で支払日を入れてください。")
    return move(
        case,
        _DONE[case.kind],
        mover,
        by=by,
        clock=clock,
        words=words.strip() or "完了した",
        resident_words="手続きが終わりました。",
    )


@verb("cases.send_back", label="返戻")
def return_case(*, by: Person, case: Case, reason: str, clock: Clock, seen_edition: int | None = None) -> Case:
    """Send a 届出 or a claim back because its form is not right; the reason is told. Raises `Refusal` without one."""
    case = hold(case, seen_edition=seen_edition)
    require_work(by, case)
    words = reason.strip()[:1000]
    if not words:
        raise Refusal(
            "返す理由が空です。",
            field="reason",
            hint="どこが整っていないかを、届け出た人に分かるように書いてください。",
        )
    case.due_on = case.answer_by = None
    case.corrections.filter(state__in=[CorrectionState.ASKED, CorrectionState.OVERDUE]).update(
        state=CorrectionState.TAKEN_BACK, closed_on=clock.today()
    )
    if case.stage == "claim":
        end_stage(case)
    move(case, "returned", Mover.CLERK, by=by, clock=clock, words=words, resident_words=words)
    publish(CaseReturned(case_public_id=case.public_id))
    return case


@verb("cases.confirm_identity", label="本人確認の記録")
def confirm_identity(*, by: Person, case: Case, how: str, clock: Clock) -> Case:
    """Write down how the person was identified (運転免許証の提示 …). Raises `Refusal` without words."""
    case = hold(case)
    require_work(by, case)
    case.identity_note = _how(how)
    case.needs_identity = False
    touch(case, clock=clock)
    note(case, Happening.CONFIRMED, by=by, clock=clock, words=f"本人確認：{case.identity_note}")
    return case


@verb("cases.confirm_paper", label="署名した書類の受領")
def confirm_paper(*, by: Person, case: Case, how: str, clock: Clock) -> Case:
    """Write down that the signed paper arrived."""
    case = hold(case)
    require_work(by, case)
    case.needs_paper = False
    touch(case, clock=clock)
    note(
        case,
        Happening.CONFIRMED,
        by=by,
        clock=clock,
        words=f"署名した書類：{_how(how)}",
        resident_words="署名した書類が届きました。",
    )
    return case


@verb("cases.confirm_mandate", label="代理の権限の確認")
def confirm_mandate(*, by: Person, case: Case, how: str, clock: Clock) -> CaseParty:
    """Write down that the agent may act (委任状、戸籍 …). Raises `Refusal` when there is no agent."""
    case = hold(case)
    require_work(by, case)
    agent = CaseParty.objects.select_for_update().filter(case=case, role="agent").first()
    if agent is None:
        raise Refusal("この案件に代理人はいません。", hint="画面を開き直してください。")
    words = _how(how)
    agent.mandate_checked = True
    agent.save(update_fields=["mandate_checked"])
    touch(case, clock=clock)
    note(case, Happening.CONFIRMED, by=by, clock=clock, words=f"代理の権限：{words}")
    return agent


def _how(how: str) -> str:
    words = how.strip()
    if not words:
        raise Refusal("何で確かめたかが空です。", field="how", hint="例：運転免許証の提示、委任状の原本")
    return words[:200]


@verb("cases.recount", label="処理期限の計算し直し")
def recount(*, by: Person, case: Case, clock: Clock) -> Case:
    """Work the due day out again, e.g. after the town's closing days changed."""
    case = hold(case)
    reckon(case)
    return touch(case, clock=clock)
