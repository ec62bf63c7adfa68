"""LDAP directories, Active Directory among them (RFC 4511, filters RFC 4515, StartTLS RFC 4513)."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from ldap3 import AUTO_BIND_NONE, NONE, SIMPLE, SUBTREE, Connection, Server, Tls
from ldap3.core.exceptions import LDAPException, LDAPInvalidCredentialsResult
from ldap3.utils.conv import escape_filter_chars
from ldap3.utils.dn import escape_rdn

from yakuba.kernel.identity.directory.base import DirectoryCheck, DirectoryFault, DirectoryUnavailable, Verified
from yakuba.kernel.jobs.api import outside_call

_KNOWN = frozenset(
    {
        "kind", "server", "start_tls", "ca_file", "base", "filter", "number_attribute", "bind_dn", "bind_password",
        "user_dn", "timeout",
    }
)  # fmt: skip
_LONGEST = 256


@dataclass(frozen=True)
class LdapDirectory:
    """Asks an LDAP server: looks the 職員番号 up under ``base``, then binds as the one entry found.

    ``filter`` finds the entry, with ``{number}`` for the (escaped) number; ``number_attribute`` holds the 職員番号.
    The look-up itself is done as ``bind_dn``, or as nobody. With ``user_dn`` (``uid={number},ou=…``) there is no
    look-up before: the person binds at once and reads the own entry.
    """

    kind: ClassVar[str] = "ldap"

    server: str
    base: str
    filter: str = "(sAMAccountName={number})"
    number_attribute: str = "sAMAccountName"
    start_tls: bool = False
    ca_file: str = ""
    bind_dn: str = ""
    bind_password: str = ""
    user_dn: str = ""
    timeout: int = 5

    @classmethod
    def from_settings(cls, written: Mapping[str, Any]) -> LdapDirectory:
        """The directory as ``town.toml`` describes it. Raises ``DirectoryFault``."""
        unknown = sorted(set(written) - _KNOWN)
        if unknown:
            raise DirectoryFault(f"知らない項目があります：{'、'.join(f'directory.{key}' for key in unknown)}")
        values = {key: value for key, value in written.items() if key != "kind"}
        for key in ("server", "base"):
            if not isinstance(values.get(key), str) or not values[key].strip():
                raise DirectoryFault(f"directory.{key} がありません")
        directory = cls(**values)
        scheme = urlsplit(directory.server).scheme
        if scheme not in ("ldap", "ldaps"):
            raise DirectoryFault("directory.server は ldaps:// か ldap:// で始めてください")
        if settings.YAKUBA_IS_PRODUCTION and scheme == "ldap" and not directory.start_tls:
            raise DirectoryFault(
                "パスワードが暗号化されずに流れます。directory.server を ldaps:// にするか、start_tls = true にしてください"
            )
        for key in ("filter", "user_dn"):
            template = getattr(directory, key)
            if template and "{number}" not in template:
                raise DirectoryFault(f"directory.{key} に {{number}} がありません")
        return directory

    def verify(self, number: str, password: str) -> Verified | None:
        """Who that is. An empty password is refused here: LDAP would take it for an anonymous bind and say yes."""
        if (
            not number
            or not password
            or len(number) > _LONGEST
            or len(password) > _LONGEST
            or "\x00" in number + password
        ):
            return None
        try:
            with outside_call("directory"):
                return self._bind_directly(number, password) if self.user_dn else self._find_and_bind(number, password)
        except LDAPInvalidCredentialsResult:
            return None
        except (LDAPException, OSError) as fault:
            raise DirectoryUnavailable from fault

    def check(self) -> DirectoryCheck:
        """Whether the server answers, over what, and whether the look-up may be made."""
        encrypted = "暗号化あり" if self.server.startswith("ldaps://") or self.start_tls else "暗号化なし"
        where = urlsplit(self.server).netloc
        try:
            with outside_call("directory"):
                connection = self._open()
                if not self.user_dn:
                    connection.bind()
                    connection.search(self.base, "(objectClass=*)", search_scope="BASE", attributes=["1.1"])
                    if not connection.entries:
                        return DirectoryCheck(
                            True, False, f"{where}：つながりましたが、{self.base} が見えません",
                            "town.toml の directory.base と bind_dn を確かめてください",
                        )  # fmt: skip
                connection.unbind()
        except LDAPInvalidCredentialsResult:
            return DirectoryCheck(
                True,
                False,
                f"{where}：検索用の名前かパスワードが違います",
                "directory.bind_dn とパスワードを直してください",
            )
        except (LDAPException, OSError) as fault:
            return DirectoryCheck(
                True, False, f"{where}：つながりません（{type(fault).__name__}）",
                "サーバーの名前・証明書・ネットワークを確かめてください",
            )  # fmt: skip
        return DirectoryCheck(True, True, f"{where}：応答しています（{encrypted}）")

    def _find_and_bind(self, number: str, password: str) -> Verified | None:
        found = self._open()
        found.bind()
        found.search(
            self.base,
            self.filter.replace("{number}", escape_filter_chars(number)),
            search_scope=SUBTREE,
            attributes=[self.number_attribute],
            size_limit=2,
        )
        entries = list(found.entries)
        found.unbind()
        if len(entries) != 1:
            return None
        person = self._open(user=entries[0].entry_dn, password=password)
        person.bind()
        person.unbind()
        return self._verified(entries[0], number)

    def _bind_directly(self, number: str, password: str) -> Verified | None:
        dn = self.user_dn.replace("{number}", escape_rdn(number))
        person = self._open(user=dn, password=password)
        person.bind()
        person.search(dn, "(objectClass=*)", search_scope="BASE", attributes=[self.number_attribute])
        entries = list(person.entries)
        person.unbind()
        return self._verified(entries[0], number) if len(entries) == 1 else None

    def _verified(self, entry: Any, number: str) -> Verified | None:
        """The entry speaks for exactly one number, the one that was typed: a loose filter opens no other account."""
        kept = [str(value) for value in entry[self.number_attribute].values]
        return Verified(kept[0]) if len(kept) == 1 and kept[0].casefold() == number.casefold() else None

    def _open(self, *, user: str = "", password: str = "") -> Connection:
        # No version: then the library takes Python's own secure defaults; it compares the host name itself.
        tls = Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=self.ca_file or None, sni=urlsplit(self.server).hostname)
        server = Server(self.server, tls=tls, get_info=NONE, connect_timeout=self.timeout)
        name = user or self.bind_dn
        connection = Connection(
            server,
            user=name or None,
            password=(password if user else self.bind_password) or None,
            authentication=SIMPLE if name else None,
            auto_bind=AUTO_BIND_NONE,
            receive_timeout=self.timeout,
            raise_exceptions=True,
            auto_referrals=False,
            read_only=True,
        )
        connection.open()
        if self.start_tls:
            connection.start_tls()
        return connection
