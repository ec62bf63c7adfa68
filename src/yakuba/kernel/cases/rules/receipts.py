"""Receipts of other channels (ぴったりサービス, 県, eLTAX …) as their lists give them."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, time

from yakuba.kernel.japan.api import parse_date
from yakuba.kernel.values.api import TOKYO, Refusal

_STATES: dict[str, tuple[str, ...]] = {
    "arrived": (
        "受付",
        "受付済",
        "受付済み",
        "受付待ち",
        "到達",
        "到達済",
        "送信済み",
        "送信済",
        "未処理",
        "新着",
        "申請済",
        "申請済み",
    ),
    "working": ("処理中", "審査中", "確認中", "対応中", "手続中", "受理済", "受理済み", "受理"),
    "sent_back": (
        "差戻し",
        "差し戻し",
        "差戻",
        "返却中",
        "返却",
        "補正",
        "補正待ち",
        "補正依頼中",
        "不備",
        "修正依頼中",
    ),
    "done": (
        "完了",
        "処理完了",
        "審査完了",
        "済",
        "処理済",
        "処理済み",
        "交付済",
        "交付済み",
        "却下",
        "申請却下",
        "不受理",
    ),
    "withdrawn": ("取下げ", "取り下げ", "取下", "取消", "取消し", "キャンセル"),
}
CLOSED = frozenset({"done", "withdrawn"})
_KNOWN = {word: state for state, words in _STATES.items() for word in words}
_TIME = re.compile(r"(\d{1,2})[:時](\d{1,2})(?:分?(?::?\d{1,2}秒?)?)?分?$")
_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z_./-]{0,59}")


def read_state(words: str) -> str:
    """The state behind the words of another system. Raises `Refusal` naming the words that are known."""
    tidy = re.sub(r"\s", "", unicodedata.normalize("NFKC", words))
    if tidy not in _KNOWN:
        known = "、".join(words[0] for words in _STATES.values())
        raise Refusal(f"「{words[:30]}」という状態は知りません。", hint=f"「{known}」などの言葉にそろえてください。")
    return _KNOWN[tidy]


def read_receipt_number(text: str) -> str:
    """The number of another system: letters, digits and hyphens, up to 60. Raises `Refusal`."""
    tidy = unicodedata.normalize("NFKC", text).strip()
    if not _NUMBER.fullmatch(tidy):
        raise Refusal("受付番号は、英数字とハイフンで60文字までです。", hint="相手先の番号をそのまま入れてください。")
    return tidy


def read_moment(text: str) -> datetime:
    """A day with its time as lists write it (``2026-11-02 09:30``, ``令和8年11月2日 9時30分``); without time 0:00 in
    Tokyo. Raises `Refusal`."""
    tidy = unicodedata.normalize("NFKC", text).strip().replace("T", " ")
    found = _TIME.search(tidy)
    day_text = tidy[: found.start()].strip() if found else tidy
    try:
        at = time(int(found[1]), int(found[2])) if found else time()
    except ValueError:
        raise Refusal(f"「{text[:30]}」は時刻として読めません。", hint="例：2026-11-02 09:30") from None
    return datetime.combine(parse_date(day_text), at, TOKYO).astimezone(UTC)
