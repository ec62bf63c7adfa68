"""Everyday work: begin, assign, note, confirm, complete, send back."""

from __future__ import annotations

from typing import Any

from yakuba.kernel.cases import services
from yakuba.kernel.cases.models import Case, ConsentState, Cosigner
from yakuba.kernel.cases.rules.parties import PartyRole
from yakuba.kernel.cases.rules.places import Lot
from yakuba.kernel.cases.rules.states import Phase
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.values.api import Refusal
from yakuba.residents.procedures.forms import act as plain
from yakuba.residents.procedures.forms import work as forms
from yakuba.residents.procedures.views.office.acts.act import Act, Doing, Materials, form_of, leads_to


def _is_open(case: Case) -> bool:
    return case.phase != Phase.CLOSED.value


def _begins(case: Case) -> bool:
    return case.phase == Phase.NEW.value and leads_to("examining", "checking", "working")(case)


def _may_be_transferred(case: Case) -> bool:
    return case.standing not in (Phase.DECIDING, Phase.CLOSED)


def _waits_for_answer(case: Case) -> bool:
    return any(one.is_open for one in case.corrections.all())


def _has_unchecked_agent(case: Case) -> bool:
    return any(one.role == PartyRole.AGENT and not one.mandate_checked for one in case.parties.all())


def _asked_to_agree(case: Case) -> list[Cosigner]:
    """Whom the case waits for; who declined may still come to the counter and agree."""
    if case.phase != Phase.CONSENT.value:
        return []
    return [one for one in case.cosigners.all() if one.state != ConsentState.AGREED]


def _assigning(case: Case, needs: Materials, options: dict[str, Any]) -> Any:
    now = case.assignee.public_id if case.assignee else ""
    return forms.AssignForm(**options, colleagues=needs.colleagues, initial={"to": now})


def _transferring(case: Case, needs: Materials, options: dict[str, Any]) -> Any:
    return forms.TransferForm(**options, sections=needs.sections)


def _start(doing: Doing) -> None:
    services.start_work(by=doing.by, case=doing.case, clock=doing.clock)


def _complete(doing: Doing) -> None:
    services.complete_case(
        by=doing.by, case=doing.case, words=doing.said["words"], seen_edition=doing.edition, clock=doing.clock
    )


def _send_back(doing: Doing) -> None:
    services.return_case(
        by=doing.by, case=doing.case, reason=doing.said["reason"], seen_edition=doing.edition, clock=doing.clock
    )


def _take(doing: Doing) -> None:
    own = Staff.objects.filter(pk=doing.by.staff_id or 0).first()
    if own is None:
        raise Refusal("職員の席がないため、担当になれません。", hint="人事担当に、職員の登録を確かめてください。")
    services.assign_case(by=doing.by, case=doing.case, to=own, seen_edition=doing.edition, clock=doing.clock)


def _assign(doing: Doing) -> str:
    to = doing.form.chosen()
    services.assign_case(
        by=doing.by,
        case=doing.case,
        to=to,
        words=doing.said["words"],
        seen_edition=doing.edition,
        clock=doing.clock,
    )
    return f"担当を{to.name}さんにしました。" if to else "担当を未定に戻しました。"


def _transfer(doing: Doing) -> str:
    section = doing.form.sections[doing.said["section"]]
    services.transfer_case(
        by=doing.by, case=doing.case, section=section, reason=doing.said["reason"], clock=doing.clock
    )
    return f"{section.name}へ移しました。担当は、移した先で決めます。"


def _note(doing: Doing) -> None:
    services.add_note(by=doing.by, case=doing.case, words=doing.form.text(), clock=doing.clock)


def _identity(doing: Doing) -> None:
    services.confirm_identity(by=doing.by, case=doing.case, how=doing.said["how"], clock=doing.clock)


def _paper(doing: Doing) -> None:
    services.confirm_paper(by=doing.by, case=doing.case, how=doing.said["how"], clock=doing.clock)


def _mandate(doing: Doing) -> None:
    services.confirm_mandate(by=doing.by, case=doing.case, how=doing.said["how"], clock=doing.clock)


def _consent(doing: Doing) -> str:
    services.record_consent(by=doing.by, cosigner=doing.thing, how=doing.said["how"], clock=doing.clock)
    return f"{doing.thing.name}さんの同意を記録しました。"


def _place(doing: Doing) -> None:
    services.decide_place(
        by=doing.by, case=doing.case, lot=Lot(doing.said["lot"]), seen_edition=doing.edition, clock=doing.clock
    )


def _cancel(doing: Doing) -> None:
    services.cancel_place(by=doing.by, case=doing.case, reason=doing.said["reason"], clock=doing.clock)


def _withdraw(doing: Doing) -> None:
    services.withdraw_case(by=doing.by, case=doing.case, reason=doing.said["reason"], clock=doing.clock)


def _take_back(doing: Doing) -> None:
    services.take_back_correction(by=doing.by, case=doing.case, reason=doing.said["reason"], clock=doing.clock)


ACTS = (
    Act("start", "対応を始める", _start, "対応を始めました。", form_of(plain.PlainForm), fits=_begins, kind="primary", keys="s"),
    Act("complete", "完了する", _complete, "完了しました。", form_of(forms.CompleteForm), fits=leads_to("completed"), kind="primary"),
    Act("return", "返戻する", _send_back, "理由を付けて返しました。", form_of(forms.ReturnForm), fits=leads_to("returned"), kind="danger"),
    Act("take", "自分が担当する", _take, "自分の担当にしました。", form_of(plain.PlainForm), fits=_is_open, keys="t"),
    Act("assign", "担当を変える", _assign, "担当を変えました。", _assigning, fits=_is_open, asks_people=True),
    Act("transfer", "ほかの課へ移す", _transfer, "移しました。", _transferring, fits=_may_be_transferred, asks_people=True),
    Act("note", "登録する", _note, "メモを登録しました。", form_of(forms.NoteForm)),
    Act(
        "identity",
        "本人確認を記録する",
        _identity,
        "本人確認を記録しました。",
        form_of(forms.HowForm, example="運転免許証の提示、マイナンバーカードの表の面"),
        fits=lambda case: case.needs_identity,
    ),
    Act(
        "paper",
        "受け取りを記録する",
        _paper,
        "署名した書類の受け取りを記録しました。",
        form_of(forms.HowForm, example="申請書の原本を窓口で受け取った"),
        fits=lambda case: case.needs_paper,
    ),
    Act(
        "mandate",
        "代理の権限を記録する",
        _mandate,
        "代理の権限を記録しました。",
        form_of(forms.HowForm, example="委任状の原本、戸籍で親権者と確かめた"),
        fits=_has_unchecked_agent,
    ),
    Act(
        "consent",
        "同意を記録する",
        _consent,
        "同意を記録しました。",
        form_of(forms.ConsentForm),
        about=_asked_to_agree,
    ),
    Act(
        "place",
        "申込の結果",
        _place,
        "申込の結果を記録しました。",
        form_of(forms.PlaceForm),
        fits=leads_to("confirmed", "waitlisted", "lost"),
    ),
    Act(
        "cancel",
        "町が取り消す",
        _cancel,
        "申込を取り消しました。",
        form_of(forms.ReasonForm, told="申し込んだ人が読みます。"),
        fits=leads_to("cancelled"),
        kind="danger",
    ),
    Act(
        "take-back",
        "答えを待たずに進める",
        _take_back,
        "補正の依頼を取り消しました。",
        form_of(forms.ReasonForm, told="町民には見えません。"),
        fits=_waits_for_answer,
    ),
    Act(
        "withdraw",
        "取下げを記録する",
        _withdraw,
        "取下げを記録しました。",
        form_of(forms.ReasonForm, told="だれから、いつ、どのように申し出があったかを書いてください。"),
        fits=leads_to("withdrawn", "declined"),
        kind="danger",
    ),
)  # fmt: skip
"""In the order of the page."""
