"""Merging sections into one (統合)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.access import require_editor
from yakuba.kernel.organisation.models import Authority, Section, SuccessionKind
from yakuba.kernel.organisation.rules.sections import tidy_code
from yakuba.kernel.organisation.services.succeed_section import Succession
from yakuba.kernel.organisation.services.words import words
from yakuba.kernel.values.api import Refusal


@dataclass(frozen=True, slots=True)
class NewSection:
    """A section that comes out of a merger or a split."""

    code: str
    name: str
    kind: str
    authority: Authority
    parent: Section | None = None
    name_kana: str = ""


@verb("organisation.merge_sections", label="所属の統合")
def merge_sections(*, by: Person, sections: Sequence[Section], into: Section | NewSection, on: date) -> Section:
    """From ``on`` the work of ``sections`` is done by one: an existing section or a new one. Returns it.

    A new one may take over code or name of a section that ends. Raises ``Refusal`` if fewer than two sections come
    together, one of them cannot be succeeded, or the place does not fit.
    """
    require_editor(by)
    merged = list(dict.fromkeys(one.pk for one in sections))
    if isinstance(into, Section) and into.pk in merged:
        raise Refusal("統合先が、統合される所属に含まれています。", field="into", hint="統合先を選び直してください。")
    if not merged or (len(merged) < 2 and isinstance(into, NewSection)):
        raise Refusal(
            "統合するには二つ以上の所属が必要です。",
            field="sections",
            hint="統合される所属を二つ以上選ぶか、今ある所属を統合先に選んでください。",
        )
    change = Succession(on)
    befores = [change.lock(one) for one in sorted(sections, key=lambda one: one.pk)]
    for before in befores:
        change.end(before)
    after = into if isinstance(into, Section) else change.found(as_section(into, on))
    if after.starts_on > on or (after.ends_on is not None and after.ends_on <= on):
        raise Refusal(
            f"統合先の「{after.name}」は、その日に存在しません。",
            field="into",
            hint="その日に存在する所属を統合先に選んでください。",
        )
    for before in befores:
        change.record(before, after, SuccessionKind.MERGED)
        change.carry_to(before, after, ground=f"「{before.name}」の統合")
    return after


def as_section(new: NewSection, on: date) -> Section:
    """The row of a section that begins on ``on``, not stored yet."""
    return Section(
        code=tidy_code(new.code),
        name=words(new.name, "名称", field="name", longest=60),
        name_kana=new.name_kana.strip(),
        kind=new.kind,
        authority=new.authority,
        parent=new.parent,
        starts_on=on,
    )
