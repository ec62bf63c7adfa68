"""How other apps may point at cases."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse

from yakuba.kernel.cases import models
from yakuba.kernel.cases.access import may_see
from yakuba.kernel.things.api import describe


def _url(case: models.Case) -> str:
    try:
        return reverse("office-case", args=[case.public_id])
    except NoReverseMatch:
        return ""  # the office pages belong to an initiative that may be switched off


def _snapshot(case: models.Case) -> dict[str, Any]:
    """What a decision rests on: which case, and the answers that count. Its way through the house is no part of it."""
    return {"number": case.number, "procedure": case.procedure.key, "answers": case.answers.digest}


describe(
    kind="cases.case",
    label="案件",
    model=models.Case,
    title=str,
    url=_url,
    gate=may_see,
    snapshot=_snapshot,
)
