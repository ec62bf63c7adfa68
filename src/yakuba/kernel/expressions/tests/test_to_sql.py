"""The database and Python answer a condition alike, row by row, also where an answer is absent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from yakuba.kernel.expressions.api import NotCompilable, Rule, RuleFault, ValueType, evaluate, is_true, to_q

pytestmark = [pytest.mark.django_db, pytest.mark.database]

TODAY = date(2026, 5, 1)

with isolate_apps("yakuba.kernel.expressions"):

    class Person(models.Model):
        """A table of the test alone, in a temporary place of the database."""

        name = models.CharField(max_length=40, null=True)
        kind = models.CharField(max_length=40, null=True)
        people = models.IntegerField(null=True)
        weight = models.DecimalField(max_digits=9, decimal_places=3, null=True)
        cost = models.BigIntegerField(null=True)
        birth = models.DateField(null=True)
        moved = models.DateField(null=True)
        arrival = models.TimeField(null=True)
        agrees = models.BooleanField(null=True)

        class Meta:
            app_label = "expressions"
            db_table = "expressions_test_person"


TYPES = {
    "name": ValueType.TEXT,
    "house.kind": ValueType.CHOICE,
    "people": ValueType.NUMBER,
    "weight": ValueType.NUMBER,
    "cost": ValueType.YEN,
    "birth": ValueType.DATE,
    "moved": ValueType.DATE,
    "arrival": ValueType.TIME,
    "agrees": ValueType.YES_NO,
}
COLUMNS = {name: name.removeprefix("house.") for name in TYPES}


@pytest.fixture
def people(db: None) -> Iterator[type[Person]]:
    # A language of its own, such as a town's database may have, must not change the order of texts.
    language = ' COLLATE "ja-x-icu"' if connection.vendor == "postgresql" else ""
    fields = [
        f'"{field.column}" {field.db_type(connection)}{language if isinstance(field, models.CharField) else ""}'
        for field in Person._meta.local_fields[1:]
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE expressions_test_person (id integer PRIMARY KEY, {', '.join(fields)})")
        yield Person
        cursor.execute("DROP TABLE expressions_test_person")


def answers_of(person: Person) -> dict[str, Any]:
    """The row as the data of a rule: JSON, as an answer set holds it."""
    return {
        "name": person.name,
        "house": {"kind": person.kind},
        "people": person.people,
        "weight": person.weight,
        "cost": person.cost,
        "birth": person.birth and person.birth.isoformat(),
        "moved": person.moved and person.moved.isoformat(),
        "arrival": person.arrival and person.arrival.isoformat("minutes"),
        "agrees": person.agrees,
    }


def answer_alike(rule: Rule, rows: list[dict[str, Any]]) -> bool:
    """Whether the rule compiles; if so, SQL and Python must choose the same rows."""
    try:
        condition = to_q(rule, columns=COLUMNS, types=TYPES, today=TODAY)
        opposite = to_q({"!": rule}, columns=COLUMNS, types=TYPES, today=TODAY)
    except (NotCompilable, RuleFault):
        return False
    people = [Person(id=number, **row) for number, row in enumerate(rows)]
    Person.objects.all().delete()
    Person.objects.bulk_create(people)
    try:
        chosen = {each.id for each in people if is_true(evaluate(rule, answers_of(each), today=TODAY))}
    except RuleFault:
        return False
    everybody = {each.id for each in people}
    assert set(Person.objects.filter(condition).values_list("id", flat=True)) == chosen
    assert set(Person.objects.exclude(condition).values_list("id", flat=True)) == everybody - chosen
    assert set(Person.objects.filter(opposite).values_list("id", flat=True)) == everybody - chosen
    return True


words = st.sampled_from(
    ["", "own", "Own", "rent", "持ち家", "あ", "ア", "%", "_", "o_n", "2", "02", "a b", "é", "Z", "~", "😀", "ﾟ"]
)
whole = st.sampled_from([-3, 0, 1, 2, 3, 18, 2026, 100_000, 10**9])
parted = st.sampled_from([Decimal(text) for text in ("-1.5", "0", "0.1", "0.3", "2", "2.5", "99999.125")])
days = st.dates(date(1920, 1, 1), date(2030, 12, 31)) | st.sampled_from(
    [date(2008, 5, 1), date(2008, 5, 2), date(2008, 2, 29), date(2026, 3, 31), date(2026, 4, 1), TODAY]
)
moments = st.sampled_from([time(0, 0), time(9, 30), time(17, 15)])

rows = st.fixed_dictionaries(
    {
        "name": st.none() | words,
        "kind": st.none() | words,
        "people": st.none() | whole,
        "weight": st.none() | parted,
        "cost": st.none() | whole,
        "birth": st.none() | days,
        "moved": st.none() | days,
        "arrival": st.none() | moments,
        "agrees": st.none() | st.booleans(),
    }
)

names = st.sampled_from(sorted(TYPES))
answers = names.map(lambda name: {"var": name})
written = (
    words | whole | parted | st.floats(-10, 10) | st.booleans() | st.none() | days.map(date.isoformat)
    | moments.map(lambda moment: moment.isoformat("minutes"))
)  # fmt: skip
today_words = st.just({"today": []}) | whole.map(lambda number: {"add_years": [{"today": []}, -number]})
stepwise = st.sampled_from(["age", "fiscal_year", "year_of"]).flatmap(
    lambda key: st.sampled_from(["birth", "moved"]).map(lambda name: {key: [{"var": name}]})
)


def of_one_type(kinds: tuple[ValueType, ...], constants: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """Two operands that may well be compared."""
    suitable = st.sampled_from([name for name, kind in TYPES.items() if kind in kinds]).map(lambda name: {"var": name})
    return st.lists(suitable | constants, min_size=2, max_size=2)


operands = (
    of_one_type((ValueType.TEXT, ValueType.CHOICE), words)
    | of_one_type((ValueType.NUMBER, ValueType.YEN), whole | parted)
    | of_one_type((ValueType.DATE,), days.map(date.isoformat) | today_words)
    | of_one_type((ValueType.TIME,), moments.map(lambda moment: moment.isoformat("minutes")))
    | of_one_type((ValueType.YES_NO,), st.booleans())
    | st.tuples(stepwise, whole | parted).map(list)
    | st.lists(answers | written | today_words, min_size=2, max_size=2)
)
equalities = st.builds(lambda key, two: {key: two}, st.sampled_from(["==", "!=", "===", "!=="]), operands)
orders = st.builds(lambda key, two: {key: two}, st.sampled_from(["<", "<=", ">", ">="]), operands)
between = st.builds(
    lambda key, middle, low, high: {key: [low, middle, high]}, st.sampled_from(["<", "<="]),
    st.sampled_from([{"var": "people"}, {"var": "weight"}, {"age": {"var": "birth"}}]), whole | parted, whole | parted,
)  # fmt: skip
members = st.builds(lambda one, listed: {"in": [one, listed]}, answers, st.lists(written, max_size=4))
parts = st.builds(lambda whole, part: {"contains": [whole, part]}, answers, written)
leaves = (
    equalities | orders | between | members | parts | answers | st.booleans()
    | answers.map(lambda answer: {"is_empty": answer})
    | st.lists(names, max_size=3).map(lambda listed: {"missing": listed})
)  # fmt: skip
rules = st.recursive(
    leaves,
    lambda inner: st.builds(lambda key, two: {key: two}, st.sampled_from(["and", "or"]), st.lists(inner, min_size=1, max_size=3))
    | st.builds(lambda key, one: {key: [one]}, st.sampled_from(["!", "!", "!", "!!"]), inner)
    | st.lists(inner, min_size=2, max_size=4).map(lambda several: {"if": several}),
    max_leaves=6,
)  # fmt: skip


@given(rules, st.lists(rows, min_size=4, max_size=8))
@example({"!=": [{"var": "name"}, {"var": "house.kind"}]}, [{"name": "a"}, {"name": "a", "kind": "b"}])
@example({"<": [{"var": "name"}, "a"]}, [{"name": name} for name in ("Z", "a", "_", "é", "あ", "", None)])
@example({"contains": [{"var": "name"}, "%"]}, [{"name": name} for name in ("100%", "100", "", None)])
@example({"contains": [{"var": "name"}, "O"]}, [{"name": name} for name in ("own", "Own", None)])
@example({"in": ["", {"var": "name"}]}, [{"name": name} for name in ("own", "", None)])
@example({"==": [{"var": "people"}, 2.5]}, [{"people": number} for number in (2, 3, None)])
@example({">=": [{"var": "people"}, 2.5]}, [{"people": number} for number in (2, 3, None)])
@example({"==": [{"var": "weight"}, 0.1]}, [{"weight": Decimal("0.1")}, {"weight": Decimal("0.3")}])
@example({"!": {"and": [{"!": {"==": [{"var": "people"}, 1]}}, {"==": [{"var": "cost"}, 1]}]}}, [{"cost": 1}, {}])
@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_sql_and_python_choose_the_same_rows(people: type[Person], rule: Rule, rows: list[dict[str, Any]]) -> None:
    answer_alike(rule, rows)


@pytest.mark.parametrize("key", [">=", ">", "<=", "<", "==", "!="])
@pytest.mark.parametrize("number", [-99999, -1, 0, 17, 17.5, 18, "18", 3000])
def test_ages_and_years_are_found_by_the_day(people: type[Person], key: str, number: Any) -> None:
    births = [None, date(2008, 2, 29), date(2008, 5, 1), date(2008, 5, 2), date(2007, 5, 2), TODAY, date(2026, 5, 2)]
    rows = [{"birth": birth} for birth in births]

    assert answer_alike({key: [{"age": {"var": "birth"}}, number]}, rows)
    assert answer_alike({key: [number, {"age": [{"var": "birth"}, "2026-02-28"]}]}, rows)
    year = number if isinstance(number, str) else number + 2008
    assert answer_alike({key: [{"fiscal_year": {"var": "birth"}}, year]}, rows)
    assert answer_alike({key: [{"year_of": {"var": "birth"}}, year]}, rows)


SUBSET = [
    {"and": [{"==": [{"var": "house.kind"}, "own"]}, {">=": [{"var": "people"}, 2]}]},
    {"or": [{"var": "agrees"}, {"!": {"is_empty": {"var": "name"}}}]},
    {"<=": [0, {"var": "weight"}, 2.5]},
    {"<": [{"var": "moved"}, {"add_months": [{"today": []}, -3]}]},
    {"<": [{"var": "birth"}, {"var": "moved"}]},
    {"in": [{"var": "people"}, [1, 2, {"+": [1, 2]}]]},
    {"if": [{"var": "agrees"}, {"==": [{"var": "people"}, "2"]}, {"missing": ["name", "cost"]}]},
    {"==": [{"var": "agrees"}, 1]},
    {">": [{"var": "arrival"}, "09:00"]},
    {"===": [None, {"var": "cost"}]},
    {"in": ["家", {"var": "name"}]},
    {"and": [True, {"==": [1, 1]}]},
]


@pytest.mark.parametrize("rule", SUBSET)
def test_the_declared_subset_compiles(people: type[Person], rule: Rule) -> None:
    some = [
        {},
        {"kind": "own", "people": 2, "agrees": True, "name": "持ち家", "weight": Decimal("2.5"), "cost": 0},
        {
            "kind": "rent",
            "people": 3,
            "agrees": False,
            "name": "",
            "birth": date(2000, 1, 1),
            "moved": date(2026, 1, 1),
        },
        {"arrival": time(9, 30), "moved": date(1999, 1, 1), "birth": date(2000, 1, 1), "cost": 5, "name": "借家"},
    ]
    assert answer_alike(rule, some)


@pytest.mark.parametrize(
    "rule",
    [
        {">": [{"+": [{"var": "weight"}, 0.1]}, 1]},
        {"==": [{"var": "name"}, 2]},
        {"<": [{"var": "name"}, 2]},
        {"==": [{"var": "name"}, {"var": "people"}]},
        {"<": [{"var": "birth"}, "令和8年"]},
        {"<": [{"var": "agrees"}, True]},
        {"==": [{"var": ["name", "own"]}, "own"]},
        {"==": [{"var": "unknown"}, 1]},
        {"some": [{"var": "name"}, True]},
        {"contains": [{"var": "name"}, {"var": "house.kind"}]},
        {"contains": [{"var": "people"}, 1]},
        {"==": [{"var": "name"}, "\x00"]},
        {"==": [{"var": "name"}, "\ud800"]},
        {"==": [{"var": "weight"}, 0.1234567890123456]},
        {"in": [{"var": "people"}, list(range(400))]},
        {"in": [{"var": "people"}, [{"var": "cost"}]]},
        {"age": {"var": "name"}},
        {"cat": [{"var": "name"}]},
        {"missing_some": [1, ["name"]]},
        {"missing": ["name", 5]},
    ],
)
def test_what_the_database_would_answer_otherwise_is_refused_in_words(rule: Rule) -> None:
    with pytest.raises(NotCompilable) as caught:
        to_q(rule, columns=COLUMNS, types=TYPES, today=TODAY)
    assert caught.value.message.endswith("。")
    assert caught.value.hint


def test_today_has_to_be_given() -> None:
    for rule in ({"<": [{"var": "birth"}, {"today": []}]}, {">": [{"age": {"var": "birth"}}, 18]}):
        with pytest.raises(NotCompilable):
            to_q(rule, columns=COLUMNS, types=TYPES)
        to_q(rule, columns=COLUMNS, types=TYPES, today=TODAY)


def test_types_follow_from_what_a_name_is_compared_with(people: type[Person]) -> None:
    Person.objects.create(id=1, kind="own", people=2, birth=date(2000, 1, 1), agrees=True)
    rule = {
        "and": [
            {"==": [{"var": "house.kind"}, "own"]},
            {"in": [{"var": "people"}, [1, 2]]},
            {"<": [{"var": "birth"}, "2001-01-01"]},
            {"==": [{"var": "agrees"}, True]},
        ]
    }
    assert Person.objects.filter(to_q(rule, columns=COLUMNS)).count() == 1
    with pytest.raises(NotCompilable):
        to_q({"or": [{"==": [{"var": "people"}, "2"]}, {"==": [{"var": "people"}, 2]}]}, columns=COLUMNS)
    with pytest.raises(NotCompilable):
        to_q({"var": "people"}, columns=COLUMNS)
