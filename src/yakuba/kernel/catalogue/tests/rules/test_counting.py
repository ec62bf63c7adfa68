"""How many procedures are online: figure, list, and what never counts."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.catalogue.rules.counting import Baseline, Entry, count_online

DECEMBER = Baseline(30, date(2025, 12, 31))
NOW = date(2026, 11, 23)


def entry(
    procedure: str, first: date, *, ended: date | None = None, baseline: bool = False, sample: bool = False
) -> Entry:
    return Entry(procedure, first, ended, baseline, sample)


def test_without_figure_and_list_there_is_no_number() -> None:
    assert count_online([entry("a", date(2026, 5, 1))], baseline=None, on=NOW).total is None


def test_the_figure_alone_is_the_number() -> None:
    assert count_online([], baseline=DECEMBER, on=NOW).total == 30


def test_distinct_procedures_that_came_online_since_are_added() -> None:
    entries = [
        entry("a", date(2026, 5, 1)),
        entry("a", date(2026, 6, 1)),  # a second channel of the same procedure
        entry("b", date(2026, 7, 1)),
        entry("c", date(2026, 12, 1)),  # not yet
    ]
    counted = count_online(entries, baseline=DECEMBER, on=NOW)
    assert (counted.total, counted.listed) == (32, {"a", "b"})


def test_what_was_online_before_the_baseline_is_already_in_the_figure() -> None:
    entries = [entry("a", date(2024, 5, 1)), entry("a", date(2026, 5, 1))]
    assert count_online(entries, baseline=DECEMBER, on=NOW).total == 30


def test_samples_never_count() -> None:
    assert count_online([entry("a", date(2026, 5, 1), sample=True)], baseline=DECEMBER, on=NOW).total == 30
    listed = [entry("a", date(2024, 5, 1), baseline=True, sample=True)]
    assert count_online(listed, baseline=DECEMBER, on=NOW).has_list is False


def test_a_closed_channel_no_longer_counts_from_its_day() -> None:
    entries = [entry("a", date(2026, 5, 1), ended=date(2026, 11, 23))]
    assert count_online(entries, baseline=DECEMBER, on=date(2026, 11, 22)).total == 31
    assert count_online(entries, baseline=DECEMBER, on=date(2026, 11, 23)).total == 30


def test_an_imported_list_is_counted_itself_and_compared_with_the_figure() -> None:
    entries = [entry(f"p{number}", date(2024, 4, 1), baseline=True) for number in range(28)]
    entries.append(entry("new", date(2026, 5, 1)))
    counted = count_online(entries, baseline=DECEMBER, on=NOW)
    assert (counted.total, counted.listed_at_baseline, counted.disagrees) == (29, 28, True)


def test_a_list_that_reproduces_the_figure_agrees() -> None:
    entries = [entry(f"p{number}", date(2024, 4, 1), baseline=True) for number in range(30)]
    counted = count_online(entries, baseline=DECEMBER, on=NOW)
    assert (counted.total, counted.disagrees) == (30, False)


def test_before_the_baselines_day_the_figure_says_nothing() -> None:
    assert count_online([], baseline=DECEMBER, on=date(2025, 12, 30)).total is None
