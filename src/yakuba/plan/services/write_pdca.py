"""Writing the yearly cycle."""

from __future__ import annotations

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.values.api import Clock, FiscalYear, Refusal
from yakuba.plan.access import MAY_REPORT, ensure
from yakuba.plan.models import Initiative, PdcaEntry, PdcaStep
from yakuba.plan.models.acted import acting


@verb("plan.write_pdca", label="PDCAを記録する")
def write_pdca(
    *, by: Person, initiative: Initiative, year: FiscalYear, step: PdcaStep, text: str, seen: str, clock: Clock
) -> PdcaEntry:
    """Write a step of the cycle. `seen` is the public id of the entry the writer had before him, empty for none.

    Raises `Refusal` when somebody else wrote meanwhile (nothing is lost: both texts stay), and for an empty text.
    """
    ensure(by, may=MAY_REPORT, doing="PDCAを記録する")
    if not text.strip():
        raise Refusal("内容が空です。", field="text", hint="この段階で行うこと、行ったことを書いてください。")
    kept = Initiative.objects.select_for_update().get(pk=initiative.pk)
    last = (
        PdcaEntry.objects.filter(initiative=kept, fiscal_year=year.year, step=step).order_by("-acted_at", "-id").first()
    )
    if last is not None and last.public_id != seen:
        raise Refusal(
            f"あなたが書いている間に、{last.acted_name}さんが「{step.label}」を書き換えました。",
            field="text",
            hint="今の内容を確かめて、必要なら書き足してから、もう一度登録してください。",
        )
    if last is not None and last.text == text.strip():
        raise Refusal("内容が変わっていません。", field="text", hint="書き足すことがなければ、登録は要りません。")
    return PdcaEntry.objects.create(
        initiative=kept,
        fiscal_year=year.year,
        step=step,
        text=text.strip(),
        acted_at=clock.now(),
        **acting(by),
    )
