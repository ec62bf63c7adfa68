"""Where this installation keeps contents."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from yakuba.kernel.files.store import ContentStore


def content_store() -> ContentStore:
    """The store of this installation."""
    return ContentStore(Path(settings.YAKUBA_HOME) / "files")
