"""The catalogue that comes with the product: complete, in three languages, and honest about what is not known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from yakuba.kernel.catalogue.queries.delivery import catalogue_folder, delivered_catalogue
from yakuba.kernel.catalogue.queries.guide import guide_faults, guides
from yakuba.kernel.catalogue.rules.delivery import read_delivery, section_for
from yakuba.kernel.catalogue.rules.kinds import Fact, GroundAbout
from yakuba.kernel.values.api import Text


def texts_in(part: Any, path: str = "") -> Iterator[tuple[str, Text]]:
    """Every text of a part with the way to it."""
    if isinstance(part, Text):
        yield path, part
    elif isinstance(part, BaseModel):
        for name, value in part:
            yield from texts_in(value, f"{path}.{name}")
    elif isinstance(part, tuple):
        for place, value in enumerate(part):
            yield from texts_in(value, f"{path}[{place}]")


def test_the_files_are_sound_and_hold_all_93_procedures() -> None:
    delivery = delivered_catalogue()
    assert delivery.faults == []
    numbers = {one.content.number for one in delivery.procedures}
    assert numbers >= set(range(1, 94))
    assert len(delivery.procedures) == len(numbers)


def test_every_public_text_stands_in_three_languages() -> None:
    lacking = [
        f"{one.content.key}{path}"
        for one in delivered_catalogue().procedures
        for path, text in texts_in(one.content)
        if text.missing(("ja-easy", "en"))
    ]
    lacking += [
        f"guide {event}{path}"
        for event, guide in guides().items()
        for path, text in texts_in(guide)
        if text.missing(("ja-easy", "en"))
    ]
    assert lacking == []


def test_explanations_are_written_for_their_procedure() -> None:
    """No filler: what a procedure is, who may use it and what happens then is told in own words."""
    for part in ("title", "about"):
        told = [getattr(one.content, part).ja for one in delivered_catalogue().procedures]
        assert len(set(told)) == len(told), part


def test_nothing_is_said_to_be_confirmed_or_online_by_the_files() -> None:
    for one in delivered_catalogue().procedures:
        assert not any(one.content.is_certain(fact) for fact in Fact), one.content.key
        assert not any(way.is_online for way in one.ways), one.content.key
        assert all(way.is_online for way in one.could), one.content.key


def test_fees_without_a_law_behind_them_name_where_they_come_from() -> None:
    for one in delivered_catalogue().procedures:
        if one.content.fee.items:
            assert one.content.evidence_of(Fact.FEE).source, one.content.key


def test_grounds_point_to_the_official_collection_of_laws() -> None:
    grounds = [ground for one in delivered_catalogue().procedures for ground in one.content.grounds]
    assert all(ground.url.startswith("https://laws.e-gov.go.jp/law/") for ground in grounds if ground.url)
    assert any(ground.about is GroundAbout.ONLINE for ground in grounds)


def test_every_life_event_has_procedures_and_the_guides_are_sound() -> None:
    delivery = delivered_catalogue()
    used = {event for one in delivery.procedures for event in one.content.events}
    assert used == {event.key for event in delivery.events}
    assert guide_faults(catalogue_folder(), {one.content.key for one in delivery.procedures}) == ()
    assert set(guides()) <= used
    assert len(guides()) >= 9


def test_faults_are_named_with_file_procedure_and_reason() -> None:
    texts = {path.name: path.read_text("utf-8") for path in catalogue_folder().glob("*.toml")}
    broken = texts["tax.toml"].replace('kind = "notification"', 'kind = "届出"', 1)
    broken = broken.replace('section = "tax"', 'section = "nowhere"', 1)
    delivery = read_delivery({**texts, "tax.toml": broken})
    words = [str(fault) for fault in delivery.faults]
    assert any("tax.toml [local-tax-return]" in one and "kind" in one for one in words)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("format = 1", "先頭に"),
        ("[[procedure]\n", "TOMLとして読めません"),
        ('format = "yakuba-procedures/1"\n[[procedure]]\nkey = "Bad Key"\n', "半角の英小文字"),
        ('format = "yakuba-procedures/1"\n[[procedure]]\nkey = "guide"\n', "案内ページの名前"),
        ('format = "yakuba-procedures/1"\n[[procedure]]\nkey = "a"\nways = ["mynaportal"]\n', "could に"),
        ('format = "yakuba-procedures/1"\n[[procedure]]\nkey = "a"\ndocuments = ["unheard-of"]\n', "documents.toml"),
        ('format = "yakuba-procedures/1"\nprocedure = 3\n', "[[procedure]]"),
        ("a = " + "[" * 3000, "TOMLとして読めません"),
    ],
)
def test_broken_files_are_refused_in_japanese(text: str, reason: str) -> None:
    assert any(reason in str(fault) for fault in read_delivery({"mine.toml": text}).faults)


def test_two_procedures_cannot_share_a_key_or_a_number() -> None:
    texts = {path.name: path.read_text("utf-8") for path in catalogue_folder().glob("*.toml")}
    delivery = read_delivery({**texts, "copy.toml": texts["tax.toml"]})
    assert any("同じ識別名" in str(fault) for fault in delivery.faults)
    assert any("同じ番号" in str(fault) for fault in delivery.faults)


def test_a_role_finds_its_section_by_name_before_duties_and_units_before_sections() -> None:
    role = delivered_catalogue().roles["water"]
    rows = [
        (1, "上下水道課", "水道料金", False),
        (2, "下水道班", "公共下水道", True),
        (3, "水道班", "検針", True),
    ]
    assert section_for(role, rows) == 3
    assert section_for(role, rows[:1]) == 1
    assert section_for(delivered_catalogue().roles["election"], rows) is None
