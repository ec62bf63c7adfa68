"""A correction (補正) as its page needs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yakuba.kernel.cases.models import Case, Correction, CorrectionState
from yakuba.kernel.cases.queries.answers import answerable_places
from yakuba.kernel.cases.rules.corrections import merged
from yakuba.kernel.forms.api import Evaluation, evaluate_form, evaluation_of_answers
from yakuba.kernel.values.api import Clock


def open_correction(case: Case) -> Correction | None:
    """The correction that waits for an answer, also after its deadline."""
    return (
        Correction.objects.select_related("case", "before", "before__version")
        .filter(case=case, state__in=[CorrectionState.ASKED, CorrectionState.OVERDUE])
        .first()
    )


def corrected_answers(correction: Correction, answers: Mapping[str, Any], clock: Clock) -> dict[str, Any]:
    """The answers a correction leads to: asked places as given, and what becomes visible because of them.

    Also for the page that shows the answers before they are sent (`correction_evaluation`).
    """
    before = correction.before.every_answer()
    shown_before = answerable_places(evaluation_of_answers(correction.before))
    allowed = set(correction.paths)
    while True:
        found = merged(before, answers, allowed)
        new = {path for path in answerable_places(_evaluated(correction, found, clock)) if "." not in path}
        more = new - shown_before - allowed
        if not more:
            return found
        allowed |= more


def correction_evaluation(correction: Correction, answers: Mapping[str, Any], *, clock: Clock) -> Evaluation:
    """The form as a correction page shows it: for what was typed so far, everything else as it was sent."""
    return _evaluated(correction, corrected_answers(correction, answers, clock), clock)


def _evaluated(correction: Correction, answers: Mapping[str, Any], clock: Clock) -> Evaluation:
    version = correction.before.version
    return evaluate_form(version.read(), answers, today=clock.today(), facts=correction.before.facts)
