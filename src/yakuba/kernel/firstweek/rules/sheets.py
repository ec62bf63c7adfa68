"""The sheets of the first-week workbook (最初の登録): their columns, what each means, and an example."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from yakuba.kernel.firstweek.rules.cells import (
    choice,
    day,
    mail,
    number_up_to,
    section_code,
    slug,
    staff_number,
    words,
)

Value = str | int | date | None
Convert = Callable[[str], Value]

SECTION_KINDS = {
    "部・局": "department",
    "部": "department",
    "局": "department",
    "課・室": "section",
    "課": "section",
    "室": "section",
    "班・係": "unit",
    "班": "unit",
    "係": "unit",
    "出先・施設": "facility",
    "出先": "facility",
    "施設": "facility",
}
EMPLOYMENTS = {
    "正規職員": "regular",
    "再任用職員": "reappointed",
    "会計年度任用職員": "fiscal_year",
    "特別職": "special",
    "外部の人": "outside",
}
OUTSIDE_KINDS = {"指定管理者": "operator", "連携事業者": "partner", "助言者の所属": "adviser"}
POST_ROLES = {"担当者": "clerk", "所属長": "section_head", "副町長": "deputy_mayor", "町長": "mayor"}
GRANTED_ROLES = {
    "担当者": "clerk",
    "所属長": "section_head",
    "副町長": "deputy_mayor",
    "町長": "mayor",
    "DX推進事務局": "secretariat",
    "人事担当": "personnel",
    "情報システム担当": "it",
    "DX推進アドバイザー": "adviser",
    "監査委員": "auditor",
    "DX推進リーダー": "dx_leader",
}
MAIN = {"本務": "main", "兼務": "concurrent"}


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column: the name people see, the key values carry, how a cell is read, what to write, an example."""

    name: str
    key: str
    read: Convert
    explanation: str
    example: str = ""
    required: bool = True
    choices: tuple[str, ...] = ()

    def in_words(self, value: object) -> str:
        """A value in the words of the sheet."""
        return next((choice for choice in self.choices if self.read(choice) == value), str(value))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `key` are the columns that tell its rows apart."""

    name: str
    about: str
    key: tuple[str, ...]
    columns: tuple[SheetColumn, ...]

    def column(self, key: str) -> SheetColumn:
        """The column of that key."""
        return next(column for column in self.columns if column.key == key)

    def in_words(self, values: Mapping[str, object]) -> str:
        """A row as people recognise it: its first three filled columns, in the words of the sheet."""
        shown = [column.in_words(values[column.key]) for column in self.columns if values.get(column.key)]
        return "　".join(shown[:3])


def _words(longest: int) -> Convert:
    return lambda text: words(text, longest)


def _choice(names: dict[str, str]) -> Convert:
    return lambda text: choice(text, names)


def _to(most: int) -> Convert:
    return lambda text: number_up_to(text, most)


def _shown(names: dict[str, str]) -> tuple[str, ...]:
    """Each value once, by the first word for it."""
    first: dict[str, str] = {}
    for name, value in names.items():
        first.setdefault(value, name)
    return tuple(first.values())


_ORDER = SheetColumn("並び順", "order", _to(9999), "小さい順に並びます。", "10", required=False)
_FROM = "例: 令和8年4月1日、R8.4.1、2026/4/1"

SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "執行機関",
        "処分や決裁の名義になる機関です。町長、教育委員会、農業委員会など。",
        ("code",),
        (
            SheetColumn("執行機関コード", "code", slug, "半角の英小文字。後から変えられません。", "mayor"),
            SheetColumn("名称", "name", _words(60), "組織図の見出しになります。", "町長部局"),
            SheetColumn("代表者の職名", "head_title", _words(60), "処分の名義。", "町長"),
            SheetColumn("公印の名称", "seal_name", _words(60), "", "会津坂下町長之印", required=False),
            _ORDER,
        ),
    ),
    Sheet(
        "外部団体",
        "指定管理者や連携事業者など、役場の外の団体です。無ければ空のままにします。",
        ("name",),
        (
            SheetColumn("名称", "name", _words(100), "", "株式会社まちのホール"),
            SheetColumn(
                "種別",
                "kind",
                _choice(OUTSIDE_KINDS),
                "一覧から選びます。",
                "指定管理者",
                choices=_shown(OUTSIDE_KINDS),
            ),
            SheetColumn("開始日", "starts_on", day, _FROM, "R8.4.1"),
            SheetColumn("終了日", "last_day", day, "この日まで。決まっていなければ空。", required=False),
        ),
    ),
    Sheet(
        "所属",
        "課・室、班・係、施設などです。上位の所属は、同じシートの所属コードで指します。",
        ("code",),
        (
            SheetColumn("所属コード", "code", section_code, "半角の英数字。後から変えられません。", "0101"),
            SheetColumn("名称", "name", _words(60), "", "行政管理班"),
            SheetColumn("ふりがな", "name_kana", _words(120), "", "ぎょうせいかんりはん", required=False),
            SheetColumn(
                "種別", "kind", _choice(SECTION_KINDS), "一覧から選びます。", "班・係", choices=_shown(SECTION_KINDS)
            ),
            SheetColumn("執行機関コード", "authority", slug, "シート「執行機関」のコード。", "mayor"),
            SheetColumn("上位の所属コード", "parent", section_code, "班・係は必ず書きます。", "01", required=False),
            SheetColumn("設置日", "starts_on", day, "分からなければ今の年度の4月1日。", "R8.4.1"),
            SheetColumn("電話", "phone", _words(30), "", "0242-84-1502", required=False),
            SheetColumn("分掌事務", "duties", _words(4000), "", "行政改革に関すること。", required=False),
            _ORDER,
        ),
    ),
    Sheet(
        "職",
        "職名と順位です。職に権限が付くときは「職に伴う権限」で選びます。",
        ("title",),
        (
            SheetColumn("職名", "title", _words(40), "", "課長"),
            SheetColumn("順位", "rank", _to(999), "上位の職ほど大きい数。", "60"),
            SheetColumn(
                "職に伴う権限",
                "role",
                _choice(POST_ROLES),
                "一覧から選びます。無ければ空。",
                "所属長",
                required=False,
                choices=_shown(POST_ROLES),
            ),
        ),
    ),
    Sheet(
        "職員",
        "在職している全員です。所属と職はシート「発令」に書きます。",
        ("number",),
        (
            SheetColumn("職員番号", "number", staff_number, "半角の英数字。ログインに使います。", "1024"),
            SheetColumn("氏名", "name", _words(80), "姓と名の間に空白を入れます。", "坂下　花子"),
            SheetColumn("ふりがな", "name_kana", _words(120), "", "ばんげ　はなこ", required=False),
            SheetColumn(
                "任用の種類",
                "employment",
                _choice(EMPLOYMENTS),
                "一覧から選びます。",
                "正規職員",
                choices=_shown(EMPLOYMENTS),
            ),
            SheetColumn("採用日", "joined_on", day, _FROM, "H25.4.1"),
            SheetColumn(
                "最後の在職日",
                "last_day",
                day,
                "会計年度任用職員は任期の末日を必ず書きます。ほかの人は決まっていれば書きます。",
                required=False,
            ),
            SheetColumn("メール", "mail", mail, "", required=False),
            SheetColumn(
                "外部団体", "organisation", _words(100), "「外部の人」だけ。シート「外部団体」の名称。", required=False
            ),
        ),
    ),
    Sheet(
        "発令",
        "だれが、どの所属の、どの職か。今の発令を一人一行（兼務は行を分ける）で書きます。",
        ("number", "section", "post", "starts_on"),
        (
            SheetColumn("職員番号", "number", staff_number, "シート「職員」の番号。", "1024"),
            SheetColumn("所属コード", "section", section_code, "シート「所属」のコード。", "0101"),
            SheetColumn("職名", "post", _words(40), "シート「職」の職名。", "課長"),
            SheetColumn("発令日", "starts_on", day, "分からなければ所属の設置日か採用日の遅い方。", "R8.4.1"),
            SheetColumn("終了日", "last_day", day, "決まっていなければ空。", required=False),
            SheetColumn("本務・兼務", "is_main", _choice(MAIN), "本務は一人一つです。", "本務", choices=_shown(MAIN)),
        ),
    ),
    Sheet(
        "権限",
        "職に伴わない権限です。人事担当・情報システム担当・DX推進事務局・監査委員など。",
        ("number", "role", "starts_on"),
        (
            SheetColumn("職員番号", "number", staff_number, "シート「職員」の番号。", "1024"),
            SheetColumn(
                "権限", "role", _choice(GRANTED_ROLES), "一覧から選びます。", "人事担当", choices=_shown(GRANTED_ROLES)
            ),
            SheetColumn("開始日", "starts_on", day, _FROM, "R8.4.1"),
            SheetColumn("終了日", "last_day", day, "決まっていなければ空。", required=False),
            SheetColumn("根拠", "ground", _words(200), "辞令・規程・決裁の番号など。", "令和8年4月1日付辞令"),
        ),
    ),
    Sheet(
        "代決",
        "不在のときに代わって決裁する人です。",
        ("number", "deputy", "starts_on"),
        (
            SheetColumn("職員番号", "number", staff_number, "不在になる本人の番号。", "1024"),
            SheetColumn("代決者の職員番号", "deputy", staff_number, "代わりの人の番号。", "1031"),
            SheetColumn("順位", "order", _to(20), "第1順位なら1。", "1"),
            SheetColumn("開始日", "starts_on", day, _FROM, "R8.4.1"),
            SheetColumn("終了日", "last_day", day, "決まっていなければ空。", required=False),
        ),
    ),
)

SHEET_BY_NAME = {sheet.name: sheet for sheet in SHEETS}
