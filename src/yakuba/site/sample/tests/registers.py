"""Small sample registers for tests."""

from datetime import date
from functools import cache

from yakuba.site.sample import sources
from yakuba.site.sample.records import Register
from yakuba.site.sample.register import Ingredients, make_register

TODAY = date(2026, 11, 23)


def fresh_register(residents: int = 500, today: date = TODAY, seed: str = "1") -> Register:
    return make_register(
        residents=residents,
        today=today,
        seed=seed,
        ingredients=Ingredients(
            population=sources.population(),
            places=sources.places(),
            surnames=sources.surnames(),
            given_names=sources.given_names(),
            foreign_names=sources.foreign_names(),
        ),
    )


register_of = cache(fresh_register)
"""A register by number of residents, day and seed; made once, for reading only."""
