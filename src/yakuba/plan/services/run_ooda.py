"""OODA loops: opened by hand or by a KPI outside its corridor, led step by step to an effect."""

from __future__ import annotations

from decimal import Decimal

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.plan.access import MAY_REPORT, ensure
from yakuba.plan.models import Initiative, Kpi, OodaEntry, OodaLoop, Plan
from yakuba.plan.models.acted import acting
from yakuba.plan.rules.ooda import STAGES, Stage


@verb("plan.open_ooda_loop", label="OODAの観察を始める")
def open_ooda_loop(
    *,
    by: Person,
    plan: Plan,
    initiative: Initiative | None,
    kpi: Kpi | None,
    title: str,
    text: str,
    value: Decimal | None,
    expected: Decimal | None,
    is_automatic: bool,
    clock: Clock,
) -> OodaLoop:
    """Open a loop with its observation. Raises `Refusal` when the KPI already has an open one, or words are missing."""
    ensure(by, may=MAY_REPORT, doing="OODAの記録を始める")
    if not title.strip():
        raise Refusal("題名が空です。", field="title", hint="何が起きているかを短く書いてください。")
    if not text.strip():
        raise Refusal("観察の内容が空です。", field="text", hint="見えている事実を書いてください。")
    if kpi is not None:
        Kpi.objects.select_for_update().get(pk=kpi.pk)
        if OodaLoop.objects.filter(kpi=kpi).exclude(stage=Stage.CLOSED.value).exists():
            raise Refusal(
                f"指標「{kpi.title}」には、まだ終わっていないOODAの記録があります。",
                field="kpi",
                hint="その記録に書き足してください。",
            )
    loop = OodaLoop.objects.create(
        plan=plan,
        initiative=initiative or (kpi.initiative if kpi else None),
        kpi=kpi,
        title=title.strip(),
        opened_on=clock.today(),
        value_before=value,
        expected_before=expected,
        is_automatic=is_automatic,
        acted_at=clock.now(),
        **acting(by),
    )
    _enter(loop, Stage.OBSERVED, text, by, clock)
    return loop


@verb("plan.advance_ooda_loop", label="OODAを進める")
def advance_ooda_loop(
    *, by: Person, loop: OodaLoop, to: Stage, text: str, value_after: Decimal | None, clock: Clock
) -> OodaLoop:
    """Bring a loop to its next stage with what was judged, decided or done; closing keeps the KPI after the action.

    Raises `TransitionRefused` for a step that is not in the table, `Refusal` for missing words.
    """
    ensure(by, may=MAY_REPORT, doing="OODAの記録を進める")
    if not text.strip():
        raise Refusal(
            "内容が空です。", field="text", hint="判断・決定・実行したこと、または終える理由を書いてください。"
        )
    kept = OodaLoop.objects.select_for_update().get(pk=loop.pk)
    STAGES.check(Stage(kept.stage), to)
    kept.stage = to.value
    if to is Stage.CLOSED:
        kept.closed_on = clock.today()
        kept.value_after = value_after
    kept.save()
    _enter(kept, to, text, by, clock)
    return kept


def _enter(loop: OodaLoop, stage: Stage, text: str, by: Person, clock: Clock) -> None:
    OodaEntry.objects.create(
        loop=loop,
        stage=stage.value,
        text=text.strip(),
        on=clock.today(),
        acted_at=clock.now(),
        **acting(by),
    )
