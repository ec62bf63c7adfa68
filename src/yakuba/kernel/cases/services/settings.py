"""How a section handles its cases (取扱い), and its templates of words (定型文)."""

from __future__ import annotations

from collections.abc import Mapping

from yakuba.kernel.access.api import NotAllowed, Person, Role
from yakuba.kernel.approval.api import ActKind, Decider
from yakuba.kernel.audit.api import verb
from yakuba.kernel.cases.access import sections_of, works_on_cases
from yakuba.kernel.cases.models import AnswerTemplate, Handling, SignUpMode, TemplateUse
from yakuba.kernel.cases.queries.standing import handling_of
from yakuba.kernel.cases.rules.states import GrantStage
from yakuba.kernel.catalogue.models import Procedure
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.values.api import Clock, Refusal

LONGEST_TEMPLATE = 2000


@verb("cases.set_handling", label="案件の取扱いの変更")
def set_handling(
    *,
    by: Person,
    procedure: Procedure,
    seen_edition: int,
    act_kind: ActKind,
    decider: Decider,
    correction_days: int | None,
    places: int | None,
    sign_up_mode: SignUpMode,
    stage_forms: Mapping[str, str],
    report_days: int | None,
    clock: Clock,
) -> Handling:
    """Say how cases of a procedure are handled: by its section's clerks and the secretariat.

    A 届出 is never a 処分. Raises `Refusal` naming the field, also when somebody else changed it meanwhile.
    """
    if not (by.has(Role.SECRETARIAT) or (works_on_cases.allows(by) and procedure.section_id in sections_of(by))):
        raise NotAllowed(f"「{procedure}」の取扱いを変えられるのは、担当の課の職員とDX推進事務局です。")
    held = Handling.objects.select_for_update().filter(procedure=procedure).first() or handling_of(procedure)
    if held.edition != seen_edition:
        raise Refusal(
            f"開いている間に、{held.changed_name}さんがこの取扱いを変えました。",
            hint="いまの内容を見てから、もう一度変更してください。",
        )
    if (procedure.kind == "notification") != (act_kind is ActKind.NOTIFICATION):
        raise Refusal(
            "届出は「届出の受付」、そのほかの手続きはそれ以外を選んでください。",
            field="act_kind",
            hint="届出には処分（認める・認めない）がありません。",
        )
    if sign_up_mode is not SignUpMode.BY_CLERK and places is None:
        raise Refusal("先着順・抽選には、定員が必要です。", field="places", hint="定員を入れてください。")
    unknown = [stage for stage in stage_forms.values() if stage not in {one.value for one in GrantStage}]
    if unknown:
        raise Refusal(
            f"「{unknown[0][:20]}」という段階はありません。", field="stage_forms", hint="画面で段階を選んでください。"
        )
    held.act_kind, held.decider = ActKind(act_kind).value, Decider(decider).value
    held.correction_days, held.places, held.report_days = correction_days, places, report_days
    held.sign_up_mode = SignUpMode(sign_up_mode).value
    held.stage_forms = dict(stage_forms)
    held.edition += 1
    held.changed_at, held.changed_name = clock.now(), by.name[:80]
    held.save()
    return held


@verb("cases.keep_template", label="定型文の登録")
def keep_template(
    *,
    by: Person,
    section: Section,
    procedure: Procedure | None,
    use: TemplateUse,
    title: str,
    words: str,
    clock: Clock,
    template: AnswerTemplate | None = None,
    is_retired: bool = False,
) -> AnswerTemplate:
    """Store a template of words of a section, or change one. Raises `Refusal` for an empty title or text."""
    if not (works_on_cases.allows(by) and section.pk in sections_of(by)) or by.is_read_only:
        raise NotAllowed(f"{section}の定型文を変えられるのは、その課の職員です。")
    for text, longest, field, name in ((title, 80, "title", "題名"), (words, LONGEST_TEMPLATE, "words", "文")):
        if not text.strip():
            raise Refusal(f"{name}が空です。", field=field, hint="書いてから登録してください。")
        if len(text.strip()) > longest:
            raise Refusal(f"{name}が長すぎます（{longest}文字まで）。", field=field, hint="短くしてください。")
    kept = (
        AnswerTemplate.objects.select_for_update().get(pk=template.pk, section=section)
        if template is not None
        else AnswerTemplate(section=section, edition=0)
    )
    kept.procedure, kept.use = procedure, TemplateUse(use).value
    kept.title, kept.words = title.strip(), words.strip()
    kept.is_retired = is_retired
    kept.edition += 1
    kept.changed_at = clock.now()
    kept.save()
    return kept
