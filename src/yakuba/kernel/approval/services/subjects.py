"""What a decision is about, as it is at this moment."""

from __future__ import annotations

from yakuba.kernel.approval.rules.canonical import digest
from yakuba.kernel.things.api import Ref, description_of, load
from yakuba.kernel.values.api import Refusal


def fingerprint(subject: Ref) -> str:
    """SHA-256 of the subject's snapshot; "" when its kind states none. Raises ``Refusal`` when it is gone.

    Raises ``ValueError`` for a kind nobody described: decisions are about registered things only.
    """
    description = description_of(subject.kind)
    if description is None:
        raise ValueError(f"{subject.kind!r} is not described in any things.py")
    thing = load(subject)
    if thing is None:
        raise Refusal(
            f"決裁の対象（{description.label}）が見つかりません。",
            hint="元の画面を開き直して、残っているか確かめてください。",
        )
    return digest(description.snapshot(thing)) if description.snapshot else ""
