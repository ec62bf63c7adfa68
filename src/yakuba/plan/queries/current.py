"""Which plan is in force, and what stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from yakuba.plan.models import Plan, PlanVersion
from yakuba.plan.rules.plan_file import PlanFile
from yakuba.plan.rules.translations import in_language


@dataclass(frozen=True)
class PlanInForce:
    """A plan with its newest version and the content of it, in the language asked for where it is translated."""

    plan: Plan
    version: PlanVersion
    content: PlanFile


def content_of(version: PlanVersion) -> PlanFile:
    """The content of a stored version."""
    return _content(version.pk, version.digest, version.document)


@lru_cache(maxsize=32)
def _content(pk: int, digest: str, document: str) -> PlanFile:
    # A stored version passed all checks when it was loaded; only its shape is read again.
    return PlanFile.model_validate_json(document, strict=False)


@lru_cache(maxsize=32)
def _content_in(pk: int, digest: str, document: str, language: str) -> PlanFile:
    return in_language(_content(pk, digest, document), language)


def newest_version(plan: Plan) -> PlanVersion | None:
    """The version that counts."""
    return plan.versions.order_by("-number").first()


def plan_in_force(language: str | None = "ja") -> PlanInForce | None:
    """The plan the public sees, in a language of the house; `None` until one is loaded."""
    version = (
        PlanVersion.objects.filter(plan__is_shown=True).select_related("plan").defer("text").order_by("-number").first()
    )
    if version is None:
        return None
    content = _content_in(version.pk, version.digest, version.document, language or "ja")
    return PlanInForce(version.plan, version, content)
