"""PDF: opened, counted, and refused when it carries programs or other files.

Source: ISO 32000-1, 12.6.4 (actions), 7.11.4 (embedded files), 12.7.8 (XFA).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from yakuba.kernel.files.intake.limits import Limits
from yakuba.kernel.files.intake.refusals import FileRefused, Reason

_MOST_OBJECTS = 300_000
_ACTIONS = {
    "/JavaScript": "JavaScript",
    "/Launch": "プログラムの起動",
    "/SubmitForm": "データの送信",
    "/ImportData": "データの取り込み",
    "/GoToE": "埋め込みファイルへの移動",
    "/Rendition": "動画・音声の再生",
    "/RichMediaExecute": "動画・音声の再生",
}
_KEYS = {"/JS": "JavaScript", "/JavaScript": "JavaScript", "/XFA": "XFA フォーム"}
_EMBEDDING_KEYS = ("/EmbeddedFiles", "/EF")
_EMBEDDING_TYPES = ("/EmbeddedFile",)
_EMBEDDING_ANNOTATIONS = (
    "/FileAttachment",
    "/RichMedia",
    "/3D",
    "/Screen",
    "/Movie",
    "/Sound",
)
_RAW = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|XFA)\b")
_HINT = "開いて「印刷」から「PDF に保存」で作り直すと、文書だけの PDF になります。"


@dataclass(frozen=True, slots=True)
class CheckedPdf:
    """A PDF that only shows pages."""

    pages: int


def check_pdf(content: bytes, *, name: str, limits: Limits) -> CheckedPdf:
    """Check a PDF. The bytes are kept as they are, so that electronic signatures in it stay valid.

    Raises `FileRefused` for broken and password-protected files, too many pages, and active or embedded content.
    """
    try:
        reader = PdfReader(BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise _encrypted(name)
        pages = len(reader.pages)
        if pages > limits.max_pages:
            raise FileRefused(
                Reason.TOO_MANY_PAGES,
                name,
                f"は {pages:,} ページあります（上限 {limits.max_pages:,} ページ）。",
                hint="必要なページだけにするか、いくつかに分けて送ってください。",
            )
        if pages == 0:
            raise _broken(name)
        _refuse_what_acts(_objects(reader, name), name)
    except FileRefused:
        raise
    except FileNotDecryptedError as fault:
        raise _encrypted(name) from fault
    except Exception as fault:  # a damaged PDF makes the parser fail in many ways
        raise _broken(name) from fault
    if raw := _RAW.search(_unescaped_names(content)):
        # Objects that an older revision of the file hides are still opened by forgiving viewers.
        raise _active(name, raw.group().decode("ascii")[1:])
    return CheckedPdf(pages)


def _objects(reader: PdfReader, name: str) -> Iterable[Any]:
    addresses = {(number, generation) for generation, table in reader.xref.items() for number in table}
    addresses |= {(number, 0) for number in reader.xref_objStm}
    if len(addresses) > _MOST_OBJECTS:
        raise _broken(name)
    yield reader.trailer
    for number, generation in sorted(addresses):
        if number == 0 or generation == 65_535:
            continue
        try:
            yield reader.get_object(IndirectObject(number, generation, reader))
        except FileNotDecryptedError:
            raise
        except Exception:  # noqa: BLE001, S112 - a damaged object that nobody can read cannot act either
            continue


def _refuse_what_acts(objects: Iterable[Any], name: str) -> None:
    for one in objects:
        waiting: list[tuple[Any, int]] = [(one, 0)]
        while waiting:
            value, depth = waiting.pop()
            if isinstance(value, DictionaryObject):
                _judge(value, name)
                inside: Iterable[Any] = dict.values(value)
            elif isinstance(value, ArrayObject):
                inside = list.__iter__(value)
            else:
                continue
            if depth < 50:
                waiting.extend((each, depth + 1) for each in inside)


def _judge(dictionary: DictionaryObject, name: str) -> None:
    raw = {str(key): value for key, value in dict.items(dictionary)}
    for key, words in _KEYS.items():
        if key in raw:
            raise _active(name, words)
    action = _name_of(raw.get("/S"))
    if action in _ACTIONS and (raw.keys() & {"/JS", "/F", "/Win", "/Next", "/R", "/T", "/N", "/Fields", "/Type", "/D"}):
        raise _active(name, _ACTIONS[action])
    if any(key in raw for key in _EMBEDDING_KEYS) or _name_of(raw.get("/Type")) in _EMBEDDING_TYPES:
        raise _embedded(name)
    if _name_of(raw.get("/Subtype")) in _EMBEDDING_ANNOTATIONS:
        raise _embedded(name)


def _name_of(value: Any) -> str:
    if isinstance(value, IndirectObject):
        value = value.get_object()
    return str(value) if isinstance(value, str) else ""


def _unescaped_names(content: bytes) -> bytes:
    """The content with `#4a` escapes in names undone (`/J#61vaScript`)."""
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found.group(1), 16)]), content)


def _encrypted(name: str) -> FileRefused:
    return FileRefused(
        Reason.ENCRYPTED,
        name,
        "にはパスワードが掛かっていて、中を確かめられません。",
        hint="パスワードを外して保存し直すか、開いて「印刷」から「PDF に保存」で作り直してください。",
    )


def _broken(name: str) -> FileRefused:
    return FileRefused(Reason.BROKEN, name, "は PDF が壊れていて開けません。", hint=_HINT)


def _active(name: str, what: str) -> FileRefused:
    return FileRefused(
        Reason.ACTIVE_CONTENT,
        name,
        f"には動く仕掛け（{what}）が入っています。",
        hint=_HINT,
    )


def _embedded(name: str) -> FileRefused:
    return FileRefused(
        Reason.EMBEDDED_OBJECT,
        name,
        "にはほかのファイルや動画が埋め込まれています。",
        hint="添付を取り出して別に送るか、" + _HINT,
    )
