"""What parts of one page ask in common is asked once, and never longer than the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from yakuba.kernel.access.api import forget, reading, remembered


@pytest.fixture
def counted() -> Iterator[Callable[[], int]]:
    asked = iter(range(1, 100))
    yield lambda: remembered("key", lambda: next(asked))


def test_asked_once_while_a_page_is_read_and_anew_on_the_next(counted: Callable[[], int]) -> None:
    with reading():
        assert [counted(), counted()] == [1, 1]
    with reading():
        assert counted() == 2


def test_outside_of_a_page_everything_is_asked_anew(counted: Callable[[], int]) -> None:
    assert [counted(), counted()] == [1, 2]


def test_what_is_written_while_a_page_is_read_is_seen(counted: Callable[[], int]) -> None:
    with reading():
        assert counted() == 1
        forget()
        assert counted() == 2


def test_a_fault_in_a_page_leaves_nothing_behind(counted: Callable[[], int]) -> None:
    with pytest.raises(ZeroDivisionError), reading():
        counted()
        raise ZeroDivisionError
    assert counted() == 2
