"""How the intake says no: every refusal names the file, the reason and the way out."""

from __future__ import annotations

from enum import StrEnum

from yakuba.kernel.values.api import Refusal


class Reason(StrEnum):
    """Why a file was refused; for tests and statistics, people read the message."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNSUPPORTED = "unsupported"
    BROKEN = "broken"
    ENCRYPTED = "encrypted"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_PAGES = "too_many_pages"
    MACRO = "macro"
    ACTIVE_CONTENT = "active_content"
    EXTERNAL_LINK = "external_link"
    EMBEDDED_OBJECT = "embedded_object"
    HOSTILE_XML = "hostile_xml"
    ZIP_BOMB = "zip_bomb"
    HOSTILE_ARCHIVE = "hostile_archive"
    POLYGLOT = "polyglot"
    INFECTED = "infected"


class FileRefused(Refusal):
    """A file that is not taken in (受け付けられないファイル)."""

    def __init__(
        self,
        reason: Reason,
        name: str,
        what: str,
        *,
        hint: str,
        field: str | None = None,
    ) -> None:
        super().__init__(f"「{name}」{what}", field=field, hint=hint)
        self.reason = reason
        self.name = name
