"""What changed from one version of a plan to the next (計画の新旧)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from yakuba.kernel.values.api import FiscalYear
from yakuba.plan.rules import plan_file as shape
from yakuba.plan.rules import plan_file_translations as spoken
from yakuba.plan.rules.plan_file_values import Part


class ChangeKind(StrEnum):
    """What happened to a part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"

    @property
    def label(self) -> str:
        """What people read."""
        return {"added": "追加", "removed": "削除", "changed": "変更"}[self.value]


@dataclass(frozen=True)
class FieldChange:
    """One changed field: its Japanese name and both texts (empty: not written)."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """A part that was added, removed or changed. Parts are the same when area and id are the same."""

    kind: ChangeKind
    area: str
    id: str
    title: str
    fields: tuple[FieldChange, ...] = ()


_NAMES: Mapping[str, str] = {
    "id": "識別名",
    "title": "題名",
    "edition": "版",
    "town_code": "団体コード",
    "town_name": "団体名",
    "prefecture_name": "都道府県",
    "period_start": "計画期間の始まり",
    "period_end": "計画期間の終わり",
    "decided_on": "策定日",
    "source": "出典",
    "purpose": "目的",
    "corridor_percent": "計画どおりとみなす幅（%）",
    "sample": "見本",
    "outline": "概要",
    "goals": "目指す姿",
    "number": "番号",
    "policy": "方針",
    "current": "現状と課題",
    "result": "成果",
    "section": "所管課",
    "note": "注記",
    "schedule_stated": "スケジュールの記載",
    "priorities": "重点取組事項との対応",
    "phases": "年度スケジュール",
    "measure": "ものさし",
    "direction": "向き",
    "baseline": "基準値",
    "target": "目標値",
    "no_target": "目標値がない理由",
    "statement": "節目",
    "check": "確かめ方",
    "due_fiscal_year": "期限の年度",
    "due_basis": "期限の根拠",
    "definition": "定義",
    "unit": "単位",
    "decimals": "小数の桁",
    "minimum": "下限",
    "maximum": "上限",
    "measured_by": "測り方",
    "hours_freed": "生まれた時間に数える",
    "kind": "種類",
    "relation": "関係",
    "basis": "根拠",
    "name": "名称",
    "secretariat": "事務局",
    "external_experts": "外部人材",
    "project_teams": "プロジェクトチーム",
    "review": "見直し",
    "progress": "進捗管理",
    "members": "構成",
    "meaning": "意味",
    "term": "用語",
    "initiative": "取組",
    "why": "重点取組事項に当たる理由",
}


def plan_difference(before: shape.PlanFile, after: shape.PlanFile) -> tuple[Change, ...]:
    """Every part added, removed or changed, in the order of the newer plan, removed parts at the end of their area."""
    changes: list[Change] = []
    changes += _compare("計画", {"": before.plan}, {"": after.plan}, lambda part: str(part.title))
    changes += _compare("推進体制", _organisation(before), _organisation(after), lambda part: str(part.name))
    for area, key, title in (
        ("関連計画", "relations", "title"),
        ("重点取組事項", "priorities", "title"),
        ("方針", "policies", "title"),
        ("取組", "initiatives", "title"),
        ("ものさし", "measures", "title"),
    ):
        changes += _compare(area, _by_id(getattr(before, key)), _by_id(getattr(after, key)), _named(title))
    changes += _compare("指標", _kpis(before), _kpis(after), lambda part: str(part["title"]))
    changes += _compare("節目", _milestones(before), _milestones(after), lambda part: str(part["statement"]))
    changes += _compare("用語", _terms(before), _terms(after), lambda part: str(part.term))
    changes += _compare("翻訳", _translations(before), _translations(after), lambda part: part["part"])
    return tuple(changes)


_LANGUAGE_NAMES = {"en": "英語", "ja-easy": "やさしい日本語"}
_AREAS = {
    "plan": "計画",
    "relations": "関連計画",
    "priorities": "重点取組事項",
    "organisation": "推進体制",
    "policies": "方針",
    "initiatives": "取組",
    "kpis": "指標",
    "milestones": "節目",
    "phases": "年度スケジュール",
    "measures": "ものさし",
    "glossary": "用語",
}


def _translations(plan: shape.PlanFile) -> dict[str, dict[str, Any]]:
    """Every translated part by language, area and id, with its texts."""
    found: dict[str, dict[str, Any]] = {}
    for code, words in plan.translations.items():
        for area, name in _AREAS.items():
            texts = getattr(words, area)
            single = texts if isinstance(texts, Part) else None
            named = {"": single} if single else ({"": texts} if area == "phases" and texts else texts or {})
            for key, text in named.items():
                heading = f"{_LANGUAGE_NAMES.get(code, code)}: {name} {key}".strip()
                fields = _fields(text) if isinstance(text, Part) else text
                found[f"{code}/{area}/{key}"] = {"part": heading, **fields}
    return found


def _named(key: str) -> Callable[[Any], str]:
    return lambda part: str(getattr(part, key))


def _organisation(plan: shape.PlanFile) -> dict[str, Any]:
    return {} if plan.organisation is None else {"": plan.organisation}


def _by_id(parts: Iterable[Any]) -> dict[str, Any]:
    return {part.id: part for part in parts}


def _terms(plan: shape.PlanFile) -> dict[str, Any]:
    return {term.term: term for term in plan.glossary}


def _kpis(plan: shape.PlanFile) -> dict[str, Any]:
    return {
        kpi.id: {**_fields(kpi), "initiative": initiative.id if initiative else "計画全体"}
        for initiative, kpi in plan.all_kpis()
    }


def _milestones(plan: shape.PlanFile) -> dict[str, Any]:
    return {
        milestone.id: {**_fields(milestone), "initiative": initiative.id}
        for initiative in plan.initiatives
        for milestone in initiative.milestones
    }


def _compare(
    area: str, before: Mapping[str, Any], after: Mapping[str, Any], title: Callable[[Any], str]
) -> list[Change]:
    changes = []
    for key, part in after.items():
        if key not in before:
            changes.append(Change(ChangeKind.ADDED, area, key, title(part)))
        elif fields := _changed(_fields(before[key]), _fields(part)):
            changes.append(Change(ChangeKind.CHANGED, area, key, title(part), fields))
    changes += [Change(ChangeKind.REMOVED, area, key, title(before[key])) for key in before if key not in after]
    return changes


def _fields(part: Any) -> dict[str, Any]:
    if isinstance(part, dict):
        return part
    # KPIs and milestones are compared one by one under their own ids.
    return {name: getattr(part, name) for name in type(part).model_fields if name not in ("kpis", "milestones")}


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(_NAMES.get(name, name), in_words(before.get(name)), in_words(after.get(name)))
        for name in {**after, **before}
        if before.get(name) != after.get(name)
    )


_WORDS = {
    shape.Direction.UP: "増やす",
    shape.Direction.DOWN: "減らす",
    shape.Direction.OBSERVE: "見守る",
    shape.Basis.STATED: "計画書の記載",
    shape.Basis.READING: "読み取り",
    shape.Source.LIVE: "記録から毎日",
    shape.Source.HAND: "手入力",
    shape.Source.SURVEY: "調査",
}


def in_words(value: Any) -> str:
    """A value of a plan file as people read it; empty for what is not written."""
    match value:
        case None:
            return ""
        case bool():
            return "はい" if value else "いいえ"
        case shape.Direction() | shape.Basis() | shape.Source():
            return _WORDS[value]
        case Decimal():
            return f"{value.normalize():f}"
        case date():
            return value.isoformat()
        case tuple():
            return "\n".join(in_words(one) for one in value)
        case shape.Phase():
            years = FiscalYear(value.first).label + "〜" + (FiscalYear(value.last).label if value.last else "")
            return f"{value.track + ': ' if value.track else ''}{value.label}（{years}）"
        case dict():
            return "\n".join(f"{key}: {in_words(one)}" for key, one in value.items())
        case (
            shape.Baseline()
            | shape.Target()
            | shape.PriorityLink()
            | shape.Member()
            | spoken.BaselineText()
            | spoken.TargetText()
        ):
            return "、".join(words for name in type(value).model_fields if (words := in_words(getattr(value, name))))
        case _:
            return str(value)
