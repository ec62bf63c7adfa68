"""教示 as the data file and the dated periods say it."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from yakuba.kernel.access.api import Person, PersonKind, Role
from yakuba.kernel.approval.api import ActKind, remedy_notice
from yakuba.kernel.approval.queries.remedies import RemedyFileFault, _file
from yakuba.kernel.organisation.models import Authority
from yakuba.kernel.parameters.api import approve_value, propose_value
from yakuba.kernel.values.api import FixedClock

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 2)
AUTHORITIES = {
    "mayor": ("町長", "会津坂下町長", "会津坂下町長に対して", "福島県知事に対して"),
    "education": (
        "教育委員会",
        "会津坂下町教育委員会教育長",
        "会津坂下町教育委員会に対して",
        "福島県教育委員会に対して",
    ),
    "agriculture": ("農業委員会", "会津坂下町農業委員会会長", "会津坂下町農業委員会に対して", "福島県知事に対して"),
    "election": (
        "選挙管理委員会",
        "会津坂下町選挙管理委員会委員長",
        "会津坂下町選挙管理委員会に対して",
        "福島県選挙管理委員会に対して",
    ),
    "audit": ("監査委員", "会津坂下町代表監査委員", "会津坂下町監査委員に対して", "福島県知事に対して"),
}


def authority(code: str) -> Authority:
    name, head, *_ = AUTHORITIES.get(code, ("試験委員会", "試験委員会会長"))
    return Authority(code=code, name=name, head_title=head)


@pytest.mark.parametrize("code", AUTHORITIES)
def test_each_authority_names_its_own_reviewer(code):
    *_, own, state = AUTHORITIES[code]
    said = remedy_notice(authority(code), "ja", ActKind.DISPOSITION, on=TODAY)
    assert own in said
    assert "3か月以内" in said and "6か月以内" in said and "会津坂下町を被告として" in said
    entrusted = remedy_notice(authority(code), "ja", ActKind.STATE_DISPOSITION, on=TODAY)
    assert state in entrusted, "地方自治法第255条の2"
    assert "会津坂下町を被告として" in entrusted


def test_the_board_of_education_acts_for_the_town_in_court_and_the_mayor_for_the_mayor():
    assert "代表する者は、会津坂下町教育委員会です" in remedy_notice(
        authority("education"), "ja", ActKind.DISPOSITION, on=TODAY
    )
    assert "代表する者は、会津坂下町長です" in remedy_notice(authority("mayor"), "ja", ActKind.DISPOSITION, on=TODAY)


def test_an_authority_nobody_wrote_down_reviews_itself():
    assert "試験委員会に対して審査請求" in remedy_notice(authority("new"), "ja", ActKind.DISPOSITION, on=TODAY)


@pytest.mark.parametrize("kind", [ActKind.NOTIFICATION, ActKind.OTHER])
@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
def test_a_notification_and_what_is_no_disposition_carry_nothing(kind, language):
    assert remedy_notice(authority("mayor"), language, kind, on=TODAY) == ""


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
@pytest.mark.parametrize("code", [*AUTHORITIES, "water", "assembly", "new"])
def test_every_language_is_whole_and_no_mark_is_left_over(code, language):
    for kind in (ActKind.DISPOSITION, ActKind.STATE_DISPOSITION):
        said = remedy_notice(authority(code), language, kind, on=TODAY)
        assert not re.search(r"[{}]", said) and "3" in said and "6" in said
    if language == "en":
        assert "within 3 months" in said and not re.search(r"[ぁ-ん]", said)


def test_the_periods_are_dated_values_of_the_law():
    by = Person(id="a" * 16, name="一", kind=PersonKind.STAFF, roles=frozenset({Role.SECTION_HEAD}))
    other = Person(id="b" * 16, name="二", kind=PersonKind.STAFF, roles=frozenset({Role.SECRETARIAT}))
    clock = FixedClock(TODAY)
    value = propose_value(
        by=by, key="approval.review_months", written="4", valid_from=date(2027, 4, 1), source="改正法", clock=clock
    )
    approve_value(by=other, value=value, clock=clock)
    mayor = authority("mayor")
    assert "3か月以内" in remedy_notice(mayor, "ja", ActKind.DISPOSITION, on=date(2027, 3, 31))
    assert "4か月以内" in remedy_notice(mayor, "ja", ActKind.DISPOSITION, on=date(2027, 4, 1))


def test_every_entry_states_its_source():
    raw = tomllib.loads((Path(settings.YAKUBA_DATA) / "remedies.toml").read_text(encoding="utf-8"))
    assert all(
        ("法" in one["source"] and "条" in one["source"]) or one["authority"] == "agriculture" for one in raw["remedy"]
    )


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "notice"),
        ("[notice]\nja = 1", "文ではありません"),
        ('[notice]\nja = "{unknown}"\n[[remedy]]\nauthority=""', "since|reviewer"),
        ("[notice\n", "TOML|at line"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_the_place(tmp_path, written, why):
    path = tmp_path / "remedies.toml"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(RemedyFileFault, match=f"(?s){path}.*({why})"):
        _file(path)
