"""States of a turn, the house as it will be, and which open work needs an heir."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum

from yakuba.kernel.japan.api import era_date
from yakuba.kernel.organisation.rules.heirs import Seat
from yakuba.kernel.values.api import Refusal, TransitionTable
from yakuba.kernel.yearturn.rules.personnel_list import Action, Line


class TurnState(StrEnum):
    """Where a turn of the year stands."""

    REFUSED = "refused"
    DRAFT = "draft"
    APPLYING = "applying"
    POSTED = "posted"
    FINISHED = "finished"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return {
            "refused": "名簿に誤りあり",
            "draft": "案",
            "applying": "発令の登録中",
            "posted": "発令を登録済み",
            "finished": "完了",
            "cancelled": "取りやめ",
        }[self.value]


TRANSITIONS = TransitionTable(
    {
        TurnState.REFUSED: {TurnState.CANCELLED: "直した名簿を送り直したとき、または取りやめたとき"},
        TurnState.DRAFT: {
            TurnState.APPLYING: "引き継ぎ先がすべて決まり、登録を始めたとき",
            TurnState.CANCELLED: "直した名簿を送り直したとき、または取りやめたとき",
        },
        TurnState.APPLYING: {TurnState.POSTED: "名簿のすべての行を登録したか、理由を書いて外したとき"},
        TurnState.POSTED: {TurnState.FINISHED: "その日を迎え、すべての仕事を引き継いだとき"},
    },
    start=(TurnState.DRAFT, TurnState.REFUSED),
)


def joiner_id(line: Line) -> int:
    """A stand-in for the row of somebody who is not stored yet."""
    return -line.row


def house_after(lines: Iterable[Line], seats: Sequence[Seat], *, ranks: Mapping[int, tuple[int, bool]]) -> list[Seat]:
    """The postings of the day with the list applied.

    `seats` is the house of the day without the list; `ranks` gives rank and headship of each post. Movers lose their
    main posting and keep concurrent ones, leavers have none, joiners appear under `joiner_id`.
    """
    after = list(seats)
    for line in lines:
        if line.action.leaves:
            after = [seat for seat in after if seat.staff != line.person]
            continue
        staff = joiner_id(line) if line.person is None else line.person
        old = next((seat for seat in after if seat.staff == staff and seat.is_main), None)
        section = line.section if line.section is not None else old.section if old else None
        post = line.post if line.post is not None else old.post if old else None
        if section is None or post is None:
            continue
        is_new = old is None or old.section != section or old.post != post
        after = [seat for seat in after if not (seat.staff == staff and seat.is_main)]
        rank, is_head = ranks.get(post, (0, False))
        after.append(Seat(staff, section, post, rank, is_head, is_main=True, is_new=is_new))
    return after


def needs_heir(
    *,
    holder: int,
    section: int | None,
    leavers: Iterable[int],
    after: Iterable[Seat],
    stands_for: Mapping[int, Sequence[int]],
) -> bool:
    """Whether a piece of work must pass on: its holder leaves, or no longer sits where the work belongs."""
    if holder in set(leavers):
        return True
    if section is None:
        return False
    places = set(stands_for.get(section, [section]))
    return not any(seat.staff == holder and seat.section in places for seat in after)


def check_may_start(*, orphans: int) -> None:
    """Raise `Refusal` while work has no heir."""
    if orphans:
        raise Refusal(
            f"引き継ぎ先が決まっていない仕事が{orphans}件あります。",
            hint="「仕事の引き継ぎ」の表で、すべての仕事に引き継ぎ先を入れてください。",
        )


def check_may_finish(*, on: date, today: date, open_lines: int, orphans: int, waiting: int) -> None:
    """Raise `Refusal` until the day has come, every row is settled and every piece of work has been handed over.

    `orphans` are pieces without heir, `waiting` pieces with an heir that were not handed over yet.
    """
    if open_lines:
        raise Refusal(
            f"登録できていない名簿の行が{open_lines}行あります。",
            hint="原因を直して「もう一度登録する」を押すか、理由を書いて行を外してください。",
        )
    if today < on:
        raise Refusal(
            f"年度替わりの日（{era_date(on)}）がまだ来ていません。", hint="その日になったら、もう一度完了してください。"
        )
    if orphans:
        raise Refusal(
            f"引き継ぎ先が決まっていない仕事が{orphans}件あるため、完了できません。",
            hint="「仕事の引き継ぎ」の表で、すべての仕事に引き継ぎ先を入れてください。",
        )
    if waiting:
        raise Refusal(f"まだ引き継いでいない仕事が{waiting}件あります。", hint="「仕事を引き継ぐ」を押してください。")


def line_order(line_action: Action) -> int:
    """Joiners first, so that they can be named as heirs; leavers last."""
    return [Action.JOIN, Action.MOVE, Action.RENEW, Action.RETIRE, Action.TERM_END].index(line_action)
