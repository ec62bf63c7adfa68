"""First-week workbooks as people fill them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from yakuba.kernel.firstweek.rules.sheets import SHEET_BY_NAME
from yakuba.kernel.firstweek.template import template

TOWN: dict[str, list[dict[str, Any]]] = {
    "執行機関": [
        {"執行機関コード": "mayor", "名称": "町長部局", "代表者の職名": "町長", "並び順": "1"},
        {"執行機関コード": "education", "名称": "教育委員会", "代表者の職名": "教育長", "並び順": "2"},
    ],
    "外部団体": [{"名称": "株式会社まちのホール", "種別": "指定管理者", "開始日": "R8.4.1"}],
    "所属": [
        {
            "所属コード": "0101",
            "名称": "行政管理班",
            "種別": "班・係",
            "執行機関コード": "mayor",
            "上位の所属コード": "01",
            "設置日": "R2.4.1",
        },
        {"所属コード": "01", "名称": "総務課", "種別": "課・室", "執行機関コード": "mayor", "設置日": "R2.4.1"},
        {"所属コード": "50", "名称": "教育課", "種別": "課・室", "執行機関コード": "education", "設置日": "R2.4.1"},
    ],
    "職": [
        {"職名": "課長", "順位": "60", "職に伴う権限": "所属長"},
        {"職名": "主事", "順位": "10", "職に伴う権限": "担当者"},
    ],
    "職員": [
        {"職員番号": "0001", "氏名": "髙﨑　花子", "任用の種類": "正規職員", "採用日": "H25.4.1"},
        {"職員番号": "0002", "氏名": "坂下　太郎", "任用の種類": "正規職員", "採用日": "R2.4.1"},
        {
            "職員番号": "0003",
            "氏名": "任用　一子",
            "任用の種類": "会計年度任用職員",
            "採用日": "R8.4.1",
            "最後の在職日": "R9.3.31",
        },
        {"職員番号": "0004", "氏名": "教育　課長", "任用の種類": "正規職員", "採用日": "R2.4.1"},
    ],
    "発令": [
        {"職員番号": "0001", "所属コード": "01", "職名": "課長", "発令日": "R6.4.1", "本務・兼務": "本務"},
        {"職員番号": "0001", "所属コード": "50", "職名": "主事", "発令日": "R6.4.1", "本務・兼務": "兼務"},
        {"職員番号": "0002", "所属コード": "0101", "職名": "主事", "発令日": "R6.4.1", "本務・兼務": "本務"},
        {"職員番号": "0003", "所属コード": "0101", "職名": "主事", "発令日": "R8.4.1", "本務・兼務": "本務"},
        {"職員番号": "0004", "所属コード": "50", "職名": "課長", "発令日": "R6.4.1", "本務・兼務": "本務"},
    ],
    "権限": [{"職員番号": "0002", "権限": "人事担当", "開始日": "R8.4.1", "根拠": "令和8年4月1日付辞令"}],
    "代決": [{"職員番号": "0001", "代決者の職員番号": "0002", "順位": "1", "開始日": "R8.4.1"}],
}


def filled(rows: Mapping[str, Sequence[Mapping[str, Any]]] = TOWN, *, without: Sequence[str] = ()) -> bytes:
    """The template with these rows under the example of each sheet."""
    book = load_workbook(BytesIO(template()))
    for name in without:
        del book[name]
    for name, filled_rows in rows.items():
        page = book[name]
        places = {column.name: place for place, column in enumerate(SHEET_BY_NAME[name].columns, start=2)}
        for number, row in enumerate(filled_rows, start=6):
            for column, value in row.items():
                page.cell(number, places[column], value)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def town_with(sheet: str, row: int, **changed: Any) -> dict[str, list[dict[str, Any]]]:
    """The town with cells of one row changed; `row` counts from 0."""
    rows = {name: [dict(one) for one in some] for name, some in TOWN.items()}
    rows[sheet][row].update(changed)
    return rows
