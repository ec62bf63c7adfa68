"""What a form is (様式の定義): a form has steps, a step has questions. The one definition every door uses.

Read from and written to JSON (``yakuba-form/1``); `json_schema` publishes its shape as JSON Schema 2020-12.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from yakuba.kernel.values.api import Refusal, Text

FORMAT = "yakuba-form/1"
MOST_STEPS, MOST_QUESTIONS, MOST_OPTIONS, MOST_ROWS = 40, 500, 300, 50
LARGEST_DEFINITION = 2_000_000
OTHER = "other"
OTHER_SUFFIX = "_other"
"""The words beside 「その他」 are an answer of their own: ``housing`` and ``housing_other``."""

RESERVED = frozenset({"facts", "row", "today", "accumulator", "current"})


class DefinitionFault(Refusal):
    """The definition is none. ``field`` is the place in the JSON, e.g. ``steps.0.questions.2.label``."""


def _text(value: Any) -> Text:
    if isinstance(value, Text):
        return value
    try:
        return Text.from_dict(value)
    except Refusal as refusal:
        raise ValueError(f"{refusal.message}{refusal.hint or ''}") from None


def _rule(value: Any) -> Any:
    # Depth and size are judged by `kernel.expressions`; here only what JSON can hold may pass.
    try:
        value = _storable(value)
        json.dumps(value, allow_nan=False)
    except (ArithmeticError, TypeError, ValueError, RecursionError):
        raise ValueError("条件の書き方が正しくありません。") from None
    return value


def _storable(value: Any) -> Any:
    """A rule as JSON stores it: an exact decimal becomes the number JSON writes with the same digits."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {key: _storable(one) for key, one in value.items()}
    return value


TextField = Annotated[
    Text,
    BeforeValidator(_text),
    PlainSerializer(lambda text: text.to_dict()),
    WithJsonSchema(
        {
            "oneOf": [
                {"type": "string", "minLength": 1},
                {
                    "type": "object",
                    "properties": {"ja": {"type": "string", "minLength": 1}},
                    "required": ["ja"],
                    "additionalProperties": {"type": "string"},
                },
            ]
        }
    ),
]
Rule = Annotated[Any, AfterValidator(_rule), WithJsonSchema({"description": "JsonLogic rule (kernel.expressions)"})]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Option(_Part):
    """One choice (選択肢). ``when``: offered only if the rule holds."""

    value: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")]
    label: TextField
    help: TextField | None = None
    when: Rule | None = None


class Check(_Part):
    """A further condition an answer must meet (入力の確認): if ``rule`` is false, ``message`` says what to do."""

    rule: Rule
    message: TextField


class _Question(_Part):
    """What every question has.

    ``when``: shown only if the rule holds; a hidden question's answer is dropped. ``required`` may be a rule.
    ``prefill`` names where a first value comes from. ``why`` tells the person what the answer is needed for.
    ``is_sensitive`` marks answers of the kind the law protects more (要配慮個人情報).
    """

    key: Key
    label: TextField
    help: TextField | None = None
    why: TextField | None = None
    when: Rule | None = None
    required: bool | Rule = True
    prefill: str = ""
    checks: tuple[Check, ...] = ()
    is_sensitive: bool = False


class ShortText(_Question):
    """一行の文字."""

    type: Literal["short_text"]
    min_length: Annotated[int, Field(ge=0, le=500)] = 0
    max_length: Annotated[int, Field(ge=1, le=500)] = 100
    kana: bool = False
    characters: Literal["any", "digits", "alphanumeric"] = "any"
    unit: TextField | None = None


class LongText(_Question):
    """何行もの文字."""

    type: Literal["long_text"]
    max_length: Annotated[int, Field(ge=1, le=20_000)] = 1000
    rows: Annotated[int, Field(ge=2, le=30)] = 5


class Number(_Question):
    """数."""

    type: Literal["number"]
    least: Decimal | None = None
    most: Decimal | None = None
    decimals: Annotated[int, Field(ge=0, le=6)] = 0
    unit: TextField | None = None


class YenAmount(_Question):
    """金額（円）."""

    type: Literal["yen"]
    least: Annotated[int, Field(ge=-999_999_999_999, le=999_999_999_999)] = 0
    most: Annotated[int, Field(ge=-999_999_999_999, le=999_999_999_999)] = 999_999_999_999


class Day(_Question):
    """日付. ``earliest`` and ``latest`` are rules that give a day (``{"today": []}``, ``"2026-04-01"``)."""

    type: Literal["date"]
    entry: Literal["calendar", "era"] = "calendar"
    earliest: Rule | None = None
    latest: Rule | None = None


class TimeOfDay(_Question):
    """時刻."""

    type: Literal["time"]
    earliest: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = "00:00"
    latest: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = "23:59"


class _WithOptions(_Question):
    options: Annotated[tuple[Option, ...], Field(min_length=1, max_length=MOST_OPTIONS)]
    has_other: bool = False

    @model_validator(mode="after")
    def _values_differ(self) -> _WithOptions:
        values = [option.value for option in self.options]
        if len(set(values)) < len(values):
            raise ValueError("同じ値の選択肢が二つあります。")
        if self.has_other and OTHER in values:
            raise ValueError("「その他」を使うときは、値「other」の選択肢は書けません。")
        return self


class Choice(_WithOptions):
    """一つを選ぶ. ``look``: radio buttons or a drop-down list."""

    type: Literal["choice"]
    look: Literal["radio", "select"] = "radio"


class Choices(_WithOptions):
    """いくつでも選ぶ."""

    type: Literal["choices"]
    least: Annotated[int, Field(ge=0, le=MOST_OPTIONS)] = 0
    most: Annotated[int, Field(ge=1, le=MOST_OPTIONS)] | None = None


class YesNo(_Question):
    """はい・いいえ."""

    type: Literal["yes_no"]
    yes: TextField = Text("はい", easy="はい", en="Yes")
    no: TextField = Text("いいえ", easy="いいえ", en="No")


class PersonName(_Question):
    """氏名とフリガナ."""

    type: Literal["name"]
    with_kana: bool = True


class PostalAddress(_Question):
    """郵便番号と住所."""

    type: Literal["address"]


class Phone(_Question):
    """電話番号."""

    type: Literal["phone"]


class Mail(_Question):
    """メールアドレス."""

    type: Literal["mail"]


class CorporateNumber(_Question):
    """法人番号（13けた、検査数字を確かめる）."""

    type: Literal["corporate_number"]


class BankAccount(_Question):
    """振込先の口座."""

    type: Literal["bank_account"]


class Place(_Question):
    """場所: 町名と言葉、あれば地図の点."""

    type: Literal["place"]
    needs_point: bool = False


class Files(_Question):
    """添付ファイル・写真. ``kinds`` says what is taken; ``camera`` offers the telephone's camera first."""

    type: Literal["files"]
    kinds: Annotated[tuple[Literal["image", "pdf", "word", "excel"], ...], Field(min_length=1)] = ("image", "pdf")
    least: Annotated[int, Field(ge=0, le=20)] = 1
    most: Annotated[int, Field(ge=1, le=20)] = 5
    camera: bool = False


class Consent(_Question):
    """同意. ``statement`` is what the person agrees to."""

    type: Literal["consent"]
    statement: TextField


class Signature(_Question):
    """署名: the person writes their name under a statement. No electronic signature in the sense of the law."""

    type: Literal["signature"]
    statement: TextField


class TextBlock(_Question):
    """説明文: something to read, nothing to answer."""

    type: Literal["text_block"]
    style: Literal["plain", "info", "warning"] = "plain"
    body: TextField


class Computed(_Question):
    """計算される値. ``is_shown`` false: for conditions only."""

    type: Literal["computed"]
    value: Rule
    gives: Literal["text", "number", "yen", "date", "yes_no"] = "number"
    is_shown: bool = True


class Fee(_Question):
    """手数料: a rule that gives whole yen."""

    type: Literal["fee"]
    value: Rule


Single = Annotated[
    ShortText | LongText | Number | YenAmount | Day | TimeOfDay | Choice | Choices | YesNo | PersonName | PostalAddress
    | Phone | Mail | CorporateNumber | BankAccount | Place | Files | Consent | Signature | TextBlock | Computed | Fee,
    Field(discriminator="type"),
]  # fmt: skip


class Group(_Question):
    """繰り返し: rows of the same questions, each row with its own logic (``{"var": "row.…"}``)."""

    type: Literal["group"]
    row_label: TextField
    least: Annotated[int, Field(ge=0, le=MOST_ROWS)] = 1
    most: Annotated[int, Field(ge=1, le=MOST_ROWS)] = 10
    questions: Annotated[tuple[Single, ...], Field(min_length=1, max_length=40)]


Question = Annotated[
    ShortText | LongText | Number | YenAmount | Day | TimeOfDay | Choice | Choices | YesNo | PersonName | PostalAddress
    | Phone | Mail | CorporateNumber | BankAccount | Place | Files | Consent | Signature | TextBlock | Computed | Fee
    | Group,
    Field(discriminator="type"),
]  # fmt: skip
AnyQuestion = _Question


class Way(_Part):
    """Where to go from a step (次の画面): the first way whose rule holds; ``to`` is a later step or ``end``."""

    when: Rule | None = None
    to: Key


class Step(_Part):
    """A page of the form (画面)."""

    key: Key
    title: TextField
    introduction: TextField | None = None
    when: Rule | None = None
    questions: tuple[Question, ...] = ()
    ways: tuple[Way, ...] = ()


class FormDefinition(_Part):
    """A form (様式). ``key`` names it for ever; ``completion`` tells the person what happens after sending."""

    format: Literal["yakuba-form/1"] = "yakuba-form/1"
    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,59}$")]
    title: TextField
    introduction: TextField | None = None
    completion: TextField | None = None
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=MOST_STEPS)]

    @model_validator(mode="after")
    def _keys_differ(self) -> FormDefinition:
        steps = [step.key for step in self.steps]
        if len(set(steps)) < len(steps):
            raise ValueError("同じ名前（key）の画面が二つあります。")
        seen: set[str] = set()
        for question in self.questions():
            for key in _keys_of(question):
                if key in RESERVED:
                    raise ValueError(f"「{key}」は、質問の名前（key）に使えません。")
                if key in seen:
                    raise ValueError(f"質問の名前（key）「{key}」が二つあります。")
                seen.add(key)
            if isinstance(question, Group):
                inner = [key for one in question.questions for key in _keys_of(one)]
                if len(set(inner)) < len(inner):
                    raise ValueError(f"「{question.key}」の中に、同じ名前（key）の質問が二つあります。")
        if len(seen) > MOST_QUESTIONS:
            raise ValueError(f"質問は{MOST_QUESTIONS}個までです。")
        return self

    def questions(self) -> Iterator[Any]:
        """All questions in their order; a group counts once."""
        for step in self.steps:
            yield from step.questions

    def question(self, key: str) -> Any:
        """The question of a key. Raises `KeyError`."""
        for question in self.questions():
            if question.key == key:
                return question
        raise KeyError(key)

    def step(self, key: str) -> Step:
        """The step of a key. Raises `KeyError`."""
        for step in self.steps:
            if step.key == key:
                return step
        raise KeyError(key)

    def to_json(self) -> dict[str, Any]:
        """As stored: only what differs from the defaults, so that comparisons show what somebody wrote."""
        return self.model_dump(mode="json", exclude_defaults=True) | {"format": FORMAT}


def _keys_of(question: Any) -> tuple[str, ...]:
    if isinstance(question, _WithOptions) and question.has_other:
        return question.key, question.key + OTHER_SUFFIX
    return (question.key,)


def read_definition(given: str | bytes | dict[str, Any]) -> FormDefinition:
    """The definition in JSON text or parsed JSON. Raises `DefinitionFault` naming the first place at fault."""
    if isinstance(given, str | bytes):
        if len(given) > LARGEST_DEFINITION:
            raise DefinitionFault("様式の定義が大きすぎます。", hint="質問や説明を減らすか、様式を分けてください。")
        try:
            given = json.loads(given)
        except (ValueError, RecursionError):
            raise DefinitionFault(
                "様式の定義がJSONとして読めません。", hint="書き出したファイルを、そのまま読み込んでください。"
            ) from None
    try:
        return FormDefinition.model_validate(given)
    except ValidationError as fault:
        first = fault.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"] if not _is_type_name(part))
        raise DefinitionFault(
            f"様式の定義に誤りがあります（{place or '全体'}）：{_say(first)}",
            field=place,
            hint="その場所を直して、もう一度読み込んでください。",
        ) from None
    except RecursionError:
        raise DefinitionFault("様式の定義の入れ子が深すぎます。", hint="条件を簡単にしてください。") from None


def json_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a definition."""
    schema = FormDefinition.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "urn:yakuba:form:1", **schema}


_TYPES = frozenset(
    get_args(kind.model_fields["type"].annotation)[0]
    for kind in (
        ShortText, LongText, Number, YenAmount, Day, TimeOfDay, Choice, Choices, YesNo, PersonName, PostalAddress,
        Phone, Mail, CorporateNumber, BankAccount, Place, Files, Consent, Signature, TextBlock, Computed, Fee, Group,
    )
)  # fmt: skip


def _is_type_name(part: object) -> bool:
    # pydantic names the branch of a union in the place; a person looks for keys and numbers only.
    return isinstance(part, str) and part in _TYPES


_WORDS = {
    "missing": "この項目がありません。",
    "extra_forbidden": "知らない項目です。",
    "string_type": "文字で書いてください。",
    "bool_type": "true か false で書いてください。",
    "int_type": "整数で書いてください。",
    "union_tag_invalid": "質問の種類（type）が正しくありません。",
    "union_tag_not_found": "質問の種類（type）がありません。",
    "string_pattern_mismatch": "使えない文字が入っています。",
    "too_long": "数が多すぎます。",
    "too_short": "数が足りません。",
    "literal_error": "決められた言葉のどれかを書いてください。",
}


def _say(error: Any) -> str:
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    return _WORDS.get(error["type"], "値が正しくありません。")
