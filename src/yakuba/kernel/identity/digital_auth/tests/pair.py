"""Both sides of the protocol for tests: our adapter, and the strict double over real HTTP on this machine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from joserfc.jwk import ECKey, RSAKey

from yakuba.kernel.identity.digital_auth.base import Attempt
from yakuba.kernel.identity.digital_auth.configuration import Endpoints
from yakuba.kernel.identity.digital_auth.fake.cards import SampleCard, sample_cards
from yakuba.kernel.identity.digital_auth.fake.provider import RegisteredClient, StrictProvider
from yakuba.kernel.identity.digital_auth.fake.store import MemoryStore
from yakuba.kernel.identity.digital_auth.transport import Answer, HttpTransport, Transport
from yakuba.kernel.identity.digital_auth.vendors.digital_agency import DigitalAgency, key_ring

CLIENT = "RP00000001"
BACK = "https://town.example.jp/my/digital-auth/callback"
CARDS = sample_cards(prefecture="福島県", town="会津坂下町")
TARO = CARDS[0]


@dataclass
class HandClock:
    """A clock that is moved by hand."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 11, 2, 3, 4, 5, tzinfo=UTC))

    def now(self) -> datetime:
        return self.moment

    def today(self) -> date:
        return self.moment.date()

    def go(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


def a_key() -> ECKey:
    key = ECKey.generate_key("P-256", private=True)
    return ECKey.import_key({**key.as_dict(private=True), "kid": str(key.thumbprint())})


OURS, THEIRS = a_key(), a_key()
OPENING = RSAKey.generate_key(2048, private=True)


def a_double(base: str, clock: HandClock, *, kind: type[StrictProvider] = StrictProvider) -> StrictProvider:
    return kind(
        base=base,
        issuer=f"{base}/realms/main",
        signing=THEIRS,
        secret=b"pairwise",
        clients=(
            RegisteredClient(CLIENT, (BACK,), OURS, OPENING),
            RegisteredClient("RP00000002", ("https://other.example.jp/back",), OURS),
        ),
        cards=CARDS,
        store=MemoryStore(),
        clock=clock,
    )


def an_adapter(double: StrictProvider, transport: Transport, clock: HandClock, **changes: Any) -> DigitalAgency:
    endpoints = Endpoints.below(double.base)
    adapter = DigitalAgency(
        issuer=double.issuer,
        client_id=CLIENT,
        redirect_uri=BACK,
        endpoints=endpoints,
        transport=transport,
        signing=OURS,
        clock=clock,
        ring=key_ring(transport, endpoints, clock),
        opening=OPENING,
    )
    return replace(adapter, **changes)


@dataclass
class Pair:
    """One of each, and the clock both go by."""

    double: StrictProvider
    adapter: DigitalAgency
    clock: HandClock
    transport: HttpTransport

    def code_for(self, attempt: Attempt, card: SampleCard | None = TARO) -> str:
        """Walk the browser's part: the code (or error) the person comes back with."""
        return come_back(self.double, self.adapter.address(attempt), card)["code"]


def come_back(double: StrictProvider, address: str, card: SampleCard | None = TARO) -> dict[str, str]:
    """What the browser is sent back with after ``address`` was opened."""
    asked = double.authorisation(parse_qsl(urlsplit(address).query, keep_blank_values=True))
    return dict(parse_qsl(urlsplit(double.answer_with(asked, card)).query))


Meddler = Callable[[str, Answer], Answer]


@contextmanager
def served(answer: Callable[[str, str, dict[str, str], bytes], Any]) -> Iterator[str]:
    """A web server on this machine that answers with what ``answer`` gives: an ``Answer``, or a function that is
    handed the request handler to do its worst with.
    """

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            given = answer(self.command, self.path, dict(self.headers), body)
            if callable(given):
                given(self)
                return
            self.send_response(given.status)
            self.send_header("Content-Type", given.content_type)
            self.send_header("Content-Length", str(len(given.body)))
            self.end_headers()
            self.wfile.write(given.body)

        do_GET = do_POST = do_CONNECT = _do

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@contextmanager
def a_pair(*, kind: type[StrictProvider] = StrictProvider, meddle: Meddler | None = None) -> Iterator[Pair]:
    """Adapter and double with HTTP between them; ``meddle`` changes the double's answers on their way."""
    clock = HandClock()
    doubles: list[StrictProvider] = []

    def answer(method: str, address: str, headers: dict[str, str], body: bytes) -> Any:
        given = doubles[0].answer(method, address, headers, body)
        return meddle(urlsplit(address).path, given) if meddle else given

    with served(answer) as base:
        double = a_double(f"{base}/api", clock, kind=kind)
        doubles.append(double)
        transport = HttpTransport(double.base, seconds=3)
        yield Pair(double, an_adapter(double, transport, clock), clock, transport)
