"""Converters for `Findings.take`: from a cell's text to a value, or a refusal that says what to type."""

from __future__ import annotations

import re
import unicodedata

from yakuba.kernel.paper.tables.table import shortened
from yakuba.kernel.values.api import Refusal


def as_text(text: str) -> str:
    """Converter for `Findings.take`: the text as it stands."""
    return text


def whole_number(text: str) -> int:
    """Converter: a whole number as people type it: 1234, １２３４, 1,234, 1,234円, -5, △5, ▲5."""
    tidy = unicodedata.normalize("NFKC", text).replace(",", "").replace("、", "").strip()
    tidy = re.sub(r"^[△▲−‐–]", "-", tidy.removeprefix("¥").removesuffix("円").strip())
    if not re.fullmatch(r"[+-]?\d{1,18}(?:\.0+)?", tidy):
        raise Refusal(f"「{shortened(text)}」は整数として読めません。", hint="数字だけを入力してください（例：1200）。")
    return int(tidy.partition(".")[0])


def truth(text: str) -> bool:
    """Converter: ○ ✓ はい 有 1 … are yes, × いいえ 無 0 … are no."""
    tidy = unicodedata.normalize("NFKC", text).strip().casefold()
    if tidy in _YES:
        return True
    if tidy in _NO:
        return False
    raise Refusal(f"「{shortened(text)}」は、はい・いいえとして読めません。", hint="「○」か「×」を入力してください。")


_YES = frozenset(
    ["○", "〇", "◯", "◎", "✓", "✔", "☑", "■", "はい", "有", "有り", "あり", "可", "真", "1", "true", "yes", "y"]
)
_NO = frozenset(
    ["×", "✕", "✗", "x", "☐", "□", "-", "いいえ", "無", "無し", "なし", "否", "偽", "0", "false", "no", "n"]
)
