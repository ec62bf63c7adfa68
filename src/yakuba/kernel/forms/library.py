"""The forms that come with the house: files under ``data/forms``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from yakuba.kernel.forms.rules.blocks import Blocks, expand_blocks
from yakuba.kernel.forms.rules.definition import LARGEST_DEFINITION, DefinitionFault, FormDefinition, read_definition
from yakuba.kernel.forms.rules.lifecycle import LegalGround


@dataclass(frozen=True)
class LibraryForm:
    """A form file: the definition and the legal ground it proposes (``"ground": {"law", "online", …}`` in the file)."""

    definition: FormDefinition
    ground: LegalGround
    path: Path


def library_folder() -> Path:
    """Where the form files lie."""
    return Path(settings.YAKUBA_DATA) / "forms"


def shared_blocks() -> Blocks:
    """The blocks of ``_blocks.json``; none without the file."""
    path = library_folder() / "_blocks.json"
    blocks: Blocks = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return blocks


def read_form_file(path: Path) -> LibraryForm:
    """Read one file. Raises `DefinitionFault` naming file and place."""
    try:
        if path.stat().st_size > LARGEST_DEFINITION:
            raise DefinitionFault(f"{path.name}: ファイルが大きすぎます。", hint="様式を分けてください。")
        given: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as fault:
        raise DefinitionFault(
            f"{path.name}: JSONとして読めません（{type(fault).__name__}）。", hint="ファイルを確かめてください。"
        ) from None
    ground = given.pop("ground", {}) if isinstance(given, dict) else {}
    if not isinstance(ground, dict) or set(ground) - {"law", "online", "signature", "purpose"}:
        raise DefinitionFault(
            f"{path.name}: 根拠（ground）の書き方が正しくありません。",
            field="ground",
            hint="law、online、signature、purposeを文字で書いてください。",
        )
    try:
        definition = read_definition(expand_blocks(given, shared_blocks()))
    except DefinitionFault as refusal:
        raise DefinitionFault(f"{path.name}: {refusal.message}", field=refusal.field, hint=refusal.hint) from None
    return LibraryForm(definition, LegalGround(**{key: str(value) for key, value in ground.items()}), path)


def library_forms() -> list[LibraryForm]:
    """All forms of the library by key."""
    paths = sorted(path for path in library_folder().glob("*.json") if not path.name.startswith("_"))
    return [read_form_file(path) for path in paths]
