"""What the page of one case is made of; the view that shows it and those that act on it use the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from yakuba.kernel.access.api import Face, Person
from yakuba.kernel.audit.api import record_view
from yakuba.kernel.cases.access import (
    READ_CASE,
    contact_of,
    is_protected_case,
    may_work_on,
)
from yakuba.kernel.cases.models import Case, CaseParty, ConsentState, Correction, Notice
from yakuba.kernel.cases.queries.answers import answers_for, correction_compared
from yakuba.kernel.cases.queries.for_residents import history_for
from yakuba.kernel.cases.queries.grants import cases_of_grant, grant_behind
from yakuba.kernel.cases.queries.standing import standing_of
from yakuba.kernel.cases.rules.hindrances import in_the_way_of_approval, in_the_way_of_completion
from yakuba.kernel.cases.rules.parties import Arrival, PartyRole
from yakuba.kernel.cases.rules.states import Mover, Phase
from yakuba.kernel.files.api import file_link
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.forms.api import yen_in_words
from yakuba.kernel.organisation.api import sections_on
from yakuba.kernel.people.api import MandateKind, checks_mandates
from yakuba.kernel.values.api import Clock
from yakuba.residents.procedures.forms.work import ContactForm
from yakuba.residents.procedures.queries.case_page import (
    files_of_case,
    neighbours,
    offered_templates,
    other_cases,
    told_about,
    transitions,
)
from yakuba.residents.procedures.queries.staff import colleagues
from yakuba.residents.procedures.views.answers_shown import with_files
from yakuba.residents.procedures.views.office.acts import ACTS, Act, Materials
from yakuba.residents.procedures.views.office.asking import (
    LIGHT_BADGES,
    PHASE_BADGES,
    Desk,
    carried,
    light_of,
    light_words,
    number_in,
)
from yakuba.residents.procedures.views.office.mandates import new_from_case, state_words
from yakuba.residents.procedures.views.office.worklist import case_listing

MOST_NEIGHBOURS = 2000
"""So many cases of a list are looked through for the next and the one before."""
_HANGING = (
    Prefetch("parties", CaseParty.objects.select_related("mandate")),
    Prefetch("notices", Notice.objects.select_related("file", "number")),
    Prefetch(
        "corrections",
        Correction.objects.select_related("before__version__form", "after__version__form").order_by("number"),
    ),
    *("orders", "file_checks", "holds", "cosigners", "proposals"),
)
_LOTS = (
    {"value": "confirmed", "label": "確定する", "kind": "primary"},
    {"value": "waitlisted", "label": "空き待ちにする", "kind": ""},
    {"value": "lost", "label": "落選とする", "kind": ""},
)
_BADGES = {
    "correction": {"asked": "info", "overdue": "error", "answered": "success", "taken_back": ""},
    "consent": {"asked": "warning", "agreed": "success", "refused": "error"},
    "notice": {"preparing": "", "ready": "warning", "sent": "info", "arrived": "success", "sent_back": "error", "replaced": ""},
    "order": {"unpaid": "warning", "paid": "success", "waived": "", "cancelled": ""},
    "proposal": {"waiting": "info", "decided": "success", "sent_back": "warning", "taken_back": "", "invalid": "error"},
}  # fmt: skip


@dataclass
class Shown:
    """One case on its way to the page, and what an act that was refused leaves on it."""

    request: HttpRequest
    person: Person
    clock: Clock
    case: Case
    bound: dict[tuple[str, str], Any] = field(default_factory=dict)
    changed: str = ""
    unsent: tuple[tuple[str, str], ...] = ()
    opened: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.desk = Desk(self.person, self.clock.today())
        self.fetch()

    @property
    def today(self) -> date:
        return self.desk.today

    @cached_property
    def is_protected(self) -> bool:
        return is_protected_case(self.case, on=self.today)

    def fetch(self) -> None:
        """Fetch what hangs on the case at once, so that neither acts nor templates ask again."""
        prefetch_related_objects([self.case], *_HANGING)

    def materials(self, *, asks_people: bool = True) -> Materials:
        """What forms choose from."""
        if not asks_people:
            return Materials(self.person)
        return Materials(
            self.person,
            colleagues=colleagues(self.desk.sections | {self.case.section_id}, self.today),
            sections=[one for one in sections_on(self.today) if one.pk != self.case.section_id],
        )


def case_page(shown: Shown, *, status: int = 200) -> HttpResponse:
    """The page of a case. The reading is logged before anything is shown."""
    record_view(by=shown.person, subjects=[shown.case], what=READ_CASE)
    return render(shown.request, "procedures/office/case.html", case_context(shown), status=status)


def head_context(shown: Shown) -> dict[str, Any]:
    """What every page about one case says at its head: number, state, light, who, and the way back to the list."""
    case, person, today = shown.case, shown.person, shown.today
    light = light_of(case, today=today, warn_until=shown.desk.warn_until)
    found = list_around(shown)
    return {
        "case": case,
        "may_work": may_work_on(person, case),
        "is_protected": shown.is_protected,
        "state_badge": PHASE_BADGES[case.phase],
        "light_badge": LIGHT_BADGES[light],
        "light_words": light_words(case, light, today=today),
        "arrival": Arrival(case.arrival).label,
        "kept": carried(shown.request, at=found.get("at")),
        "list": found,
        "fee_words": yen_in_words(case.fee, "ja"),
    }


def case_context(shown: Shown) -> dict[str, Any]:
    """Everything the template of the case page asks for."""
    case, person, today = shown.case, shown.person, shown.today
    head = head_context(shown)
    may_work, is_hidden = head["may_work"], head["is_protected"]
    standing = standing_of(case)
    files = files_of_case(case, person, opens=not is_hidden or bool(shown.opened))
    corrections = list(case.corrections.all())
    forms, on_things = _forms(shown, head["kept"]) if may_work else ({}, {})
    sections = answers_for(person, case, on=today)
    return head | {
        "sections": [{"step": one.step, "title": one.title, "rows": with_files(one.rows, files)} for one in sections],
        "parties": [_party(shown, one, files, may_open=may_work and is_hidden) for one in _by_role(case)],
        "hindrances": _hindrances(case, standing),
        "transitions": transitions(case),
        "turn": _turn(case),
        "is_mine": person.staff_id is not None and case.assignee_id == person.staff_id,
        "may_propose": may_work and _leads(case, "deciding"),
        "may_ask_correction": may_work and (_leads(case, "correcting") or case.phase == Phase.OVERDUE.value),
        "lots": [one for one in _LOTS if _leads(case, one["value"])],
        "forms": forms,
        "corrections": [_correction(person, one, today) for one in reversed(corrections)],
        "open_correction": next((one for one in corrections if one.is_open), None),
        "cosigners": [_thing(one, "consent", one.state, on_things) for one in case.cosigners.all()],
        "orders": [_thing(one, "order", one.state, on_things) for one in case.orders.all()],
        "proposals": [_proposal(one, shown) for one in case.proposals.all()],
        "notices": [_notice(one, shown, on_things, is_hidden) for one in case.notices.all()],
        "checks": [_check(one, shown, on_things, files) for one in case.file_checks.all()],
        "holds": [_thing(one, "", "", on_things) for one in case.holds.all() if one.ended_at is None],
        "grant": grant_behind(case) if case.kind == "subsidy" else None,
        "stages": _stages(case),
        "notes": [_note(one) for one in case.notes.order_by("-at", "-id")],
        "history": [_event(case, one) for one in reversed(history_for(person, case))],
        "messages_sent": [_message(one) for one in told_about(case)],
        "others": other_cases(shown.desk.cases, case),
        "changed": shown.changed,
        "unsent": shown.unsent,
    }


def form_bound(shown: Shown, act: Act) -> Any:
    """The form of an act with what was sent."""
    form = act.form_for(
        shown.case,
        shown.materials(asks_people=act.asks_people),
        given=shown.request.POST,
        files=shown.request.FILES,
    )
    target = target_of(form)
    if target:
        form.auto_id = f"{act.key}-{target}_%s"
    return form


def target_of(form: Any) -> str:
    """Which thing of the case a form is about; empty for the case itself."""
    return str(form["target"].value() or "")[:16] if "target" in form.fields else ""


def _forms(shown: Shown, kept: str) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The forms of every act that fits now: those on the case by name, those on its things by thing and name.

    A form that was refused stands in its place with what was typed.
    """
    needs = shown.materials()
    offered = offered_templates(shown.desk.sections, shown.case)
    on_case: dict[str, Any] = {}
    on_things: dict[str, dict[str, Any]] = {}
    for act in ACTS:
        for thing in act.things_of(shown.case):
            target = thing.public_id if thing is not None else ""
            form = shown.bound.get((act.key, target)) or act.form_for(shown.case, needs, target=target)
            form.url = reverse("office-case-act", args=[shown.case.public_id, act.key]) + kept
            form.offered = offered.get(form.template_use, []) if form.template_use else []
            name = act.key.replace("-", "_")
            if thing is None:
                on_case[name] = form
            else:
                on_things.setdefault(target, {})[name] = form
    return on_case, on_things


def _leads(case: Case, state: str) -> bool:
    return case.table.knows(state) and case.table.allows(case.state, state, Mover.CLERK)


def _hindrances(case: Case, standing: Any) -> tuple[str, ...]:
    if case.phase in (Phase.CLOSED.value, Phase.CONSENT.value):
        return ()
    before = in_the_way_of_approval(standing) if case.kind != "consultation" else ()
    return tuple(dict.fromkeys((*before, *in_the_way_of_completion(standing))))


def _turn(case: Case) -> str:
    """Whose turn it is, in a sentence."""
    day = f"{case.answer_by.month}月{case.answer_by.day}日" if case.answer_by else ""
    return {
        Phase.CONSENT: _consent_turn(case),
        Phase.NEW: "まだだれも対応を始めていません。",
        Phase.WORKING: "",
        Phase.APPLICANT: f"申請者の答えを待っています（期限 {day}）。標準処理期間は止まっています。",
        Phase.OVERDUE: "補正の期限を過ぎました。もう一度求めるか、今ある内容で進めるかを決めてください。"
        "期限を過ぎたことだけを理由に、認めないことにはできません。",
        Phase.DECIDING: "決裁を待っています。",
        Phase.DECIDED: "",
        Phase.CLOSED: "この案件は終わっています。",
    }[case.standing]


def _consent_turn(case: Case) -> str:
    declined = [one.name for one in case.cosigners.all() if one.state == ConsentState.REFUSED]
    if not declined:
        return "一緒に申請する人の同意を待っています。そろうと受付になります。"
    names = "、".join(f"{name}さん" for name in declined)
    return (
        f"{names}が同意しませんでした。このままでは受付になりません。"
        "もう一度お願いするか取り下げるかは、申請した人が決めます。動きがないときは、連絡して確かめてください。"
    )


def _by_role(case: Case) -> list[Any]:
    return sorted(case.parties.all(), key=lambda one: one.role == PartyRole.AGENT)


def _party(shown: Shown, party: Any, files: Any, *, may_open: bool) -> dict[str, Any]:
    opened = shown.opened.get(party.role)
    form: Any = None
    if may_open and opened is None:
        form = shown.bound.get(("contact", party.role)) or ContactForm(
            prefix=f"contact-{party.role}", initial={"role": party.role}
        )
        form.url = reverse("office-case-contact", args=[shown.case.public_id]) + carried(shown.request)
    return {
        "role": PartyRole(party.role).label,
        "is_opened": opened is not None,
        "form": form,
        "is_agent": party.role == PartyRole.AGENT,
        "party": opened or contact_of(shown.person, party, on=shown.today),
        "mandate": party.mandate,
        **_mandate(shown, party),
        "mandate_file": files.get(party.mandate_file),
        "mandate_checked": party.mandate_checked,
    }


def _mandate(shown: Shown, party: Any) -> dict[str, Any]:
    """By which mandate the agent acted and how it stands today; where a letter becomes a registered one."""
    may_open = party.role == PartyRole.AGENT and checks_mandates.allows(shown.person)
    if party.mandate is None:
        return {"register_url": new_from_case(shown.case) if may_open and party.account_id else ""}
    return {
        "mandate_kind": MandateKind(party.mandate.kind).label,
        "mandate_state": state_words(party.mandate, shown.today),
        "mandate_url": reverse("office-mandate", args=[party.mandate.public_id]) if may_open else "",
    }


def _thing(thing: Any, kind: str, state: str, on_things: dict[str, dict[str, Any]]) -> Any:
    thing.badge = _BADGES[kind][state] if kind else ""
    thing.forms = on_things.get(thing.public_id, {})
    return thing


def _proposal(proposal: Any, shown: Shown) -> Any:
    proposal.badge = _BADGES["proposal"][proposal.state]
    proposal.fee_words = yen_in_words(proposal.fee, "ja") if proposal.fee else ""
    proposal.amount_words = yen_in_words(proposal.amount, "ja") if proposal.amount is not None else ""
    try:
        proposal.url = reverse("approval-decision", args=[proposal.request_id])
    except NoReverseMatch:
        proposal.url = ""
    return proposal


def _notice(notice: Any, shown: Shown, on_things: dict[str, dict[str, Any]], is_hidden: bool) -> Any:
    _thing(notice, "notice", notice.state, on_things)
    notice.url = (
        file_link(notice.file, to=shown.person, purpose="cases.letter", face=Face.OFFICE)
        if notice.file is not None and notice.file.state == "stored"
        else ""
    )
    notice.is_electronic = notice.way == "electronic"
    return notice


def _check(check: Any, shown: Shown, on_things: dict[str, dict[str, Any]], files: Any) -> Any:
    _thing(check, "", "", on_things)
    check.shown = files.get(check.file)
    # Whoever must judge has to look; everybody else finds the file closed.
    if check.forms:
        file = StoredFile.objects.filter(public_id=check.file, state="stored").first()
        check.open_url = file_link(file, to=shown.person, purpose="cases.judge", face=Face.OFFICE) if file else ""
    return check


def _stages(case: Case) -> list[Case]:
    grant = grant_behind(case) if case.kind == "subsidy" else None
    return [one for one in cases_of_grant(grant) if one.pk != case.pk] if grant is not None else []


def _correction(person: Person, correction: Correction, today: date) -> dict[str, Any]:
    return {
        "correction": correction,
        "badge": _BADGES["correction"][correction.state],
        "changes": correction_compared(person, correction, on=today),
        "asked": [(one["label"], one["comment"]) for one in correction.items],
    }


def _note(note: Any) -> dict[str, Any]:
    way, _, rest = str(note.words).removeprefix("［").partition("］")
    is_contact = str(note.words).startswith("［") and bool(rest)
    return {
        "way": way if is_contact else "",
        "words": rest if is_contact else note.words,
        "at": note.at,
        "author": note.author_name,
    }


def _message(message: Any) -> Any:
    message.said = message.subject("ja")
    message.ways = "・".join(
        f"{_WAYS.get(one.channel, one.channel)}（{one.get_state_display()}）" for one in message.deliveries.all()
    )
    return message


_WAYS = {"mail": "メール", "post": "郵便", "house": "サイトのお知らせ"}


def _event(case: Case, event: Any) -> dict[str, Any]:
    return {
        "when": event.at,
        "title": event.get_what_display(),
        "words": event.words,
        "after": case.table.label(event.after) if event.after and case.table.knows(event.after) else "",
        "who": event.actor_name,
        "told": event.resident_words,
    }


def list_around(shown: Shown) -> dict[str, Any]:
    """The list the case was opened from: its address, the cases before and behind, and the place for what comes next."""
    request, desk = shown.request, shown.desk
    kept = carried(request)
    found: dict[str, Any] = {"url": reverse("office-cases") + kept, "before": "", "behind": ""}
    there = {one.key: one for one in desk.boxes}
    box = request.GET.get("box", "")
    if box not in there:
        return found
    rows = case_listing(request, desk, box).ordered(request, desk.cases.filter(there[box].holds))
    ids = list(rows.values_list("public_id", flat=True)[:MOST_NEIGHBOURS])
    at = number_in(request.GET.get("at", ""))
    place, before, behind = neighbours(ids, shown.case.public_id, at)
    return found | {
        "before": reverse("office-case", args=[before]) + kept if before else "",
        "behind": reverse("office-case", args=[behind]) + kept if behind else "",
        "place": place + 1 if place is not None else None,
        "count": len(ids),
        "at": place if place is not None else at,
    }
