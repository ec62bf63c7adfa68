"""Dated values of online procedures: when the counters are open."""

from yakuba.kernel.parameters.api import Parameter, ValueKind, parameter

_SOURCE = "標準の設定（町の執務時間の規則で確かめてください）"

COUNTER_OPENS = parameter(
    Parameter(
        key="procedures.counter_opens",
        title="窓口の開く時刻",
        meaning="オンラインでできない手続きの案内に示す、窓口の受付時間の始まり。",
        kind=ValueKind.WORDS,
        unit="時刻",
        standard="8:30",
        standard_source=_SOURCE,
    )
)
COUNTER_CLOSES = parameter(
    Parameter(
        key="procedures.counter_closes",
        title="窓口の閉まる時刻",
        meaning="オンラインでできない手続きの案内に示す、窓口の受付時間の終わり。",
        kind=ValueKind.WORDS,
        unit="時刻",
        standard="17:15",
        standard_source=_SOURCE,
    )
)
