"""Loading a plan file: a new version, nothing destroyed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db.models import Model

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.plan.access import MAY_STEER, ensure
from yakuba.plan.models import Initiative, Kpi, Milestone, Plan, PlanVersion
from yakuba.plan.models.acted import acting
from yakuba.plan.rules.check_plan_file import read_plan_file
from yakuba.plan.rules.plan_file import PlanFile


def load_plan(*, by: Person, text: str, note: str, show: bool, clock: Clock) -> PlanVersion:
    """Make the plan in `text` the newest version of its plan; with `show` it becomes the plan the public sees.

    Initiatives, KPIs and milestones are the same as before when their ids are; those no longer in the file stay stored
    with everything recorded about them. Raises `PlanFileRefused` with every fault, `Refusal` when the content is that
    of the newest version or a revision has no reason.
    """
    ensure(by, may=MAY_STEER, doing="計画を改定する")
    # The file is read before the transaction begins: checking it takes longer than storing it.
    content = read_plan_file(text)
    documents = [content.model_dump_json(by_alias=True)]
    if not content.translations:
        # How a version was stored before plan files could be translated.
        documents.append(content.model_dump_json(by_alias=True, exclude={"translations"}))
    return _store_version(by=by, text=text, documents=documents, content=content, note=note, show=show, clock=clock)


@verb("plan.load_plan", label="計画を読み込む")
def _store_version(
    *, by: Person, text: str, documents: Sequence[str], content: PlanFile, note: str, show: bool, clock: Clock
) -> PlanVersion:
    plan, _ = Plan.objects.get_or_create(
        key=content.plan.id,
        defaults={"title": content.plan.title, "town_code": content.plan.town_code, "is_sample": content.plan.sample},
    )
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    newest = plan.versions.order_by("-number").first()
    if newest is not None and newest.document in documents:
        raise Refusal(
            f"この計画ファイルの内容は、今の第{newest.number}版と同じです。",
            hint="改定した計画ファイルか確かめてください。",
        )
    if newest is not None and not note.strip():
        raise Refusal("改定の理由が空です。", field="note", hint="何をなぜ変えたのかを一文で書いてください。")
    version = PlanVersion.objects.create(
        plan=plan,
        number=(newest.number if newest else 0) + 1,
        edition=content.plan.edition,
        text=text,
        document=documents[0],
        digest=hashlib.sha256(text.encode()).hexdigest(),
        note=note.strip(),
        acted_at=clock.now(),
        **acting(by),
    )
    plan.title, plan.town_code, plan.is_sample = content.plan.title, content.plan.town_code, content.plan.sample
    if show and not plan.is_shown:
        Plan.objects.filter(is_shown=True).update(is_shown=False)
        plan.is_shown = True
    plan.save()
    _follow(plan, content)
    return version


def _follow(plan: Plan, content: PlanFile) -> None:
    """Bring the lasting rows in line with the newest version: new ones are made, known ones keep their identity."""
    for model in (Milestone, Kpi, Initiative):
        model.objects.filter(plan=plan, is_current=True).update(is_current=False)
    _keep(
        Initiative,
        [
            Initiative(plan=plan, key=one.id, number=one.number, title=one.title, position=position)
            for position, one in enumerate(content.initiatives)
        ],
        ("number", "title", "position", "is_current"),
    )
    initiatives = {row.key: row for row in Initiative.objects.filter(plan=plan)}
    _keep(
        Milestone,
        [
            Milestone(
                plan=plan,
                initiative=initiatives[one.id],
                key=milestone.id,
                statement=milestone.statement,
                due_fiscal_year=milestone.due_fiscal_year,
                position=position * 100 + place,
            )
            for position, one in enumerate(content.initiatives)
            for place, milestone in enumerate(one.milestones)
        ],
        ("initiative", "statement", "due_fiscal_year", "position", "is_current"),
    )
    _keep(
        Kpi,
        [
            Kpi(
                plan=plan,
                initiative=initiatives[owner.id] if owner else None,
                key=kpi.id,
                title=kpi.title,
                measure_id=kpi.measure,
                position=position,
            )
            for position, (owner, kpi) in enumerate(content.all_kpis())
        ],
        ("initiative", "title", "measure_id", "position", "is_current"),
    )


def _keep(model: type[Model], rows: Sequence[Model], changing: Sequence[str]) -> None:
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=["plan", "key"], update_fields=list(changing)
    )
