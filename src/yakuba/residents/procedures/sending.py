"""From a finished form to a case: one verb, whatever was pressed twice."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from yakuba.kernel.access.api import VISITOR, Person, PersonKind
from yakuba.kernel.cases.api import Arrival, Case, Party, Shown, submit_case
from yakuba.kernel.catalogue.api import Procedure
from yakuba.kernel.forms.api import Evaluation
from yakuba.kernel.forms.models import Filling
from yakuba.residents.procedures.agents import principal_account
from yakuba.residents.procedures.applicant import applicant_in
from yakuba.residents.procedures.asking import asker, clock_of
from yakuba.residents.procedures.cosigning import cosigners_in

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
PASSWORD_LENGTH = 10
NAMELESS = "（匿名）"
"""What stands for a name where a form lets people stay without one."""
_PASSWORDS = "procedures.passwords"


def receive_case(
    request: HttpRequest,
    *,
    procedure: Procedure,
    filling: Filling,
    evaluation: Evaluation,
    shown: Shown,
    agent: Party | None = None,
) -> Case:
    """Send the form, by ``agent`` for somebody else where there is one; the same filling always gives the same case. The password for looking it up without an account
    is made once and shown on the receipt of this browser. Raises ``NotOpen``, ``Incomplete``."""
    person = asker(request)
    passwords = dict(request.session.get(_PASSWORDS, {}))
    password = passwords.get(filling.public_id) or new_password()
    if not person.is_signed_in:
        # Before the verb: a receipt whose password nobody knows would be worthless.
        passwords[filling.public_id] = password
        request.session[_PASSWORDS] = dict(list(passwords.items())[-20:])
        request.session.save()
    applicant = party_in(evaluation, by=person if agent is None else VISITOR)
    if agent is not None:
        applicant = replace(applicant, account_id=principal_account(request, filling, procedure))
    return submit_case(
        by=person,
        procedure=procedure,
        filling=filling,
        applicant=applicant,
        agent=agent,
        channel=Arrival.ONLINE,
        accepts_enotice=request.POST.get("accepts_enotice") == "yes",
        password="" if person.is_signed_in else password,
        shown=shown,
        language=get_language() or "ja",
        cosigners=cosigners_in(evaluation),
        clock=clock_of(request),
    )


def password_of(request: HttpRequest, filling: Filling) -> str:
    """The password this browser was given for the case of a filling; empty without one."""
    return str(request.session.get(_PASSWORDS, {}).get(filling.public_id, ""))


def party_in(evaluation: Evaluation, *, by: Person) -> Party:
    """Who applies, as the answers say it; of a resident who sends it themselves with their account."""
    is_own = by.kind is PersonKind.RESIDENT
    found: dict[str, Any] = applicant_in(evaluation.definition, evaluation.answers)
    name, address = found.get("name") or {}, found.get("address") or {}
    birth = found.get("birth_date")
    return Party(
        name="　".join(filter(None, (name.get("family", ""), name.get("given", ""))))
        or (by.name if is_own else "")
        or NAMELESS,
        kana="　".join(filter(None, (name.get("family_kana", ""), name.get("given_kana", "")))),
        postal_code=address.get("postal_code", ""),
        address="　".join(
            filter(None, (f"{address.get('place', '')}{address.get('lot', '')}", address.get("building", "")))
        ),
        phone=found.get("phone", ""),
        mail=found.get("mail", ""),
        account_id=by.id if is_own else "",
        birth_date=date.fromisoformat(birth) if birth else None,
    )


def new_password() -> str:
    """A password for looking a case up without an account: easy to read aloud and to type."""
    return "".join(secrets.choice(_LETTERS) for _ in range(PASSWORD_LENGTH))
