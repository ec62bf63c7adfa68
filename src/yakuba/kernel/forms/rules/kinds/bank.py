"""Bank accounts for payments to people (振込先)."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from yakuba.kernel.expressions.api import ValueType
from yakuba.kernel.forms.rules.faults import Fault, fault
from yakuba.kernel.forms.rules.kinds.kind import Kind, Parsed, Raw, narrow, single, text_faults, tidy
from yakuba.kernel.japan.api import to_katakana
from yakuba.kernel.values.api import Text

ACCOUNT_KINDS = {
    "ordinary": Text("普通", easy="普通", en="Ordinary"),
    "checking": Text("当座", easy="当座", en="Checking"),
    "savings": Text("貯蓄", easy="貯蓄", en="Savings"),
}
_PARTS = ("bank_name", "bank_code", "branch_name", "branch_code", "kind", "number", "holder")
_HOLDER = re.compile(r"[\u30a1-\u30f6ーA-Z0-9 　.,・()（）「」/&'-]+")


class BankAccountKind(Kind):
    """An account: bank and branch with their codes (the codes may be left empty), kind, seven digits, holder in katakana."""

    value_type: ClassVar[ValueType] = ValueType.ANY

    def parts(self, question: Any) -> tuple[str, ...]:
        return _PARTS

    def columns(self, question: Any) -> tuple[str, ...]:
        return ("金融機関", "金融機関コード", "支店", "支店コード", "種別", "口座番号", "口座名義")

    def parse(self, question: Any, raw: Raw) -> Parsed:
        typed = {part: tidy(single(raw, part)) for part in _PARTS}
        if not any(text for part, text in typed.items() if part != "kind"):
            return Parsed()
        faults: list[Fault] = []
        for part in ("bank_name", "branch_name", "holder"):
            faults += text_faults(typed[part], part=part, most=60)
            if not typed[part]:
                faults.append(fault("account_holder" if part == "holder" else part, part))
        for part, length in (("bank_code", 4), ("branch_code", 3)):
            typed[part] = narrow(typed[part][:20])
            if typed[part] and not re.fullmatch(rf"[0-9]{{{length}}}", typed[part]):
                faults.append(fault(part, part))
        typed["number"] = narrow(typed["number"][:20]).replace("-", "").replace(" ", "")
        if re.fullmatch(r"[0-9]{1,7}", typed["number"]):
            typed["number"] = typed["number"].zfill(7)
        else:
            faults.append(fault("account_number", "number"))
        if typed["kind"] not in ACCOUNT_KINDS:
            faults.append(fault("account_kind", "kind"))
        typed["holder"] = to_katakana(typed["holder"]).upper()
        if typed["holder"] and not _HOLDER.fullmatch(typed["holder"]):
            faults.append(fault("account_holder", "holder"))
        return Parsed(None if faults else typed, faults=tuple(faults))

    def unparse(self, question: Any, value: Any, other: str = "") -> dict[str, str | tuple[str, ...]]:
        return dict(value)

    def is_shaped(self, question: Any, value: Any) -> bool:
        return (
            isinstance(value, dict)
            and set(value) == set(_PARTS)
            and all(isinstance(one, str) for one in value.values())
        )

    def show(self, question: Any, value: Any, language: str, other: str = "") -> str:
        bank = f"{value['bank_name']}（{value['bank_code']}）" if value["bank_code"] else value["bank_name"]
        branch = f"{value['branch_name']}（{value['branch_code']}）" if value["branch_code"] else value["branch_name"]
        return (
            f"{bank} {branch} {ACCOUNT_KINDS[value['kind']].in_language(language)} {value['number']} {value['holder']}"
        )

    def cells(self, question: Any, value: Any, other: str = "") -> tuple[str | int, ...]:
        if value is None:
            return ("",) * len(_PARTS)
        return (
            value["bank_name"],
            value["bank_code"],
            value["branch_name"],
            value["branch_code"],
            ACCOUNT_KINDS[value["kind"]].ja,
            value["number"],
            value["holder"],
        )
