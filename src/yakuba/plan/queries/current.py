"""Which plan is in force, and what stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from yakuba.plan.models import Plan, PlanVersion
from yakuba.plan.rules.plan_file import PlanFile


@dataclass(frozen=True)
class PlanInForce:
    """A plan with its newest version and the content of it."""

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


def newest_version(plan: Plan) -> PlanVersion | None:
    """The version that counts."""
    return plan.versions.order_by("-number").first()


def plan_in_force() -> PlanInForce | None:
    """The plan the public sees; `None` until one is loaded."""
    version = (
        PlanVersion.objects.filter(plan__is_shown=True).select_related("plan").defer("text").order_by("-number").first()
    )
    return PlanInForce(version.plan, version, content_of(version)) if version else None
