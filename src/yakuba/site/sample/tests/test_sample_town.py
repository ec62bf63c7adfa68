"""Making the sample town in an empty database."""

import hashlib
import random
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import models

from yakuba.kernel.access.api import PersonKind, Role
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.identity.api import person_of
from yakuba.kernel.identity.models import Account, Persona
from yakuba.kernel.organisation.api import postings_of, roles_of, staff_on
from yakuba.kernel.organisation.models import (
    Authority,
    Deputy,
    OutsideOrganisation,
    Post,
    Posting,
    RoleGrant,
    Section,
    SectionSuccession,
    Staff,
)
from yakuba.kernel.parameters.api import forget_installation, is_sample_town, town_clock
from yakuba.kernel.parameters.models import Installation
from yakuba.kernel.people.api import register_check, sample_register_file
from yakuba.kernel.things import sample as hook
from yakuba.kernel.values.api import Refusal
from yakuba.site.sample import making, sources
from yakuba.site.sample.leaving import leave_sample_town
from yakuba.site.sample.making import make_sample_town, sample_town_is_due, unfinished_mark
from yakuba.site.sample.register_file import digest_of_register
from yakuba.site.supervisor.claim import Claim

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def own_home(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of its own, and only the parts a test declares: the plan's sample entries have tests of their own."""
    settings.YAKUBA_HOME = tmp_path
    monkeypatch.setattr(hook, "_parts", {})
    monkeypatch.setattr(making, "autodiscover_modules", lambda *names: None)
    forget_installation()
    yield tmp_path
    forget_installation()


def make(**chosen: Any) -> list[str]:
    said: list[str] = []
    make_sample_town(say=said.append, **{"today": TODAY, "residents": 300, **chosen})
    return said


def content() -> str:
    """Digest over every row that was stored, without row numbers and the moment of making."""
    digest = hashlib.sha256()
    for model in (
        Authority, Section, SectionSuccession, Post, OutsideOrganisation, Staff, Posting, RoleGrant, Deputy, Account, Persona,
    ):  # fmt: skip
        rows = []
        for row in model._default_manager.all():
            cells = []
            for field in model._meta.concrete_fields:
                value = getattr(row, field.name)
                if isinstance(value, models.Model):
                    value = getattr(value, "public_id", None) or str(value)
                cells.append("" if field.primary_key else str(value))
            rows.append("|".join(cells))
        digest.update(f"{model.__name__}\n".encode() + "\n".join(sorted(rows)).encode())
    return digest.hexdigest()


def somebody(key: str) -> Any:
    persona = next(one for one in sources.organisation()["persona"] if one["key"] == key)
    return person_of(Account.objects.get(persona__label=persona["label"]), TODAY)


def test_the_same_seed_and_day_give_the_same_town() -> None:
    make()
    first = content(), digest_of_register(sample_register_file())
    with unaudited_writes("the test empties the town"):
        for model in (Persona, Account, Deputy, RoleGrant, Posting, Staff, OutsideOrganisation, Post):
            model._default_manager.all().delete()
        SectionSuccession.objects.all().delete()
        Section.objects.filter(parent__parent__isnull=False).delete()
        Section.objects.filter(parent__isnull=False).delete()
        Section.objects.all().delete()
        Authority.objects.all().delete()
        Installation.objects.all().delete()
    make()
    assert (content(), digest_of_register(sample_register_file())) == first


def test_about_150_people_work_in_all_authorities() -> None:
    make()
    at_work = staff_on(TODAY).exclude(employment="outside")
    assert 140 <= at_work.count() <= 160
    assert {one.name for one in Authority.objects.all()} == {
        "町長", "教育委員会", "農業委員会", "選挙管理委員会", "水道事業", "議会", "監査委員",
    }  # fmt: skip
    with_people = Authority.objects.filter(sections__postings__in=Posting.objects.filter(ends_on__isnull=True))
    assert with_people.distinct().count() == Authority.objects.count()
    kinds = Counter(at_work.values_list("employment", flat=True))
    assert kinds["regular"] > 100
    assert kinds["fiscal_year"] > 15
    assert kinds["reappointed"] >= 2
    assert kinds["special"] == 5


def test_everybody_at_work_has_one_main_posting_in_a_section_that_exists() -> None:
    make()
    for staff in staff_on(TODAY).exclude(employment="outside"):
        assert [posting.is_main for posting in postings_of(staff, TODAY)].count(True) == 1, staff
    for posting in Posting.objects.select_related("section", "staff"):
        assert posting.section.starts_on <= posting.starts_on
        assert posting.section.ends_on is None or (posting.ends_on and posting.ends_on <= posting.section.ends_on)
        assert posting.staff.joined_on <= posting.starts_on
        assert posting.staff.leaves_on is None or (posting.ends_on and posting.ends_on <= posting.staff.leaves_on)


def test_main_postings_of_a_person_follow_each_other_without_gap_or_overlap() -> None:
    make()
    for staff in Staff.objects.exclude(employment="outside"):
        line = list(staff.postings.filter(is_main=True).order_by("starts_on"))
        assert all(one.ends_on == after.starts_on for one, after in pairwise(line)), staff
        assert line[-1].ends_on == staff.leaves_on
    assert Posting.objects.filter(is_main=True).count() > 350, "a town hall has a past"


def test_sections_have_a_past_too() -> None:
    make()
    kinds = Counter(SectionSuccession.objects.values_list("kind", flat=True))
    assert kinds == {"renamed": 1, "merged": 2}
    for step in SectionSuccession.objects.select_related("before", "after"):
        assert step.before.ends_on == step.on
        assert step.after.starts_on == step.on
        assert step.before.postings.exists()


def test_the_secretariat_is_the_administration_unit_and_every_role_is_held() -> None:
    make()
    unit = Section.objects.get(name="行政管理班", ends_on=None)
    secretariat = RoleGrant.objects.filter(role=Role.SECRETARIAT)
    assert {grant.staff.postings.get(ends_on=None, is_main=True).section for grant in secretariat} == {unit}
    held: set[Role] = set()
    for staff in staff_on(TODAY):
        held |= roles_of(staff, TODAY, postings_of(staff, TODAY))
    assert held == set(Role)
    assert not RoleGrant.objects.filter(staff__employment="fiscal_year").exists()
    assert all(grant.ground for grant in RoleGrant.objects.all())


def test_heads_have_deputies_from_their_own_section() -> None:
    make()
    heads = [
        staff for staff in staff_on(TODAY) if Role.SECTION_HEAD in roles_of(staff, TODAY, postings_of(staff, TODAY))
    ]
    without = [staff for staff in heads if not staff.deputies.exists()]
    assert len(heads) >= 12
    assert not without
    mayor = Staff.objects.get(postings__post__title="町長")
    assert [one.deputy.postings.get(is_main=True, ends_on=None).post.title for one in mayor.deputies.all()] == [
        "副町長",
        "課長",
    ]


def test_nobody_stands_in_or_holds_a_role_beyond_the_service() -> None:
    make()
    for deputy in Deputy.objects.select_related("staff", "deputy"):
        for person in (deputy.staff, deputy.deputy):
            assert person.joined_on <= deputy.starts_on
            assert person.leaves_on is None or (deputy.ends_on and deputy.ends_on <= person.leaves_on)
    for grant in RoleGrant.objects.select_related("staff"):
        assert grant.staff.leaves_on == grant.ends_on


def test_leavers_are_kept_but_locked_out() -> None:
    make()
    leavers = Staff.objects.filter(leaves_on__lte=TODAY)
    assert leavers.count() >= 5
    for staff in leavers:
        assert person_of(staff.account, TODAY).kind is PersonKind.VISITOR


def test_one_can_be_eight_people_and_nobody_has_a_password() -> None:
    make()
    assert [persona.label for persona in Persona.objects.order_by("order")] == [
        "DX推進事務局", "所属長", "町長", "担当者", "情報システム担当", "DX推進アドバイザー", "監査委員", "町民",
    ]  # fmt: skip
    assert somebody("secretariat").has(Role.SECRETARIAT)
    assert somebody("section_head").has(Role.SECTION_HEAD)
    assert somebody("mayor").has(Role.MAYOR)
    assert somebody("clerk").has(Role.CLERK)
    assert not somebody("clerk").has(Role.SECTION_HEAD, Role.SECRETARIAT, Role.IT, Role.PERSONNEL)
    assert somebody("it").has(Role.IT)
    assert somebody("adviser").kind is PersonKind.OUTSIDE
    assert somebody("adviser").roles == {Role.ADVISER}
    assert somebody("auditor").is_read_only
    assert somebody("resident").kind is PersonKind.RESIDENT
    assert not any(account.has_usable_password() for account in Account.objects.all())


def test_names_are_plainly_made_up_and_addresses_lead_nowhere() -> None:
    make()
    made_up = {surname for surname, _ in sources.staff_surnames()} | {"見本"}
    assert {staff.name.split("　")[0] for staff in Staff.objects.all()} <= made_up
    assert all(number.startswith("9") for number in Staff.objects.values_list("number", flat=True))
    mails = [
        *Staff.objects.exclude(mail="").values_list("mail", flat=True),
        *Account.objects.exclude(email="").values_list("email", flat=True),
    ]
    assert mails
    assert all(mail.endswith("@example.jp") for mail in mails)
    assert all(phone.startswith("000-") for phone in Section.objects.exclude(phone="").values_list("phone", flat=True))


def test_the_town_lives_on_the_chosen_day() -> None:
    make(today=date(2027, 4, 1))
    assert is_sample_town()
    assert town_clock().today() == date(2027, 4, 1)
    assert staff_on(date(2027, 4, 1)).filter(employment="fiscal_year").exists()


def test_without_a_chosen_day_it_lives_today() -> None:
    make(today=None)
    stored = Installation.objects.get()
    assert stored.is_sample
    assert stored.sample_today is None
    assert register_check().answers


@pytest.mark.parametrize("residents", [0, 199, 100_001, -5])
def test_a_town_of_impossible_size_is_refused(residents: int) -> None:
    with pytest.raises(Refusal, match="人では見本の町を作れません"):
        make(residents=residents)
    assert not Staff.objects.exists()


def test_a_town_that_exists_is_never_touched() -> None:
    with unaudited_writes("arrangement of the test"):
        Staff.objects.create(number="1", name="最初の人", employment="regular", joined_on=TODAY)
    unfinished_mark().parent.mkdir(parents=True)
    unfinished_mark().touch()
    assert not sample_town_is_due()
    with pytest.raises(Refusal, match="もうデータがある"):
        make()
    assert Staff.objects.get().name == "最初の人"


def test_a_town_left_empty_on_purpose_is_filled_only_when_asked() -> None:
    assert sample_town_is_due()
    with unaudited_writes("arrangement of the test"):
        Installation.objects.create(is_sample=False, made_at=datetime(2026, 11, 1, tzinfo=UTC))
    assert not sample_town_is_due()
    make()
    assert is_sample_town()


def test_it_is_not_made_twice() -> None:
    make()
    assert not sample_town_is_due()
    with pytest.raises(Refusal) as refused:
        make()
    assert "yakuba sample leave" in (refused.value.hint or "")


def test_leaving_asks_first_and_only_ever_leaves_a_sample_town(own_home: Path) -> None:
    with pytest.raises(Refusal, match="見本の町ではありません"):
        leave_sample_town(confirmed=True, keep_copy=True, say=print)
    make()
    with pytest.raises(Refusal, match="まだ何も変えていません") as refused:
        leave_sample_town(confirmed=False, keep_copy=True, say=print)
    assert "--yes" in (refused.value.hint or "")
    with Claim(own_home, port=8108), pytest.raises(Refusal, match="役場が開いています"):
        leave_sample_town(confirmed=True, keep_copy=True, say=print)
    assert Staff.objects.exists()
    assert sample_register_file().exists()


def test_apps_add_their_parts_in_order_with_people_clock_and_chance() -> None:
    seen: list[tuple[str, Any]] = []

    @hook.sample_part(order=200, title="後の見本")
    def later(context: hook.SampleContext) -> None:
        seen.append(("later", context.rng.random()))

    @hook.sample_part(order=100, title="先の見本")
    def first(context: hook.SampleContext) -> None:
        seen.append(("first", context.person("secretariat").name))
        assert context.today == context.clock.today() == TODAY
        assert context.clock_on(date(2026, 4, 1)).today() == date(2026, 4, 1)
        assert context.label == "見本"
        with pytest.raises(ValueError, match="after"):
            context.clock_on(date(2026, 12, 1))
        with pytest.raises(KeyError, match="secretariat"):
            context.person("emperor")

    said = make()
    name = f"{later.__module__}.{later.__qualname__}"
    assert seen == [("first", somebody("secretariat").name), ("later", random.Random(f"1:{name}").random())]
    assert said.index("  先の見本") < said.index("  後の見本")


def test_an_interrupted_making_is_noticed() -> None:
    @hook.sample_part(order=1, title="途中で止まる")
    def breaks(context: hook.SampleContext) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make()
    assert unfinished_mark().exists()
    assert sample_town_is_due()


def test_every_name_in_the_organisation_file_leads_somewhere() -> None:
    file = tomllib.loads((sources.folder() / "organisation.toml").read_text(encoding="utf-8"))
    sections = {one["code"] for one in file["section"]}
    posts = {one["title"] for one in file["post"]}
    authorities = {one["code"] for one in file["authority"]}
    assert len(sections) == len(file["section"])
    for one in file["section"]:
        assert one["authority"] in authorities
        assert one.get("parent", one["code"]) in sections
        assert set(one.get("staff", {})) <= posts
    for one in file["grant"]:
        assert Role(one["role"])
        assert {*one.get("each_section", []), one.get("section", "110")} <= sections
    for one in file["persona"]:
        assert one.get("resident") or one.get("outside") or (one["section"] in sections and one["post"] in posts)
        assert len(one["description"]) <= 120
