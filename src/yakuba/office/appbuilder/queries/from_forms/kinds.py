"""The kinds of questions of a form, and what each becomes in an app."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yakuba.office.appbuilder.queries.from_forms.copying import OTHER, Copying, Made
from yakuba.office.appbuilder.rules.check import asks_for_today
from yakuba.office.appbuilder.rules.definition import MOST_CHOICES, FieldType
from yakuba.office.appbuilder.rules.limits import TODAY, is_limit
from yakuba.office.appbuilder.rules.values import LONGEST_LONG, LONGEST_SHORT, MOST_CHOSEN, MOST_FILES

LONGEST_CHOICE, LONGEST_UNIT = 100, 10
_ALL_KINDS = {"image", "pdf", "word", "excel"}
_FILE_WORDS = {"image": "画像", "pdf": "PDF", "word": "Word", "excel": "Excel"}
_CHARACTERS = {"digits": "数字だけ", "alphanumeric": "英数字だけ"}
_MOST_YEN = 999_999_999_999
PERSONAL = frozenset({"name", "address", "phone", "mail", "signature", "bank_account"})
"""The kinds whose answers say who somebody is: with one of them every answer of the form is about that person."""

Making = Callable[[Copying, Any], Made]


def _short_text(copying: Copying, question: Any) -> Made:
    made = Made(is_same=True)
    is_long = question.max_length > LONGEST_SHORT
    made.add(
        FieldType.LONG_TEXT if is_long else FieldType.SHORT_TEXT, **_ends(question.min_length, question.max_length)
    )
    if is_long:
        made.notes.append(f"{LONGEST_SHORT}文字を超えるため「長い文章」にします。")
    if question.kana:
        made.help.append("カタカナで書きます。")
        made.notes.append("カタカナに直すことと、カタカナだけかを確かめることはしません（説明に書きます）。")
    if question.characters != "any":
        made.help.append(f"{_CHARACTERS[question.characters]}で書きます。")
        made.notes.append(f"{_CHARACTERS[question.characters]}かを確かめることはしません（説明に書きます）。")
    if question.unit:
        made.help.append(f"単位：{question.unit.ja}")
    return made


def _long_text(copying: Copying, question: Any) -> Made:
    made = Made(is_same=True)
    made.add(FieldType.LONG_TEXT, most=str(min(question.max_length, LONGEST_LONG)))
    if question.max_length > LONGEST_LONG:
        made.notes.append(f"{question.max_length:,}文字までのところを、{LONGEST_LONG:,}文字までにします。")
    return made


def _number(copying: Copying, question: Any) -> Made:
    made = Made(is_same=True)
    unit = question.unit.ja if question.unit else ""
    ends = {name: f"{end:f}" for name in ("least", "most") if (end := getattr(question, name)) is not None}
    made.add(FieldType.NUMBER, decimals=question.decimals, unit=unit[:LONGEST_UNIT], **_kept_ends(made, ends))
    if len(unit) > LONGEST_UNIT:
        made.help.append(f"単位：{unit}")
    return made


def _yen(copying: Copying, question: Any) -> Made:
    made = Made(is_same=True)
    ends = {"least": str(question.least), "most": str(question.most)}
    made.add(FieldType.YEN, **{name: end for name, end in ends.items() if abs(int(end)) != _MOST_YEN})
    return made


def _kept_ends(made: Made, ends: dict[str, str]) -> dict[str, str]:
    kept = {name: end for name, end in ends.items() if is_limit(FieldType.NUMBER, end)}
    if kept != ends:
        made.notes.append("範囲の数が大きすぎるため、確かめません。")
    return kept


def _date(copying: Copying, question: Any) -> Made:
    made = Made(is_same=True)
    ends: dict[str, str] = {}
    for name, words, rule in (("least", "最も早い日", question.earliest), ("most", "最も遅い日", question.latest)):
        if rule is None:
            continue
        end = TODAY if rule == {"today": []} else rule if isinstance(rule, str) else ""
        if end and is_limit(FieldType.DATE, end):
            ends[name] = end
        else:
            said = copying.in_words(rule, as_value=True)
            made.help.append(f"{words}：{said}")
            made.notes.append(f"{words}（{said}）は確かめません（説明に書きます）。")
    made.add(FieldType.DATE, **ends)
    return made


def _time(copying: Copying, question: Any) -> Made:
    made = Made(is_same=True)
    ends = {"least": question.earliest, "most": question.latest}
    made.add(FieldType.TIME, **{name: end for name, end in ends.items() if end not in ("00:00", "23:59")})
    return made


def _chosen(copying: Copying, question: Any) -> Made:
    made = Made(is_same=True)
    choices: list[dict[str, str]] = []
    labels: set[str] = set()
    options = [(one.value, one.label.ja) for one in question.options]
    if question.has_other:
        options.append((OTHER, "その他"))
    for value, words in options[:MOST_CHOICES]:
        label, number = words[:LONGEST_CHOICE], 1
        while label in labels:
            number += 1
            label = f"{words[: LONGEST_CHOICE - 5]}（{number}）"
        if label != words:
            made.notes.append(f"選択肢「{words}」は「{label}」にします。")
        labels.add(label)
        choices.append({"key": value, "label": label})
    for _, words in options[MOST_CHOICES:]:
        made.notes.append(f"選択肢「{words}」は写せません（{MOST_CHOICES}個まで）。")
    for one in question.options:
        if one.when is not None:
            made.notes.append(
                f"選択肢「{one.label.ja}」は、いつも出します（様式では{copying.in_words(one.when)}だけ）。"
            )
        if one.help:
            made.help.append(f"{one.label.ja}：{one.help.ja}")
            made.notes.append(f"選択肢「{one.label.ja}」の説明は、項目の説明に入れます。")
    if question.type == "choices":
        if len(choices) > MOST_CHOSEN:
            made.notes.append(f"選べるのは{MOST_CHOSEN}個までです。")
        made.add(FieldType.CHOICES, choices=choices, **_ends(question.least, question.most or 0))
    else:
        made.add(FieldType.CHOICE, choices=choices)
    if question.has_other:
        made.notes.append("「その他」の内容は、別の項目にします。")
        made.add(FieldType.SHORT_TEXT, most=str(LONGEST_SHORT), of_other=True)
    return made


def _ends(least: int, most: int) -> dict[str, str]:
    return {name: str(end) for name, end in (("least", least), ("most", most)) if end}


def _yes_no(copying: Copying, question: Any) -> Made:
    made = Made(is_same=True)
    made.add(FieldType.YES_NO)
    if (question.yes.ja, question.no.ja) != ("はい", "いいえ"):
        made.help.append(f"はい＝{question.yes.ja}、いいえ＝{question.no.ja}")
        made.notes.append(f"答えの言葉は「はい」「いいえ」になります（{made.help[0]}と説明に書きます）。")
    return made


def _name(copying: Copying, question: Any) -> Made:
    made = Made(notes=["姓と名を、一つの項目に書きます。"])
    made.add(FieldType.SHORT_TEXT)
    if question.with_kana:
        made.notes.append("フリガナは別の項目にします。カタカナかは確かめません。")
        made.add(FieldType.SHORT_TEXT, of_kana=True)
    return made


def _address(copying: Copying, question: Any) -> Made:
    made = Made(notes=["郵便番号から住所を入れることはできません。郵便番号、町名、番地、建物を一つの項目に書きます。"])
    made.add(FieldType.ADDRESS)
    return made


def _phone(copying: Copying, question: Any) -> Made:
    made = Made(is_same=True)
    made.add(FieldType.PHONE)
    return made


def _mail(copying: Copying, question: Any) -> Made:
    made = Made(is_same=True)
    made.add(FieldType.MAIL)
    return made


def _corporate_number(copying: Copying, question: Any) -> Made:
    made = Made(notes=["13けたかだけを確かめます。検査数字は確かめません。"], is_same=True)
    made.help.append("法人番号（13けた）")
    made.add(FieldType.SHORT_TEXT, least="13", most="13")
    return made


def _bank_account(copying: Copying, question: Any) -> Made:
    return Made(notes=["口座は、封印して預かる様式だけで受け取ります。アプリの項目は封印しないため、作りません。"])


def _place(copying: Copying, question: Any) -> Made:
    made = Made(notes=["場所は言葉だけを書きます。地図の点（緯度・経度）は写しません。"])
    made.add(FieldType.SHORT_TEXT, most=str(LONGEST_SHORT))
    return made


def _files(copying: Copying, question: Any) -> Made:
    made = Made()
    is_photos = set(question.kinds) == {"image"}
    ends = _ends(question.least if question.least > 1 else 0, question.most if question.most < MOST_FILES else 0)
    made.add(FieldType.PHOTOS if is_photos else FieldType.FILES, **ends)
    if not is_photos and set(question.kinds) != _ALL_KINDS:
        kinds = "・".join(_FILE_WORDS[one] for one in question.kinds)
        made.help.append(f"{kinds}を付けます。")
        made.notes.append(f"ファイルの種類を{kinds}に限ることはしません（説明に書きます）。")
    if question.camera and not is_photos:
        made.notes.append("カメラを先に出すことはしません。")
    return made


def _consent(copying: Copying, question: Any) -> Made:
    made = Made(notes=["同意は「はい・いいえ」になります。同意する文は説明に入れます。"], is_same=True)
    made.help.append(question.statement.ja)
    made.add(FieldType.YES_NO)
    return made


def _signature(copying: Copying, question: Any) -> Made:
    made = Made(notes=["署名の欄は、氏名を書く項目になります。署名する文は説明に入れます。"])
    made.help.append(question.statement.ja)
    made.add(FieldType.SHORT_TEXT)
    return made


def _text_block(copying: Copying, question: Any) -> Made:
    made = Made()
    made.help.append(question.body.ja)
    made.add(FieldType.HEADING)
    return made


def _computed(copying: Copying, question: Any) -> Made:
    rule = copying.rule(question.value)
    if rule is not None and not asks_for_today(rule):
        made = Made(is_same=True)
        made.add(FieldType.COMPUTED, rule=rule, gives=question.gives, in_list=question.is_shown)
        if not question.is_shown:
            made.notes.append("様式では条件のためだけの値です。アプリでは記録の画面に出ます。")
        return made
    why = "今日の日付を使うため" if asks_for_today(question.value) else "アプリでは同じ形で持たない答えを使うため"
    said = copying.in_words(question.value, as_value=True)
    if not question.is_shown:
        return Made(notes=[f"条件のためだけの計算（{said}）です。{why}、写しません。"])
    made = Made(notes=[f"計算（{said}）は、{why}写せません。職員が書く項目にします（任意）。"])
    made.help.append(f"様式での計算：{said}")
    made.add(_WRITTEN[question.gives], **({"decimals": 6} if question.gives == "number" else {}))
    return made


_WRITTEN = {
    "text": FieldType.SHORT_TEXT,
    "number": FieldType.NUMBER,
    "yen": FieldType.YEN,
    "date": FieldType.DATE,
    "yes_no": FieldType.YES_NO,
}


def _fee(copying: Copying, question: Any) -> Made:
    rule = copying.rule(question.value)
    if rule is not None and not asks_for_today(rule):
        made = Made(notes=["手数料は計算の項目になります。納付の手続きは写しません。"], is_same=True)
        made.add(FieldType.COMPUTED, rule=rule, gives="yen")
        return made
    said = copying.in_words(question.value, as_value=True)
    made = Made(
        notes=[f"手数料の計算（{said}）は写せません。職員が書く項目にします（任意）。納付の手続きも写しません。"]
    )
    made.help.append(f"様式での計算：{said}")
    made.add(FieldType.YEN, least="0")
    return made


def _group(copying: Copying, question: Any) -> Made:
    inner = [one for one in question.questions if one.type not in ("text_block", "bank_account")]
    asked = "、".join(one.label.ja for one in inner)
    made = Made(
        notes=[
            f"繰り返し（{asked}）は写せません。一件ごとに書く「長い文章」にします。一件ずつの記録にするときは、別のアプリを"
            "作り、「ほかのアプリの記録」でつなぎます。"
        ]
    )
    if any(one.type == "bank_account" for one in question.questions):
        made.notes.append("繰り返しの中の口座は、封印して預かる様式だけで受け取ります。")
    if any(one.type == "files" for one in question.questions):
        made.notes.append(
            "繰り返しの中のファイルは、受け取る項目がありません。要るときは「ファイル」の項目を加えてください。"
        )
    made.help.append(f"一件ごとに：{asked}（{question.least}件以上、{question.most}件まで）")
    made.add(FieldType.LONG_TEXT)
    return made


KINDS: dict[str, tuple[str, Making]] = {
    "short_text": ("一行の文字", _short_text),
    "long_text": ("長い文章", _long_text),
    "number": ("数", _number),
    "yen": ("金額", _yen),
    "date": ("日付", _date),
    "time": ("時刻", _time),
    "choice": ("一つを選ぶ", _chosen),
    "choices": ("いくつでも選ぶ", _chosen),
    "yes_no": ("はい・いいえ", _yes_no),
    "name": ("氏名とフリガナ", _name),
    "address": ("郵便番号と住所", _address),
    "phone": ("電話番号", _phone),
    "mail": ("メールアドレス", _mail),
    "corporate_number": ("法人番号", _corporate_number),
    "bank_account": ("振込先の口座", _bank_account),
    "place": ("場所", _place),
    "files": ("添付ファイル", _files),
    "consent": ("同意", _consent),
    "signature": ("署名", _signature),
    "text_block": ("説明文", _text_block),
    "computed": ("計算", _computed),
    "fee": ("手数料", _fee),
    "group": ("繰り返し", _group),
}
"""Every kind of question: what people call it, and what makes fields of it."""
NOT_ANSWERED = frozenset({"text_block", "computed", "fee"})
