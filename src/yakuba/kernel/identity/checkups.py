"""What the doctor looks at in identity."""

from __future__ import annotations

from collections.abc import Iterator

from yakuba.kernel.identity.directory.registry import directory_check
from yakuba.kernel.things.api import Finding, Level, checkup


@checkup("directory")
def directory() -> Iterator[Finding]:
    """Whether the directory of the town hall answers."""
    state = directory_check()
    level = Level.GOOD if state.works else Level.BROKEN if state.is_configured else Level.NOT_CONFIGURED
    yield Finding("庁内の認証基盤", level, state.words, state.todo)
