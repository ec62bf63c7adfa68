"""The fields of each kind of question, as clerks see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from yakuba.kernel.forms.exchange.settings import TYPE_WORDS


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: the field of the definition, how it is typed, its default in the definition."""

    name: str
    build: Callable[[], forms.Field]
    default: Any
    read: Callable[[Any], Any] = lambda value: value
    write: Callable[[Any], Any] = lambda value: value


def _whole(name: str, label: str, least: int, most: int, default: int | None, help_text: str = "") -> Setting:
    return Setting(
        name,
        lambda: forms.IntegerField(label=label, min_value=least, max_value=most, required=False, help_text=help_text),
        default,
        read=lambda value: default if value is None else value,
    )


def _decimal(name: str, label: str) -> Setting:
    return Setting(
        name,
        lambda: forms.DecimalField(label=label, required=False, max_digits=15, decimal_places=6),
        None,
        read=lambda value: None if value is None else f"{value.normalize():f}",
    )


def _flag(name: str, label: str, default: bool, help_text: str = "") -> Setting:
    return Setting(name, lambda: forms.BooleanField(label=label, required=False, help_text=help_text), default)


def _chosen(name: str, label: str, choices: tuple[tuple[str, str], ...], default: str) -> Setting:
    return Setting(name, lambda: forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect), default)


def _time(name: str, label: str, default: str) -> Setting:
    return Setting(
        name,
        lambda: forms.TimeField(
            label=label,
            required=False,
            input_formats=["%H:%M"],
            widget=forms.TimeInput(attrs={"placeholder": "9:30"}, format="%H:%M"),
        ),
        default,
        read=lambda value: default if value is None else f"{value:%H:%M}",
    )


_SIZE = 999_999_999_999
SETTINGS: dict[str, tuple[Setting, ...]] = {
    "short_text": (
        _whole("max_length", "最大の文字数", 1, 500, 100),
        _whole("min_length", "最小の文字数", 0, 500, 0),
        _chosen(
            "characters", "使える文字", (("any", "自由"), ("digits", "数字だけ"), ("alphanumeric", "英数字だけ")), "any"
        ),
        _flag("kana", "カタカナで入力する（ひらがなは直します）", False),
    ),
    "long_text": (_whole("max_length", "最大の文字数", 1, 20_000, 1000), _whole("rows", "欄の高さ（行）", 2, 30, 5)),
    "number": (_decimal("least", "最小"), _decimal("most", "最大"), _whole("decimals", "小数のけた数", 0, 6, 0)),
    "yen": (_whole("least", "最小（円）", -_SIZE, _SIZE, 0), _whole("most", "最大（円）", -_SIZE, _SIZE, _SIZE)),
    "date": (
        _chosen(
            "entry",
            "入れ方",
            (("calendar", "カレンダーで選ぶ（近い日付）"), ("era", "和暦で書く（生年月日など）")),
            "calendar",
        ),
    ),
    "time": (_time("earliest", "最も早い時刻", "00:00"), _time("latest", "最も遅い時刻", "23:59")),
    "choice": (
        _flag("has_other", "「その他」を付ける（言葉も書いてもらう）", False),
        _chosen("look", "見せ方", (("radio", "並べる"), ("select", "一覧から選ぶ（選択肢が多いとき）")), "radio"),
    ),
    "choices": (
        _flag("has_other", "「その他」を付ける（言葉も書いてもらう）", False),
        _whole("least", "少なくとも選ぶ数", 0, 300, 0),
        _whole("most", "選べる数（空欄は制限なし）", 1, 300, None),
    ),
    "yes_no": (),
    "name": (_flag("with_kana", "フリガナもたずねる", True),),
    "place": (_flag("needs_point", "地図の位置（緯度・経度）も必ず入れてもらう", False),),
    "files": (
        Setting(
            "kinds",
            lambda: forms.MultipleChoiceField(
                label="受け取るファイル",
                choices=(("image", "写真・画像"), ("pdf", "PDF"), ("word", "Word"), ("excel", "Excel")),
                widget=forms.CheckboxSelectMultiple,
            ),
            ["image", "pdf"],
        ),
        _whole("least", "少なくとも付ける数", 0, 20, 1),
        _whole("most", "付けられる数", 1, 20, 5),
        _flag("camera", "スマートフォンでは、はじめにカメラを開く", False),
    ),
    "text_block": (
        _chosen("style", "見た目", (("plain", "ふつうの文"), ("info", "お知らせ"), ("warning", "注意")), "plain"),
    ),
    "computed": (
        _chosen(
            "gives",
            "値の種類",
            (("number", "数"), ("yen", "金額"), ("text", "文字"), ("date", "日付"), ("yes_no", "はい・いいえ")),
            "number",
        ),
        _flag("is_shown", "町民に見せる（外すと、条件の中だけで使う）", True),
    ),
    "group": (
        _whole("least", "少なくとも", 0, 50, 1, "0にすると、なくてもかまいません。"),
        _whole("most", "多くても", 1, 50, 10),
    ),
}
"""Settings by kind; kinds that are not here have none."""

TEXTS: dict[str, tuple[tuple[str, str, bool, int], ...]] = {
    "short_text": (("unit", "単位（例：人、枚）", False, 1),),
    "number": (("unit", "単位（例：人、枚）", False, 1),),
    "yes_no": (("yes", "「はい」の言葉", False, 1), ("no", "「いいえ」の言葉", False, 1)),
    "consent": (("statement", "同意してもらう文", True, 3),),
    "signature": (("statement", "署名の前に読む文", True, 3),),
    "text_block": (("body", "説明する文", True, 4),),
    "group": (("row_label", "一件の呼び名（例：人目、件目）", True, 1),),
}
"""Further texts by kind: name, words, whether it must be there, lines."""

FAMILIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("文字・数", ("short_text", "long_text", "number", "yen")),
    ("選ぶ", ("choice", "choices", "yes_no")),
    ("人・連絡先", ("name", "address", "phone", "mail", "corporate_number", "bank_account")),
    ("日時・場所", ("date", "time", "place")),
    ("書類・約束", ("files", "consent", "signature")),
    ("説明・計算", ("text_block", "computed", "fee")),
    ("まとまり", ("group",)),
)
"""The palette: families of kinds in the order they are offered."""

KIND_NOTES: dict[str, str] = {
    "short_text": "名称、番号など",
    "long_text": "理由、内容など",
    "number": "人数、枚数、面積",
    "yen": "円で答える",
    "date": "和暦でも西暦でも",
    "time": "9:30 など",
    "choice": "一つだけ選ぶ",
    "choices": "いくつでも選べる",
    "yes_no": "二つから選ぶ",
    "name": "姓・名とフリガナ",
    "address": "郵便番号から番地まで",
    "phone": "形を確かめる",
    "mail": "形を確かめる",
    "corporate_number": "13けた、検査数字",
    "bank_account": "振込先",
    "place": "言葉と地図の点",
    "files": "書類・写真を付ける",
    "consent": "チェックしてもらう",
    "signature": "氏名を書いてもらう",
    "text_block": "読んでもらう文",
    "computed": "答えから計算する",
    "fee": "金額を自動で出す",
    "group": "同じ質問を人数分",
}


FIRST: dict[str, dict[str, Any]] = {
    "consent": {"label": {"ja": "同意", "ja-easy": "「はい」と 言う こと", "en": "Consent"}, "statement": {"ja": "上の内容に同意します。", "ja-easy": "上の ことに 「はい」と 言います。", "en": "I agree to the above."}},
    "signature": {"statement": {"ja": "上の内容のとおり申請します。", "ja-easy": "上の とおり 申請します。", "en": "I apply as stated above."}},
    "group": {"row_label": {"ja": "件目", "ja-easy": "つ目", "en": "Item"}},
    "name": {"label": {"ja": "氏名", "ja-easy": "名前", "en": "Name"}},
    "address": {"label": {"ja": "住所", "ja-easy": "住んで いる ところ", "en": "Address"}},
    "phone": {"label": {"ja": "電話番号", "ja-easy": "電話番号", "en": "Telephone number"}},
    "mail": {"label": {"ja": "メールアドレス", "ja-easy": "メールアドレス", "en": "E-mail address"}},
    "corporate_number": {"label": {"ja": "法人番号", "ja-easy": "法人番号", "en": "Corporate number"}},
    "bank_account": {"label": {"ja": "振込先の口座", "ja-easy": "お金を 入れる 銀行の 口座", "en": "Bank account for the payment"}},
    "fee": {"label": {"ja": "手数料", "ja-easy": "お金", "en": "Fee"}},
}  # fmt: skip
"""What a new question of a kind begins with; the words may be changed."""


def palette() -> list[dict[str, Any]]:
    """The kinds by family with their words."""
    return [
        {
            "title": title,
            "kinds": [{"kind": kind, "title": TYPE_WORDS[kind], "note": KIND_NOTES[kind]} for kind in kinds],
        }
        for title, kinds in FAMILIES
    ]


def setting_value(setting: Setting, question: Mapping[str, Any]) -> Any:
    """What the form shows at first."""
    return setting.write(question.get(setting.name, setting.default))
