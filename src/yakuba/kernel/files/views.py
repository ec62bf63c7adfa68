"""Handing files out."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yakuba.kernel.access.api import Face, office_seat, page, signed_in_resident
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.files.access import get_for, may_see
from yakuba.kernel.files.links import read_link
from yakuba.kernel.files.queries import read_content
from yakuba.kernel.files.rules import FileState
from yakuba.kernel.files.store import ContentChanged
from yakuba.kernel.things.api import DataClass, ref_of
from yakuba.kernel.values.api import Refusal

_OPEN = viewing("files.open", label="ファイルを開く")


class FileNotAvailable(Refusal):
    """The person may know of the file, but it cannot be opened now."""


@page(Face.OFFICE, may=office_seat)
@require_safe
def office_file(request: HttpRequest, token: str) -> HttpResponse:
    """A file for somebody in the office."""
    return _handed_out(request, token)


@page(Face.RESIDENT, may=signed_in_resident)
@require_safe
def resident_file(request: HttpRequest, token: str) -> HttpResponse:
    """A file for a resident: their own, or one the town has laid out for them."""
    return _handed_out(request, token)


def _handed_out(request: HttpRequest, token: str) -> HttpResponse:
    person = request.person  # type: ignore[attr-defined]
    link = read_link(token, person=person)
    file = get_for(person, link.file_id)
    if not may_see(file, person):
        raise FileNotAvailable(
            f"「{file.name}」は今は開けません（{FileState(file.state).label}）。", hint=_HINTS[file.state]
        )
    try:
        content = read_content(file)
    except (FileNotFoundError, ContentChanged) as fault:
        raise FileNotAvailable(
            f"「{file.name}」の保存状態に異常があるため、開けません。",
            hint="情報システム担当に連絡してください。yakuba files check で調べ、バックアップから戻せます。",
        ) from fault
    if file.data_class != DataClass.OPEN and file.uploaded_by != person.id:
        subjects = [ref_of(file), *([file.owner] if file.owner else [])]
        record_view(by=person, subjects=subjects, what=_OPEN, detail=link.purpose)
    return file_response(content, name=file.name, media_type=file.media_type, in_page=link.in_page)


def file_response(content: bytes, *, name: str, media_type: str, in_page: bool = False) -> HttpResponse:
    """A download no browser will run: saved under its name, never guessed at, in a sandbox if it is opened at all."""
    response: Any = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition(name, in_page=in_page)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response  # type: ignore[no-any-return]


def content_disposition(name: str, *, in_page: bool = False) -> str:
    """The header with a Japanese name (RFC 6266, RFC 8187) and an ASCII one for programs that cannot read it."""
    kind = "inline" if in_page else "attachment"
    plain = "".join(one if one.isascii() and one.isprintable() and one not in '"\\%' else "_" for one in name)
    if plain == name:
        return f'{kind}; filename="{name}"'
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


_HINTS = {
    FileState.QUARANTINED.value: "ウイルス検査が済むまでお待ちください。数分ごとに自動で検査します。",
    FileState.REFUSED.value: "送った人に、別のファイルを送り直してもらってください。",
    FileState.DISCARDED.value: "保存期間が過ぎたか、取り下げられたファイルです。",
    FileState.STORED.value: "開く権限があるか、担当課に確かめてください。",
}
