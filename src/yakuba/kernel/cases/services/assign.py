"""Who has a case in hand (担当), and which section (移管)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind
from yakuba.kernel.audit.api import verb
from yakuba.kernel.cases.access import may_work_on, require_work
from yakuba.kernel.cases.events import CaseAssigned
from yakuba.kernel.cases.models import Case, ExternalReceipt, Happening, Note
from yakuba.kernel.cases.rules.states import Phase
from yakuba.kernel.cases.services.moving import hold, note, touch
from yakuba.kernel.events.api import publish
from yakuba.kernel.organisation.api import OpenWork, may_edit, open_work_source, postings_of, staff_on
from yakuba.kernel.organisation.models import Section, Staff
from yakuba.kernel.things.api import Ref, ref_of
from yakuba.kernel.values.api import Clock, Refusal

LONGEST_NOTE = 4000


@verb("cases.assign", label="案件の担当を決める")
def assign_case(
    *, by: Person, case: Case, to: Staff | None, words: str = "", clock: Clock, seen_edition: int | None = None
) -> Case:
    """Give a case to somebody of its section (or of one below or above it), or to nobody. Also to oneself.

    Raises `Refusal` for somebody who is not in service or works elsewhere.
    """
    case = hold(case, seen_edition=seen_edition)
    require_work(by, case)
    before = case.assignee_id
    if to is not None:
        _require_colleague(case, to, clock.today())
    if before == (to.pk if to else None):
        return case
    case.assignee = to
    touch(case, clock=clock)
    who = to.name if to else "未定"
    note(
        case,
        Happening.HANDED_OVER if before else Happening.ASSIGNED,
        by=by,
        clock=clock,
        words=f"担当：{who}" + (f"（{words.strip()}）" if words.strip() else ""),
    )
    if to is not None and to.pk != by.staff_id:
        publish(CaseAssigned(case_public_id=case.public_id, staff_public_id=to.public_id))
    return case


@verb("cases.transfer", label="案件の移管")
def transfer_case(*, by: Person, case: Case, section: Section, reason: str, clock: Clock) -> Case:
    """Give a case to another section, which assigns it anew. Raises `Refusal` without a reason."""
    case = hold(case)
    require_work(by, case)
    if not reason.strip():
        raise Refusal("移す理由が空です。", field="reason", hint="移す先の課に分かるように書いてください。")
    if section.ends_on is not None and section.ends_on <= clock.today():
        raise Refusal(f"{section}は、もうありません。", field="section", hint="いまある課を選んでください。")
    if section.pk == case.section_id:
        return case
    if case.standing in (Phase.DECIDING, Phase.CLOSED):
        raise Refusal(
            f"いまは「{case.state_label}」のため、移せません。",
            hint="決裁を待っているときは、引き戻してから移してください。",
        )
    old = case.section
    case.section = section
    case.assignee = None
    touch(case, clock=clock)
    note(
        case,
        Happening.SECTION_CHANGED,
        by=by,
        clock=clock,
        words=f"{old}から{section}へ：{reason.strip()}",
        resident_words=f"担当が{section}になりました。",
    )
    return case


@verb("cases.add_note", label="内部メモ")
def add_note(*, by: Person, case: Case, words: str, clock: Clock) -> Note:
    """Write an internal note; residents never see it. Raises `Refusal` for an empty or endless one."""
    if not may_work_on(by, case):
        raise NotAllowed(f"この案件を扱えるのは、担当の{case.section}の職員です。")
    text = words.strip()
    if not text:
        raise Refusal("メモが空です。", field="words", hint="書いてから登録してください。")
    if len(text) > LONGEST_NOTE:
        raise Refusal(f"メモが長すぎます（{LONGEST_NOTE}文字まで）。", field="words", hint="短くしてください。")
    return Note.objects.create(case=case, words=text, author_id=by.staff_id, author_name=by.name[:80], at=clock.now())


def _require_colleague(case: Case, to: Staff, on: date) -> None:
    """Somebody in service, posted to the section, below it or above it."""
    if not staff_on(on).filter(pk=to.pk).exists():
        raise Refusal(f"{to.name}さんは、在職していません。", field="to", hint="別の人を選んでください。")
    posted = frozenset(one.section_id for one in postings_of(to, on))
    parents: Mapping[int, int | None] = dict(Section.objects.values_list("pk", "parent_id"))
    near = set(_upwards(case.section_id, parents))
    if not any(case.section_id in _upwards(one, parents) or one in near for one in posted):
        raise Refusal(
            f"{to.name}さんは、{case.section}の職員ではありません。",
            field="to",
            hint="ほかの課に任せるときは、案件を移管してください。",
        )


def _upwards(section: int | None, parents: Mapping[int, int | None]) -> Iterator[int]:
    seen: set[int] = set()
    while section is not None and section not in seen:
        seen.add(section)
        yield section
        section = parents.get(section)


@dataclass(frozen=True)
class Outcome:
    """What became of one case of a bulk act; ``why`` is empty when it was done."""

    case: Case
    why: str = ""


def for_each(cases: Sequence[Case], act: Callable[[Case], object]) -> tuple[Outcome, ...]:
    """Do the same to many cases (一括処理), each in a transaction of its own: one that is refused stops no other.

    For harmless steps only: assigning, notes, completing 届出.
    """
    found = []
    for case in cases:
        try:
            act(case)
        except (Refusal, PermissionDenied) as refusal:
            found.append(Outcome(case, str(refusal)))
        else:
            found.append(Outcome(case))
    return tuple(found)


@verb("cases.hand_over", label="案件の引継ぎ")
def hand_over_case(*, by: Person, case: Case, to: Staff, on: date) -> Case:
    """Give a case to the heir of somebody who moves or leaves; by who keeps the organisation's records."""
    if by.kind is not PersonKind.SYSTEM and not may_edit(by):
        raise NotAllowed("仕事を引き継がせられるのは、人事担当と情報システム担当です。")
    held = Case.objects.select_for_update().get(pk=case.pk)
    held.assignee = to
    held.edition += 1
    held.save(update_fields=["assignee", "edition"])
    return held


@verb("cases.hand_over_receipt", label="他の窓口の受付の引継ぎ")
def hand_over_receipt(*, by: Person, receipt: ExternalReceipt, to: Staff) -> ExternalReceipt:
    """The same for a receipt of another channel."""
    if by.kind is not PersonKind.SYSTEM and not may_edit(by):
        raise NotAllowed("仕事を引き継がせられるのは、人事担当と情報システム担当です。")
    held = ExternalReceipt.objects.select_for_update().get(pk=receipt.pk)
    held.assignee = to
    held.save(update_fields=["assignee"])
    return held


def _hand_over(*, ref: Ref, from_staff_id: int, to_staff_id: int, on: date, by: Person) -> object:
    to = Staff.objects.get(pk=to_staff_id)
    if ref.kind == "cases.receipt":
        receipt = ExternalReceipt.objects.filter(public_id=ref.public_id, assignee_id=from_staff_id).first()
        return hand_over_receipt(by=by, receipt=receipt, to=to) if receipt else None
    case = Case.objects.filter(public_id=ref.public_id, assignee_id=from_staff_id).first()
    return hand_over_case(by=by, case=case, to=to, on=on) if case else None


@open_work_source("cases.cases", hand_over=_hand_over)
def cases_in_hand(staff_ids: frozenset[int], on: date) -> Iterator[OpenWork]:
    """Open cases of people who move or leave."""
    held = Case.objects.filter(assignee_id__in=staff_ids).exclude(phase=Phase.CLOSED).order_by("due_on", "received_at")
    for case in held:
        if case.assignee_id is not None:
            yield OpenWork(
                kind="案件の担当",
                ref=ref_of(case),
                title=str(case),
                holder_id=case.assignee_id,
                section_id=case.section_id,
                due=case.answer_by or case.due_on,
            )
    for receipt in ExternalReceipt.objects.filter(assignee_id__in=staff_ids, is_closed=False).select_related(
        "procedure"
    ):
        if receipt.assignee_id is not None:
            yield OpenWork(
                kind="他の窓口の受付の担当",
                ref=ref_of(receipt),
                title=f"{receipt.number} {receipt.procedure}",
                holder_id=receipt.assignee_id,
                section_id=receipt.section_id,
            )
