"""Fields an app had before, and what stands in the way of a field that is to have no duplicates."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from yakuba.office.appbuilder.models import App, Record
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField
from yakuba.office.appbuilder.rules.lifecycle import VersionState
from yakuba.office.appbuilder.rules.values import cells_of, is_shaped

_MOST_NAMED = 5


def past_fields(app: App) -> dict[str, AppField]:
    """Every field the app ever had in use, by key, as its last version knew it."""
    known: dict[str, AppField] = {}
    for version in app.versions.exclude(state=VersionState.DRAFT).order_by("number"):
        known.update({one.key: one for one in version.content.fields})
    return known


@dataclass(frozen=True)
class Collision:
    """A field that is to have no duplicates, and the records that have the same value: `examples` are value and numbers."""

    field: AppField
    groups: int
    records: int
    examples: list[tuple[str, list[int]]]

    @property
    def words(self) -> str:
        """What the builder is told."""
        named = "、".join(
            f"「{value}」（番号{'、'.join(map(str, numbers[:_MOST_NAMED]))}）" for value, numbers in self.examples
        )
        more = "など" if self.groups > len(self.examples) else ""
        return (
            f"「{self.field.label}」：同じ値の記録が{self.groups}組、{self.records}件あります。{named}{more}。"
            "使い始めると、番号の小さい記録にだけ値が残り、ほかの記録では「移せなかった値」になります。"
        )


def collisions(app: App, draft: AppDefinition, before: Collection[AppField]) -> list[Collision]:
    """What would collide under the fields that newly have no duplicates, among the records not deleted."""
    was = {one.key: one for one in before}
    found: list[Collision] = []
    for one in draft.fields:
        old = was.get(one.key)
        if not one.unique or not one.type.may_be_unique or old is None or old.unique or old.type is not one.type:
            continue
        held: dict[str, list[int]] = {}
        rows = Record.objects.filter(app=app, deleted_at__isnull=True, values__has_key=one.key).order_by("number")
        for number, value in rows.values_list("number", f"values__{one.key}").iterator(chunk_size=2000):
            if is_shaped(one, value):
                held.setdefault(cells_of(one, value)[0].written, []).append(number)
        same = [(value, numbers) for value, numbers in held.items() if len(numbers) > 1]
        if same:
            found.append(Collision(one, len(same), sum(len(numbers) for _, numbers in same), same[:_MOST_NAMED]))
    return found
