"""Which directory this town hall asks, from ``[directory]`` in ``town.toml``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings

from yakuba.kernel.identity.directory.base import Directory, DirectoryCheck, DirectoryFault
from yakuba.kernel.identity.directory.vendors.ldap import LdapDirectory

_VENDORS: dict[str, Callable[[Mapping[str, Any]], Directory]] = {LdapDirectory.kind: LdapDirectory.from_settings}


def directory_in_force() -> Directory | None:
    """The directory of this installation; ``None`` where staff have passwords of this system.

    Raises ``DirectoryFault`` if what ``town.toml`` says cannot be used.
    """
    written = settings.YAKUBA_DIRECTORY
    kind = str(written.get("kind", ""))
    if not kind:
        return None
    if kind not in _VENDORS:
        raise DirectoryFault(
            f"directory.kind「{kind}」は知らない種類です。使えるのは {'、'.join(sorted(_VENDORS))} です"
        )
    return _VENDORS[kind](written)


def has_directory() -> bool:
    """Whether this town hall has a directory, be its settings right or wrong."""
    return bool(settings.YAKUBA_DIRECTORY.get("kind"))


def directory_words() -> str:
    """The directory as somebody in the office knows it, e.g. ``LDAP、ldaps://dc1.example.lg.jp``."""
    written = settings.YAKUBA_DIRECTORY
    return "、".join(filter(None, (str(written.get("kind", "")).upper(), str(written.get("server", "")))))


def directory_check() -> DirectoryCheck:
    """How the directory stands; never raises."""
    try:
        directory = directory_in_force()
    except DirectoryFault as fault:
        return DirectoryCheck(True, False, f"設定が使えません：{fault}", "town.toml の [directory] を直してください")
    if directory is None:
        return DirectoryCheck(
            False, False, "設定されていません（職員はこのシステムのパスワードで入ります）",
            "ADなどを使うときは town.toml に [directory] を書いてください",
        )  # fmt: skip
    return directory.check()
