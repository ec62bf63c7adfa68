"""Words for the parts of compound questions, and for where an answer came from."""

from __future__ import annotations

from yakuba.kernel.values.api import Text

PART_WORDS: dict[tuple[str, str], Text] = {
    ("name", "family"): Text("姓", easy="みょうじ（姓）", en="Family name"),
    ("name", "given"): Text("名", easy="名前（名）", en="Given name"),
    ("name", "family_kana"): Text("セイ（フリガナ）", easy="みょうじの 読み方", en="Family name in kana"),
    ("name", "given_kana"): Text("メイ（フリガナ）", easy="名前の 読み方", en="Given name in kana"),
    ("address", "postal_code"): Text("郵便番号", easy="郵便番号", en="Postal code"),
    ("address", "place"): Text(
        "住所（都道府県から町名まで）", easy="住所（県・市町村・町の 名前）", en="Prefecture, municipality and area"
    ),
    ("address", "lot"): Text("番地", easy="番地", en="House number"),
    ("address", "building"): Text(
        "建物名・部屋番号（なければ空欄）",
        easy="建物の 名前・部屋の 番号（なければ 書かない）",
        en="Building and room (if any)",
    ),
    ("bank_account", "bank_name"): Text("金融機関名", easy="銀行の 名前", en="Bank"),
    ("bank_account", "bank_code"): Text(
        "金融機関コード（4けた、分かれば）", easy="銀行の 番号（4けた。分かれば）", en="Bank code (4 digits, if known)"
    ),
    ("bank_account", "branch_name"): Text("支店名", easy="支店の 名前", en="Branch"),
    ("bank_account", "branch_code"): Text(
        "支店コード（3けた、分かれば）", easy="支店の 番号（3けた。分かれば）", en="Branch code (3 digits, if known)"
    ),
    ("bank_account", "kind"): Text("口座の種類", easy="口座の しゅるい", en="Kind of account"),
    ("bank_account", "number"): Text("口座番号（7けた）", easy="口座の 番号（7けた）", en="Account number (7 digits)"),
    ("bank_account", "holder"): Text(
        "口座名義（カタカナ）", easy="口座の 名前（カタカナ）", en="Account holder (katakana)"
    ),
    ("place", "words"): Text("場所の説明", easy="どこですか（ことばで）", en="Where it is, in words"),
    ("place", "lat"): Text("緯度（分かれば）", easy="緯度（分かれば）", en="Latitude (if known)"),
    ("place", "lon"): Text("経度（分かれば）", easy="経度（分かれば）", en="Longitude (if known)"),
    ("", "other"): Text(
        "「その他」を選んだときは、その内容", easy="「その他」の ときは、なかみ", en="If you chose “Other”, what it is"
    ),
}

SOURCE_WORDS: dict[str, Text] = {
    "typed": Text("本人が入力", easy="自分で 書いた", en="typed"),
    "profile": Text("登録した情報から", easy="登録した 情報から", en="from your profile"),
    "card": Text("マイナンバーカードから", easy="マイナンバーカードから", en="from the My Number Card"),
    "register": Text("住民記録から", easy="町の 記録から", en="from the resident register"),
    "earlier": Text("前の申請から", easy="前の 手続きから", en="from an earlier application"),
    "clerk": Text("職員が入力", easy="役場の 人が 書いた", en="entered by a clerk"),
}
"""Where an answer came from (入力の出どころ)."""

PREFILL_WORDS: dict[str, Text] = {
    **SOURCE_WORDS,
    "clerk": Text("職員が", easy="役場の 人が", en="by a clerk"),
}
"""The same before 「入れました」, at the question itself."""


def row_title(label: str, number: int) -> str:
    """What a row of a repeating group is called: 「2人目」 where the label counts (…目), else 「Person 2」.

    ``label`` is the row label in the language of the page, ``number`` counts from 1.
    """
    return f"{number}{label}" if label.endswith("目") else f"{label} {number}"
