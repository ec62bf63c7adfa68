"""Reading the sample register through the adapter."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from yakuba.kernel.japan.api import fold
from yakuba.kernel.people.register.base import MOST_FOUND, Found, Question, RegisterUnavailable
from yakuba.kernel.people.register.vendors.none import NoRegister
from yakuba.kernel.people.register.vendors.sample import SampleRegister
from yakuba.kernel.values.api import Refusal

ADDRESS = "福島県河沼郡会津坂下町大字塔寺字見本{}番地"
PLAIN: dict[str, Any] = {
    "marker": "見本",
    "household_number": "MS000001",
    "latin_name": "",
    "common_name": "",
    "born_on": "1980-05-01",
    "sex": "女",
    "relationship": "子",
    "is_head": 0,
    "nationality": "日本",
    "status_of_residence": "",
    "registered_domicile": ADDRESS.format(1),
    "became_resident_on": "1980-05-01",
    "previous_address": "",
    "removed_on": None,
    "removal_reason": "",
    "removal_to": "",
    "is_protected": 0,
    "phone": "",
    "mail": "",
}


@pytest.fixture
def register_with(tmp_path: Path) -> Callable[..., SampleRegister]:
    """A sample register of the residents given; two households, the second of a protected person."""

    def make(*residents: dict[str, Any]) -> SampleRegister:
        file = tmp_path / "register.sqlite3"
        schema = (Path(django_settings.YAKUBA_DATA) / "sample" / "register.sql").read_text(encoding="utf-8")
        with closing(sqlite3.connect(file)) as database, database:
            database.executescript(schema)
            database.execute("INSERT INTO about VALUES (1, '見本', '074217', '2026-11-23', '1', 2)")
            for place in (1, 2):
                written = ADDRESS.format(place)
                database.execute(
                    "INSERT INTO household VALUES (?, '9696584', '福島県', '河沼郡会津坂下町', '塔寺', ?, ?, ?)",
                    (f"MS{place:06d}", f"字見本{place}番地", written, fold(written)),
                )
            for place, given in enumerate(residents, start=1):
                row = {"number": f"M{place:07d}", **PLAIN, **given}
                keys = [row["name"], row["reading"], row["latin_name"], row["common_name"]]
                row.setdefault("search_key", "\n".join(fold(key) for key in keys if key))
                row.setdefault("reading_key", fold(row["reading"]))
                columns, marks = ", ".join(row), ", ".join("?" * len(row))
                database.execute(f"INSERT INTO resident ({columns}) VALUES ({marks})", list(row.values()))
        return SampleRegister(file)

    return make


HANAKO = {
    "name": "髙橋　花子",
    "reading": "タカハシ　ハナコ",
    "relationship": "世帯主",
    "is_head": 1,
    "phone": "000-000-0001",
}
WATANABE = {"name": "渡邉\U000e0100　ヱミ", "reading": "ワタナベ　エミ"}
HIDDEN = {
    "name": "安心　守",
    "reading": "アンシン　マモル",
    "household_number": "MS000002",
    "is_protected": 1,
    "previous_address": "見本県見本市1番",
    "became_resident_on": "2026-01-10",
    "phone": "000-000-0002",
    "mail": "m0000003@example.jp",
    "born_on": "1975-01-01",
}
FOREIGN = {
    "name": "NGUYEN THI SAMPLE",
    "latin_name": "NGUYEN THI SAMPLE",
    "reading": "グエン　ティ　サンプル",
    "common_name": "見本　りえ",
    "nationality": "ベトナム",
    "status_of_residence": "技能実習",
    "registered_domicile": "",
    "born_on": "2001-02-03",
    "became_resident_on": "2024-04-01",
    "previous_address": "国外",
}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("高橋花子", "髙橋　花子"),
        ("タカハシ", "髙橋　花子"),
        ("ﾀｶﾊｼ ﾊﾅｺ", "髙橋　花子"),
        ("たかはし　はなこ", "髙橋　花子"),
        ("渡辺", "渡邉\U000e0100　ヱミ"),
        ("渡邊", "渡邉\U000e0100　ヱミ"),
        ("わたなべえみ", "渡邉\U000e0100　ヱミ"),
        ("nguyen thi", "NGUYEN THI SAMPLE"),
        ("グエン", "NGUYEN THI SAMPLE"),
        ("見本りえ", "NGUYEN THI SAMPLE"),
    ],
)
def test_names_are_found_in_any_spelling_and_shown_as_registered(
    register_with: Callable[..., SampleRegister], asked: str, found: str
) -> None:
    register = register_with(HANAKO, WATANABE, HIDDEN, FOREIGN)
    assert [one.name for one in register.find(Question(name=asked)).residents] == [found]


def test_conditions_have_to_fit_together(register_with: Callable[..., SampleRegister]) -> None:
    register = register_with(HANAKO, WATANABE)
    assert register.find(Question(name="高橋", born_on=date(1980, 5, 1))).residents
    assert not register.find(Question(name="高橋", born_on=date(1980, 5, 2))).residents
    assert len(register.find(Question(address="塔寺")).residents) == 2
    assert not register.find(Question(address="塔寺字見本9番地")).residents


def test_everything_of_a_resident_comes_back(register_with: Callable[..., SampleRegister]) -> None:
    resident = register_with(HANAKO, FOREIGN).by_number("M0000002")
    assert resident is not None
    assert (resident.nationality, resident.status_of_residence, resident.common_name) == (
        "ベトナム",
        "技能実習",
        "見本　りえ",
    )
    assert str(resident.address) == ADDRESS.format(1)
    assert resident.address is not None and resident.address.postal_code == "9696584"
    assert resident.age_on(date(2026, 2, 2)) == 24
    assert resident.age_on(date(2026, 2, 3)) == 25
    assert resident.is_sample
    assert resident.removal is None


def test_a_protected_resident_is_shown_without_any_place(register_with: Callable[..., SampleRegister]) -> None:
    register = register_with(HANAKO, WATANABE, HIDDEN)
    for resident in (register.by_number("M0000003"), register.find(Question(name="安心")).residents[0]):
        assert resident is not None and resident.is_protected
        told = {resident.household_number, resident.previous_address, resident.registered_domicile}
        assert told | {resident.phone, resident.mail} == {""}
        assert resident.address is None
        assert "見本" not in repr(resident).replace("is_sample", "").replace(SampleRegister.label, "")


def test_a_question_with_an_address_never_finds_a_protected_resident(
    register_with: Callable[..., SampleRegister],
) -> None:
    register = register_with(HANAKO, WATANABE, HIDDEN)
    assert not register.find(Question(address="字見本2番地")).residents
    assert not register.find(Question(name="安心", address="塔寺")).residents
    assert not register.find(Question(born_on=date(1975, 1, 1), address="塔寺")).residents


def test_a_protected_resident_who_moved_out_keeps_the_new_place_hidden(
    register_with: Callable[..., SampleRegister],
) -> None:
    gone = {**HIDDEN, "removed_on": "2026-06-01", "removal_reason": "転出", "removal_to": "西見本県見本区1番"}
    resident = register_with(HANAKO, WATANABE, gone).by_number("M0000003")
    assert resident is not None and resident.removal is not None
    assert (resident.removal.reason, resident.removal.to) == ("転出", "")


def test_the_removed_are_found_only_when_asked_for(register_with: Callable[..., SampleRegister]) -> None:
    register = register_with(HANAKO, {**WATANABE, "removed_on": "2025-01-01", "removal_reason": "死亡"})
    assert not register.find(Question(name="渡辺")).residents
    (found,) = register.find(Question(name="渡辺", include_removed=True)).residents
    assert found.removal is not None and found.removal.on == date(2025, 1, 1)


def test_too_many_hits_are_cut_and_said_to_be(register_with: Callable[..., SampleRegister]) -> None:
    register = register_with(HANAKO, *[WATANABE] * MOST_FOUND)
    exactly = register.find(Question(name="渡辺"))
    assert (len(exactly.residents), exactly.is_cut) == (MOST_FOUND, False)
    all_of_them = register.find(Question(address="塔寺"))
    assert (len(all_of_them.residents), all_of_them.is_cut) == (MOST_FOUND, True)
    readings = [fold(one.reading) for one in all_of_them.residents]
    assert readings == sorted(readings)


@pytest.mark.parametrize("asked", ["%%", "__", "100%", r"\\", "' OR 1=1 --", '"; DROP TABLE resident'])
def test_wild_cards_and_quotes_are_only_characters(register_with: Callable[..., SampleRegister], asked: str) -> None:
    register = register_with(HANAKO, WATANABE)
    assert register.find(Question(name=asked)) == Found()
    assert register.find(Question(address=asked)) == Found()
    assert register.by_number(asked) is None


def test_a_question_of_marks_only_finds_nobody(register_with: Callable[..., SampleRegister]) -> None:
    assert register_with(HANAKO).find(Question(name="\u200b\u200b")) == Found()


@pytest.mark.parametrize(("name", "address"), [("", ""), ("高", ""), (" ", "塔"), ("　　", "")])
def test_a_question_for_nearly_everybody_is_refused(name: str, address: str) -> None:
    with pytest.raises(Refusal, match="条件が足りません"):
        Question(name=name, address=address)


def test_the_register_cannot_be_written_through_the_adapter(register_with: Callable[..., SampleRegister]) -> None:
    register = register_with(HANAKO)
    with register._opened() as database, pytest.raises(sqlite3.OperationalError, match="readonly"):
        database.execute("DELETE FROM resident")


def test_a_check_counts_the_living(register_with: Callable[..., SampleRegister]) -> None:
    seen = register_with(HANAKO, {**WATANABE, "removed_on": "2025-01-01", "removal_reason": "死亡"}).check()
    assert seen.answers
    assert seen.counts == {"residents": 1, "households": 1, "removed": 1}


def test_a_missing_or_foreign_file_is_said_to_be_so(tmp_path: Path) -> None:
    missing = SampleRegister(tmp_path / "none.sqlite3")
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"not a database at all, but long enough to look" * 40)
    other = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(other)) as database:
        database.execute("PRAGMA user_version = 99")
    for register in (missing, SampleRegister(broken), SampleRegister(other)):
        seen = register.check()
        assert seen.is_configured and not seen.answers and seen.todo
        with pytest.raises(RegisterUnavailable):
            register.find(Question(name="高橋"))
        with pytest.raises(RegisterUnavailable):
            register.by_number("M0000001")
    assert not (tmp_path / "none.sqlite3").exists()


def test_without_a_register_nobody_is_said_to_be_unknown() -> None:
    register = NoRegister()
    seen = register.check()
    assert (seen.is_configured, seen.answers) == (False, False)
    with pytest.raises(RegisterUnavailable) as refused:
        register.find(Question(name="高橋"))
    assert refused.value.hint
    with pytest.raises(RegisterUnavailable):
        register.by_number("1")
