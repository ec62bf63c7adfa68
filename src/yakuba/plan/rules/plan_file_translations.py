"""The translations of a plan file: the same keys as the plan itself, every one optional."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from yakuba.plan.rules.plan_file_values import Line, Part, Prose


class HeaderText(Part):
    """`[translations.en.plan]`."""

    title: Line | None = None
    edition: Line | None = None
    town_name: Line | None = None
    prefecture_name: Line | None = None
    source: Line | None = None
    purpose: Prose | None = None


class RelationText(Part):
    """`[translations.en.relations.ID]`."""

    title: Line | None = None
    relation: Prose | None = None


class PriorityText(Part):
    """`[translations.en.priorities.ID]`."""

    title: Line | None = None


class OrganisationText(Part):
    """`[translations.en.organisation]`; `members` translates roles and posts by their Japanese words."""

    name: Line | None = None
    secretariat: Line | None = None
    external_experts: Prose | None = None
    project_teams: Prose | None = None
    review: Prose | None = None
    progress: Prose | None = None
    members: dict[str, Line] = Field(default_factory=dict)


class PolicyText(Part):
    """`[translations.en.policies.ID]`; as many `goals` as the policy has."""

    title: Line | None = None
    outline: Prose | None = None
    goals: tuple[Line, ...] | None = Field(default=None, strict=False)


class InitiativeText(Part):
    """`[translations.en.initiatives.ID]`; `why` by the id of the outside priority."""

    title: Line | None = None
    current: Prose | None = None
    outline: Prose | None = None
    result: Prose | None = None
    section: Line | None = None
    note: Prose | None = None
    why: dict[str, Line] = Field(default_factory=dict)


class BaselineText(Part):
    """`baseline` of a KPI's translation."""

    label: Line | None = None
    missing: Line | None = None


class TargetText(Part):
    """`target` of a KPI's translation."""

    label: Line | None = None


class KpiText(Part):
    """`[translations.en.kpis.ID]`."""

    title: Line | None = None
    no_target: Line | None = None
    baseline: BaselineText | None = None
    target: TargetText | None = None


class MilestoneText(Part):
    """`[translations.en.milestones.ID]`."""

    statement: Line | None = None
    check: Line | None = None


class MeasureText(Part):
    """`[translations.en.measures.ID]`."""

    title: Line | None = None
    definition: Prose | None = None
    unit: Annotated[Line, Field(max_length=20)] | None = None
    measured_by: Line | None = None


class TermText(Part):
    """`[translations.en.glossary.TERM]`, by the Japanese term."""

    term: Line | None = None
    meaning: Prose | None = None


class Translation(Part):
    """`[translations.en]`, `[translations.ja-easy]`: the plan in another language, keyed by the ids of its parts.

    Phases have no ids: `phases` translates their labels and tracks by the Japanese words, once for all initiatives.
    """

    plan: HeaderText | None = None
    relations: dict[str, RelationText] = Field(default_factory=dict)
    priorities: dict[str, PriorityText] = Field(default_factory=dict)
    organisation: OrganisationText | None = None
    policies: dict[str, PolicyText] = Field(default_factory=dict)
    initiatives: dict[str, InitiativeText] = Field(default_factory=dict)
    kpis: dict[str, KpiText] = Field(default_factory=dict)
    milestones: dict[str, MilestoneText] = Field(default_factory=dict)
    phases: dict[str, Line] = Field(default_factory=dict)
    measures: dict[str, MeasureText] = Field(default_factory=dict)
    glossary: dict[str, TermText] = Field(default_factory=dict)
