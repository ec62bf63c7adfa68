"""What the doctor sees of the register."""

from __future__ import annotations

from collections.abc import Iterator

from yakuba.kernel.people.register.registry import register_check
from yakuba.kernel.things.api import Finding, Level, checkup


@checkup("register")
def register() -> Iterator[Finding]:
    seen = register_check()
    level = Level.BROKEN if seen.is_configured else Level.NOT_CONFIGURED
    if seen.answers:
        level = Level.WARNING if seen.is_stale else Level.GOOD
    yield Finding("住民記録", level, f"{seen.label}：{seen.what}", seen.todo)
