"""The buttons a person finds at a record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from yakuba.kernel.access.api import Person
from yakuba.office.appbuilder.access import holds, who_of
from yakuba.office.appbuilder.models import Record
from yakuba.office.appbuilder.rules.definition import AppDefinition
from yakuba.office.appbuilder.rules.permissions import Sight
from yakuba.office.appbuilder.rules.process import Button, may_press


def buttons_for(
    person: Person, record: Record, values: Mapping[str, Any], definition: AppDefinition, sight: Sight, *, today: date
) -> list[Button]:
    """The buttons that stand at the record for the person now, in the order of the process. A decision under way is
    asked by the caller. None for somebody who does not see the state: the buttons would tell it."""
    process = definition.process
    if process is None or person.is_read_only or process.field not in sight.visible:
        return []
    state = process.state_of(values)
    here = [one for one in process.buttons if state in one.states]
    if not here:
        return []
    staff = who_of(person).staff
    fields = {one.key: one for one in definition.stored}
    is_maker = record.made_by == person.id
    return [
        one
        for one in here
        if may_press(one, group=sight.group, is_maker=is_maker, staff=staff, values=values)
        and (one.rule is None or holds(one.rule, dict(values), fields, today))
    ]
