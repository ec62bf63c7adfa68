"""Dated values of notices and letters: postage, the envelope's window, how long things are kept."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.notify.rules.letters import Postage
from yakuba.kernel.parameters.api import Parameter, ValueKind, parameter, whole_on

_TARIFF = "日本郵便「国内の料金表」（令和6年10月1日改定）"
_WINDOW = "長形3号の窓あき封筒の標準の位置（A4 三つ折り）。手持ちの封筒に合わせて変えられます"

for _key, _title, _meaning, _standard in (
    ("notify.postage_50", "郵便料金（定形 50gまで）", "長形3号の手紙1通の料金。発送簿の費用に使います。", 110),
    ("notify.postage_100", "郵便料金（定形外・規格内 100gまで）", "50gを超える手紙1通の料金です。", 180),
    ("notify.postage_recorded", "特定記録の加算料金", "特定記録郵便にするとき、1通ごとに加わる料金です。", 210),
    ("notify.postage_registered", "簡易書留の加算料金", "簡易書留にするとき、1通ごとに加わる料金です。", 350),
):
    parameter(
        Parameter(
            key=_key,
            title=_title,
            meaning=_meaning,
            kind=ValueKind.YEN,
            unit="円",
            standard=_standard,
            standard_source=_TARIFF,
            least=0,
            most=100_000,
        )
    )

for _key, _title, _standard in (
    ("notify.window_left", "封筒の窓：左の端から", 20),
    ("notify.window_top", "封筒の窓：上の端から", 18),
    ("notify.window_width", "封筒の窓：幅", 85),
    ("notify.window_height", "封筒の窓：高さ", 32),
):
    parameter(
        Parameter(
            key=_key,
            title=_title,
            meaning="三つ折りにした紙の、宛名を印刷する位置です。",
            kind=ValueKind.WHOLE,
            unit="mm",
            standard=_standard,
            standard_source=_WINDOW,
            least=5,
            most=120,
        )
    )

parameter(
    Parameter(
        key="notify.kept_years",
        title="お知らせと発送簿の保存年数",
        meaning="知らせた年度の翌年度4月1日から数えます。過ぎたものは自動で消えます。",
        kind=ValueKind.WHOLE,
        unit="年",
        standard=5,
        standard_source="標準の設定。町の文書管理規程の保存期間に合わせてください",
        least=1,
        most=30,
    )
)

parameter(
    Parameter(
        key="notify.unfetched_days",
        title="画面で開かれないお知らせを郵便に切り替える目安",
        meaning="知らせてからこの日数開かれないものを「まだ開かれていないお知らせ」に出します。",
        kind=ValueKind.WHOLE,
        unit="日",
        standard=7,
        standard_source="標準の設定（デジタル手続法第7条の通知は、届いたことが確かめられないとき郵便で送ります）",
        least=1,
        most=90,
    )
)


def postage_on(day: date) -> Postage:
    """The tariff of a day."""
    return Postage(
        up_to_50=whole_on("notify.postage_50", day),
        up_to_100=whole_on("notify.postage_100", day),
        recorded=whole_on("notify.postage_recorded", day),
        registered=whole_on("notify.postage_registered", day),
    )


def window_on(day: date) -> dict[str, int]:
    """Where the envelope's window shows the sheet, in mm."""
    return {name: whole_on(f"notify.window_{name}", day) for name in ("left", "top", "width", "height")}
