"""The plan in another language (計画の翻訳): optional texts beside the Japanese ones, which stay the plan's word."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from yakuba.plan.rules import plan_file as shape
from yakuba.plan.rules import plan_file_translations as spoken
from yakuba.plan.rules.key_positions import KeyPath
from yakuba.plan.rules.plan_file_values import Part
from yakuba.plan.rules.read_plan_file import Located, Reading

LANGUAGES = ("en", "ja-easy")
"""The languages of the house beside Japanese, by their codes."""

P = TypeVar("P", bound=Part)

_OWN_WAY = frozenset({"goals", "members", "why", "baseline", "target"})
"""Keys of a translation that are not one text standing for one text of the same name."""


def in_language(plan: shape.PlanFile, language: str | None) -> shape.PlanFile:
    """The plan with every text that has a translation replaced by it; what has none stays Japanese.

    Ids, figures, years and the order of all parts are those of the plan. For Japanese, and for a language the plan
    says nothing in, it is the plan itself.
    """
    words = plan.translations.get(language or "")
    if words is None:
        return plan
    return plan.model_copy(
        update={
            "plan": _with(plan.plan, words.plan),
            "relations": tuple(_with(one, words.relations.get(one.id)) for one in plan.relations),
            "priorities": tuple(_with(one, words.priorities.get(one.id)) for one in plan.priorities),
            "organisation": plan.organisation and _organisation(plan.organisation, words.organisation),
            "kpis": tuple(_kpi(one, words.kpis.get(one.id)) for one in plan.kpis),
            "policies": tuple(_policy(one, words.policies.get(one.id)) for one in plan.policies),
            "initiatives": tuple(_initiative(one, words) for one in plan.initiatives),
            "measures": tuple(_with(one, words.measures.get(one.id)) for one in plan.measures),
            "glossary": tuple(_with(one, words.glossary.get(one.term)) for one in plan.glossary),
        }
    )


def _with(part: P, text: Part | None, **more: object) -> P:
    """The part with the texts of its translation; a text the plan itself does not have is left out."""
    said = {
        name: words
        for name in (type(text).model_fields if text else ())
        if name not in _OWN_WAY and (words := getattr(text, name)) and getattr(part, name) is not None
    }
    return part.model_copy(update={**said, **more})


def _policy(policy: shape.Policy, text: spoken.PolicyText | None) -> shape.Policy:
    if text and text.goals and len(text.goals) == len(policy.goals):
        return _with(policy, text, goals=text.goals)
    return _with(policy, text)


def _organisation(body: shape.Organisation, text: spoken.OrganisationText | None) -> shape.Organisation:
    words = text.members if text else {}
    members = tuple(
        one.model_copy(update={"role": words.get(one.role, one.role), "post": words.get(one.post, one.post)})
        for one in body.members
    )
    return _with(body, text, members=members)


def _kpi(kpi: shape.Kpi, text: spoken.KpiText | None) -> shape.Kpi:
    if text is None:
        return kpi
    return _with(
        kpi,
        text,
        baseline=kpi.baseline and _with(kpi.baseline, text.baseline),
        target=kpi.target and _with(kpi.target, text.target),
    )


def _initiative(one: shape.Initiative, words: spoken.Translation) -> shape.Initiative:
    text = words.initiatives.get(one.id)
    why: Mapping[str, str] = text.why if text else {}
    return _with(
        one,
        text,
        priorities=tuple(
            link.model_copy(update={"why": why[link.id]}) if link.why and link.id in why else link
            for link in one.priorities
        ),
        kpis=tuple(_kpi(kpi, words.kpis.get(kpi.id)) for kpi in one.kpis),
        milestones=tuple(_with(milestone, words.milestones.get(milestone.id)) for milestone in one.milestones),
        phases=tuple(
            phase.model_copy(
                update={
                    "label": words.phases.get(phase.label, phase.label),
                    "track": words.phases.get(phase.track, phase.track) if phase.track else None,
                }
            )
            for phase in one.phases
        ),
    )


# ------------------------------------------------------------------ the check


def check_translations(reading: Reading) -> None:
    """Blame every translation of something the plan does not have. What is not translated is no fault."""
    languages = reading.document.get("translations")
    for code in languages if isinstance(languages, dict) else ():
        if code not in LANGUAGES:
            reading.blame(("translations", code), f"翻訳できる言語は {', '.join(LANGUAGES)} です。")
    for translation in reading.all(spoken.Translation):
        path, words = translation.path, translation.part
        _check_header(path, words, reading)
        for key, texts, kind, name, what in (
            ("relations", words.relations, shape.Relation, "id", "関連計画"),
            ("priorities", words.priorities, shape.Priority, "id", "重点取組事項"),
            ("policies", words.policies, shape.Policy, "id", "方針"),
            ("initiatives", words.initiatives, shape.Initiative, "id", "取組"),
            ("kpis", words.kpis, shape.Kpi, "id", "指標"),
            ("milestones", words.milestones, shape.Milestone, "id", "節目"),
            ("measures", words.measures, shape.MeasureDefinition, "id", "ものさし"),
            ("glossary", words.glossary, shape.Term, "term", "用語"),
        ):
            _check_named((*path, key), texts, kind, name, what, reading)
        labels = [label for key in ("label", "track") for _, label in reading.written(shape.Phase, key)]
        _check_known((*path, "phases"), words.phases, labels, "工程や段", reading)


def _check_header(path: KeyPath, words: spoken.Translation, reading: Reading) -> None:
    headers: list[Located[shape.Header]] = reading.all(shape.Header)
    if words.plan is not None and headers:
        _check_texts((*path, "plan"), words.plan, headers[0].part, reading)
    if words.organisation is None:
        return
    if "organisation" not in reading.document:
        reading.blame((*path, "organisation"), "計画に推進体制 [organisation] がありません。")
    bodies: list[Located[shape.Organisation]] = reading.all(shape.Organisation)
    if bodies:
        _check_texts((*path, "organisation"), words.organisation, bodies[0].part, reading)
    seats = [words for key in ("role", "post") for _, words in reading.written(shape.Member, key)]
    _check_known((*path, "organisation", "members"), words.organisation.members, seats, "役割や職", reading)


def _check_named(
    path: KeyPath,
    texts: Mapping[str, Part],
    kind: type[Part],
    name: str,
    what: str,
    reading: Reading,
) -> None:
    # Ids of faulty parts count: a translation of a faulty part is not a second fault.
    _check_known(path, texts, [written for _, written in reading.written(kind, name)], what, reading)
    parts: dict[str, Any] = {getattr(located.part, name): located.part for located in reading.all(kind)}
    for key, text in texts.items():
        if key in parts:
            _check_texts((*path, key), text, parts[key], reading)


def _check_texts(path: KeyPath, text: Part, part: Part, reading: Reading) -> None:
    for name in type(text).model_fields:
        words = getattr(text, name)
        if words is None or name in ("members", "why"):
            continue
        if getattr(part, name) is None:
            reading.blame((*path, name), "計画にもとの文がないので、訳せません。")
        elif isinstance(words, Part):
            _check_texts((*path, name), words, getattr(part, name), reading)
    goals, said = getattr(part, "goals", ()), getattr(text, "goals", None)
    if said is not None and len(said) != len(goals):
        reading.blame((*path, "goals"), f"目指す姿の数が違います（計画は{len(goals)}、訳は{len(said)}）。")
    if isinstance(text, spoken.InitiativeText) and isinstance(part, shape.Initiative):
        known = [link.id for link in part.priorities if link.why]
        _check_known((*path, "why"), text.why, known, "理由を書いた重点取組事項", reading)


def _check_known(path: KeyPath, texts: Iterable[str], known: Collection[str], what: str, reading: Reading) -> None:
    for key in texts:
        if key not in known:
            near = difflib.get_close_matches(key, list(known), n=1, cutoff=0.6)
            guess = f"「{near[0]}」の間違いではありませんか。" if near else ""
            reading.blame((*path, key), f"{what}「{key[:80]}」は計画にありません。{guess}")
