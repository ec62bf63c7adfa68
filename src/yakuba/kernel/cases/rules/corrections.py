"""What may change in a correction (補正), and what did."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

from yakuba.kernel.values.api import Refusal

OTHER_SUFFIX = "_other"
MOST_ITEMS, LONGEST_COMMENT, LONGEST_MESSAGE = 100, 1000, 4000


@dataclass(frozen=True, slots=True)
class Item:
    """One answer that is asked about: its place (``key``, in a row ``group.0.key``) and what about it."""

    path: str
    comment: str


def checked_items(asked: Iterable[tuple[str, str]], *, answerable: Collection[str]) -> tuple[Item, ...]:
    """The items without blanks, each place once. Raises `Refusal` for none, for places the answers do not show, for a
    comment that is missing or too long."""
    found: dict[str, Item] = {}
    for path, comment in asked:
        words = comment.strip()
        if path not in answerable:
            raise Refusal(
                f"「{path[:60]}」は、この案件の答えにありません。",
                field=path[:90],
                hint="画面を開き直して、直してほしい答えを選び直してください。",
            )
        if not words:
            raise Refusal("何を直してほしいかが空です。", field=path, hint="選んだ答えごとに、一文で書いてください。")
        if len(words) > LONGEST_COMMENT:
            raise Refusal(f"説明が長すぎます（{LONGEST_COMMENT}文字まで）。", field=path, hint="短くしてください。")
        found[path] = Item(path, words)
    if not found:
        raise Refusal("直してほしい答えが選ばれていません。", field="items", hint="一つ以上選んでください。")
    if len(found) > MOST_ITEMS:
        raise Refusal(f"一度に選べるのは{MOST_ITEMS}個までです。", field="items", hint="分けて依頼してください。")
    return tuple(found.values())


def checked_deadline(deadline: date, *, today: date, is_open: bool) -> date:
    """Raise `Refusal` for a deadline that is no day to come, too far away, or closed."""
    if deadline <= today:
        raise Refusal("期限が今日か、過ぎた日です。", field="deadline", hint="明日より後の日を入れてください。")
    if (deadline - today).days > 366:
        raise Refusal("期限が1年より先です。", field="deadline", hint="1年以内の日を入れてください。")
    if not is_open:
        raise Refusal("期限の日は、役場が休みです。", field="deadline", hint="開庁日を入れてください。")
    return deadline


def merged(before: Mapping[str, Any], given: Mapping[str, Any], allowed: Collection[str]) -> dict[str, Any]:
    """The answers before, with those at the allowed places as given. Whatever else was sent is passed over.

    A place is a question's key (its 「その他」 text goes with it), or a question in a row that exists already.
    """
    found = {key: deepcopy(value) for key, value in before.items()}
    for path in allowed:
        key, dot, rest = path.partition(".")
        if not dot:
            for name in (key, key + OTHER_SUFFIX):
                if name in given:
                    found[name] = deepcopy(given[name])
                else:
                    found.pop(name, None)
            continue
        number, _, inner = rest.partition(".")
        _merge_row(found.get(key), given.get(key), number, inner)
    return found


def _merge_row(rows: Any, given: Any, number: str, inner: str) -> None:
    if not (isinstance(rows, list) and isinstance(given, list) and number.isascii() and number.isdigit()):
        return
    place = int(number[:4])
    if place >= len(rows) or place >= len(given):
        return
    row, sent = rows[place], given[place]
    if not (isinstance(row, dict) and isinstance(sent, dict)):
        return
    for name in (inner, inner + OTHER_SUFFIX):
        if name in sent:
            row[name] = deepcopy(sent[name])
        else:
            row.pop(name, None)


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that differs; ``None`` stands for no answer."""

    path: str
    before: Any
    after: Any


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Every place at which two sets of answers differ, in the order of the first, then of the second.

    Rows of a group are compared one by one by their place; everything else (a name, an address, files) as a whole.
    """
    found: list[Change] = []
    for key in _keys(before, after):
        old, new = before.get(key), after.get(key)
        if (_is_rows(old) and (not new or _is_rows(new))) or (_is_rows(new) and not old):
            found += _row_changes(key, old or [], new or [])
        elif old != new:
            found.append(Change(key, old, new))
    return tuple(found)


def _row_changes(key: str, before: Sequence[Any], after: Sequence[Any]) -> list[Change]:
    found: list[Change] = []
    for number in range(max(len(before), len(after))):
        old = before[number] if number < len(before) else {}
        new = after[number] if number < len(after) else {}
        found += [
            Change(f"{key}.{number}.{inner}", old.get(inner), new.get(inner))
            for inner in _keys(old, new)
            if old.get(inner) != new.get(inner)
        ]
    return found


def _keys(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [*before, *(key for key in after if key not in before)]


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def file_ids(answers: Mapping[str, Any], places: Collection[str]) -> list[str]:
    """The ids of all files among answers. ``places`` are the questions for files: ``photo``, in rows ``group.photo``."""
    found: list[str] = []
    for place in sorted(places):
        key, dot, inner = place.partition(".")
        value = answers.get(key)
        if not isinstance(value, list):
            continue
        lists = [row.get(inner) for row in value if isinstance(row, dict)] if dot else [value]
        found += [one for ids in lists if isinstance(ids, list) for one in ids if isinstance(one, str)]
    return found
