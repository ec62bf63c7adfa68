"""Telephone numbers."""

from __future__ import annotations

import re
import unicodedata

from yakuba.kernel.japan.kana import DASHES
from yakuba.kernel.values.api import Refusal

_TYPED = re.compile(r"\+?[0-9()\-./ ]{3,30}")
_LONGEST = 40


def format_phone(text: str, *, area_code: str | None = None) -> str:
    """Read a telephone number as typed, write it with hyphens behind its area code: `0242841503` → `0242-84-1503`.

    A number without area code (`84-1503`) is completed with `area_code` (市外局番, e.g. the town's `0242`) if one is
    given. Numbers of other countries (`+1 …`) are written internationally. Any width. Raises `Refusal`.
    Source of the numbering plan: 総務省 電気通信番号計画, as kept by the `phonenumbers` library.
    """
    # Loaded on first use: the numbering plan is needed on few pages.
    import phonenumbers

    typed = re.sub(rf"[ー{DASHES}]", "-", unicodedata.normalize("NFKC", text)).strip()
    refusal = Refusal(
        f"「{text[:_LONGEST]}」は電話番号として読めません。",
        hint="市外局番から、数字とハイフンで入力してください（例: 0242-84-1503）。",
    )
    if not _TYPED.fullmatch(typed):
        raise refusal
    digits = re.sub(r"[^0-9]", "", typed)
    if not typed.startswith("+") and not digits.startswith("0"):
        # Without a leading 0 it is a local number or one a spreadsheet cut: completed only on the caller's word.
        if not area_code:
            raise refusal
        typed = area_code + digits
    try:
        number = phonenumbers.parse(typed, "JP")
    except phonenumbers.NumberParseException:
        raise refusal from None
    if not phonenumbers.is_valid_number(number):
        raise refusal
    japanese = number.country_code == 81
    form = phonenumbers.PhoneNumberFormat.NATIONAL if japanese else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(number, form))
