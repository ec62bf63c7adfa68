"""The prefill file fills forms in advance: read strictly, old as its export, and never a certificate."""

from __future__ import annotations

import csv
import io
import stat
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from yakuba.kernel.access.api import NotAllowed, Person
from yakuba.kernel.parameters.api import forget_installation
from yakuba.kernel.people.api import Question, find_residents, read_resident, register_check
from yakuba.kernel.people.models import PrefillImport
from yakuba.kernel.people.register.registry import register_in_use
from yakuba.kernel.people.register.vendors.none import NoRegister
from yakuba.kernel.people.register.vendors.prefill import PrefillFile, prefill_file
from yakuba.kernel.people.rules.prefill import COLUMNS, REQUIRED, error_lines, read_prefill
from yakuba.kernel.people.services.prefill import PrefillRefused, put_prefill_in_use, remove_prefill
from yakuba.kernel.people.tests.persons import CLERK, CLOCK, HANAKO, IT, KEEPER, TODAY
from yakuba.kernel.values.api import Refusal

HANAKO_ROW = {
    "宛名番号": "1001", "氏名": "渡邉\U000e0100　花子", "フリガナ": "ﾜﾀﾅﾍﾞ ﾊﾅｺ", "生年月日": "S55.5.1", "性別": "女",
    "郵便番号": "969-6547", "都道府県": "福島県", "市区町村": "河沼郡会津坂下町", "町名": "塔寺", "番地": "字見本1番地",
    "方書": "見本荘101号", "電話": "0242-84-1503", "支援措置": "", "消除日": "", "住民となった日": "R2.4.1",
}  # fmt: skip
HIDDEN_ROW = {**HANAKO_ROW, "宛名番号": "1002", "氏名": "見本　安心", "フリガナ": "ミホン アンシン", "支援措置": "○"}


def table(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS, encoding: str = "utf-8-sig") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([row.get(name, "") for name in columns])
    return out.getvalue().encode(encoding)


@pytest.fixture(autouse=True)
def no_file_left(settings, tmp_path: Path) -> Iterator[None]:
    settings.YAKUBA_HOME = tmp_path
    forget_installation()
    yield
    forget_installation()


def test_a_good_file_is_read_whole() -> None:
    reading = read_prefill(table(HANAKO_ROW, HIDDEN_ROW))
    assert not reading.problems
    first, hidden = reading.rows
    assert (first.name, first.reading, first.born_on) == ("渡邉\U000e0100　花子", "ワタナベ ハナコ", date(1980, 5, 1))
    assert first.postal_code == "9696547"
    places = {
        hidden.postal_code,
        hidden.prefecture,
        hidden.city,
        hidden.area,
        hidden.lot,
        hidden.building,
        hidden.phone,
    }
    assert hidden.is_protected and places == {""}, "of a protected person no place is even taken in"


def test_both_encodings_are_understood() -> None:
    plain = {**HANAKO_ROW, "氏名": "髙橋　花子"}
    assert read_prefill(table(plain, encoding="cp932")).rows == read_prefill(table(plain, encoding="utf-8")).rows


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"宛名番号": ""}, "宛名番号"),
        ({"宛名番号": "=1+1"}, "宛名番号"),
        ({"氏名": ""}, "氏名"),
        ({"氏名": "見本\n花子"}, "氏名"),
        ({"氏名": "\ue000花子"}, "氏名"),
        ({"フリガナ": "渡辺"}, "フリガナ"),
        ({"生年月日": "昭和55年13月1日"}, "生年月日"),
        ({"性別": "F"}, "性別"),
        ({"郵便番号": "96965"}, "郵便番号"),
        ({"町名": ""}, "町名"),
        ({"電話": "代表"}, "電話"),
        ({"支援措置": "たぶん"}, "支援措置"),
        ({"氏名": "あ" * 121}, "氏名"),
    ],
)
def test_one_wrong_cell_refuses_the_file_and_is_named(changed: dict[str, str], column: str) -> None:
    reading = read_prefill(table(HIDDEN_ROW, {**HANAKO_ROW, **changed}))
    assert not reading.rows
    assert column in {one.column for one in reading.problems}
    assert {one.row for one in reading.problems} <= {3, 4}, "rows as the spreadsheet counts them"
    marked = error_lines(reading)
    assert marked[0][0] == "エラー" and marked[1][0] == "" and column in marked[2][0]


def test_the_error_file_can_be_corrected_and_sent_again_and_runs_no_formula() -> None:
    reading = read_prefill(table({**HANAKO_ROW, "方書": "=cmd|' /C calc'!A0", "性別": ""}))
    rows = error_lines(reading)
    assert all(not cell.startswith(("=", "+", "@")) for row in rows for cell in row)
    out = io.StringIO(newline="")
    rows[1][1 + COLUMNS.index("性別")] = "女"
    csv.writer(out).writerows(rows)
    assert not read_prefill(out.getvalue().encode()).problems


def test_a_number_twice_is_refused() -> None:
    (problem,) = read_prefill(table(HANAKO_ROW, HANAKO_ROW)).problems
    assert (problem.row, problem.column) == (3, "宛名番号") and "2行目" in problem.message


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"PK\x03\x04" + b"\x00" * 200,
        "氏名,生年月日\r\n".encode(),
        table(HANAKO_ROW, columns=(*COLUMNS, "年間所得")),
        table(HANAKO_ROW, columns=(*REQUIRED, "氏名")),
        table({**HANAKO_ROW, "方書": "123456789018"}),
        ",".join(COLUMNS).encode() + b'\r\n"1001,',
    ],
    ids=["empty", "binary", "a workbook", "columns missing", "column too many", "column twice", "my number", "quotes"],
)
def test_what_is_no_such_table_is_refused_whole(content: bytes) -> None:
    with pytest.raises(Refusal):
        read_prefill(content)


@pytest.mark.django_db
@pytest.mark.database
def test_a_file_in_use_answers_with_its_source_and_certifies_nothing() -> None:
    assert isinstance(register_in_use(), NoRegister)
    kept = put_prefill_in_use(by=KEEPER, content=table(HANAKO_ROW, HIDDEN_ROW), as_of=TODAY, clock=CLOCK)
    assert (kept.rows, stat.S_IMODE(prefill_file().stat().st_mode)) == (2, 0o600)
    assert isinstance(register_in_use(), PrefillFile)
    (found,) = find_residents(by=CLERK, question=Question(name="渡辺")).residents
    assert found.name == "渡邉\U000e0100　花子" and not found.may_certify
    assert found.source == "住民情報の写し（令和8年11月23日現在。証明には使えません）"
    assert str(found.address) == "福島県河沼郡会津坂下町塔寺字見本1番地　見本荘101号"
    hidden = read_resident(by=CLERK, number="1002")
    assert hidden is not None and hidden.is_protected and hidden.address is None and hidden.phone == ""
    assert not find_residents(by=CLERK, question=Question(name="安心", address="塔寺")).residents
    seen = register_check()
    assert seen.answers and not seen.may_certify and "証明には使えません" in seen.what


@pytest.mark.django_db
def test_a_new_file_replaces_the_old_one_whole_and_it_can_be_thrown_away() -> None:
    put_prefill_in_use(by=IT, content=table(HANAKO_ROW), as_of=TODAY - timedelta(days=40), clock=CLOCK)
    assert register_check().is_stale
    put_prefill_in_use(by=IT, content=table(HIDDEN_ROW), as_of=TODAY, clock=CLOCK)
    assert read_resident(by=CLERK, number="1001") is None
    assert PrefillImport.objects.filter(removed_at__isnull=True).count() == 1
    assert remove_prefill(by=IT, clock=CLOCK) == 1
    assert isinstance(register_in_use(), NoRegister) and not prefill_file().exists()
    assert [path.name for path in prefill_file().parent.iterdir() if "prefill" in path.name] == []


@pytest.mark.django_db
def test_a_refused_file_leaves_the_old_one_in_use() -> None:
    put_prefill_in_use(by=IT, content=table(HANAKO_ROW), as_of=TODAY, clock=CLOCK)
    with pytest.raises(PrefillRefused) as refused:
        put_prefill_in_use(by=IT, content=table({**HIDDEN_ROW, "氏名": ""}), as_of=TODAY, clock=CLOCK)
    assert refused.value.reading.problems
    with pytest.raises(Refusal, match="未来"):
        put_prefill_in_use(by=IT, content=table(HANAKO_ROW), as_of=TODAY + timedelta(days=1), clock=CLOCK)
    assert read_resident(by=CLERK, number="1001") is not None


@pytest.mark.django_db
@pytest.mark.parametrize("stranger", [CLERK, HANAKO], ids=lambda one: one.name)
def test_only_those_who_keep_it_bring_or_throw_it(stranger: Person) -> None:
    with pytest.raises(NotAllowed):
        put_prefill_in_use(by=stranger, content=table(HANAKO_ROW), as_of=TODAY, clock=CLOCK)
    with pytest.raises(NotAllowed):
        remove_prefill(by=stranger, clock=CLOCK)


@pytest.mark.django_db
def test_the_command_brings_the_file_and_names_what_is_wrong(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from yakuba.kernel.people.cli import register

    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes(table(HANAKO_ROW))
    bad.write_bytes(table({**HANAKO_ROW, "性別": "？"}))
    day = "2020-04-01"
    answer = CliRunner().invoke(register, ["import", str(bad), "--as-of", day])
    assert isinstance(answer.exception, PrefillRefused) and "2行目「性別」" in answer.output + answer.stderr
    assert CliRunner().invoke(register, ["import", str(good), "--as-of", "いつか"]).exit_code == 2
    assert "1 人" in CliRunner().invoke(register, ["import", str(good), "--as-of", day]).output
    assert "消しました" in CliRunner().invoke(register, ["forget"]).output
