"""Who applies, as the answers of a form say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from yakuba.kernel.forms.api import FormDefinition
from yakuba.kernel.identity.api import certified_facts
from yakuba.kernel.people.api import ProfileEntry, profile_of
from yakuba.residents.procedures.asking import asker

#: What a question that is prefilled from the profile says about the applicant.
_FIELDS = {
    "profile.name": "name",
    "profile.birth_date": "birth_date",
    "profile.address": "address",
    "profile.phone": "phone",
    "profile.mail": "mail",
}


def applicant_in(definition: FormDefinition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Name, address and so on of the applicant, by what the questions ask: those that a profile fills; where a form has
    none of these, the first question of the kind.
    """
    found: dict[str, Any] = {}
    first: dict[str, Any] = {}
    for question in definition.questions():
        if question.key not in answers:
            continue
        field = _FIELDS.get(getattr(question, "prefill", ""))
        if field:
            found.setdefault(field, answers[question.key])
        elif question.type in ("name", "address", "phone", "mail"):
            first.setdefault(question.type, answers[question.key])
    return {**first, **found}


def known_of(request: HttpRequest, mail: str) -> dict[str, tuple[Any, str]]:
    """What is known of a signed-in resident, for filling forms: value and source by prefill name.

    Nothing is certified here; every value can be changed by the person.
    """
    person = asker(request)
    known: dict[str, tuple[Any, str]] = {}
    if mail:
        known["profile.mail"] = (mail, "profile")
    profile = profile_of(person.id) if person.is_signed_in else None
    if profile is not None:
        known |= _of_profile(profile)
    certified = certified_facts(request)
    if certified is not None and certified.birth_date is not None:
        # The card gives a name in one piece and no reading; only what fits a question as it stands is taken.
        known["profile.birth_date"] = (certified.birth_date.isoformat(), "card")
    return known


def _of_profile(profile: ProfileEntry) -> dict[str, tuple[Any, str]]:
    known: dict[str, tuple[Any, str]] = {}
    known["profile.name"] = (
        {
            "family": profile.family_name,
            "given": profile.given_name,
            "family_kana": profile.family_reading,
            "given_kana": profile.given_reading,
        },
        "profile",
    )
    if profile.born_on:
        known["profile.birth_date"] = (profile.born_on.isoformat(), "profile")
    if profile.postal_code and profile.street:
        known["profile.address"] = (
            {
                "postal_code": profile.postal_code,
                "place": f"{profile.prefecture}{profile.city}",
                "lot": profile.street,
                "building": profile.building,
            },
            "profile",
        )
    if profile.phone:
        known["profile.phone"] = (profile.phone, "profile")
    return known
