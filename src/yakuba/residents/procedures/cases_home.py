"""What cases put on both homes, into the office's menu and into the office's search."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import NoReverseMatch, reverse

from yakuba.kernel.access.api import Person, PersonKind
from yakuba.kernel.audit.api import record_view
from yakuba.kernel.cases.access import READ_LIST, sections_of, visible_to
from yakuba.kernel.cases.api import Case, GrantStage, Phase, Wanted, Whose, case_states, cases_of, paper_list, worklist
from yakuba.kernel.forms.fillings import TRIAL
from yakuba.kernel.forms.models import Filling, FillingState
from yakuba.kernel.home.api import (
    ResidentItem,
    SearchHit,
    WorkItem,
    menu_item,
    resident_source,
    search_source,
    work_source,
)
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.people.api import checks_mandates
from yakuba.kernel.values.api import Clock, Text, business_date
from yakuba.residents.procedures.access import MAY_HEAR, MAY_READ, MAY_WORK
from yakuba.residents.procedures.queries.stages import stages_around
from yakuba.residents.procedures.queries.worklist import late

for _order, _title, _name in (
    (10, "受付案件", "office-cases"),
    (12, "送る通知書", "office-case-letters"),
    (14, "他の窓口の受付", "office-case-receipts"),
    (16, "定型文", "office-case-templates"),
    (17, "案件の取扱い", "office-case-handlings"),
    (18, "案件の廃棄", "office-case-disposals"),
):
    menu_item(group="町民サービス", title=_title, url_name=_name, may=MAY_READ, order=_order)
menu_item(group="町民サービス", title="委任の登録", url_name="office-mandates", may=checks_mandates, order=15)
menu_item(group="町民サービス", title="利用者の声", url_name="office-case-voices", may=MAY_HEAR, order=19)

MOST = 40
"""As many cases as a home shows; the worklist has the rest."""


@work_source("cases")
def open_work(person: Person, clock: Clock) -> Sequence[WorkItem]:
    """One's own cases with their deadlines, what waits for a judgement, who has no clerk yet, letters to send."""
    if not MAY_WORK.allows(person) or person.is_read_only:
        return []
    today = clock.today()
    rows = visible_to(person).exclude(phase__in=(Phase.CLOSED.value, Phase.APPLICANT.value, Phase.CONSENT.value))
    mine = rows.filter(assignee_id=person.staff_id or 0).order_by("due_on", "received_at")
    items = [_item(case, "mine") for case in mine[:MOST]]
    ours = rows.filter(section_id__in=sections_of(person))
    items += [
        _item(case, "section")
        for case in ours.filter(late(today)).exclude(assignee_id=person.staff_id or 0).order_by("due_on")[:MOST]
    ]
    unassigned = ours.filter(assignee=None).count()
    if unassigned:
        items.append(
            WorkItem(
                title=f"担当の決まっていない案件が{unassigned}件あります",
                url=reverse("office-cases") + "?box=unassigned",
                kind="受付案件",
                lane="section",
            )
        )
    letters = paper_list(person).count()
    if letters:
        items.append(
            WorkItem(
                title=f"送る通知書が{letters}件あります",
                url=reverse("office-case-letters"),
                kind="通知書",
                lane="section",
            )
        )
    return items


def _item(case: Case, lane: str) -> WorkItem:
    return WorkItem(
        title=f"{case.title}（{case.applicant_name}さん）",
        url=reverse("office-case", args=[case.public_id]) + f"?box={'mine' if lane == 'mine' else 'overdue'}",
        kind="受付案件",
        lane=lane,
        due=case.due_on,
        note=f"{case.number} {case.state_label}",
    )


@resident_source("cases")
def own_entries(person: Person, clock: Clock) -> Sequence[ResidentItem]:
    """The resident's open cases with what happens next, what is to be put right first, and drafts."""
    if person.kind is not PersonKind.RESIDENT:
        return []
    items = [_entry(case) for case in cases_of(person).exclude(phase=Phase.CLOSED.value)[:MOST]]
    items += _next_steps(person)
    drafts = (
        Filling.objects.filter(account_id=person.id, state=FillingState.OPEN)
        .exclude(about=TRIAL)
        .select_related("version__form")
        .order_by("-touched_at")
    )
    for one in drafts[:10]:
        try:
            url = reverse("apply-step", args=[one.public_id, one.position])
        except NoReverseMatch:
            continue
        day = business_date(one.touched_at)
        items.append(
            ResidentItem(
                title=one.version.read().title,
                url=url,
                group="applications",
                note=Text(
                    f"書きかけ（{day.month}月{day.day}日）",
                    easy=f"書きかけ（{day.month}月{day.day}日）",
                    en=f"Not sent yet ({day:%Y-%m-%d})",
                ),
            )
        )
    return items


def _next_steps(person: Person) -> list[ResidentItem]:
    """The stages of a 補助金 that may be sent now, also where the case before is over."""
    found: dict[str, ResidentItem] = {}
    for case in cases_of(person).filter(kind="subsidy", state__in=("notified", "completed"))[:10]:
        for one in stages_around(case)[1]:
            if one.version is None or one.stage == GrantStage.CHANGE:
                continue
            url = reverse("next-stage", args=[case.public_id, one.stage.value])
            found.setdefault(
                f"{case.procedure_id}:{one.stage}",
                ResidentItem(
                    title=one.version.read().title, url=url, group="applications", due=one.due, note=one.title
                ),
            )
    return list(found.values())


def _entry(case: Case) -> ResidentItem:
    asks = case.phase in (Phase.APPLICANT.value, Phase.OVERDUE.value)
    return ResidentItem(
        title=case.procedure.title if case.procedure.values else Text(case.title, easy=case.title, en=case.title),
        url=reverse("correct-case" if asks else "own-case", args=[case.public_id]),
        group="applications",
        due=case.answer_by if asks else None,
        note=case_states(case).title,
    )


@search_source("cases")
def found(person: Person, words: str) -> Sequence[SearchHit]:
    """Cases by number or name, among those the person sees; the reading is logged."""
    if not MAY_READ.allows(person):
        return []
    hits = list(worklist(person, Wanted(whose=Whose.ALL, open_only=False, words=words), on=town_clock().today())[:20])
    record_view(by=person, subjects=hits, what=READ_LIST, detail="search")
    return [
        SearchHit(
            f"{case.title}（{case.applicant_name}さん）",
            reverse("office-case", args=[case.public_id]),
            "受付案件",
            f"{case.number} {case.state_label}",
        )
        for case in hits
    ]
