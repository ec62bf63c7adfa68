"""Making the sample town: first the register, then the town hall at a stroke, then what each app adds."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils.module_loading import autodiscover_modules

from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.identity.api import person_of
from yakuba.kernel.identity.models import Account
from yakuba.kernel.organisation.api import staff_on
from yakuba.kernel.organisation.models import Employment, Staff
from yakuba.kernel.parameters.api import forget_installation, town_clock
from yakuba.kernel.parameters.models import Installation
from yakuba.kernel.people.api import sample_register_file
from yakuba.kernel.things.sample import SampleContext, all_sample_parts
from yakuba.kernel.values.api import Refusal, SystemClock
from yakuba.site.sample import sources
from yakuba.site.sample.accounts import make_accounts
from yakuba.site.sample.emptying import throw_away_tables
from yakuba.site.sample.progress import Progress, shown_progress
from yakuba.site.sample.records import Register
from yakuba.site.sample.register import Ingredients, make_register
from yakuba.site.sample.register_file import write_register
from yakuba.site.sample.town_hall import TownHallMaker

SEED = "1"
FEWEST_RESIDENTS, MOST_RESIDENTS = 200, 100_000
_STEPS_OF_THE_HALL = 2000
_STEPS_OF_A_PART = 1000


def sample_town_is_due() -> bool:
    """Whether there is no town yet, or only the beginning of a sample town whose making was interrupted.

    A town that was left empty on purpose is a town: ``make run`` must not fill it again.
    """
    return (_is_empty() and not Installation.objects.exists()) or _is_half_made()


def make_sample_town(
    *,
    say: Callable[[str], object],
    today: date | None = None,
    residents: int | None = None,
    seed: str = SEED,
) -> None:
    """Fill an empty database with the sample town. Without ``today`` the town lives on the day it is.

    The same seed and day give the same town. Raises ``Refusal`` when there is a town already.
    """
    count = int(sources.population()["residents"]) if residents is None else residents
    if not FEWEST_RESIDENTS <= count <= MOST_RESIDENTS:
        raise Refusal(
            f"住民の数 {count:,} 人では見本の町を作れません。",
            hint=f"{FEWEST_RESIDENTS:,} から {MOST_RESIDENTS:,} までの数を指定してください。",
        )
    _only_into_an_empty_town(say)
    day = today or SystemClock().today()
    unfinished = unfinished_mark()
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    unfinished.write_text("見本の町を作っている途中です。\n", encoding="utf-8")
    autodiscover_modules("sample")
    parts = all_sample_parts()
    with shown_progress(_STEPS_OF_THE_HALL + 2 * count + _STEPS_OF_A_PART * len(parts), say=say) as progress:
        register = _register(count, day, seed, progress)
        progress.begin("役場の組織と職員")
        accounts = _town_hall(register, day, today, seed)
        progress.step(_STEPS_OF_THE_HALL)
        forget_installation()
        people = {key: person_of(account, day) for key, account in accounts.items()}
        for part in parts:
            progress.begin(part.title)
            part.fill(SampleContext(day, town_clock(), random.Random(f"{seed}:{part.name}"), people))
            progress.step(_STEPS_OF_A_PART)
    unfinished.unlink()
    living = sum(resident.removed_on is None for resident in register.residents)
    households = len({id(one.household) for one in register.residents if one.removed_on is None})
    staff = staff_on(day).exclude(employment=Employment.OUTSIDE).count()
    say(f"見本の町ができました（住民 {living:,} 人、{households:,} 世帯、職員 {staff} 人、{day} 現在）。")


def _only_into_an_empty_town(say: Callable[[str], object]) -> None:
    """Raises ``Refusal`` when there is a town. The beginning of a sample town is thrown away: it is nobody's work."""
    if _is_empty():
        return
    if not _is_half_made():
        raise Refusal(
            "この役場にはもうデータがあるので、見本の町を作れません。",
            hint="見本の町なら yakuba sample leave --yes で片付けてから作り直せます。"
            "ほんとうの町には手を付けません。見本は別の YAKUBA_HOME に作ってください。",
        )
    say("見本の町の作成が途中で止まっていました。はじめから作り直します。")
    throw_away_tables()
    with unaudited_writes("migrations"):
        call_command("migrate", verbosity=0, interactive=False)
    forget_installation()


def _is_empty() -> bool:
    return not (Staff.objects.exists() or Account.objects.exists())


def _is_half_made() -> bool:
    return unfinished_mark().exists() and Installation.objects.filter(is_sample=True).exists()


def _register(count: int, day: date, seed: str, progress: Progress) -> Register:
    progress.begin("住民記録")
    register = make_register(
        residents=count,
        today=day,
        seed=seed,
        ingredients=Ingredients(
            population=sources.population(),
            places=sources.places(),
            surnames=sources.surnames(),
            given_names=sources.given_names(),
            foreign_names=sources.foreign_names(),
        ),
    )
    progress.step(count // 2)
    write_register(
        register,
        sample_register_file(),
        town_code=settings.TOWN.code,
        today=day,
        seed=seed,
        written=progress.step,
    )
    return register


def _town_hall(register: Register, day: date, given_day: date | None, seed: str) -> dict[str, Account]:
    """Organisation, accounts and the mark of the sample town, all or nothing: half a town hall is of no use."""
    organisation = sources.organisation()
    with unaudited_writes("sample town"), transaction.atomic():
        hall = TownHallMaker(organisation=organisation, town=settings.TOWN.name, today=day, seed=seed).make(
            sources.staff_surnames(), sources.given_names()
        )
        accounts = make_accounts(hall=hall, register=register, organisation=organisation, today=day, seed=seed)
        Installation.objects.update_or_create(
            only=True, defaults={"is_sample": True, "sample_today": given_day, "made_at": SystemClock().now()}
        )
    return accounts


def unfinished_mark() -> Path:
    """The file that stands while a sample town is being made."""
    return Path(settings.YAKUBA_HOME) / "run" / "sample-town-unfinished"
