"""Telling people what happened with a case: reactions that write messages in the transaction of what happened.

Called from `site/wiring`, within the verb that published the event.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.urls import NoReverseMatch, reverse

from yakuba.kernel.access.api import system_person
from yakuba.kernel.cases import notices as kinds
from yakuba.kernel.cases.access import is_protected_case
from yakuba.kernel.cases.events import (
    CaseAssigned,
    CaseDecided,
    CaseReceived,
    CaseReturned,
    CaseWithdrawn,
    ConsentAnswered,
    CorrectionAnswered,
    CorrectionAsked,
    CorrectionOverdue,
    NoticeOnPaper,
    NoticeSent,
    NumberSuspected,
    PlaceDecided,
)
from yakuba.kernel.cases.models import Case, CaseParty, Correction, Happening, Notice
from yakuba.kernel.cases.rules.parties import Party, PartyRole
from yakuba.kernel.cases.rules.states import GrantStage
from yakuba.kernel.cases.rules.words import state_words
from yakuba.kernel.cases.services.moving import note
from yakuba.kernel.identity.models import Account
from yakuba.kernel.notify.api import ByPost, MessageKind, PostalTo, Recipient, tell
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.parameters.api import town_clock, whole_on
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Clock, Refusal, Text, business_date

_BY = system_person("cases")


def hear_received(event: CaseReceived) -> None:
    """The applicant has a confirmation of arrival, also of what a clerk entered for them."""
    case = _case(event.case_public_id)
    _tell_applicant(case, kinds.RECEIVED, key="received", values={})


def hear_correction_asked(event: CorrectionAsked) -> None:
    """The applicant reads what is to be put right, until when."""
    case = _case(event.case_public_id)
    correction = Correction.objects.get(public_id=event.correction_public_id)
    _tell_applicant(
        case,
        kinds.CORRECTION,
        key=f"correction:{correction.public_id}",
        values={
            "deadline": correction.deadline,
            "items": "\n".join(f"{item['label']}：{item['comment']}" for item in correction.items),
            "message": correction.message or "—",
        },
        path="correct-case",
    )


def hear_correction_overdue(event: CorrectionOverdue) -> None:
    """The applicant is reminded, and the clerk knows that it is theirs to judge."""
    case = _case(event.case_public_id)
    number = case.corrections.count()
    _tell_applicant(case, kinds.CORRECTION_OVERDUE, key=f"overdue:{number}", values={})
    _tell_staff(case, "補正の期限を過ぎました。どうするか判断してください", key=f"overdue:{number}")


def hear_correction_answered(event: CorrectionAnswered) -> None:
    """Who has the case in hand knows that the answer is there."""
    _tell_staff(_case(event.case_public_id), "補正の答えが届きました", key=f"answered:{event.correction_public_id}")


def hear_returned(event: CaseReturned) -> None:
    """The applicant reads why."""
    case = _case(event.case_public_id)
    said = case.events.filter(after="returned").last()
    _tell_applicant(case, kinds.RETURNED, key="returned", values={"reason": said.resident_words if said else "—"})


def hear_place(event: PlaceDecided) -> None:
    """The result of a 申込, in the words of its state."""
    case = _case(event.case_public_id)
    words = state_words(case.kind, case.state, case.stage).next
    key = f"place:{event.lot}:{case.edition}"
    _tell_applicant(case, kinds.PLACE, key=key, values={"result": words})


def hear_consent(event: ConsentAnswered) -> None:
    """The applicant knows when everybody agreed, and when somebody did not: then the case stands still, and its clerk
    knows it too."""
    case = _case(event.case_public_id)
    if event.is_complete:
        _tell_applicant(case, kinds.RECEIVED, key="consented", values={})
    elif not event.agreed:
        answered = case.cosigners.get(public_id=event.cosigner_public_id)
        moment = int(answered.answered_at.timestamp()) if answered.answered_at else 0
        key = f"declined:{answered.public_id}:{moment}"
        _tell_applicant(case, kinds.CONSENT_DECLINED, key=key, values={"name": answered.name})
        _tell_staff(case, "一緒に申請する人が、同意しませんでした", key=key)


def hear_assigned(event: CaseAssigned) -> None:
    """Somebody who was given a case knows it."""
    case = _case(event.case_public_id)
    _tell_staff(case, "担当になりました", key=f"assigned:{event.staff_public_id}:{case.edition}")


def hear_decided(event: CaseDecided) -> None:
    """The clerk knows that the letter can be made."""
    _tell_staff(_case(event.case_public_id), "決裁が下りました。通知書を作ってください", key="decided")


def hear_withdrawn(event: CaseWithdrawn) -> None:
    """The clerk knows that there is nothing left to do."""
    _tell_staff(_case(event.case_public_id), "申請した人が取り下げました", key="withdrawn")


def tell_agency_ended(case: Case) -> None:
    """Who has the case in hand knows that the agent is gone."""
    _tell_staff(
        case, "代理人の委任が取り消されました。これからは申請者に連絡してください", key=f"agency:{case.edition}"
    )


def hear_suspected(event: NumberSuspected) -> None:
    """The clerk knows that a file waits for their judgement."""
    case = _case(event.case_public_id)
    count = case.file_checks.filter(finding="suspect").count()
    _tell_staff(case, "書類に個人番号らしい番号があります。判断してください", key=f"suspected:{count}")


def hear_on_paper(event: NoticeOnPaper) -> None:
    """The clerk knows that a letter is to be posted."""
    case = _case(event.case_public_id)
    _tell_staff(case, "電子の通知書が開かれませんでした。郵送してください", key=f"paper:{event.notice_public_id}")


def hear_notice_sent(event: NoticeSent) -> None:
    """Electronically: the person is told that it can be opened. By post: it goes to the letters of the house."""
    case = _case(event.case_public_id)
    notice = Notice.objects.select_related("number").get(public_id=event.notice_public_id)
    if event.way == "electronic":
        days = whole_on("cases.enotice_days", notice.on)
        until = business_date(notice.sent_at) if notice.sent_at else notice.on
        _tell_applicant(
            case,
            kinds.NOTICE_READY,
            key=f"notice:{notice.public_id}",
            values={"until": until + timedelta(days=days)},
        )
    elif event.way == "post":
        _write_letter(case, notice)


def _write_letter(case: Case, notice: Notice) -> None:
    party = _party(case, PartyRole.APPLICANT)
    number = notice.number.written if notice.number else ""
    content = notice.content
    text = content["plain"] + (f"\n\n{content['note']}" if content["note"] else "")
    sent = notice.sent_at.timestamp() if notice.sent_at else 0
    _try(
        case,
        kinds.LETTER,
        recipient=Recipient(
            name=party.name,
            address=_address(party),
            language=case.language,
            is_protected=content["by_hand"],
            born_on=party.birth_date,
        ),
        key=f"cases:{case.public_id}:letter:{notice.public_id}:{int(sent)}",
        values={"title": content["title"], "text": text},
        link="",
        number=number,
    )


def _tell_applicant(
    case: Case, kind: MessageKind, *, key: str, values: Mapping[str, str | date | Text], path: str = "own-case"
) -> None:
    """Tell the applicant, or the agent where one acts for them. Nobody fails because nobody can be told."""
    party = _party(case, PartyRole.AGENT if case.agent_account else PartyRole.APPLICANT)
    account = case.agent_account or case.applicant_account
    if not account and not party.mail and (kind.by_post is ByPost.NEVER or not party.address):
        return
    _try(
        case,
        kind,
        recipient=Recipient(
            name=party.name,
            account=account,
            mail=party.mail,
            address=_address(party),
            language=case.language,
            is_protected=is_protected_case(case, on=_clock().today()),
            born_on=party.birth_date,
        ),
        key=f"cases:{case.public_id}:{key}",
        values={"procedure": called(case), "number": case.number, **values},
        link=_link(path, case) if account else _link("look-up", None),
    )


def called(case: Case) -> Text:
    """What the applicant knows the case as: the procedure, of a 補助金 with its stage, in every language there is."""
    if not case.procedure.values:
        return Text(case.title)
    title = case.procedure.title
    if not case.stage:
        return title
    stage = GrantStage(case.stage).words
    return Text.from_dict(
        {
            language: f"{words}（{stage.in_language(language)}）" if language != "en" else f"{words} ({stage.en})"
            for language, words in title.to_dict().items()
        }
    )


def _tell_staff(case: Case, what: str, *, key: str) -> None:
    """Tell who has the case in hand."""
    staff = Staff.objects.filter(pk=case.assignee_id).first() if case.assignee_id else None
    account = Account.objects.filter(staff=staff, is_active=True).first() if staff is not None else None
    if staff is None or account is None:
        return
    _try(
        case,
        kinds.TO_STAFF,
        recipient=Recipient(name=staff.name, account=account.public_id),
        key=f"cases:{case.public_id}:staff:{key}",
        values={"procedure": case.title, "number": case.number, "what": what},
        link=_link("office-case", case),
    )


def _try(
    case: Case,
    kind: MessageKind,
    *,
    recipient: Recipient,
    key: str,
    values: Mapping[str, str | date | Text],
    link: str,
    number: str = "",
) -> None:
    clock = _clock()
    try:
        tell(
            by=_BY,
            recipient=recipient,
            kind=kind,
            about=ref_of(case),
            values=dict(values),
            key=key,
            clock=clock,
            section=case.section,
            link=link,
            letter_number=number,
        )
    except Refusal as refusal:
        # No way leads to the person, or the address cannot be printed: the case goes on and its clerk reads why.
        note(case, Happening.NOTICE, by=_BY, clock=clock, words=f"知らせを送れなかった：{refusal}")


def _party(case: Case, role: PartyRole) -> Party:
    return CaseParty.objects.get(case=case, role=role.value).opened()


def _address(party: Party) -> PostalTo | None:
    if not party.address:
        return None
    try:
        return PostalTo.of(party.postal_code, party.address)
    except Refusal:
        return None


def _case(public_id: str) -> Case:
    return Case.objects.select_related("procedure", "section").get(public_id=public_id)


def _clock() -> Clock:
    return town_clock()


def _link(name: str, case: Case | None) -> str:
    try:
        return reverse(name, args=[case.public_id] if case is not None else [])
    except NoReverseMatch:
        return ""  # online procedures are switched off in this town
