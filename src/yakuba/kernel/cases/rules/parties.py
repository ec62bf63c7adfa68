"""Who a case concerns (当事者): who applies, and who acts for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from yakuba.kernel.values.api import Refusal

LONGEST_NAME, LONGEST_ADDRESS, LONGEST_PHONE, LONGEST_MAIL = 120, 300, 30, 254


class PartyRole(StrEnum):
    """What somebody is in a case."""

    APPLICANT = "applicant"
    AGENT = "agent"

    @property
    def label(self) -> str:
        return {"applicant": "申請者", "agent": "代理人"}[self.value]


class Arrival(StrEnum):
    """How a case came to the town hall (受付の方法)."""

    ONLINE = "online"
    COUNTER = "counter"
    PHONE = "phone"
    POST = "post"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {
            "online": "オンライン",
            "counter": "窓口",
            "phone": "電話",
            "post": "郵送",
            "other": "その他",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Party:
    """A person or body as it was given with the submission.

    Names exactly as typed (variation selectors kept), ``kana`` their reading. ``postal_code`` is seven digits,
    ``address`` one line with the building behind a full-width space. ``account_id`` is the public id of the account,
    empty without one. ``is_protected`` is what the caller knows; the engine asks again by itself.
    """

    name: str
    kana: str = ""
    postal_code: str = ""
    address: str = ""
    phone: str = ""
    mail: str = ""
    account_id: str = ""
    birth_date: date | None = None
    is_protected: bool = False


def checked_party(party: Party, *, role: PartyRole) -> Party:
    """The party without blanks around its texts. Raises `Refusal` for one without a name or with too long a text."""
    tidy = replace(
        party,
        name=party.name.strip(),
        kana=party.kana.strip(),
        postal_code=party.postal_code.strip().replace("-", ""),
        address=party.address.strip(),
        phone=party.phone.strip(),
        mail=party.mail.strip(),
    )
    if not tidy.name:
        raise Refusal(f"{role.label}の氏名がありません。", field="name", hint="氏名（名称）を入力してください。")
    for text, longest, words in (
        (tidy.name, LONGEST_NAME, "氏名"),
        (tidy.kana, LONGEST_NAME, "フリガナ"),
        (tidy.postal_code, 7, "郵便番号"),
        (tidy.address, LONGEST_ADDRESS, "住所"),
        (tidy.phone, LONGEST_PHONE, "電話番号"),
        (tidy.mail, LONGEST_MAIL, "メールアドレス"),
    ):
        if len(text) > longest:
            raise Refusal(f"{role.label}の{words}が長すぎます（{longest}文字まで）。", hint="短くしてください。")
    return tidy
