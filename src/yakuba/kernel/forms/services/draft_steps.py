"""The history of a draft: what undoing goes back to. Called inside the verbs of versions."""

from __future__ import annotations

from typing import Any

from yakuba.kernel.access.api import Person
from yakuba.kernel.forms.models import DraftStep, FormVersion
from yakuba.kernel.values.api import Clock, Refusal

MOST_STEPS_KEPT = 50
"""States of a draft that are kept."""


def note_step(
    version: FormVersion, *, by: Person, before: dict[str, Any], after: dict[str, Any], label: str, clock: Clock
) -> None:
    """Note the new state; what was undone before is forgotten, and the oldest states behind the fiftieth too."""
    current = version.steps.filter(is_current=True).first()
    if current is None:
        first = version.created_at
        current = version.steps.create(
            number=1, label="はじめの状態", definition=before, made_name="", made_at=first, is_current=True
        )
    version.steps.filter(number__gt=current.number).delete()
    version.steps.filter(pk=current.pk).update(is_current=False)
    version.steps.create(
        number=current.number + 1,
        label=label[:120],
        definition=after,
        made_name=by.name[:80],
        made_at=clock.now(),
        is_current=True,
    )
    version.steps.filter(number__lte=current.number + 1 - MOST_STEPS_KEPT).delete()


def other_step(version: FormVersion, steps: int) -> DraftStep:
    """Make the state so many steps away the current one. Raises `Refusal` where the history ends."""
    current = version.steps.filter(is_current=True).first()
    target = version.steps.filter(number=current.number + steps).first() if current is not None and steps else None
    if current is None or target is None:
        raise Refusal("これより前の状態は残っていません。" if steps < 0 else "やり直せる変更はありません。")
    version.steps.filter(pk=current.pk).update(is_current=False)
    version.steps.filter(pk=target.pk).update(is_current=True)
    return target


def forget_steps(version: FormVersion) -> None:
    """The version is settled: how it came about is told by its versions from now on."""
    version.steps.all().delete()
