"""Views before the public: only open fields, only after a decision, no number that points at somebody."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.access.api import NotAllowed, system_person
from yakuba.kernel.approval.api import Outcome, decide
from yakuba.kernel.approval.models import DecisionRequest
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.models import App, PublicView
from yakuba.office.appbuilder.rules.publishing import (
    Small,
    published,
    published_content,
    published_cross,
    publishing_problems,
)
from yakuba.office.appbuilder.rules.tallies import Amount, Tally, folded
from yakuba.office.appbuilder.rules.views import How, Measure, read_view
from yakuba.office.appbuilder.services import (
    ask_to_publish,
    publish_version,
    save_definition,
    stop_publishing,
)
from yakuba.office.appbuilder.services.publish_views import publish_view
from yakuba.office.appbuilder.tests.test_views import CHART, CROSS, TABLE, at, defined, text, use
from yakuba.office.appbuilder.tests.world import CLOCK, FIELDS, define, sit

COUNTS = {**CROSS, "measures": []}
SECRET = [{**one, "data_class": "personal"} if one["key"] == "price" else one for one in FIELDS]


def wrong(view: dict[str, Any], fields: list[dict[str, Any]] = FIELDS) -> str:
    return " ".join(message for message, _ in publishing_problems(read_view(view), define(fields)))


class TestWhatMayBePublic:
    def test_is_a_table_a_chart_or_a_cross_table_of_open_fields(self) -> None:
        for view in (TABLE, CHART, CROSS):
            assert wrong(view) == ""

    @pytest.mark.parametrize(
        ("view", "fields", "message"),
        [
            (
                {"key": "b", "name": "b", "kind": "board", "group": {"field": "state"}, "columns": ["item"]},
                FIELDS,
                "公開できません",
            ),
            ({**CHART, "measures": [{"how": "most", "field": "price"}]}, FIELDS, "一つの記録の値"),
            ({**TABLE, "columns": []}, FIELDS, "公開する項目"),
            (TABLE, SECRET, "「価格」は"),
            (CROSS, SECRET, "「価格」は"),
            ({**CHART, "filters": [{"field": "price", "test": "filled"}]}, SECRET, "「価格」は"),
            ({**CHART, "rule": {">": [{"var": "price"}, 1]}}, SECRET, "「価格」は"),
            ({**TABLE, "columns": ["item"], "sort": "price"}, SECRET, "「価格」は"),
            ({**TABLE, "columns": ["item", "twice"]}, SECRET, "「価格の2倍」は"),
            ({**TABLE, "columns": ["who"]}, [*FIELDS, {"key": "who", "label": "担当", "type": "person"}], "（職員）"),
        ],
    )
    def test_is_nothing_else(self, view, fields, message) -> None:
        assert message in wrong(view, fields)

    def test_is_decided_with_the_fields_behind_it(self) -> None:
        view = read_view({**TABLE, "columns": ["twice"], "filters": []})
        content = published_content(view, define(FIELDS))
        assert [one["key"] for one in content["fields"]] == ["price", "twice"]
        assert published_content(view, define(SECRET)) != content


def tally(count: int, price: int = 0, known: int | None = None) -> Tally:
    return Tally(count, {"price": Amount(Decimal(price), count if known is None else known)})


class TestSmallNumbers:
    @pytest.mark.parametrize(("count", "is_small"), [(0, False), (1, True), (2, True), (3, False), (30, False)])
    def test_are_withheld_below_the_least(self, count, is_small) -> None:
        assert isinstance(published(tally(count), Measure(), least=3), Small) is is_small

    def test_are_withheld_for_sums_over_few_records_or_few_values(self) -> None:
        for how in (How.SUM, How.AVERAGE):
            measure = Measure(how=how, field="price")
            assert isinstance(published(tally(2, 500), measure, least=3), Small)
            assert isinstance(published(tally(9, 500, known=1), measure, least=3), Small)
            assert not isinstance(published(tally(9, 500), measure, least=3), Small)

    @given(
        counts=st.lists(st.lists(st.integers(0, 6), min_size=3, max_size=3), min_size=1, max_size=4),
        least=st.integers(2, 5),
    )
    def test_cannot_be_reckoned_out_of_any_total(self, counts, least) -> None:
        """Whatever is known: for every withheld number there is another one that fits everything shown."""
        rows, columns = [f"r{n}" for n in range(len(counts))], ["c0", "c1", "c2"]
        pairs = {
            (row, column): tally(count)
            for row, line in zip(rows, counts, strict=True)
            for column, count in zip(columns, line, strict=True)
            if count
        }
        totals = (
            folded((row, one) for (row, _), one in pairs.items()),
            folded((column, one) for (_, column), one in pairs.items()),
            folded(((), one) for one in pairs.values()).get((), Tally()),
        )
        shown = published_cross(pairs, rows, columns, Measure(), least=least, totals=totals)
        for (row, column), number in shown.cells.items():
            true = counts[rows.index(row)][columns.index(column)]
            assert isinstance(number, Small) is (0 < true < least)
            if isinstance(number, Small):
                assert shown.across[row] is None and shown.down[column] is None and shown.whole is None
            else:
                assert number == true
        for row in rows:
            total = sum(counts[rows.index(row)])
            assert shown.across[row] is None or isinstance(shown.across[row], Small) or shown.across[row] == total


def stock(desk: Any, out: int = 4, back: int = 2) -> None:
    for number in range(out):
        desk.add(item=f"机{number}", price=100, state="out", lent_on="2026-04-01")
    for number in range(back):
        desk.add(item=f"椅子{number}", price=100, state="in", lent_on="2026-05-01")


def approve(desk: Any, outcome: Outcome = Outcome.APPROVED) -> None:
    request = DecisionRequest.objects.filter(subject_kind="appbuilder.public_view").latest("pk")
    decide(by=desk.person("総務 課長"), request=request, outcome=outcome, comment="確かめた", clock=CLOCK)


def asked(desk: Any, key: str = "chart") -> PublicView:
    return ask_to_publish(by=desk.maker, app=desk.app, key=key, clock=CLOCK)


def address(public: PublicView) -> str:
    return f"/apps/{public.public_id}/"


class TestPublishing:
    def test_needs_a_decision_and_ends_at_any_time(self, desk) -> None:
        use(desk, CHART)
        stock(desk)
        public = asked(desk)
        assert Client().get(address(public)).status_code == 404
        approve(desk)
        shown = text(Client().get(address(public)))
        assert "状態別" in shown and "貸出中" in shown and "3未満" in shown and "机0" not in shown
        public.refresh_from_db()
        stop_publishing(by=desk.maker, public=public, clock=CLOCK)
        assert Client().get(address(public)).status_code == 404

    def test_is_refused_sent_back_or_withdrawn_without_becoming_public(self, desk) -> None:
        use(desk, CHART)
        public = asked(desk)
        approve(desk, Outcome.REFUSED)
        public.refresh_from_db()
        assert public.waiting == {} and Client().get(address(public)).status_code == 404
        assert asked(desk).public_id == public.public_id

    def test_of_a_changed_view_needs_another_decision(self, desk) -> None:
        use(desk, CHART)
        public = asked(desk)
        approve(desk)
        with pytest.raises(Refusal, match="同じ"):
            asked(desk)
        again = defined({**CHART, "group": {"field": "broken"}})
        saved = save_definition(by=desk.maker, app=desk.app, definition=again, edition=0, clock=CLOCK)
        publish_version(by=desk.maker, app=desk.app, edition=saved.edition, apps={}, clock=CLOCK)
        assert Client().get(address(public)).status_code == 404
        assert asked(desk).public_id == public.public_id
        approve(desk)
        assert Client().get(address(public)).status_code == 200

    def test_ends_when_a_field_is_no_longer_open(self, desk) -> None:
        use(desk, CHART)
        public = asked(desk)
        approve(desk)
        fields = [{**one, "data_class": "personal"} if one["key"] == "state" else one for one in FIELDS]
        closed = define(fields).model_copy(update={"views": (read_view(CHART),)})
        saved = save_definition(by=desk.maker, app=desk.app, definition=closed, edition=0, clock=CLOCK)
        publish_version(by=desk.maker, app=desk.app, edition=saved.edition, apps={}, clock=CLOCK)
        assert Client().get(address(public)).status_code == 404
        with pytest.raises(Refusal, match="状態"):
            asked(desk)

    def test_that_is_no_longer_wanted_is_taken_back_from_who_decides(self, desk) -> None:
        use(desk, CHART)
        public = asked(desk)
        stop_publishing(by=desk.maker, public=public, clock=CLOCK)
        request = DecisionRequest.objects.get(subject_kind="appbuilder.public_view")
        assert not request.is_waiting
        assert Client().get(address(public)).status_code == 404

    def test_is_for_managers_and_only_decisions_open_it(self, desk) -> None:
        use(desk, CHART)
        with pytest.raises(NotAllowed):
            ask_to_publish(by=desk.colleague, app=desk.app, key="chart", clock=CLOCK)
        public = asked(desk)
        with pytest.raises(NotAllowed):
            publish_view(by=desk.maker, public=public, decision="", clock=CLOCK)
        with pytest.raises(NotAllowed):
            stop_publishing(by=desk.colleague, public=public, clock=CLOCK)
        with pytest.raises(Refusal, match="決裁を待っています"):
            asked(desk)
        approve(desk)
        with pytest.raises(Refusal, match="公開を求める内容"):
            publish_view(by=system_person("approval"), public=public, decision="", clock=CLOCK)


class TestThePublicPage:
    def test_withholds_every_total_that_would_tell(self, desk) -> None:
        use(desk, COUNTS)
        stock(desk)
        public = asked(desk, "cross")
        approve(desk)
        shown = text(Client().get(address(public)))
        cells = re.findall(r"<t[dh][^>]*>([^<]*)</t[dh]>", shown)
        assert "2026年4月" in cells and "4" in cells and "3未満" in cells
        assert "2" not in cells and "6" not in cells and cells.count("—") == 3

    def test_shows_a_list_of_open_columns_and_no_way_to_a_record(self, desk) -> None:
        use(desk, {**TABLE, "columns": ["item", "lent_on"]})
        stock(desk, out=1)
        public = asked(desk, "out")
        approve(desk)
        shown = text(Client().get(address(public)))
        assert "机0" in shown and "令和8年4月1日" in shown and "椅子0" not in shown and "/office/" not in shown

    def test_puts_groups_together_with_totals_only_where_nothing_is_withheld(self, desk) -> None:
        use(
            desk, {**TABLE, "filters": [], "group": {"field": "broken"}, "measures": [{"how": "sum", "field": "price"}]}
        )
        stock(desk, out=4, back=3)
        public = asked(desk, "out")
        approve(desk)
        assert ">700<" in text(Client().get(address(public)))
        desk.add(item="板", broken=True, price=77)
        shown = text(Client().get(address(public)))
        assert "3未満" in shown and ">777<" not in shown and ">77<" not in shown and ">8<" not in shown

    @pytest.mark.parametrize(("language", "said"), [("en", "fewer than 3"), ("ja-easy", "3より")])
    def test_speaks_three_languages(self, desk, language, said) -> None:
        use(desk, CHART)
        stock(desk)
        public = asked(desk)
        approve(desk)
        speaking = Client()
        speaking.cookies["yakuba_language"] = language
        assert said in text(speaking.get(address(public)))

    def test_may_stand_in_a_frame_only_as_the_page_made_for_it(self, desk, settings) -> None:
        settings.YAKUBA_KEEP_PAGES = True
        use(desk, CHART)
        stock(desk)
        public = asked(desk)
        approve(desk)
        for _ in range(2):  # also when a page kept in memory might answer
            plain, framed = Client().get(address(public)), Client().get(f"{address(public)}embed")
            assert "frame-ancestors *" in framed["Content-Security-Policy"] and "X-Frame-Options" not in framed
            assert "frame-ancestors 'none'" in plain["Content-Security-Policy"] and plain["X-Frame-Options"] == "DENY"
        assert "<svg" in text(framed) and "site-header" not in text(framed)

    def test_is_nowhere_for_what_was_never_published(self, db) -> None:
        for path in ("/apps/0000000000000000/", "/apps/x/", "/apps/0000000000000000/embed"):
            assert Client().get(path).status_code == 404


class TestTheOfficesPage:
    def test_shows_what_everybody_would_see_then_asks_then_stops(self, desk) -> None:
        use(desk, CHART, {**CHART, "key": "worst", "name": "最大", "measures": [{"how": "most", "field": "price"}]})
        stock(desk)
        maker = sit(desk, "行政 主事")
        page = at(desk, "views/v/chart/public/")
        assert "公開していません" in text(maker.get(page)) and "3未満" in text(maker.get(page))
        assert "一つの記録の値" in text(maker.get(at(desk, "views/v/worst/public/")))
        maker.post(page, {"act": "ask"})
        assert "決裁を待っています" in text(maker.get(page)) and "決裁待ち" in text(maker.get(at(desk, "views/")))
        approve(desk)
        shown = text(maker.get(page))
        public = PublicView.objects.get(app=desk.app)
        assert "公開しています" in shown and f"{address(public)}embed" in shown and "iframe" in shown
        maker.post(page, {"act": "stop"})
        assert "公開していません" in text(maker.get(page))

    def test_is_for_managers(self, desk) -> None:
        use(desk, CHART)
        assert sit(desk, "総務 課長").get(at(desk, "views/v/chart/public/")).status_code == 404
        assert sit(desk, "行政 主事").post(at(desk, "views/v/chart/public/"), {"act": "magic"}).status_code == 404
        assert App.objects.get(pk=desk.app.pk).public_views.count() == 0
