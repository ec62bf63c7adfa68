"""Files residents attach to forms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from yakuba.kernel.access.api import Face, Person
from yakuba.kernel.files.api import IMAGES, Kind, Limits, file_link
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.forms.api import FileShown, FormDefinition
from yakuba.kernel.forms.models import Filling

_KINDS = {
    "image": IMAGES,
    "pdf": frozenset({Kind.PDF}),
    "word": frozenset({Kind.DOCX}),
    "excel": frozenset({Kind.XLSX}),
}
_SHOWN = ("stored", "quarantined")


def limits_for(definition: FormDefinition, steps: Iterable[str]) -> dict[str, Limits]:
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
    kinds = frozenset(kind for name in question.kinds for kind in _KINDS[name])
    return replace(Limits(), allow=kinds)


def files_of(filling: Filling, person: Person, *, face: Face = Face.RESIDENT) -> dict[str, FileShown]:
    """The files of a filling by id. Only a signed-in owner gets links: a link is bound to a person."""
    files = StoredFile.objects.filter(owner_kind="forms.filling", owner_id=filling.public_id, state__in=_SHOWN)
    return {
        one.public_id: FileShown(
            public_id=one.public_id,
            name=one.name,
            size=one.size,
            url=file_link(one, to=person, purpose="procedures.answers", face=face)
            if person.is_signed_in and one.state == "stored"
            else "",
        )
        for one in files
    }
