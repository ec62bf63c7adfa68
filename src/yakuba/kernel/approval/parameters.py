"""Dated values of remedies: the law's periods, kept as values because laws change them (60 days until 2016)."""

from __future__ import annotations

from yakuba.kernel.parameters.api import Parameter, ValueKind, parameter

for _key, _title, _meaning, _unit, _standard, _source in (
    (
        "approval.review_months",
        "審査請求ができる期間",
        "処分の通知に書く、審査請求の期間です。処分があったことを知った日の翌日から数えます。",
        "か月",
        3,
        "行政不服審査法（平成26年法律第68号）第18条第1項",
    ),
    (
        "approval.review_years",
        "審査請求ができる期間の限り",
        "処分があったことを知らなくても、処分があった日の翌日からこの年数を過ぎると審査請求ができません。",
        "年",
        1,
        "行政不服審査法（平成26年法律第68号）第18条第2項",
    ),
    (
        "approval.suit_months",
        "取消訴訟を起こせる期間",
        "処分の通知に書く、取消訴訟の期間です。処分があったことを知った日の翌日から数えます。",
        "か月",
        6,
        "行政事件訴訟法第14条第1項",
    ),
    (
        "approval.suit_years",
        "取消訴訟を起こせる期間の限り",
        "処分があったことを知らなくても、処分があった日の翌日からこの年数を過ぎると訴えを起こせません。",
        "年",
        1,
        "行政事件訴訟法第14条第2項",
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
            standard_source=_source,
            least=1,
            most=120,
        )
    )
