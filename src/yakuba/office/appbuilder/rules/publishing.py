"""What of a view may stand before the public (公開): fields declared open, and no number that points at somebody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from yakuba.office.appbuilder.rules.check import computed_reads, reach
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldClass, FieldType
from yakuba.office.appbuilder.rules.tallies import Tally
from yakuba.office.appbuilder.rules.view_check import fields_behind, problems_of_view
from yakuba.office.appbuilder.rules.views import AppView, How, Measure, ViewKind

KINDS = (ViewKind.TABLE, ViewKind.CHART, ViewKind.CROSS)
_NEVER = (FieldType.PERSON, FieldType.LOOKUP, FieldType.FILES, FieldType.PHOTOS, FieldType.ROLLUP)


def publishing_problems(view: AppView, definition: AppDefinition) -> tuple[tuple[str, str], ...]:
    """What keeps a view from being published: message and hint."""
    return (*problems_of_view(view, definition), *_wrong(view, definition))


def _wrong(view: AppView, definition: AppDefinition) -> Iterator[tuple[str, str]]:
    if view.kind not in KINDS:
        yield f"「{view.kind.label}」は公開できません。", "公開できるのは、表、グラフ、クロス集計です。"
    if view.kind is ViewKind.TABLE and view.group is None and not view.columns:
        yield "公開する項目が選ばれていません。", "見方で「表に出す項目」を選んでください。"
    if any(one.how in (How.LEAST, How.MOST) for one in view.measures):
        yield "最小と最大は、一つの記録の値そのものなので公開できません。", "件数、合計、平均にしてください。"
    if any("me" in one.values for one in view.filters):
        yield "「自分」の条件は公開できません。", "条件を外してください。"
    for one in used_fields(view, definition):
        if one.type in _NEVER:
            yield f"「{one.label}」（{one.type.label}）は公開できません。", "この項目を使わない見方にしてください。"
        elif _hides(one, definition):
            yield (
                f"「{one.label}」は「{FieldClass.OPEN.label}」の項目ではないか、そうでない項目から計算しています。",
                "公開できるのは、情報の区分が「個人情報でない」項目だけです。",
            )


def _hides(one: AppField, definition: AppDefinition) -> bool:
    reads = computed_reads(definition)
    behind = [one, *(field for key in reach(one.key, reads) if (field := definition.field(key)) is not None)]
    return any(field.data_class is not FieldClass.OPEN for field in behind)


def used_fields(view: AppView, definition: AppDefinition) -> tuple[AppField, ...]:
    """Every field a published view shows or depends on, in the order of the definition."""
    keys = fields_behind(view) | (set(view.columns) if view.kind is ViewKind.TABLE and view.group is None else set())
    return tuple(one for one in definition.fields if one.key in keys)


def published_content(view: AppView, definition: AppDefinition) -> dict[str, Any]:
    """Exactly what is decided: the view, and the fields behind it as they are called, classed and computed."""
    reads = computed_reads(definition)
    used = used_fields(view, definition)
    behind = {one.key for one in used} | {key for one in used for key in reach(one.key, reads)}
    return {
        "view": view.to_json(),
        "fields": [
            one.model_dump(mode="json", exclude_defaults=True) for one in definition.fields if one.key in behind
        ],
    }


# Small numbers


@dataclass(frozen=True, slots=True)
class Small:
    """Stands for a number that is withheld because too few records are behind it."""

    least: int


Published = Decimal | Small | None


def published(tally: Tally | None, measure: Measure, *, least: int) -> Published:
    """The number of a group as it may be published: withheld while from 1 to below `least` records are behind it."""
    if tally is None:
        return Decimal(0) if measure.how is How.COUNT else None
    known = tally.count
    if measure.how is not How.COUNT:
        values = (tally.amounts or {}).get(measure.field)
        behind = values.known if values is not None else 0
        if 0 < behind < least:
            return Small(least)
    if 0 < known < least:
        return Small(least)
    return tally.says(measure.how, measure.field)


def published_total(tally: Tally | None, measure: Measure, parts: Sequence[Published], *, least: int) -> Published:
    """The total over some groups; None when the difference to it would tell a part that is withheld."""
    if any(isinstance(one, Small) for one in parts):
        return None
    return published(tally, measure, least=least)


@dataclass(frozen=True, slots=True)
class PublishedCross:
    """A cross table as it may be published; a total that would tell a withheld number is None."""

    cells: Mapping[tuple[str, str], Published]
    across: Mapping[str, Published]
    down: Mapping[str, Published]
    whole: Published


def published_cross(
    tallies: Mapping[tuple[str, str], Tally],
    rows: Sequence[str],
    columns: Sequence[str],
    measure: Measure,
    *,
    least: int,
    totals: tuple[Mapping[str, Tally], Mapping[str, Tally], Tally],
) -> PublishedCross:
    """Withhold small numbers of a cross table, and every total with which they could be reckoned out.

    `totals` are those of the rows, of the columns and of all.
    """
    cells = {
        (row, column): published(tallies.get((row, column)), measure, least=least) for row in rows for column in columns
    }
    across, down, whole = totals
    return PublishedCross(
        cells,
        {
            row: published_total(across.get(row), measure, [cells[row, column] for column in columns], least=least)
            for row in rows
        },
        {
            column: published_total(down.get(column), measure, [cells[row, column] for row in rows], least=least)
            for column in columns
        },
        published_total(whole, measure, list(cells.values()), least=least),
    )
