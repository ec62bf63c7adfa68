"""Outside addresses: what opens, what moved, what is gone, and what could not be asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from yakuba.kernel.catalogue import links, services
from yakuba.kernel.catalogue.jobs import check_link, check_links
from yakuba.kernel.catalogue.links import Look, look_at
from yakuba.kernel.catalogue.models import Channel, LinkState
from yakuba.kernel.catalogue.rules.kinds import ChannelKind
from yakuba.kernel.catalogue.tests.arranged import CLOCK, SECRETARY, brought_in
from yakuba.kernel.jobs.models import Job

A, B, C = "https://a.example.jp/x", "https://b.example.jp/y", "https://c.example.jp/z"


def looked(answers: Mapping[str, tuple[int, str]], at: str = A) -> Look:
    """Look at an address in a world where addresses answer so."""

    def ask(address: str) -> tuple[int, str]:
        if address not in answers:
            raise links._Unreached("つながりませんでした。")
        return answers[address]

    return look_at(at, ask=ask)


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({A: (200, "")}, LinkState.WELL),
        ({A: (404, "")}, LinkState.BROKEN),
        ({A: (410, "")}, LinkState.BROKEN),
        ({A: (503, "")}, LinkState.UNREACHED),
        ({A: (403, "")}, LinkState.UNREACHED),
        ({}, LinkState.UNREACHED),
        ({A: (302, B), B: (200, "")}, LinkState.WELL),
        ({A: (301, B), B: (200, "")}, LinkState.MOVED),
        ({A: (301, B), B: (404, "")}, LinkState.BROKEN),
        ({A: (302, A)}, LinkState.BROKEN),
        ({A: (302, "javascript:alert(1)")}, LinkState.BROKEN),
        ({A: (302, "file:///etc/passwd")}, LinkState.BROKEN),
    ],
)
def test_what_is_found_at_an_address(answers: Mapping[str, tuple[int, str]], state: LinkState) -> None:
    look = looked(answers)
    assert look.state is state
    assert look.words.endswith(("。", "y"))


def test_a_closing_slash_or_www_is_no_move() -> None:
    assert looked({A: (301, A + "/"), A + "/": (200, "")}).state is LinkState.WELL


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/", "http://localhost:9/", "http://10.0.0.1/", "http://169.254.169.254/latest"]
)
def test_machines_of_the_house_are_never_asked(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "_connection", lambda *args: pytest.fail("an inside machine was asked"))
    look = look_at(address)
    assert look.state is LinkState.UNREACHED


@pytest.fixture
def channel(db: None) -> Channel:
    return services.open_channel(
        by=SECRETARY, procedure=brought_in(), kind=ChannelKind.PREFECTURE, target=A, decision="8坂第1号",
        live_since=date(2026, 10, 1), clock=CLOCK,
    )  # fmt: skip


@pytest.mark.database
def test_every_outside_address_is_looked_at_once_a_week(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yakuba.kernel.catalogue.jobs.look_at", lambda address: Look(LinkState.BROKEN, "ない。"))
    check_links()
    check_links()
    assert Job.objects.filter(name="catalogue.check_link").count() == 1
    check_link(public_id=channel.public_id)
    channel.refresh_from_db()
    assert (channel.link_state, channel.link_note) == ("broken", "ない。")
    check_links()
    assert Job.objects.filter(name="catalogue.check_link").count() == 1


def test_what_was_found_at_an_address_that_changed_meanwhile_is_dropped(channel: Channel) -> None:
    services.correct_channel(
        by=SECRETARY, channel=channel, seen_edition=channel.edition, target=B, note=None, clock=CLOCK
    )
    assert services.record_link(
        by=SECRETARY, channel=channel, target=A, look=Look(LinkState.BROKEN, "ない。"), clock=CLOCK
    ) is None  # fmt: skip
    channel.refresh_from_db()
    assert channel.link_state == "unknown"
