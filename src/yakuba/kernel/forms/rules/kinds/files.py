"""Attachments. A stored answer names files of `kernel.files`; whether they exist and whose they are is not decided here."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from yakuba.kernel.expressions.api import ValueType
from yakuba.kernel.forms.rules.faults import fault
from yakuba.kernel.forms.rules.kinds.kind import Kind, Parsed, Raw, several

_PUBLIC_ID = re.compile(r"[A-Za-z0-9_-]{8,40}")


class FilesKind(Kind):
    """A list of public ids of files, each once, in the order they were sent."""

    value_type: ClassVar[ValueType] = ValueType.FILES
    missing: ClassVar[str] = "required_file"

    def parse(self, question: Any, raw: Raw) -> Parsed:
        ids = list(dict.fromkeys(several(raw)))
        if not ids:
            return Parsed()
        if any(_PUBLIC_ID.fullmatch(one) is None for one in ids):
            return Parsed(faults=(fault("unreadable"),))
        if len(ids) < question.least:
            return Parsed(faults=(fault("files_fewest", least=question.least),))
        if len(ids) > question.most:
            return Parsed(faults=(fault("files_most", most=question.most),))
        return Parsed(ids)

    def unparse(self, question: Any, value: Any, other: str = "") -> dict[str, str | tuple[str, ...]]:
        return {"": tuple(value)}

    def is_shaped(self, question: Any, value: Any) -> bool:
        return isinstance(value, list) and bool(value) and all(isinstance(one, str) and one for one in value)

    def show(self, question: Any, value: Any, language: str, other: str = "") -> str:
        return f"{len(value)} file(s)" if language == "en" else f"{len(value)}個のファイル"

    def cells(self, question: Any, value: Any, other: str = "") -> tuple[str | int, ...]:
        return (len(value) if value else 0,)
