"""Reading single cells of the first-week workbook; every function raises `Refusal` with a way out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

from yakuba.kernel.japan.api import parse_date
from yakuba.kernel.organisation.rules.days import check_day
from yakuba.kernel.organisation.rules.employment import tidy_number
from yakuba.kernel.organisation.rules.sections import tidy_code
from yakuba.kernel.values.api import Refusal

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,29}")
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


def words(text: str, longest: int) -> str:
    """A text as typed, spaces around it dropped; line breaks may stand in long texts only."""
    tidy = text.strip().strip("\u3000")
    controls = any(unicodedata.category(one) in ("Cc", "Cs") and one != "\n" for one in tidy)
    if controls or ("\n" in tidy and longest < 1000):
        raise Refusal("改行か、目に見えない文字が入っています。", hint="セルの中の改行や特殊な文字を消してください。")
    if len(tidy) > longest:
        raise Refusal(f"長すぎます（{len(tidy)}文字）。", hint=f"{longest}文字までにしてください。")
    return tidy


def slug(text: str) -> str:
    """The code of an authority."""
    tidy = unicodedata.normalize("NFKC", text).strip()
    if not _SLUG.fullmatch(tidy):
        raise Refusal(
            f"コード「{text[:30]}」は使えません。", hint="半角の英小文字・数字・「-」「_」で30文字までにしてください。"
        )
    return tidy


def section_code(text: str) -> str:
    """The code of a section."""
    return tidy_code(text)


def staff_number(text: str) -> str:
    """A 職員番号."""
    return tidy_number(text)


def day(text: str) -> date:
    """A day, in an era or in the western calendar; a moment from a date cell counts as its day."""
    tidy = text.strip()
    if re.fullmatch(r"\d{4}-\d{2}-\d{2} 00:00(?::00)?", tidy):
        tidy = tidy[:10]
    if re.fullmatch(r"\d{5}", unicodedata.normalize("NFKC", tidy)):
        raise Refusal(
            f"「{tidy}」は日付の通し番号のようです。",
            hint="セルの書式を「日付」か「文字列」にして、R8.4.1 のように入力してください。",
        )
    return check_day(parse_date(tidy), field="day", what="日付")


def mail(text: str) -> str:
    """A mail address."""
    tidy = unicodedata.normalize("NFKC", text).strip()
    if not _MAIL.fullmatch(tidy) or len(tidy) > 254:
        raise Refusal(
            f"「{text[:40]}」はメールアドレスとして読めません。", hint="taro@example.lg.jp の形で入力してください。"
        )
    return tidy


def number_up_to(text: str, most: int) -> int:
    """A whole number from 0."""
    tidy = unicodedata.normalize("NFKC", text).strip().removesuffix(".0")
    if not re.fullmatch(r"\d{1,6}", tidy) or int(tidy) > most:
        raise Refusal(f"「{text[:20]}」は使えません。", hint=f"0から{most}までの整数を入力してください。")
    return int(tidy)


def choice(text: str, names: Mapping[str, str]) -> str:
    """One of the given words, whatever its width; gives the value behind it."""
    tidy = unicodedata.normalize("NFKC", text).strip()
    for name, value in names.items():
        if unicodedata.normalize("NFKC", name) == tidy:
            return value
    raise Refusal(f"「{text[:30]}」という選択肢はありません。", hint=f"{'、'.join(names)}のどれかを入力してください。")
