"""The sample town's clerks and deciders at work on a case a test has sent."""

from __future__ import annotations

import random

from yakuba.kernel.cases.api import Arrival, Case
from yakuba.kernel.identity.api import person_of
from yakuba.kernel.identity.models import Persona
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.things.sample import SampleContext
from yakuba.residents.procedures.sample_cases import Story, TownAtWork

_LABELS = {"clerk": "担当者", "resident": "町民", "section_head": "所属長", "secretariat": "DX推進事務局"}


def town_at_work() -> TownAtWork:
    """The people of the sample town."""
    clock = town_clock()
    accounts = {one.label: one.account for one in Persona.objects.select_related("account__staff")}
    people = {key: person_of(accounts[label], clock.today()) for key, label in _LABELS.items()}
    return TownAtWork(SampleContext(clock.today(), clock, random.Random("tests"), people))


def town_does(case: Case, ends: str) -> Case:
    """Work on a case until it ``ends`` (``examining``, ``correcting``, ``approved``, ``refused``, ``notified`` …), all
    today."""
    case = Case.objects.get(pk=case.pk)
    town_at_work().play(case, Story(case.answers.version.form.key, 0, Arrival(case.arrival), ends))
    return Case.objects.get(pk=case.pk)
