"""What the intake allows: kinds of file and sizes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

MEGABYTE = 1024 * 1024


class Kind(StrEnum):
    """A kind of file the house knows how to check."""

    JPEG = "jpeg"
    PNG = "png"
    HEIC = "heic"
    WEBP = "webp"
    GIF = "gif"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    CSV = "csv"
    TEXT = "txt"
    ZIP = "zip"

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self]

    @property
    def label(self) -> str:
        """The name of the kind as a page shows it."""
        return _LABELS[self]

    @property
    def extensions(self) -> tuple[str, ...]:
        """File name endings of the kind, the usual one first."""
        return _EXTENSIONS[self]


_MEDIA_TYPES = {
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.HEIC: "image/heic",
    Kind.WEBP: "image/webp",
    Kind.GIF: "image/gif",
    Kind.PDF: "application/pdf",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    Kind.CSV: "text/csv",
    Kind.TEXT: "text/plain",
    Kind.ZIP: "application/zip",
}

_LABELS = {
    Kind.JPEG: "JPEG 画像",
    Kind.PNG: "PNG 画像",
    Kind.HEIC: "HEIC 画像（iPhone の写真）",
    Kind.WEBP: "WebP 画像",
    Kind.GIF: "GIF 画像",
    Kind.PDF: "PDF",
    Kind.DOCX: "Word 文書（.docx）",
    Kind.XLSX: "Excel ブック（.xlsx）",
    Kind.PPTX: "PowerPoint（.pptx）",
    Kind.CSV: "CSV",
    Kind.TEXT: "テキスト（.txt）",
    Kind.ZIP: "ZIP",
}

_EXTENSIONS = {
    Kind.JPEG: (".jpg", ".jpeg", ".jpe", ".jfif"),
    Kind.PNG: (".png",),
    Kind.HEIC: (".heic", ".heif"),
    Kind.WEBP: (".webp",),
    Kind.GIF: (".gif",),
    Kind.PDF: (".pdf",),
    Kind.DOCX: (".docx",),
    Kind.XLSX: (".xlsx",),
    Kind.PPTX: (".pptx",),
    Kind.CSV: (".csv",),
    Kind.TEXT: (".txt",),
    Kind.ZIP: (".zip",),
}

IMAGES = frozenset({Kind.JPEG, Kind.PNG, Kind.HEIC, Kind.WEBP, Kind.GIF})
OFFICE = frozenset({Kind.DOCX, Kind.XLSX, Kind.PPTX})
EVERYTHING_BUT_ZIP = frozenset(Kind) - {Kind.ZIP}


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one intake.

    `max_bytes` is the size as sent. `max_pixels` is refused above; `longest_side` (pixels) is what an image is scaled
    down to, `None` keeps every size. `max_unpacked` (bytes), `max_ratio` (unpacked to packed) and `max_entries` hold
    for everything that is a ZIP inside, Word and Excel included.
    """

    max_bytes: int = 20 * MEGABYTE
    allow: frozenset[Kind] = EVERYTHING_BUT_ZIP
    max_pixels: int = 64_000_000
    longest_side: int | None = 4_000
    max_pages: int = 500
    max_unpacked: int = 200 * MEGABYTE
    max_ratio: int = 200
    max_entries: int = 3_000

    def allowing(self, *kinds: Kind) -> Limits:
        """The same limits for these kinds only."""
        return replace(self, allow=frozenset(kinds))

    def words(self) -> str:
        """What may be sent, in words for the page: 「JPEG 画像、PDF（20 MB まで）」."""
        kinds = "、".join(kind.label for kind in Kind if kind in self.allow)
        return f"{kinds}（{size_words(self.max_bytes)} まで）"


def size_words(size: int) -> str:
    """A size in bytes as people read it: 812 B, 3.4 KB, 20 MB."""
    if size < 1024:
        return f"{size} B"
    if size < MEGABYTE:
        return f"{size / 1024:.1f}".removesuffix(".0") + " KB"
    return f"{size / MEGABYTE:.1f}".removesuffix(".0") + " MB"
