"""Changing what is told of a procedure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.catalogue.access import ensure_keeps_all, ensure_may_edit
from yakuba.kernel.catalogue.models import Procedure, ProcedureEdition, Source
from yakuba.kernel.catalogue.models.acted import acting
from yakuba.kernel.catalogue.rules.content import ContentRefused, Fault, ProcedureContent, read_content
from yakuba.kernel.catalogue.rules.merge import Difference, differences
from yakuba.kernel.catalogue.services.deliver import next_number
from yakuba.kernel.catalogue.services.store import write_content
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.parameters.api import is_sample_town
from yakuba.kernel.values.api import Clock, Refusal

FIXED = frozenset({"key", "number"})
"""Parts that stay: addresses, posters and counting lists point at them."""


class ChangedMeanwhile(Refusal):
    """Another person changed the procedure while this one was written; `between` is what changed, ours beside theirs."""

    def __init__(self, kept: Procedure, between: tuple[Difference, ...]) -> None:
        super().__init__(
            f"あなたが書いている間に、{kept.acted_name}さんがこの手続きを変えました（第{kept.edition}版）。",
            hint="下に両方の内容を示します。合わせて直してから、もう一度登録してください。",
        )
        self.kept = kept
        self.between = between


@verb("catalogue.edit_procedure", label="手続きの内容を変える")
def edit_procedure(
    *,
    by: Person,
    procedure: Procedure,
    seen_edition: int,
    parts: Mapping[str, Any],
    note: str,
    clock: Clock,
    source: Source = Source.CLERK,
) -> Procedure:
    """Replace parts of the description; a part given as `None` is taken away.

    Raises `ChangedMeanwhile` when the edition the clerk saw is not the newest and a part he writes changed since,
    `ContentRefused` with every fault, `Refusal` when nothing changed.
    """
    kept = _locked(procedure)
    ensure_may_edit(by, kept, clock.today())
    if fixed := sorted(FIXED & set(parts)):
        raise ContentRefused(tuple(Fault("", key, "登録した後は変えられません。") for key in fixed))
    wanted = with_parts(kept.content, parts)
    if kept.edition != seen_edition:
        between = _changed_since(kept, seen_edition, wanted, parts)
        if between:
            raise ChangedMeanwhile(kept, between)
    if wanted == kept.content:
        raise Refusal("変えたところがありません。", hint="内容を直してから登録してください。")
    write_content(kept, wanted, by=by, source=source, note=note, clock=clock)
    return kept


@verb("catalogue.add_procedure", label="手続きを加える")
def add_procedure(*, by: Person, values: Mapping[str, Any], note: str, clock: Clock) -> Procedure:
    """Add a procedure of the town's own. Raises `ContentRefused` with every fault."""
    ensure_keeps_all(by, "手続きを加える")
    content = read_content(dict(values) | {"number": next_number()})
    if Procedure.objects.filter(key=content.key).exists():
        raise ContentRefused((Fault("", "key", f"識別名「{content.key}」の手続きはもうあります。"),))
    procedure = Procedure(is_sample=is_sample_town())
    write_content(procedure, content, by=by, source=Source.CLERK, note=note, clock=clock)
    return procedure


@verb("catalogue.assign_section", label="手続きの担当を決める")
def assign_section(
    *, by: Person, procedure: Procedure, section: Section | None, seen_edition: int, clock: Clock
) -> Procedure:
    """Give a procedure to the section in charge, or take it away from one that does it no longer."""
    kept = _locked(procedure)
    ensure_may_edit(by, kept, clock.today())
    if kept.edition != seen_edition:
        raise ChangedMeanwhile(kept, ())
    if kept.section == section:
        raise Refusal("担当は変わっていません。", field="section", hint="新しい担当を選んでから登録してください。")
    kept.section = section
    kept.edition += 1
    _sign(kept, by, clock)
    kept.save()
    ProcedureEdition.objects.create(
        procedure=kept,
        number=kept.edition,
        values=kept.values,
        source=Source.CLERK,
        note=f"担当を「{section.name if section else 'なし'}」にした",
        acted_at=clock.now(),
        **acting(by),
    )
    return kept


@verb("catalogue.show_procedure", label="手続きを公開する・しまう")
def show_procedure(*, by: Person, procedure: Procedure, is_shown: bool, clock: Clock) -> Procedure:
    """Put a procedure on the public pages, or take it off them; it stays in the office with everything recorded."""
    kept = _locked(procedure)
    ensure_may_edit(by, kept, clock.today())
    if not is_shown and kept.channels.filter(live_since__isnull=False, closed_on__isnull=True).exists():
        raise Refusal(
            "受付中のオンラインの方法があるので、しまえません。", hint="先に受付を終えてから、しまってください。"
        )
    kept.is_shown = is_shown
    _sign(kept, by, clock)
    kept.save()
    return kept


def with_parts(content: ProcedureContent, parts: Mapping[str, Any]) -> ProcedureContent:
    """The description with parts replaced. Raises `ContentRefused`."""
    values = content.to_dict()
    for key, value in parts.items():
        if value is None:
            values.pop(key, None)
        else:
            values[key] = value
    return read_content(values)


def _changed_since(
    kept: Procedure, seen_edition: int, wanted: ProcedureContent, parts: Mapping[str, Any]
) -> tuple[Difference, ...]:
    """What stands now against what was written, for the parts that changed in between and are written too."""
    seen = kept.editions.filter(number=seen_edition).first()
    now, mine = kept.content.to_dict(), wanted.to_dict()
    before = seen.values if seen is not None else {}
    # Parts this clerk does not write come from the newest edition and are no conflict.
    return tuple(
        one
        for one in differences(kept.content, wanted)
        if one.key in parts and now.get(one.key) != before.get(one.key) and now.get(one.key) != mine.get(one.key)
    )


def _locked(procedure: Procedure) -> Procedure:
    return Procedure.objects.select_for_update(of=("self",)).select_related("section").get(pk=procedure.pk)


def _sign(procedure: Procedure, by: Person, clock: Clock) -> None:
    procedure.acted_at = clock.now()
    for name, value in acting(by).items():
        setattr(procedure, name, value)
