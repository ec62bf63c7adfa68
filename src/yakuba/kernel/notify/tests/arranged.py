"""People, kinds and a verb for tests of notify."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from yakuba.kernel.access.api import Person, PersonKind, Role
from yakuba.kernel.audit.api import verb
from yakuba.kernel.identity.models import Account
from yakuba.kernel.identity.tests.people import a_section
from yakuba.kernel.notify.api import ByPost, MessageKind, PostalTo, Recipient, message_kind, tell
from yakuba.kernel.notify.models import Message
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.people.models import Protection
from yakuba.kernel.people.tests.persons import protected
from yakuba.kernel.things.api import Ref
from yakuba.kernel.values.api import Clock, FixedClock, SystemClock, Text

#: Stands where the tests began, so that midnight changes nothing in the middle of one.
CLOCK = FixedClock(SystemClock().now())
TODAY = CLOCK.today()
IVS = "渡邉\U000e0100"

DECISION = message_kind(
    MessageKind(
        key="notify.tests.decision",
        label=Text("手続きのお知らせ", easy="てつづきの おしらせ", en="Your procedure"),
        subject=Text("「{name}」の結果", easy="「{name}」の けっか", en="Result of {name}"),
        body=Text(
            "{on}に決定しました。\n結果：{outcome}",
            easy="{on}に きまりました。\nけっか：{outcome}",
            en="Decided on {on}.\nOutcome: {outcome}",
        ),
        by_post=ByPost.IF_WISHED,
        arrival_matters=True,
        examples={"name": "所得証明書", "on": "令和8年11月23日", "outcome": "交付します"},
    )
)
PAPER = message_kind(
    MessageKind(
        key="notify.tests.paper",
        label=Text("大切なお知らせ", easy="たいせつな おしらせ", en="Important notice"),
        subject=Text("{title}", easy="{title}", en="{title}"),
        body=Text("{text}", easy="{text}", en="{text}"),
        by_post=ByPost.ALWAYS,
        examples={"title": "題", "text": "文"},
    )
)
VALUES: dict[str, Any] = {"name": "所得証明書", "on": date(2026, 11, 23), "outcome": "不交付（見本の理由）"}


def section_staff(section: Section | None = None, *roles: Role, name: str = "担当") -> Person:
    """Somebody of a section."""
    section = section or a_section()
    return Person(
        id=f"staff{section.pk:011d}",
        name=name,
        kind=PersonKind.STAFF,
        roles=frozenset({Role.STAFF, *(roles or (Role.CLERK,))}),
        section_ids=frozenset({section.pk}),
    )


@verb("notify.tests.decide", label="テストの決定")
def decide(*, by: Person, fails: bool = False, **told: Any) -> Message:
    """A verb that tells somebody something, and may fail afterwards."""
    message = tell(by=by, **told)
    if fails:
        raise RuntimeError("the decision failed")
    return message


def told(
    recipient: Recipient,
    *,
    kind: MessageKind = DECISION,
    key: str = "case:1",
    section: Section | None = None,
    values: dict[str, Any] | None = None,
    clock: Clock = CLOCK,
    **more: Any,
) -> Message:
    """A message to somebody, told by the section in charge."""
    section = section or a_section()
    return decide(
        by=section_staff(section),
        recipient=recipient,
        kind=kind,
        about=Ref("cases.case", "0123456789abcdef"),
        values=values or (VALUES if kind is DECISION else {"title": "件名", "text": "本文"}),
        key=key,
        section=section,
        clock=clock,
        **more,
    )


def to_account(account: Account, **more: Any) -> Recipient:
    return Recipient(account=account.public_id, **more)


def by_post(
    name: str = f"{IVS}　花子", address: str = "福島県河沼郡会津坂下町塔寺字見本1番地　見本荘101号", **more: Any
) -> Recipient:
    district = more.pop("district", "")
    return Recipient(name=name, address=PostalTo.of("969-6547", address, district), **more)


def a_letter(number: int = 1, *, section: Section | None = None, **more: Any) -> Any:
    """A waiting letter."""
    message = told(by_post(**more), kind=PAPER, key=f"letter:{number}", section=section)
    return message.letters.get()


def protected_now(**more: Any) -> Protection:
    """A protection in force while the tests run."""
    return protected(starts_on=TODAY - timedelta(days=30), last_day=TODAY + timedelta(days=30), **more)
