"""Which loss of rows an upgrade is undone for."""

from __future__ import annotations

import pytest

from yakuba.kernel.operations.upgrade.rules import Phase, lost_rows


@pytest.mark.parametrize(
    ("after", "permitted", "lost"),
    [
        ({"a": 5, "b": 2}, (), {}),
        ({"a": 9, "b": 2, "new": 1}, (), {}),
        ({"a": 4, "b": 2}, (), {"a": (5, 4)}),
        ({"a": 5}, (), {"b": (2, None)}),
        ({"a": 4}, ("a",), {"b": (2, None)}),
        ({"a": 0}, ("a", "b"), {}),
    ],
)
def test_fewer_rows_are_a_loss_unless_a_migration_said_so(
    after: dict[str, int], permitted: tuple[str, ...], lost: dict[str, tuple[int, int | None]]
) -> None:
    before = {"a": 5, "b": 2, "django_migrations": 60}
    assert lost_rows(before=before, after=after | {"django_migrations": 1}, permitted=permitted) == lost


def test_only_an_upgrade_that_changed_something_has_to_be_taken_up() -> None:
    assert [phase for phase in Phase if phase.is_open] == [Phase.MIGRATING, Phase.REWINDING]
