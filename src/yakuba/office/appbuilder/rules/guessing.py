"""What a column of a sheet may be, judged by what stands in it (種類の見立て)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.rules.definition import AppChoice, AppField, FieldType
from yakuba.office.appbuilder.rules.values import NO_NAMES, Names, from_text, narrow

MOST_LOOKED_AT = 2000
_WITH_UNIT = re.compile(r"[△▲+-]?[0-9][0-9,]*(?:\.[0-9]+)?([^\W0-9_]{1,4}|%)")
_NO_UNITS = frozenset(
    [
        "円",
        "番",
        "号",
        "階",
        "条",
        "項",
        "年",
        "月",
        "日",
        "時",
        "分",
        "年度",
        "月分",
        "丁目",
        "番地",
        "班",
        "区",
        "級",
        "位",
    ]
)
_NUMBER_LABEL = re.compile(r"(番号|コード|No\.?|ＮＯ|品番|型番|ID)$", re.I)
_YEN_LABEL = re.compile(r"(金額|価格|単価|料金|費用|円|予算|代金|税額|総額|合計額)")
_ADDRESS_LABEL = re.compile(r"(住所|所在地|場所|番地)")
_STATUS_LABEL = re.compile(r"(状態|状況|ステータス|進捗)")


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column may be: type, share of its filled cells that fit (0 to 1), examples, and the choices if any."""

    name: str
    type: FieldType
    fitting: float
    filled: int
    examples: tuple[str, ...]
    choices: tuple[str, ...] = ()
    decimals: int = 0
    required: bool = False
    unit: str = ""

    @property
    def confidence(self) -> str:
        """How sure the guess is, in a word."""
        if self.filled == 0:
            return "空の列"
        if self.fitting == 1 and self.filled >= 5:
            return "確か"
        return "たぶん" if self.fitting >= 0.9 else "確かめてください"


def guess_column(name: str, texts: Sequence[str], *, names: Names = NO_NAMES) -> Guess:
    """Look at the cells of one column, in the order of the sheet."""
    looked = [text.strip() for text in texts[:MOST_LOOKED_AT]]
    filled = [text for text in looked if text]
    distinct = list(dict.fromkeys(filled))
    examples = tuple(distinct[:3])
    required = bool(looked) and len(filled) == len(looked) and len(looked) >= 5
    if not filled:
        return Guess(name, FieldType.SHORT_TEXT, 1.0, 0, ())
    unit = _unit_of(filled)
    leading_zero = any(re.fullmatch(r"0\d+", narrow(text)) for text in filled)
    best = FieldType.SHORT_TEXT
    share = 1.0
    for kind in _TRIED:
        if kind is FieldType.NUMBER and (leading_zero or _NUMBER_LABEL.search(narrow(name))):
            continue
        if kind is FieldType.TIME and not any(re.search(r"[:：時]", text) for text in filled):
            continue
        if kind is FieldType.PHONE and not any("-" in narrow(text) or leading_zero for text in filled):
            continue
        if kind is FieldType.YES_NO and len(distinct) > 4:
            continue
        fits = _share(kind, filled, names, unit)
        if fits >= 0.8:
            best, share = kind, fits
            break
    if best is FieldType.NUMBER:
        is_yen = _YEN_LABEL.search(name) or all(narrow(text).endswith("円") for text in filled)
        decimals = max(_places(narrow(text).removesuffix(unit)) for text in filled)
        if is_yen and not decimals:
            best = FieldType.YEN
        return Guess(name, best, share, len(filled), examples, (), decimals, required, unit)
    if best is FieldType.SHORT_TEXT:
        return _text_guess(name, filled, distinct, examples, required)
    return Guess(name, best, share, len(filled), examples, (), 0, required)


_TRIED = (
    FieldType.YES_NO,
    FieldType.DATE,
    FieldType.TIME,
    FieldType.MAIL,
    FieldType.PHONE,
    FieldType.NUMBER,
    FieldType.PERSON,
    FieldType.SECTION,
)


def _text_guess(
    name: str, filled: Sequence[str], distinct: Sequence[str], examples: tuple[str, ...], required: bool
) -> Guess:
    if max(map(len, filled)) > 200 or any("\n" in text for text in filled):
        return Guess(name, FieldType.LONG_TEXT, 1.0, len(filled), examples, (), 0, required)
    is_short = all(len(text) <= 30 for text in distinct)
    if len(filled) >= 8 and 2 <= len(distinct) <= 12 and len(distinct) * 3 <= len(filled) and is_short:
        kind = FieldType.STATUS if _STATUS_LABEL.search(name) else FieldType.CHOICE
        return Guess(name, kind, 1.0, len(filled), examples, tuple(distinct), 0, required)
    kind = FieldType.ADDRESS if _ADDRESS_LABEL.search(name) and "メール" not in name else FieldType.SHORT_TEXT
    return Guess(name, kind, 1.0, len(filled), examples, (), 0, required)


def _unit_of(filled: Sequence[str]) -> str:
    """The word most numbers of a column end with (3台, 12名); "" for none, and for what makes no quantity (3階, 4月)."""
    found = Counter(match[1] for text in filled if (match := _WITH_UNIT.fullmatch(narrow(text).replace(" ", ""))))
    unit, count = found.most_common(1)[0] if found else ("", 0)
    return unit if count * 2 >= len(filled) and unit not in _NO_UNITS else ""


def _share(kind: FieldType, filled: Sequence[str], names: Names, unit: str = "") -> float:
    is_number = kind is FieldType.NUMBER
    one = AppField(key="guess", label="列", type=kind, decimals=6 if is_number else 0, unit=unit if is_number else "")
    if kind is FieldType.NUMBER:
        filled = [narrow(text).removesuffix("円").removeprefix("¥") for text in filled]
    return sum(1 for text in filled if _fits(lambda text=text: from_text(one, text, names))) / len(filled)  # type: ignore[misc]


def _fits(read: Callable[[], object]) -> bool:
    try:
        return read() is not None
    except Refusal:
        return False


def _places(text: str) -> int:
    found = re.search(r"\.(\d{1,6})$", narrow(text).removesuffix("円"))
    return len(found[1].rstrip("0")) if found else 0


def field_from(
    guess: Guess, *, key: str, kind: FieldType, label: str = "", required: bool = False, choices: Sequence[str] = ()
) -> AppField:
    """The field for a column once a person has confirmed its type. `choices` are all texts the column holds."""
    made: tuple[AppChoice, ...] = ()
    if kind.has_choices:
        made = tuple(AppChoice(key=f"c{number}", label=text[:100]) for number, text in enumerate(choices, start=1))
    return AppField(
        key=key,
        label=(label or guess.name)[:60],
        type=kind,
        required=required,
        choices=made,
        decimals=guess.decimals if kind is FieldType.NUMBER else 0,
        unit=guess.unit if kind is FieldType.NUMBER else "",
        filterable=kind.may_filter,
        sortable=kind.may_sort,
    )


def tidy_label(name: str) -> str:
    """A column's name without the spaces clerks put between the signs to fill a cell (品　名)."""
    return re.sub(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", "", name.strip())


def same_label(name: str) -> str:
    """What makes a column and a field the same: width, case and spaces do not count."""
    return "".join(narrow(name).split()).casefold()


def key_for(label: str, taken: set[str]) -> str:
    """A key for a label: its Latin letters where it has any, else `field_3`; never one that is taken."""
    plain = re.sub(r"[^a-z0-9]+", "_", unicodedata.normalize("NFKC", label).casefold()).strip("_")[:30]
    base = plain if re.fullmatch(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*", plain) else "field"
    number = 1
    key = base if base != "field" else "field_1"
    while key in taken:
        number += 1
        key = f"{base}_{number}"
    return key
