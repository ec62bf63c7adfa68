"""Keeping the list of open work and its heirs up to date, and choosing heirs by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import QuerySet

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.access import require_editor
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.organisation.rules.employment import tidy_number
from yakuba.kernel.values.api import Refusal
from yakuba.kernel.yearturn.models import LineState, TurnHeir, TurnLine, YearTurn
from yakuba.kernel.yearturn.queries import Inheritance, inheritances
from yakuba.kernel.yearturn.rules.personnel_list import Action, Line
from yakuba.kernel.yearturn.rules.turn import TurnState


@verb("yearturn.refresh_heirs", label="引き継ぐ仕事の確かめ直し")
def refresh_heirs(*, by: Person, turn: YearTurn) -> YearTurn:
    """Ask all apps again for open work: new pieces get a proposal, finished ones go, choices by hand stay."""
    require_editor(by)
    turn = YearTurn.objects.select_for_update().get(pk=turn.pk)
    if turn.state in (TurnState.DRAFT, TurnState.APPLYING, TurnState.POSTED):
        renew_proposals(turn, inheritances(lines_of(turn), turn.on))
    return turn


@verb("yearturn.choose_heirs", label="引き継ぎ先の変更")
def choose_heirs(*, by: Person, turn: YearTurn, numbers: Mapping[str, str]) -> list[TurnHeir]:
    """Take other heirs: ``numbers`` gives the 職員番号 for the public id of a piece; empty makes it an orphan again.

    Raises ``Refusal`` naming the piece if the person leaves, is not known, or cannot take it.
    """
    require_editor(by)
    changed: list[TurnHeir] = []
    for heir in TurnHeir.objects.select_for_update().filter(turn=turn, handed_at=None, public_id__in=list(numbers)):
        number = numbers[heir.public_id].strip()
        number = tidy_number(number) if number else ""
        if number == heir.heir_number:
            continue
        if number:
            check_heir(turn, heir, number)
        heir.heir_number = number
        heir.is_by_hand = True
        heir.ground = "人事担当が選んだ人" if number else "引き継ぎ先を外しました"
        heir.save(update_fields=["heir_number", "is_by_hand", "ground"])
        changed.append(heir)
    return changed


def check_heir(turn: YearTurn, heir: TurnHeir, number: str) -> None:
    """Raise ``Refusal`` unless the person of that number can take the piece over on the day."""
    line = TurnLine.objects.filter(turn=turn, number=number).exclude(state=LineState.SKIPPED).first()
    staff = Staff.objects.filter(number=number).first()
    if staff is None and (line is None or line.action != Action.JOIN):
        raise Refusal(
            f"「{heir.title}」：職員番号「{number}」の職員がいません。",
            field=heir.public_id,
            hint="番号を確かめてください。",
        )
    leaves = line is not None and Action(line.action).leaves
    if staff is not None and not leaves:
        renewed = line is not None and line.action == Action.RENEW
        leaves = staff.leaves_on is not None and staff.leaves_on <= turn.on and not renewed
    if leaves:
        raise Refusal(
            f"「{heir.title}」：「{staff.name if staff else number}」は{turn.on:%Y-%m-%d}に在職していません。",
            field=heir.public_id,
            hint="在職している職員を選んでください。",
        )
    if staff is not None and (staff.pk == heir.holder_id or staff.pk in heir.not_for):
        raise Refusal(
            f"「{heir.title}」：「{staff.name}」はこの仕事を引き継げません。",
            field=heir.public_id,
            hint="本人や、すでに同じ役目にある人は選べません。ほかの職員を選んでください。",
        )


def renew_proposals(turn: YearTurn, found: Iterable[Inheritance]) -> None:
    """Bring the stored pieces to what the apps say now."""
    known = {(one.source, one.ref): one for one in turn.heirs.all()}
    fresh: list[TurnHeir] = []
    seen: set[tuple[str, str]] = set()
    for one in found:
        work = one.found.work
        key = (one.found.source, str(work.ref))
        seen.add(key)
        heir = known.get(key)
        if heir is None:
            fresh.append(
                TurnHeir(
                    turn=turn,
                    source=key[0],
                    ref=key[1],
                    kind=work.kind[:60],
                    title=work.title[:200],
                    due=work.due,
                    holder_id=work.holder_id,
                    not_for=sorted(work.not_for),
                    heir_number=one.heir_number,
                    ground=one.ground,
                )
            )
            continue
        if heir.handed_at is not None and heir.holder_id == work.holder_id:
            heir.handed_at = None  # the owning app still says it is open
        heir.title, heir.due, heir.holder_id, heir.not_for = (
            work.title[:200],
            work.due,
            work.holder_id,
            sorted(work.not_for),
        )
        if not heir.is_by_hand or not heir.heir_number:
            heir.heir_number, heir.ground, heir.is_by_hand = one.heir_number, one.ground, False
        heir.save()
    TurnHeir.objects.bulk_create(fresh)
    gone = [one.pk for key, one in known.items() if key not in seen and one.handed_at is None]
    TurnHeir.objects.filter(pk__in=gone).delete()


def lines_of(turn: YearTurn) -> list[Line]:
    """The stored lines as the rules take them, without those that were skipped."""
    return [
        Line(
            row=one.row,
            action=Action(one.action),
            number=one.number,
            name=one.name,
            person=one.staff_id,
            section=one.section_id,
            post=one.post_id,
            name_kana=one.name_kana,
            employment=one.employment,
            last_day=one.last_day,
        )
        for one in turn.lines.exclude(state=LineState.SKIPPED)
    ]


def orphans_of(turn: YearTurn) -> QuerySet[TurnHeir]:
    """Pieces of the turn that have no heir."""
    return TurnHeir.objects.filter(turn=turn, handed_at=None, heir_number="")


def waiting_of(turn: YearTurn) -> QuerySet[TurnHeir]:
    """Pieces of the turn that have an heir and were not handed over yet."""
    return TurnHeir.objects.filter(turn=turn, handed_at=None).exclude(heir_number="")
