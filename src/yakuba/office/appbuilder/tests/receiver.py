"""A strict receiver of signed messages on this machine: right signature, fresh timestamp, no delivery twice."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from typing import Any

HOST = "hooks.example.jp"
LOOPBACK = ip_network("127.0.0.0/8")


@dataclass
class Receiver:
    """What came in, and how the next message is answered."""

    secret: str
    port: int = 0
    now: int = 0
    status: int = 200
    answer: bytes = b"ok"
    headers: dict[str, str] = field(default_factory=dict)
    slow: float = 0
    seen: set[str] = field(default_factory=set)
    got: list[dict[str, Any]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    ca_file: str = ""

    def judge(self, headers: Any, body: bytes) -> int:
        """As a careful receiver does: signature first, then age, then whether it came before."""
        stamp = headers.get("X-Yakuba-Timestamp", "")
        signed = hmac.new(self.secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(headers.get("X-Yakuba-Signature", ""), f"v1={signed}"):
            self.refused.append("signature")
            return 401
        if not stamp.isdigit() or abs(int(stamp) - self.now) > 300:
            self.refused.append("timestamp")
            return 401
        delivery = headers.get("X-Yakuba-Delivery", "")
        if not delivery or delivery in self.seen:
            self.refused.append("replay")
            return 409
        if self.status < 300:
            self.seen.add(delivery)
            self.got.append(json.loads(body))
        return self.status


@contextmanager
def receiving(receiver: Receiver, *, tls: Path | None = None) -> Iterator[Receiver]:
    """Answer on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            status = receiver.judge(self.headers, body)
            time.sleep(receiver.slow)
            self.send_response(status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(receiver.answer)))
            self.end_headers()
            self.wfile.write(receiver.answer)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A line cut by the sender is no fault of the test."""

    server = Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def resolves_to(*addresses: str) -> Any:
    """A stand-in for `socket.getaddrinfo` that counts how often it was asked."""

    def asked(host: str, port: int, **_: Any) -> list[Any]:
        asked.times += 1  # type: ignore[attr-defined]  # a counter on the function is all the test needs
        kind = [socket.AF_INET6 if ":" in one else socket.AF_INET for one in addresses]
        return [(family, socket.SOCK_STREAM, 6, "", (one, port)) for family, one in zip(kind, addresses, strict=True)]

    asked.times = 0  # type: ignore[attr-defined]
    return asked


def certificate(folder: Path, name: str = HOST) -> Path:
    """A self-signed certificate with its key, for one name."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    place = folder / f"{name}.pem"
    place.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return place
