"""Names, addresses, consent, signatures."""

from __future__ import annotations

from typing import Any, ClassVar

from yakuba.kernel.expressions.api import ValueType
from yakuba.kernel.forms.rules.faults import Fault, fault
from yakuba.kernel.forms.rules.kinds.kind import Kind, Parsed, Raw, single, text_faults, tidy
from yakuba.kernel.japan.api import format_postal_code, parse_postal_code, to_reading
from yakuba.kernel.values.api import Refusal, Text

LONGEST_NAME, LONGEST_PLACE = 60, 120
_AGREED = Text("同意します", easy="同意します（いいです）", en="I agree")


def _texts(raw: Raw, parts: tuple[str, ...]) -> dict[str, str]:
    return {part: tidy(single(raw, part)) for part in parts}


def _has_texts(value: Any, parts: tuple[str, ...]) -> bool:
    return isinstance(value, dict) and set(value) == set(parts) and all(isinstance(one, str) for one in value.values())


class NameKind(Kind):
    """Family and given name with their reading; who has one name only leaves the given name empty."""

    value_type: ClassVar[ValueType] = ValueType.NAME

    def parts(self, question: Any) -> tuple[str, ...]:
        return ("family", "given", "family_kana", "given_kana") if question.with_kana else ("family", "given")

    def columns(self, question: Any) -> tuple[str, ...]:
        return ("", "フリガナ") if question.with_kana else ("",)

    def parse(self, question: Any, raw: Raw) -> Parsed:
        typed = _texts(raw, self.parts(question))
        if not any(typed.values()):
            return Parsed()
        faults: list[Fault] = []
        for part, text in typed.items():
            faults += text_faults(text, part=part, most=LONGEST_NAME)
        if not typed["family"]:
            faults.append(fault("family_name", "family"))
        if question.with_kana:
            for part, needed in (("family_kana", True), ("given_kana", bool(typed["given"]))):
                reading = to_reading(typed[part]) if typed[part] else ""
                if reading is None or (needed and not reading):
                    faults.append(fault("name_kana", part))
                else:
                    typed[part] = reading
        return Parsed(None if faults else typed, faults=tuple(faults))

    def unparse(self, question: Any, value: Any, other: str = "") -> dict[str, str | tuple[str, ...]]:
        return dict(value)

    def is_shaped(self, question: Any, value: Any) -> bool:
        return _has_texts(value, self.parts(question))

    def show(self, question: Any, value: Any, language: str, other: str = "") -> str:
        name = f"{value['family']} {value['given']}".strip()
        kana = f"{value.get('family_kana', '')} {value.get('given_kana', '')}".strip()
        return f"{name}（{kana}）" if kana else name

    def cells(self, question: Any, value: Any, other: str = "") -> tuple[str | int, ...]:
        if value is None:
            return ("",) * len(self.columns(question))
        name = f"{value['family']} {value['given']}".strip()
        kana = f"{value.get('family_kana', '')} {value.get('given_kana', '')}".strip()
        return (name, kana) if question.with_kana else (name,)


class AddressKind(Kind):
    """A postal address: postal code, place down to the town's name, house number, building."""

    value_type: ClassVar[ValueType] = ValueType.ADDRESS

    def parts(self, question: Any) -> tuple[str, ...]:
        return ("postal_code", "place", "lot", "building")

    def columns(self, question: Any) -> tuple[str, ...]:
        return ("郵便番号", "")

    def parse(self, question: Any, raw: Raw) -> Parsed:
        typed = _texts(raw, self.parts(question))
        if not any(typed.values()):
            return Parsed()
        faults: list[Fault] = []
        for part in ("place", "lot", "building"):
            faults += text_faults(typed[part], part=part, most=LONGEST_PLACE)
        try:
            typed["postal_code"] = format_postal_code(parse_postal_code(typed["postal_code"][:40]))
        except Refusal:
            faults.append(fault("postal_code", "postal_code"))
        if not typed["place"]:
            faults.append(fault("place_name", "place"))
        if not typed["lot"]:
            faults.append(fault("lot", "lot"))
        return Parsed(None if faults else typed, faults=tuple(faults))

    def unparse(self, question: Any, value: Any, other: str = "") -> dict[str, str | tuple[str, ...]]:
        return dict(value)

    def is_shaped(self, question: Any, value: Any) -> bool:
        return _has_texts(value, self.parts(question))

    def show(self, question: Any, value: Any, language: str, other: str = "") -> str:
        return f"〒{value['postal_code']} {value['place']}{value['lot']} {value['building']}".strip()

    def cells(self, question: Any, value: Any, other: str = "") -> tuple[str | int, ...]:
        if value is None:
            return ("", "")
        return (value["postal_code"], f"{value['place']}{value['lot']} {value['building']}".strip())


class ConsentKind(Kind):
    """A tick under a statement; stored as true or not at all."""

    value_type: ClassVar[ValueType] = ValueType.YES_NO
    missing: ClassVar[str] = "required_consent"

    def parse(self, question: Any, raw: Raw) -> Parsed:
        value = single(raw)[:10]
        if not value:
            return Parsed()
        return Parsed(True) if value in ("yes", "on") else Parsed(faults=(fault("not_offered"),))

    def unparse(self, question: Any, value: Any, other: str = "") -> dict[str, str | tuple[str, ...]]:
        return {"": "yes"}

    def is_shaped(self, question: Any, value: Any) -> bool:
        return value is True

    def show(self, question: Any, value: Any, language: str, other: str = "") -> str:
        return _AGREED.in_language(language)


class SignatureKind(Kind):
    """A name written under a statement."""

    value_type: ClassVar[ValueType] = ValueType.TEXT

    def parse(self, question: Any, raw: Raw) -> Parsed:
        text = tidy(single(raw))
        if not text:
            return Parsed()
        faults = text_faults(text, most=LONGEST_NAME)
        return Parsed(None if faults else text, faults=faults)

    def unparse(self, question: Any, value: Any, other: str = "") -> dict[str, str | tuple[str, ...]]:
        return {"": value}

    def is_shaped(self, question: Any, value: Any) -> bool:
        return isinstance(value, str)

    def show(self, question: Any, value: Any, language: str, other: str = "") -> str:
        return str(value)
