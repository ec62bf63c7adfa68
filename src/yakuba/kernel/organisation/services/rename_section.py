"""Renaming a section from a day on (改称)."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.access import require_editor
from yakuba.kernel.organisation.models import Section, SuccessionKind
from yakuba.kernel.organisation.services.succeed_section import Succession
from yakuba.kernel.organisation.services.words import words
from yakuba.kernel.values.api import Refusal


@verb("organisation.rename_section", label="所属の改称")
def rename_section(*, by: Person, section: Section, name: str, on: date, name_kana: str = "") -> Section:
    """From ``on`` the section is called ``name``; returns its successor. Units and postings go on below it.

    Raises ``Refusal`` if the name does not change or is taken, or the day does not fit.
    """
    require_editor(by)
    change = Succession(on)
    before = change.lock(section)
    new_name = words(name, "新しい名称", field="name", longest=60)
    if new_name == before.name:
        raise Refusal("名称が今と同じです。", field="name", hint="新しい名称を入力してください。")
    after = change.stand_in_place(before, name=new_name, name_kana=name_kana.strip())
    change.record(before, after, SuccessionKind.RENAMED)
    change.carry_to(before, after, ground=f"「{before.name}」の改称")
    return after
