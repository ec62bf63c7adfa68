"""Mail over the town's relay: it says that there is something to read, and where; never what.

Every mail has a Message-ID made from its delivery, the same in every attempt: when a crash between sending and noting
makes it go out twice, mail programs and people can tell that it is the same mail (RFC 5322, section 3.6.4).
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from email.headerregistry import Address
from email.utils import parseaddr
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email

from yakuba.kernel.jobs.api import outside_call
from yakuba.kernel.notify.channels.base import ChannelCheck, ChannelDown, Outcome, Parcel, Reached, Sender, Verdict
from yakuba.kernel.notify.rules.texts import one_line
from yakuba.kernel.values.api import Text

_SUBJECT = Text(
    "【{town}】お知らせがあります（{kind}）",
    easy="【{town}】おしらせが あります（{kind}）",
    en="[{town}] You have a notice ({kind})",
)
_BODY = Text(
    "{town}からお知らせがあります。\n\n種類：{kind}\n\n次のページで内容を見てください。\n{url}\n\n"
    "このメールには、お知らせの内容は書いていません。このメールに返信しても、役場には届きません。\n{office}{phone}\n",
    easy="{town}から おしらせが あります。\n\nしゅるい：{kind}\n\n"
    "つぎの ページで みて ください。\n{url}\n\n"
    "この メールには、おしらせの なかみは かいて いません。"
    "この メールに へんじを かいても、やくばには とどきません。\n{office}{phone}\n",
    en="You have a notice from {town}.\n\nKind: {kind}\n\nPlease read it on this page:\n{url}\n\n"
    "This mail does not contain the notice itself. Replies to this mail reach nobody.\n{office}{phone}\n",
)

_PHONE = Text("　電話 {}", easy="　でんわ {}", en=", telephone {}")


class MailChannel:
    """Mail. One connection for a chunk; each mail is settled for itself."""

    key: ClassVar[str] = "mail"
    label: ClassVar[Text] = Text("メール", easy="メール", en="Mail")

    def address_of(self, person: Reached) -> str:
        return person.mail if is_mail_address(person.mail) else ""

    @contextmanager
    def opened(self) -> Iterator[Sender]:
        with outside_call("mail"):
            connection = get_connection(fail_silently=False)
            try:
                connection.open()
            except (OSError, smtplib.SMTPException) as fault:
                raise ChannelDown("メールサーバーにつながりません") from fault
            try:
                yield _Line(connection)
            finally:
                # Whatever was sent is settled; a line that ends badly changes nothing.
                with suppress(OSError, smtplib.SMTPException):
                    connection.close()

    def check(self) -> ChannelCheck:
        has_relay = bool(settings.EMAIL_HOST) or "smtp" not in settings.EMAIL_BACKEND
        return ChannelCheck(
            channel=self.key,
            label=self.label.ja,
            is_configured=has_relay,
            what=f"送信元 {settings.DEFAULT_FROM_EMAIL}" if has_relay else "メールサーバーが設定されていません",
            todo="" if has_relay else "YAKUBA_MAIL_HOST を設定してください",
        )

    def previews(self, parcel: Parcel) -> Sequence[tuple[str, str]]:
        return [written(parcel)]


class _Line:
    """An open connection to the relay."""

    def __init__(self, connection: BaseEmailBackend) -> None:
        self._connection = connection

    def send(self, parcel: Parcel) -> Outcome:
        try:
            mail = mail_of(parcel)
        except ValueError:  # Django's BadHeaderError is one
            return Outcome(Verdict.NEVER, "宛先の形が正しくありません")
        mail.connection = self._connection
        try:
            sent = self._connection.send_messages([mail])
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _ in refused.recipients.values()]
            return _refused(max(codes, default=450))
        except smtplib.SMTPServerDisconnected as fault:
            raise ChannelDown("メールサーバーとの接続が切れました") from fault
        except smtplib.SMTPResponseException as refused:
            return _refused(refused.smtp_code)
        except (OSError, smtplib.SMTPException) as fault:
            raise ChannelDown("メールサーバーが応答しません") from fault
        return Outcome(Verdict.SENT) if sent else Outcome(Verdict.LATER, "メールサーバーが受け取りませんでした")


def mail_of(parcel: Parcel) -> EmailMessage:
    """The mail of a parcel. Raises ``ValueError`` for an address that is none."""
    if not is_mail_address(parcel.address):
        raise ValueError("no mail address")
    subject, body = written(parcel)
    return EmailMessage(
        subject=subject,
        body=body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[parcel.address],
        headers={
            "Message-ID": f"<{parcel.reference}@{_domain()}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "Content-Language": "en" if parcel.language == "en" else "ja",
        },
    )


def written(parcel: Parcel) -> tuple[str, str]:
    """Subject and text of a mail; the name of the kind and the address of the page are all that varies."""
    town = settings.TOWN
    values = {
        "town": town.name_en if parcel.language == "en" else town.name,
        "office": town.office_name,
        "phone": _PHONE.in_language(parcel.language).format(town.phone) if town.phone else "",
        "kind": one_line(parcel.kind_label),
        "url": one_line(parcel.url),
    }
    subject = _SUBJECT.in_language(parcel.language).format(**values)
    return one_line(subject), _BODY.in_language(parcel.language).format(**values)


def is_mail_address(text: str) -> bool:
    """Whether a mail can go to exactly this one address: no second one, no header, no display name."""
    try:
        validate_email(text)
        Address(addr_spec=text)
    except (ValidationError, ValueError, IndexError, TypeError):
        return False
    return len(text) <= 254 and parseaddr(text)[1] == text


def _refused(code: int) -> Outcome:
    """5xx: for good (RFC 5321, section 4.2.1); everything else is tried again."""
    if 500 <= code < 600:
        return Outcome(Verdict.NEVER, f"宛先がないと断られました（{code}）")
    return Outcome(Verdict.LATER, f"今は受け取れないと断られました（{code}）")


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
