"""Reading the personnel list row by row against the house of the day: who moves, joins, stays on, leaves."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TypeVar

from yakuba.kernel.japan.api import era_date, fold, parse_date
from yakuba.kernel.organisation.rules.days import check_day
from yakuba.kernel.organisation.rules.employment import (
    FISCAL_YEAR,
    check_first_term,
    check_leaving,
    check_service,
    renewal,
    tidy_name,
    tidy_number,
)
from yakuba.kernel.values.api import Refusal
from yakuba.kernel.yearturn.rules.personnel_list import (
    ACTION,
    EMPLOYMENT,
    EMPLOYMENTS,
    KANA,
    LAST_DAY,
    NAME,
    NUMBER,
    POST,
    SECTION,
    Action,
    Fault,
    House,
    Known,
    Line,
    RawRow,
    Reading,
)

T = TypeVar("T")

_WORDS = {
    "異動": Action.MOVE,
    "昇任": Action.MOVE,
    "転任": Action.MOVE,
    "採用": Action.JOIN,
    "任用": Action.JOIN,
    "新規": Action.JOIN,
    "新規採用": Action.JOIN,
    "更新": Action.RENEW,
    "任期更新": Action.RENEW,
    "任用更新": Action.RENEW,
    "再度任用": Action.RENEW,
    "退職": Action.RETIRE,
    "任期満了": Action.TERM_END,
}


def read_list(rows: Sequence[RawRow], house: House) -> Reading:
    """Read every row; terms that end with the old year and are not listed end by themselves."""
    lines: list[Line] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for row in rows:
        reader = _Row(row, house)
        line = reader.read()
        faults += reader.faults
        if line is None:
            continue
        if line.number in seen:
            faults.append(
                Fault(
                    row.number,
                    NUMBER,
                    f"職員番号「{line.number}」は{seen[line.number]}行目にもあります。",
                    "一人一行にしてください。",
                )
            )
            continue
        seen[line.number] = row.number
        lines.append(line)
    ending = [
        Line(0, _ending(person), person.number, person.name, person=person.id, last_day=house.on - timedelta(days=1))
        for person in sorted(house.people.values(), key=lambda one: one.number)
        if person.leaves_on == house.on and person.joined_on < house.on and person.number not in seen
    ]
    notices = []
    if ending:
        shown = "、".join(one.name for one in ending[:10]) + (f" ほか{len(ending) - 10}人" if len(ending) > 10 else "")
        notices.append(
            f"名簿にない{len(ending)}人の任期または在職が{era_date(house.on - timedelta(days=1))}で終わります（{shown}）。"
            "続けて任用するときは、区分「更新」で名簿に加えてください。"
        )
    if not lines and not faults:
        faults.append(Fault(0, "", "名簿に行がありません。", "見出しの下に一人一行で入力してください。"))
    return Reading((*lines, *ending), tuple(faults), tuple(notices))


def _ending(person: Known) -> Action:
    """How a service that is known to end is called: as it was registered, else the end of a term."""
    return Action.RETIRE if person.leaving == "retired" else Action.TERM_END


class _Row:
    """One row on its way to a line."""

    def __init__(self, row: RawRow, house: House) -> None:
        self.row = row
        self.house = house
        self.faults: list[Fault] = []

    def read(self) -> Line | None:
        action = self._taken(ACTION, _action)
        number = self._taken(NUMBER, tidy_number)
        name = self._taken(NAME, tidy_name)
        if action is None or number is None or name is None:
            return None
        known = self.house.people.get(number)
        line = self._joining(number, name, known) if action is Action.JOIN else self._known(action, number, name, known)
        return None if self.faults else line

    def _joining(self, number: str, name: str, known: Known | None) -> Line:
        if known is not None:
            self._fault(
                NUMBER,
                f"職員番号「{number}」は「{known.name}」が使っています。",
                "番号を確かめてください。在職している人は「異動」にしてください。",
            )
        employment = self._taken(EMPLOYMENT, _employment) if self._text(EMPLOYMENT) else "regular"
        last_day = self._taken(LAST_DAY, _day) if self._text(LAST_DAY) else None
        leaves_on = last_day + timedelta(days=1) if last_day else None
        if employment and not self.faults:
            self._ask(
                LAST_DAY, lambda: check_service(employment=employment, joined_on=self.house.on, leaves_on=leaves_on)
            )
            self._ask(
                LAST_DAY, lambda: check_first_term(employment=employment, joined_on=self.house.on, leaves_on=leaves_on)
            )
        return Line(
            self.row.number,
            Action.JOIN,
            number,
            name,
            section=self._taken(SECTION, self._place),
            post=self._taken(POST, self._post),
            name_kana=self._text(KANA)[:120],
            employment=employment or "",
            last_day=last_day,
        )

    def _known(self, action: Action, number: str, name: str, known: Known | None) -> Line | None:
        before = self.house.on - timedelta(days=1)
        if known is None:
            self._fault(
                NUMBER,
                f"職員番号「{number}」の職員は登録されていません。",
                "番号を確かめるか、区分を「採用」にしてください。",
            )
            return None
        if fold(known.name) != fold(name):
            self._fault(
                NAME, f"職員番号「{number}」は「{known.name}」です。", "番号か氏名の書き間違いを直してください。"
            )
        if known.joined_on > before or (known.leaves_on is not None and known.leaves_on < self.house.on):
            self._fault(
                NUMBER,
                f"「{known.name}」は{era_date(before)}に在職していません。",
                "名簿から外すか、番号を確かめてください。",
            )
            return None
        if action is Action.MOVE:
            return self._moving(known)
        if action is Action.RENEW:
            return self._renewing(known)
        self._ask(NUMBER, lambda: check_leaving(joined_on=known.joined_on, leaves_on=known.leaves_on, last_day=before))
        return Line(self.row.number, action, number, known.name, person=known.id, last_day=before)

    def _moving(self, known: Known) -> Line:
        section = self._taken(SECTION, self._place) if self._text(SECTION) else known.section_on_day
        post = self._taken(POST, self._post) if self._text(POST) else known.post
        if known.leaves_on is not None and known.leaves_on <= self.house.on:
            self._fault(
                ACTION,
                f"「{known.name}」の任期は{era_date(known.leaves_on - timedelta(days=1))}で終わります。",
                "区分を「更新」にして、新所属と新職を書いてください。",
            )
        elif not self.faults and (section is None or post is None):
            self._fault(SECTION, "今の本務がないため、新所属と新職の両方が必要です。", "両方を入力してください。")
        elif not self.faults and (section, post) == (known.section_on_day, known.post):
            self._fault(SECTION, "今と同じ所属・職です。", "名簿から外すか、新所属・新職を直してください。")
        if known.later_posting is not None:
            self._fault(
                NUMBER,
                f"{era_date(known.later_posting)}からの発令がすでに登録されています。",
                "職員の画面でその発令を取り消すか、名簿から外してください。",
            )
        return Line(self.row.number, Action.MOVE, known.number, known.name, person=known.id, section=section, post=post)

    def _renewing(self, known: Known) -> Line:
        last_day = self._taken(LAST_DAY, _day)
        section = self._taken(SECTION, self._place) if self._text(SECTION) else known.section_on_day
        post = self._taken(POST, self._post) if self._text(POST) else known.post
        if not self.faults and (section is None or post is None):
            self._fault(SECTION, "次の任期の所属か職が分かりません。", "新所属と新職を入力してください。")
        if last_day is not None:
            self._ask(
                LAST_DAY,
                lambda: renewal(employment=known.employment, leaves_on=known.leaves_on, last_day=last_day),
            )
        if known.employment == FISCAL_YEAR and known.leaves_on is not None and known.leaves_on != self.house.on:
            self._fault(
                ACTION,
                f"「{known.name}」の任期は{era_date(known.leaves_on - timedelta(days=1))}までです。",
                f"{era_date(self.house.on)}に更新できるのは、その前日で任期が終わる人だけです。",
            )
        return Line(
            self.row.number,
            Action.RENEW,
            known.number,
            known.name,
            person=known.id,
            section=section,
            post=post,
            last_day=last_day,
        )

    def _text(self, column: str) -> str:
        return self.row.cells.get(column, "").strip()

    def _taken(self, column: str, read: Callable[[str], T]) -> T | None:
        text = self._text(column)
        if not text:
            self._fault(column, "空欄です。", "入力してください。")
            return None
        try:
            return read(text)
        except Refusal as refusal:
            self._fault(column, refusal.message, refusal.hint or "")
            return None

    def _ask(self, column: str, rule: Callable[[], object]) -> None:
        try:
            rule()
        except Refusal as refusal:
            self._fault(column, refusal.message, refusal.hint or "")

    def _fault(self, column: str, message: str, hint: str) -> None:
        self.faults.append(Fault(self.row.number, column, message, hint))

    def _place(self, text: str) -> int:
        code = unicodedata.normalize("NFKC", text).strip()
        for place in self.house.places:
            if place.code == code:
                return place.id
        wanted = fold(text)
        found = [place for place in self.house.places if fold(place.path) == wanted]
        found = found or [place for place in self.house.places if fold(place.name) == wanted]
        if len(found) == 1:
            return found[0].id
        if found:
            raise Refusal(
                f"「{text[:30]}」という所属が{len(found)}あります。",
                hint="所属コードで書いてください："
                + "、".join(f"{place.code}（{place.path}）" for place in found[:6])
                + "。",
            )
        raise Refusal(
            f"「{text[:30]}」という所属は{era_date(self.house.on)}にありません。",
            hint="所属コードか名称を直してください。新しい所属は、先に組織図の画面で設置・改称・統合を登録してください。",
        )

    def _post(self, text: str) -> int:
        found = self.house.posts.get(unicodedata.normalize("NFKC", text).strip()) or self.house.posts.get(text.strip())
        if found is None:
            raise Refusal(
                f"「{text[:30]}」という職は登録されていません。", hint="職名を直すか、先に職を登録してください。"
            )
        return found


def _action(text: str) -> Action:
    found = _WORDS.get(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        raise Refusal(
            f"「{text[:20]}」という区分はありません。",
            hint="異動、採用、更新、退職、任期満了のどれかを入力してください。",
        )
    return found


def _employment(text: str) -> str:
    found = EMPLOYMENTS.get(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        raise Refusal(
            f"「{text[:20]}」という任用の種類はありません。",
            hint=f"{'、'.join(EMPLOYMENTS)}のどれかを入力してください。",
        )
    return found


def _day(text: str) -> date:
    return check_day(parse_date(text), field="last_day", what="日付")
