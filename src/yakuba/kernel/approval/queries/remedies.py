"""教示 as the town's data and the dated periods say it today."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from yakuba.kernel.approval.rules.remedies import ActKind, Periods, Remedy, remedy_for, remedy_text
from yakuba.kernel.organisation.models import Authority
from yakuba.kernel.parameters.api import whole_on
from yakuba.kernel.values.api import Text


class RemedyFileFault(ValueError):
    """The file of remedies cannot be used; the text names file, place and reason in Japanese."""


def remedy_notice(authority: Authority, language: str, kind: ActKind, *, on: date) -> str:
    """The notice on remedies for a decision of ``authority`` made on a day, in a language (`ja`, `ja-easy`, `en`).

    "" for what is no 処分 (a 届出, a contract, an answer). The Japanese text is the one that counts; the others stand
    beside it. Raises ``LookupError`` for a day before any known law.
    """
    if not kind.is_disposition:
        return ""
    template, entries = _file(_path())
    known = {
        "authority": authority.name,
        "head": authority.head_title,
        "town": settings.TOWN.name,
        "prefecture": settings.TOWN.prefecture,
    }
    chosen = remedy_for(authority.code, on=on, remedies=entries)
    remedy = Remedy(
        authority=chosen.authority,
        since=chosen.since,
        reviewer=_filled(chosen.reviewer, known),
        state_reviewer=_filled(chosen.state_reviewer, known),
        representative=_filled(chosen.representative, known),
        source=chosen.source,
    )
    periods = Periods(
        review_months=whole_on("approval.review_months", on),
        review_years=whole_on("approval.review_years", on),
        suit_months=whole_on("approval.suit_months", on),
        suit_years=whole_on("approval.suit_years", on),
    )
    text = remedy_text(template, kind=kind, remedy=remedy, periods=periods, town=_town())
    return text.in_language(language) if text else ""


def _town() -> Text:
    return Text(settings.TOWN.name, en=settings.TOWN.name_en)


def _path() -> Path:
    """The town's own file, else the common one."""
    own = Path(settings.YAKUBA_DATA) / "towns" / settings.TOWN.code / "remedies.toml"
    return own if own.exists() else Path(settings.YAKUBA_DATA) / "remedies.toml"


@cache
def _file(path: Path) -> tuple[Text, tuple[Remedy, ...]]:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        template = Text.from_dict(raw["notice"])
        entries = tuple(_entry(one) for one in raw["remedy"])
        for code in template.to_dict():
            template.in_language(code).format_map(dict.fromkeys(_NAMES, "1"))
    except OSError as fault:
        raise RemedyFileFault(f"{path}: 読めません（{fault.strerror}）") from fault
    except KeyError as fault:
        raise RemedyFileFault(f"{path}: {fault} がありません。教示の書き方を確かめてください。") from fault
    except Exception as fault:
        raise RemedyFileFault(f"{path}: {fault}") from fault
    return template, entries


_NAMES = ("reviewer", "representative", "town", "review_months", "review_years", "suit_months", "suit_years")
_KNOWN = ("authority", "head", "town", "prefecture")


def _entry(raw: Mapping[str, Any]) -> Remedy:
    texts = {key: Text.from_dict(raw[key]) for key in ("reviewer", "state_reviewer", "representative")}
    for text in texts.values():
        _filled(text, dict.fromkeys(_KNOWN, "1"))
    if type(raw["since"]) is not date or not str(raw["source"]).strip():
        raise ValueError("since には日付を、source には根拠を書いてください。")
    return Remedy(authority=str(raw["authority"]), since=raw["since"], source=str(raw["source"]), **texts)


def _filled(text: Text, words: Mapping[str, str]) -> Text:
    return Text.from_dict({code: written.format_map(words) for code, written in text.to_dict().items()})
