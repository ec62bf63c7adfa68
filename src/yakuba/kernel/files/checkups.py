from __future__ import annotations

from collections.abc import Iterator

from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.files.rules import FileState
from yakuba.kernel.files.scanning.scanner import scanner_state
from yakuba.kernel.things.api import Finding, Level, checkup


@checkup("files")
def virus_scanner() -> Iterator[Finding]:
    """Whether the scanner answers, and whether files wait for it."""
    state = scanner_state()
    if not state.is_configured:
        yield Finding("ウイルス検査", Level.NOT_CONFIGURED, state.words, state.todo)
    else:
        yield Finding("ウイルス検査", Level.GOOD if state.works else Level.BROKEN, state.words, state.todo)
    waiting = StoredFile.objects.filter(state=FileState.QUARANTINED.value).count()
    if waiting:
        yield Finding(
            "ウイルス検査",
            Level.WARNING,
            f"検査を待つファイルが {waiting} 件あります",
            "検査が動けば5分以内に自動で使えるようになります",
        )
