"""What one comes for (用件) and what to bring: read from `purposes.toml`, which the town changes as data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from yakuba.kernel.values.api import Refusal, Text


class Comer(StrEnum):
    """Who comes: the person, somebody in their place, a child under 15 with its legal representative."""

    SELF = "self"
    AGENT = "agent"
    CHILD = "child"

    @property
    def text(self) -> Text:
        return _COMERS[self]


_COMERS = {
    Comer.SELF: Text("本人", easy="本人（ほんにん）", en="The cardholder"),
    Comer.AGENT: Text("代理人", easy="代（か）わりの 人（ひと）", en="Somebody in their place"),
    Comer.CHILD: Text(
        "15歳未満の子と親など（法定代理人）",
        easy="15さいに なって いない 子（こ）と 親（おや）",
        en="A child under 15 with a parent or guardian",
    ),
}

COUNTED = ("applied", "issued", "renewed", "other")
"""What the result counts: help with an application, card issued, certificate renewed, anything else."""


@dataclass(frozen=True, slots=True)
class Bring:
    """What one kind of comer brings; `note` says what else they must know, `may_come` whether they can come at all."""

    items: tuple[Text, ...]
    note: Text | None
    may_come: bool


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose (用件). `is_booked` False: told here, not booked. `counts_as` is what a finished appointment counts as.
    `source` says where the list comes from; `is_verified` whether the section in charge has checked it."""

    key: str
    title: Text
    about: Text
    is_booked: bool
    counts_as: str
    bring: Mapping[Comer, Bring]
    steps: tuple[Text, ...]
    source: str
    is_verified: bool


def read_purposes(text: str) -> tuple[Purpose, ...]:
    """The purposes of a file, in its order. Raises `Refusal` naming the purpose and what is wrong with it."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise Refusal(f"用件の表が読めません（{fault}）。", hint="TOMLの書き方を確かめてください。") from fault
    rows = raw.get("purpose")
    if not isinstance(rows, list) or not rows or not all(isinstance(one, dict) for one in rows):
        raise Refusal("用件の表に [[purpose]] がありません。", hint="用件を一つ以上書いてください。")
    found = tuple(_purpose(one) for one in rows)
    keys = [one.key for one in found]
    if twice := next((one for one in keys if keys.count(one) > 1), None):
        raise Refusal(f"用件「{twice}」が二つあります。", hint="key は一つずつ違う言葉にしてください。")
    return found


def _purpose(row: dict[str, Any]) -> Purpose:
    key = row.get("key")
    if not isinstance(key, str) or not key.isascii() or not key.replace("-", "").isalnum() or len(key) > 30:
        raise Refusal(f"用件の key「{str(key)[:30]}」が使えません。", hint="英小文字と - で書いてください。")
    try:
        counts_as = str(row.get("counts_as", "other"))
        if counts_as not in COUNTED:
            raise Refusal(f"counts_as は {'、'.join(COUNTED)} のどれかです。")
        return Purpose(
            key=key,
            title=_complete(row["title"]),
            about=_complete(row["about"]),
            is_booked=row.get("booked", True) is True,
            counts_as=counts_as,
            bring={who: _bring(row.get("bring", {}).get(who.value)) for who in Comer},
            steps=tuple(_complete(one) for one in row.get("steps", [])),
            source=str(row["source"]),
            is_verified=row.get("verified", False) is True,
        )
    except KeyError as fault:
        raise Refusal(
            f"用件「{key}」に {fault.args[0]} がありません。", hint="ほかの用件にならって書いてください。"
        ) from fault
    except (AttributeError, TypeError) as fault:
        raise Refusal(f"用件「{key}」の書き方が違います。", hint="ほかの用件にならって書いてください。") from fault
    except Refusal as refusal:
        raise Refusal(f"用件「{key}」：{refusal.message}", hint=refusal.hint) from refusal


def _bring(row: Any) -> Bring:
    if row is None:
        return Bring((), None, False)
    note = row.get("note")
    return Bring(
        items=tuple(_complete(one) for one in row.get("items", [])),
        note=_complete(note) if note else None,
        may_come=row.get("may_come", True) is True,
    )


def _complete(texts: Any) -> Text:
    """A text with all three languages. Raises `Refusal`."""
    text = Text.from_dict(texts)
    if not (text.easy and text.en):
        raise Refusal(f"「{text.ja[:30]}」に、やさしい日本語か英語がありません。", hint="三つの言葉で書いてください。")
    return text
