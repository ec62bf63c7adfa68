"""Sections: what may be founded, renamed, merged, split and closed.

Source of the forms: 地方自治法第158条 (内部組織), 教育委員会 and the other 執行機関 by their own rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from yakuba.kernel.japan.api import era_date, fold
from yakuba.kernel.values.api import Period, Refusal

DEPARTMENT, SECTION, UNIT, FACILITY = "department", "section", "unit", "facility"
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,19}")


@dataclass(frozen=True, slots=True)
class StandingSection:
    """A section as the rules see it: its key, its words, its place and its period."""

    key: int | str
    code: str
    name: str
    kind: str
    parent: int | str | None
    period: Period


def tidy_code(text: str) -> str:
    """A section code in half width without spaces. Raises `Refusal` for anything but letters, digits, `-` and `_`."""
    code = unicodedata.normalize("NFKC", text).strip()
    if not _CODE.fullmatch(code):
        raise Refusal(
            f"所属コード「{text[:30]}」は使えません。",
            field="code",
            hint="半角の英数字と「-」「_」で20文字までにしてください（例: 0101）。",
        )
    return code


def check_kind_under(kind: str, parent_kind: str | None) -> None:
    """Raise `Refusal` unless a section of `kind` may stand below one of `parent_kind` (`None`: directly)."""
    if kind == UNIT and parent_kind is None:
        raise Refusal(
            "班・係には上位の所属が必要です。", field="parent", hint="この班・係が属する課・室を選んでください。"
        )
    if kind == DEPARTMENT and parent_kind is not None:
        raise Refusal(
            "部・局は上位の所属を持てません。", field="parent", hint="上位の所属を空にするか、種別を変えてください。"
        )
    if parent_kind == UNIT:
        raise Refusal(
            "班・係の下に所属を置くことはできません。",
            field="parent",
            hint="上位の所属には部・局、課・室、出先・施設のいずれかを選んでください。",
        )
    if kind == SECTION and parent_kind == SECTION:
        raise Refusal(
            "課・室の下に課・室を置くことはできません。",
            field="parent",
            hint="上位の所属に部・局を選ぶか、種別を「班・係」または「出先・施設」にしてください。",
        )


def check_standing(new: StandingSection, others: Iterable[StandingSection]) -> None:
    """Raise `Refusal` if code or name of `new` is taken in its period, or its parent does not exist throughout it.

    `others` are all rows that could meet it; the row itself (same key) is passed over.
    """
    by_key = {}
    for other in others:
        if other.key == new.key:
            continue
        by_key[other.key] = other
        if not other.period.overlaps(new.period):
            continue
        if other.code == new.code:
            raise Refusal(
                f"所属コード「{new.code}」は、同じ期間に「{other.name}」が使っています。",
                field="code",
                hint="別のコードにするか、設置日・廃止日を確かめてください。",
            )
        if other.parent == new.parent and fold(other.name) == fold(new.name):
            raise Refusal(
                f"「{new.name}」という所属が、同じ場所に同じ期間あります。",
                field="name",
                hint="名称か上位の所属を確かめてください。",
            )
    if new.parent is None:
        return
    parent = by_key.get(new.parent)
    if parent is None:
        raise Refusal("上位の所属が見つかりません。", field="parent", hint="上位の所属を選び直してください。")
    check_kind_under(new.kind, parent.kind)
    if not parent.period.covers(new.period):
        raise Refusal(
            f"上位の所属「{parent.name}」が存在する期間（{in_words(parent.period)}）からはみ出しています。",
            field="parent",
            hint="設置日・廃止日を直すか、その期間に存在する所属を選んでください。",
        )
    check_no_circle(new.key, {**{key: one.parent for key, one in by_key.items()}, new.key: new.parent})


def check_no_circle(start: int | str, parent_of: Mapping[int | str, int | str | None]) -> None:
    """Raise `Refusal` if walking up from `start` comes back to a section already met."""
    seen = {start}
    at = parent_of.get(start)
    while at is not None:
        if at in seen:
            raise Refusal(
                "上位の所属をたどると元の所属に戻ってしまいます。",
                field="parent",
                hint="この所属の下にある所属は、上位の所属に選べません。",
            )
        seen.add(at)
        at = parent_of.get(at)


def check_succession_day(before: StandingSection, on_period: Period) -> None:
    """Raise `Refusal` unless the section exists on the day before the change and still stands on that day.

    `on_period` begins on the day from which the successor stands.
    """
    on = on_period.start
    if on <= before.period.start:
        raise Refusal(
            f"「{before.name}」の設置日（{era_date(before.period.start)}）より後の日を指定してください。",
            field="on",
            hint="設置した日から誤っていた場合は「記録の訂正」を使ってください。",
        )
    if before.period.end is not None and before.period.end <= on:
        raise Refusal(
            f"「{before.name}」は{era_date(before.period.end)}にはもうありません。",
            field="on",
            hint="廃止済みの所属は変えられません。今ある所属を選んでください。",
        )


def check_split(*, staff: Collection[int], units: Collection[int], goes: Mapping[int, int], count: int) -> None:
    """Raise `Refusal` unless every posting and every unit of a section that is split has one of its successors.

    `staff` and `units` are keys that must appear in `goes` with the place (0 … count-1) of their successor.
    """
    if count < 2:
        raise Refusal(
            "分割には二つ以上の後継の所属が必要です。",
            field="successors",
            hint="後継が一つなら「改称」か「統合」を使ってください。",
        )
    without = [key for key in [*staff, *units] if goes.get(key) is None]
    if without:
        raise Refusal(
            f"行き先が決まっていない職員または班・係が{len(without)}件あります。",
            field="goes",
            hint="すべての職員と班・係について、分割後の所属を選んでください。",
        )
    if any(not 0 <= place < count for place in goes.values()):
        raise Refusal("分割後の所属の指定が正しくありません。", field="goes", hint="行き先を選び直してください。")


def check_may_close(name: str, *, people: Sequence[str], units: Sequence[str]) -> None:
    """Raise `Refusal` while people are posted to, or units stand below, a section beyond its last day."""
    if units:
        raise Refusal(
            f"「{name}」の下に、まだ所属があります（{_some(units)}）。",
            field="on",
            hint="先に下の所属を移管・統合・廃止してください。",
        )
    if people:
        raise Refusal(
            f"「{name}」に、廃止の日以後も発令のある職員が{len(people)}人います（{_some(people)}）。",
            field="on",
            hint="先に異動または退職を登録するか、「統合」で後継の所属に引き継いでください。",
        )


def in_words(period: Period) -> str:
    """`令和8年4月1日から`, `令和8年4月1日から令和9年3月31日まで`."""
    last = period.last_day
    return f"{era_date(period.start)}から" + ("" if last is None else f"{era_date(last)}まで")


def _some(names: Sequence[str]) -> str:
    return "、".join(names[:5]) + (f" ほか{len(names) - 5}件" if len(names) > 5 else "")
