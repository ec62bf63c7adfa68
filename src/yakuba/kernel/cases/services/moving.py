"""How a verb takes hold of a case and moves it; no verb itself."""

from __future__ import annotations

from yakuba.kernel.access.api import Person
from yakuba.kernel.approval.models import DecisionRequest
from yakuba.kernel.cases.models import Case, CaseEvent, Happening
from yakuba.kernel.cases.rules.states import Mover, Phase
from yakuba.kernel.values.api import Clock, Refusal


class ChangedMeanwhile(Refusal):
    """Somebody else changed the case since the page was made."""

    def __init__(self, case: Case) -> None:
        super().__init__(
            f"開いている間に、この案件が動きました（いまは「{case.state_label}」）。",
            hint="いまの状態を見てから、もう一度操作してください。書いた文は残しています。",
        )
        self.case = case


def hold(case: Case, *, seen_edition: int | None = None) -> Case:
    """The case as it is stored, held until the verb ends. Raises `ChangedMeanwhile`."""
    # Locked by itself first: PostgreSQL looks at a row again after waiting for it, and a joined row that changed meanwhile
    # (the answers that count) would make the case seem to be gone.
    Case.objects.select_for_update().only("pk").get(pk=case.pk)
    held = Case.objects.select_related("procedure", "section", "section__authority", "answers", "answers__version").get(
        pk=case.pk
    )
    if seen_edition is not None and held.edition != seen_edition:
        raise ChangedMeanwhile(held)
    return held


def hold_with_request(case: Case, *, seen_edition: int | None = None) -> Case:
    """The same for verbs that touch a waiting request for decision: its row is taken first, as deciding does, so that
    nobody waits for somebody who waits for them."""
    list(
        DecisionRequest.objects.select_for_update(of=("self",)).filter(
            subject_kind="cases.case", subject_id=case.public_id, state="waiting"
        )
    )
    return hold(case, seen_edition=seen_edition)


def note(
    case: Case,
    what: Happening,
    *,
    by: Person,
    clock: Clock,
    words: str = "",
    resident_words: str = "",
    before: str = "",
    after: str = "",
) -> CaseEvent:
    """Write down what happened. Callers are verbs."""
    return CaseEvent.objects.create(
        case=case,
        what=what,
        at=clock.now(),
        before=before,
        after=after,
        words=words[:1000],
        resident_words=resident_words[:1000],
        actor=by.id,
        actor_name=by.name[:80],
        actor_kind=by.kind.value,
    )


def move(
    case: Case,
    to: str,
    mover: Mover,
    *,
    by: Person,
    clock: Clock,
    words: str = "",
    resident_words: str = "",
    what: Happening = Happening.MOVED,
) -> Case:
    """Move a held case and store it. Raises `TransitionRefused` and `NotTheirStep` for what the table does not know."""
    case.table.check(case.state, to, mover)
    before = case.state
    case.state = case.table.read(to).value
    phase = case.table.phase(to)
    case.phase = phase.value
    case.completed_on = clock.today() if phase is Phase.CLOSED else None
    if case.state in ("withdrawn", "declined") or phase not in (Phase.DECIDED, Phase.CLOSED):
        case.handled_on = None
    elif case.handled_on is None:
        case.handled_on = clock.today()
    case.changed_at = clock.now()
    case.edition += 1
    case.save()
    note(case, what, by=by, clock=clock, words=words, resident_words=resident_words, before=before, after=case.state)
    return case


def touch(case: Case, *, clock: Clock) -> Case:
    """Store a held case that changed without moving."""
    case.changed_at = clock.now()
    case.edition += 1
    case.save()
    return case
