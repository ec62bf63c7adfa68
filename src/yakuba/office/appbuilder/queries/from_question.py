"""What becomes of one question of a form in an app: fields, and in words whatever is not the same there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from yakuba.kernel.expressions.api import Named, ValueType, check, in_words, references
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.rules.check import asks_for_today
from yakuba.office.appbuilder.rules.definition import MOST_CHOICES, RESERVED, AppField, FieldClass, FieldType
from yakuba.office.appbuilder.rules.limits import TODAY, is_limit
from yakuba.office.appbuilder.rules.values import LONGEST_LONG, LONGEST_SHORT, MOST_CHOSEN, MOST_FILES

LONGEST_LABEL, LONGEST_HELP, LONGEST_CHOICE, LONGEST_UNIT = 60, 300, 100, 10
OTHER = "other"
_LISTED = 6
_NOT_LISTED = (FieldType.LONG_TEXT, FieldType.ADDRESS, FieldType.FILES, FieldType.PHOTOS)
_MY_NUMBER = re.compile(r"個人番号|マイナンバー(?!カード)")
_ALL_KINDS = {"image", "pdf", "word", "excel"}
_FILE_WORDS = {"image": "画像", "pdf": "PDF", "word": "Word", "excel": "Excel"}
_CHARACTERS = {"digits": "数字だけ", "alphanumeric": "英数字だけ"}
_MOST_YEN = 999_999_999_999
PERSONAL = frozenset({"name", "address", "phone", "mail", "signature", "bank_account"})
"""The kinds whose answers say who somebody is: with one of them every answer of the form is about that person."""


@dataclass
class Copying:
    """What is known while a form is read from its first question to its last."""

    names: Mapping[str, Named]
    """What the form calls its answers, for conditions in words."""
    is_personal: bool
    taken: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)
    same: dict[str, AppField] = field(default_factory=dict)
    """Answers that an app holds as the form does, by their name in the form: rules may go on reading them."""
    listed: int = 0

    def key(self, wanted: str) -> str:
        """A key for a field, the one of the form wherever an app takes it."""
        base = re.sub(r"_+", "_", wanted).strip("_")[:36]
        base = f"{base}_1" if base in RESERVED else base
        key, number = base, 1
        while key in self.taken:
            number += 1
            key = f"{base}_{number}"
        self.taken.add(key)
        return key

    def label(self, wanted: str, step: str) -> str:
        """A label no other field has; brackets are those that formulas leave alone."""
        tidy = " ".join(wanted.replace("「", "『").replace("」", "』").split())
        label, number = tidy[:LONGEST_LABEL], 1
        if label in self.labels and step:
            label = f"{tidy[:40]}（{step[:18]}）"
        while label in self.labels:
            number += 1
            label = f"{tidy[: LONGEST_LABEL - 5]}（{number}）"
        self.labels.add(label)
        return label

    def rule(self, rule: Any) -> Any:
        """A rule of the form as one of the app; None where it reads what an app does not hold in the same way."""
        try:
            reads = references(rule)
        except Refusal:
            return None
        if not reads <= self.same.keys():
            return None
        renamed = _renamed(rule, {name: one.key for name, one in self.same.items()})
        names: dict[str, ValueType] = {one.key: one.value_type for one in self.same.values()}
        return None if check(renamed, names=names) else renamed

    def in_words(self, rule: Any, *, as_value: bool = False) -> str:
        """A rule of the form as people read it."""
        try:
            return in_words(rule, names=self.names, as_value=as_value)
        except Refusal:
            return "決まった条件"

    def class_of(self, question: Any, rule: Any = None) -> FieldClass:
        """What a field holds about people: what the form says, and of a computed one what it is computed from."""
        if question.is_sensitive or any(one.is_sensitive for one in getattr(question, "questions", ())):
            return FieldClass.SENSITIVE
        reads = [one for name in (references(rule) if rule is not None else ()) if (one := self.same.get(name))]
        if any(one.data_class is FieldClass.SENSITIVE for one in reads):
            return FieldClass.SENSITIVE
        return FieldClass.PERSONAL if self.is_personal else FieldClass.OPEN


@dataclass
class Made:
    """Fields as they are being made, and what is said of them; without fields the question is not carried over."""

    fields: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    help: list[str] = field(default_factory=list)
    is_same: bool = False
    """Whether rules may go on reading the first field by the name of the question."""

    def add(self, kind: FieldType, **more: Any) -> None:
        self.fields.append({"type": kind, **more})


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


def fields_of(
    copying: Copying, question: Any, *, step: str, needs: Needs
) -> tuple[tuple[AppField, ...], tuple[str, ...]]:
    """The fields of one question and everything to be said about it."""
    made = KINDS[question.type][1](copying, question)
    made.notes += _beside(copying, question)
    made_of: list[AppField] = []
    for given in made.fields:
        made_of.append(_field(copying, question, given, before=made_of, made=made, step=step, needs=needs))
    if made_of and made.is_same:
        copying.same[question.key] = made_of[0]
        if len(made_of) > 1:
            copying.same[f"{question.key}_{OTHER}"] = made_of[1]
    return tuple(made_of), tuple(made.notes)


@dataclass(frozen=True)
class Needs:
    """Whether a question must be answered: `always`, or under `rules`, all of which hold; `when` says so in words."""

    always: bool
    rules: tuple[Any, ...] = ()
    may_be_skipped: bool = False


def _field(
    copying: Copying,
    question: Any,
    given: dict[str, Any],
    *,
    before: list[AppField],
    made: Made,
    step: str,
    needs: Needs,
) -> AppField:
    kind: FieldType = given["type"]
    of_other, of_kana = given.pop("of_other", False), given.pop("of_kana", False)
    tail = "のその他の内容" if of_other else "のフリガナ" if of_kana else ""
    words = " ".join(question.label.ja.split())
    wanted = f"{words[: LONGEST_LABEL - len(tail)]}{tail}"
    said: dict[str, Any] = {
        "key": copying.key(f"{question.key}{'_other' if of_other else '_kana' if of_kana else ''}"),
        "label": wanted[:LONGEST_LABEL] if kind is FieldType.HEADING else copying.label(wanted, step),
        "help": "" if before else _help(question, made, is_cut=len(words) > LONGEST_LABEL),
        "data_class": FieldClass.OPEN if kind is FieldType.HEADING else copying.class_of(question, given.get("rule")),
    }
    if kind.is_stored:
        is_listed = given.get("in_list", True) and kind not in _NOT_LISTED and copying.listed < _LISTED
        copying.listed += is_listed
        said |= {
            "in_list": is_listed,
            "filterable": kind.may_filter and (is_listed or kind.has_choices or kind is FieldType.YES_NO),
            "sortable": kind.may_sort and is_listed,
        }
    if question.type not in NOT_ANSWERED:
        if of_other:
            holds = "contains" if question.type == "choices" else "=="
            said["needed_when"] = {holds: [{"var": before[0].key}, OTHER]}
        else:
            said |= _needed(copying, needs, made, first=not before)
    return AppField.model_validate({**given, **said})


def _needed(copying: Copying, needs: Needs, made: Made, *, first: bool) -> dict[str, Any]:
    """Whether the field must be filled: always, under a condition that carries over, or never, which is then said."""
    if not needs.always:
        if needs.rules and first:
            when = "、".join(copying.in_words(one) for one in needs.rules)
            made.notes.append(f"様式では{when}だけ聞きます。アプリではいつも出します。")
        return {}
    if needs.may_be_skipped:
        if first:
            made.notes.append("画面の進み方によっては聞かない質問です。アプリではいつも出し、任意にします。")
        return {}
    if not needs.rules:
        return {"required": True}
    carried = [copying.rule(one) for one in needs.rules]
    when = "、".join(copying.in_words(one) for one in needs.rules)
    if any(one is None for one in carried):
        if first:
            made.notes.append(f"様式では{when}に必要です。この条件は写せないため、いつも出し、任意にします。")
        return {}
    if first:
        made.notes.append(f"いつも出します。{when}は必須です（条件を写します）。")
    return {"needed_when": carried[0] if len(carried) == 1 else {"and": carried}}


def _beside(copying: Copying, question: Any) -> Iterator[str]:
    for one in question.checks:
        yield f"入力の確認「{one.message.ja}」は写しません。"
    if question.prefill == "today":
        yield "最初の値（今日の日付）は入りません。"
    if _MY_NUMBER.search(question.label.ja):
        yield "個人番号（マイナンバー）は、アプリのどの項目にも入れられません。"
    if question.type in NOT_ANSWERED and question.when is not None:
        yield f"様式では{copying.in_words(question.when)}だけ出ます。アプリではいつも出します。"


def _help(question: Any, made: Made, *, is_cut: bool) -> str:
    parts = [" ".join(question.label.ja.split())] if is_cut else []
    if is_cut:
        made.notes.append(f"名前が長いため、{LONGEST_LABEL}文字までにします。元の名前は説明に入れます。")
    parts += [question.help.ja] if question.help else []
    parts += [f"お聞きする理由：{question.why.ja}"] if question.why else []
    whole = "　".join((*parts, *made.help)).strip()
    if len(whole) > LONGEST_HELP:
        made.notes.append(
            f"説明が{LONGEST_HELP}文字を超えるため、終わりの「…{whole[LONGEST_HELP - 1 :][:60]}」からを除きます。"
        )
        return whole[: LONGEST_HELP - 1] + "…"
    return whole


def _renamed(rule: Any, keys: Mapping[str, str]) -> Any:
    """A rule with the names it reads written as the keys of the app."""
    if isinstance(rule, list):
        return [_renamed(one, keys) for one in rule]
    if not isinstance(rule, dict):
        return rule
    if set(rule) == {"var"}:
        name = rule["var"]
        if isinstance(name, list):
            return {"var": [keys.get(name[0], name[0]), *name[1:]]} if name else rule
        return {"var": keys.get(name, name)}
    return {operator: _renamed(operands, keys) for operator, operands in rule.items()}
