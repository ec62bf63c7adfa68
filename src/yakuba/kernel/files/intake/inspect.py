"""The door: one function that every file from outside passes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Protocol

from yakuba.kernel.files.intake.archives import Archive, is_archive
from yakuba.kernel.files.intake.file_names import safe_name
from yakuba.kernel.files.intake.images import clean_image
from yakuba.kernel.files.intake.limits import IMAGES, OFFICE, Kind, Limits, size_words
from yakuba.kernel.files.intake.office import check_office
from yakuba.kernel.files.intake.pdf import check_pdf
from yakuba.kernel.files.intake.plain_text import check_text
from yakuba.kernel.files.intake.refusals import FileRefused, Reason
from yakuba.kernel.files.intake.sniffing import (
    OLE2,
    binary_kind,
    description,
    second_format,
)

DEFAULT_LIMITS = Limits()


class Readable(Protocol):
    """An open file or an upload."""

    def read(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that passed: what is stored is `content`, not necessarily the bytes that were sent.

    `sha256` is the hexadecimal digest of `content`; `width`, `height` in pixels and `pages` are given where the kind
    has them; `notes` are Japanese sentences for the sender about what was changed.
    """

    content: bytes
    kind: Kind
    name: str
    sha256: str
    width: int | None = None
    height: int | None = None
    pages: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def media_type(self) -> str:
        return self.kind.media_type

    @property
    def size(self) -> int:
        return len(self.content)


def inspect(stream: Readable | bytes, filename: str, limits: Limits = DEFAULT_LIMITS) -> Inspected:
    """Look at a file by its content, clean it, and say what it is.

    The name's ending is corrected to what the content is. Pictures are written anew without EXIF and place; all other
    kinds are kept byte for byte. Raises `FileRefused`, which names the file, the reason and the way out.
    """
    shown = safe_name(filename)
    content = _read(stream, shown, limits)
    kind = _kind_of(content, shown, limits)
    if kind not in limits.allow:
        raise _unsupported(shown, limits, kind.label)
    if kind not in (Kind.CSV, Kind.TEXT) and (other := second_format(content, kind)):
        raise FileRefused(
            Reason.POLYGLOT,
            shown,
            f"は{kind.label}であると同時に{other}でもある、不審な形です。",
            hint="元のソフトで開いて保存し直すか、撮り直してから送ってください。",
        )
    name = safe_name(filename, kind)
    if kind in IMAGES:
        picture = clean_image(content, kind, name=shown, limits=limits)
        return Inspected(
            picture.content,
            picture.kind,
            safe_name(filename, picture.kind) if picture.kind is kind else _renamed(name, picture.kind),
            _digest(picture.content),
            width=picture.width,
            height=picture.height,
            notes=picture.notes,
        )
    pages: int | None = None
    if kind is Kind.PDF:
        pages = check_pdf(content, name=shown, limits=limits).pages
    elif kind in (Kind.CSV, Kind.TEXT):
        check_text(content, name=shown)
    elif kind is Kind.ZIP:
        _check_zip(content, shown, limits)
    return Inspected(content, kind, name, _digest(content), pages=pages)


def _read(stream: Readable | bytes, name: str, limits: Limits) -> bytes:
    content = stream if isinstance(stream, bytes) else stream.read(limits.max_bytes + 1)
    if not content:
        raise FileRefused(
            Reason.EMPTY,
            name,
            "は中身が空（0 バイト）です。",
            hint="ファイルを開いて中身があるか確かめ、保存し直してから送ってください。",
        )
    if len(content) > limits.max_bytes:
        raise FileRefused(
            Reason.TOO_LARGE,
            name,
            f"は大きすぎます（上限 {size_words(limits.max_bytes)}）。",
            hint="写真は縮小し、文書は分けてから送ってください。",
        )
    return content


def _kind_of(content: bytes, name: str, limits: Limits) -> Kind:
    kind = binary_kind(content)
    if kind is Kind.ZIP:
        return check_office(content, name=name, limits=limits) or Kind.ZIP
    if kind is not None:
        return kind
    ending = name.lower()
    if content.startswith(OLE2):
        raise _old_office(content, name)
    for text_kind in (Kind.CSV, Kind.TEXT):
        if ending.endswith(text_kind.extensions):
            return text_kind
    raise _unsupported(name, limits, description(content))


def _old_office(content: bytes, name: str) -> FileRefused:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return FileRefused(
            Reason.ENCRYPTED,
            name,
            "にはパスワードが掛かっていて、中を確かめられません。",
            hint="パスワードを外して保存し直してから送ってください。",
        )
    return FileRefused(
        Reason.UNSUPPORTED,
        name,
        "は古い形式の文書（.doc・.xls・.ppt など）です。",
        hint="Word や Excel で開き、「名前を付けて保存」で .docx・.xlsx・.pptx にしてから送ってください。",
    )


def _unsupported(name: str, limits: Limits, seems: str) -> FileRefused:
    what = f"は{seems}のようです。この欄では受け付けていません。" if seems else "は受け付けていない種類のファイルです。"
    return FileRefused(Reason.UNSUPPORTED, name, what, hint=f"送れるのは、{limits.words()}です。")


def _check_zip(content: bytes, name: str, limits: Limits) -> None:
    """Every member must be something that could be sent by itself; archives in archives are refused."""
    archive = Archive(content, name=name, limits=limits)
    inner = limits.allowing(*(limits.allow - {Kind.ZIP}))
    for member in archive.members:
        inside = archive.read(member)
        if is_archive(inside) and (
            not inside.startswith(b"PK") or check_office(inside, name=name, limits=inner) not in OFFICE
        ):
            raise FileRefused(
                Reason.ZIP_BOMB,
                name,
                f"の中に、さらに圧縮されたファイル「{safe_name(member)}」があります。",
                hint="中のファイルを取り出し、必要なものだけを送ってください。",
            )
        try:
            inspect(inside, member, inner)
        except FileRefused as refused:
            raise FileRefused(
                refused.reason,
                name,
                f"の中の{refused.message}",
                hint=refused.hint or "",
            ) from refused


def _renamed(name: str, kind: Kind) -> str:
    """`photo.heic` written anew as JPEG is `photo.jpg`."""
    return name.rpartition(".")[0] + kind.extensions[0]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
