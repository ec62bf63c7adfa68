"""Finding the commands of the apps."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import click


def commands_of_apps() -> list[click.Command]:
    """Every command in ``commands`` of an app's ``cli.py``; sets Django up first."""
    import django
    from django.apps import apps

    django.setup()
    found: list[click.Command] = []
    for app in apps.get_app_configs():
        if app.name.startswith("yakuba.") and app.name != "yakuba.site" and find_spec(f"{app.name}.cli"):
            found.extend(import_module(f"{app.name}.cli").commands)
    return found
