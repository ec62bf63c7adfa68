"""Files attached to a filling by a clerk who tries a form; thrown away with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from yakuba.kernel.files.api import IMAGES, Kind, Limits
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.forms.models import Filling
from yakuba.kernel.forms.presentation import FileShown
from yakuba.kernel.forms.rules.definition import FormDefinition

_KINDS = {
    "image": IMAGES,
    "pdf": frozenset({Kind.PDF}),
    "word": frozenset({Kind.DOCX}),
    "excel": frozenset({Kind.XLSX}),
}


def limits_of(definition: FormDefinition, steps: Iterable[str]) -> dict[str, Limits]:
    """What each file question of some steps takes, by path; in rows ``group.*.key``."""
    wanted = set(steps)
    found: dict[str, Limits] = {}
    for step in definition.steps:
        if step.key not in wanted:
            continue
        for question in step.questions:
            if question.type == "files":
                found[question.key] = _limits(question)
            for inner in getattr(question, "questions", ()):
                if inner.type == "files":
                    found[f"{question.key}.*.{inner.key}"] = _limits(inner)
    return found


def _limits(question: Any) -> Limits:
    return replace(Limits(), allow=frozenset(kind for name in question.kinds for kind in _KINDS[name]))


def files_of_trial(filling: Filling) -> dict[str, FileShown]:
    """The files of a trial by id, without links: only their names are shown."""
    return {one.public_id: FileShown(one.public_id, one.name, one.size) for one in stored_files(filling)}


def stored_files(filling: Filling) -> list[StoredFile]:
    """The files that are kept for a trial."""
    return list(
        StoredFile.objects.filter(
            owner_kind="forms.filling", owner_id=filling.public_id, state__in=("stored", "quarantined")
        )
    )
