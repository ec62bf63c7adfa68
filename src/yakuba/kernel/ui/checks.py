"""System checks: what the operator should know before the pages are seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from yakuba.kernel.ui.rules import town_colours


@register()
def town_colour_is_usable(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn about a town colour that cannot be read or had to be darkened."""
    colour = getattr(getattr(settings, "TOWN", None), "colour", None)
    if not colour:
        return []
    try:
        colours = town_colours(str(colour))
    except ValueError:
        return [
            Warning(
                f"町の色「{colour}」を読めないため、標準の青を使います。",
                hint="town.toml の colour に「#0017c1」のような6桁の色を書いてください。",
                id="ui.W001",
            )
        ]
    if colours.darkened:
        return [
            Warning(
                f"町の色「{colour}」は白地の線として薄すぎるため（3:1未満）、{colours.colour} に暗くして使います。",
                hint="見た目をそろえるには、town.toml の colour をこの色にしてください。",
                id="ui.W002",
            )
        ]
    return []
