"""What may stand in a plan file (計画ファイル): clean lines and texts, ids, numbers; and what every table has in common."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_MEASURE = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


def _clean(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("text", "空の文字列です。内容を書くか、行ごと消してください")
    if text != text.strip():
        raise PydanticCustomError("text", "前後に余分な空白があります")
    for letter in text:
        if letter != "\n" and unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn"):
            raise PydanticCustomError("text", f"使えない文字（U+{ord(letter):04X}）が含まれています")
    return text


def _identifier(text: str) -> str:
    if not _IDENTIFIER.fullmatch(text):
        raise PydanticCustomError("identifier", "idには半角の英数字と - . _ だけが使えます")
    return text


def _measure_id(text: str) -> str:
    if not _MEASURE.fullmatch(text):
        raise PydanticCustomError(
            "identifier", "ものさしのidは「procedures.online_live」のように書きます（半角小文字）"
        )
    return text


def _whole_or_decimal(value: object) -> object:
    # A plan writes 30 as well as 44.3; a quoted number or true stays a fault.
    return Decimal(value) if type(value) is int else value


Line = Annotated[str, AfterValidator(_clean), Field(max_length=200)]
Prose = Annotated[str, AfterValidator(_clean), Field(max_length=2000)]
Id = Annotated[str, AfterValidator(_identifier), Field(max_length=40)]
MeasureId = Annotated[str, AfterValidator(_measure_id), Field(max_length=80)]
Number = Annotated[
    Decimal,
    Field(ge=-(10**15), le=10**15, max_digits=24, decimal_places=6),
    BeforeValidator(_whole_or_decimal),
]
Percent = Annotated[int, Field(ge=0, le=100)]
Year = Annotated[int, Field(ge=1989, le=2200)]


class Part(BaseModel):
    """A table of the plan file: unknown keys are refused, values are not converted, nothing can be changed later."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)
