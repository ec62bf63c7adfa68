from __future__ import annotations

from typing import Any

from django.urls import reverse

from yakuba.kernel.access.api import Role
from yakuba.kernel.notify.access import may_read_content, sections_of
from yakuba.kernel.notify.models import Bundle, BundlePart, Letter, Mailing, Message
from yakuba.kernel.things.api import describe


def _sees(person: Any, one: Message | Letter | Bundle | Mailing) -> bool:
    return person.has(Role.AUDITOR) or (one.section_id is not None and one.section_id in sections_of(person))


describe(
    kind="notify.message",
    label="お知らせ",
    model=Message,
    title=lambda one: "お知らせ",
    url=lambda one: reverse("office-message", args=[one.public_id]),
    gate=lambda person, one: (one.account == person.id and person.is_signed_in) or _sees(person, one),
)
describe(
    kind="notify.letter",
    label="郵便",
    model=Letter,
    title=lambda one: "郵便",
    url=lambda one: reverse("office-letter", args=[one.public_id]),
    gate=_sees,
)
describe(
    kind="notify.bundle",
    label="発送の束",
    model=Bundle,
    title=str,
    url=lambda one: reverse("office-bundle", args=[one.public_id]),
    gate=_sees,
)
describe(
    kind="notify.part",
    label="発送の束の部",
    model=BundlePart,
    title=str,
    url=lambda one: reverse("office-bundle", args=[one.bundle.public_id]),
    gate=lambda person, one: may_read_content(person, one.bundle),
)
describe(
    kind="notify.mailing",
    label="宛先一覧からの郵便",
    model=Mailing,
    title=lambda one: "宛先一覧からの郵便",
    url=lambda one: reverse("office-mailing", args=[one.public_id]),
    gate=lambda person, one: may_read_content(person, one),
)
