"""Our adapter believes nothing that is not signed, not meant for us, not in time, or not what was asked."""

from __future__ import annotations

import base64
import json
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, RSAKey

from yakuba.kernel.identity.digital_auth.base import Attempt, ProviderDeclined, ProviderLied, ProviderUnavailable
from yakuba.kernel.identity.digital_auth.fake.provider import RegisteredClient, StrictProvider
from yakuba.kernel.identity.digital_auth.keys import usable_keys
from yakuba.kernel.identity.digital_auth.tests.pair import THEIRS, Pair, a_key, a_pair, served
from yakuba.kernel.identity.digital_auth.transport import Answer, HttpTransport
from yakuba.kernel.identity.rules.id_token import half_hash

SENTENCE = "利用者「山田花子」の応答"


def _b64(text: str | bytes) -> str:
    raw = text.encode() if isinstance(text, str) else text
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Liar(StrictProvider):
    """A double whose ID tokens are written by the test."""

    claims: Callable[[dict[str, Any]], dict[str, Any]] = staticmethod(lambda said: said)
    written: Callable[[dict[str, Any]], str] | None = None

    def id_claims(self, client: RegisteredClient, kept: Any, access_token: str) -> dict[str, Any]:
        return self.claims(super().id_claims(client, kept, access_token))

    def id_token(self, claims: Any) -> str:
        return self.written(dict(claims)) if self.written else super().id_token(claims)


@pytest.fixture
def liar() -> Any:
    with a_pair(kind=Liar) as both:
        yield both


def tell(pair: Pair) -> Any:
    attempt = Attempt()
    return pair.adapter.prove(code=pair.code_for(attempt), attempt=attempt)


def reason_of(pair: Pair, kind: type[Exception] = ProviderLied) -> str:
    with pytest.raises(kind) as no:
        tell(pair)
    return str(no.value.reason)  # type: ignore[attr-defined]


NOW = 1_793_588_645  # the hand clock's first moment


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "https://elsewhere.example.jp"}, "iss"),
        ({"iss": None}, "iss"),
        ({"aud": "RP00000002"}, "aud"),
        ({"aud": ["RP00000001", "RP00000002"]}, "aud"),
        ({"aud": []}, "aud"),
        ({"aud": {"RP00000001": 1}}, "aud"),
        ({"aud": None}, "aud"),
        ({"azp": "RP00000002"}, "azp"),
        ({"azp": None}, "azp"),
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"nonce": ""}, "nonce"),
        ({"nonce": ["a"]}, "nonce"),
        ({"sub": ""}, "sub"),
        ({"sub": None}, "sub"),
        ({"sub": 12}, "sub"),
        ({"sub": "a" * 256}, "sub"),
        ({"sub": "見本"}, "sub"),
        ({"sub": "a b"}, "sub"),
        ({"exp": NOW - 61}, "exp"),
        ({"exp": None}, "exp"),
        ({"exp": "tomorrow"}, "exp"),
        ({"exp": 1e300}, "exp"),
        ({"exp": True}, "exp"),
        ({"exp": NOW + 10 * 365 * 86_400}, "exp"),
        ({"iat": NOW + 61}, "iat"),
        ({"iat": NOW - 301}, "iat"),
        ({"iat": None}, "iat"),
        ({"iat": -5}, "iat"),
        ({"nbf": NOW + 61}, "nbf"),
        ({"nbf": "x"}, "nbf"),
        ({"at_hash": "wrong"}, "at_hash"),
        ({"at_hash": None}, "at_hash"),
    ],
)
def test_an_id_token_that_says_something_wrong(liar: Any, changes: dict[str, Any], reason: str) -> None:
    liar.double.claims = lambda said: {**said, **changes}
    assert reason_of(liar) == f"id token {reason}"


def test_claims_that_are_not_there_at_all(liar: Any) -> None:
    for name in ("iss", "aud", "exp", "iat", "nonce", "sub"):
        liar.double.claims = lambda said, name=name: {key: value for key, value in said.items() if key != name}
        assert reason_of(liar) == f"id token {name}"


def test_what_may_be_left_out_and_clocks_that_differ_a_little(liar: Any) -> None:
    liar.double.claims = lambda said: {
        key: value for key, value in said.items() if key not in ("azp", "at_hash", "auth_time")
    }
    assert tell(liar).subject
    liar.double.claims = lambda said: {**said, "iat": NOW + 59, "exp": NOW + 300, "nbf": NOW + 59}
    assert tell(liar).subject
    liar.double.claims = lambda said: {**said, "aud": [said["aud"]], "iat": NOW - 200, "exp": NOW - 59}
    assert tell(liar).subject


def _signed(claims: dict[str, Any], *, header: dict[str, Any], key: Any, algorithm: str) -> str:
    return jws.serialize_compact(header, json.dumps(claims), key, algorithms=[algorithm])


def _alg_none(claims: dict[str, Any]) -> str:
    return f"{_b64(json.dumps({'alg': 'none', 'kid': str(THEIRS.kid)}))}.{_b64(json.dumps(claims))}."


def _hs256_with_the_public_key(claims: dict[str, Any]) -> str:
    secret = OctKey.import_key(json.dumps(THEIRS.as_dict(private=False)))
    return _signed(claims, header={"alg": "HS256", "kid": str(THEIRS.kid)}, key=secret, algorithm="HS256")


def _rs256(claims: dict[str, Any]) -> str:
    return _signed(
        claims, header={"alg": "RS256", "kid": str(THEIRS.kid)}, key=RSAKey.generate_key(2048), algorithm="RS256"
    )


def _another_key(claims: dict[str, Any]) -> str:
    return _signed(claims, header={"alg": "ES256", "kid": str(THEIRS.kid)}, key=a_key(), algorithm="ES256")


def _own_key_in_the_header(claims: dict[str, Any]) -> str:
    own = a_key()
    header = {"alg": "ES256", "kid": str(THEIRS.kid), "jwk": own.as_dict(private=False)}
    return _signed(claims, header=header, key=own, algorithm="ES256")


def _unknown_key(claims: dict[str, Any]) -> str:
    own = a_key()
    return _signed(claims, header={"alg": "ES256", "kid": str(own.kid)}, key=own, algorithm="ES256")


def _without_kid(claims: dict[str, Any]) -> str:
    return _signed(claims, header={"alg": "ES256"}, key=THEIRS, algorithm="ES256")


def _changed_after_signing(claims: dict[str, Any]) -> str:
    head, _, seal = _signed(
        claims, header={"alg": "ES256", "kid": str(THEIRS.kid)}, key=THEIRS, algorithm="ES256"
    ).split(".")
    return f"{head}.{_b64(json.dumps({**claims, 'sub': 'somebody-else'}))}.{seal}"


def _critical(claims: dict[str, Any]) -> str:
    token = _signed(claims, header={"alg": "ES256", "kid": str(THEIRS.kid)}, key=THEIRS, algorithm="ES256")
    head = _b64(json.dumps({"alg": "ES256", "kid": str(THEIRS.kid), "crit": ["exp"], "exp": 1}))
    return f"{head}.{token.partition('.')[2]}"


def _no_claims(claims: dict[str, Any]) -> str:
    header = {"alg": "ES256", "kid": str(THEIRS.kid)}
    return jws.serialize_compact(header, json.dumps([claims]), THEIRS, algorithms=["ES256"])


def _nested(claims: dict[str, Any]) -> str:
    header = {"alg": "ES256", "kid": str(THEIRS.kid)}
    return jws.serialize_compact(header, "[" * 9_000, THEIRS, algorithms=["ES256"])


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (_alg_none, "alg"),
        (_hs256_with_the_public_key, "alg"),
        (_rs256, "alg"),
        (_another_key, "signature"),
        (_own_key_in_the_header, "signature"),
        (_unknown_key, "kid"),
        (_without_kid, "kid"),
        (_changed_after_signing, "signature"),
        (_critical, "crit"),
        (_no_claims, "claims"),
        (_nested, "signature"),
        (lambda claims: "", "id token"),
        (lambda claims: "not.a.token", "id token"),
        (lambda claims: "a.b.c.d.e", "id token"),
        (lambda claims: f"{_b64('{}')}.{_b64('{}')}.", "id token"),
        (lambda claims: "見本", "id token"),
        (lambda claims: "a" * 30_000, "id token"),
        (lambda claims: 12, "id token"),
        (lambda claims: None, "id token"),
    ],
    ids=lambda one: getattr(one, "__name__", str(one)),
)
def test_an_id_token_that_is_not_signed_by_the_provider(liar: Any, written: Any, reason: str) -> None:
    liar.double.written = written
    assert reason_of(liar) == reason


# What the provider says of the person.


def _meddled(pair_: Any, path: str, change: Callable[[dict[str, Any]], Any]) -> Callable[[str, Answer], Answer]:
    def meddle(asked: str, answer: Answer) -> Answer:
        if not asked.endswith(path):
            return answer
        return replace(answer, body=json.dumps(change(json.loads(answer.body)), ensure_ascii=False).encode())

    return meddle


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda told: {**told, "sub": "somebody-else"}, "userinfo sub"),
        (lambda told: {key: value for key, value in told.items() if key != "sub"}, "userinfo sub"),
        (lambda told: {**told, "name": ["a"]}, "facts name"),
        (lambda told: {**told, "name": "名" * 201}, "facts name"),
        (lambda told: {**told, "name": "山田\u0000花子"}, "facts name"),
        (lambda told: {**told, "address": 7}, "facts address"),
        (lambda told: {**told, "address": {"formatted": []}}, "facts address"),
        (lambda told: {**told, "birthdate": "昭和のころ"}, "facts birthdate"),
        (lambda told: {**told, "gender": "x" * 10}, "facts gender"),
        (lambda told: {**told, "address": "123456789018"}, "facts my_number"),
        (lambda told: [told], "json"),
    ],
)
def test_userinfo_that_speaks_of_somebody_else_or_makes_no_sense(change: Any, reason: str) -> None:
    with a_pair(meddle=_meddled(None, "/userinfo", change)) as pair:
        assert reason_of(pair) == reason


@pytest.mark.parametrize(
    ("change", "name", "value"),
    [
        ({"address": {"formatted": "福島県河沼郡見本"}}, "address", "福島県河沼郡見本"),
        ({"birthdate": "1985-04-02"}, "birth_date", "1985-04-02"),
        ({"birthdate": "19500000"}, "birth_date", "None"),
        ({"gender": "female"}, "gender", "female"),
        ({"gender": "9"}, "gender", "other"),
        ({"name": None, "address": None, "birthdate": None, "gender": None}, "name", ""),
    ],
)
def test_facts_in_the_ways_they_may_be_written(change: dict[str, Any], name: str, value: str) -> None:
    with a_pair(meddle=_meddled(None, "/userinfo", lambda told: {**told, **change})) as pair:
        assert str(getattr(tell(pair).facts, name)) == value


# Answers that are none.


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        (Answer(200, "text/html", b"<html>maintenance</html>"), ProviderLied, "content type"),
        (Answer(200, "", b"{}"), ProviderLied, "content type"),
        (Answer(200, "application/jsonp", b"{}"), ProviderLied, "content type"),
        (Answer(200, "application/json", b"<html>"), ProviderLied, "json"),
        (Answer(200, "application/json", b"\xff\xfe"), ProviderLied, "json"),
        (Answer(200, "application/json", b"[" * 5000), ProviderLied, "json"),
        (Answer(200, "application/json", b'{"access_token": NaN}'), ProviderLied, "json"),
        (Answer(200, "application/json", b"{}"), ProviderLied, "access token"),
        (Answer(200, "application/json", b'{"access_token": "a b", "token_type": "Bearer"}'), ProviderLied, "access token"),
        (Answer(200, "application/json", b'{"access_token": "a", "token_type": "mac"}'), ProviderLied, "token type"),
        (Answer(200, "application/json", b"{" + b" " * 300_000 + b"}"), ProviderLied, "too large"),
        (Answer(302, "application/json", b"{}"), ProviderLied, "redirect"),
        (Answer(400, "application/json", b'{"error": "invalid_grant"}'), ProviderDeclined, "invalid_grant"),
        (Answer(400, "application/json", f'{{"error": "{SENTENCE}"}}'.encode()), ProviderDeclined, "other"),
        (Answer(400, "text/html", b"<html>"), ProviderLied, "content type"),
        (Answer(500, "text/html", b"<html>"), ProviderUnavailable, "status 500"),
        (Answer(503, "application/json", b"{}"), ProviderUnavailable, "status 503"),
    ],
)  # fmt: skip
def test_a_token_endpoint_that_answers_something_else(answer: Answer, kind: Any, reason: str) -> None:
    with a_pair(meddle=lambda path, good: answer if path.endswith("/token") else good) as pair:
        assert reason_of(pair, kind) == reason


def test_no_answer_names_what_a_stranger_wrote() -> None:
    body = json.dumps({"error": SENTENCE, "error_description": SENTENCE}, ensure_ascii=False).encode()
    bad = Answer(400, "application/json", body)
    with a_pair(meddle=lambda path, good: bad if path.endswith("/token") else good) as pair:
        with pytest.raises(ProviderDeclined) as no:
            tell(pair)
        assert "山田" not in f"{no.value} {no.value.hint} {no.value.reason}"


def _asked(base: str, **limits: Any) -> Answer:
    return HttpTransport(f"{base}/api", **limits).send("GET", f"{base}/api/x")


def test_a_redirect_is_never_followed() -> None:
    visited = []

    def away(handler: Any) -> None:
        handler.send_response(302)
        handler.send_header("Location", "/api/elsewhere")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    def answer(method: str, path: str, headers: Any, body: bytes) -> Any:
        visited.append(path)
        return away

    with served(answer) as base, pytest.raises(ProviderLied) as no:
        _asked(base)
    assert no.value.reason == "redirect"
    assert visited == ["/api/x"]


def test_only_the_providers_own_host_is_asked() -> None:
    transport = HttpTransport("https://auth.example.jp/api")
    for address in (
        "https://evil.example.jp/api/token",
        "http://auth.example.jp/api/token",
        "https://auth.example.jp:444/api/token",
        "https://auth.example.jp@evil.example.jp/api/token",
        "http://127.0.0.1/latest/meta-data/",
    ):
        with pytest.raises(ValueError, match="not the provider's host"):
            transport.send("GET", address)


def test_an_answer_without_end_is_cut_off_by_its_size() -> None:
    def endless(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        try:
            for _ in range(400):
                handler.wfile.write(b" " * 65_536)
        except OSError:
            pass

    with served(lambda *_: endless) as base, pytest.raises(ProviderLied) as no:
        _asked(base, seconds=5)
    assert no.value.reason == "too large"


@pytest.mark.parametrize("where", ["before the head", "within the head", "within the body"])
def test_an_answer_that_drips_is_cut_off_by_the_clock(where: str) -> None:
    def dripping(handler: Any) -> None:
        raw = handler.wfile
        try:
            if where != "before the head":
                raw.write(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n")
            if where == "within the body":
                raw.write(b"\r\n")
            for _ in range(60):
                raw.write(
                    b"X-Slow: 1\r\n" if where == "within the head" else b" " if where == "within the body" else b""
                )
                raw.flush()
                time.sleep(0.1)
        except OSError:
            pass

    with served(lambda *_: dripping) as base:
        began = time.monotonic()
        with pytest.raises(ProviderUnavailable) as no:
            _asked(base, seconds=0.5)
        assert time.monotonic() - began < 2, "cut off, not waited for"
    assert no.value.reason in ("too slow", "TimeoutError")


def test_a_tls_handshake_that_never_ends_is_cut_off() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        base = f"https://127.0.0.1:{silent.getsockname()[1]}"
        began = time.monotonic()
        with pytest.raises(ProviderUnavailable):
            _asked(base, seconds=0.5)
        assert time.monotonic() - began < 2


def test_an_answer_that_is_cut_off_is_no_answer() -> None:
    def short(handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{}")

    with served(lambda *_: short) as base, pytest.raises(ProviderUnavailable) as no:
        _asked(base)
    assert no.value.reason == "cut off"


def test_compressed_answers_are_refused_because_they_could_unfold_without_end() -> None:
    def packed(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    with served(lambda *_: packed) as base, pytest.raises(ProviderLied) as no:
        _asked(base)
    assert no.value.reason == "content encoding"


def test_garbage_and_a_closed_door_are_no_answer() -> None:
    def garbage(handler: Any) -> None:
        handler.wfile.write(b"\x00\x01\x02 garbage\r\n\r\n")

    with served(lambda *_: garbage) as base, pytest.raises(ProviderUnavailable):
        _asked(base)
    with pytest.raises(ProviderUnavailable):
        _asked(base, seconds=1)  # nobody listens there any more


def test_a_proxy_is_asked_for_a_tunnel_and_its_no_is_no_answer() -> None:
    asked = []

    def proxy(method: str, path: str, headers: Any, body: bytes) -> Any:
        asked.append((method, path))
        return Answer(403, "text/plain", b"no")

    with served(proxy) as way:
        transport = HttpTransport("https://auth.example.jp/api", proxy=way)
        with pytest.raises(ProviderUnavailable):
            transport.send("GET", "https://auth.example.jp/api/x")
    assert asked == [("CONNECT", "auth.example.jp:443")]


# The provider's keys.


class Rotating(StrictProvider):
    """A double that counts who asks for its keys, and can show others."""

    asked = 0
    shown: dict[str, Any] | None = None

    def key_set(self) -> dict[str, Any]:
        self.asked += 1
        return self.shown or super().key_set()


@pytest.fixture
def rotating() -> Any:
    with a_pair(kind=Rotating) as both:
        yield both


def test_keys_are_fetched_once_and_believed_for_ten_minutes(rotating: Any) -> None:
    tell(rotating)
    tell(rotating)
    assert rotating.double.asked == 1
    rotating.clock.go(601)
    tell(rotating)
    assert rotating.double.asked == 2


def test_a_new_key_is_found_by_looking_once_more(rotating: Any) -> None:
    tell(rotating)
    rotating.clock.go(61)
    rotating.double.signing = a_key()
    assert tell(rotating).subject
    assert rotating.double.asked == 2


def test_unknown_keys_do_not_make_us_ask_again_and_again(rotating: Any) -> None:
    tell(rotating)
    rotating.clock.go(61)
    rotating.double.shown = rotating.double.key_set()
    rotating.double.signing = a_key()
    rotating.double.asked = 0
    for _ in range(5):
        assert reason_of(rotating) == "kid"
    assert rotating.double.asked == 1
    rotating.clock.go(61)
    assert reason_of(rotating) == "kid"
    assert rotating.double.asked == 2


def test_a_withdrawn_key_is_not_believed_after_ten_minutes(rotating: Any) -> None:
    tell(rotating)
    rotating.double.shown = {"keys": [a_key().as_dict(private=False)]}
    rotating.clock.go(601)
    assert reason_of(rotating) == "kid"


def test_of_a_key_set_only_the_keys_of_use_count() -> None:
    good = a_key().as_dict(private=False)
    other = {**good, "kid": "another"}
    listed = [
        good,
        {**other, "use": "enc"},
        {**other, "alg": "RS256"},
        {**other, "crv": "P-384"},
        {**other, "x": "AAAA"},
        {**other, "kid": ""},
        {**other, "kid": 3},
        {"kty": "RSA", "kid": "another", "n": "AQAB", "e": "AQAB"},
        {"kty": "AKP", "kid": "another"},
        {"kty": "oct", "kid": "another", "k": "c2VjcmV0"},
        "no key",
        None,
    ]
    assert set(usable_keys({"keys": listed})) == {good["kid"]}
    assert usable_keys({"keys": []}) == {}
    twice = {**a_key().as_dict(private=False), "kid": good["kid"]}
    assert usable_keys({"keys": [good, twice]}) == {}, "one name, two keys: neither is believed"


@pytest.mark.parametrize("told", [{}, {"keys": {}}, {"keys": None}, {"keys": [{}] * 51}])
def test_what_is_no_key_set(told: Any) -> None:
    with pytest.raises(ProviderLied):
        usable_keys(told)


def test_a_private_key_in_the_set_is_taken_as_a_public_one() -> None:
    told = a_key()
    found = usable_keys({"keys": [told.as_dict(private=True)]})
    assert not found[str(told.kid)].is_private


def test_the_hash_of_an_access_token_is_that_of_the_standard() -> None:
    # OpenID Connect Core 1.0, appendix A.3 (ES256 has the same hash as the RS256 of the example)
    assert half_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y") == "77QmUPtjPfzWtF2AnpK9RQ"


# How it stands.


def test_the_check_says_what_it_saw() -> None:
    with a_pair() as pair:
        good = pair.adapter.check()
        assert good.works and "応答しています（鍵1個" in good.words
    gone = pair.adapter.check()
    assert gone.is_configured and not gone.works and "取得できません" in gone.words and gone.todo
    with a_pair(meddle=lambda path, answer: replace(answer, body=b'{"keys": []}')) as pair:
        assert "使える鍵" in pair.adapter.check().words


def test_a_key_of_the_ring_verifies_only(pair: Pair) -> None:
    key = pair.adapter.ring.key_of(str(THEIRS.kid))
    assert isinstance(key, ECKey) and not key.is_private
