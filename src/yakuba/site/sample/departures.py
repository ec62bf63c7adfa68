"""Who is protected in the sample register, and who is gone: removed records (消除) of the last five years."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

from yakuba.site.sample.addresses import Addresses
from yakuba.site.sample.households import Someone
from yakuba.site.sample.naming import NameGiver
from yakuba.site.sample.records import Register, ResidentRecord

_DAYS_KEPT = 5 * 365


@dataclass(frozen=True, slots=True)
class Means:
    """What new records are made with."""

    addresses: Addresses
    names: NameGiver
    today: date
    rng: random.Random


def protect_some(register: Register, means: Means, *, wanted: int) -> None:
    """支援措置 for whole households: mothers with children and women living alone, who moved in of late."""
    fitting = [
        members
        for members in register.members()
        if members[0].sex == "女"
        and members[0].foreign is None
        and all(one.relationship in ("世帯主", "子") for one in members)
    ]
    for members in means.rng.sample(fitting, min(wanted, len(fitting))):
        moved = means.today - timedelta(days=means.rng.randint(30, 700))
        came_from = means.addresses.elsewhere()
        for one in members:
            one.is_protected = True
            if one.born_on < moved:
                one.became_resident_on, one.previous_address = moved, came_from


def add_deceased(register: Register, means: Means, *, wanted: int) -> list[ResidentRecord]:
    """Husbands and wives of those who are left, and parents of heads, who died in the last five years."""
    deceased: list[ResidentRecord] = []
    for members in means.rng.sample(families := register.members(), len(families)):
        head, words = members[0], {one.relationship for one in members}
        died = means.today - timedelta(days=means.rng.randint(10, _DAYS_KEPT))
        age = _age(head.born_on, means.today)
        if len(deceased) == wanted:
            break
        if head.foreign is not None or head.became_resident_on > died:
            continue
        if age >= 66 and not words & {"妻", "夫"} and means.rng.random() < 0.8:
            sex, word, older = ("男", "世帯主", 3) if head.sex == "女" else ("女", "妻", -2)
        elif 48 <= age < 74 and means.rng.random() < 0.6:
            sex, word, older = means.rng.choice([("男", "父", 29), ("女", "母", 27)])
        else:
            continue
        born = head.born_on - timedelta(days=365 * older + means.rng.randint(-500, 500))
        siblings = [one.born_on for one in members if one.relationship in ("兄", "姉", "弟", "妹")]
        if word in words - {"世帯主"} or not 45 <= _age(born, died) <= 104 or not _could_be_parent(born, siblings):
            continue
        deceased.append(_gone(members, born, sex, word, means.names, removed_on=died, removal_reason="死亡"))
    return deceased


def add_moved_out(register: Register, means: Means, *, wanted: int) -> list[ResidentRecord]:
    """Children who left for school and work, and people who lived alone."""
    moved: list[ResidentRecord] = []
    for members in means.rng.sample(families := register.members(), len(families)):
        head = members[0]
        left = means.today - timedelta(days=means.rng.randint(3, _DAYS_KEPT))
        age = _age(head.born_on, left)
        if len(moved) >= wanted:
            break
        if head.foreign is not None or head.is_protected or not 42 <= age <= 66 or head.became_resident_on > left:
            continue
        born = left - timedelta(days=365 * means.rng.randint(18, min(30, age - 24)) + means.rng.randint(5, 300))
        siblings = [one.born_on for one in members if one.relationship == "子"]
        parents = [one.born_on for one in members if one.relationship in ("妻", "夫")]
        if any(abs(born - other) < timedelta(days=400) for other in siblings) or not all(
            _could_be_parent(parent, [born]) for parent in parents
        ):
            continue
        gone = {"removed_on": left, "removal_reason": "転出", "removal_to": means.addresses.elsewhere()}
        moved.append(_gone(members, born, means.rng.choice("男女"), "子", means.names, **gone))
        if len(moved) < wanted and means.rng.random() < 0.35:
            moved.append(_moved_out_alone(register, left, means))
    return moved


def _gone(
    members: list[ResidentRecord], born: date, sex: str, word: str, names: NameGiver, **removal: object
) -> ResidentRecord:
    head = members[0]
    person = Someone(id=-1, age=0, sex=sex, born_on=born)
    came_along = bool(head.previous_address) and head.became_resident_on > born
    return replace(
        head,
        given=names.given_name(person, taken={one.given.given_name for one in members if one.given}),
        born_on=born,
        sex=sex,
        relationship=word,
        became_resident_on=head.became_resident_on if came_along else born,
        previous_address=head.previous_address if came_along else "",
        phone="",
        has_mail=False,
        **removal,  # type: ignore[arg-type]
    )


def _moved_out_alone(register: Register, left: date, means: Means) -> ResidentRecord:
    place = means.addresses.somewhere()
    household = means.addresses.household_in(place, alone=True)
    register.households.append(household)
    person = Someone(
        id=-1, age=0, sex=means.rng.choice("男女"), born_on=left - timedelta(days=means.rng.randint(22 * 365, 60 * 365))
    )
    return ResidentRecord(
        household=household,
        family=means.names.family_name(place),
        given=means.names.given_name(person, taken=set()),
        born_on=person.born_on,
        sex=person.sex,
        relationship="世帯主",
        became_resident_on=left - timedelta(days=means.rng.randint(200, 3000)),
        previous_address=means.addresses.elsewhere(),
        registered_domicile=means.addresses.elsewhere(),
        removed_on=left,
        removal_reason="転出",
        removal_to=means.addresses.elsewhere(),
    )


def _could_be_parent(born_on: date, children: list[date]) -> bool:
    return all(child - born_on > timedelta(days=18 * 366) for child in children)


def _age(born_on: date, day: date) -> int:
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
