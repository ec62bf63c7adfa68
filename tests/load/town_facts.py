"""`python -m tests.load.town_facts` prints as JSON what an attacker would like to know about a town.

Its addresses with the face and rule each declares, the ids of stored objects, and the personal values that must not be
shown to people who have no business with them.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import django

IDS_PER_MODEL = 2
VALUES_PER_FIELD = 400
SHORTEST_VALUE = 6
WORD_OR_PLACE = re.compile(r"[a-z_]+|/[a-z/_-]*")
"""A bare code, or the address of a page that is the same for everybody: says nothing about a person."""


def main() -> None:
    django.setup()
    personal = _personal_values()
    own = {value for value in personal if value in _pages_of("町民")}
    facts = {"addresses": list(_addresses()), "ids": list(_ids()), "personal": sorted(personal), "own": sorted(own)}
    print(json.dumps(facts))


@cache
def _pages_of(persona: str) -> str:
    """What a resident of the sample town reads on the pages that lead from the own home."""
    from django.conf import settings

    from tests.pages.walk import walk

    settings.ALLOWED_HOSTS = ["*"]
    return "\n".join(visit.html for visit in walk(persona) if visit.address.startswith("/my/"))


def _addresses() -> Iterator[dict[str, Any]]:
    from django.urls import URLPattern, get_resolver

    from yakuba.kernel.access.api import declaration_of

    def walk(patterns: list[Any], before: str = "") -> Iterator[tuple[str, URLPattern]]:
        for pattern in patterns:
            route = before + str(pattern.pattern)
            if isinstance(pattern, URLPattern):
                yield route, pattern
            else:
                yield from walk(pattern.url_patterns, route)

    for route, pattern in walk(get_resolver().url_patterns):
        declared = declaration_of(pattern.callback)
        yield {
            "route": route,
            "face": declared.face.value if declared else "undeclared",
            "open_to_all": bool(declared and declared.rule.words == "だれでも"),
        }


def _ids() -> Iterator[str]:
    from django.apps import apps

    for model in apps.get_models():
        if model.__module__.startswith("yakuba."):
            named = "public_id" if any(field.name == "public_id" for field in model._meta.fields) else "pk"
            yield from (str(one) for one in model._default_manager.values_list(named, flat=True)[:IDS_PER_MODEL])


def _personal_values() -> set[str]:
    """Stored personal texts of every model, without those the first screen shows on purpose (the personas)."""
    from django.apps import apps
    from django.db import models

    from yakuba.kernel.identity.models import Persona

    found: set[str] = set()
    for model in apps.get_models():
        declared = getattr(model, "personal", None)
        for name in declared.fields if declared else ():
            field = model._meta.get_field(name)
            if isinstance(field, models.CharField | models.TextField) and not field.choices:
                values = model._default_manager.exclude(**{name: ""}).values_list(name, flat=True)
                found |= {str(value) for value in values[:VALUES_PER_FIELD] if value}
    for persona in Persona.objects.select_related("account__staff"):
        account = persona.account
        found -= {account.display_name, account.sign_in_name, account.public_id}
        if account.staff:
            found -= {account.staff.name, account.staff.number}
    return {
        value
        for value in found
        if len(value) >= SHORTEST_VALUE and not WORD_OR_PLACE.fullmatch(value) and value not in _delivered()
    }


@cache
def _delivered() -> str:
    """The town's catalogue, guides and forms as they are delivered: their words are in the open for everybody."""
    from yakuba.site.settings import places

    texts = (path for folder in ("procedures", "forms") for path in (places.data() / folder).glob("*.*"))
    return "\n".join(path.read_text(encoding="utf-8") for path in texts)


if __name__ == "__main__":
    main()
