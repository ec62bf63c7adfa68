"""In which network zone an app's data live."""

from __future__ import annotations

from enum import StrEnum

from django.apps import AppConfig


class Zone(StrEnum):
    """Network zone (三層分離): where the tables of an app have their home.

    A public page may need only tables of ``INTERNET`` or ``EVERYWHERE``; what crosses a zone goes as a sealed
    package, never over a database connection.
    """

    INTERNET = "internet"
    LGWAN = "lgwan"
    NUMBER = "number"
    EVERYWHERE = "everywhere"


class TownHallApp(AppConfig):
    """Base of every app configuration of ours: states the home zone."""

    default_auto_field = "django.db.models.BigAutoField"
    home_zone: Zone = Zone.EVERYWHERE
    #: Django looks for the one configuration of a module; this base, imported there, is none.
    default: bool = False

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        cls.default = True
