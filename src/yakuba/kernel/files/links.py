"""Links to files: signed, bound to one person and purpose, and soon over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.urls import reverse

from yakuba.kernel.access.api import Face, NotVisible, Person
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.values.api import Refusal

VALID_FOR = timedelta(minutes=30)
"""How long a link works: as long as a person looks at a page; the page makes a new one each time."""

_SALT = "yakuba.files.link"
_ROUTES = {Face.OFFICE: "files-office", Face.RESIDENT: "files-resident"}


class LinkExpired(Refusal):
    """The link is over."""

    def __init__(self) -> None:
        super().__init__(
            "ファイルへのリンクの期限が切れました。", hint="元のページを開き直して、もう一度ファイルを選んでください。"
        )


@dataclass(frozen=True, slots=True)
class Link:
    """What a link says: which file, for whom, why, and whether the page shows it in place."""

    file_id: str
    purpose: str
    in_page: bool


def file_link(file: StoredFile, *, to: Person, purpose: str, face: Face = Face.OFFICE, in_page: bool = False) -> str:
    """The address under which `to` can open the file for the next half hour.

    `purpose` is what the reading is for (`plan.evidence`); it stands in the audit log. `in_page` shows a picture on a
    page instead of saving it; other kinds are always saved.
    """
    said = {"f": file.public_id, "p": to.id, "u": purpose, "i": in_page and file.is_picture}
    token = TimestampSigner(salt=_SALT).sign_object(said, compress=False)
    return reverse(_ROUTES[face], args=[token])


def read_link(token: str, *, person: Person) -> Link:
    """What a token says. Raises `LinkExpired`, and `NotVisible` for forged ones and those of other people."""
    try:
        said: Any = TimestampSigner(salt=_SALT).unsign_object(token, max_age=VALID_FOR)
    except SignatureExpired as fault:
        raise LinkExpired from fault
    except (BadSignature, ValueError) as fault:
        raise NotVisible from fault
    if not isinstance(said, dict) or said.get("p") != person.id:
        raise NotVisible
    return Link(str(said["f"]), str(said["u"]), bool(said["i"]))
