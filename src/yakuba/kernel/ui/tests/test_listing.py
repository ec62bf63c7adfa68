"""The listing against a database: search, filters, sort, pages, files, and nothing a hostile URL could break."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.contrib.staticfiles.storage import staticfiles_storage  # noqa: F401  the listing's page links the stylesheet
from django.db.models import QuerySet
from django.http import HttpResponse
from django.template import Context, Template
from django.test import RequestFactory
from openpyxl import load_workbook

from yakuba.kernel.ui.api import Column, Filter, Kind, Listing, Range, Searched
from yakuba.kernel.ui.tests.seat import seated

GROUPS = Listing(
    name="groups",
    title="班の一覧",
    columns=(
        Column("name", "名称", "name", sort="name", search=("name",), url=lambda group: f"/office/g/{group.pk}"),
        Column("number", "番号", "pk", sort="pk", kind=Kind.NUMBER),
        Column(
            "state",
            "状態",
            lambda group: "休止" if group.name.startswith("休") else "活動中",
            badge=lambda group: "info",
        ),
        Column("secret", "内部", "name", shown=False, exported=False),
    ),
    filters=(
        Filter(
            "kind",
            "種別",
            (("han", "班"), ("ka", "課")),
            lambda found, value: found.filter(name__endswith={"han": "班", "ka": "課"}[value]),
        ),
    ),
    order=("name",),
    sizes=(10, 50),
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def groups() -> QuerySet[Group]:
    Group.objects.bulk_create(
        [Group(name=f"{number:02d}行政班") for number in range(1, 24)]
        + [Group(name="総務課"), Group(name="髙﨑𠮷田班"), Group(name="=HYPERLINK(1)"), Group(name="休止班")]
    )
    return Group.objects.all()


def get(query: str, queryset: QuerySet[Group], **options: Any) -> HttpResponse:
    return GROUPS.answer(seated(RequestFactory().get(f"/office/groups{query}")), queryset, **options)


def shown(query: str, queryset: QuerySet[Group]) -> list[str]:
    page = GROUPS.page(seated(RequestFactory().get(f"/office/groups{query}")), queryset)
    return [row[0].text for row in page.rows]


def test_a_page_costs_two_queries(groups: QuerySet[Group], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        assert get("?q=班&kind=han&sort=-name&page=2", groups).status_code == 200


def test_an_empty_listing_costs_one_query_and_says_what_is_missing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        answer = get("", Group.objects.none() | Group.objects.filter(name="無い"))
    assert "まだ登録がありません" in answer.content.decode()


def test_the_first_page_shows_the_default_order(groups: QuerySet[Group]) -> None:
    assert shown("", groups)[:2] == ["01行政班", "02行政班"]
    assert len(shown("", groups)) == 10


def test_search_needs_every_word(groups: QuerySet[Group]) -> None:
    assert shown("?q=総務", groups) == ["総務課"]
    assert shown("?q=0+班", groups)[0] == "01行政班"
    assert shown("?q=総務+班", groups) == []


def test_search_can_go_through_a_key_of_its_own(groups: QuerySet[Group]) -> None:
    folded = Listing(
        name="g",
        title="班",
        columns=(
            Column("name", "名称", "name", search=(Searched("name", fold=lambda word: word.replace("総ム", "総務")),)),
        ),
    )
    page = folded.page(seated(RequestFactory().get("/?q=総ム")), groups)
    assert [row[0].text for row in page.rows] == ["総務課"]


def test_a_filter_narrows_and_its_link_is_kept_while_sorting(groups: QuerySet[Group]) -> None:
    page = GROUPS.page(seated(RequestFactory().get("/?kind=ka")), groups)
    assert [row[0].text for row in page.rows] == ["総務課"]
    assert page.heads[0].url == "?kind=ka&sort=name"
    assert page.is_narrowed


def test_sorting_turns_on_the_second_press(groups: QuerySet[Group]) -> None:
    page = GROUPS.page(seated(RequestFactory().get("/?sort=name")), groups)
    assert (page.heads[0].direction, page.heads[0].url) == ("up", "?sort=-name")
    assert shown("?sort=-number", groups)[0] == "休止班"


def test_pages_follow_each_other_without_overlap(groups: QuerySet[Group]) -> None:
    every = [name for number in (1, 2, 3) for name in shown(f"?page={number}", groups)]
    assert len(every) == len(set(every)) == 27


HOSTILE = [
    "?page=-1", "?page=99999999999999999999", "?page=abc", "?page=1&page=2", "?size=100000", "?size=-1", "?sort=password",
    "?sort=--name", "?sort=name;drop", "?sort=user__password", "?kind=zzz", "?kind=%27%20OR%201=1", "?q=%00%00", "?q=%27%3B--",
    "?q=" + "a" * 9000, "?q=%F0%9F%98%80", "?q=%ED%A0%80", "?export=exe", "?export=csv-cp932&replace=..%2F", "?%00=1", "?q=%25%5F", "?q=\\",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_a_hostile_url_gets_an_ordinary_page(query: str, groups: QuerySet[Group]) -> None:
    assert get(query, groups).status_code == 200


def test_unknown_wishes_are_ignored(groups: QuerySet[Group]) -> None:
    assert shown("?sort=password&kind=zzz&size=7&page=x", groups) == shown("", groups)
    assert shown("?page=9999999", groups) == shown("?page=3", groups)


def test_what_was_typed_comes_back_escaped(groups: QuerySet[Group]) -> None:
    body = get("?q=%22%3E%3Cscript%3E", groups).content.decode()
    assert "<script>" not in body
    assert "&quot;&gt;&lt;script&gt;" in body


def test_only_a_queryset_is_taken() -> None:
    with pytest.raises(TypeError, match="visible_to"):
        get("", Group.objects)  # type: ignore[arg-type]


def csv_rows(answer: HttpResponse, encoding: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode(encoding))))


def test_csv_in_utf8_carries_all_rows_exactly_and_opens_in_excel(groups: QuerySet[Group]) -> None:
    answer = get("?export=csv", groups)
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = csv_rows(answer, "utf-8-sig")
    assert rows[0] == ["名称", "番号", "状態"]
    assert len(rows) == 28
    assert any(row[0] == "髙﨑𠮷田班" for row in rows)
    assert any(row[0] == "'=HYPERLINK(1)" for row in rows)
    assert answer["Content-Disposition"].startswith('attachment; filename="groups.csv"')


def test_an_export_keeps_search_filter_and_order(groups: QuerySet[Group]) -> None:
    rows = csv_rows(get("?export=csv&kind=han&q=0&sort=-name", groups), "utf-8-sig")
    names = [row[0] for row in rows[1:]]
    assert names == sorted(names, reverse=True)
    assert all("0" in name for name in names)


def test_cp932_first_names_the_characters_that_do_not_fit(groups: QuerySet[Group]) -> None:
    answer = get("?export=csv-cp932", groups)
    body = answer.content.decode()
    assert answer["Content-Type"].startswith("text/html")
    assert "U+20BB7" in body
    assert "髙﨑𠮷田班" in body


@pytest.mark.parametrize(("replace", "name"), [("similar", "髙﨑吉田班"), ("geta", "髙﨑〓田班")])
def test_cp932_is_written_as_the_person_chose(replace: str, name: str, groups: QuerySet[Group]) -> None:
    answer = get(f"?export=csv-cp932&replace={replace}", groups)
    assert any(row[0] == name for row in csv_rows(answer, "cp932"))


def test_cp932_is_written_at_once_when_everything_fits(groups: QuerySet[Group]) -> None:
    answer = get("?export=csv-cp932&kind=ka", groups)
    assert csv_rows(answer, "cp932")[1][0] == "総務課"


def test_excel_keeps_numbers_as_numbers_and_formulas_as_texts(groups: QuerySet[Group]) -> None:
    answer = get("?export=xlsx&sort=number", groups)
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == ["名称", "番号", "状態"]
    assert isinstance(sheet["B2"].value, int)
    formula = next(row[0] for row in sheet.iter_rows(min_row=2) if str(row[0].value).startswith("=HYPER"))
    assert formula.data_type == "s"
    assert formula.quotePrefix
    assert sheet.freeze_panes == "A2"


def test_too_many_rows_make_no_file_and_say_so(groups: QuerySet[Group]) -> None:
    small = Listing(name="g", title="班", columns=GROUPS.columns, most_exported=5)
    answer = small.answer(seated(RequestFactory().get("/?export=csv")), groups)
    assert answer["Content-Type"].startswith("text/html")
    assert "5 行まで" in answer.content.decode()


def test_whoever_must_record_readings_hears_what_left_the_database(groups: QuerySet[Group]) -> None:
    heard: list[tuple[int, str]] = []
    for query in ("", "?export=csv", "?export=xlsx", "?export=csv-cp932", "?q=無い言葉"):
        get(query, groups, on_show=lambda things, how: heard.append((len(things), how)))
    assert heard == [(10, "page"), (27, "csv"), (27, "xlsx")]


def test_what_is_asked_about_all_rows_together_is_known_before_a_cell_is_written(groups: QuerySet[Group]) -> None:
    def prepare(things: Any) -> None:
        for thing in things:
            thing.name = f"*{thing.name}"

    assert "*01行政班" in get("", groups, prepare=prepare).content.decode()
    assert "*01行政班" in get("?export=csv", groups, prepare=prepare).content.decode("utf-8-sig")


def test_the_whole_order_is_known_whatever_the_page(groups: QuerySet[Group]) -> None:
    request = seated(RequestFactory().get("/office/groups?kind=han&sort=-name&page=2&size=10"))
    found = [one.name for one in GROUPS.ordered(request, groups)]
    assert len(found) == 25
    assert found == sorted(found, reverse=True)


def test_rows_can_be_ticked_for_a_form_of_the_page(groups: QuerySet[Group]) -> None:
    page = GROUPS.page(seated(RequestFactory().get("/office/groups")), groups)
    for thing in page.things:
        thing.public_id = f"id-{thing.pk}"
    said = {"listing": page, "pick": "bulk"}
    source = '{% cotton listing :listing="listing" :pick="pick" only %}{% endcotton %}'
    html = Template(source).render(Context(said))
    assert html.count('name="picked"') == 10
    assert 'form="bulk"' in html and 'aria-label="選ぶ：01行政班"' in html
    assert 'name="picked"' not in get("", groups).content.decode()


def test_empty_values_sort_last_in_both_directions() -> None:
    from django.contrib.contenttypes.models import ContentType
    from django.db.models import Case, Value, When

    types = ContentType.objects.annotate(note=Case(When(model="group", then=Value(None)), default="model"))
    table = Listing(
        name="t",
        title="型",
        columns=(Column("note", "注", "note", sort="note"), Column("model", "型", "model")),
        sizes=(500,),
    )
    for sort in ("note", "-note"):
        rows = table.page(seated(RequestFactory().get(f"/?sort={sort}")), types).rows
        assert rows[-1][1].text == "group"
        assert rows[-1][0].text == "—"


def test_parameters_of_the_page_around_it_are_carried_on(groups: QuerySet[Group]) -> None:
    tabbed = Listing(name="g", title="班", columns=GROUPS.columns, keep=("tab",), sizes=(10,))
    page = tabbed.page(seated(RequestFactory().get("/?tab=old&sort=name")), groups)
    assert page.pages.next_url == "?tab=old&sort=name&page=2"
    assert page.kept == (("tab", "old"), ("sort", "name"))


def test_a_key_of_the_listing_itself_cannot_name_a_filter() -> None:
    with pytest.raises(ValueError, match="keys must differ"):
        Listing(name="g", title="班", columns=(), filters=(Filter("page", "頁", (), "x"),))


RANGED = replace(GROUPS, ranges=(Range("no", "番号", Kind.NUMBER, "pk"),), as_json=True)


@pytest.mark.parametrize(("query", "count"), [("no_from=1&no_to=3", 3), ("no_from=a&no_to=", 27), ("no_to=-1", 0)])
def test_a_range_narrows_by_its_ends_and_ignores_what_is_no_number(groups, query, count) -> None:
    first = groups.order_by("pk").first()
    shifted = query.replace("no_from=1", f"no_from={first.pk}").replace("no_to=3", f"no_to={first.pk + 2}")
    page = RANGED.page(seated(RequestFactory().get(f"/office/groups?{shifted}")), groups)
    assert page.pages.total == count
    assert page.is_narrowed is page.has_range is (query != "no_from=a&no_to=")


def test_json_is_written_only_where_it_is_offered(groups) -> None:
    asked = seated(RequestFactory().get("/office/groups?export=json&q=総務"))
    written = json.loads(RANGED.answer(asked, groups).content)
    assert written["rows"][0]["name"] == "総務課" and written["columns"][0] == {"key": "name", "label": "名称"}
    assert "text/html" in GROUPS.answer(asked, groups)["Content-Type"]


class Drawer:
    """A source that is no queryset."""

    def __init__(self, names: list[str]) -> None:
        self.names = names

    def searched(self, words: Any) -> Drawer:
        return Drawer([one for one in self.names if all(word in one for word in words)])

    def count(self) -> int:
        return len(self.names)

    def rows(self, sort: str, *, down: bool, start: int, stop: int) -> list[Any]:
        return [Group(pk=1, name=one) for one in sorted(self.names, reverse=down)[start:stop]]


def test_a_source_of_its_own_is_searched_counted_and_read_page_by_page() -> None:
    page = RANGED.page(seated(RequestFactory().get("/office/groups?q=班&sort=-name")), Drawer(["甲班", "乙班", "課"]))
    assert page.pages.total == 2 and [row[0].text for row in page.rows] == ["甲班", "乙班"]
