"""Dated values of cases: what the town decides about deadlines."""

from __future__ import annotations

from yakuba.kernel.parameters.api import Parameter, ValueKind, parameter

_HOUSE = "町が定めるまでの標準の値"

for _key, _title, _meaning, _unit, _standard, _least, _most in (
    (
        "cases.correction_days",
        "補正の期限",
        "補正を求めるとき、はじめに示す期限です。依頼した日の翌日から数え、休みの日のときは次の開庁日にします。",
        "日",
        14,
        1,
        180,
    ),
    (
        "cases.warn_days",
        "処理期限の予告",
        "標準処理期間の最後の日までの開庁日がこの日数以下になると、作業一覧で黄色にします。",
        "開庁日",
        3,
        0,
        30,
    ),
    (
        "cases.enotice_days",
        "電子の通知を紙に切り替えるまでの日数",
        "電子で送った通知書が開かれないままこの日数を過ぎると、郵送の一覧に載せます。",
        "日",
        10,
        1,
        90,
    ),
    (
        "cases.post_days",
        "郵送の通知を終わりにするまでの日数",
        "郵送した通知書が返ってこないままこの日数を過ぎると、案件を完了にします。",
        "日",
        14,
        1,
        90,
    ),
    (
        "cases.consent_days",
        "共同申請者の同意のリンクの期限",
        "一緒に申請する人に送る、同意のためのリンクが使える日数です。",
        "日",
        14,
        1,
        60,
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
