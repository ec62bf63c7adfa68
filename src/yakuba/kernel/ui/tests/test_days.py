"""A day is written as readers of the page's language write it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override

from yakuba.kernel.ui.templatetags.ui import day


@pytest.mark.parametrize(
    ("language", "written"), [("ja", "令和8年11月30日"), ("ja-easy", "令和8年11月30日"), ("en", "2026-11-30")]
)
def test_a_day_in_each_language(language: str, written: str) -> None:
    with override(language):
        assert day(date(2026, 11, 30)) == written
        assert day(datetime(2026, 11, 29, 16, 0, tzinfo=UTC)) == written, "as Tokyo sees the moment"
        assert day(None) == ""
