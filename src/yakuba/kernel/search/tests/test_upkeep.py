"""The index says what its sources say, at every moment, and repairs itself where it does not."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yakuba.kernel.audit.api import WriteOutsideVerb, unaudited_writes
from yakuba.kernel.jobs.models import Job
from yakuba.kernel.operations.models import ErrorEntry
from yakuba.kernel.search import jobs
from yakuba.kernel.search.api import matching, put, remove
from yakuba.kernel.search.checkups import search_index
from yakuba.kernel.search.cli import search as search_command
from yakuba.kernel.search.index import engine, sqlite
from yakuba.kernel.search.models import Entry, IndexState, Passage
from yakuba.kernel.search.queries.completeness import changed_things, index_faults, standings, waiting_count
from yakuba.kernel.search.queries.generation import current_generation
from yakuba.kernel.search.registry import searchables
from yakuba.kernel.search.services import begin_anew, index_waiting, put_chunk, take_in
from yakuba.kernel.search.services.put import IMMEDIATE
from yakuba.kernel.search.tests.shelf import SYSTEM, Shelf, put_things, shelf_in_index
from yakuba.kernel.things.api import Level

pytestmark = [pytest.mark.django_db, pytest.mark.database]

LONG = ["会議の記録。" * 2_000] * 5 + ["除雪車の更新について。"]


def found(typed: str) -> set[int]:
    return set(matching(ErrorEntry.objects.all(), typed).values_list("pk", flat=True))


def levels() -> set[Level]:
    return {one.level for one in search_index()}


def is_whole() -> bool:
    changed = [one for declared in searchables() for one, is_changed in changed_things(declared) if is_changed]
    return not (changed or index_faults(thoroughly=True) or waiting_count()) and all(
        one.is_whole for one in standings()
    )


class TestWithinTheVerb:
    def test_a_change_is_found_at_once_and_the_old_text_never_again(self, shelf: Shelf) -> None:
        thing = shelf.add("水道", "使用を始める")
        shelf.write(thing, "電気", "使用を始める")
        assert found("電気") == {thing.pk} == found("使用") and found("水道") == set()
        assert not Passage.objects.filter(folded__contains="水道").exists()
        assert is_whole()

    def test_what_was_removed_is_gone_from_every_table(self, shelf: Shelf) -> None:
        thing, kept = shelf.add("水道", "山田 花子の申請"), shelf.add("水道")
        shelf.take_away(thing)
        assert found("水道") == {kept.pk} and found("花子") == set()
        assert Entry.objects.count() == 1
        assert not Passage.objects.filter(folded__contains="花子").exists()
        assert is_whole()

    def test_a_text_that_did_not_change_is_not_written_again(self, shelf: Shelf) -> None:
        thing = shelf.add("水道", "使用")
        rows = list(Passage.objects.values_list("pk", flat=True))
        put_things(by=SYSTEM, things=[thing])
        assert list(Passage.objects.values_list("pk", flat=True)) == rows

    def test_what_a_failed_verb_put_is_not_found(self, shelf: Shelf) -> None:
        thing = shelf.add("水道")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            shelf.write(thing, "電気")
            raise ZeroDivisionError
        shelf.titles[thing.pk] = "水道"
        assert found("水道") == {thing.pk} and found("電気") == set()
        assert is_whole()

    def test_nobody_writes_into_the_index_outside_a_verb(self, shelf: Shelf) -> None:
        thing = shelf.row()
        for write in (put, remove):
            with pytest.raises(WriteOutsideVerb):
                write(thing)

    def test_removing_what_was_never_put_is_no_error(self, shelf: Shelf) -> None:
        with unaudited_writes("tests"):
            remove(shelf.row())

    @given(
        steps=st.lists(
            st.tuples(
                st.sampled_from(["add", "change", "remove", "begin anew", "index", "put chunk"]),
                st.integers(0, 3),
                st.text(st.sampled_from("水道料金ごみaー\n"), max_size=6),
            ),
            min_size=2,
            max_size=12,
        )
    )
    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_after_any_history_the_index_answers_like_its_sources(
        self, shelf: Shelf, steps: list[tuple[str, int, str]]
    ) -> None:
        with transaction.atomic(), shelf_in_index() as own:
            things: list[ErrorEntry] = []
            for step, which, text in steps:
                thing = things[which % len(things)] if things else None
                if step == "add" or thing is None:
                    things.append(own.add(text, text * 3))
                elif step == "change":
                    own.write(thing, text)
                elif step == "remove":
                    things.remove(thing)
                    own.take_away(thing)
                elif step == "begin anew":
                    begin_anew(by=SYSTEM)
                elif step == "index":
                    index_waiting(by=SYSTEM)
                else:
                    put_chunk(by=SYSTEM, kind="operations.errorentry", object_ids=[one.pk for one in things], anew=True)
                for typed in ("水", "水道", "料金", "ごみ", "a"):
                    assert found(typed) == own.truth(typed)
            jobs.catch_up()
            assert is_whole()
            transaction.set_rollback(True)


class TestLongTexts:
    def test_a_long_text_is_taken_in_by_a_job(self, shelf: Shelf) -> None:
        assert sum(map(len, LONG)) > IMMEDIATE
        thing = shelf.add("議会", *LONG)
        job = Job.objects.get(name="search.take_in")
        assert found("除雪車") == set() and Level.WARNING in levels()
        jobs.take_in_one(**job.arguments)
        assert found("除雪車") == {thing.pk} == found("会議 更新")
        assert is_whole() and levels() == {Level.GOOD}

    def test_what_changes_while_it_is_taken_in_is_taken_in_as_it_is_then(self, shelf: Shelf) -> None:
        thing = shelf.add("議会", *LONG)
        entry = Entry.objects.get()
        shelf.write(thing, "議会", "短い")
        assert take_in(by=SYSTEM, entry=entry)
        assert found("除雪車") == set() and found("短い") == {thing.pk}
        shelf.write(thing, "議会", *LONG)
        jobs.catch_up()
        assert found("除雪車") == {thing.pk} and found("短い") == set()
        assert is_whole()

    def test_a_half_taken_text_is_begun_anew(self, shelf: Shelf) -> None:
        thing = shelf.add("議会", *LONG)
        entry = Entry.objects.get()
        assert not take_in(by=SYSTEM, entry=entry, until=0)
        assert take_in(by=SYSTEM, entry=entry)
        assert found("除雪車") == {thing.pk} and is_whole()

    def test_a_long_text_that_is_removed_meanwhile_stays_away(self, shelf: Shelf) -> None:
        thing = shelf.add("議会", *LONG)
        arguments = Job.objects.get(name="search.take_in").arguments
        shelf.take_away(thing)
        jobs.take_in_one(**arguments)
        assert Entry.objects.count() == Passage.objects.count() == 0 and is_whole()


class TestCatchingUp:
    def test_after_a_move_to_another_database_everything_is_found_and_indexed_by_itself(self, shelf: Shelf) -> None:
        """A database that was moved has the passages, but an empty index of another generation."""
        things = {shelf.add(f"水道{number}").pk for number in range(50)}
        with unaudited_writes("tests"):
            begin_anew(by=SYSTEM)
            IndexState.objects.update(vendor="elsewhere")
            Passage.objects.update(grams="")
        assert found("水道") == things and waiting_count() == 50 and Level.WARNING in levels()
        jobs.catch_up()
        assert waiting_count() == 0 and found("水道") == things and is_whole()

    def test_other_bigrams_make_the_index_anew(self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
        thing = shelf.add("水道")
        with unaudited_writes("tests"):
            IndexState.objects.update(tokenizer=0)
        assert found("水道") == {thing.pk} and waiting_count() == 1
        shelf.write(thing, "電気")
        assert found("電気") == {thing.pk} and found("水道") == set()
        jobs.catch_up()
        assert is_whole()

    def test_the_night_puts_in_what_is_missing_and_removes_what_is_gone(self, shelf: Shelf) -> None:
        kept, lost, gone, outdated = (shelf.add(word) for word in ("水道一", "水道二", "水道三", "水道四"))
        with unaudited_writes("tests"):
            put_lost = Entry.objects.get(object_id=lost.pk)
            remove(lost)
            Entry.objects.create(kind="nobody.knows", object_id=1, digest="x")
            Entry.objects.filter(object_id=outdated.pk).update(folded_by="older")
            ErrorEntry.objects.filter(pk=gone.pk).delete()
        assert put_lost.kind == "operations.errorentry"
        del shelf.titles[gone.pk]
        findings = list(search_index())
        assert Level.BROKEN in levels() and any("索引にない記録 1 件" in one.what for one in findings)
        jobs.tidy()
        assert levels() == {Level.GOOD} and is_whole()
        assert found("水道") == {kept.pk, lost.pk, outdated.pk}


class TestCommands:
    def run(self, *arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(search_command, list(arguments), catch_exceptions=False)
        return done.exit_code, done.stdout

    def test_rebuild_repairs_whatever_happened(self, shelf: Shelf) -> None:
        things = [shelf.add(f"水道{number}", "料金") for number in range(5)]
        long = shelf.add("議会", *LONG)
        gone = shelf.add("消える")
        shelf.titles[things[0].pk] = "電気"  # changed by something that is no verb
        with unaudited_writes("tests"):
            ErrorEntry.objects.filter(pk=gone.pk).delete()
            Passage.objects.filter(object_id=things[1].pk).delete()
        del shelf.titles[gone.pk]
        code, said = self.run("check", "--json")
        told = json.loads(said)
        assert code == 1 and not told["is_whole"]
        (kind,) = told["kinds"]
        assert (kind["orphans"], kind["due"], kind["changed"]) == (1, 1, [things[0].pk])
        code, said = self.run("rebuild", "--json")
        assert code == 0 and json.loads(said) == {"things": 6, "removed": 1, "long": 1}
        assert self.run("check") == (
            0,
            "✓ 不具合（operations.errorentry） 6 件：索引にない 0、元が消えた 0、本文が変わった 0、古い検索キー 0、取り込み待ち 0\n✓ 索引は元の記録と一致しています\n",
        )
        assert found("電気") == {things[0].pk} and found("水道1") == {things[1].pk} and found("除雪車") == {long.pk}
        assert "6 件の記録の索引を作り直しました" in self.run("rebuild")[1]


def test_a_damaged_index_is_noticed(shelf: Shelf) -> None:
    shelf.add("水道")
    assert index_faults(thoroughly=True) == []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO search_index(search_index) VALUES ('delete-all')")
        else:
            cursor.execute("DROP INDEX search_passage_grams")
    assert index_faults() and Level.BROKEN in levels()


@pytest.mark.sqlite
def test_leftovers_in_the_index_are_noticed_and_found_by_nobody(shelf: Shelf) -> None:
    thing = shelf.add("水道")
    with unaudited_writes("tests"):
        Passage.objects.all().delete()
    assert found("水道") == set()
    assert any("索引に残っています" in one for one in index_faults())
    put_chunk(by=SYSTEM, kind="operations.errorentry", object_ids=[thing.pk], anew=True)
    assert found("水道") == {thing.pk}


@pytest.mark.postgresql
@pytest.mark.parametrize("typed", ["水道", "水道 料金", "水 に 一二三"])
def test_every_word_is_asked_of_the_index_however_frequent_it_is(shelf: Shelf, typed: str) -> None:
    """A plan that takes the bigrams of row after row apart costs a hundred times as much."""
    now = timezone.now()
    begin_anew(by=SYSTEM)
    with unaudited_writes("tests"):
        rows = ErrorEntry.objects.bulk_create(
            ErrorEntry(fingerprint=f"frequent{number}", exception="", first_at=now, last_at=now)
            for number in range(3_000)
        )
        entry = Entry.objects.create(kind="operations.errorentry", object_id=0)
        text = "水道料金について" * 60 + "一二三"
        Passage.objects.bulk_create(
            Passage(
                entry=entry,
                kind=entry.kind,
                object_id=row.pk,
                part="body",
                weight=1,
                folded=text,
                grams=engine().grams_for(entry.kind, text),
                indexed_in=current_generation(),
            )
            for row in rows
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    gated = ErrorEntry.objects.filter(pk__lt=rows[40].pk)
    plan = matching(gated, typed).values("pk").explain()
    assert plan.count("Bitmap Index Scan on search_passage_grams") == len(typed.split()), plan
    assert "Filter: (string_to_array" not in plan and "AND (string_to_array" not in plan, plan
    assert matching(gated, typed).count() == gated.count()


def test_a_sqlite_without_full_text_search_is_named() -> None:
    class NoFts5:
        def cursor(self) -> NoFts5:
            return self

        def __enter__(self) -> NoFts5:
            return self

        def __exit__(self, *_: object) -> None: ...

        def execute(self, statement: str) -> None:
            from django.db.utils import OperationalError

            raise OperationalError("no such module: fts5")

    with pytest.raises(ImproperlyConfigured, match="FTS5"):
        sqlite.make(NoFts5())
