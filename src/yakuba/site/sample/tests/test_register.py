"""The sample register: who lives in the sample town."""

import sqlite3
from collections import Counter
from contextlib import closing
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from yakuba.kernel.japan.api import find_my_numbers, unencodable
from yakuba.site.sample.records import Register, ResidentRecord
from yakuba.site.sample.register_file import digest_of_register, write_register
from yakuba.site.sample.tests.registers import TODAY, fresh_register, register_of


def stored(register: Register, file: Path, today: date = TODAY) -> Path:
    write_register(register, file, town_code="074217", today=today, seed="1", written=lambda count: None)
    return file


def living(register: Register) -> list[ResidentRecord]:
    return [one for one in register.residents if one.removed_on is None]


def test_the_same_seed_gives_the_same_register_to_the_byte(tmp_path: Path) -> None:
    one = stored(fresh_register(), tmp_path / "one.sqlite3")
    other = stored(fresh_register(), tmp_path / "other.sqlite3")
    assert digest_of_register(one) == digest_of_register(other)
    assert one.read_bytes() == other.read_bytes()


def test_another_seed_or_another_day_gives_another_register(tmp_path: Path) -> None:
    digests = {
        digest_of_register(stored(register, tmp_path / f"{place}.sqlite3"))
        for place, register in enumerate(
            [fresh_register(), fresh_register(seed="2"), fresh_register(today=date(2026, 11, 24))]
        )
    }
    assert len(digests) == 3


@pytest.mark.parametrize("residents", [200, 500, 14_500])
def test_there_are_as_many_residents_as_asked_in_plausible_households(residents: int) -> None:
    people = living(register_of(residents))
    households = Counter(id(one.household) for one in people)
    assert len(people) == residents
    assert residents / len(households) == pytest.approx(2.64, rel=0.03)
    assert max(households.values()) <= 9


def test_the_full_register_has_the_size_of_the_town() -> None:
    people = living(register_of(14_500))
    assert 5_350 <= len({id(one.household) for one in people}) <= 5_650
    ages = [TODAY.year - one.born_on.year for one in people]
    old = sum(age >= 65 for age in ages) / len(ages)
    children = sum(age < 15 for age in ages) / len(ages)
    assert 0.36 < old < 0.44
    assert 0.08 < children < 0.13
    assert max(ages) <= 108
    women = sum(one.sex == "女" for one in people) / len(people)
    assert 0.50 < women < 0.54
    alone = sum(count == 1 for count in Counter(id(one.household) for one in people).values())
    assert 0.2 < alone / 5_500 < 0.4


@pytest.mark.parametrize("today", [TODAY, date(2028, 2, 29), date(2027, 4, 1), date(2030, 3, 31)])
def test_every_household_has_one_head_who_is_of_age(today: date) -> None:
    for members in register_of(500, today).members():
        here = [one for one in members if one.removed_on is None]
        heads = [one for one in here if one.relationship == "世帯主"]
        assert len(heads) == (1 if here else 0)
        assert all((today - head.born_on).days >= 18 * 365 for head in heads)


def test_families_are_possible() -> None:
    """No parent is younger than 18 at a birth, no two children of a couple are born within 300 days."""
    for members in register_of(14_500).members():
        head = members[0]
        if head.relationship != "世帯主" or head.removed_on is not None:
            continue
        children = sorted(one.born_on for one in members if one.relationship == "子")
        parents = [head.born_on, *(one.born_on for one in members if one.relationship in ("妻", "夫"))]
        for child in children:
            assert all(child - parent > timedelta(days=17.9 * 365) for parent in parents), head.household.number
        gaps = [later - earlier for earlier, later in pairwise(children)]
        assert all(gap > timedelta(days=300) for gap in gaps), head.household.number


def test_dates_follow_each_other() -> None:
    for one in register_of(14_500).residents:
        assert one.born_on <= one.became_resident_on <= (one.removed_on or TODAY) <= TODAY
        assert (one.became_resident_on == one.born_on) == (one.previous_address == "")


def test_some_moved_out_some_died_and_some_came_from_abroad() -> None:
    register = register_of(14_500)
    reasons = Counter(one.removal_reason for one in register.residents)
    assert reasons["転出"] == pytest.approx(1015, abs=20)
    assert reasons["死亡"] == pytest.approx(1160, abs=20)
    foreign = [one for one in living(register) if one.foreign]
    assert 80 < len(foreign) < 130
    assert any(one.foreign and one.foreign.common_name for one in foreign)
    assert any(one.foreign and not one.foreign.written for one in foreign)
    assert all(not one.registered_domicile for one in foreign)


def test_protected_people_are_whole_households_and_even_a_small_town_has_some() -> None:
    for residents in (200, 14_500):
        households = [members for members in register_of(residents).members() if any(m.is_protected for m in members)]
        assert households
        assert all(one.is_protected for members in households for one in members if one.removed_on is None)


def test_names_carry_what_names_carry() -> None:
    """Variation selectors, characters outside CP932 and the basic plane, old kana, several readings."""
    names = "".join(one.name for one in register_of(14_500).residents)
    assert any(0xE0100 <= ord(character) <= 0xE01EF for character in names)
    assert {"髙", "﨑", "𠮷", "邉", "邊", "ヱ"} <= set(names)
    assert unencodable(names)
    readings = {
        one.reading.split("　")[0] for one in register_of(14_500).residents if one.name.startswith("渡部") and one.given
    }
    assert readings == {"ワタナベ", "ワタベ"}


def test_a_family_keeps_one_way_of_writing_its_name() -> None:
    for members in register_of(14_500).members():
        core = [
            one
            for one in members
            if one.given
            and (one.relationship in ("世帯主", "妻", "夫") or (one.relationship == "子" and one.born_on.year > 2009))
        ]
        assert len({one.family.written for one in core}) <= 1


def test_everything_is_plainly_made_up(tmp_path: Path) -> None:
    file = stored(register_of(14_500), tmp_path / "register.sqlite3")
    with closing(sqlite3.connect(file)) as database:
        rows = database.execute("SELECT marker, phone, mail, number FROM resident").fetchall()
        addresses = [row[0] for row in database.execute("SELECT address FROM household")]
        cells = {
            str(cell)
            for table in ("resident", "household", "about")
            for row in database.execute(f"SELECT * FROM {table}")
            for cell in row
        }
        columns = {row[1] for row in database.execute("PRAGMA table_info(resident)")}
    assert all(marker == "見本" and number.startswith("M") for marker, _, _, number in rows)
    assert all(not phone or phone.startswith("000-") for _, phone, _, _ in rows)
    assert all(not mail or mail.endswith("@example.jp") for _, _, mail, _ in rows)
    assert all("見本" in address for address in addresses)
    assert len(addresses) == len(set(addresses))
    assert not [cell for cell in cells if find_my_numbers(cell)]
    assert not {"my_number", "individual_number", "個人番号"} & columns


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE resident SET marker = ''",
        "UPDATE resident SET phone = '0242-00-0000'",
        "UPDATE resident SET relationship = '世帯主', is_head = 1 WHERE removed_on IS NULL",
        "UPDATE resident SET removed_on = '1900-01-01', removal_reason = '死亡'",
        "UPDATE resident SET removal_reason = '転出' WHERE removed_on IS NULL",
        "UPDATE resident SET household_number = 'MS999999'",
    ],
)
def test_the_register_itself_refuses_what_cannot_be(tmp_path: Path, change: str) -> None:
    file = stored(register_of(200), tmp_path / "register.sqlite3")
    with closing(sqlite3.connect(file)) as database, pytest.raises(sqlite3.IntegrityError):
        database.execute("PRAGMA foreign_keys=ON")
        database.execute(change)
