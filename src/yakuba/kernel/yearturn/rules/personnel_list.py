"""The personnel list (人事異動名簿): its columns and words, a row, a line as understood, and the house it is read against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Action(StrEnum):
    """What happens to a person on the day (区分)."""

    MOVE = "move"
    JOIN = "join"
    RENEW = "renew"
    RETIRE = "retire"
    TERM_END = "term_end"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def leaves(self) -> bool:
        return self in (Action.RETIRE, Action.TERM_END)


_LABELS = {
    Action.MOVE: "異動",
    Action.JOIN: "採用",
    Action.RENEW: "任期更新",
    Action.RETIRE: "退職",
    Action.TERM_END: "任期満了",
}
EMPLOYMENTS = {
    "正規職員": "regular",
    "再任用職員": "reappointed",
    "会計年度任用職員": "fiscal_year",
    "特別職": "special",
}

NUMBER, NAME, ACTION, SECTION, POST = "職員番号", "氏名", "区分", "新所属", "新職"
KANA, EMPLOYMENT, LAST_DAY = "ふりがな", "任用の種類", "任期の末日"
REQUIRED = (NUMBER, NAME, ACTION)
OPTIONAL = (SECTION, POST, KANA, EMPLOYMENT, LAST_DAY)


@dataclass(frozen=True, slots=True)
class Known:
    """A person as stored. `section` and `post` are those of the main posting on the day before the turn."""

    id: int
    number: str
    name: str
    employment: str
    joined_on: date
    leaves_on: date | None
    section: int | None = None
    post: int | None = None
    #: Main posting as it stands on the day without the list: sections may have been renamed for it.
    section_on_day: int | None = None
    #: A main posting to begin on or after the day that is no mere continuation.
    later_posting: date | None = None
    #: Why the person leaves, if a leaving is registered already (retired, term_ended).
    leaving: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A section that stands on the day; `path` is its name with those above (総務課 行政管理班)."""

    id: int
    code: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class House:
    """What the list is read against: people by number, the sections of the day, the posts by title."""

    on: date
    people: Mapping[str, Known] = field(default_factory=dict)
    places: Sequence[Place] = ()
    posts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row of the list as text; `number` as the spreadsheet program counts it."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong: row, column (empty: the whole row), what, and what to do."""

    row: int
    column: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Line:
    """One person's turn. `person` is `None` for who joins; `row` 0 for a term that ends without being listed."""

    row: int
    action: Action
    number: str
    name: str
    person: int | None = None
    section: int | None = None
    post: int | None = None
    name_kana: str = ""
    employment: str = ""
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """The list as understood: lines, faults, and sentences about what would be odd."""

    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]
    notices: tuple[str, ...]
