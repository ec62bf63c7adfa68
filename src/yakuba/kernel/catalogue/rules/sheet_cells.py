"""How the parts of a description stand in the cells of a sheet, and back. Nothing is lost on the way.

Texts have a column per language. Lists stand in one cell, an entry per line, its fields divided by ｜ (or |).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from yakuba.kernel.catalogue.rules.kinds import Fact, GroundAbout, IdentityLevel, ProcedureKind, SignatureRule
from yakuba.kernel.values.api import Refusal

BAR = "｜"
LANGUAGES = (("ja", ""), ("ja-easy", "（やさしい日本語）"), ("en", "（英語）"))
TEXTS = (
    ("title", "手続名"),
    ("about", "どんな手続きか"),
    ("who", "できる人"),
    ("when", "時期・期限"),
    ("happens", "出した後"),
    ("criteria", "審査基準"),
)
OPTIONAL_TEXTS = frozenset({"criteria"})
KEY, NUMBER, EDITION = "識別名", "番号", "版"
KIND, EVENTS, ROLE, AUTHORITY = "種類", "ライフイベント", "担当の役割", "決定する機関"
DOCUMENTS, FREE, FEES, FEE_NOTE = "必要なもの", "無料", "手数料", "手数料の補足"
DAYS, GROUNDS, IDENTITY, SIGNATURE = "標準処理期間（営業日）", "根拠", "本人確認", "署名"
YEARS, WORDS = "保存年限（年）", "探すときの言葉"

TEXT_COLUMNS: Mapping[str, tuple[str, str]] = {
    f"{label}{suffix}": (part, code) for part, label in TEXTS for code, suffix in LANGUAGES
}
FEE_NOTE_COLUMNS: Mapping[str, str] = {f"{FEE_NOTE}{suffix}": code for code, suffix in LANGUAGES}
CONFIRMED_COLUMNS: Mapping[str, Fact] = {f"確認：{fact.label}": fact for fact in Fact}
SOURCE_COLUMNS: Mapping[str, Fact] = {f"出典：{fact.label}": fact for fact in Fact}

COLUMNS: tuple[str, ...] = (
    KEY,
    NUMBER,
    EDITION,
    *[name for name, (part, _) in TEXT_COLUMNS.items() if part == "title"],
    KIND,
    EVENTS,
    ROLE,
    AUTHORITY,
    *[name for name, (part, _) in TEXT_COLUMNS.items() if part != "title"],
    DOCUMENTS,
    FREE,
    FEES,
    *FEE_NOTE_COLUMNS,
    DAYS,
    GROUNDS,
    IDENTITY,
    SIGNATURE,
    YEARS,
    WORDS,
    *[name for pair in zip(CONFIRMED_COLUMNS, SOURCE_COLUMNS, strict=True) for name in pair],
)

_BY_LABEL = {
    "kind": {one.label: one.value for one in ProcedureKind},
    "identity": {one.label: one.value for one in IdentityLevel},
    "signature": {one.label: one.value for one in SignatureRule},
}
_ABOUTS = {one.label: one.value for one in GroundAbout}


def cells_of(values: Mapping[str, Any], *, edition: int) -> list[str | int | None]:
    """One row of the sheet, in the order of `COLUMNS`, from `ProcedureContent.to_dict()`."""
    fee = values.get("fee", {})
    evidence = values.get("evidence", {})
    cells: dict[str, str | int | None] = {
        KEY: values["key"],
        NUMBER: values["number"],
        EDITION: edition,
        KIND: ProcedureKind(values["kind"]).label,
        EVENTS: "、".join(values["events"]),
        ROLE: values["section"],
        AUTHORITY: values.get("authority", "mayor"),
        DOCUMENTS: _lines(_document_fields(one) for one in values.get("documents", ())),
        FREE: "○" if fee.get("is_free") else "",
        FEES: _lines(_fee_fields(one) for one in fee.get("items", ())),
        DAYS: values.get("standard_days"),
        GROUNDS: _lines(_ground_fields(one) for one in values.get("grounds", ())),
        IDENTITY: IdentityLevel(values["identity"]).label,
        SIGNATURE: SignatureRule(values.get("signature", "none")).label,
        YEARS: values.get("retention_years"),
        WORDS: "、".join(values.get("words", ())),
    }
    for name, (part, code) in TEXT_COLUMNS.items():
        cells[name] = values.get(part, {}).get(code, "")
    for name, code in FEE_NOTE_COLUMNS.items():
        cells[name] = fee.get("note", {}).get(code, "")
    for name, fact in CONFIRMED_COLUMNS.items():
        cells[name] = "○" if evidence.get(fact.value, {}).get("certain") else ""
    for name, fact in SOURCE_COLUMNS.items():
        cells[name] = evidence.get(fact.value, {}).get("source", "")
    return [cells[name] for name in COLUMNS]


def text_from(cells: Mapping[str, str], part: str) -> dict[str, str] | None:
    """The languages of a text; `None` when all its cells are empty."""
    found = {code: cells[name] for name, (of, code) in TEXT_COLUMNS.items() if of == part and cells.get(name)}
    return found or None


def fee_note_from(cells: Mapping[str, str]) -> dict[str, str] | None:
    """The languages of the note on fees."""
    return {code: cells[name] for name, code in FEE_NOTE_COLUMNS.items() if cells.get(name)} or None


def choice_from(field: str, text: str) -> str:
    """The value of 種類, 本人確認 or 署名 from its label. Raises `Refusal` naming the labels there are."""
    known = _BY_LABEL[field]
    if text in known:
        return known[text]
    if text in known.values():
        return text
    raise Refusal(
        f"「{text[:30]}」は使えません。", hint=f"{'、'.join(f'「{one}」' for one in known)}のどれかを書いてください。"
    )


def list_from(text: str) -> list[str]:
    """A list written with 、 or , or line breaks."""
    for mark in ("\r\n", "\n", "，", ","):
        text = text.replace(mark, "、")
    return [one.strip() for one in text.split("、") if one.strip()]


def documents_from(text: str) -> list[dict[str, Any]]:
    """The things to bring. Raises `Refusal`."""
    found = []
    for fields in _rows(text, most=7, words="識別名｜名前｜やさしい日本語｜英語｜必要なとき｜やさしい日本語｜英語"):
        one: dict[str, Any] = {"name": _text(fields[1:4])}
        if fields[0]:
            one["id"] = fields[0]
        if any(fields[4:7]):
            one["when"] = _text(fields[4:7])
        found.append(one)
    return found


def fees_from(text: str) -> list[dict[str, Any]]:
    """The fees. Raises `Refusal`."""
    found = []
    for fields in _rows(text, most=8, words="名前｜やさしい日本語｜英語｜円｜上の額｜単位｜やさしい日本語｜英語"):
        one: dict[str, Any] = {"name": _text(fields[0:3]), "yen": _yen(fields[3])}
        if fields[4]:
            one["most"] = _yen(fields[4])
        if any(fields[5:8]):
            one["unit"] = _text(fields[5:8])
        found.append(one)
    return found


def grounds_from(text: str) -> list[dict[str, Any]]:
    """The legal grounds. Raises `Refusal`."""
    found = []
    for fields in _rows(text, most=4, words="何の根拠か｜法令｜条｜アドレス"):
        if fields[0] not in _ABOUTS:
            raise Refusal(
                f"「{fields[0][:20]}」は根拠の種類にありません。",
                hint=f"行の先頭に{'、'.join(f'「{one}」' for one in _ABOUTS)}のどれかを書いてください。",
            )
        one = {"about": _ABOUTS[fields[0]], "law": fields[1]}
        found.append(one | {name: value for name, value in (("article", fields[2]), ("url", fields[3])) if value})
    return found


def _rows(text: str, *, most: int, words: str) -> list[list[str]]:
    rows = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if not line.strip():
            continue
        fields = [one.strip() for one in line.replace("|", BAR).split(BAR)]
        if len(fields) > most:
            raise Refusal(f"「{line[:30]}」の区切りが多すぎます。", hint=f"一行に {words} の順で書いてください。")
        rows.append(fields + [""] * (most - len(fields)))
    return rows


def _text(fields: Sequence[str]) -> dict[str, str]:
    return {code: words for (code, _), words in zip(LANGUAGES, fields, strict=True) if words}


def _yen(text: str) -> int:
    plain = text.translate(str.maketrans("０１２３４５６７８９", "0123456789")).replace(",", "").removesuffix("円")
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 9):
        raise Refusal(f"「{text[:20]}」は金額として読めません。", hint="円の額を整数で書いてください。")
    return int(plain)


def _lines(rows: Any) -> str:
    written = []
    for fields in rows:
        while fields and not fields[-1]:
            fields.pop()
        written.append(BAR.join(str(one).replace("\n", " ").replace(BAR, "／").replace("|", "／") for one in fields))
    return "\n".join(written)


def _languages(text: Mapping[str, str]) -> list[str]:
    return [text.get(code, "") for code, _ in LANGUAGES]


def _document_fields(one: Mapping[str, Any]) -> list[str]:
    return [one.get("id", ""), *_languages(one["name"]), *_languages(one.get("when", {}))]


def _fee_fields(one: Mapping[str, Any]) -> list[str]:
    most = one.get("most")
    return [
        *_languages(one["name"]),
        str(one["yen"]),
        "" if most is None else str(most),
        *_languages(one.get("unit", {})),
    ]


def _ground_fields(one: Mapping[str, Any]) -> list[str]:
    about = GroundAbout(one.get("about", "procedure")).label
    return [about, one["law"], one.get("article", ""), one.get("url", "")]
