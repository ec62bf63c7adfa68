"""Telling both sides of a mandate that it holds, or that it is over.

Called from `site/wiring`, within the verb of `kernel.people`. Whoever has no account heard it at the counter, where the
paper was handed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.urls import NoReverseMatch, reverse

from yakuba.kernel.access.api import system_person
from yakuba.kernel.catalogue.api import Procedure
from yakuba.kernel.japan.api import era_date
from yakuba.kernel.notify.api import CannotBeReached, MessageKind, Recipient, tell
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.people.api import MandateInForce, MandateRevoked
from yakuba.kernel.people.models import Mandate
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Text
from yakuba.residents.procedures import notices as kinds

_BY = system_person("procedures")
_EVERYTHING = Text("すべての手続き", easy="ぜんぶの 手続（てつづ）き", en="all procedures")


def hear_in_force(event: MandateInForce) -> None:
    """Both read who acts for whom, in what, until when: also to notice a mistake of the counter."""
    mandate = _mandate(event.mandate_public_id)
    said = {"scope": scope_in_words(mandate), "period": _period(mandate.starts_on, mandate.last_day)}
    _tell_agent(mandate, kinds.MAY_ACT, {"name": mandate.principal_name, **said})
    _tell_principal(mandate, kinds.AGENT_REGISTERED, {"name": mandate.agent_name, **said})


def hear_revoked(event: MandateRevoked) -> None:
    """Both know that it is over."""
    mandate = _mandate(event.mandate_public_id)
    _tell_agent(mandate, kinds.MAY_ACT_NO_MORE, {"name": mandate.principal_name})
    _tell_principal(mandate, kinds.AGENT_REVOKED, {"name": mandate.agent_name})


def scope_in_words(mandate: Mandate) -> Text:
    """For which procedures a mandate serves, as the catalogue calls them today."""
    if mandate.is_for_everything:
        return _EVERYTHING
    titles = [one.title for one in Procedure.objects.filter(key__in=mandate.scope).order_by("number")]
    if len(titles) < len(mandate.scope):
        return Text(mandate.scope_words, easy=mandate.scope_words, en=mandate.scope_words)
    return Text(
        "、".join(one.in_language("ja") for one in titles),
        easy="、".join(one.in_language("ja-easy") for one in titles),
        en=", ".join(one.in_language("en") for one in titles),
    )


def _period(first: date, last: date | None) -> Text:
    start, english = era_date(first), f"{first.day} {first:%B %Y}"
    if last is None:
        return Text(
            f"{start}から（終わりの日なし）",
            easy=f"{start}から（終（お）わりの 日（ひ）は ありません）",
            en=f"from {english}, without end",
        )
    end = era_date(last)
    return Text(f"{start}から{end}まで", easy=f"{start}から {end}まで", en=f"from {english} to {last.day} {last:%B %Y}")


def _tell_agent(mandate: Mandate, kind: MessageKind, values: Mapping[str, str | Text]) -> None:
    _tell(mandate, kind, Recipient(name=mandate.agent_name, account=mandate.agent_account), values)


def _tell_principal(mandate: Mandate, kind: MessageKind, values: Mapping[str, str | Text]) -> None:
    to = Recipient(name=mandate.principal_name, account=mandate.principal_account, born_on=mandate.principal_born_on)
    _tell(mandate, kind, to, values)


def _tell(mandate: Mandate, kind: MessageKind, to: Recipient, values: Mapping[str, str | Text]) -> None:
    if not to.account:
        return
    try:
        tell(
            by=_BY,
            recipient=to,
            kind=kind,
            about=ref_of(mandate),
            values=dict(values),
            key=f"mandates:{mandate.public_id}:{kind.key}",
            clock=town_clock(),
            link=_link(),
        )
    except CannotBeReached:
        return  # the account was closed meanwhile; nobody's mandate hangs on being told


def _link() -> str:
    try:
        return reverse("resident-mandates")
    except NoReverseMatch:
        return ""


def _mandate(public_id: str) -> Mandate:
    return Mandate.objects.get(public_id=public_id)
