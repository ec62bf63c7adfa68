"""`python -m tests.operations.curiosities write|show`: rows of every kind, and what a program sees of them."""

import json
import sys
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import django

TOLD = [
    {"名": "坂下", "n": 1.0, "big": 12345678901234567890, "list": [None, True, 1e2, "é\u200b"]},
    [],
    "text",
    {"a": {"b": [{"c": -0.5}]}, "Z": "\U0002000b"},
]


def write() -> None:
    from tests.operations.planted.models import Curiosity

    before = None
    for number in range(40):
        before = Curiosity.objects.create(
            name=f"{number:08}"[: number % 9],
            text="行\n\t\"'\\ \\N 髙﨑\U000e0100" * (number % 4),
            is_true=bool(number % 2),
            may_be=(None, True, False)[number % 3],
            small=(-(2**15), 2**15 - 1, number)[number % 3],
            large=(-(2**63), 2**63 - 1, number)[number % 3],
            price=Decimal(("0.1000", "-0.0001", "12345678901.2345", "0", "100")[number % 5]),
            ratio=(0.1, -1e300, 5e-324, 1 / 3, 2.0)[number % 5],
            day=date(1, 1, 1) if number == 0 else date(2026, 4, 1),
            moment=None if number == 1 else datetime(2026, 3, 31, 15, 0, 0, number, tzinfo=UTC),
            hour=time(23, 59, 59, 999999) if number % 2 else None,
            length=timedelta(days=-number, microseconds=number),
            content=bytes(range(256)) * (number % 3),
            told=TOLD[number % len(TOLD)],
            address=("192.0.2.1", "2001:db8::1", None)[number % 3],
            like=before,
        )


def show() -> list[Any]:
    from tests.operations.planted.models import Curiosity

    rows = []
    for one in Curiosity.objects.order_by("id"):
        row = {field.attname: getattr(one, field.attname) for field in Curiosity._meta.concrete_fields}
        rows.append({name: spelled(value) for name, value in row.items()})
    return sorted(rows, key=str)


def spelled(value: Any) -> str:
    """As a program sees a value; the keys of a JSON object have no order in either database."""
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {spelled(one)}" for key, one in sorted(value.items())) + "}"
    return repr(value)


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "write":
        write()
    else:
        print(json.dumps(show()))
