"""Letters about a case: made, sent, arrived (通知・到達)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from yakuba.kernel.access.api import Person, PersonKind
from yakuba.kernel.approval.api import issue_document_number, void_document_number
from yakuba.kernel.audit.api import verb
from yakuba.kernel.cases.access import require_party, require_work
from yakuba.kernel.cases.events import NoticeOnPaper, NoticeSent
from yakuba.kernel.cases.models import (
    Case,
    Happening,
    Notice,
    NoticeKind,
    NoticeState,
    NoticeWay,
    Proposal,
    ProposalState,
)
from yakuba.kernel.cases.prints.letters import letter_pdf
from yakuba.kernel.cases.queries.letters import authority_of, letter_content, text_of
from yakuba.kernel.cases.queries.standing import standing_of
from yakuba.kernel.cases.rules.hindrances import in_the_way_of_completion
from yakuba.kernel.cases.rules.parties import Arrival
from yakuba.kernel.cases.rules.states import Mover
from yakuba.kernel.cases.services.moving import hold, move, note
from yakuba.kernel.cases.services.work import finish
from yakuba.kernel.events.api import publish
from yakuba.kernel.files.api import receive_file
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.jobs.api import enqueue
from yakuba.kernel.parameters.api import whole_on
from yakuba.kernel.things.api import Ref
from yakuba.kernel.values.api import Clock, Refusal

_DECISIONS = {"approved": NoticeKind.DECISION, "refused": NoticeKind.REFUSAL}


@verb("cases.make_notice", label="通知書の作成")
def make_notice(
    *, by: Person, case: Case, clock: Clock, kind: NoticeKind | None = None, on_paper: bool = False
) -> Notice:
    """Make the letter of a decision (without ``kind``), or of a correction or a return.

    A decision takes its 文書番号 here, and goes electronically only if the person accepted that for this case and the
    clerk does not want paper. The PDF is set by a job. Raises `Refusal` when nothing is decided or a letter exists.
    """
    case = hold(case)
    require_work(by, case)
    proposal: Proposal | None = None
    reason = ""
    if kind is None:
        proposal = Proposal.objects.filter(case=case, state=ProposalState.DECIDED).first()
        if proposal is None or case.state not in _DECISIONS:
            raise Refusal("まだ決定していないため、通知書を作れません。", hint="決裁を待ってください。")
        kind = _DECISIONS[case.state]
        if Notice.objects.filter(proposal=proposal).exclude(state=NoticeState.REPLACED).exists():
            raise Refusal("この決定の通知書は、すでにあります。", hint="作り直すときは、先に差し替えてください。")
    elif kind is NoticeKind.RETURN:
        reason = _reason_of_return(case)
    elif kind is not NoticeKind.CORRECTION:
        raise Refusal("この文書は、ここでは作れません。", hint="案件の画面を開き直してください。")
    text = text_of(kind, case, proposal=proposal, on=clock.today(), reason=reason)
    notice = Notice(
        case=case,
        kind=kind.value,
        way=_way(case, on_paper).value,
        proposal=proposal,
        authority=authority_of(case),
        on=clock.today(),
        content=letter_content(kind, case, text, on=clock.today()),
        made_at=clock.now(),
        made_name=by.name[:80],
    )
    if proposal is not None:
        notice.number = issue_document_number(
            by=by,
            section=case.section,
            on=clock.today(),
            clock=clock,
            about=Ref("cases.notice", notice.public_id),
            title=f"{text.title}（{case.number}）",
        )
    notice.save()
    note(
        case,
        Happening.NOTICE,
        by=by,
        clock=clock,
        words=f"{text.title}を作った" + (f"（{notice.number.written}）" if notice.number else ""),
    )
    enqueue("cases.print_notice", key=f"cases.print_notice:{notice.public_id}", notice=notice.public_id)
    return notice


def _reason_of_return(case: Case) -> str:
    event = case.events.filter(after="returned").last()
    if event is None:
        raise Refusal("この案件は返戻していません。", hint="先に「返戻」をしてください。")
    return str(event.words)


def _way(case: Case, on_paper: bool) -> NoticeWay:
    can_open = bool(case.applicant_account or case.agent_account or case.password_hash)
    if case.accepts_enotice and can_open and case.arrival == Arrival.ONLINE and not on_paper:
        return NoticeWay.ELECTRONIC
    return NoticeWay.POST


def print_notice(*, by: Person, notice: Notice, clock: Clock) -> Notice:
    """Set the PDF of a letter and keep it; outside any transaction, called by a job. What cannot be printed is told to
    the clerk. Done twice it stays done."""
    if notice.file_id is not None or notice.state != NoticeState.PREPARING:
        return notice
    try:
        content = letter_pdf(notice, printed_at=clock.now())
    except Refusal as refusal:
        return note_fault(by=by, notice=notice, fault=str(refusal))
    stored = receive_file(
        by=by,
        stream=content,
        filename=f"{notice.content['title']}_{notice.case.number}.pdf",
        clock=clock,
        owner=Ref("cases.notice", notice.public_id),
    )
    return keep_letter(by=by, notice=notice, file=stored)


@verb("cases.keep_letter", label="通知書のファイルの保存")
def keep_letter(*, by: Person, notice: Notice, file: StoredFile) -> Notice:
    """The letter is set: it can be looked at and sent."""
    held = Notice.objects.select_for_update().get(pk=notice.pk)
    if held.state == NoticeState.PREPARING:
        held.file, held.fault, held.state = file, "", NoticeState.READY
        held.save()
    return held


@verb("cases.note_fault", label="通知書を作れなかった記録")
def note_fault(*, by: Person, notice: Notice, fault: str) -> Notice:
    """The letter could not be set (a character no font draws …)."""
    held = Notice.objects.select_for_update().get(pk=notice.pk)
    held.fault = fault[:400]
    held.save(update_fields=["fault"])
    return held


@verb("cases.use_own_letter", label="町の様式による通知書の差替え")
def use_own_letter(*, by: Person, notice: Notice, file: StoredFile, clock: Clock) -> Notice:
    """Put a PDF the clerk made of the town's own 様式 in place of ours, before it is sent. By post it goes as the clerk
    prints it.

    The file was received for this notice. Raises `Refusal` for another kind of file or too late.
    """
    case = hold(notice.case)
    require_work(by, case)
    held = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if held.state not in (NoticeState.PREPARING, NoticeState.READY):
        raise Refusal("この通知書は、もう送られています。", hint="直すときは、差し替えて作り直してください。")
    if (file.owner_kind, file.owner_id) != ("cases.notice", held.public_id) or file.media_type != "application/pdf":
        raise Refusal(
            "通知書にできるのは、この通知書のために送ったPDFだけです。",
            field="file",
            hint="WordからPDFにして送ってください。",
        )
    held.file, held.fault, held.state = file, "", NoticeState.READY
    held.content = {**held.content, "is_own": True}
    held.save()
    note(case, Happening.NOTICE, by=by, clock=clock, words="町の様式で作った通知書に替えた")
    return held


@verb("cases.send_notice", label="通知書の送付")
def send_notice(*, by: Person, notice: Notice, clock: Clock) -> Notice:
    """Send a letter the way it goes. Electronically it can be opened from now on; by post it goes to the letters of the
    house (`kernel.notify`: bundles, 発送簿), or, as a PDF of the clerk's own, into an envelope the clerk fills.

    Raises `Refusal` while it is not set, and electronically for what is not accepted any more.
    """
    case = hold(notice.case)
    require_work(by, case)
    return _sent(_ready(notice), case, by=by, clock=clock)


@verb("cases.hand_over_notice", label="通知書の手渡し")
def hand_notice(*, by: Person, notice: Notice, to_whom: str, clock: Clock) -> Notice:
    """The letter was handed to the person or the agent at the counter: it has arrived. Raises `Refusal` without a name."""
    case = hold(notice.case)
    require_work(by, case)
    held = _ready(notice)
    if not to_whom.strip():
        raise Refusal("渡した相手が空です。", field="to_whom", hint="本人か代理人の名前を入れてください。")
    held.way = NoticeWay.COUNTER
    _sent(held, case, by=by, clock=clock)
    return _arrived(held, case, by=by, clock=clock, words=f"窓口で{to_whom.strip()[:60]}さんに渡した")


def _ready(notice: Notice) -> Notice:
    held = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if held.state == NoticeState.PREPARING:
        why = held.fault or "通知書のファイルを作っているところです。"
        raise Refusal(why, hint="少し待つか、町の様式で作ったPDFを入れてください。")
    if held.state not in (NoticeState.READY, NoticeState.SENT_BACK):
        raise Refusal("この通知書は、もう送られています。", hint="画面を開き直して、今の状態を確かめてください。")
    return held


def _sent(held: Notice, case: Case, *, by: Person, clock: Clock) -> Notice:
    held.state, held.sent_at, held.closed_at = NoticeState.SENT, clock.now(), None
    held.save()
    words = f"{held.get_kind_display()}を送った（{held.get_way_display()}）"
    if case.state in _DECISIONS:
        told = "通知書をお送りしました。" if held.way != NoticeWay.ELECTRONIC else "通知書をこの画面で開けます。"
        move(case, "notified", Mover.CLERK, by=by, clock=clock, words=words, resident_words=told, what=Happening.NOTICE)
    else:
        note(case, Happening.NOTICE, by=by, clock=clock, words=words)
    is_own = held.way == NoticeWay.POST and held.content.get("is_own", False)
    way = "own_post" if is_own else held.way
    publish(NoticeSent(case_public_id=case.public_id, notice_public_id=held.public_id, way=way))
    return held


@verb("cases.open_notice", label="電子の通知書の受領")
def record_notice_opened(*, by: Person, notice: Notice, clock: Clock) -> Notice:
    """The person opens the electronic letter: the first time is the arrival (到達) and is never changed.

    Raises `Refusal` when it is not (or no longer) open electronically; `NotAllowed` for anybody else.
    """
    case = hold(notice.case)
    if by.kind not in (PersonKind.RESIDENT, PersonKind.VISITOR):
        raise Refusal("職員が開いても、到達にはなりません。", hint="内容は案件の画面で確かめられます。")
    require_party(by, case)
    held = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if held.way != NoticeWay.ELECTRONIC or held.state not in (NoticeState.SENT, NoticeState.ARRIVED):
        raise Refusal(
            "この通知書は、電子では開けません。",
            hint="紙の通知書をお送りしています。届かないときは担当課へお電話ください。",
        )
    if held.arrived_at is not None:
        return held
    held.opened_by = by.id
    return _arrived(held, case, by=by, clock=clock, words="本人が電子の通知書を開いた")


def _arrived(held: Notice, case: Case, *, by: Person, clock: Clock, words: str) -> Notice:
    held.state, held.arrived_at = NoticeState.ARRIVED, clock.now()
    held.save()
    note(case, Happening.NOTICE, by=by, clock=clock, words=words, resident_words="通知書が届きました。")
    finish_if_nothing_is_left(case, by=by, clock=clock)
    return held


def finish_if_nothing_is_left(case: Case, *, by: Person, clock: Clock) -> Case:
    """End a held case whose notice arrived when no fee and no doubt is left."""
    if case.state != "notified" or in_the_way_of_completion(standing_of(case)):
        return case
    return finish(case, Mover.SYSTEM, by=by, clock=clock, words="通知が届き、残った事務はない")


@verb("cases.notice_to_paper", label="電子の通知書を紙に切り替える")
def put_on_paper(*, by: Person, notice: Notice, clock: Clock) -> Notice:
    """An electronic letter nobody opened in time goes on the list of letters to post. It cannot be opened any more, so
    that it never arrives twice. Done twice it stays done."""
    case = hold(notice.case)
    held = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    limit = clock.now() - timedelta(days=whole_on("cases.enotice_days", clock.today()))
    if (
        held.way != NoticeWay.ELECTRONIC
        or held.state != NoticeState.SENT
        or held.sent_at is None
        or held.sent_at > limit
    ):
        return held
    held.way, held.state, held.to_paper_on = NoticeWay.POST, NoticeState.READY, clock.today()
    held.save()
    note(
        case,
        Happening.NOTICE,
        by=by,
        clock=clock,
        words="開かれないまま期限を過ぎたので、紙で送ることにした",
        resident_words="通知書を郵送することにしました。",
    )
    publish(NoticeOnPaper(case_public_id=case.public_id, notice_public_id=held.public_id))
    return held


@verb("cases.notice_came_back", label="通知書の返戻")
def notice_came_back(*, by: Person, notice: Notice, reason: str, clock: Clock) -> Notice:
    """A posted letter came back. It can be sent again once the address is known. Raises `Refusal`."""
    case = hold(notice.case)
    require_work(by, case)
    held = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if held.way != NoticeWay.POST or held.state != NoticeState.SENT:
        raise Refusal("郵送した通知書ではありません。", hint="画面を開き直して、今の状態を確かめてください。")
    if not reason.strip():
        raise Refusal("返ってきた理由が空です。", field="reason", hint="封筒に書かれた理由を入れてください。")
    held.state, held.closed_at = NoticeState.SENT_BACK, clock.now()
    held.save()
    note(case, Happening.NOTICE, by=by, clock=clock, words=f"通知書が返ってきた：{reason.strip()}")
    return held


@verb("cases.replace_notice", label="通知書の差替え")
def replace_notice(*, by: Person, notice: Notice, reason: str, clock: Clock) -> Notice:
    """Give up a letter that was not sent yet; its number stays in the book as void. Raises `Refusal` too late."""
    case = hold(notice.case)
    require_work(by, case)
    held = Notice.objects.select_for_update(of=("self",)).select_related("number").get(pk=notice.pk)
    if held.state not in (NoticeState.PREPARING, NoticeState.READY) or held.to_paper_on is not None:
        raise Refusal("この通知書は、もう送られています。", hint="誤りは、改めて決定して通知してください。")
    if held.number is not None:
        void_document_number(by=by, number=held.number, reason=reason, clock=clock)
    held.state, held.closed_at = NoticeState.REPLACED, clock.now()
    held.save()
    note(case, Happening.NOTICE, by=by, clock=clock, words=f"通知書を作り直す：{reason.strip()}")
    return held


@verb("cases.close_posted", label="郵送した案件の完了")
def close_posted(*, by: Person, notice: Notice, clock: Clock) -> Case:
    """A posted letter did not come back in time: the case ends. When it arrived is not known and not written."""
    case = hold(notice.case)
    held = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    limit = clock.now() - timedelta(days=whole_on("cases.post_days", clock.today()))
    if held.way != NoticeWay.POST or held.state != NoticeState.SENT or held.sent_at is None or held.sent_at > limit:
        return case
    return finish_if_nothing_is_left(case, by=by, clock=clock)


def send_all(*, by: Person, notices: Sequence[Notice], clock: Clock) -> list[tuple[Notice, str]]:
    """Note that letters were posted, each for itself; what was refused comes with its reason."""
    found = []
    for one in notices:
        try:
            found.append((send_notice(by=by, notice=one, clock=clock), ""))
        except Refusal as refusal:
            found.append((one, str(refusal)))
    return found
