"""Having automations look at a change: a job in the transaction of the change, run after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yakuba.kernel.jobs.api import enqueue
from yakuba.office.appbuilder.models import Record
from yakuba.office.appbuilder.rules.automations import is_set_off
from yakuba.office.appbuilder.rules.definition import AppDefinition
from yakuba.office.appbuilder.services.chain import depth_now

AUTOMATE = "appbuilder.automate"


def wake_automations(
    record: Record, definition: AppDefinition, *, is_new: bool, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Queue the automations a change sets off, if there are any; nothing of them runs in this transaction."""
    if any(is_set_off(one, is_new=is_new, before=before, after=after) for one in definition.automations):
        enqueue(
            AUTOMATE,
            key=f"{AUTOMATE}:{record.public_id}:{record.version}",
            record=record.public_id,
            version=record.version,
            depth=depth_now(),
        )
