"""Short texts on their way into a record."""

from __future__ import annotations

import unicodedata

from yakuba.kernel.values.api import Refusal


def words(text: str, what: str, *, field: str, longest: int) -> str:
    """The text without spaces around it. Raises ``Refusal`` if nothing is left, it is too long or holds controls."""
    tidy = text.strip().strip("\u3000")
    if not tidy:
        raise Refusal(f"{what}がありません。", field=field, hint=f"{what}を入力してください。")
    if len(tidy) > longest or any(unicodedata.category(one) in ("Cc", "Cs") for one in tidy):
        raise Refusal(
            f"{what}「{tidy[:20]}」は登録できません。",
            field=field,
            hint=f"改行や特殊な文字を除いて{longest}文字までにしてください。",
        )
    return tidy


def check_version(stored: int, given: int) -> None:
    """Raise ``Refusal`` if somebody else changed the record since the form was opened."""
    if stored != given:
        raise Refusal(
            "この登録は、画面を開いている間にほかの人が変更しました。",
            hint="入力した内容はこの画面に残っています。今の登録（下の表示）と見比べて、もう一度保存してください。",
        )
