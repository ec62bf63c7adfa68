"""Every link every persona is shown leads to a page, in Japanese, within its budget of SQL."""

from __future__ import annotations

import os
import re
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

from tests.harness.sample import TODAY
from tests.pages.walk import WALKS, walk
from yakuba.kernel.access.api import declaration_of

BUDGETS = Path(__file__).with_name("sql_budgets.toml")
pytestmark = [pytest.mark.slow]
ON_BOTH = {"visitor", "町民", "DX推進事務局"}
"""Personas who walk on PostgreSQL too."""
MEASURED: dict[str, int] = defaultdict(int)


def budgets() -> dict[str, int]:
    return tomllib.loads(BUDGETS.read_text(encoding="utf-8"))["sql"] if BUDGETS.exists() else {}


@pytest.mark.parametrize(
    "persona", [pytest.param(one, marks=pytest.mark.database) if one in ON_BOTH else one for one in WALKS]
)
def test_every_link_leads_to_a_page(sample_town: None, persona: str) -> None:
    allowed, over, visits = budgets(), [], 0
    for visit in walk(persona):
        visits += 1
        assert visit.response.status_code in (200, 302), (
            f"{persona}: {visit.address} answers {visit.response.status_code}"
        )
        assert visit.response.get("X-Request-ID")
        if visit.html:
            assert re.search(r'<html lang="(ja|en)">', visit.html), visit.address
            assert "<h1" in visit.html, f"{visit.address} has no heading"
            assert "Content-Security-Policy" in visit.response
        MEASURED[visit.route] = max(MEASURED[visit.route], len(visit.queries))
        if len(visit.queries) > allowed.get(visit.route, 0):
            over.append(f'"{visit.route}" = {len(visit.queries)}  # {visit.address}')
    assert visits >= 3
    if os.environ.get("YAKUBA_WRITE_BUDGETS"):
        _write(MEASURED)
        return
    assert not over, "SQL budgets exceeded or missing (tests/pages/sql_budgets.toml):\n" + "\n".join(sorted(set(over)))


def _write(measured: dict[str, int]) -> None:
    merged = {**budgets(), **{route: max(count, budgets().get(route, 0)) for route, count in measured.items()}}
    lines = [f'"{route}" = {count}' for route, count in sorted(merged.items())]
    head = (
        "# How many SQL statements a page may take, by route: the most any persona of the sample town needs.\n[sql]\n"
    )
    BUDGETS.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


def test_every_page_of_the_office_asks_a_visitor_to_sign_in(client, sample_town: None) -> None:
    from tests.system.test_every_url_declares_access import all_patterns

    for address, pattern in all_patterns():
        declared = declaration_of(pattern.callback)
        if "<" in address or declared is None or declared.face.value not in ("office", "resident"):
            continue
        answer = client.get("/" + address)
        if declared.rule.words == "だれでも":
            assert answer.status_code < 500, address
        else:
            assert answer.status_code == 302 and "sign-in" in answer["Location"], f"/{address}: {answer.status_code}"


def test_the_log_is_written_in_words_people_read(sample_town: None) -> None:
    """In a fresh process too, which has shown no page yet: every name of the log was declared at import."""
    import subprocess
    import sys

    from yakuba.kernel.audit.models import AuditEvent

    for _ in walk("情報システム担当", each=1):
        pass
    names = sorted(set(AuditEvent.objects.values_list("verb", flat=True)))
    assert len(names) > 20
    code = (
        "import sys, django; django.setup(); from django.urls import get_resolver; get_resolver().url_patterns;"
        "from yakuba.kernel.audit.api import label_of; print(*(n for n in sys.argv[1:] if label_of(n).isascii()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *names],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "yakuba.site.settings"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "", done.stdout


def test_the_apps_of_the_sample_town_are_alive(sample_town: None) -> None:
    from yakuba.kernel.cases.api import Case
    from yakuba.kernel.identity.api import person_of
    from yakuba.kernel.identity.models import Account
    from yakuba.office.appbuilder.models import Arrival, Record
    from yakuba.office.appbuilder.queries.rollups import rolled_up

    cases = {one.public_id: one.state for one in Case.objects.filter(procedure__key="facility-booking")}
    assert sorted(cases.values()) == ["approved", "received"]
    assert {one.case for one in Arrival.objects.exclude(case="")} == set(cases)
    things = list(Record.objects.filter(app__title="備品台帳（見本）").select_related("app"))
    version = things[0].app.versions.get(state="in_use")
    keeper = person_of(Account.objects.get(public_id=things[0].made_by), TODAY)
    summed = rolled_up(keeper, version.content.fields, things, today=TODAY)
    assert len(summed) == 8 and all(int(one["times"]) >= 3 and int(one["pieces"]) >= 3 for one in summed.values())
