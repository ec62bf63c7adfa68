"""File names as people send them, made safe to store, show and send back."""

from __future__ import annotations

import re
import unicodedata

from yakuba.kernel.files.intake.limits import Kind

LONGEST = 120
"""Characters of a stored name, ending included: fits every file system and the narrowest list column."""

_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|clock\$)", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_KNOWN_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}$")


def safe_name(sent: str, kind: Kind | None = None) -> str:
    """The name to store for a name that was sent.

    NFC (variation selectors of names stay), no path, no control, bidirectional or invisible characters, nothing a
    Windows clerk could not save, at most `LONGEST` characters, and the ending that belongs to `kind`.
    """
    name = unicodedata.normalize("NFC", sent.encode("utf-8", "replace").decode("utf-8"))
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(one for one in name if _is_shown(one))
    name = _FORBIDDEN.sub("_", name)
    name = re.sub(r"\s+", " ", name).strip(" .")
    stem, ending = _split(name)
    if kind is not None and ending.lower() not in kind.extensions:
        stem, ending = (name if ending else stem), kind.extensions[0]
    stem = stem.strip(" .") or "ファイル"
    if _RESERVED.fullmatch(stem.partition(".")[0].strip()):
        stem = f"_{stem}"
    return stem[: LONGEST - len(ending)].rstrip(" .") + ending


def _split(name: str) -> tuple[str, str]:
    found = _KNOWN_ENDING.search(name)
    if not found:
        return name, ""
    return name[: found.start()], found.group()


def _is_shown(one: str) -> bool:
    # Cf holds the bidirectional controls (U+202E shows "gpj.exe" as "exe.jpg") and zero-width characters; variation
    # selectors are Mn and stay. Cs are halves of surrogate pairs, Co (外字) has no meaning outside the sender's machine
    # but may stand in a name, so it stays.
    return unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")
