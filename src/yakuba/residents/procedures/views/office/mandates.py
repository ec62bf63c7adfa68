"""``/office/mandates/``: a clerk registers who acts for whom (委任) from the paper handed in, finds it again, revokes it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, NotVisible, Person, page
from yakuba.kernel.audit.api import record_view
from yakuba.kernel.cases.access import READ_CASE, READ_LIST, contact_of, get_for, is_protected_case, visible_to
from yakuba.kernel.cases.models import Case, CaseParty
from yakuba.kernel.cases.rules.parties import PartyRole
from yakuba.kernel.identity.models import Account
from yakuba.kernel.people.api import (
    FoundMandates,
    Known,
    MandateKind,
    MandateState,
    checks_mandates,
    find_mandates,
    mandates_registered_by,
    protected_among,
    read_mandate,
    register_mandate,
    revoke_mandate,
)
from yakuba.kernel.people.models import Mandate
from yakuba.kernel.values.api import Refusal, start_of_day
from yakuba.residents.procedures.forms.mandate import CHOSEN, FindForm, MandateForm, RevokeForm, SureForm
from yakuba.residents.procedures.queries.mandates import (
    AccountSeen,
    account_with_mail,
    accounts_seen,
    procedures_for_agents,
    scope_words,
    titles_of,
)
from yakuba.residents.procedures.views.office.asking import person_and_clock

NO_ACCOUNT = (
    "このメールアドレスで利用登録をしている人はいません。代理人に利用登録をしてもらってから登録するか、"
    "登録せずに、手続きのたびに委任状の写真を付けてもらってください。"
)
NO_ACCOUNT_OF_PRINCIPAL = (
    "このメールアドレスで利用登録をしている人はいません。メールアドレスを確かめるか、空欄にしてください。"
)
NAME_DIFFERS = "（アカウントの名前の違いを確認済み）"
"""Stands with what was seen, when the clerk registered although the account bears another name."""
_MOST_CASES = 20
_KINDS = {
    "使えます": "success",
    "開始前": "info",
    "期間終了": "",
    MandateState.REQUESTED.label: "warning",
    MandateState.REFUSED.label: "",
    MandateState.REVOKED.label: "error",
}


@page(Face.OFFICE, may=checks_mandates)
@never_cache
@require_safe
def mandates(request: HttpRequest) -> HttpResponse:
    """Mandates by a name; before anything is asked, those one registered today. There is no list of everybody."""
    person, clock = person_and_clock(request)
    form = FindForm(request.GET if "name" in request.GET else None)
    found, is_searched = FoundMandates(()), False
    if form.is_bound and form.is_valid() and form.cleaned_data["name"]:
        try:
            found, is_searched = find_mandates(by=person, name=form.cleaned_data["name"]), True
        except Refusal as refusal:
            form.add_error("name", f"{refusal.message}{refusal.hint or ''}")
    today = clock.today()
    own = [] if is_searched else mandates_registered_by(by=person, since=start_of_day(today))
    return render(
        request,
        "procedures/office/mandates.html",
        {
            "form": form,
            "rows": _rows(found.mandates, today),
            "is_cut": found.is_cut,
            "is_searched": is_searched,
            "own": _rows(own, today),
        },
        status=422 if form.errors else 200,
    )


@page(Face.OFFICE, may=checks_mandates)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The paper line by line; then a look at the accounts that were found; only then it is registered."""
    person, clock = person_and_clock(request)
    choices = [(one.key, one.title_ja) for one in procedures_for_agents(clock.today())]
    if request.method != "POST":
        initial = {"starts_on": clock.today(), **_from_case(request)}
        return _form_page(request, MandateForm(initial=initial, procedures=choices))
    form = MandateForm(request.POST, procedures=choices)
    act = request.POST.get("act", "check")
    if not form.is_valid() or act == "back":
        return _form_page(request, form, status=422 if form.errors else 200)
    agent, principal = _accounts(request, form)
    if agent is None:
        return _form_page(request, form, status=422)
    sure = SureForm(request.POST if act == "save" else None, prefix="sure")
    is_clear = _is_clear(form, agent, principal)
    if act != "save" or not (is_clear or sure.is_valid()):
        return _check_page(request, form, sure, agent, principal, status=422 if sure.errors and not is_clear else 200)
    said = form.cleaned_data
    try:
        kept = register_mandate(
            by=person,
            kind=form.mandate_kind,
            principal=form.principal(principal.account if principal else ""),
            agent=form.agent(agent.account),
            scope=[] if form.is_for_everything else said["procedures"],
            scope_words="すべての手続き" if form.is_for_everything else scope_words(form.chosen_titles()),
            is_for_everything=form.is_for_everything,
            starts_on=said["starts_on"],
            last_day=said["last_day"],
            evidence_note=said["evidence_note"] + ("" if is_clear else NAME_DIFFERS),
            clock=clock,
        )
    except Refusal as refusal:
        form.add_error(refusal.field, f"{refusal.message}{refusal.hint or ''}")
        return _form_page(request, form, status=422)
    begins = "今から" if kept.starts_on <= clock.today() else "始まりの日から"
    messages.success(request, f"委任を登録しました。代理人は、{begins}この委任で手続きを始められます。")
    return redirect("office-mandate", public_id=kept.public_id)


@page(Face.OFFICE, may=checks_mandates)
@never_cache
@require_safe
def mandate(request: HttpRequest, public_id: str) -> HttpResponse:
    """One mandate. The reading is logged for both sides."""
    return _page(request, _read(request, public_id), RevokeForm(prefix="revoke"))


@page(Face.OFFICE, may=checks_mandates)
@never_cache
@require_POST
def revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    """It is over: either side said so, or the clerk learnt it."""
    person, clock = person_and_clock(request)
    found = _read(request, public_id)
    form = RevokeForm(request.POST, prefix="revoke")
    if form.is_valid():
        try:
            revoke_mandate(by=person, mandate=found, reason=form.cleaned_data["reason"], clock=clock)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "委任を取り消しました。もう手続きには使えません。")
            return redirect("office-mandate", public_id=found.public_id)
    return _page(request, found, form, status=422)


def _read(request: HttpRequest, public_id: str) -> Mandate:
    person, _ = person_and_clock(request)
    found = read_mandate(by=person, public_id=public_id)
    if found is None:
        raise NotVisible
    return found


def _page(request: HttpRequest, found: Mandate, form: RevokeForm, *, status: int = 200) -> HttpResponse:
    person, clock = person_and_clock(request)
    today = clock.today()
    accounts = accounts_seen(by=person, ids=(found.principal_account, found.agent_account))
    return render(
        request,
        "procedures/office/mandate.html",
        {
            "row": _rows([found], today)[0],
            "titles": [] if found.is_for_everything else titles_of(found),
            "principal_account": accounts.get(found.principal_account),
            "agent_account": accounts.get(found.agent_account),
            "registered_by": _staff_name(found.requested_by),
            "decided_by": _staff_name(found.decided_by),
            "may_revoke": found.state in (MandateState.REQUESTED, MandateState.IN_FORCE),
            "is_revoked": found.state == MandateState.REVOKED,
            "cases": _cases_on(person, found),
            "form": form,
        },
        status=status,
    )


def _cases_on(person: Person, found: Mandate) -> list[Case]:
    """The cases that rest on a mandate, among those the person sees."""
    resting = CaseParty.objects.filter(mandate=found).values("case")
    rows = list(visible_to(person).filter(pk__in=resting).order_by("-received_at")[:_MOST_CASES])
    record_view(by=person, subjects=rows, what=READ_LIST, detail="mandate")
    return rows


def _staff_name(account: str) -> str:
    """Who of the staff it was; residents are the parties and stand on the page already."""
    found = Account.objects.filter(public_id=account, staff__isnull=False).select_related("staff").first()
    return found.staff.name if found is not None and found.staff is not None else ""


def _rows(found: Iterable[Mandate], today: date) -> list[dict[str, Any]]:
    """Mandates with what may be shown: of protected people (支援措置) neither place nor birth, on either side."""
    rows = list(found)
    asked = [
        known
        for one in rows
        for known in (
            Known(account=one.principal_account, name=one.principal_name, born_on=one.principal_born_on),
            Known(account=one.agent_account, name=one.agent_name),
        )
    ]
    protected = protected_among(asked, on=today) if asked else []
    return [
        {
            "mandate": one,
            "kind": MandateKind(one.kind).label,
            "state": (state := state_words(one, today)),
            "state_kind": _KINDS[state],
            "is_hidden": protected[2 * place] or protected[2 * place + 1],
        }
        for place, one in enumerate(rows)
    ]


def state_words(one: Mandate, today: date) -> str:
    """Where a mandate stands on that day, in a word."""
    state = MandateState(one.state)
    if state is not MandateState.IN_FORCE:
        return state.label
    if one.is_effective_on(today):
        return "使えます"
    return "開始前" if today < one.starts_on else "期間終了"


def _accounts(request: HttpRequest, form: MandateForm) -> tuple[AccountSeen | None, AccountSeen | None]:
    """The accounts of agent and principal; what is wrong stands at the field, and then there is no agent."""
    person, clock = person_and_clock(request)
    said = form.cleaned_data
    agent = principal = None
    for field, lacking in (("agent_mail", NO_ACCOUNT), ("principal_mail", NO_ACCOUNT_OF_PRINCIPAL)):
        if not said[field]:
            continue
        try:
            seen = account_with_mail(by=person, mail=said[field], on=clock.today())
        except Refusal as refusal:
            form.add_error(field, f"{refusal.message}{refusal.hint or ''}")
            continue
        if seen is None:
            form.add_error(field, lacking)
        elif field == "agent_mail":
            agent = seen
        else:
            principal = seen
    if agent is not None and principal is not None and agent.account == principal.account:
        form.add_error("agent_mail", "本人と代理人が同じアカウントです。メールアドレスを確かめてください。")
    return (None, None) if form.errors else (agent, principal)


def _is_clear(form: MandateForm, agent: AccountSeen, principal: AccountSeen | None) -> bool:
    """Whether every account bears the name on the paper."""
    said = form.cleaned_data
    return agent.is_called(said["agent_name"], form.mandate_kind) and (
        principal is None or principal.is_called(said["principal_name"], form.mandate_kind)
    )


def _form_page(request: HttpRequest, form: MandateForm, *, status: int = 200) -> HttpResponse:
    return render(
        request,
        "procedures/office/mandate_new.html",
        {"form": form, "has_procedures": bool(form.titles)},
        status=status,
    )


def _check_page(
    request: HttpRequest,
    form: MandateForm,
    sure: SureForm,
    agent: AccountSeen,
    principal: AccountSeen | None,
    *,
    status: int = 200,
) -> HttpResponse:
    _, clock = person_and_clock(request)
    said = form.cleaned_data
    parties = [
        ("代理人", said["agent_name"], None, said["agent_address"], agent),
        ("本人", said["principal_name"], said["principal_born_on"], said["principal_address"], principal),
    ]
    hidden = protected_among(
        [
            Known(account=agent.account, name=said["agent_name"]),
            Known(
                account=principal.account if principal else "",
                name=said["principal_name"],
                born_on=said["principal_born_on"],
            ),
        ],
        on=clock.today(),
    )
    return render(
        request,
        "procedures/office/mandate_check.html",
        {
            "form": form,
            "sure": sure,
            "is_clear": _is_clear(form, agent, principal),
            "is_protected": any(hidden),
            "parties": [
                {
                    "title": title,
                    "name": name,
                    "born_on": born_on,
                    "address": address,
                    "account": seen,
                    "is_same": seen is not None and seen.is_called(name, form.mandate_kind),
                }
                for title, name, born_on, address, seen in parties
            ],
            "kind": form.mandate_kind.label,
            "titles": form.chosen_titles(),
            "hidden": [(name, value) for name in form.fields for value in _values(form, name)],
        },
        status=status,
    )


def _values(form: MandateForm, name: str) -> list[str]:
    """What was typed in a field, to be sent again."""
    data: Any = form.data
    return [str(one) for one in data.getlist(name)]


def _from_case(request: HttpRequest) -> dict[str, Any]:
    """What a case says already, for a letter that was attached to it; nothing of the places of protected people."""
    person, clock = person_and_clock(request)
    wanted = request.GET.get("case", "")
    if not wanted:
        return {}
    try:
        case = get_for(person, wanted[:16])
    except NotVisible:
        return {}
    record_view(by=person, subjects=[case], what=READ_CASE, detail="mandate")
    today = clock.today()
    known: dict[str, Any] = {"scope": CHOSEN, "procedures": [case.procedure.key]}
    is_hidden = is_protected_case(case, on=today)
    for party in case.parties.all():
        prefix = "agent" if party.role == PartyRole.AGENT else "principal"
        said = contact_of(person, party, on=today)
        known[f"{prefix}_name"] = said.name
        if not is_hidden:
            known[f"{prefix}_address"] = said.address
            if prefix == "principal":
                known["principal_born_on"] = said.birth_date
            elif party.account_id:
                known["agent_mail"] = said.mail
    return known


def new_from_case(case: Case) -> str:
    """Where the letter of attorney of a case becomes a mandate."""
    return f"{reverse('office-mandate-new')}?case={case.public_id}"
