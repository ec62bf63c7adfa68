"""What can be set at each kind of question, in the words of the 「質問一覧」 sheet: one ``名前=値`` a line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from yakuba.kernel.forms.exchange.plain_rules import read_rule, write_rule
from yakuba.kernel.values.api import Refusal

TYPE_WORDS: dict[str, str] = {
    "short_text": "一行の文字",
    "long_text": "何行もの文字",
    "number": "数",
    "yen": "金額",
    "date": "日付",
    "time": "時刻",
    "choice": "一つ選ぶ",
    "choices": "いくつも選ぶ",
    "yes_no": "はい・いいえ",
    "name": "氏名",
    "address": "住所",
    "phone": "電話番号",
    "mail": "メールアドレス",
    "corporate_number": "法人番号",
    "bank_account": "口座",
    "place": "場所",
    "files": "ファイル",
    "consent": "同意",
    "signature": "署名",
    "text_block": "説明文",
    "computed": "計算",
    "fee": "手数料",
    "group": "繰り返し",
}
"""The kinds of questions as clerks call them."""

_LANGUAGES = ("ja", "ja-easy", "en")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: the field of the definition, and how its value is written and read."""

    field: str
    write: Callable[[Any], str]
    read: Callable[[str], Any]


def _whole(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,15}", text):
        raise Refusal(f"「{text[:20]}」は整数ではありません。", hint="数字で書いてください。")
    return int(text)


def _decimal(text: str) -> Any:
    if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", text):
        raise Refusal(f"「{text[:20]}」は数ではありません。", hint="数字で書いてください。")
    return text


def _flag(text: str) -> bool:
    if text not in ("はい", "いいえ"):
        raise Refusal(f"「{text[:20]}」は読めません。", hint="「はい」か「いいえ」と書いてください。")
    return text == "はい"


def _one_of(words: Mapping[str, str]) -> tuple[Callable[[Any], str], Callable[[str], Any]]:
    backwards = {value: key for key, value in words.items()}

    def read(text: str) -> str:
        if text not in words:
            raise Refusal(f"「{text[:20]}」は選べません。", hint=f"「{'」「'.join(words)}」のどれかを書いてください。")
        return words[text]

    return lambda value: backwards[value], read


def _several(words: Mapping[str, str]) -> tuple[Callable[[Any], str], Callable[[str], Any]]:
    write_one, read_one = _one_of(words)
    return (
        lambda values: "、".join(write_one(one) for one in values),
        lambda text: [read_one(one.strip()) for one in re.split(r"[、,]", text) if one.strip()],
    )


def write_texts(text: Any) -> str:
    """The three languages of a text in one cell: 「日本語｜やさしい日本語｜英語」; missing ones at the end left out."""
    given = text.to_dict() if hasattr(text, "to_dict") else {"ja": text} if isinstance(text, str) else dict(text)
    return "｜".join(given.get(code, "") for code in _LANGUAGES).rstrip("｜")


def read_texts(written: str) -> dict[str, str]:
    """The text of a cell with languages parted by ｜."""
    parts = [part.strip() for part in written.split("｜")]
    if len(parts) > len(_LANGUAGES):
        raise Refusal("「｜」が多すぎます。", hint="日本語｜やさしい日本語｜英語 の順に書いてください。")
    return {code: part for code, part in zip(_LANGUAGES, parts, strict=False) if part}


_WHOLE = (str, _whole)
_DECIMAL = (str, _decimal)
_FLAG = (lambda value: "はい" if value else "いいえ", _flag)
_TEXTS = (write_texts, read_texts)
_RULE = (write_rule, read_rule)

_COMMON = {"要配慮の情報": Setting("is_sensitive", *_FLAG)}
_OPTIONS = {"その他": Setting("has_other", *_FLAG)}
SETTINGS: dict[str, dict[str, Setting]] = {
    "short_text": {
        "最小文字数": Setting("min_length", *_WHOLE),
        "最大文字数": Setting("max_length", *_WHOLE),
        "カナ": Setting("kana", *_FLAG),
        "使える文字": Setting("characters", *_one_of({"自由": "any", "数字": "digits", "英数字": "alphanumeric"})),
        "単位": Setting("unit", *_TEXTS),
    },
    "long_text": {"最大文字数": Setting("max_length", *_WHOLE), "行数": Setting("rows", *_WHOLE)},
    "number": {
        "最小": Setting("least", *_DECIMAL),
        "最大": Setting("most", *_DECIMAL),
        "小数のけた": Setting("decimals", *_WHOLE),
        "単位": Setting("unit", *_TEXTS),
    },
    "yen": {"最小": Setting("least", *_WHOLE), "最大": Setting("most", *_WHOLE)},
    "date": {
        "入力": Setting("entry", *_one_of({"カレンダー": "calendar", "元号": "era"})),
        "最も早い日": Setting("earliest", *_RULE),
        "最も遅い日": Setting("latest", *_RULE),
    },
    "time": {"最も早い時刻": Setting("earliest", str, str), "最も遅い時刻": Setting("latest", str, str)},
    "choice": {**_OPTIONS, "形": Setting("look", *_one_of({"ボタン": "radio", "一覧": "select"}))},
    "choices": {**_OPTIONS, "最少": Setting("least", *_WHOLE), "最多": Setting("most", *_WHOLE)},
    "yes_no": {"はいの言葉": Setting("yes", *_TEXTS), "いいえの言葉": Setting("no", *_TEXTS)},
    "name": {"フリガナ": Setting("with_kana", *_FLAG)},
    "place": {"地図の点が必要": Setting("needs_point", *_FLAG)},
    "files": {
        "種類": Setting("kinds", *_several({"画像": "image", "PDF": "pdf", "Word": "word", "Excel": "excel"})),
        "最少": Setting("least", *_WHOLE),
        "最多": Setting("most", *_WHOLE),
        "カメラ": Setting("camera", *_FLAG),
    },
    "text_block": {"見た目": Setting("style", *_one_of({"ふつう": "plain", "お知らせ": "info", "注意": "warning"}))},
    "computed": {
        "値の種類": Setting(
            "gives", *_one_of({"文字": "text", "数": "number", "金額": "yen", "日付": "date", "はい・いいえ": "yes_no"})
        ),
        "見せる": Setting("is_shown", *_FLAG),
    },
    "group": {
        "一件の呼び名": Setting("row_label", *_TEXTS),
        "最少": Setting("least", *_WHOLE),
        "最多": Setting("most", *_WHOLE),
    },
}


def settings_of(kind: str) -> dict[str, Setting]:
    """The settings of a kind by their words."""
    return {**SETTINGS.get(kind, {}), **_COMMON}


def write_settings(kind: str, question: Mapping[str, Any]) -> str:
    """The settings of a question (in JSON) that differ from the defaults, one a line."""
    return "\n".join(
        f"{words}={setting.write(question[setting.field])}"
        for words, setting in settings_of(kind).items()
        if setting.field in question
    )


def read_settings(kind: str, written: str) -> dict[str, Any]:
    """The fields the lines stand for. Raises `Refusal` naming the line."""
    known = settings_of(kind)
    found: dict[str, Any] = {}
    for line in written.splitlines():
        if not line.strip():
            continue
        words, sign, value = line.translate(str.maketrans("＝", "=")).partition("=")
        setting = known.get(words.strip())
        if setting is None or not sign:
            raise Refusal(
                f"設定「{line.strip()[:30]}」は、「{TYPE_WORDS[kind]}」の質問では使えません。",
                hint=f"使える設定：{'、'.join(known)}。「名前=値」の形で、一行に一つ書いてください。",
            )
        found[setting.field] = setting.read(value.strip())
    return found
