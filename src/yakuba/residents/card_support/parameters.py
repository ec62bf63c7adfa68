"""Dated values of the support with My Number Cards."""

from __future__ import annotations

from yakuba.kernel.parameters.api import Parameter, ValueKind, parameter

_HOUSE = "町が定めるまでの標準の値"

for _key, _title, _meaning, _unit, _standard, _least, _most in (
    (
        "card.book_days_before",
        "カードの予約の締切",
        "窓口の日の何日前まで、住民がオンラインで予約・変更・取消できるかです。0なら、その枠が始まるまで。",
        "日前",
        1,
        0,
        14,
    ),
    (
        "card.book_days_ahead",
        "カードの予約の始まり",
        "何日先の枠まで、住民がオンラインで予約できるかです。",
        "日先",
        90,
        7,
        200,
    ),
    ("card.first_reminder_months", "更新のお知らせ（1回目）", "期限の何か月前に知らせるかです。", "か月前", 3, 1, 12),
    (
        "card.second_reminder_months",
        "更新のお知らせ（2回目）",
        "期限の何か月前にもう一度知らせるかです。",
        "か月前",
        1,
        1,
        12,
    ),
    (
        "card.reminder_kept_days",
        "更新のお知らせの申込を残す日数",
        "期限が過ぎてから、申込の記録を消すまでの日数です。",
        "日",
        30,
        0,
        366,
    ),
    (
        "card.kept_years",
        "カードの予約と訪問の記録を残す年数",
        "年度が終わってから、氏名や連絡先を消すまでの年数です。件数は残ります。",
        "年",
        1,
        1,
        10,
    ),
):
    parameter(
        Parameter(
            key=_key,
            title=_title,
            meaning=_meaning,
            kind=ValueKind.WHOLE,
            unit=_unit,
            standard=_standard,
            standard_source=_HOUSE,
            least=_least,
            most=_most,
        )
    )
