"""Entering and leaving the town's service."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from yakuba.kernel.japan.api import era_date
from yakuba.kernel.values.api import FiscalYear, Period, Refusal

FISCAL_YEAR, OUTSIDE = "fiscal_year", "outside"
_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,19}")
_LONGEST_NAME = 80


def tidy_number(text: str) -> str:
    """A 職員番号 in half width. Raises `Refusal` for anything but letters, digits and `-`, at most 20."""
    number = unicodedata.normalize("NFKC", text).strip()
    if not _NUMBER.fullmatch(number):
        raise Refusal(
            f"職員番号「{text[:30]}」は使えません。" if text.strip() else "職員番号がありません。",
            field="number",
            hint="半角の英数字と「-」で20文字までにしてください（例: 1024）。",
        )
    return number


def tidy_name(text: str) -> str:
    """A name as it is stored: exactly as given, only spaces at the ends are dropped. Raises `Refusal` if it is no name.

    Full-width spaces between family and given name and variation selectors (IVS) stay.
    """
    name = text.strip().strip("\u3000")
    if not name or len(name) > _LONGEST_NAME or any(unicodedata.category(one) in ("Cc", "Cs") for one in name):
        raise Refusal(
            f"氏名「{name[:20]}」は登録できません。" if name else "氏名がありません。",
            field="name",
            hint=f"姓と名を{_LONGEST_NAME}文字までで入力してください。",
        )
    return name


def check_service(*, employment: str, joined_on: date, leaves_on: date | None) -> Period:
    """The period of service. Raises `Refusal` if it ends before it begins or has no end though it must.

    会計年度任用職員 are appointed to the end of the fiscal year at the latest, so their end is always known
    (地方公務員法第22条の2第2項); a further appointment is `renewal`.
    """
    if leaves_on is not None and leaves_on <= joined_on:
        raise Refusal(
            f"最後の在職日（{era_date(leaves_on - timedelta(days=1))}）が採用日（{era_date(joined_on)}）より前です。",
            field="last_day",
            hint="最後の在職日には、採用日以後の日を入力してください。",
        )
    if employment == FISCAL_YEAR and leaves_on is None:
        raise Refusal(
            "会計年度任用職員には任期の末日が必要です。",
            field="last_day",
            hint=f"任期の末日を入力してください（{FiscalYear.of(joined_on).label}の末日は"
            f"{era_date(FiscalYear.of(joined_on).last_day)}です）。",
        )
    return Period(joined_on, leaves_on)


def check_first_term(*, employment: str, joined_on: date, leaves_on: date | None) -> None:
    """Raise `Refusal` if the first term of a 会計年度任用職員 reaches beyond its fiscal year (同項)."""
    if employment != FISCAL_YEAR or leaves_on is None:
        return
    year = FiscalYear.of(joined_on)
    if leaves_on > year.next.start:
        raise _beyond(year)


def renewal(*, employment: str, leaves_on: date | None, last_day: date) -> date:
    """The new end (first day out of service) of a term that is renewed (再度の任用) or prolonged.

    Raises `Refusal` when there is no end to move, the new one is not later, or a 会計年度任用職員 would serve beyond
    the fiscal year in which the new term begins.
    """
    if leaves_on is None:
        raise Refusal(
            "任期の末日が登録されていない職員です。",
            field="last_day",
            hint="任期のある職員だけが更新できます。退職の登録は「退職」から行ってください。",
        )
    if last_day < leaves_on:
        raise Refusal(
            f"新しい任期の末日は、今の末日（{era_date(leaves_on - timedelta(days=1))}）より後にしてください。",
            field="last_day",
            hint="任期を早く終えるときは「退職」を使ってください。",
        )
    if employment == FISCAL_YEAR and last_day > FiscalYear.of(leaves_on).last_day:
        raise _beyond(FiscalYear.of(leaves_on))
    return last_day + timedelta(days=1)


def check_leaving(*, joined_on: date, leaves_on: date | None, last_day: date) -> date:
    """The first day out of service. Raises `Refusal` if the last day lies before the service or after its known end."""
    if last_day < joined_on:
        raise Refusal(
            f"退職日が採用日（{era_date(joined_on)}）より前です。",
            field="last_day",
            hint="最後に在職する日を入力してください。",
        )
    if leaves_on is not None and last_day >= leaves_on:
        raise Refusal(
            f"すでに{era_date(leaves_on - timedelta(days=1))}を最後の在職日として登録されています。",
            field="last_day",
            hint="延ばすときは「任期の更新」、退職の取りやめは「退職の取消し」を使ってください。",
        )
    return last_day + timedelta(days=1)


def check_leaving_withdrawn(*, employment: str, leaving: str, leaves_on: date | None, today: date) -> None:
    """Raise `Refusal` unless a leaving was registered and still lies ahead."""
    if leaves_on is None or not leaving:
        raise Refusal("退職は登録されていません。", hint="画面を開き直して、今の登録を確かめてください。")
    if leaves_on <= today:
        raise Refusal(
            f"{era_date(leaves_on)}からすでに在職していません。",
            hint="もう一度採用する場合は、新しい採用として登録してください。",
        )
    if employment == FISCAL_YEAR:
        raise Refusal(
            "会計年度任用職員の退職は取り消せません。",
            hint="「任期の更新」で任期の末日を入力し直してください。",
        )


def _beyond(year: FiscalYear) -> Refusal:
    return Refusal(
        f"会計年度任用職員の任期は{year.label}の末日（{era_date(year.last_day)}）までです。",
        field="last_day",
        hint="翌年度も任用するときは、年度ごとに「任期の更新」を登録してください（地方公務員法第22条の2第2項）。",
    )
