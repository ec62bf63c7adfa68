"""Values of fields: from what people type to what is stored, and back; how a value stands in the typed table."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from yakuba.kernel.expressions.api import RuleFault, evaluate
from yakuba.kernel.japan.api import era_date, find_my_numbers, format_phone, parse_date
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.rules.definition import AppField, ComputedAs, FieldType
from yakuba.office.appbuilder.rules.limits import beyond

LONGEST_SHORT, LONGEST_LONG, MOST_CHOSEN, MOST_FILES = 200, 5000, 50, 20
_NUMBER = re.compile(r"[+-]?[0-9]{1,13}(?:\.[0-9]{1,6})?")
_STORED_NUMBER = re.compile(r"-?[0-9]{1,13}(?:\.[0-9]{1,6})?")
_TIME = re.compile(r"(?P<noon>午前|午後)?(?P<hour>[0-9]{1,2})(?:[:時](?P<minute>[0-9]{1,2})?分?|(?P<half>時半))")
_STORED_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_MAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]{1,63})+"
)
_ID = re.compile(r"[0-9a-z]{16}")
_YES = frozenset(
    ("○", "〇", "◯", "◎", "✓", "✔", "☑", "はい", "有", "有り", "あり", "可", "済", "1", "true", "yes", "y")
)
_NO = frozenset(
    ("×", "✕", "✗", "x", "☐", "いいえ", "無", "無し", "なし", "否", "不可", "未", "0", "false", "no", "n", "-")
)


@dataclass(frozen=True)
class Names:
    """What stored ids are called: staff, sections and files by public id, looked-up records by field key and public id."""

    staff: Mapping[str, str] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)
    records: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    _called: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def of(self, one: AppField) -> Mapping[str, str]:
        """The names a field chooses from."""
        if one.type is FieldType.PERSON:
            return self.staff
        if one.type is FieldType.SECTION:
            return self.sections
        return self.records.get(one.key, {})

    def called(self, one: AppField, text: str) -> list[str]:
        """The ids of those called exactly so; else of those called so but for spaces and the number behind."""
        if one.key not in self._called:
            exactly: dict[str, list[str]] = {}
            roughly: dict[str, list[str]] = {}
            for public_id, label in self.of(one).items():
                exactly.setdefault(label, []).append(public_id)
                roughly.setdefault(_bare(label).partition("(")[0], []).append(public_id)
            self._called[one.key] = (exactly, roughly)
        exactly, roughly = self._called[one.key]
        return exactly.get(text) or roughly.get(_bare(text), [])


def _bare(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


NO_NAMES = Names()
A_FILE = "（ファイル）"
UNSEEN = "（表示できません）"
"""Stands for a person, section or record that is gone or that the reader may not see."""

_NAMED = (FieldType.PERSON, FieldType.SECTION, FieldType.LOOKUP)
_TEXTS = (FieldType.SHORT_TEXT, FieldType.LONG_TEXT, FieldType.ADDRESS)


def narrow(text: str) -> str:
    """Digits, letters and signs in half width, without spaces around."""
    return unicodedata.normalize("NFKC", text).strip()


def from_text(one: AppField, text: str, names: Names = NO_NAMES) -> Any:
    """The value of what somebody typed, or a sheet holds; None for nothing. Raises `Refusal`.

    Choices, people, sections and records are understood by key or id and by their exact name.
    """
    if not text.strip():
        return None
    if find_my_numbers(text):
        raise Refusal(
            "個人番号（マイナンバー）とみられる12けたの番号が入っています。",
            field=one.key,
            hint="番号を消してください。別の番号のときは、終わりの4けただけを書いてください。",
        )
    try:
        value = _read(one, text.strip(), names)
    except Refusal as refusal:
        raise Refusal(refusal.message, field=one.key, hint=refusal.hint) from None
    if fault := beyond(one, value):
        raise Refusal(fault, field=one.key)
    return value


def _read(one: AppField, text: str, names: Names) -> Any:
    kind = one.type
    if kind in _TEXTS:
        return _text(one, text)
    if kind in _READERS:
        return _READERS[kind](one, text)
    if kind in _NAMED:
        return _named(one, text, names)
    if kind.holds_files:
        raise Refusal(f"「{one.label}」は、表からは入れられません。", hint="記録の画面で、ファイルを選んでください。")
    raise Refusal(f"「{one.label}」は入力する項目ではありません。", hint="この列を外してください。")


def _yen(one: AppField, text: str) -> int | str:
    return _number(one, narrow(text).removesuffix("円").removeprefix("¥").removeprefix("\\"))


def _chosen(one: AppField, text: str) -> list[str]:
    parts = [part.strip() for part in re.split(r"[、,;；\n]", text) if part.strip()]
    if len(parts) > MOST_CHOSEN:
        raise Refusal(f"選べるのは{MOST_CHOSEN}個までです。", hint="減らしてください。")
    return sorted({_choice(one, part) for part in parts})


def _mail(one: AppField, text: str) -> str:
    tidy = narrow(text)
    if len(tidy) > LONGEST_SHORT or not _MAIL.fullmatch(tidy):
        raise Refusal(
            f"「{_short(text)}」はメールアドレスとして読めません。", hint="name@example.jp のように入力してください。"
        )
    return tidy


def _text(one: AppField, text: str) -> str:
    tidy = "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))
    most = LONGEST_SHORT if one.type is FieldType.SHORT_TEXT else LONGEST_LONG
    if one.type is FieldType.SHORT_TEXT:
        tidy = " ".join(tidy.split("\n")).replace("\t", " ")
    if len(tidy) > most:
        raise Refusal(
            f"{len(tidy)}文字あります。{most}文字までです。", hint="短くするか、「長い文章」の項目に変えてください。"
        )
    return tidy


def _number(one: AppField, text: str) -> int | str:
    tidy = re.sub(r"^[△▲−‐–]", "-", narrow(text).replace(" ", ""))
    if one.unit:
        tidy = tidy.removesuffix(narrow(one.unit))
    if re.fullmatch(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", tidy):
        tidy = tidy.replace(",", "")
    if not _NUMBER.fullmatch(tidy):
        raise Refusal(f"「{_short(text)}」は数として読めません。", hint="数字だけを入力してください（例：1200）。")
    number = Decimal(tidy)
    if number == number.to_integral_value():
        return int(number) if not one.decimals else f"{int(number)}"
    exponent = number.normalize().as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    if places > one.decimals:
        word = f"小数は{one.decimals}けたまでです。" if one.decimals else "整数で入力してください。"
        raise Refusal(f"「{_short(text)}」は小数のけたが多すぎます。", hint=word)
    return f"{number.normalize():f}"


def _time(text: str) -> str:
    found = _TIME.fullmatch(narrow(text).replace(" ", ""))
    if found:
        hour = int(found["hour"]) + (12 if found["noon"] == "午後" and int(found["hour"]) < 12 else 0)
        minute = int(found["minute"] or (30 if found["half"] else 0))
        if hour < 24 and minute < 60:
            return f"{hour:02}:{minute:02}"
    raise Refusal(f"「{_short(text)}」は時刻として読めません。", hint="9:30、午後2時半 のように入力してください。")


def _truth(text: str) -> bool:
    tidy = unicodedata.normalize("NFKC", text).strip().casefold()
    if tidy in _YES:
        return True
    if tidy in _NO:
        return False
    raise Refusal(f"「{_short(text)}」は、はい・いいえとして読めません。", hint="「○」か「×」を入力してください。")


def _choice(one: AppField, text: str) -> str:
    for choice in one.choices:
        if text in (choice.key, choice.label):
            return choice.key
    tidy = narrow(text).casefold()
    for choice in one.choices:
        if narrow(choice.label).casefold() == tidy:
            return choice.key
    offered = "、".join(choice.label for choice in one.choices if choice.is_used)
    raise Refusal(f"「{_short(text)}」は選択肢にありません。", hint=f"選べるのは {_short(offered, 120)} です。")


_READERS: dict[FieldType, Callable[[AppField, str], Any]] = {
    FieldType.NUMBER: _number,
    FieldType.YEN: _yen,
    FieldType.DATE: lambda one, text: parse_date(text[:60]).isoformat(),
    FieldType.TIME: lambda one, text: _time(text),
    FieldType.YES_NO: lambda one, text: _truth(text),
    FieldType.CHOICE: _choice,
    FieldType.STATUS: _choice,
    FieldType.CHOICES: _chosen,
    FieldType.PHONE: lambda one, text: format_phone(text[:60]),
    FieldType.MAIL: _mail,
}


def _named(one: AppField, text: str, names: Names) -> str:
    if text in names.of(one):
        return text
    found = names.called(one, text)
    if len(found) == 1:
        return found[0]
    if found:
        raise Refusal(f"「{_short(text)}」に当てはまるものが{len(found)}件あります。", hint="番号まで書いてください。")
    raise Refusal(f"「{_short(text)}」が見つかりません。", hint=f"「{one.type.label}」の正しい名前を入力してください。")


def is_shaped(one: AppField, value: Any) -> bool:
    """Whether a JSON value is one this field may hold."""
    kind = one.type
    if kind in (*_TEXTS, FieldType.PHONE, FieldType.MAIL):
        most = LONGEST_LONG if kind in (FieldType.LONG_TEXT, FieldType.ADDRESS) else LONGEST_SHORT
        return isinstance(value, str) and 0 < len(value) <= most
    if kind is FieldType.NUMBER and one.decimals:
        return isinstance(value, str) and _STORED_NUMBER.fullmatch(value) is not None
    if kind in (FieldType.NUMBER, FieldType.YEN, FieldType.AUTO_NUMBER):
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**13
    if kind is FieldType.DATE:
        return _is_day(value)
    if kind is FieldType.TIME:
        return isinstance(value, str) and _STORED_TIME.fullmatch(value) is not None
    if kind is FieldType.YES_NO:
        return isinstance(value, bool)
    if kind in (FieldType.CHOICE, FieldType.STATUS):
        return isinstance(value, str) and any(choice.key == value for choice in one.choices)
    if kind is FieldType.CHOICES:
        keys = {choice.key for choice in one.choices}
        return isinstance(value, list) and 0 < len(value) <= MOST_CHOSEN and all(part in keys for part in value)
    if kind in _NAMED:
        return is_id(value)
    if kind.holds_files:
        is_list = isinstance(value, list) and 0 < len(value) <= MOST_FILES
        return is_list and all(map(is_id, value)) and len(set(value)) == len(value)
    if kind is FieldType.COMPUTED:
        return _is_result(one, value)
    return False


def is_id(value: Any) -> bool:
    """Whether a value has the form of a public id."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_result(one: AppField, value: Any) -> bool:
    match one.gives:
        case ComputedAs.TEXT:
            return isinstance(value, str) and 0 < len(value) <= LONGEST_SHORT
        case ComputedAs.NUMBER:
            return isinstance(value, str) and _STORED_NUMBER.fullmatch(value) is not None
        case ComputedAs.YEN:
            return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**13
        case ComputedAs.DATE:
            return _is_day(value)
        case ComputedAs.YES_NO:
            return isinstance(value, bool)


def computed(one: AppField, values: Mapping[str, Any], fields: Mapping[str, AppField], today: date) -> Any:
    """The value of a computed field for a record; None where it gives nothing of its kind."""
    known = {key: for_rules(other, values.get(key)) for key, other in fields.items()}
    try:
        result = evaluate(one.rule, known, today=today)
    except RuleFault:
        return None
    match one.gives:
        case ComputedAs.YES_NO:
            return result if isinstance(result, bool) else None
        case ComputedAs.TEXT:
            return result[:LONGEST_SHORT] or None if isinstance(result, str) else None
        case ComputedAs.DATE:
            return result if _is_day(result) else None
    if isinstance(result, bool) or not isinstance(result, int | Decimal):
        return None
    number = Decimal(result)
    if abs(number) >= 10**13:
        return None
    if one.gives is ComputedAs.YEN:
        return int(number) if number == int(number) else None
    written = f"{round(number, 6).normalize():f}"
    return written if _STORED_NUMBER.fullmatch(written) else None


def for_rules(one: AppField, value: Any) -> Any:
    """The value as expressions read it: numbers exact."""
    is_number = one.type is FieldType.NUMBER or (one.type is FieldType.COMPUTED and one.gives is ComputedAs.NUMBER)
    return Decimal(value) if is_number and isinstance(value, str) else value


def in_words(one: AppField, value: Any, names: Names = NO_NAMES) -> str:
    """The value as a page shows it; "" for nothing."""
    if value is None or value == []:
        return ""
    kind = one.type
    if kind in (FieldType.NUMBER, FieldType.YEN) or (kind in _RESULTS and one.gives in _AMOUNTS):
        unit = "円" if kind is FieldType.YEN or (kind in _RESULTS and one.gives is ComputedAs.YEN) else one.unit
        return f"{Decimal(value):,f}{unit}"
    if kind is FieldType.YES_NO or isinstance(value, bool):
        return "はい" if value else "いいえ"
    if kind is FieldType.AUTO_NUMBER:
        return f"{one.prefix}{value}"
    if kind in (FieldType.CHOICE, FieldType.STATUS):
        return one.choice_label(value)
    if kind is FieldType.CHOICES:
        return "、".join(one.choice_label(part) for part in value)
    if kind in _NAMED:
        return names.of(one).get(value, UNSEEN)
    if kind.holds_files and isinstance(value, list):
        return "、".join(names.files.get(part, A_FILE) for part in value)
    return str(value)


def as_read(one: AppField, value: Any, names: Names = NO_NAMES) -> str:
    """The value as a person reads it on a page: days with their era, everything else as `in_words`."""
    if value is not None and column_of(one) == "day":
        day = date.fromisoformat(value)
        try:
            return era_date(day, weekday=True)
        except Refusal:
            return f"{day.year}年{day.month}月{day.day}日"
    return in_words(one, value, names)


_RESULTS = (FieldType.COMPUTED, FieldType.ROLLUP)
_AMOUNTS = (ComputedAs.NUMBER, ComputedAs.YEN)


def for_sheet(one: AppField, value: Any, names: Names = NO_NAMES) -> str | int | Decimal | date | None:
    """The value as a spreadsheet stores it."""
    if value is None:
        return None
    kind = one.type
    if kind in (FieldType.YEN, FieldType.NUMBER) or (kind in _RESULTS and one.gives in _AMOUNTS):
        number = Decimal(value)
        return int(number) if number == int(number) else number
    if kind is FieldType.DATE or (kind in _RESULTS and one.gives is ComputedAs.DATE):
        return date.fromisoformat(value)
    return in_words(one, value, names)


@dataclass(frozen=True, slots=True)
class CellValue:
    """What the typed table holds of a value; one of the three is given."""

    text: str | None = None
    num: Decimal | None = None
    day: date | None = None

    @property
    def written(self) -> str:
        """The value as one text; equal values give equal texts."""
        if self.num is not None:
            return f"{self.num.normalize():f}"
        return self.day.isoformat() if self.day else str(self.text)


def cells_of(one: AppField, value: Any) -> tuple[CellValue, ...]:
    """The cells of a value: none for nothing, one for most, one each for several choices."""
    if value is None or not one.has_cell:
        return ()
    kind = one.type
    if isinstance(value, bool):
        return (CellValue(num=Decimal(int(value))),)
    if kind is FieldType.CHOICES:
        return tuple(CellValue(text=part) for part in value)
    if kind in (FieldType.NUMBER, FieldType.YEN, FieldType.AUTO_NUMBER):
        return (CellValue(num=Decimal(value)),)
    if kind is FieldType.COMPUTED and one.gives in _AMOUNTS:
        return (CellValue(num=Decimal(value)),)
    if kind is FieldType.DATE or (kind is FieldType.COMPUTED and one.gives is ComputedAs.DATE):
        return (CellValue(day=date.fromisoformat(value)),)
    return (CellValue(text=value),)


def column_of(one: AppField) -> str:
    """The column of the typed table this field uses: `text`, `num` or `day`."""
    kind = one.type
    if kind in (FieldType.NUMBER, FieldType.YEN, FieldType.AUTO_NUMBER, FieldType.YES_NO):
        return "num"
    if kind in _RESULTS:
        by = {ComputedAs.TEXT: "text", ComputedAs.DATE: "day"}
        return by.get(one.gives, "num")
    return "day" if kind is FieldType.DATE else "text"


def converted(before: AppField, after: AppField, value: Any, names: Names = NO_NAMES) -> Any:
    """A stored value under a new type of its field. Raises `Refusal` when it is none there."""
    is_elsewhere = before.type is FieldType.LOOKUP and (after.type is not before.type or after.app != before.app)
    if value is None or (before.type is after.type and not is_elsewhere and is_shaped(after, value)):
        return value
    if before.type.holds_files or after.type.holds_files:
        if before.type is FieldType.PHOTOS and after.type is FieldType.FILES:
            return value
        raise Refusal(f"「{before.label}」の値を移せません。")
    if before.type in _NAMED and (value not in names.of(before) or after.type is FieldType.LOOKUP):
        raise Refusal(f"「{before.label}」の値を移せません。")
    if after.type in (FieldType.AUTO_NUMBER, *_RESULTS):
        return None
    words = in_words(before, value, names)
    if before.type in (FieldType.CHOICE, FieldType.STATUS) and after.type.has_choices:
        words = value if any(choice.key == value for choice in after.choices) else words
    elif before.type is FieldType.CHOICES and after.type.has_choices:
        words = "、".join(value) if set(value) <= {choice.key for choice in after.choices} else words
        if after.type is not FieldType.CHOICES and len(value) > 1:
            raise Refusal(f"「{_short(words)}」は一つに決められません。")
    return from_text(after, words, names)


def _short(text: str, longest: int = 30) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= longest else flat[:longest] + "…"
