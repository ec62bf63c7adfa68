"""Steps of residents with their cases that several tests take."""

from __future__ import annotations

from typing import Any

from django.test import Client

from yakuba.kernel.cases.models import Case, Notice
from yakuba.kernel.cases.services import send_notice
from yakuba.kernel.cases.tests.deciding import decided, lettered
from yakuba.kernel.cases.tests.world import World
from yakuba.kernel.parameters.api import town_clock
from yakuba.residents.procedures.tests.counter import TYPED, start_of


def answer(client: Client, page: Any, action: str = "next", **typed: Any) -> Any:
    """Answer the page of a response as `counter.TYPED` says; names with ``__`` stand for dots."""
    step = page.request["PATH_INFO"].rstrip("/").rpartition("/")[2]
    fields = {
        **TYPED.get(step, {}),
        **{name.replace("__", "."): value for name, value in typed.items()},
        "edition": page.context["filling"].edition,
        "_shown": page.context["shown"].shown,
        "action": action,
    }
    return client.post(page.request["PATH_INFO"], fields, follow=True)


def send(client: Client, world: World, kind: str = "application", **at_the_end: Any) -> tuple[Case, str]:
    """Fill in the small form and send it; the case, and the password of its receipt."""
    page = answer(client, answer(client, client.post(start_of(world, kind), follow=True)))
    receipt = client.post(page.request["PATH_INFO"], at_the_end, follow=True)
    assert "/receipt/" in receipt.request["PATH_INFO"], receipt.content.decode()[-2000:]
    return Case.objects.get(pk=receipt.context["case"].pk), receipt.context["password"]


def let_in(case: Case, password: str) -> Client:
    """Another browser, let in by number and password."""
    client = Client()
    page = client.post("/my/lookup/", {"number": case.number, "password": password}, follow=True)
    assert page.request["PATH_INFO"] == f"/my/cases/{case.public_id}/"
    return client


def decide_and_send(world: World, case: Case, **decision: Any) -> Notice:
    """Decide a case and send its letter."""
    clock = town_clock()
    notice = lettered(world, decided(world, case, clock=clock, **decision), clock=clock)
    return send_notice(by=world.clerk(on=clock.today()), notice=notice, clock=clock)
