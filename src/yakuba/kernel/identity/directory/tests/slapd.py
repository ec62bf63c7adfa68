"""A real LDAP server on this machine for tests: OpenLDAP's slapd with a certificate of its own."""

from __future__ import annotations

import datetime
import ipaddress
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SUFFIX = "dc=example,dc=lg,dc=jp"
SEEKER = f"cn=seeker,{SUFFIX}"
SEEKER_PASSWORD = "sagasu-hito"

_CONFIGURATION = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {folder}/slapd.pid
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.key
TLSCACertificateFile {folder}/ca.pem
{security}
database mdb
suffix "{suffix}"
rootdn "cn=root,{suffix}"
directory {folder}/data
maxsize 10485760
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="{seeker}" read by self read by * none
"""


class Slapd:
    """One server over its own folder, with people as ``{number: password}``."""

    def __init__(self, folder: Path, people: Mapping[str, str], *, certificate_for: str = "localhost") -> None:
        self.folder = folder
        self.port, self.tls_port = _free_port(), _free_port()
        self.ca_file = folder / "ca.pem"
        self._certificates(certificate_for)
        (folder / "data").mkdir()
        (folder / "slapd.conf").write_text(
            _CONFIGURATION.format(folder=folder, suffix=SUFFIX, seeker=SEEKER, security=""), encoding="utf-8"
        )
        (folder / "people.ldif").write_text(_people(people), encoding="utf-8")
        subprocess.run(
            [_program("slapadd"), "-f", str(folder / "slapd.conf"), "-l", str(folder / "people.ldif")],
            check=True,
            capture_output=True,
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        urls = f"ldap://127.0.0.1:{self.port}/ ldaps://127.0.0.1:{self.tls_port}/"
        self._process = subprocess.Popen(
            [_program("slapd"), "-f", str(self.folder / "slapd.conf"), "-h", urls, "-d", "0"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(200):
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", self.tls_port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("slapd does not answer")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    def _certificates(self, name: str) -> None:
        authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        (self.folder / "ca.pem").write_bytes(
            _certificate("Test CA", authority, authority, "Test CA", is_authority=True)
        )
        (self.folder / "server.pem").write_bytes(_certificate(name, key, authority, "Test CA", is_authority=False))
        (self.folder / "server.key").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )


def is_installed() -> bool:
    """Whether slapd stands on this machine."""
    return bool(shutil.which("slapd", path="/usr/sbin:/usr/bin:/usr/local/sbin"))


def _program(name: str) -> str:
    return shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/sbin") or name


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _people(people: Mapping[str, str]) -> str:
    entries = [
        f"dn: {SUFFIX}\nobjectClass: dcObject\nobjectClass: organization\no: town\ndc: example\n",
        f"dn: {SEEKER}\nobjectClass: applicationProcess\nobjectClass: simpleSecurityObject\ncn: seeker\nuserPassword: {SEEKER_PASSWORD}\n",
        f"dn: ou=staff,{SUFFIX}\nobjectClass: organizationalUnit\nou: staff\n",
    ]
    entries.extend(
        f"dn: uid={number},ou=staff,{SUFFIX}\nobjectClass: inetOrgPerson\nuid: {number}\nemployeeNumber: {number}\n"
        f"cn: {number}\nsn: {number}\nuserPassword: {password}\n"
        for number, password in people.items()
    )
    return "\n".join(entries)


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    issuer: str,
    *,
    is_authority: bool,
) -> bytes:
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    )
    if is_authority:
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        builder = builder.add_extension(usage, critical=True)
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    else:
        names: list[x509.GeneralName] = [x509.DNSName(name)]
        if name == "127.0.0.1":
            names = [x509.IPAddress(ipaddress.ip_address(name))]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    return builder.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
