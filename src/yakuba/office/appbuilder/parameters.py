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
