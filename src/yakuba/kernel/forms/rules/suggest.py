"""What a clerk most likely means: the kind and the key of a question, told from its words (質問の種類と名前の見当).

Only a proposal: whatever is proposed can be changed before and after it is taken.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from yakuba.kernel.forms.rules.definition import RESERVED

LONGEST_KEY = 40


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A kind of question with settings, and a key."""

    kind: str
    key: str
    settings: dict[str, Any] = field(default_factory=dict)


#: Words of a label, the kind they speak for (empty: says nothing), the key, settings. The first that fits counts.
_WORDS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    (r"法人番号", "corporate_number", "corporate_number", {}),
    (r"(生年月日|生まれた日|誕生日)", "date", "birth_date", {"entry": "era", "latest": {"today": []}}),
    (r"メール", "mail", "mail", {}),
    (r"(電話|連絡先|携帯)", "phone", "phone", {}),
    (r"(口座|振込先)", "bank_account", "account", {}),
    (r"(住所|所在地|居所)", "address", "address", {}),
    (r"(フリガナ|ふりがな|カナ)", "short_text", "kana", {"kana": True}),
    (r"(法人|会社|団体|事業所|事業者|施設|学校|園|店)の?(名称|名前|名)", "short_text", "organisation", {}),
    (r"(氏名|お名前|名前)", "name", "name", {}),
    (r"(日時)", "short_text", "when", {}),
    (r"(年月日|日付|希望日|予定日|期日|(?<!曜)日$)", "date", "day", {}),
    (r"(時刻|開始時間|終了時間|何時)", "time", "time", {}),
    (r"(金額|費用|代金|料金|収入|所得|額$|[（(]円[）)])", "yen", "amount", {}),
    (r"(人数|何人)", "number", "people", {"unit": {"ja": "人", "ja-easy": "人", "en": "people"}}),
    (r"(個数|本数|枚数|部数|台数|頭数|回数|何[個本枚部台頭回つ])", "number", "count", {}),
    (r"(面積|㎡|平方メートル)", "number", "area", {"decimals": 2, "unit": {"ja": "㎡", "ja-easy": "㎡", "en": "m²"}}),
    (r"(年齢|学年)", "number", "age", {}),
    (r"(写真|画像)", "files", "photo", {"kinds": ["image"], "camera": True}),
    (r"(添付|書類|写し|証明書|領収書|見積書|図面|ファイル)", "files", "file", {}),
    (r"(同意|承諾)", "consent", "consent", {"statement": {"ja": "同意します。"}}),
    (r"(署名|サイン)", "signature", "signature", {"statement": {"ja": "上の内容のとおり申請します。"}}),
    (r"(備考|理由|内容|詳しく|経緯|状況|意見|要望|自由記入|伝えたいこと)", "long_text", "details", {}),
    (r"(場所|位置)", "place", "place", {}),
    (r"(続柄|種類|区分|方法|どれ)", "", "kind", {}),
    (r"(ですか|ますか|ませんか|の有無|かどうか)[？?]?$", "yes_no", "yes_no", {}),
)
_BASES = {
    "short_text": "text",
    "long_text": "text",
    "choice": "choice",
    "choices": "choices",
    "yes_no": "yes_no",
    "bank_account": "account",
    "text_block": "note",
    "computed": "result",
    "files": "file",
    "group": "rows",
    "date": "day",
    "yen": "amount",
}


def suggest(label: str, kind: str = "", *, taken: Collection[str] = ()) -> Suggestion:
    """The question a label speaks of. A ``kind`` that is given stays; the key is none of ``taken``."""
    for pattern, spoken, key, settings in _WORDS:
        if not re.search(pattern, label.strip()):
            continue
        fits = spoken and kind in ("", spoken)
        return Suggestion(
            kind or spoken or "short_text", free_key(key if fits or not spoken else _base(kind), taken),
            dict(settings) if fits else {},
        )  # fmt: skip
    return Suggestion(kind or "short_text", free_key(_base(kind or "short_text"), taken))


def _base(kind: str) -> str:
    return _BASES.get(kind, kind)


def free_key(base: str, taken: Collection[str]) -> str:
    """A key that is not taken: ``name``, ``name2``, ``name3`` …"""
    tidy = re.sub(r"[^a-z0-9_]", "", base.lower())[: LONGEST_KEY - 4].lstrip("0123456789_") or "question"
    number = 1
    while True:
        key = tidy if number == 1 else f"{tidy}{number}"
        if key not in taken and key not in RESERVED:
            return key
        number += 1
