"""Acting for somebody else: on what ground, and who the agent is.

What the agent says about themselves waits in the session, sealed, until the form is sent; the letter of attorney
(委任状) is a file of the form, a registered mandate a row of `kernel.people`.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest

from yakuba.kernel.access.api import Person
from yakuba.kernel.cases.api import Party
from yakuba.kernel.catalogue.api import Procedure
from yakuba.kernel.forms.api import FormDefinition
from yakuba.kernel.forms.models import Filling
from yakuba.kernel.identity.api import seal, unseal
from yakuba.kernel.people.api import is_about, mandates_for, profile_of
from yakuba.kernel.people.models import Mandate
from yakuba.kernel.values.api import Clock
from yakuba.residents.procedures.asking import asker, clock_of

LETTER = "letter"
MANDATE_QUESTION = "mandate"
"""The question of a form under which a letter of attorney is attached."""
_AGENTS = "procedures.agents"
_MOST = 20


def takes_letters(definition: FormDefinition) -> bool:
    """Whether a form asks for a letter of attorney, so that an agent may use it."""
    return any(one.key == MANDATE_QUESTION and one.type == "files" for one in definition.questions())


def registered_mandates(person: Person, procedure: Procedure, clock: Clock) -> list[Mandate]:
    """The registered mandates on which a signed-in resident may act in a procedure today."""
    if not person.is_signed_in:
        return []
    return mandates_for(agent=person.id, procedure=procedure.key, on=clock.today())


def facts_for(ground: str, mandates: list[Mandate], definition: FormDefinition) -> dict[str, Any] | None:
    """What the form knows about who acts, from the choice ``ground``: empty for oneself; ``None`` for a ground that does
    not hold (forged, over, or a form that takes no letter)."""
    if ground in ("", "own"):
        return {}
    if ground == LETTER:
        return {"is_agent": True, "has_mandate": False} if takes_letters(definition) else None
    mandate = next((one for one in mandates if one.public_id == ground), None)
    return {"is_agent": True, "has_mandate": True, "mandate": mandate.public_id} if mandate is not None else None


def is_for_another(filling: Filling) -> bool:
    return bool(filling.facts.get("is_agent"))


def lost_mandate(request: HttpRequest, filling: Filling, procedure: Procedure) -> bool:
    """Whether the registered mandate a form was begun on is over (revoked, or past its last day), or was never theirs."""
    wanted = filling.facts.get("mandate")
    if not wanted:
        return False
    held = registered_mandates(asker(request), procedure, clock_of(request))
    return all(one.public_id != wanted for one in held)


def other_principal(request: HttpRequest, filling: Filling, procedure: Procedure, applicant: Party) -> str:
    """The name of the registered mandate's principal, when somebody else is named as the applicant; empty when all is well."""
    wanted = filling.facts.get("mandate")
    for one in registered_mandates(asker(request), procedure, clock_of(request)) if wanted else []:
        is_same = is_about(
            principal_name=one.principal_name,
            principal_born_on=one.principal_born_on,
            name=applicant.name,
            born_on=applicant.birth_date,
        )
        if one.public_id == wanted and not is_same:
            return one.principal_name
    return ""


def principal_account(request: HttpRequest, filling: Filling, procedure: Procedure) -> str:
    """The account of the person represented, if a registered mandate names one that holds today."""
    wanted = filling.facts.get("mandate")
    held = registered_mandates(asker(request), procedure, clock_of(request)) if wanted else []
    return next((one.principal_account for one in held if one.public_id == wanted), "")


def keep_agent(request: HttpRequest, filling: Filling, agent: Party) -> None:
    """Remember who acts until the form is sent."""
    kept = dict(request.session.get(_AGENTS, {}))
    kept.pop(filling.public_id, None)
    values = {name: value for name, value in asdict(agent).items() if name in _KEPT}
    kept[filling.public_id] = seal(json.dumps(values, ensure_ascii=False))
    request.session[_AGENTS] = dict(list(kept.items())[-_MOST:])


_KEPT = ("name", "kana", "postal_code", "address", "phone", "mail")


def agent_of(request: HttpRequest, filling: Filling) -> Party | None:
    """Who acts, as they said on this device; ``None`` when they have to say it (again)."""
    sealed = request.session.get(_AGENTS, {}).get(filling.public_id)
    if not sealed:
        return None
    person = asker(request)
    return Party(**json.loads(unseal(sealed)), account_id=person.id if person.is_signed_in else "")


def agent_known(person: Person) -> dict[str, str]:
    """What the profile of a signed-in agent says, for filling the page about them."""
    profile = profile_of(person.id) if person.is_signed_in else None
    if profile is None:
        return {"name": person.name} if person.is_signed_in else {}
    return {
        "name": "　".join(filter(None, (profile.family_name, profile.given_name))),
        "kana": "　".join(filter(None, (profile.family_reading, profile.given_reading))),
        "postal_code": profile.postal_code,
        "address": f"{profile.prefecture}{profile.city}{profile.street}{'　' if profile.building else ''}{profile.building}",
        "phone": profile.phone,
        "mail": "",
    }
