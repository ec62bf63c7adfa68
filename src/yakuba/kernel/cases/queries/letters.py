"""What the letter of a notice says, worked out once when it is made."""

from __future__ import annotations

from datetime import date
from typing import Any

from yakuba.kernel.approval.api import ActKind, remedy_notice
from yakuba.kernel.cases.access import is_protected_case
from yakuba.kernel.cases.models import Case, CaseParty, Correction, NoticeKind, Proposal
from yakuba.kernel.cases.queries.standing import handling_of
from yakuba.kernel.cases.rules.letters import (
    FOREIGN_NOTE,
    LetterText,
    correction_letter,
    decision_letter,
    return_letter,
)
from yakuba.kernel.japan.api import era_date
from yakuba.kernel.organisation.models import Authority, Posting, Section
from yakuba.kernel.people.api import address_parts


def text_of(kind: NoticeKind, case: Case, *, proposal: Proposal | None, on: date, reason: str = "") -> LetterText:
    """The text of a letter about a case. Raises `ValueError` for a decision without its proposal."""
    if kind is NoticeKind.CORRECTION:
        correction = Correction.objects.filter(case=case).order_by("-number").first()
        if correction is None:
            raise ValueError("a letter about a correction needs one")
        return correction_letter(
            procedure=case.title,
            number=case.number,
            deadline=era_date(correction.deadline, weekday=True),
            message=correction.message,
            items=[(item["label"], item["comment"]) for item in correction.items],
        )
    if kind is NoticeKind.RETURN:
        return return_letter(procedure=case.title, number=case.number, reason=reason)
    if proposal is None:
        raise ValueError("a letter about a decision needs its proposal")
    act = ActKind(handling_of(case.procedure).act_kind)
    return decision_letter(
        approves=proposal.outcome == "approved",
        kind=case.kind,
        stage=case.stage,
        is_disposition=act.is_disposition,
        procedure=case.title,
        number=case.number,
        received=era_date(case.received_on),
        reasons=proposal.reasons,
        conditions=proposal.conditions,
        amount=proposal.amount,
        fee=[(item["name"], item["yen"], item["count"]) for item in proposal.fee_items],
        remedy=remedy_notice(authority_of(case), "ja", act, on=on),
    )


def letter_content(kind: NoticeKind, case: Case, text: LetterText, *, on: date) -> dict[str, Any]:
    """Everything on the paper: recipient, sender, text. A protected person's address is not on it (``by_hand``)."""
    applicant = CaseParty.objects.get(case=case, role="applicant")
    by_hand = is_protected_case(case, on=on)
    opened = applicant.opened()
    foreign = case.language if case.language != "ja" else ""
    act = ActKind(handling_of(case.procedure).act_kind)
    note = ""
    if foreign:
        note = FOREIGN_NOTE.in_language(foreign)
        if kind in (NoticeKind.DECISION, NoticeKind.REFUSAL):
            note = "\n".join(part for part in (note, remedy_notice(authority_of(case), foreign, act, on=on)) if part)
    return {
        "title": text.title,
        "opening": text.opening,
        "items": [list(one) for one in text.items],
        "parts": [list(one) for one in text.parts],
        "plain": text.plain,
        "recipient": {
            "name": opened.name,
            "postal_code": "" if by_hand else opened.postal_code,
            "address": [] if by_hand else [part for part in address_parts(opened.address) if part],
        },
        "sender": sender_on(authority_of(case), case.section, on),
        "by_hand": by_hand,
        "note": note,
        "note_lang": "en" if foreign == "en" else "ja",
    }


def authority_of(case: Case) -> Authority:
    """Who decides: the authority of the procedure, else of the section."""
    return case.procedure.authority or case.section.authority


def sender_on(authority: Authority, section: Section, on: date) -> dict[str, str]:
    """Who the letter is from on a day: the authority's head by title and name, and whom to ask."""
    titles = [authority.head_title, *(authority.head_title[place:] for place in range(1, len(authority.head_title)))]
    holders = {
        one.post.title: one.staff.name
        for one in Posting.objects.filter(starts_on__lte=on, post__title__in=titles)
        .exclude(ends_on__lte=on)
        .select_related("staff", "post")
        .order_by("is_main")
    }
    name = next((holders[title] for title in titles if title in holders), "")
    return {
        "title": authority.head_title,
        "name": name,
        "section": section.name,
        "phone": section.phone or (section.parent.phone if section.parent else ""),
    }
