"""A file that comes in: whichever of the known kinds it is, it becomes a definition or a list of what is wrong with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from yakuba.kernel.files.api import Limits, check_office
from yakuba.kernel.forms.exchange.question_list import QUESTIONS, read_question_list
from yakuba.kernel.forms.exchange.xlsform import read_xlsform, sheet_names
from yakuba.kernel.forms.exchange.xlsform.columns import SURVEY
from yakuba.kernel.forms.library import shared_blocks
from yakuba.kernel.forms.rules.blocks import expand_blocks
from yakuba.kernel.forms.rules.definition import LARGEST_DEFINITION, DefinitionFault, FormDefinition, read_definition
from yakuba.kernel.paper.api import Download, Problem, TableRefused

WORDS = {"question_list": "質問一覧", "xlsform": "XLSForm", "json": "様式の定義（JSON）"}


@dataclass(frozen=True)
class TakenIn:
    """What a file gave: ``kind`` question_list, xlsform or json; ``notes`` are sentences about what was passed over."""

    kind: str
    definition: FormDefinition | None
    problems: tuple[Problem, ...] = ()
    marked: Download | None = None
    notes: tuple[str, ...] = ()

    @property
    def kind_words(self) -> str:
        return WORDS[self.kind]


def take_in(content: bytes, filename: str) -> TakenIn:
    """Read a file of any known kind. Raises `Refusal` for what is none of them, or hostile."""
    if not content.startswith(b"PK"):
        return TakenIn("json", _json(content))
    check_office(content, name=filename, limits=Limits())
    try:
        sheets = sheet_names(content)
    except Exception as fault:  # a damaged workbook may fail anywhere between the ZIP and its sheets
        raise TableRefused(
            f"「{filename}」は Excel ブックとして読めません。", hint="Excel で開いて保存し直してください。"
        ) from fault
    if SURVEY in sheets and QUESTIONS not in sheets:
        form = read_xlsform(content, filename)
        return TakenIn("xlsform", form.definition, form.problems, form.marked, form.notes)
    back = read_question_list(content, filename)
    return TakenIn("question_list", back.definition, back.problems, back.marked, back.notes)


def _json(content: bytes) -> FormDefinition:
    """A definition as JSON; a file of the library, with its ground and its blocks, too."""
    if len(content) > LARGEST_DEFINITION:
        raise DefinitionFault("ファイルが大きすぎます。", hint="様式を分けてください。")
    try:
        given: Any = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise DefinitionFault(
            "このファイルは読めません。",
            hint="Excelの質問一覧・XLSForm（.xlsx）か、様式の定義（.json）を選んでください。",
        ) from None
    if isinstance(given, dict):
        given.pop("ground", None)
    return read_definition(expand_blocks(given, shared_blocks()))
