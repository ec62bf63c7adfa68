"""Arithmetic of the sample town: how many of which age, how people are called in a household."""

from __future__ import annotations

import calendar
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

Band = tuple[int, int, float, float]
"""Youngest age, oldest age, people per thousand, share of women."""


def shares_of(total: int, weights: Sequence[float]) -> list[int]:
    """Divide ``total`` by ``weights`` into whole numbers that add up to it (largest remainder, earlier first)."""
    if total < 0 or not weights or min(weights) < 0 or sum(weights) <= 0:
        raise ValueError("shares need a total of 0 or more and weights that add up to more than 0")
    exact = [total * weight / sum(weights) for weight in weights]
    shares = [int(part) for part in exact]
    by_remainder = sorted(range(len(weights)), key=lambda place: (shares[place] - exact[place], place))
    for place in by_remainder[: total - sum(shares)]:
        shares[place] += 1
    return shares


def people_by_age(total: int, bands: Sequence[Band]) -> list[tuple[int, str]]:
    """(age, 男 or 女) of every resident; inside a band of five years the older ages thin out from 60 on."""
    people: list[tuple[int, str]] = []
    for (youngest, oldest, _, share_of_women), count in zip(
        bands, shares_of(total, [band[2] for band in bands]), strict=True
    ):
        women = round(count * share_of_women)
        ages = range(youngest, oldest + 1)
        weights = [1.0 if youngest < 60 else 1.0 / (1 + (age - youngest) * youngest / 400) for age in ages]
        for sex, number in (("女", women), ("男", count - women)):
            for age, many in zip(ages, shares_of(number, weights), strict=True):
                people.extend([(age, sex)] * many)
    return people


def born_between(age: int, today: date) -> tuple[date, date]:
    """First and last day of birth of somebody who is ``age`` on ``today``, both included."""
    return years_before(today, age + 1) + timedelta(days=1), years_before(today, age)


def years_before(day: date, years: int) -> date:
    """The same day ``years`` earlier; 29 February becomes 28 February in a common year."""
    year = day.year - years
    return day.replace(year=year, day=min(day.day, calendar.monthrange(year, day.month)[1]))


def fiscal_year_start(day: date, *, years_ago: int = 0) -> date:
    """1 April of the fiscal year (年度) of ``day``, or of an earlier one."""
    return date(day.year - (day.month < 4) - years_ago, 4, 1)


def relationships(
    head: int,
    *,
    sexes: Mapping[int, str],
    births: Mapping[int, date],
    spouses: Mapping[int, int],
    parents: Mapping[int, Sequence[int]],
) -> dict[int, str]:
    """The 続柄 of each member of a household to its head, as a residence record writes it.

    ``parents`` names those parents who live in the household. Steps are joined with の (子の妻, 妻の母) and the shortest
    way counts. Who cannot be reached is 同居人. Source: 住民基本台帳事務処理要領 (続柄の記載).
    """
    named: dict[int, list[str]] = {head: []}
    waiting = deque([head])
    children: dict[int, list[int]] = {}
    for child, elders in parents.items():
        for elder in elders:
            children.setdefault(elder, []).append(child)
    while waiting:
        person = waiting.popleft()
        steps: list[tuple[int, str]] = []
        if person in spouses:
            steps.append((spouses[person], "妻" if sexes[spouses[person]] == "女" else "夫"))
        steps += [(elder, "母" if sexes[elder] == "女" else "父") for elder in parents.get(person, ())]
        steps += [(child, "子") for child in children.get(person, ())]
        steps += [
            (other, _sibling(births[other] < births[person], sexes[other]))
            for elder in parents.get(person, ())
            for other in children[elder]
            if other != person
        ]
        for other, word in steps:
            if other in sexes and other not in named:
                named[other] = [*named[person], word]
                waiting.append(other)
    return {
        person: "世帯主" if person == head else "の".join(named[person]) if person in named else "同居人"
        for person in sexes
    }


def _sibling(is_older: bool, sex: str) -> str:
    if is_older:
        return "姉" if sex == "女" else "兄"
    return "妹" if sex == "女" else "弟"
