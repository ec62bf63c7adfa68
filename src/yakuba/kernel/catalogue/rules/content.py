"""The description of a procedure (手続きの内容): what clerks edit, what data files hold, what an edition keeps.

Faults are named with their place and in Japanese; see `read_content`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from yakuba.kernel.catalogue.rules.kinds import Fact, GroundAbout, IdentityLevel, ProcedureKind, SignatureRule
from yakuba.kernel.values.api import Refusal, Text

RESERVED_KEYS = frozenset(
    {
        "guide",
        "events",
        "online",
        "figures",
        "search",
        "apply",
        "list",
        "new",
        "missing",
        "counting",
        "yearly",
        "sheet",
        "posters",
        "channels",
        "entries",
        "preview",
        "errors",
        "baseline",
    }
)
"""Words that stand at the place of a key in addresses, of the public pages and of the office's."""

LONGEST_TEXT = 1500
MOST_YEN = 100_000_000

_KEY = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


def _read_text(value: object) -> Text:
    if isinstance(value, Text):
        text = value
    elif isinstance(value, str | Mapping):
        try:
            text = Text.from_dict(value)
        except Refusal as refusal:
            raise PydanticCustomError("text", "{reason}", {"reason": str(refusal)}) from None
    else:
        raise PydanticCustomError("text", "{reason}", {"reason": "言語ごとの文を書きます（ja、ja-easy、en）。"})
    for words in text.to_dict().values():
        if len(words) > LONGEST_TEXT:
            raise PydanticCustomError("text", "{reason}", {"reason": f"長すぎます（{LONGEST_TEXT}文字まで）。"})
        if any(unicodedata.category(one) in ("Cc", "Cs", "Co") and one != "\n" for one in words):
            raise PydanticCustomError("text", "{reason}", {"reason": "使えない文字（制御文字や外字）が入っています。"})
    return text


def _plain(text: str) -> str:
    if any(unicodedata.category(one) in ("Cc", "Cs", "Co") for one in text):
        raise PydanticCustomError("text", "{reason}", {"reason": "使えない文字（制御文字や外字）が入っています。"})
    return text.strip()


def _filled(text: str) -> str:
    if not text:
        raise PydanticCustomError("text", "{reason}", {"reason": "空です。"})
    return text


def _key(text: str) -> str:
    if not _KEY.fullmatch(text) or text in RESERVED_KEYS:
        reason = "半角の英小文字・数字と - だけを使い、英字で始めます。案内ページの名前（guide など）は使えません。"
        raise PydanticCustomError("text", "{reason}", {"reason": reason})
    return text


def _address(text: str) -> str:
    if text and not is_web_address(text):
        reason = "https:// で始まるアドレスを書きます。"
        raise PydanticCustomError("text", "{reason}", {"reason": reason})
    return text


def is_web_address(text: str) -> bool:
    """Whether a text is an address a resident may be sent to: https (or http), a host name, no credentials, no blanks."""
    return bool(
        re.fullmatch(r"https?://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?(?:[/?#][^\s\"'<>\\]*)?", text)
    )


def is_own_path(text: str) -> bool:
    """Whether a text is a page of this town hall (``/card/``), where another part of it takes bookings."""
    return bool(re.fullmatch(r"/[a-z][a-z0-9_-]*(?:/[a-z0-9_-]+)*/", text))


Words = Annotated[Text, BeforeValidator(_read_text), PlainSerializer(lambda text: text.to_dict())]


def _one_line(text: Text) -> Text:
    if any("\n" in words or "｜" in words or "|" in words for words in text.to_dict().values()):
        raise PydanticCustomError("text", "{reason}", {"reason": "改行と区切りの線（｜）は使えません。"})
    return text


Name = Annotated[Words, AfterValidator(_one_line)]
"""A short text that fits on a line of a sheet's cell."""
Line = Annotated[str, Field(max_length=200), AfterValidator(_plain)]
Filled = Annotated[str, Field(max_length=200), AfterValidator(_plain), AfterValidator(_filled)]
Key = Annotated[str, Field(max_length=60), AfterValidator(_key)]
Address = Annotated[str, Field(max_length=500), AfterValidator(_plain), AfterValidator(_address)]


class Part(BaseModel):
    """A part of the description: unknown keys are refused, nothing can be changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Document(Part):
    """Something to bring or attach (必要なもの). `id` names the same thing across procedures; `when`: only then."""

    id: Annotated[str, Field(max_length=40)] = ""
    name: Name
    when: Name | None = None

    @property
    def same_as(self) -> str:
        """What tells things to bring apart when lists are merged."""
        return self.id or self.name.ja


class FeeItem(Part):
    """One fee: `yen` per `unit`; with `most` the fee lies between the two."""

    name: Name
    yen: Annotated[int, Field(ge=0, le=MOST_YEN)]
    most: Annotated[int, Field(ge=0, le=MOST_YEN)] | None = None
    unit: Name | None = None

    @model_validator(mode="after")
    def _in_order(self) -> FeeItem:
        if self.most is not None and self.most <= self.yen:
            raise PydanticCustomError("text", "{reason}", {"reason": "上の額が下の額より大きくありません。"})
        return self


class Fee(Part):
    """What the procedure costs (手数料). Neither free nor with items nor a note: not known yet."""

    is_free: bool = False
    items: Annotated[tuple[FeeItem, ...], Field(max_length=20)] = ()
    note: Words | None = None

    @model_validator(mode="after")
    def _either(self) -> Fee:
        if self.is_free and self.items:
            raise PydanticCustomError("text", "{reason}", {"reason": "無料なのに金額が書かれています。"})
        return self

    @property
    def is_known(self) -> bool:
        return self.is_free or bool(self.items) or self.note is not None


class Ground(Part):
    """A legal ground (根拠): law or ordinance, article, and where it can be read."""

    about: GroundAbout = GroundAbout.PROCEDURE
    law: Filled
    article: Line = ""
    url: Address = ""

    def __str__(self) -> str:
        return f"{self.law}{self.article}"


class Evidence(Part):
    """Where a fact comes from, and whether the town has confirmed it (出典・確認)."""

    certain: bool = False
    source: Line = ""


class ProcedureContent(Part):
    """Everything told of a procedure, beside its channels.

    `authority` is the code of the deciding authority (執行機関), `section` the role of the section in charge (see
    `data/procedures/sections.toml`); both are matched with the town's organisation when the content is loaded.
    `standard_days` are business days from receipt to the answer (標準処理期間), `retention_years` the least years the
    record is kept from 1 April after completion. `words` are everyday words people search with.
    """

    key: Key
    number: Annotated[int, Field(ge=1, le=9999)]
    title: Words
    events: Annotated[tuple[str, ...], Field(min_length=1, max_length=12)]
    kind: ProcedureKind
    authority: Annotated[str, Field(max_length=30)] = "mayor"
    section: Annotated[str, Field(max_length=40)]
    about: Words
    who: Words
    when: Words
    happens: Words
    documents: Annotated[tuple[Document, ...], Field(max_length=40)] = ()
    fee: Fee = Fee()
    criteria: Words | None = None
    standard_days: Annotated[int, Field(ge=0, le=1000)] | None = None
    grounds: Annotated[tuple[Ground, ...], Field(max_length=20)] = ()
    identity: IdentityLevel
    signature: SignatureRule = SignatureRule.NONE
    retention_years: Annotated[int, Field(ge=0, le=150)] | None = None
    words: Annotated[tuple[Filled, ...], Field(max_length=40)] = ()
    evidence: dict[Fact, Evidence] = {}

    def to_dict(self) -> dict[str, Any]:
        """JSON-able; `read_content` gives the same content back."""
        return self.model_dump(mode="json", exclude_none=True, exclude_defaults=True)

    def evidence_of(self, fact: Fact) -> Evidence:
        return self.evidence.get(fact, Evidence())

    def is_certain(self, fact: Fact) -> bool:
        """Whether the town has confirmed a fact."""
        return self.evidence_of(fact).certain


@dataclass(frozen=True, order=True, slots=True)
class Fault:
    """A fault of a description: where (file or row), the key as people read it, the reason as a Japanese sentence."""

    place: str
    key: str
    reason: str

    def __str__(self) -> str:
        return "　".join(part for part in (self.place, self.key) if part) + f": {self.reason}"


class ContentRefused(Refusal):
    """A description that cannot be kept; `faults` names every reason."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(
            "手続きの内容に誤りがあります：" + "　".join(str(one) for one in faults[:5]),
            hint="示した項目を直して、もう一度登録してください。",
        )
        self.faults = faults


_REASONS = {
    "missing": "書かれていません。",
    "string_type": "文字で書きます。",
    "int_type": "整数で書きます。",
    "int_parsing": "整数で書きます。",
    "int_from_float": "整数で書きます。",
    "bool_type": "true か false で書きます。",
    "bool_parsing": "true か false で書きます。",
    "tuple_type": "[ ] で囲んだ並びで書きます。",
    "dict_type": "表（キー = 値）で書きます。",
    "model_type": "表（キー = 値）で書きます。",
    "model_attributes_type": "表（キー = 値）で書きます。",
    "enum": "使える値ではありません。",
    "extra_forbidden": "知らない項目です。",
}


def read_content(raw: object, *, place: str = "") -> ProcedureContent:
    """The content behind a stored or written table. Raises `ContentRefused` with every fault."""
    try:
        return ProcedureContent.model_validate(raw)
    except ValidationError as error:
        raise ContentRefused(tuple(faults_of(error, place))) from None


def faults_of(error: ValidationError, place: str) -> list[Fault]:
    """The faults of a validation in our words."""
    return [Fault(place, ".".join(str(step) for step in one["loc"]), reason_of(dict(one))) for one in error.errors()]


def reason_of(problem: Mapping[str, Any]) -> str:
    """One problem as a Japanese sentence."""
    code, context = str(problem["type"]), problem.get("ctx", {})
    if code == "text":
        return str(problem["msg"])
    if code in ("string_too_long", "too_long"):
        return f"長すぎます（{context['max_length']}まで）。"
    if code == "too_short":
        return "一つ以上書きます。"
    if code in ("greater_than_equal", "less_than_equal"):
        bound = context.get("ge", context.get("le"))
        return f"{bound}{'以上' if code == 'greater_than_equal' else '以下'}で書きます。"
    if code == "enum":
        return f"{context.get('expected', '')} のどれかを書きます。".replace(" or ", "、")
    return _REASONS.get(code, "読み取れない値です。")


LABELS: Mapping[str, str] = {
    "key": "識別名",
    "number": "番号",
    "title": "手続名",
    "events": "ライフイベント",
    "kind": "種類",
    "authority": "決定する機関",
    "section": "担当の役割",
    "about": "どんな手続きか",
    "who": "できる人",
    "when": "時期・期限",
    "happens": "出した後",
    "documents": "必要なもの",
    "fee": "手数料",
    "criteria": "審査基準",
    "standard_days": "標準処理期間（営業日）",
    "grounds": "根拠",
    "identity": "本人確認",
    "signature": "署名",
    "retention_years": "保存年限（年）",
    "words": "探すときの言葉",
    "evidence": "出典と確認",
}
"""The names of the parts as clerks read them."""
