"""What the doctor looks at in identity."""

from __future__ import annotations

from collections.abc import Iterator

from yakuba.kernel.identity.digital_auth.registry import provider_check
from yakuba.kernel.identity.directory.registry import directory_check
from yakuba.kernel.things.api import Finding, Level, checkup


@checkup("directory")
def directory() -> Iterator[Finding]:
    """Whether the directory of the town hall answers."""
    state = directory_check()
    level = Level.GOOD if state.works else Level.BROKEN if state.is_configured else Level.NOT_CONFIGURED
    yield Finding("庁内の認証基盤", level, state.words, state.todo)


@checkup("digital-auth")
def digital_auth() -> Iterator[Finding]:
    """Whether デジタル認証アプリ is configured and answers."""
    found = provider_check()
    level = Level.NOT_CONFIGURED if not found.is_configured else Level.GOOD if found.works else Level.BROKEN
    yield Finding("デジタル認証アプリ", level, found.words, found.todo)
    for worry in found.worries:
        yield Finding("デジタル認証アプリの鍵", Level.WARNING, worry, "ファイルの持ち主だけが読めるようにしてください")
