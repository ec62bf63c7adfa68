"""To whom a message goes, and how that person can be reached."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from yakuba.kernel.identity.models import Account, AccountKind
from yakuba.kernel.japan.api import parse_postal_code
from yakuba.kernel.notify.channels.base import Reached
from yakuba.kernel.notify.channels.registry import outside_channels
from yakuba.kernel.notify.rules.channels import Reach
from yakuba.kernel.notify.rules.texts import LANGUAGES, one_line
from yakuba.kernel.people.api import NoticePreference, ProfileEntry, address_parts, is_protected, profile_of
from yakuba.kernel.values.api import Refusal

LONGEST_LINE = 120
MOST_LINES = 4


@dataclass(frozen=True, slots=True)
class PostalTo:
    """Where a letter goes: seven digits (empty abroad or unknown), lines of the address, 行政区 if it is known."""

    postal_code: str
    lines: tuple[str, ...]
    district: str = ""

    @classmethod
    def of(cls, postal_code: str, address: str, district: str = "") -> PostalTo:
        """From an address in one line; the building behind a space gets a line of its own. Raises ``Refusal``."""
        code = parse_postal_code(postal_code) if postal_code.strip() else ""
        return checked_postal(cls(code, tuple(part for part in address_parts(address) if part), district))


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person to be told something.

    Somebody with an account is reached by its inbox and as their profile says; what is given here goes before. Somebody
    without is reached by ``mail`` or ``address``. ``number`` (宛名番号) and ``born_on`` help to recognise protected people;
    ``is_protected`` says that the caller knows it already (from the register).
    """

    name: str = ""
    account: str = ""
    mail: str = ""
    address: PostalTo | None = None
    language: str = ""
    is_protected: bool = False
    number: str = ""
    born_on: date | None = None
    honorific: str = "様"


@dataclass(frozen=True, slots=True)
class Known:
    """A recipient with everything looked up."""

    recipient: Recipient
    is_staff: bool
    language: str
    is_protected: bool
    address: PostalTo | None
    reach: Reach

    @property
    def name(self) -> str:
        return self.recipient.name


def looked_up(recipient: Recipient, *, on: date) -> Known:
    """Account, profile and protection of a recipient, with few queries. Raises ``Refusal`` for what cannot be written."""
    recipient = replace(recipient, name=one_line(recipient.name)[:120], mail=recipient.mail.strip())
    account = _account_of(recipient)
    is_staff = account is not None and account.kind == AccountKind.STAFF
    profile = profile_of(recipient.account) if account is not None and not is_staff else None
    if account is not None and not recipient.name:
        recipient = replace(recipient, name=(profile.name if profile else str(account))[:120])
    protected = recipient.is_protected or (
        not is_staff
        and is_protected(
            account=recipient.account,
            number=recipient.number,
            name=recipient.name,
            born_on=recipient.born_on or (profile.born_on if profile else None),
            on=on,
        )
    )
    address = recipient.address or _address_of(profile)
    reached = Reached(account=recipient.account, mail=_mail_of(recipient, account, is_staff=is_staff))
    ways = tuple(one.key for one in outside_channels() if one.address_of(reached)) if not is_staff else ()
    preference = profile.preference if profile else NoticePreference.MAIL
    return Known(
        recipient=recipient,
        is_staff=is_staff,
        language=_language(recipient, profile),
        is_protected=protected,
        address=None if protected else (checked_postal(address) if address else None),
        reach=Reach(
            has_account=account is not None,
            has_mail="mail" in ways,
            # A protected person is reached by hand: the letter exists, its address does not.
            has_address=address is not None or protected,
            wishes_mail=preference is NoticePreference.MAIL,
            wishes_post=preference is NoticePreference.POST,
            others=tuple(way for way in ways if way != "mail"),
        ),
    )


def checked_postal(address: PostalTo) -> PostalTo:
    """The address as it can be printed. Raises ``Refusal``."""
    lines = tuple(line for line in (one_line(line) for line in address.lines) if line)
    if not lines:
        raise Refusal("郵便の宛先の住所が空です。", field="address", hint="住所を入力してください。")
    if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
        raise Refusal(
            "郵便の宛先の住所が長すぎます。",
            field="address",
            hint=f"{LONGEST_LINE}文字まで、{MOST_LINES}行までにしてください。",
        )
    if address.postal_code and not (address.postal_code.isascii() and address.postal_code.isdigit()):
        raise Refusal("郵便番号が正しくありません。", field="postal_code", hint="7けたの数字で入力してください。")
    return PostalTo(address.postal_code[:7], lines, one_line(address.district)[:40])


def _account_of(recipient: Recipient) -> Account | None:
    if not recipient.account:
        return None
    return Account.objects.filter(public_id=recipient.account, is_active=True).select_related("staff").first()


def _mail_of(recipient: Recipient, account: Account | None, *, is_staff: bool) -> str:
    if is_staff:
        return ""
    return recipient.mail or (account.email if account else "")


def _address_of(profile: ProfileEntry | None) -> PostalTo | None:
    if profile is None or not (profile.city and profile.street):
        return None
    lines = (f"{profile.prefecture}{profile.city}{profile.street}", profile.building)
    return PostalTo(profile.postal_code, tuple(line for line in lines if line), profile.district)


def _language(recipient: Recipient, profile: ProfileEntry | None) -> str:
    wanted = recipient.language or (profile.language if profile else "ja")
    return wanted if wanted in LANGUAGES else "ja"
