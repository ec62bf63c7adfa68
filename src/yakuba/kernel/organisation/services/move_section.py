"""Moving a section to another place in the tree or to another authority (移管)."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.access import require_editor
from yakuba.kernel.organisation.models import Authority, Section, SuccessionKind
from yakuba.kernel.organisation.rules.sections import check_no_circle
from yakuba.kernel.organisation.services.succeed_section import Succession
from yakuba.kernel.values.api import Refusal


@verb("organisation.move_section", label="所属の移管")
def move_section(*, by: Person, section: Section, parent: Section | None, authority: Authority, on: date) -> Section:
    """From ``on`` the section stands below ``parent`` and belongs to ``authority``; returns its successor.

    Raises ``Refusal`` if nothing changes, the new place lies below the section itself, or the day does not fit.
    """
    require_editor(by)
    change = Succession(on)
    before = change.lock(section)
    parent_id = parent.pk if parent else None
    if (before.parent_id, before.authority_id) == (parent_id, authority.pk):
        raise Refusal("上位の所属も執行機関も今と同じです。", field="parent", hint="移管先を選び直してください。")
    above: dict[int | str, int | str | None] = dict(Section.objects.values_list("pk", "parent_id"))
    above[before.pk] = parent_id
    check_no_circle(before.pk, above)
    after = change.stand_in_place(before, parent=parent, authority=authority)
    change.record(before, after, SuccessionKind.MOVED)
    change.carry_to(before, after, ground=f"「{before.name}」の移管")
    return after
