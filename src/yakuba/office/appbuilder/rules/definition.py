"""What an app is (アプリの定義): a title and a list of fields. JSON `yakuba-app/1`; a definition runs no code."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field, ValidationError

from yakuba.kernel.expressions.api import ValueType
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.rules.automations import MOST_AUTOMATIONS, Automation
from yakuba.office.appbuilder.rules.doors import MOST_DOORS, Door
from yakuba.office.appbuilder.rules.keeping import Care
from yakuba.office.appbuilder.rules.parts import Part
from yakuba.office.appbuilder.rules.process import Process
from yakuba.office.appbuilder.rules.views import MOST_VIEWS, AppView

FORMAT = "yakuba-app/1"
MOST_FIELDS, MOST_CHOICES, MOST_ALIKE = 200, 300, 5
LARGEST_DEFINITION = 1_000_000
KEY = r"^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$"
RESERVED = frozenset(
    {"today", "row", "current", "accumulator", "facts", "q", "sort", "page", "size", "export", "replace"}
)


class FieldType(StrEnum):
    """The type of a field, by the word a clerk chooses it by."""

    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    YEN = "yen"
    DATE = "date"
    TIME = "time"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    STATUS = "status"
    PERSON = "person"
    SECTION = "section"
    PHONE = "phone"
    MAIL = "mail"
    ADDRESS = "address"
    LOOKUP = "lookup"
    FILES = "files"
    PHOTOS = "photos"
    AUTO_NUMBER = "auto_number"
    COMPUTED = "computed"
    ROLLUP = "rollup"
    HEADING = "heading"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def is_stored(self) -> bool:
        """Whether records hold a value of it."""
        return self not in (FieldType.HEADING, FieldType.ROLLUP)

    @property
    def is_column(self) -> bool:
        """Whether lists and sheets show it: what is stored, and what is rolled up for whoever looks."""
        return self is not FieldType.HEADING

    @property
    def is_typed(self) -> bool:
        """Whether people give its value; the others are given by the system."""
        return self not in (FieldType.HEADING, FieldType.COMPUTED, FieldType.AUTO_NUMBER, FieldType.ROLLUP)

    @property
    def holds_files(self) -> bool:
        """Whether its value is a list of stored files; no sheet can bring these in."""
        return self in (FieldType.FILES, FieldType.PHOTOS)

    @property
    def is_in_sheets(self) -> bool:
        """Whether people write its value into the cells of a sheet."""
        return self.is_typed and not self.holds_files

    @property
    def has_choices(self) -> bool:
        return self in (FieldType.CHOICE, FieldType.CHOICES, FieldType.STATUS)

    @property
    def may_sort(self) -> bool:
        return self in _ONE_CELL

    @property
    def may_filter(self) -> bool:
        return self in _ONE_CELL or self in (FieldType.CHOICES, FieldType.PERSON, FieldType.SECTION, FieldType.LOOKUP)

    @property
    def may_be_unique(self) -> bool:
        return self in _UNIQUE


_LABELS = {
    FieldType.SHORT_TEXT: "一行の文字",
    FieldType.LONG_TEXT: "長い文章",
    FieldType.NUMBER: "数",
    FieldType.YEN: "金額（円）",
    FieldType.DATE: "日付",
    FieldType.TIME: "時刻",
    FieldType.YES_NO: "はい・いいえ",
    FieldType.CHOICE: "一つ選ぶ",
    FieldType.CHOICES: "いくつか選ぶ",
    FieldType.STATUS: "状態",
    FieldType.PERSON: "職員",
    FieldType.SECTION: "所属",
    FieldType.PHONE: "電話番号",
    FieldType.MAIL: "メール",
    FieldType.ADDRESS: "住所",
    FieldType.LOOKUP: "ほかのアプリの記録",
    FieldType.FILES: "ファイル",
    FieldType.PHOTOS: "写真",
    FieldType.AUTO_NUMBER: "自動の番号",
    FieldType.COMPUTED: "計算",
    FieldType.ROLLUP: "ほかのアプリの集計",
    FieldType.HEADING: "見出し",
}
_ONE_CELL = frozenset(
    {
        FieldType.SHORT_TEXT,
        FieldType.NUMBER,
        FieldType.YEN,
        FieldType.DATE,
        FieldType.TIME,
        FieldType.YES_NO,
        FieldType.CHOICE,
        FieldType.STATUS,
        FieldType.PHONE,
        FieldType.MAIL,
        FieldType.AUTO_NUMBER,
        FieldType.COMPUTED,
    }
)
_UNIQUE = frozenset(
    {
        FieldType.SHORT_TEXT,
        FieldType.NUMBER,
        FieldType.DATE,
        FieldType.PHONE,
        FieldType.MAIL,
        FieldType.PERSON,
        FieldType.SECTION,
        FieldType.LOOKUP,
    }
)


class ComputedAs(StrEnum):
    """What a computed field gives."""

    TEXT = "text"
    NUMBER = "number"
    YEN = "yen"
    DATE = "date"
    YES_NO = "yes_no"

    @property
    def label(self) -> str:
        return {"text": "文字", "number": "数", "yen": "金額（円）", "date": "日付", "yes_no": "はい・いいえ"}[
            self.value
        ]


class Summary(StrEnum):
    """How the records that lead to one are summed up."""

    COUNT = "count"
    SUM = "sum"
    MIN = "min"
    MAX = "max"
    AVG = "avg"

    @property
    def label(self) -> str:
        return {"count": "件数", "sum": "合計", "min": "最小", "max": "最大", "avg": "平均"}[self.value]


class FieldClass(StrEnum):
    """What a field holds about people (情報の区分), as the owner of the app declares it."""

    OPEN = "open"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"

    @property
    def label(self) -> str:
        return {"open": "個人情報でない", "personal": "個人情報", "sensitive": "要配慮個人情報"}[self.value]


class AppChoice(Part):
    """One value of a choice: the key is stored, the label is shown."""

    key: str = Field(min_length=1, max_length=60)
    label: str = Field(min_length=1, max_length=100)
    is_used: bool = True
    """No longer offered when false; old records keep it."""


class AppField(Part):
    """One field (項目). `rule` is an expression (`computed`), `app` the public id of the app a `lookup` leads to."""

    key: str = Field(pattern=KEY, max_length=40)
    label: str = Field(min_length=1, max_length=60)
    type: FieldType
    help: str = Field(default="", max_length=300)
    required: bool = False
    unique: bool = False
    in_list: bool = True
    filterable: bool = False
    sortable: bool = False
    needed_when: Any = None
    """A condition under which it must be filled, though it is not `required` (rules/limits.py)."""
    least: str = Field(default="", max_length=20)
    most: str = Field(default="", max_length=20)
    """Limits of a value when it is written (rules/limits.py)."""
    default: Any = None
    choices: tuple[AppChoice, ...] = Field(default=(), max_length=MOST_CHOICES)
    decimals: int = Field(default=0, ge=0, le=6)
    unit: str = Field(default="", max_length=10)
    prefix: str = Field(default="", max_length=10)
    rule: Any = None
    gives: ComputedAs = ComputedAs.NUMBER
    app: str = Field(default="", max_length=16)
    shows: str = Field(default="", max_length=40)
    """Lookup: the key of the field of the other app by which its records are called."""
    via: str = Field(default="", max_length=40)
    """Roll-up: the key of the lookup of the other app that leads to records of this one."""
    of: str = Field(default="", max_length=40)
    """Roll-up: the key of the field of the other app that is summed up; empty for a count."""
    how: Summary = Summary.COUNT
    data_class: FieldClass = FieldClass.OPEN

    @property
    def has_cell(self) -> bool:
        """Whether the typed table holds its values."""
        return self.type.is_stored and (self.filterable or self.sortable or self.unique)

    @property
    def value_type(self) -> ValueType:
        """What rules take it for."""
        return _VALUE_TYPES[self.type] if self.type is not FieldType.COMPUTED else ValueType(self.gives.value)

    def choice_label(self, key: str) -> str:
        """The label of a stored choice; the key itself for one that is gone."""
        return next((one.label for one in self.choices if one.key == key), key)


_VALUE_TYPES = {
    **dict.fromkeys(FieldType, ValueType.TEXT),
    FieldType.NUMBER: ValueType.NUMBER,
    FieldType.YEN: ValueType.YEN,
    FieldType.DATE: ValueType.DATE,
    FieldType.TIME: ValueType.TEXT,
    FieldType.YES_NO: ValueType.YES_NO,
    FieldType.CHOICE: ValueType.CHOICE,
    FieldType.STATUS: ValueType.CHOICE,
    FieldType.CHOICES: ValueType.CHOICES,
    FieldType.FILES: ValueType.CHOICES,
    FieldType.PHOTOS: ValueType.CHOICES,
    FieldType.AUTO_NUMBER: ValueType.NUMBER,
}


class AppDefinition(Part):
    """One version of an app."""

    format: Literal["yakuba-app/1"] = "yakuba-app/1"
    title: str = Field(min_length=1, max_length=60)
    description: str = Field(default="", max_length=1000)
    fields: tuple[AppField, ...] = Field(default=(), max_length=MOST_FIELDS)
    process: Process | None = None
    views: tuple[AppView, ...] = Field(default=(), max_length=MOST_VIEWS)
    opens_with: str = Field(default="", max_length=40)
    """The key of the view the app opens with; empty: the list of all records."""
    alike: tuple[str, ...] = Field(default=(), max_length=MOST_ALIKE)
    """Keys of the fields by which a new record is compared with those there are."""
    automations: tuple[Automation, ...] = Field(default=(), max_length=MOST_AUTOMATIONS)
    doors: tuple[Door, ...] = Field(default=(), max_length=MOST_DOORS)
    care: Care = Care()

    def automation(self, key: str) -> Automation | None:
        """The automation with a key."""
        return next((one for one in self.automations if one.key == key), None)

    def field(self, key: str) -> AppField | None:
        """The field with a key."""
        return next((one for one in self.fields if one.key == key), None)

    def door(self, key: str) -> Door | None:
        """The door with a key."""
        return next((one for one in self.doors if one.key == key), None)

    def view(self, key: str) -> AppView | None:
        """The view with a key."""
        return next((one for one in self.views if one.key == key), None)

    @property
    def stored(self) -> tuple[AppField, ...]:
        """The fields records hold values of."""
        return tuple(one for one in self.fields if one.type.is_stored)

    @property
    def columns(self) -> tuple[AppField, ...]:
        """The fields lists and sheets show."""
        return tuple(one for one in self.fields if one.type.is_column)

    @property
    def by_hand(self) -> frozenset[str]:
        """The keys of what people write: not what the system gives, and not the state a process moves by buttons."""
        moved = self.process.field if self.process else ""
        return frozenset(one.key for one in self.fields if one.type.is_typed and one.key != moved)

    @property
    def celled(self) -> tuple[AppField, ...]:
        """The fields the typed table holds."""
        return tuple(one for one in self.fields if one.has_cell)

    def to_json(self) -> dict[str, Any]:
        """The JSON it is stored as, without what is left at its default."""
        written: dict[str, Any] = self.model_dump(mode="json", exclude_defaults=True)
        return {"format": FORMAT, **written}


class DefinitionFault(Refusal):
    """The JSON is no definition; `field` is the place in it (`fields.2.label`)."""


def read_definition(written: Any) -> AppDefinition:
    """The definition in a JSON value (or text). Raises `DefinitionFault` with the place."""
    try:
        if isinstance(written, str):
            if len(written) > LARGEST_DEFINITION:
                raise DefinitionFault("アプリの定義が大きすぎます。", hint="項目や選択肢を減らしてください。")
            written = json.loads(written)
        elif len(json.dumps(written, ensure_ascii=False, allow_nan=False)) > LARGEST_DEFINITION:
            raise DefinitionFault("アプリの定義が大きすぎます。", hint="項目や選択肢を減らしてください。")
        return AppDefinition.model_validate(written)
    except ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise DefinitionFault(
            f"アプリの定義の「{place or '全体'}」が正しくありません。",
            field=place,
            hint="名前、種類、長さ、個数（項目は200まで、選択肢は300まで）を確かめてください。",
        ) from None
    except (TypeError, ValueError, RecursionError):
        raise DefinitionFault(
            "アプリの定義をJSONとして読めません。", hint="書き出したファイルをそのまま使ってください。"
        ) from None
