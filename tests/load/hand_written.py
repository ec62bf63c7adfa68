"""The yardstick for self-built apps: the same columns as a table written by hand, with an index each, and a listing."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import models
from django.db.models import Q

from yakuba.kernel.ui.api import Column, Filter, Kind, Listing, Range

COLUMNS = ("item", "lent_to", "lent_on", "due_on", "state", "price", "count", "broken")
STATES = ("lent", "back", "lost")


@cache
def loan() -> Any:
    """The model; its table is made by the benchmark, not by a migration."""
    live = Q(deleted_at__isnull=True)

    class Loan(models.Model):
        number = models.PositiveIntegerField(unique=True)
        item = models.CharField(max_length=200)
        lent_to = models.CharField(max_length=200)
        lent_on = models.DateField(null=True)
        due_on = models.DateField(null=True)
        state = models.CharField(max_length=20)
        price = models.BigIntegerField(null=True)
        count = models.IntegerField(null=True)
        broken = models.BooleanField(null=True)
        note = models.TextField(default="")
        deleted_at = models.DateTimeField(null=True)

        class Meta:
            app_label = "bench"
            indexes = [
                models.Index(fields=[column, "id"], condition=live, name=f"bench_{column}")
                for column in ("item", "lent_to", "lent_on", "due_on", "state", "price", "count", "broken")
            ] + [models.Index(fields=["id"], condition=live, name="bench_live")]

    return Loan


LISTING = Listing(
    name="loans",
    title="貸出",
    columns=(
        Column("no", "番号", "number", sort="number"),
        *(Column(f"f_{name}", name, name, sort=name) for name in COLUMNS),
    ),
    filters=(Filter("f_state", "状態", [(key, key) for key in STATES], "state"),),
    ranges=(Range("f_price", "価格", Kind.NUMBER, "price"), Range("f_lent_on", "貸出日", Kind.DATE, "lent_on")),
    order=("-number",),
)
