"""支援措置 over the whole house: where protected people are stands on no page, list, export, search, letter or count."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from pypdf import PdfReader

from tests.pages.walk import WALKS, links_of, signed_in, walk
from yakuba.kernel.access.api import Person
from yakuba.kernel.cases.models import Case, CaseParty
from yakuba.kernel.identity.api import person_of
from yakuba.kernel.identity.models import Account, Persona
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.people.rules.protections import Ground, longest_last_day
from yakuba.kernel.people.services import protect
from yakuba.kernel.things.sample import SampleContext
from yakuba.residents.procedures.sample_cases import STORIES, TownAtWork

pytestmark = [pytest.mark.slow, pytest.mark.prove, pytest.mark.timeout(1800)]
PLACE, ROOM = "架空隠里", "かくれ荘"
"""Words of the hidden addresses that stand nowhere else in the house."""
SECRETS = (PLACE, ROOM, "9990077", "999-0077", "0242-98-77", "024298777", "hidden.example.jp")
WANTED = ("dog-registration", "nominal-support", "resident-record-copy", "septic-subsidy", "school-expense-support",
          "family-register-certificate", "event-registration", "status-certificate", "water-start", "water-stop")  # fmt: skip


class HiddenPeople(TownAtWork):
    """The stories of the sample town, of people whose places and contacts can be told from everybody else's."""

    def _answers(self, form: str, place: int, day: date) -> dict[str, Any]:
        return {key: _hidden(value, place) for key, value in super()._answers(form, place, day).items()}


def _hidden(value: Any, place: int) -> Any:
    if isinstance(value, list):
        return [_hidden(one, place) for one in value]
    if isinstance(value, Mapping):
        if "postal_code" in value or "lot" in value:
            return {**value, "postal_code": "9990077", "place": f"福島県{PLACE}町", "lot": f"{place}番地",
                    "building": f"{ROOM}{place}号"}  # fmt: skip
        if "family" in value:
            return {**value, "family": f"秘見{place}"}
        return {key: _hidden(one, place) for key, one in value.items()}
    if isinstance(value, str) and "@example.jp" in value:
        return f"who{place}@hidden.example.jp"
    if isinstance(value, str) and value.startswith(("0242-", "090-", "080-")):
        return f"0242-98-77{place:02d}"
    return value


def _people() -> dict[str, Person]:
    today = town_clock().today()
    keys = {"担当者": "clerk", "町民": "resident"}
    return {
        keys[one.label]: person_of(one.account, today)
        for one in Persona.objects.select_related("account").filter(label__in=keys)
    }


def _protect(town: TownAtWork, case: Case, keeper: Person) -> None:
    party = CaseParty.objects.get(case=case, role="applicant")
    begun = town.today - timedelta(days=40)  # a case of a holiday arrives on the open day before
    protect(
        by=keeper, name=party.name, born_on=party.birth_date, account="", number="", ground=Ground.VIOLENCE, note="",
        starts_on=begun, last_day=longest_last_day(begun), clock=town.context.clock,
    )  # fmt: skip


@pytest.fixture
def hidden(sample_town: None) -> list[Case]:
    """Cases of people protected after they came, worked on as far as their stories go; and the same people again."""
    people = _people()
    town = HiddenPeople(SampleContext(town_clock().today(), town_clock(), random.Random("hidden"), people))
    keeper = person_of(Account.objects.get(public_id=people["clerk"].id), town.today)
    stories = [one for one in STORIES if one.form in WANTED and not one.is_resident]
    cases = []
    for place, story in enumerate(stories, start=1):
        case = town.arrive(story, place)
        if case is None:
            continue
        town.play(case, story)
        _protect(town, case, keeper)
        cases.append(case)
        again = town.arrive(replace(story, days=0, ends="received"), place)
        if again is not None:
            cases.append(again)
    assert len(cases) >= 12
    assert CaseParty.objects.filter(case__in=cases).exclude(sealed="").exists(), "nobody was recognised on arrival"
    assert CaseParty.objects.filter(case__in=cases, sealed="").exists()
    return cases


def _texts(content: bytes, media_type: str) -> Iterator[str]:
    """Whatever can be read in an answer: text of any encoding a town uses, sheets, papers and PDF."""
    if media_type.startswith("application/pdf"):
        yield "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())
    elif content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            for name in parts.namelist():
                yield from _texts(parts.read(name), "")
    else:
        yield content.decode("utf-8", "replace")
        yield content.decode("cp932", "replace")


def _told(response: Any) -> list[str]:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    seen = "".join(_texts(content, response.get("Content-Type", ""))).replace("\n", "")
    return [one for one in SECRETS if one in seen]


@pytest.mark.parametrize("persona", [one for one in WALKS if one != "町民"])
def test_no_page_export_or_letter_shows_where_they_are(hidden: list[Case], persona: str) -> None:
    client = signed_in(persona)
    shown = {case.number for case in hidden}
    leaks, met, kinds = [], set(), set()
    addresses = [f"/office/cases/{case.public_id}/" for case in hidden] if persona != "visitor" else []
    for address in addresses:
        page = client.get(address)
        if page.status_code != 200:
            continue
        met.add(address)
        leaks += [f"{address}: {one}" for one in _told(page)]
        for link in links_of(page.content.decode()):
            if link.startswith("/office/cases/"):
                inner = client.get(link)
                kinds.add(inner.get("Content-Type", "").partition(";")[0])
                leaks += [f"{link}: {one}" for one in _told(inner)]
    visits = 0
    for visit in walk(persona, each=12, most=900):
        visits += 1
        kinds.add(visit.response.get("Content-Type", "").partition(";")[0])
        leaks += [f"{visit.address}: {one}" for one in _told(visit.response)]
    assert visits > 10 and shown
    if persona == "担当者":
        assert met, "the clerk opens none of the cases: nothing was tried"
        assert {"text/html", "text/csv"} <= kinds, kinds
    assert not leaks, "\n".join(sorted(set(leaks))[:40])


@pytest.mark.parametrize("persona", ["担当者", "所属長", "監査委員"])
def test_no_search_finds_them_by_where_they_are(hidden: list[Case], persona: str) -> None:
    client = signed_in(persona)
    numbers = {case.number for case in hidden}
    for words in (PLACE, ROOM, "999-0077", "0242-98-7701"):
        for address in ("/office/search/?q=", "/office/cases/?box=all&q="):
            page = client.get(address + quote(words))
            assert page.status_code == 200
            assert not [one for one in numbers if one in page.content.decode()], f"{address}{words}"


def test_the_cases_themselves_are_found_by_number(hidden: list[Case]) -> None:
    """So that the searches above do not find nothing for another reason."""
    seen = [
        one
        for one in hidden
        if one.number in signed_in("監査委員").get(f"/office/cases/?box=all&q={one.number}").content.decode()
    ]
    assert seen
