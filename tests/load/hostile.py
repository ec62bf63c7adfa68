"""Hostile requests against a running town hall: no server error, nobody else's data, no way out of the house.

Every address is asked by a visitor, a resident, a clerk and the read-only auditor with wrong types, sizes, encodings,
foreign ids, methods and bodies; the front door is tried with forged hosts, broken HTTP, traversal and header
injection. Only this machine's own loopback address is ever asked.
"""

import http.client
import itertools
import random
import re
import socket
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

ACTORS = {"visitor": None, "resident": "町民", "clerk": "担当者", "auditor": "監査委員"}
PARAMETER = re.compile(r"<(?:(\w+):)?\w+>")
MARK = "zqx"
SCRIPT = f'"><script>{MARK}</script>'

INTEGERS = ("0", "1", "-1", "99999999999999999999", "1e9", "١٢")
TEXTS = (
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e%2f%2e%2e%2fsecrets%2fdjango.key",
    "%00",
    "a%00b",
    "%ff%fe",
    "%F0%9F%92%A9",
    "%E0%A4%A",
    "' OR '1'='1".replace(" ", "%20"),
    "%22%3E%3Cscript%3E" + MARK,
    "%0d%0aX-Injected:%201",
    "a" * 3000,
    "constructor",
    "{{7*7}}",
    "%25s%25n",
    "-",
)
QUERIES = (
    "page=-1",
    "page=0",
    "page=99999999999999999999",
    "page=abc",
    "page=1e400",
    "page=%00",
    "q=%00",
    "q=%ff%fe%fd",
    "q=" + quote(SCRIPT),
    "q=" + "あ" * 4000,
    "q=%25%27%22%5C%3B--",
    "sort=-password",
    "sort=__class__",
    "sort=" + quote("name; DROP TABLE x"),
    "order=%00&size=-5&size=abc",
    "format=csv&encoding=utf-7",
    "format=xlsx&page=-1",
    "date=0000-00-00&from=9999-12-31&to=10000-01-01",
    "year=99999999999&year=-1",
    "next=//evil.example/&code=en",
    "next=https:evil.example&code=ja",
    "next=%0d%0aSet-Cookie:%20a=b&code=ja-easy",
    "code=../../etc&next=/",
    "&".join(f"f{number}=1" for number in range(2500)),
    "a[]=1&a[b]=2&__proto__[x]=1",
    "=&=&&&;;",
)
BODIES: tuple[tuple[str, bytes], ...] = (
    ("application/x-www-form-urlencoded", b""),
    ("application/x-www-form-urlencoded", b"name=%00&date=2026-99-99&number=NaN&amount=1e999&reason=%ff"),
    ("application/x-www-form-urlencoded", ("name=" + quote(SCRIPT) + "&note=" + quote("\U0001f4a9" * 500)).encode()),
    ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % number for number in range(3000))),
    ("application/x-www-form-urlencoded; charset=utf-7", b"name=+ADw-script+AD4-"),
    ("application/x-www-form-urlencoded; charset=no-such-code", b"name=a"),
    ("application/json", b'{"a": ' * 500),
    ("application/json", b"[" * 20000),
    ("multipart/form-data", b"--x\r\n\r\n--x--"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="file"; filename="../../a"\r\n'),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="name"; filename="a\x00.csv"\r\n'
        b"Content-Type: text/html\r\n\r\n<script>zqx</script>\r\n--x--\r\n",
    ),
    ("multipart/form-data; boundary=" + "x" * 400, b"x"),
    ("text/xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'),
    ("application/x-www-form-urlencoded", b"name=" + b"a" * 5_000_000),
)
METHODS = ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "get")
HEADERS: tuple[dict[str, str], ...] = (
    {"Host": "evil.example"},
    {"Host": "localhost:99999"},
    {"Host": "localhost@evil.example"},
    {"Host": ""},
    {"Host": "[::1"},
    {"Host": "a" * 300},
    {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1"},
    {"Forwarded": "for=127.0.0.1;host=evil.example;proto=https"},
    {"X-Original-URL": "/office/", "X-Rewrite-URL": "/office/"},
    {"X-HTTP-Method-Override": "DELETE"},
    {"Cookie": "yakuba_session=../../etc/passwd; yakuba_office=%00; yakuba_csrf=a"},
    {"Cookie": "yakuba_session=" + "a" * 6000},
    {"Cookie": "=;;;=; a; \x80=\xff"},
    {"Cookie": "yakuba_language=../../../etc/passwd"},
    {"Accept-Language": "ja-easy;q=abc, " + "x" * 5000},
    {"Accept-Language": "../../etc"},
    {"Range": "bytes=0-,0-,0-,0-"},
    {"If-Modified-Since": "no date", "If-None-Match": '"' * 2000},
    {"Accept-Encoding": "gzip;q=nan, br;q=-1"},
    {"Authorization": "Bearer " + "a" * 5000},
    {"Referer": "javascript:alert(1)", "Origin": "null"},
    {"X-Request-Id": "a\tb"},
    {"HX-Request": "true", "HX-Target": SCRIPT},
    {"Content-Length": "-1"},
)
TRAVERSALS = (
    "/static/../../secrets/django.key",
    "/static/..%2f..%2fsecrets%2fdjango.key",
    "/static/%2e%2e/%2e%2e/secrets/audit.key",
    "/static/....//....//secrets/django.key",
    "/static/..%5c..%5csecrets%5cdjango.key",
    "/static/%252e%252e/secrets/django.key",
    "/static//etc/passwd",
    "/static/ui/%00.css",
    "/static/ui/app.css%00",
    "/../../../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "//evil.example/%2e%2e",
    "/.git/config",
    "/.env",
    "/yakuba.sqlite3",
    "/media/../secrets/django.key",
    "/admin/",
    "/office/..;/office/",
    "/OFFICE/",
    "/office//",
    "/%6fffice/",
)
BROKEN_HTTP: tuple[bytes, ...] = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
    b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /a b c HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"".join(b"X%d: 1\r\n" % number for number in range(500)) + b"\r\n",
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Bad : 1\r\n folded\r\n\r\n",
    b"GET / HTTP/1.1\nHost: localhost\n\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"\r\n\r\n\r\n",
    b"\x00" * 64,
)


@dataclass(frozen=True)
class Attack:
    """One request. `raw` is sent as it is; otherwise the rest describes an ordinary request."""

    kind: str
    actor: str
    path: str = "/"
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    content_type: str = ""
    with_token: bool = False
    closed_to_actor: bool = False
    raw: bytes | None = None

    def in_words(self) -> str:
        what = repr(self.raw[:80]) if self.raw is not None else f"{self.method} {self.path[:160]}"
        return f"[{self.kind}] {self.actor}: {what} {str(self.headers)[:120]} {self.content_type} {(self.body or b'')[:60]!r}"


@dataclass
class Report:
    """How many requests of which kind were answered how, and what must not have happened."""

    kinds: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    server_errors: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    escapes: list[str] = field(default_factory=list)
    silences: list[str] = field(default_factory=list)

    @property
    def requests(self) -> int:
        return sum(self.kinds.values())

    @property
    def faults(self) -> list[str]:
        return [
            *(f"server error: {one}" for one in self.server_errors),
            *(f"leak: {one}" for one in self.leaks),
            *(f"escape: {one}" for one in self.escapes),
            *(f"no answer: {one}" for one in self.silences),
        ]


def attacks(facts: dict[str, Any], *, share: float = 1.0, seed: int = 0) -> list[Attack]:
    """The attacks on a town with these facts (`town_facts`); `share` below 1 takes a random part, of every kind."""
    chance = random.Random(seed)
    everything = [*_on_addresses(facts, chance), *_at_the_door()]
    by_kind: dict[str, list[Attack]] = {}
    for attack in everything:
        by_kind.setdefault(attack.kind, []).append(attack)
    chosen = [
        attack
        for group in by_kind.values()
        for attack in chance.sample(group, max(min(len(group), 12), round(len(group) * share)))
    ]
    chance.shuffle(chosen)
    return chosen


def _on_addresses(facts: dict[str, Any], chance: random.Random) -> Iterator[Attack]:
    queries, bodies = itertools.cycle(QUERIES), itertools.cycle(BODIES)
    headers, methods = itertools.cycle(HEADERS), itertools.cycle(METHODS)
    for address, actor in itertools.product(facts["addresses"], ACTORS):
        route, closed = address["route"], _closed(address, actor)
        plain = _filled(route, chance.choice(facts["ids"]))
        if PARAMETER.search(route):
            kinds = {kind or "str" for kind in PARAMETER.findall(route)}
            odd = INTEGERS if kinds == {"int"} else TEXTS
            for value in chance.sample(odd, 4):
                yield Attack("wrong type or size in the address", actor, _filled(route, value), closed_to_actor=closed)
            for value in chance.sample(facts["ids"], min(6, len(facts["ids"]))):
                yield Attack("foreign id", actor, _filled(route, value), closed_to_actor=closed)
        for _ in range(2):
            yield Attack("hostile query", actor, f"{plain}?{next(queries)}", closed_to_actor=closed)
        yield Attack("method", actor, plain, method=next(methods), closed_to_actor=closed)
        yield Attack("header", actor, plain, headers=next(headers), closed_to_actor=closed)
        content_type, body = next(bodies)
        yield Attack("no token", actor, plain, "POST", body=body, content_type=content_type, closed_to_actor=closed)
        content_type, body = next(bodies)
        yield Attack(
            "hostile body", actor, plain, "POST", body=body, content_type=content_type, with_token=True,
            closed_to_actor=closed,
        )  # fmt: skip


def _at_the_door() -> Iterator[Attack]:
    for actor in ("visitor", "clerk"):
        yield from (Attack("traversal", actor, path) for path in TRAVERSALS)
        yield from (Attack("header", actor, "/", headers=each) for each in HEADERS)
        yield from (Attack("hostile query", actor, f"/?{query}") for query in QUERIES)
    yield from (Attack("broken HTTP", "visitor", raw=each) for each in BROKEN_HTTP)


def _filled(route: str, value: str) -> str:
    return "/" + PARAMETER.sub(lambda _: value, route)


def _closed(address: dict[str, Any], actor: str) -> bool:
    """Whether the actor must never be let in: an office page is nothing for a visitor or resident, and so on."""
    if address["open_to_all"]:
        return False
    return actor == "visitor" or (actor == "resident") != (address["face"] == "resident")


class Attacker:
    """Sends attacks to one running town and judges the answers."""

    def __init__(self, port: int, *, facts: dict[str, Any], secrets: list[str], place: str) -> None:
        """`secrets` must be told to nobody, `place` (the home's folder) only to those who look after the machine."""
        self.port = port
        self.place = place
        self.secrets = secrets
        self.personal = facts["personal"]
        self.own = frozenset(facts["own"])
        self.report = Report()
        self._cookies: dict[str, dict[str, str]] = {}
        self._tokens: dict[str, str] = {}
        for actor, persona in ACTORS.items():
            self._enter(actor, persona)

    def run(self, every: list[Attack]) -> Report:
        for attack in every:
            self.report.kinds[attack.kind] += 1
            try:
                status, headers, body = self._raw(attack.raw) if attack.raw is not None else self._ask(attack)
            except TimeoutError:
                self.report.silences.append(attack.in_words())
                continue
            except (OSError, http.client.HTTPException):
                self.report.statuses[0] += 1  # refused below HTTP: the server closed the connection
                continue
            except ValueError:  # http.client itself refuses to send this header
                self.report.kinds[attack.kind] -= 1
                continue
            self.report.statuses[status] += 1
            self._judge(attack, status, headers, body)
        return self.report

    def _judge(self, attack: Attack, status: int, headers: dict[str, str], body: str) -> None:
        words = f"{status} {attack.in_words()}"
        if status >= 500:
            self.report.server_errors.append(words)
        if attack.closed_to_actor and 200 <= status < 300:
            self.report.leaks.append(f"let in: {words}")
        whole = body + "\n".join(f"{name}: {value}" for name, value in headers.items())
        for secret in self.secrets:
            if secret in whole:
                self.report.leaks.append(f"secret {secret[:12]}…: {words}")
        if self.place in whole and attack.actor != "auditor":
            self.report.leaks.append(f"place on the disk: {words}")
        if attack.actor in ("visitor", "resident"):
            for value in self.personal:
                if value in body and not (attack.actor == "resident" and value in self.own):
                    self.report.leaks.append(f"personal value {value!r}: {words}")
        if "x-injected" in headers or f"<script>{MARK}" in body:
            self.report.escapes.append(f"injected: {words}")
        goal = urlsplit(headers.get("location", ""))
        if goal.netloc and goal.netloc not in (f"localhost:{self.port}", f"127.0.0.1:{self.port}"):
            self.report.escapes.append(f"sent to {goal.netloc}: {words}")
        if "evil.example" in body and "evil.example" not in attack.path:
            self.report.escapes.append(f"host believed: {words}")

    def _ask(self, attack: Attack) -> tuple[int, dict[str, str], str]:
        jar = self._cookies[attack.actor]
        headers = {
            "Host": f"localhost:{self.port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in jar.items()),
        } | attack.headers
        body = attack.body
        if attack.content_type:
            headers["Content-Type"] = attack.content_type
        if attack.with_token:
            headers["X-CSRFToken"] = self._tokens[attack.actor]
        return self._exchange(attack.method, attack.path, headers, body)

    def _exchange(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None
    ) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.putrequest(method, _sendable(path), skip_host=True, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value.encode("latin-1", "replace"))
            if body is not None and "Content-Length" not in headers:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            read = answer.read().decode("utf-8", "replace")
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, read
        finally:
            connection.close()

    def _raw(self, message: bytes) -> tuple[int, dict[str, str], str]:
        """Send bytes as they are; a server that waits for more gets none and may simply hang up."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
            line.sendall(message)
            line.shutdown(socket.SHUT_WR)
            said = b""
            while len(said) < 1_000_000 and (part := line.recv(65536)):
                said += part
        status = re.match(rb"HTTP/1\.[01] (\d{3})", said)
        if status is None:
            raise ConnectionAbortedError
        return int(status.group(1)), {}, said.decode("utf-8", "replace")

    def _enter(self, actor: str, persona: str | None) -> None:
        """Take the first screen's cookies, and sign in as the persona if there is one."""
        face = "my" if actor == "resident" else "office"
        jar = self._cookies[actor] = {}
        page = self._browse(actor, "GET", f"/{face}/sign-in")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token, "the sign-in page carries a token"
        self._tokens[actor] = token.group(1)
        if persona is None:
            return
        button = re.search(
            rf'name="persona" value="(\w+)"(?:(?!name="persona").)*?persona__label">{persona}<', page, re.S
        )
        assert button, f"the first screen offers {persona}"
        form = {"csrfmiddlewaretoken": token.group(1), "persona": button.group(1)}
        self._browse(actor, "POST", f"/{face}/sign-in/as", urlencode(form).encode())
        assert any(name in jar for name in ("yakuba_office", "yakuba_session")), f"{actor} is signed in"
        inside = self._browse(actor, "GET", f"/{face}/")
        fresh = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', inside)
        self._tokens[actor] = fresh.group(1) if fresh else token.group(1)

    def _browse(self, actor: str, method: str, path: str, body: bytes | None = None) -> str:
        jar = self._cookies[actor]
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {
            "Host": f"localhost:{self.port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in jar.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = cookie.partition("=")
            jar[name] = rest.partition(";")[0]
        text = answer.read().decode()
        connection.close()
        return text


def _sendable(path: str) -> str:
    """http.client sends ASCII without blanks; everything else is quoted as a browser would."""
    return quote(path, safe="/%?&=+;:,@!$'()*[]{}~#-_.")
