"""What does not fit into CP932, the character set of the spreadsheets and machines around us."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from yakuba.kernel.japan.folding import variant_of

_LOOK_ALIKES = {
    # The wave dash, minus, double line, cent, pound and not sign fit: they are written as their full-width twins.
    "\u2011": "-",  # non-breaking hyphen
    "\u2013": "\uff0d",  # en dash → full-width hyphen
    "\u2014": "\u2015",  # em dash → horizontal bar
    "\u2022": "\u30fb",  # bullet → middle dot
    "\u203e": "\uffe3",  # overline, yen, broken bar → full width
    "\u00a5": "\uffe5",
    "\u00a6": "\uffe4",
    "\u00a0": " ",
}


@dataclass(frozen=True, slots=True)
class Unencodable:
    """A character that CP932 does not have.

    `position` is its index in the text (from 0), `character` the character with its marks and variation selectors,
    `code` how it is named (`U+9089 U+E0101`), `suggestion` a form that fits and reads the same, or `None`.
    """

    position: int
    character: str
    code: str
    suggestion: str | None


def unencodable(text: str) -> tuple[Unencodable, ...]:
    """List the characters of a text that do not fit into CP932 (Windows-31J), in order; empty when all fit.

    Nothing is replaced: a person decides, because a name must not change silently.
    """
    return tuple(
        Unencodable(position, cluster, " ".join(f"U+{ord(part):04X}" for part in cluster), _suggestion(cluster))
        for position, cluster in _clusters(text)
        if not _fits(cluster)
    )


def _clusters(text: str) -> list[tuple[int, str]]:
    """Characters together with the marks behind them, each with its position."""
    clusters: list[tuple[int, str]] = []
    for position, character in enumerate(text):
        joined = clusters and clusters[-1][1].endswith("\u200d")
        if clusters and (joined or character == "\u200d" or unicodedata.category(character) in ("Mn", "Me")):
            start, before = clusters[-1]
            clusters[-1] = (start, before + character)
        else:
            clusters.append((position, character))
    return clusters


def _fits(text: str) -> bool:
    if any(unicodedata.category(character) == "Co" for character in text):
        # A private-use character (外字) has a byte pair in CP932, but another machine shows something else for it.
        return False
    try:
        text.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def _suggestion(cluster: str) -> str | None:
    composed = unicodedata.normalize("NFC", cluster)
    # A selector only chooses a shape; the bare character is the same character.
    bare = "".join(part for part in composed if unicodedata.category(part) not in ("Mn", "Me") and part != "\u200d")
    candidates = [composed, bare, _LOOK_ALIKES.get(bare, "")]
    if len(bare) == 1:
        candidates.append(variant_of(bare) or "")
    candidates.append(unicodedata.normalize("NFKC", bare))
    return next(
        (candidate for candidate in candidates if candidate and candidate != cluster and _fits(candidate)), None
    )
