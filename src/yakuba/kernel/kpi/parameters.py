from yakuba.kernel.parameters.api import Parameter, ValueKind, parameter

parameter(
    Parameter(
        key="kpi.small_count",
        title="公開する人数の下限",
        meaning="人を数える指標の値がこの数より小さい（0を除く）とき、公開ページでは数を出しません。",
        kind=ValueKind.WHOLE,
        unit="人",
        standard=5,
        standard_source="標準の設定（小さな人数から個人が分かることを防ぐため）",
        least=1,
        most=100,
    )
)
