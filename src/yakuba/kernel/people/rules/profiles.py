"""What a resident's profile (本人の登録) may hold."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from yakuba.kernel.japan.api import format_phone, parse_postal_code, to_reading
from yakuba.kernel.values.api import Refusal

EARLIEST_BIRTH = date(1900, 1, 1)
LONGEST_NAME = 60
LONGEST_LINE = 100


class NoticePreference(StrEnum):
    """How a resident wants to hear from the town (お知らせの受け取り方). The page of notices always has everything."""

    MAIL = "mail"
    INBOX = "inbox"
    POST = "post"

    @property
    def label(self) -> str:
        return {"mail": "メールでも知らせる", "inbox": "このページだけで見る", "post": "郵便でも送る"}[self.value]


@dataclass(frozen=True, slots=True)
class ProfileEntry:
    """What a resident enters about themselves.

    Names are kept exactly as typed (variation selectors included); the reading is full-width katakana. A person with
    one name only has it as ``family_name``. ``postal_code`` is seven digits, ``phone`` written with hyphens.
    ``district`` is the 行政区, if the resident knows it.
    """

    family_name: str
    given_name: str
    family_reading: str
    given_reading: str
    born_on: date | None
    postal_code: str
    prefecture: str
    city: str
    street: str
    building: str
    district: str
    phone: str
    preference: NoticePreference
    language: str

    @property
    def name(self) -> str:
        """The whole name, with the space of the register between its parts."""
        return "　".join(part for part in (self.family_name, self.given_name) if part)

    @property
    def address(self) -> str:
        """The address in one line, the building behind a full-width space."""
        place = f"{self.prefecture}{self.city}{self.street}"
        return "　".join(part for part in (place, self.building) if part)


def checked_profile(entry: ProfileEntry, *, today: date) -> ProfileEntry:
    """The entry in the form it is stored in. Raises ``Refusal`` naming the field.

    Nothing is guessed and no character of a name is replaced. Whoever wants letters gives the address they go to.
    """
    entry = replace(
        entry,
        family_name=one_line(entry.family_name, field="family_name", longest=LONGEST_NAME),
        given_name=one_line(entry.given_name, field="given_name", longest=LONGEST_NAME),
        family_reading=_reading(entry.family_reading, "family_reading"),
        given_reading=_reading(entry.given_reading, "given_reading"),
        postal_code=_postal_code(entry.postal_code),
        prefecture=one_line(entry.prefecture, field="prefecture", longest=20),
        city=one_line(entry.city, field="city", longest=LONGEST_LINE),
        street=one_line(entry.street, field="street", longest=LONGEST_LINE),
        building=one_line(entry.building, field="building", longest=LONGEST_LINE),
        district=one_line(entry.district, field="district", longest=40),
        phone=_phone(entry.phone),
    )
    if not entry.family_name:
        raise Refusal("名前が空です。", field="family_name", hint="名前を入力してください。")
    if entry.born_on is not None and not EARLIEST_BIRTH <= entry.born_on <= today:
        raise Refusal("生年月日が正しくありません。", field="born_on", hint="生まれた日を確かめてください。")
    if entry.preference is NoticePreference.POST:
        for field in ("postal_code", "city", "street"):
            if not getattr(entry, field):
                raise Refusal(
                    "郵便を送る住所が足りません。", field=field, hint="郵便番号と住所を最後まで入力してください。"
                )
    return entry


def one_line(text: str, *, field: str, longest: int) -> str:
    """A text for one line, without spaces around it. Raises ``Refusal`` for control characters and for too much."""
    text = text.strip()
    if any(unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp") for one in text):
        raise Refusal("使えない文字（改行など）が入っています。", field=field, hint="入力し直してください。")
    if len(text) > longest:
        raise Refusal(f"長すぎます（{longest}文字まで）。", field=field, hint="短くしてください。")
    return text


def _reading(text: str, field: str) -> str:
    if not text.strip():
        return ""
    # People with a name in Latin letters write its reading in Latin letters too where they have no other.
    reading = to_reading(text[:LONGEST_NAME])
    if reading is None:
        raise Refusal(
            "フリガナが読めません。", field=field, hint="カタカナかひらがなで入力してください（例：アイヅ）。"
        )
    return reading


def _postal_code(text: str) -> str:
    try:
        return parse_postal_code(text) if text.strip() else ""
    except Refusal as refusal:
        raise refusal.at("postal_code") from None


def _phone(text: str) -> str:
    try:
        return format_phone(text) if text.strip() else ""
    except Refusal as refusal:
        raise refusal.at("phone") from None


def address_parts(address: str) -> tuple[str, str]:
    """An address in one line as the lines of an envelope: the place, and the building behind the first wide space."""
    place, _, building = re.sub(r"[ \u3000]+", "　", address.strip()).partition("　")
    return place, building
