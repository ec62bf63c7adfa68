"""What the register says about the person at hand, as prefill for forms."""

from __future__ import annotations

from typing import Any

from yakuba.kernel.people.api import Resident


def known_of_resident(resident: Resident) -> dict[str, tuple[Any, str]]:
    """Value and source by prefill name. Of a protected resident no place: the register gives none.

    A name is put into family and given name where the register writes a space between; else it is left to the clerk.
    """
    known: dict[str, tuple[Any, str]] = {"profile.birth_date": (resident.born_on.isoformat(), "register")}
    family, _, given = resident.name.replace(" ", "　").partition("　")
    family_kana, _, given_kana = resident.reading.replace(" ", "　").partition("　")
    if family and given:
        known["profile.name"] = (
            {"family": family, "given": given, "family_kana": family_kana, "given_kana": given_kana},
            "register",
        )
    if resident.address is not None and not resident.is_protected:
        place = resident.address
        known["profile.address"] = (
            {
                "postal_code": place.postal_code,
                "place": f"{place.prefecture}{place.city}{place.area}",
                "lot": place.lot,
                "building": "",
            },
            "register",
        )
    for name, value in (("profile.phone", resident.phone), ("profile.mail", resident.mail)):
        if value:
            known[name] = (value, "register")
    return known
