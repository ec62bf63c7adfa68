"""Codes of local governments."""

from __future__ import annotations

import re

from yakuba.kernel.values.api import Refusal

_WEIGHTS = (6, 5, 4, 3, 2)


def parse_local_government_code(code: str) -> str:
    """Check a six-digit code of a local government (全国地方公共団体コード), e.g. `074217`, and return it.

    Nothing is repaired silently (a spreadsheet drops the leading zero: `74217`): the `Refusal` names what the code may
    have been. For a code that is known to be five digits long use `with_check_digit`.
    """
    if not re.fullmatch(r"[0-9]{6}", code):
        short = code.zfill(6) if re.fullmatch(r"[0-9]{5}", code) else ""
        hint = "検査数字を付けた6けたの数字で入力してください。"
        if short and short[-1] == _check_digit(short[:5]) and _is_prefecture(short):
            hint = f"先頭の0が消えていませんか。「{short}」を確かめてください。"
        raise Refusal(f"「{code[:20]}」は団体コードではありません。", hint=hint)
    whole = with_check_digit(code[:5])
    if code != whole:
        raise Refusal(f"団体コード「{code}」の検査数字（6けた目）が合いません。", hint=f"「{whole}」ではありませんか。")
    return code


def with_check_digit(five: str) -> str:
    """The six-digit code of a five-digit one: `07421` → `074217`. Raises `Refusal`.

    Check digit: with the weights 6, 5, 4, 3, 2, `(11 − sum mod 11) mod 10` (総務省 全国地方公共団体コード仕様).
    """
    if not re.fullmatch(r"[0-9]{5}", five):
        raise Refusal(
            f"「{five[:20]}」は5けたの団体コードではありません。",
            hint="検査数字を除いた5けたの数字で入力してください。",
        )
    if not _is_prefecture(five):
        raise Refusal(
            f"「{five}」の都道府県番号（はじめの2けた）は01から47までです。",
            hint="先頭の0が消えていないか確かめてください。",
        )
    return five + _check_digit(five)


def _is_prefecture(code: str) -> bool:
    return "01" <= code[:2] <= "47"


def _check_digit(five: str) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, five, strict=True))
    return str((11 - total % 11) % 10)
