"""``/office/cases/<id>/propose/``: put a case forward for decision, with the letter as it would be sent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, page
from yakuba.kernel.approval.api import ActKind
from yakuba.kernel.audit.api import record_view
from yakuba.kernel.cases.access import READ_CASE, READ_LETTER, get_for, require_work
from yakuba.kernel.cases.models import Case, Notice, NoticeKind, NoticeWay, Outcome, Proposal
from yakuba.kernel.cases.prints.letters import letter_pdf
from yakuba.kernel.cases.queries.answers import answers_for
from yakuba.kernel.cases.queries.grants import grant_behind
from yakuba.kernel.cases.queries.letters import authority_of, letter_content, text_of
from yakuba.kernel.cases.queries.notices import fee_items_of
from yakuba.kernel.cases.queries.standing import handling_of, standing_of
from yakuba.kernel.cases.rules.hindrances import in_the_way_of_approval
from yakuba.kernel.cases.rules.states import GrantStage
from yakuba.kernel.cases.services import propose_decision
from yakuba.kernel.cases.services.decide import checked_fee_items
from yakuba.kernel.cases.services.moving import ChangedMeanwhile
from yakuba.kernel.files.api import file_response
from yakuba.kernel.values.api import Refusal
from yakuba.residents.procedures.access import MAY_OPEN
from yakuba.residents.procedures.forms.decision import FEE_LINES, ProposalForm
from yakuba.residents.procedures.queries.case_page import files_of_case, offered_templates
from yakuba.residents.procedures.views.answers_shown import with_files
from yakuba.residents.procedures.views.office.asking import person_and_clock
from yakuba.residents.procedures.views.office.case import where_next
from yakuba.residents.procedures.views.office.case_context import Shown, head_context


@page(Face.OFFICE, may=MAY_OPEN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, public_id: str) -> HttpResponse:
    """The proposal; ``preview`` gives the letter as PDF and keeps nothing."""
    person, clock = person_and_clock(request)
    case = get_for(person, public_id)
    require_work(person, case)
    shown = Shown(request, person, clock, case)
    if request.method != "POST":
        return _page(shown, _form(case, initial=_first(case)))
    form = _form(case, given=request.POST)
    if not form.is_valid():
        return _page(shown, form, status=422)
    try:
        if "preview" in request.POST:
            return _preview(shown, form)
        propose_decision(
            by=person,
            case=case,
            outcome=Outcome(form.cleaned_data["outcome"]),
            reasons=form.cleaned_data["reasons"],
            conditions=form.cleaned_data["conditions"],
            fee_items=form.fee_items(),
            amount=form.cleaned_data.get("amount"),
            due=form.cleaned_data["due"],
            seen_edition=form.cleaned_data["edition"],
            clock=clock,
        )
    except ChangedMeanwhile as late:
        fresh = Shown(request, person, clock, get_for(person, public_id), changed=f"{late.message}{late.hint or ''}")
        form.takes_up(fresh.case.edition)
        return _page(fresh, form, status=409)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(shown, form, status=422)
    messages.success(request, "決裁を求めました。決裁されると、通知書を作れるようになります。")
    return HttpResponseRedirect(where_next(request, person, case))


def _form(case: Case, *, given: Any = None, initial: dict[str, Any] | None = None) -> ProposalForm:
    stage = GrantStage(case.stage) if case.stage else None
    label = (
        {
            GrantStage.APPLY: "交付決定額",
            GrantStage.CHANGE: "変更後の交付決定額",
            GrantStage.REPORT: "確定額",
        }.get(stage, "")
        if stage
        else ""
    )
    return ProposalForm(
        given, prefix="propose", seen=case.edition, initial=initial, has_amount=bool(label), amount_label=label
    )


def _first(case: Case) -> dict[str, Any]:
    """What the page begins with: the fee the form worked out, the amount of the stage before."""
    found: dict[str, Any] = {"outcome": ""}
    for number, item in enumerate(fee_items_of(case.answers)[:FEE_LINES], start=1):
        found |= {
            f"fee_name_{number}": item["name"],
            f"fee_yen_{number}": item["yen"],
            f"fee_count_{number}": item["count"],
        }
    grant = grant_behind(case) if case.stage in ("change", "report") else None
    if grant is not None and grant.granted is not None:
        found["amount"] = grant.granted
    return found


def _preview(shown: Shown, form: ProposalForm) -> HttpResponse:
    """The letter as it would stand on paper, 教示 and all, without a number. Kept nowhere."""
    case, clock = shown.case, shown.clock
    outcome = Outcome(form.cleaned_data["outcome"])
    if outcome is Outcome.REFUSED and not form.cleaned_data["reasons"].strip():
        raise Refusal("認めない理由が空です。", field="reasons", hint="理由を書いてから、通知書を確かめてください。")
    proposal = Proposal(
        case=case,
        outcome=outcome.value,
        reasons=form.cleaned_data["reasons"],
        conditions=form.cleaned_data["conditions"],
        amount=form.cleaned_data.get("amount") or (0 if "amount" in form.fields else None),
        fee_items=checked_fee_items(form.fee_items()) if outcome is Outcome.APPROVED else [],
    )
    kind = NoticeKind.DECISION if outcome is Outcome.APPROVED else NoticeKind.REFUSAL
    text = text_of(kind, case, proposal=proposal, on=clock.today())
    notice = Notice(
        case=case,
        kind=kind.value,
        way=NoticeWay.POST.value,
        authority=authority_of(case),
        on=clock.today(),
        content=letter_content(kind, case, text, on=clock.today()),
    )
    record_view(by=shown.person, subjects=[case], what=READ_LETTER, detail="preview")
    pdf = letter_pdf(notice, printed_at=clock.now())
    return file_response(pdf, name=f"案_{case.number}.pdf", media_type="application/pdf", in_page=True)


def _page(shown: Shown, form: ProposalForm, *, status: int = 200) -> HttpResponse:
    case = shown.case
    record_view(by=shown.person, subjects=[case], what=READ_CASE, detail="propose")
    head = head_context(shown)
    files = files_of_case(case, shown.person, opens=not head["is_protected"])
    offered = offered_templates(shown.desk.sections, case)
    handling = handling_of(case.procedure)
    grant = grant_behind(case) if case.kind == "subsidy" else None
    context = head | {
        "form": form,
        "changed": shown.changed,
        "offered_reasons": offered.get("refusal", []),
        "offered_conditions": offered.get("condition", []),
        "hindrances": in_the_way_of_approval(standing_of(case)),
        "criteria": case.procedure.content.criteria,
        "grounds": case.procedure.grounds,
        "act_kind": ActKind(handling.act_kind).label,
        "decider": handling.get_decider_display(),
        "grant": grant,
        "sections": [
            {"step": one.step, "title": one.title, "rows": with_files(one.rows, files)}
            for one in answers_for(shown.person, case, on=shown.today)
        ],
    }
    return render(shown.request, "procedures/office/propose.html", context, status=status)
