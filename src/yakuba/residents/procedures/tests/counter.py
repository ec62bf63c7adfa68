"""Procedures that are open online, for tests of pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.cases.tests.world import CLOCK, World, open_world
from yakuba.kernel.catalogue.models import Channel
from yakuba.kernel.catalogue.queries.delivery import catalogue_folder, read_folder


def open_counter() -> World:
    """The world of the cases' tests with real descriptions, every procedure received by its small form."""
    world = open_world()
    described = read_folder(catalogue_folder()).procedures[0].content.model_dump(mode="json", exclude_none=True)
    with unaudited_writes("test"):
        for procedure in world.procedures.values():
            procedure.values = {
                **described,
                "number": procedure.number,
                "key": procedure.key,
                "kind": procedure.kind,
                "identity": procedure.identity,
                "signature": procedure.signature,
            }
            procedure.save()
            Channel.objects.create(
                procedure=procedure,
                kind="yakuba_form",
                target="small-form",
                live_since=date(2026, 4, 1),
                decision="決裁",
                acted_by="test",
                acted_name="test",
                acted_at=CLOCK.now(),
            )
    return world


def start_of(world: World, kind: str) -> str:
    """Where a procedure begins."""
    return f"/my/apply/{world.procedures[kind].key}/"


TYPED: dict[str, dict[str, Any]] = {
    "who": {
        "applicant_name.family": "見本",
        "applicant_name.given": "花子",
        "applicant_name.family_kana": "みほん",
        "applicant_name.given_kana": "はなこ",
    },
    "what": {"purpose": "work", "reason": "勤務先に出すため", "children.rows": "0", "copies": "2"},
}
"""What somebody types on the pages of the small form."""
