"""An archive gives back exactly what went in, or says no."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
from pathlib import Path
from typing import Any

import pytest

from yakuba.kernel.operations.backup import keys
from yakuba.kernel.operations.backup.archive import (
    PART,
    ArchiveRefused,
    ArchiveWriter,
    Damaged,
    NotOurs,
    WrongKey,
    as_json,
    opened_archive,
    written_archive,
)
from yakuba.kernel.operations.databases import Facts
from yakuba.kernel.operations.progress import Silent
from yakuba.kernel.operations.restore.unpack import unpack
from yakuba.kernel.operations.tests.conftest import Home
from yakuba.kernel.values.api import SystemClock

FACTS = Facts("sqlite", {"a": 1}, ("audit.0001_initial",), 0, "")


def own_archive(
    home: Path, members: dict[str, bytes], *, paper: dict[str, Any] | None = None, sign: bool = True
) -> Path:
    """A small archive made with the home's own keys; ``paper`` changes what its manifest says."""
    public = keys.public_keys(home) or keys.make_keys(home, now=SystemClock().now())
    place = home / "own.age"
    with place.open("wb") as file, written_archive(file, recipients=keys.parsed(public.recipients)) as (archive, _):
        said = {"format": 1, "product": "yakuba", "version": "0.1.0", "made_at": "", "town": "", **(paper or {})}
        archive.add_text("format.json", as_json(said))
        for name, content in members.items():
            _add_as_it_is(archive, name, content)
        listed = {name: [one.size, one.sha256] for name, one in archive.members.items()}
        manifest = as_json({"facts": FACTS.as_dict(), "members": listed, **said})
        archive.add_text("manifest.json", manifest)
        archive.add_text("manifest.sig", keys.sign(home, manifest.encode()) if sign else "AAAA")
    return place


def _add_as_it_is(archive: ArchiveWriter, name: str, content: bytes) -> None:
    """Round the writer's own care about names, as a hostile maker of archives would."""
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive._tar.addfile(entry, io.BytesIO(content))
    import hashlib

    from yakuba.kernel.operations.backup.archive import Written

    archive.members[name] = Written(len(content), hashlib.sha256(content).hexdigest())


def unpacked(archive: Path, into: Path, identities: keys.Identities) -> Path:
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir()
    unpack(archive, into=into, identities=identities, progress=Silent())
    return into


@pytest.mark.database
def test_what_went_in_comes_out(home: Home, tmp_path: Path) -> None:
    made = home.back_up()
    into = unpacked(made.place, tmp_path / "new", home.identities)
    assert (into / "files/ab/photo").read_bytes() == (home.folder / "files/ab/photo").read_bytes()
    assert made.label is not None
    assert made.label.size == made.place.stat().st_size
    database = into / ("yakuba.sqlite3" if made.label.facts.kind == "sqlite" else ".postgresql.dump")
    assert database.stat().st_size > 10_000
    assert made.place.stat().st_mode & 0o077 == 0


def test_every_region_of_an_archive_is_guarded(home: Home, tmp_path: Path) -> None:
    """Header, key stanzas, MAC, nonce, every block, the last byte: one flipped bit anywhere is found."""
    made = home.back_up()
    whole, identities = made.place.read_bytes(), home.identities
    places = [*range(0, 600, 3), *range(600, len(whole), len(whole) // 60), len(whole) - 17, len(whole) - 1]
    for place in places:
        changed = bytearray(whole)
        changed[place] ^= 0x10
        made.place.write_bytes(changed)
        with pytest.raises(Damaged):
            unpacked(made.place, tmp_path / "new", identities)


@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_every_single_byte_of_an_archive_is_guarded(home: Home, tmp_path: Path) -> None:
    made = home.back_up()
    whole, identities = made.place.read_bytes(), home.identities
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1 << (place % 8)
        made.place.write_bytes(changed)
        with pytest.raises(Damaged):
            unpacked(made.place, tmp_path / "new", identities)


def test_a_cut_off_archive_is_found_wherever_it_ends(home: Home, tmp_path: Path) -> None:
    made = home.back_up()
    whole, identities = made.place.read_bytes(), home.identities
    for length in [0, 1, 20, 100, 200, 300, *range(400, len(whole), len(whole) // 40), len(whole) - 1]:
        made.place.write_bytes(whole[:length])
        with pytest.raises(Damaged):
            unpacked(made.place, tmp_path / "new", identities)


def test_something_behind_the_end_is_found(home: Home, tmp_path: Path) -> None:
    made = home.back_up()
    made.place.write_bytes(made.place.read_bytes() + b"more")
    with pytest.raises(Damaged):
        unpacked(made.place, tmp_path / "new", home.identities)


def test_a_stranger_s_key_is_told_apart_from_damage(home: Home, tmp_path: Path) -> None:
    made = home.back_up()
    stranger = tmp_path / "stranger"
    keys.make_keys(stranger, now=SystemClock().now())
    with pytest.raises(WrongKey, match="この鍵ではバックアップを開けません"):
        unpacked(made.place, tmp_path / "new", keys.read_identities(keys.identity_file(stranger)))


def test_an_archive_somebody_else_made_for_our_public_key_is_refused(home: Home, tmp_path: Path) -> None:
    forged = own_archive(home.folder, {"home/town.toml": b"evil"}, sign=False)
    with pytest.raises(NotOurs, match="署名がありません"):
        unpacked(forged, tmp_path / "new", home.identities)


def test_a_key_file_of_the_age_tool_opens_without_a_word_about_the_maker(home: Home, tmp_path: Path) -> None:
    made = own_archive(home.folder, {"home/town.toml": b"ours"})
    bare = keys.Identities(home.identities.secrets, signers=())
    into = tmp_path / "new"
    into.mkdir()
    assert unpack(made, into=into, identities=bare, progress=Silent()).is_signed is False
    assert unpacked(made, into, home.identities).joinpath("town.toml").read_bytes() == b"ours"


@pytest.mark.parametrize(
    "name",
    ["../evil", "/etc/evil", "home/../../evil", "home//evil", "home/a\x00b", "home/..", "elsewhere/evil", "home/"],
)
def test_no_member_leaves_the_new_home(home: Home, tmp_path: Path, name: str) -> None:
    hostile = own_archive(home.folder, {name: b"evil"})
    with pytest.raises(ArchiveRefused):
        unpacked(hostile, tmp_path / "new", home.identities)
    assert not list(tmp_path.rglob("evil"))


def test_no_member_is_written_twice_or_over_another(home: Home, tmp_path: Path) -> None:
    hostile = own_archive(home.folder, {"database/yakuba.sqlite3": b"one", "home/yakuba.sqlite3": b"two"})
    with pytest.raises(ArchiveRefused):
        unpacked(hostile, tmp_path / "new", home.identities)


@pytest.mark.parametrize(
    ("paper", "words"),
    [
        ({"format": 2, "version": "9.0"}, "新しい版（9.0）"),
        ({"product": "other"}, "役場のバックアップではありません"),
        ({"facts": {"kind": "sqlite"}}, "役場のバックアップではありません"),
        ({"members": {"home/town.toml": [1, "0" * 64]}}, "目録と一致しません"),
        ({"members": []}, "役場のバックアップではありません"),
    ],
)
def test_papers_that_say_something_else_are_refused(
    home: Home, tmp_path: Path, paper: dict[str, Any], words: str
) -> None:
    odd = own_archive(home.folder, {"home/town.toml": b"ours"}, paper=paper)
    with pytest.raises(ArchiveRefused, match=words):
        unpacked(odd, tmp_path / "new", home.identities)


def test_a_stream_of_unknown_length_is_cut_into_parts_and_joined(home: Home, tmp_path: Path) -> None:
    public = keys.make_keys(home.folder, now=SystemClock().now())
    content = bytes(range(251)) * (PART // 100)
    place = tmp_path / "parts.age"
    with place.open("wb") as file, written_archive(file, recipients=keys.parsed(public.recipients)) as (archive, _):
        archive.add_stream("dump", io.BytesIO(content))
    with opened_archive(place, identities=home.identities) as members:
        found = [(member.name, member.content.read()) for member in members]
    assert [name for name, _ in found] == ["dump/00000001", "dump/00000002", "dump/00000003"]
    assert b"".join(part for _, part in found) == content


def test_a_full_disk_ends_in_an_error_and_not_in_an_archive(home: Home) -> None:
    public = keys.make_keys(home.folder, now=SystemClock().now())

    class FullDisk(io.RawIOBase):
        def write(self, content: Any) -> int:
            raise OSError(28, "No space left on device")

        def flush(self) -> None:
            pass

    with (
        pytest.raises(OSError, match="No space left"),
        written_archive(FullDisk(), recipients=keys.parsed(public.recipients)) as (archive, _),  # type: ignore[arg-type]
    ):
        archive.add_stream("dump", io.BytesIO(bytes(3 * PART)))


def test_a_failure_while_writing_leaves_no_archive(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from yakuba.kernel.operations.backup import make

    def fail(*_: object, **__: object) -> None:
        raise OSError("a disk that does not answer")

    monkeypatch.setattr(make, "_add_surroundings", fail)
    with pytest.raises(OSError, match="does not answer"):
        home.back_up()
    assert list(home.shelf.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "復元の鍵がありません"),
        ("AGE-SECRET-KEY-1BROKEN\n", "1行目は復元の鍵ではありません"),
        (None, "がありません"),
    ],
)
def test_a_key_file_that_is_none_is_named(tmp_path: Path, content: str | None, words: str) -> None:
    place = tmp_path / "key.txt"
    if content is not None:
        place.write_text(content)
    with pytest.raises(keys.KeyRefused, match=words):
        keys.read_identities(place)


def test_recipients_the_town_added_open_archives_too_and_outlive_a_renewal(home: Home, tmp_path: Path) -> None:
    first = keys.make_keys(home.folder, now=SystemClock().now())
    second = keys.make_keys(tmp_path / "safe", now=SystemClock().now())
    listed = home.folder / "secrets" / keys.RECIPIENTS
    listed.write_text(listed.read_text() + f"{second.recipients[0]}\n")
    other = keys.read_identities(keys.identity_file(tmp_path / "safe"))
    bare = keys.Identities(other.secrets, signers=())
    assert unpacked(home.back_up().place, tmp_path / "new", bare)
    keys.identity_file(home.folder).rename(tmp_path / "old-key.txt")
    renewed = keys.make_keys(home.folder, now=SystemClock().now())
    assert second.recipients[0] in renewed.recipients
    assert first.recipients[0] not in renewed.recipients


def test_a_line_that_is_no_public_key_stops_the_backup_with_its_number(home: Home) -> None:
    keys.make_keys(home.folder, now=SystemClock().now())
    listed = home.folder / "secrets" / keys.RECIPIENTS
    listed.write_text(listed.read_text() + "age1nonsense\n")
    with pytest.raises(keys.KeyRefused, match="4行目は公開鍵ではありません"):
        home.back_up()


def test_the_label_says_nothing_about_anybody(home: Home) -> None:
    made = home.back_up()
    label = json.loads(made.place.with_suffix(".json").read_text())
    assert set(label) == {"version", "size", "sha256", "plain_size", "files", "seconds", "recipients", "facts"}
    assert all(isinstance(rows, int) for rows in label["facts"]["tables"].values())
