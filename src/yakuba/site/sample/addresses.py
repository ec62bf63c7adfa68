"""Addresses of the sample town: real 大字 and 字, a made-up 小字 "見本", and places elsewhere that do not exist."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import accumulate

from yakuba.site.sample.records import HouseholdRecord
from yakuba.site.sample.sources import Place

_SHARE_IN_FLATS = 0.2


class Addresses:
    """Hands out lots (番地), each once per place."""

    def __init__(self, places: Sequence[Place], other_places: Sequence[str], rng: random.Random) -> None:
        self._places = places
        self._weights = list(accumulate(place.weight for place in places))
        self._other_places = other_places
        self._rng = rng
        self._last_lot = dict.fromkeys(places, 0)

    def somewhere(self) -> Place:
        """A place of the town; larger ones come more often."""
        return self._rng.choices(self._places, cum_weights=self._weights)[0]

    def household_in(self, place: Place, *, alone: bool) -> HouseholdRecord:
        """A household at a lot of its own; people living alone may live in a flat."""
        self._last_lot[place] += self._rng.randint(1, 3)
        lot = f"{'' if place.kind == '字' else '字'}見本{self._last_lot[place]}番地"
        if alone and self._rng.random() < _SHARE_IN_FLATS:
            lot += f"　見本荘{self._rng.randint(1, 2)}0{self._rng.randint(1, 6)}号"
        return HouseholdRecord(number="", place=place, lot=lot)

    def elsewhere(self) -> str:
        """An address in a prefecture that does not exist."""
        return f"{self._rng.choice(self._other_places)}{self._rng.randint(1, 30)}番{self._rng.randint(1, 20)}号"
