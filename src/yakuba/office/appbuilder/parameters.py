"""Dated values of self-built apps."""

from __future__ import annotations

from yakuba.kernel.parameters.api import Parameter, ValueKind, parameter

parameter(
    Parameter(
        key="appbuilder.runs_kept_days",
        title="アプリの自動処理の実行の記録の保存日数",
        meaning="過ぎたものは自動で消えます。記録の履歴は消えません。",
        kind=ValueKind.WHOLE,
        unit="日",
        standard=180,
        standard_source="標準の設定",
        least=30,
        most=3650,
    )
)
_HOUSE = "町が定めるまでの標準の値"

for _key, _title, _meaning, _standard, _least, _most in (
    (
        "appbuilder.small_number",
        "公表する集計で伏せる小さな数",
        "公表するアンケートの結果と、公開するアプリの集計で、この数より少ない数を「○未満」と示します。だれのことか分からないようにするためです。",
        3,
        2,
        20,
    ),
    (
        "appbuilder.results_from",
        "アンケートの結果を公表し始める回答数",
        "回答がこの数になるまで、アンケートの結果を公表しません。",
        10,
        2,
        200,
    ),
):
    parameter(
        Parameter(
            key=_key,
            title=_title,
            meaning=_meaning,
            kind=ValueKind.WHOLE,
            unit="件",
            standard=_standard,
            standard_source=_HOUSE,
            least=_least,
            most=_most,
        )
    )
parameter(
    Parameter(
        key="appbuilder.check_all",
        title="アプリを使い始めるとき、いつも確認を求める",
        meaning="1 にすると、どの版も使い始める前に所属長の確認が要ります。0 なら、個人情報を持つとき、所管課の外に広げるとき、"
        "庁外に送るときだけです。",
        kind=ValueKind.WHOLE,
        unit="（1＝いつも）",
        standard=0,
        standard_source="標準の設定",
        least=0,
        most=1,
    )
)
