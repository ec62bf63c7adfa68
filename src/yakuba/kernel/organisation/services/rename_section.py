"""Renaming a section from a day on (改称)."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.access import require_editor
from yakuba.kernel.organisation.models import Section, SuccessionKind
from yakuba.kernel.organisation.services.succeed_section import (
    carry_postings,
    carry_units,
    lock_for_succession,
    record_succession,
    stand_in_place,
)
from yakuba.kernel.organisation.services.words import words
from yakuba.kernel.values.api import Refusal


@verb("organisation.rename_section", label="所属の改称")
def rename_section(*, by: Person, section: Section, name: str, on: date, name_kana: str = "") -> Section:
    """From ``on`` the section is called ``name``; returns its successor. Units and postings go on below it.

    Raises ``Refusal`` if the name does not change or is taken, or the day does not fit.
    """
    require_editor(by)
    before = lock_for_succession(section, on)
    new_name = words(name, "新しい名称", field="name", longest=60)
    if new_name == before.name:
        raise Refusal("名称が今と同じです。", field="name", hint="新しい名称を入力してください。")
    after = stand_in_place(before, on=on, name=new_name, name_kana=name_kana.strip())
    record_succession(before, after, kind=SuccessionKind.RENAMED, on=on)
    ground = f"「{before.name}」の改称"
    carry_units(before, on=on, place=lambda unit: after, ground=ground)
    carry_postings(before, on=on, place=lambda posting: after, ground=ground)
    return after
