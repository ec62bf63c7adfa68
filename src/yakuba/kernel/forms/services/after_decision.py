"""What a decision about a version does to it."""

from __future__ import annotations

from yakuba.kernel.access.api import system_person
from yakuba.kernel.approval.api import DecisionMade, DecisionWithdrawn, decisions_on
from yakuba.kernel.forms.models import FormVersion
from yakuba.kernel.forms.rules.lifecycle import VersionState
from yakuba.kernel.forms.services.versions import publish_version, return_to_draft
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.things.api import Ref

SUBJECT = "forms.version"


def hear_decision(event: DecisionMade) -> None:
    """Approved: the version goes live in the transaction of the decision. Refused or sent back: it is a draft again."""
    version = _waiting(event.subject_kind, event.subject_id)
    if version is None:
        return
    by = system_person("approval")
    if event.outcome == "approved":
        cited = decisions_on(Ref(SUBJECT, version.public_id))
        words = f"{cited[0].decided_at:%Y-%m-%d} {cited[0].title}決裁" if cited else event.request_public_id
        publish_version(
            by=by, version=version, decision=f"{words}（{event.request_public_id}）"[:80], clock=town_clock()
        )
    else:
        return_to_draft(by=by, version=version, clock=town_clock())


def hear_withdrawal(event: DecisionWithdrawn) -> None:
    """Whoever asked took the question back: the version is a draft again."""
    version = _waiting(event.subject_kind, event.subject_id)
    if version is not None:
        return_to_draft(by=system_person("approval"), version=version, clock=town_clock())


def _waiting(kind: str, public_id: str) -> FormVersion | None:
    if kind != SUBJECT:
        return None
    return FormVersion.objects.filter(public_id=public_id, state=VersionState.REVIEWED.value).first()
