"""Asking for a correction (補正), the answer, and what happens without one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from yakuba.kernel.access.api import Person, PersonKind
from yakuba.kernel.audit.api import verb
from yakuba.kernel.cases.access import require_party, require_work
from yakuba.kernel.cases.events import CorrectionAnswered, CorrectionAsked, CorrectionOverdue
from yakuba.kernel.cases.models import Case, Correction, CorrectionState, Happening
from yakuba.kernel.cases.queries.answers import answerable_places, files_in
from yakuba.kernel.cases.queries.calendar import town_calendar
from yakuba.kernel.cases.queries.corrections import corrected_answers, open_correction
from yakuba.kernel.cases.rules.corrections import LONGEST_MESSAGE, checked_deadline, checked_items
from yakuba.kernel.cases.rules.parties import Arrival
from yakuba.kernel.cases.rules.proof import ELECTRONIC, ProofMissing
from yakuba.kernel.cases.rules.states import Mover, Phase
from yakuba.kernel.cases.services.deadlines import reckon
from yakuba.kernel.cases.services.moving import hold, move
from yakuba.kernel.events.api import publish
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.forms.api import evaluation_of_answers, label_of, seal_given_answers
from yakuba.kernel.forms.models import AnswerSet
from yakuba.kernel.identity.models import SignatureEvidence, SignatureOutcome
from yakuba.kernel.jobs.api import enqueue
from yakuba.kernel.values.api import Clock, Refusal

AFTER_CORRECTION = {
    "application": "examining",
    "subsidy": "examining",
    "notification": "checking",
    "sign_up": "received",
}
_CLAIM_AFTER = "checking"


def state_after_correction(case: Case) -> str:
    """Where a case goes on when a correction ends."""
    return _CLAIM_AFTER if case.stage == "claim" else AFTER_CORRECTION[case.kind]


@verb("cases.ask_correction", label="補正の依頼")
def ask_correction(
    *,
    by: Person,
    case: Case,
    items: Sequence[tuple[str, str]],
    message: str,
    deadline: date,
    clock: Clock,
    seen_edition: int | None = None,
) -> Correction:
    """Ask the applicant to put single answers right. ``items`` are (place, comment).

    The standard period stands still until the answer or the deadline. A request that is open already (its deadline
    passed) is replaced by the new one. Raises `Refusal`, `ChangedMeanwhile`.
    """
    case = hold(case, seen_edition=seen_edition)
    require_work(by, case)
    evaluation = evaluation_of_answers(case.answers)
    wanted = checked_items(items, answerable=answerable_places(evaluation))
    checked_deadline(deadline, today=clock.today(), is_open=town_calendar().is_open(deadline))
    if len(message) > LONGEST_MESSAGE:
        raise Refusal(f"説明が長すぎます（{LONGEST_MESSAGE}文字まで）。", field="message", hint="短くしてください。")
    _close_open(case, CorrectionState.TAKEN_BACK, clock)
    definition = case.answers.version.read()
    correction = Correction.objects.create(
        case=case,
        number=case.corrections.count() + 1,
        items=[{"path": one.path, "label": label_of(definition, one.path), "comment": one.comment} for one in wanted],
        message=message.strip(),
        deadline=deadline,
        asked_at=clock.now(),
        asked_on=clock.today(),
        asked_by=by.id,
        asked_name=by.name[:80],
        before=case.answers,
    )
    case.answer_by = deadline
    case.due_on = None
    move(
        case,
        "correcting",
        Mover.CLERK,
        by=by,
        clock=clock,
        words=f"補正を求めた（{len(wanted)}か所、期限 {deadline:%Y-%m-%d}）",
        resident_words="直していただきたいところをお知らせしました。",
        what=Happening.CORRECTION_ASKED,
    )
    publish(CorrectionAsked(case_public_id=case.public_id, correction_public_id=correction.public_id))
    return correction


@verb("cases.answer_correction", label="補正の回答")
def answer_correction(
    *, by: Person, case: Case, answers: Mapping[str, Any], sources: Mapping[str, str], clock: Clock
) -> AnswerSet:
    """Take the answer to a correction: what was asked about may change, and questions that come up because of that;
    everything is evaluated again, and the answers before stay.

    ``answers`` are all answers as the page has them now; what was not asked about is passed over. Also after the
    deadline. Sent twice it is the same answer. A procedure that needs an electronic signature needs one over the new
    answers too (about the case). Raises `Incomplete` when something is missing, `Refusal` when nothing is asked.
    """
    case = hold(case)
    require_party(by, case)
    correction = open_correction(case)
    if correction is None:
        return _answered_before(case)
    mover = Mover.CLERK if by.kind is PersonKind.STAFF else Mover.RESIDENT
    given = corrected_answers(correction, answers, clock)
    _check_files(case, correction.before, given)
    answer_set = seal_given_answers(
        version=correction.before.version,
        answers=given,
        sources=_sources(correction.before, given, sources, "clerk" if mover is Mover.CLERK else "typed"),
        facts=correction.before.facts,
        clock=clock,
        previous=correction.before,
    )
    if by.kind is not PersonKind.STAFF:
        _check_signature(case, answer_set)
    answer_set.save()
    correction.after = answer_set
    correction.state = CorrectionState.ANSWERED
    correction.closed_on = clock.today()
    correction.save()
    case.answers = answer_set
    case.fee = answer_set.fee
    _go_on(case, mover, by, clock, "補正の答えが届いた", "直した内容を受け取りました。", Happening.CORRECTION_ANSWERED)
    if files_in(answer_set.version, given):
        enqueue("cases.check_files", key=f"cases.check_files:{answer_set.public_id}", case=case.public_id)
    publish(CorrectionAnswered(case_public_id=case.public_id, correction_public_id=correction.public_id))
    return answer_set


@verb("cases.take_back_correction", label="補正の依頼の取消し")
def take_back_correction(*, by: Person, case: Case, reason: str, clock: Clock) -> Case:
    """Go on without the answer: the request was a mistake, or the town decides with what there is."""
    case = hold(case)
    require_work(by, case)
    if not reason.strip():
        raise Refusal("理由が空です。", field="reason", hint="なぜ答えを待たずに進めるかを書いてください。")
    if open_correction(case) is None:
        raise Refusal("待っている補正はありません。", hint="画面を開き直して、今の状態を確かめてください。")
    _close_open(case, CorrectionState.TAKEN_BACK, clock)
    return _go_on(
        case,
        Mover.CLERK,
        by,
        clock,
        f"補正を待たずに進める：{reason.strip()}",
        "直していただく依頼を取り消しました。",
        Happening.CORRECTION_CLOSED,
    )


@verb("cases.mark_overdue", label="補正の期限経過")
def mark_overdue(*, by: Person, case: Case, clock: Clock) -> Case:
    """The deadline passed without an answer: a person decides what happens. Done twice it stays done."""
    case = hold(case)
    correction = open_correction(case)
    if case.standing is not Phase.APPLICANT or correction is None or clock.today() <= correction.deadline:
        return case
    correction.state = CorrectionState.OVERDUE
    correction.save()
    case.answer_by = None
    move(
        case,
        "overdue",
        Mover.SYSTEM,
        by=by,
        clock=clock,
        words=f"補正の期限（{correction.deadline:%Y-%m-%d}）を過ぎた。担当の判断を待つ",
        resident_words="直していただく期限を過ぎました。まだ答えることができます。",
    )
    reckon(case)
    case.save(update_fields=["due_on"])
    publish(CorrectionOverdue(case_public_id=case.public_id))
    return case


def _go_on(
    case: Case, mover: Mover, by: Person, clock: Clock, words: str, resident_words: str, what: Happening
) -> Case:
    case.answer_by = None
    move(
        case,
        state_after_correction(case),
        mover,
        by=by,
        clock=clock,
        words=words,
        resident_words=resident_words,
        what=what,
    )
    reckon(case)
    case.save(update_fields=["due_on"])
    return case


def _close_open(case: Case, state: CorrectionState, clock: Clock) -> None:
    correction = open_correction(case)
    if correction is not None:
        correction.state = state
        correction.closed_on = clock.today()
        correction.save()


def _answered_before(case: Case) -> AnswerSet:
    """A second press of the button finds the answer of the first."""
    latest = case.corrections.order_by("-number").first()
    if latest is None or latest.after is None or latest.after_id != case.answers_id:
        raise Refusal(
            "直していただくところは、いまありません。", hint="手続きの画面を開き直して、今の状態を確かめてください。"
        )
    return latest.after


def _check_files(case: Case, before: AnswerSet, given: Mapping[str, Any]) -> None:
    """Files that are new must have been received for this case; a foreign file's id opens nothing."""
    known = set(files_in(before.version, before.every_answer()))
    new = [one for one in files_in(before.version, given) if one not in known]
    if not new:
        return
    filling = case.first_answers.filling
    owners = {("cases.case", case.public_id)}
    if filling is not None:
        owners.add(("forms.filling", filling.public_id))
    found = {
        one.public_id
        for one in StoredFile.objects.filter(public_id__in=new)
        if (one.owner_kind, one.owner_id) in owners
    }
    if set(new) - found:
        raise Refusal(
            "付けたファイルのなかに、この手続きのものではないものがあります。",
            hint="ファイルを付け直してください。",
        )


def _sources(before: AnswerSet, given: Mapping[str, Any], sources: Mapping[str, str], changed: str) -> dict[str, str]:
    """Where each answer came from: what stays keeps its source, what changed has the new one."""
    old = before.every_answer()
    return {
        key: before.sources.get(key, changed) if old.get(key) == value else sources.get(key, changed)
        for key, value in given.items()
    }


def _check_signature(case: Case, answers: AnswerSet) -> None:
    if case.procedure.signature != ELECTRONIC or case.arrival != Arrival.ONLINE:
        return
    signed = SignatureEvidence.objects.filter(
        about=f"cases.case:{case.public_id}", document_digest=answers.digest, outcome=SignatureOutcome.ACCEPTED
    ).first()
    if signed is None:
        raise ProofMissing(
            "signature",
            "直した内容にも、マイナンバーカードの電子署名が必要です。",
            "確認の画面から電子署名をして、もう一度送信してください。",
        )
    case.signature = signed
