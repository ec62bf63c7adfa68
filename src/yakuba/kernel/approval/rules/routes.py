"""Routes (決裁ルート) as data: through whose hands a draft goes before and after it is decided.

A route is a list of stages, walked one after the other; a stage holds seats, taken side by side, and says how many of
them are needed. Sources of the terms: the 文書取扱規程 and 事務決裁規程 of towns (回議, 合議, 専決, 代決, 後閲, 供覧, 施行);
審査 by the 会計管理者: 地方自治法第170条, 第232条の4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from yakuba.kernel.access.api import Role
from yakuba.kernel.expressions.api import Named, Rule, ValueType, check
from yakuba.kernel.values.api import Refusal

MOST_STAGES = 20
MOST_SEATS = 20
"""Of one stage. More people than that are told, not asked."""


class StageKind(StrEnum):
    """What is done at a stage."""

    LINE = "line"
    CONSULT = "consult"
    EXAMINE = "examine"
    DECIDE = "decide"
    ISSUE = "issue"
    CIRCULATE = "circulate"

    @property
    def label(self) -> str:
        return {
            "line": "回議",
            "consult": "合議",
            "examine": "審査",
            "decide": "決裁",
            "issue": "施行",
            "circulate": "供覧",
        }[self.value]

    @property
    def is_organ(self) -> bool:
        """審査: a separate organ. Nobody on the deciding line can skip it, stand in for it or re-route it."""
        return self is StageKind.EXAMINE

    @property
    def comes_before_decision(self) -> bool:
        """Whether the kind has its place only before the decision; 審査 may stand on either side."""
        return self in (StageKind.LINE, StageKind.CONSULT)

    @property
    def comes_after_decision(self) -> bool:
        return self in (StageKind.ISSUE, StageKind.CIRCULATE)


class Who(StrEnum):
    """How a seat is filled, asked anew on every day."""

    SUPERIORS = "superiors"
    SECTION_HEAD = "section_head"
    SECTION = "section"
    ROLE = "role"
    STAFF = "staff"
    AUTHORITY_HEAD = "authority_head"
    DELEGATED = "delegated"
    DRAFTER = "drafter"

    @property
    def label(self) -> str:
        return {
            "superiors": "起案者から決裁者までの上司（順に）",
            "section_head": "担当の所属の長",
            "section": "決まった所属の長",
            "role": "決まった役割の人",
            "staff": "決まった職員",
            "authority_head": "執行機関の長",
            "delegated": "専決規程で決まる人",
            "drafter": "起案した人",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat: ``section`` is a section's code, ``role`` a role's name, ``staff`` a number of the personnel list."""

    who: Who
    section: str = ""
    role: str = ""
    staff: str = ""

    def to_json(self) -> dict[str, str]:
        """As it is stored: what is empty is left out."""
        said = {"who": self.who.value, "section": self.section, "role": self.role, "staff": self.staff}
        return {key: value for key, value in said.items() if value}

    @classmethod
    def from_json(cls, said: Mapping[str, Any], place: str = "") -> Seat:
        """Read a stored seat. Raises ``Refusal`` naming the place."""
        try:
            seat = cls(Who(said["who"]), *(str(said.get(key, "")) for key in ("section", "role", "staff")))
        except (KeyError, ValueError, TypeError, AttributeError) as fault:
            raise _wrong(place, "だれの席かが分かりません。", "席の種類を選んでください。") from fault
        needed = {Who.SECTION: seat.section, Who.ROLE: seat.role, Who.STAFF: seat.staff}
        if seat.who in needed and not needed[seat.who]:
            raise _wrong(place, f"「{seat.who.label}」の相手が選ばれていません。", "所属・役割・職員を選んでください。")
        if seat.who is Who.ROLE and seat.role not in set(Role):
            raise _wrong(place, f"「{seat.role[:20]}」という役割はありません。", "一覧から選んでください。")
        return seat


ALL = 0
"""The quorum of a stage at which everybody is needed."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: ``quorum`` seats are needed (0: all of them), ``when`` a condition over the facts of the draft."""

    kind: StageKind
    seats: tuple[Seat, ...]
    title: str = ""
    quorum: int = ALL
    when: Rule = None

    @property
    def name(self) -> str:
        return self.title or self.kind.label

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        said: dict[str, Any] = {"kind": self.kind.value, "seats": [one.to_json() for one in self.seats]}
        if self.title:
            said["title"] = self.title
        if self.quorum != ALL:
            said["quorum"] = self.quorum
        if self.when is not None:
            said["when"] = self.when
        return said


@dataclass(frozen=True, slots=True)
class Route:
    """The stages of a kind of draft."""

    stages: tuple[Stage, ...] = field(default=())

    def to_json(self) -> list[dict[str, Any]]:
        """As it is stored."""
        return [one.to_json() for one in self.stages]


#: What a condition of a stage may ask about a draft.
FACTS: dict[str, ValueType] = {
    "amount": ValueType.YEN,
    "matter": ValueType.TEXT,
    "is_extraordinary": ValueType.YES_NO,
    "is_important": ValueType.YES_NO,
    "spends_money": ValueType.YES_NO,
    "needs_seal": ValueType.YES_NO,
    "section": ValueType.TEXT,
}
FACT_WORDS: dict[str, Named] = {
    "amount": Named("金額", {}, ValueType.YEN),
    "matter": Named("事務の種類", {}, ValueType.TEXT),
    "is_extraordinary": Named("異例な案件", {}, ValueType.YES_NO),
    "is_important": Named("重要な案件", {}, ValueType.YES_NO),
    "spends_money": Named("支出を伴う", {}, ValueType.YES_NO),
    "needs_seal": Named("公印を押す", {}, ValueType.YES_NO),
    "section": Named("担当の所属コード", {}, ValueType.TEXT),
}


def read_route(said: Any) -> Route:
    """A route from its stored form, checked. Raises ``Refusal`` naming the stage that is wrong."""
    if not isinstance(said, Sequence) or isinstance(said, str | bytes):
        raise _wrong("", "ルートの形が違います。", "段階の一覧を書いてください。")
    if not 1 <= len(said) <= MOST_STAGES:
        raise _wrong("", f"段階は1から{MOST_STAGES}までです。", "段階を減らすか、供覧をまとめてください。")
    route = Route(tuple(_stage(one, number) for number, one in enumerate(said, start=1)))
    _check_order(route)
    return route


def _stage(said: Any, number: int) -> Stage:
    place = f"{number}番目の段階"
    try:
        kind = StageKind(said["kind"])
        seats = tuple(Seat.from_json(one, place) for one in said["seats"])
        quorum = said.get("quorum", ALL)
        stage = Stage(kind, seats, str(said.get("title", ""))[:40], quorum, said.get("when"))
    except (KeyError, ValueError, TypeError, AttributeError) as fault:
        raise _wrong(place, "形が違います。", "種類（回議・合議など）と席を選んでください。") from fault
    if not 1 <= len(seats) <= MOST_SEATS:
        raise _wrong(place, f"席は1から{MOST_SEATS}までです。", "席を選んでください。")
    if type(quorum) is not int or not 0 <= quorum <= len(seats):
        raise _wrong(place, "必要な人数が席の数と合いません。", f"0（全員）から{len(seats)}までにしてください。")
    if len(set(seats)) != len(seats):
        raise _wrong(place, "同じ席が二つあります。", "一つにしてください。")
    if stage.when is not None:
        faults = check(stage.when, names=FACTS)
        if faults:
            raise _wrong(place, f"条件が正しくありません：{faults[0].message}", faults[0].hint or "")
    _check_seats(stage, place)
    return stage


def _check_seats(stage: Stage, place: str) -> None:
    kinds = {one.who for one in stage.seats}
    if stage.kind is StageKind.DECIDE:
        if len(stage.seats) != 1:
            raise _wrong(place, "決裁をする人は一人です。", "席を一つにしてください。")
        if kinds & {Who.SUPERIORS, Who.DRAFTER}:
            raise _wrong(place, "起案した人やその上司の列は、決裁者にできません。", "決裁者を選んでください。")
    elif Who.DELEGATED in kinds:
        raise _wrong(place, "専決規程で決まる人が立つのは、決裁の段階だけです。", "ほかの席を選んでください。")
    if stage.kind.is_organ and not kinds <= {Who.ROLE}:
        raise _wrong(place, "審査は、会計管理者のような役割の人だけが行います。", "役割で席を選んでください。")
    if Who.SUPERIORS in kinds and (stage.kind is not StageKind.LINE or len(stage.seats) > 1):
        raise _wrong(place, "「上司（順に）」は、回議の段階に一つだけ置けます。", "別の段階に分けてください。")
    if Who.DRAFTER in kinds and stage.kind is not StageKind.ISSUE:
        raise _wrong(place, "起案した人が行うのは、施行だけです。", "ほかの席を選んでください。")


def _check_order(route: Route) -> None:
    decisions = [number for number, one in enumerate(route.stages) if one.kind is StageKind.DECIDE]
    if len(decisions) != 1:
        raise _wrong("", "決裁の段階は、ちょうど一つ必要です。", "決裁の段階を一つにしてください。")
    if route.stages[decisions[0]].when is not None:
        raise _wrong("", "決裁の段階には条件を付けられません。", "条件を消してください。")
    for number, one in enumerate(route.stages):
        if number > decisions[0] and one.kind.comes_before_decision:
            raise _wrong(
                f"{number + 1}番目の段階", f"{one.kind.label}は決裁の前に置きます。", "順番を入れ替えてください。"
            )
        if number < decisions[0] and one.kind.comes_after_decision:
            raise _wrong(
                f"{number + 1}番目の段階", f"{one.kind.label}は決裁の後に置きます。", "順番を入れ替えてください。"
            )


def _wrong(place: str, what: str, hint: str) -> Refusal:
    return Refusal(f"{place}：{what}" if place else what, field="stages", hint=hint)
