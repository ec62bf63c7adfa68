"""What the living component page shows. Each example is a small template whose own source stands below it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django import forms
from django.http import HttpRequest

from yakuba.kernel.ui.charts import (
    Bar,
    CorridorPoint,
    Milestone,
    Opinion,
    Phase,
    PhaseState,
    Point,
    ScheduleRow,
    bar_chart,
    line_chart,
    quadrant_chart,
    schedule_chart,
    sparkline,
)
from yakuba.kernel.ui.forms import DateField, EraDateField, SeveralFilesField
from yakuba.kernel.ui.icons import ICON_NAMES
from yakuba.kernel.ui.listing.listing import CellView, FilterView, HeadView, ListingPage
from yakuba.kernel.ui.listing.rules import pages
from yakuba.kernel.ui.my_numbers import TownForm
from yakuba.kernel.values.api import FiscalYear

_GROUPS: tuple[tuple[str, str, tuple[tuple[str, str, str], ...]], ...] = (
    ("words", "文字と印", (("text", "文章", ""), ("icons", "アイコン", "線画。飾りのときは読み上げません。"))),
    (
        "actions",
        "操作",
        (
            ("buttons", "ボタン", "一つの画面に「主」のボタンは一つ。"),
            ("toolbar", "操作の並び", ""),
            ("dialog", "確認の窓", "取り消せない操作の前だけに使います。"),
        ),
    ),
    (
        "forms",
        "入力",
        (
            ("fields", "入力欄", "日付には和暦が添えられます。"),
            ("errors", "まちがいの知らせ方", "一覧から欄へ飛べます。入力した内容は消えません。"),
            ("upload", "ファイルの添付", ""),
        ),
    ),
    (
        "notices",
        "知らせと状態",
        (
            ("notices-kinds", "お知らせ", "色のほかに印と言葉で種類が分かります。"),
            ("badges", "状態と評価", "色だけで区別しません。"),
            ("progress", "進み具合", ""),
            ("steps", "手順（現在地）", ""),
            ("empty", "何もないとき", "次に何をするかを書きます。"),
        ),
    ),
    (
        "content",
        "内容",
        (
            ("cards", "カード", ""),
            ("description", "項目と内容", ""),
            ("timeline", "経過", ""),
            ("disclosure", "開閉と根拠", "決まりに基づく判断には根拠を付けます。"),
            ("stamps", "押印欄", ""),
            ("link_list", "行き先の一覧", ""),
        ),
    ),
    (
        "tables",
        "表と一覧",
        (
            ("table", "表", "狭い画面では横に動かせます。"),
            ("filter_bar", "絞り込み", ""),
            ("listing", "一覧", "検索、絞り込み、並べ替え、ページ、CSV と Excel。"),
        ),
    ),
    (
        "navigation",
        "移動",
        (("breadcrumb", "現在位置", ""), ("page_header", "ページの見出し", ""), ("tabs", "表示の切替え", "")),
    ),
    (
        "figures",
        "数字と図",
        (
            ("kpi", "指標のタイル", "測っていない値は「未計測」と書きます。"),
            ("chart_line", "折れ線", "基準から目標への線、想定の範囲、実測、見通し。"),
            ("chart_bar", "棒", ""),
            ("chart_quadrant", "満足度×重要度", ""),
            ("chart_schedule", "年度の予定", ""),
        ),
    ),
)
_FILES = {"notices-kinds": "notices"}


@dataclass(frozen=True, slots=True)
class Example:
    """One component in its states."""

    key: str
    title: str
    note: str
    template: str
    source: str


@dataclass(frozen=True, slots=True)
class Group:
    """Components of one purpose."""

    key: str
    title: str
    examples: tuple[Example, ...]


class SampleForm(TownForm):
    """Every kind of field."""

    name = forms.CharField(label="氏名", help_text="住民票のとおりに入力してください。", max_length=80)
    kana = forms.CharField(label="ふりがな", required=False, max_length=80)
    birthday = EraDateField(label="生年月日", help_text="例：昭和40年4月1日、S40.4.1、1965/4/1")
    wanted_on = DateField(label="希望日", initial=date(2026, 4, 1))
    district = forms.ChoiceField(
        label="地区", choices=[("", "選んでください"), ("1", "坂下"), ("2", "若宮"), ("3", "金上")]
    )
    means = forms.ChoiceField(
        label="受取方法", choices=[("post", "郵送"), ("counter", "窓口")], widget=forms.RadioSelect, initial="post"
    )
    topics = forms.MultipleChoiceField(
        label="知りたいこと",
        required=False,
        choices=[("water", "水道"), ("child", "子育て"), ("care", "介護")],
        widget=forms.CheckboxSelectMultiple,
        help_text="いくつでも選べます。",
        initial=["child"],
    )
    people = forms.IntegerField(label="人数", min_value=1, max_value=200, initial=12)
    reason = forms.CharField(label="申請の理由", widget=forms.Textarea, required=False)
    papers = SeveralFilesField(label="添付書類", required=False, help_text="PDF・JPEG・PNG、1つ10MBまで。")
    agreed = forms.BooleanField(label="利用のきまりに同意します")


def showcase(request: HttpRequest) -> dict[str, Any]:
    """The context of the component page; `?face=resident` shows it as residents see it."""
    is_office = request.GET.get("face") != "resident"
    return {
        "layout": "ui/office.html" if is_office else "ui/public.html",
        "is_office": is_office,
        "groups": _groups(),
        "icon_names": ICON_NAMES,
        "form": SampleForm(auto_id="sample_%s"),
        "wrong_form": SampleForm({"name": "", "wanted_on": "令和8年2月30日", "people": "300"}, auto_id="wrong_%s"),
        **_figures(),
        **_texts(),
        "listing": _listing(),
    }


@cache
def _groups() -> tuple[Group, ...]:
    return tuple(
        Group(key, title, tuple(_example(*example) for example in examples)) for key, title, examples in _GROUPS
    )


def _example(key: str, title: str, note: str) -> Example:
    name = f"ui/components/{_FILES.get(key, key)}.html"
    source = (Path(__file__).parent / "templates" / name).read_text(encoding="utf-8").strip()
    return Example(key, title, note, name, source)


@cache
def _figures() -> dict[str, Any]:
    first, last, today = FiscalYear(2026), FiscalYear(2029), date(2027, 10, 1)
    start, goal = date(2026, 4, 1), date(2030, 3, 31)
    days = [start + timedelta(days=91 * number) for number in range(7)]
    measured = [30, 31, 33, 34, 34, 37, 38]
    span = (goal - start).days
    corridor = [
        CorridorPoint(day, 30 + share * 20 * 0.75, 30 + share * 20 * 1.15)
        for share in (0, 0.5, 1)
        for day in (start + timedelta(days=round(span * share)),)
    ]
    return {
        "line": line_chart(
            title="オンライン手続きの数（見本）",
            unit="件",
            first=first,
            last=last,
            baseline=Point(start, 30),
            target=Point(goal, 50),
            measured=[Point(day, value) for day, value in zip(days, measured, strict=True)],
            forecast=[Point(date(2028, 10, 1), 44), Point(goal, 49.6)],
            corridor=corridor,
            today=today,
            note="見通しは、これまでの実測の直線回帰です。",
        ),
        "bars": bar_chart(
            title="課ごとの減らした時間（見本）",
            unit="時間",
            bars=[
                Bar("総務課", 182, 120),
                Bar("町民税務課", 264, 150),
                Bar("生活課", 96, 110),
                Bar("教育委員会 教育課", 41, 30),
                Bar("産業課", None),
            ],
            value_words="令和9年度",
            before_words="令和8年度",
        ),
        "quadrant": quadrant_chart(
            title="町民アンケート 満足度と重要度（見本）",
            opinions=[
                Opinion("手続きのしやすさ", 44.3, 76.9, strong=True),
                Opinion("子育て支援", 58.2, 81.0),
                Opinion("道路の維持", 37.5, 70.4),
                Opinion("水道", 71.2, 78.8),
                Opinion("公民館活動", 62.0, 48.1),
                Opinion("観光", 41.8, 46.0),
                Opinion("情報発信", 46.5, 57.3),
            ],
        ),
        "schedule": schedule_chart(
            title="年度ごとの予定（見本）",
            first=first,
            last=last,
            today=today,
            rows=[
                ScheduleRow(
                    "オンライン手続き",
                    (
                        Phase("準備", date(2026, 4, 1), date(2027, 3, 31), PhaseState.DONE),
                        Phase("順次公開", date(2027, 4, 1), date(2029, 3, 31), PhaseState.RUNNING),
                        Phase("見直し", date(2029, 4, 1), date(2030, 3, 31)),
                    ),
                ),
                ScheduleRow(
                    "勤怠管理",
                    (
                        Phase("Excelで運用", date(2026, 7, 1), date(2027, 9, 30), PhaseState.LATE),
                        Phase("システム導入", date(2028, 4, 1), date(2030, 3, 31)),
                    ),
                    (
                        Milestone("様式の決定", date(2026, 6, 30), reached=True),
                        Milestone("運用開始", date(2029, 10, 1)),
                    ),
                ),
            ],
        ),
        "small": sparkline(measured, label="30件から38件へ増えています", goal=50),
    }


@cache
def _texts() -> dict[str, Any]:
    return {
        "crumbs": [
            {"title": "DX推進計画", "url": "#navigation"},
            {"title": "方針1 町民サービス", "url": "#navigation"},
            {"title": "オンライン手続きの拡充", "url": ""},
        ],
        "tabs": [
            {"title": "概要", "url": "#tabs", "current": True},
            {"title": "指標", "url": "#tabs", "badge": 3},
            {"title": "会議", "url": "#tabs"},
            {"title": "履歴", "url": "#tabs"},
        ],
        "steps": [
            {"title": "受付", "state": "done"},
            {"title": "審査", "state": "current"},
            {"title": "決裁", "state": "todo"},
            {"title": "交付", "state": "todo"},
        ],
        "links": [
            {"title": "引っ越し", "url": "#link_list", "note": "転入・転出・転居の届出"},
            {"title": "子育て", "url": "#link_list", "note": "児童手当、保育所、予防接種"},
        ],
        "facts": [
            {"term": "担当", "value": "総務課 行政管理班"},
            {"term": "期間", "value": "令和8年度〜令和11年度"},
            {"term": "上位の計画", "value": "第六次振興計画", "url": "#description"},
        ],
        "events": [
            {"when": "R8.4.1 9:00", "title": "計画が始まりました", "state": "done"},
            {
                "when": "R8.9.30 17:15",
                "title": "指標が想定の範囲を外れました",
                "text": "観察の記録を開きました。",
                "state": "alert",
            },
            {
                "when": "R8.10.5 10:20",
                "title": "対応を決めました",
                "text": "様式を2つに減らします。",
                "url": "#timeline",
            },
            {"when": "R9.3.31", "title": "年度の評価（予定）", "state": "future"},
        ],
        "stamps": [
            {"post": "町長", "state": "todo"},
            {"post": "副町長", "state": "todo"},
            {"post": "課長", "name": "山田", "state": "current"},
            {"post": "班長", "name": "佐藤", "date": "8.6.2", "state": "deputy"},
            {"post": "起案", "name": "鈴木", "date": "8.6.1", "state": "done"},
        ],
    }


@cache
def _listing() -> ListingPage:
    def cell(text: str, kind: str = "", url: str = "", badge: str | None = None) -> CellView:
        return CellView(text, url, badge or "", badge is not None, kind)

    return ListingPage(
        title="取組の一覧（見本）",
        name="sample",
        words="手続き",
        is_searchable=True,
        filters=(
            FilterView("policy", "方針", "すべて", (("1", "方針1 町民サービス", True), ("2", "方針2 庁内", False))),
        ),
        kept=(),
        heads=(
            HeadView("取組", "#listing", "up", ""),
            HeadView("担当", "#listing", "", ""),
            HeadView("状態", "", "", ""),
            HeadView("目標", "#listing", "", "number"),
            HeadView("期限", "#listing", "", "date"),
        ),
        rows=(
            (
                cell("オンライン手続きの拡充", url="#listing"),
                cell("行政管理班"),
                cell("実施中", badge="info"),
                cell("50", "number"),
                cell("R12.3.31", "date"),
            ),
            (
                cell("書かない・回らない窓口", url="#listing"),
                cell("町民税務課"),
                cell("準備中", badge=""),
                cell("—", "number"),
                cell("R10.3.31", "date"),
            ),
            (
                cell("公式LINEの活用", url="#listing"),
                cell("行政管理班"),
                cell("計画どおり", badge="success"),
                cell("4,000", "number"),
                cell("R12.3.31", "date"),
            ),
        ),
        pages=pages(total=143, size=20, asked=3, url=lambda number: f"#listing-{number}"),
        sizes=((20, "#listing", True), (50, "#listing", False)),
        exports=(("#listing", "CSV（UTF-8）"), ("#listing", "Excel（xlsx）")),
        is_narrowed=True,
        clear_url="#listing",
        empty_title="まだ登録がありません",
        empty_text="",
        things=(),
    )
