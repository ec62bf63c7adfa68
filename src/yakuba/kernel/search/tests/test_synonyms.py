"""Synonyms: a shipped table, and lines of the town's own that a clerk keeps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind, Role
from yakuba.kernel.identity.tests.people import a_staff_account, sign_in
from yakuba.kernel.search.api import words_of
from yakuba.kernel.search.models import SynonymGroup
from yakuba.kernel.search.queries.thesaurus import shipped_synonyms
from yakuba.kernel.search.rules.keys import search_key
from yakuba.kernel.search.rules.synonym_lines import check_line, read_line
from yakuba.kernel.search.rules.words import Synonyms
from yakuba.kernel.search.services.synonyms import add_synonyms, change_synonyms, remove_synonyms
from yakuba.kernel.values.api import Refusal

SECRETARY = Person(id="s" * 16, name="見本", kind=PersonKind.STAFF, roles=frozenset({Role.STAFF, Role.SECRETARIAT}))
CLERK = Person(id="c" * 16, name="見本", kind=PersonKind.STAFF, roles=frozenset({Role.STAFF}))
ADDRESS = "/office/search/synonyms/"


def seated(*roles: Role) -> Client:
    """A clerk with these roles, signed in to the office."""
    client = Client()
    sign_in(client, a_staff_account(roles=roles))
    return client


def synonyms_of(typed: str) -> set[str]:
    return set(words_of(typed)[0].synonyms)


class TestLines:
    def test_words_are_divided_by_commas_of_any_kind_and_kept_once(self) -> None:
        assert read_line("ごみ、ゴミ,  生 ごみ\n、廃棄物；") == ("ごみ", "生 ごみ", "廃棄物")

    @pytest.mark.parametrize(
        ("same", "narrower", "field", "words"),
        [
            ((), ("転入",), "same", "空です"),
            (("水",), (), "same", "一つだけ"),
            (("水道", "水" * 41), (), "same", "長すぎます"),
            (("水道", "・"), (), "same", "記号だけ"),
            (("水道",), ("スイドウ", "水道"), "narrower", "両方の欄"),
            (("水道", "電話"), (), "same", "ほかの行"),
            (tuple(map(str, range(13))), (), "same", "13 個"),
        ],
    )
    def test_a_line_that_cannot_be_used_is_refused_with_its_field(
        self, same: tuple[str, ...], narrower: tuple[str, ...], field: str, words: str
    ) -> None:
        others = [Synonyms(("でんわ", "電話"))]
        with pytest.raises(Refusal, match=words) as refused:
            check_line(same, narrower, others=others, shipped=())
        assert refused.value.field == field and refused.value.hint

    def test_one_word_alone_switches_a_shipped_line_off(self) -> None:
        assert check_line(("ゴミ",), (), others=(), shipped=[Synonyms(("ごみ", "廃棄物"))]).same == ("ゴミ",)


class TestShippedTable:
    def test_every_word_can_be_looked_for_and_stands_in_one_line_of_each_kind(self) -> None:
        lines = shipped_synonyms()
        assert len(lines) > 30
        for line in lines:
            keys = [search_key(word) for word in (*line.same, *line.narrower)]
            assert len(set(keys)) == len(keys) > 1, line
            check_line(line.same, line.narrower, others=(), shipped=())

    def test_a_table_that_cannot_be_read_names_its_line(self, tmp_path: Path) -> None:
        from yakuba.kernel.search.queries.thesaurus import _read

        file = tmp_path / "synonyms.toml"
        file.write_text('[[group]]\nsame = ["ごみ", "廃棄物"]\n[[group]]\nsame = "水"\n', encoding="utf-8")
        with pytest.raises(ValueError, match="group 2"):
            _read(file)
        assert _read(tmp_path / "none.toml") == ()


@pytest.mark.django_db
@pytest.mark.database
class TestOwnLines:
    def test_a_line_of_the_town_is_used_at_once_and_takes_the_place_of_a_shipped_one(self) -> None:
        assert "廃棄物" in synonyms_of("ゴミ")
        line = add_synonyms(by=SECRETARY, same=["ごみ", "くず"], narrower=[], note="")
        assert synonyms_of("ゴミ") == {"くず"} and "ごみ" not in synonyms_of("廃棄物")
        change_synonyms(by=SECRETARY, group=line, same=["ごみ"], narrower=[], note="使わない", version=1)
        assert synonyms_of("ゴミ") == set()
        remove_synonyms(by=SECRETARY, group=line)
        assert "廃棄物" in synonyms_of("ゴミ")

    def test_only_the_secretariat_keeps_them(self) -> None:
        line = add_synonyms(by=SECRETARY, same=["水道", "上水"], narrower=[], note="")
        with pytest.raises(NotAllowed):
            add_synonyms(by=CLERK, same=["犬", "わんこ"], narrower=[], note="")
        with pytest.raises(NotAllowed):
            change_synonyms(by=CLERK, group=line, same=["水道"], narrower=["簡易水道"], note="", version=1)
        with pytest.raises(NotAllowed):
            remove_synonyms(by=CLERK, group=line)
        assert SynonymGroup.objects.get().same == ["水道", "上水"]

    def test_what_another_person_changed_meanwhile_is_not_lost_unseen(self) -> None:
        line = add_synonyms(by=SECRETARY, same=["水道", "上水"], narrower=[], note="")
        change_synonyms(by=SECRETARY, group=line, same=["水道", "簡水"], narrower=[], note="", version=1)
        with pytest.raises(Refusal, match="「水道、簡水」に直しました"):
            change_synonyms(by=SECRETARY, group=line, same=["水道", "井戸"], narrower=[], note="", version=1)


@pytest.mark.django_db
@pytest.mark.database
class TestPages:
    def test_the_secretariat_adds_changes_and_removes_a_line(self) -> None:
        office = seated(Role.SECRETARIAT)
        form = office.get(f"{ADDRESS}new/?like=ごみ").content.decode()
        assert "ごみ、廃棄物" in form
        answer = office.post(f"{ADDRESS}new/", {"same": "ごみ、廃棄物、生ごみ", "narrower": "", "note": "会議で決定"})
        assert answer.status_code == 302, answer.content.decode()
        page = office.get(ADDRESS).content.decode()
        assert "会議で決定" in page and "町の行を使用" in page
        line = SynonymGroup.objects.get()
        stale = {"same": "ごみ、生ごみ", "narrower": "", "note": "", "version": "7"}
        answer = office.post(f"{ADDRESS}{line.public_id}/", stale)
        assert answer.status_code == 422 and "ほかの人が" in answer.content.decode()
        assert 'name="version" value="1"' in answer.content.decode() and "ごみ、生ごみ" in answer.content.decode()
        assert office.post(f"{ADDRESS}{line.public_id}/", stale | {"version": "1"}).status_code == 302
        assert office.post(f"{ADDRESS}{line.public_id}/remove/").status_code == 302
        assert not SynonymGroup.objects.exists()

    def test_a_word_can_be_tried(self) -> None:
        page = seated(Role.CLERK).get(ADDRESS, {"word": "ゴミ <b>"}).content.decode()
        assert "「廃棄物」" in page and "「&lt;b&gt;」で探すと、その言葉だけが" in page
        assert "?like=" not in page, "a clerk sees the lines and changes none"

    @pytest.mark.parametrize("word", ["", "\x00", "水" * 10_000, "・", "'\"<>", " ".join("あいうえお")])
    def test_nothing_tried_is_an_error(self, word: str) -> None:
        assert seated(Role.CLERK).get(ADDRESS, {"word": word}).status_code == 200

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"same": ""}, "同じ意味の言葉"),
            ({"same": "水、ミズ", "narrower": "みず、氷"}, "両方の欄"),
            ({"same": "、、"}, "空です"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(self, changed: dict[str, Any], words: str) -> None:
        filled = {"same": "水、みず", "narrower": "井戸水、氷", "note": "メモに書いたこと", **changed}
        answer = seated(Role.SECRETARIAT).post(f"{ADDRESS}new/", filled)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert words in page and "メモに書いたこと" in page and "氷" in page

    def test_a_clerk_may_not_change_and_an_unknown_line_is_nowhere(self) -> None:
        assert seated(Role.CLERK).get(f"{ADDRESS}new/").status_code == 403
        assert seated(Role.SECRETARIAT).get(f"{ADDRESS}0000000000000000/").status_code == 404
