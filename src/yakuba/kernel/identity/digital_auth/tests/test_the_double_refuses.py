"""The double refuses what the real provider refuses: our adapter works with it only as long as it does things right."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, RSAKey

from yakuba.kernel.identity.digital_auth.base import Attempt, ProviderDeclined
from yakuba.kernel.identity.digital_auth.fake.provider import Refused
from yakuba.kernel.identity.digital_auth.tests.pair import BACK, CLIENT, OURS, TARO, Pair, a_key, come_back
from yakuba.kernel.identity.digital_auth.tokens import ASSERTION_TYPE, client_assertion
from yakuba.kernel.identity.digital_auth.transport import Answer


def asked(pair: Pair, **changes: str | None) -> str:
    """An authorisation request of ours with some parameters changed or, by ``None``, left out."""
    address = pair.adapter.address(Attempt())
    given: dict[str, str | None] = {**dict(parse_qsl(urlsplit(address).query)), **changes}
    return (
        f"{address.partition('?')[0]}?{urlencode({name: value for name, value in given.items() if value is not None})}"
    )


def test_a_request_in_order_brings_the_person_back_with_a_code(pair: Pair) -> None:
    attempt = Attempt()
    back = come_back(pair.double, pair.adapter.address(attempt))
    assert back["state"] == attempt.state and back["code"] and back["session_state"]
    assert pair.adapter.prove(code=back["code"], attempt=attempt).facts.name == TARO.name


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "RP99999999"}, "unauthorized_client"),
        ({"client_id": "RP00000002"}, "invalid_request"),
        ({"redirect_uri": f"{BACK}/"}, "invalid_request"),
        ({"redirect_uri": "https://evil.example.jp/"}, "invalid_request"),
        ({"redirect_uri": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"scope": "name address"}, "invalid_scope"),
        ({"scope": "openid my_number"}, "invalid_scope"),
        ({"state": None}, "invalid_request"),
        ({"state": ""}, "invalid_request"),
        ({"state": "s" * 256}, "invalid_request"),
        ({"nonce": None}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"acr_values": "aal9"}, "invalid_request"),
        ({"sign_transaction_id": "65a04b4e-af8b-45a2-8713-5ec2631bab64"}, "invalid_request"),
        ({"scope": "openid sign"}, "invalid_request"),
    ],
)
def test_an_authorisation_request_out_of_order(pair: Pair, changes: dict[str, str | None], error: str) -> None:
    with pytest.raises(Refused) as refused:
        come_back(pair.double, asked(pair, **changes))
    assert refused.value.error == error


def test_a_parameter_that_stands_there_twice(pair: Pair) -> None:
    with pytest.raises(Refused, match="twice"):
        come_back(pair.double, f"{asked(pair)}&redirect_uri=https%3A%2F%2Fevil.example.jp%2F")


@pytest.mark.parametrize("name", ["state", "nonce"])
def test_a_state_or_nonce_that_was_used_before(pair: Pair, name: str) -> None:
    address = asked(pair, **{name: "the-same"})
    come_back(pair.double, address)
    with pytest.raises(Refused, match=f"{name} was used before"):
        come_back(pair.double, asked(pair, **{name: "the-same"}))


def test_two_browsers_that_send_the_same_request_at_once_get_one_code(pair: Pair) -> None:
    pairs = parse_qsl(urlsplit(asked(pair)).query)
    first, second = pair.double.authorisation(pairs), pair.double.authorisation(pairs)
    pair.double.answer_with(first, TARO)
    with pytest.raises(Refused, match="used before"):
        pair.double.answer_with(second, TARO)


def test_a_code_is_worth_one_exchange_and_a_second_one_withdraws_what_the_first_brought(pair: Pair) -> None:
    attempt = Attempt()
    code = pair.code_for(attempt)
    answer = exchange(pair, code=code, verifier=attempt.verifier)
    token = json.loads(answer.body)["access_token"]
    assert pair.double.userinfo(f"Bearer {token}")["name"] == TARO.name
    again = exchange(pair, code=code, verifier=attempt.verifier)
    assert (again.status, json.loads(again.body)["error"]) == (400, "invalid_grant")
    with pytest.raises(Refused, match="invalid_token"):
        pair.double.userinfo(f"Bearer {token}")


def test_our_adapter_learns_that_a_code_was_used(pair: Pair) -> None:
    attempt = Attempt()
    code = pair.code_for(attempt)
    pair.adapter.prove(code=code, attempt=attempt)
    with pytest.raises(ProviderDeclined) as no:
        pair.adapter.prove(code=code, attempt=attempt)
    assert no.value.reason == "invalid_grant"


def test_a_wrong_verifier(pair: Pair) -> None:
    attempt = Attempt()
    code = pair.code_for(attempt)
    with pytest.raises(ProviderDeclined) as no:
        pair.adapter.prove(code=code, attempt=replace(attempt, verifier=Attempt().verifier))
    assert no.value.reason == "invalid_grant"


def test_a_code_that_is_over(pair: Pair) -> None:
    attempt = Attempt()
    code = pair.code_for(attempt)
    pair.clock.go(61)
    with pytest.raises(ProviderDeclined) as no:
        pair.adapter.prove(code=code, attempt=attempt)
    assert no.value.reason == "invalid_grant"


def test_another_address_to_come_back_to_than_the_code_was_given_for(pair: Pair) -> None:
    attempt = Attempt()
    code = pair.code_for(attempt)
    adapter = replace(pair.adapter, redirect_uri="https://town.example.jp/elsewhere")
    with pytest.raises(ProviderDeclined) as no:
        adapter.prove(code=code, attempt=attempt)
    assert no.value.reason == "invalid_grant"


def test_a_code_given_to_another_client(pair: Pair) -> None:
    other = replace(pair.adapter, client_id="RP00000002", redirect_uri="https://other.example.jp/back")
    attempt = Attempt()
    code = come_back(pair.double, other.address(attempt))["code"]
    with pytest.raises(ProviderDeclined) as no:
        pair.adapter.prove(code=code, attempt=attempt)
    assert no.value.reason == "invalid_grant"


# The assertion that shows who we are.


def exchange(pair: Pair, *, code: str = "", verifier: str = "", assertion: str = "", **changes: str) -> Answer:
    form = {
        "grant_type": "authorization_code",
        "client_id": CLIENT,
        "code": code,
        "code_verifier": verifier,
        "redirect_uri": BACK,
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion or an_assertion(pair),
        **changes,
    }
    return pair.transport.send(
        "POST",
        pair.double.endpoints.token,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        body=urlencode(form).encode(),
    )


def an_assertion(
    pair: Pair, *, key: Any = OURS, algorithm: str = "ES256", header: dict[str, Any] | None = None, **changes: Any
) -> str:
    now = int(pair.clock.now().timestamp())
    claims = {
        "iss": CLIENT, "sub": CLIENT, "aud": pair.double.endpoints.token, "jti": secrets.token_hex(8),
        "iat": now, "exp": now + 30, **changes,
    }  # fmt: skip
    claims = {name: value for name, value in claims.items() if value is not None}
    heads = header or {"alg": algorithm, "kid": str(OURS.kid)}
    if algorithm == "none":
        return f"{_b64(json.dumps(heads))}.{_b64(json.dumps(claims))}."
    return jws.serialize_compact(heads, json.dumps(claims), key, algorithms=[algorithm])


def _b64(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def test_our_own_assertion_is_accepted_once(pair: Pair) -> None:
    ours = client_assertion(
        OURS, client_id=CLIENT, audience=pair.double.endpoints.token, now=pair.clock.now().timestamp()
    )
    granted = exchange(pair, assertion=ours, grant_type="client_credentials", scope="sign")
    assert granted.status == 200
    again = exchange(pair, assertion=ours, grant_type="client_credentials", scope="sign")
    assert (again.status, json.loads(again.body)["error"]) == (401, "invalid_client")
    assert "used before" in json.loads(again.body)["error_description"]


def _hs256(pair: Pair) -> str:
    public = json.dumps(OURS.as_dict(private=False))  # the public key taken for a shared secret
    return an_assertion(pair, key=OctKey.import_key(public), algorithm="HS256", header={"alg": "HS256"})


def _rs256(pair: Pair) -> str:
    return an_assertion(pair, key=RSAKey.generate_key(2048), algorithm="RS256", header={"alg": "RS256"})


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (lambda pair: an_assertion(pair, aud="https://elsewhere.example.jp/token"), "wrong audience"),
        (lambda pair: an_assertion(pair, aud=[pair.double.endpoints.token, "https://b.example.jp"]), "wrong audience"),
        (lambda pair: an_assertion(pair, aud=pair.double.issuer), "wrong audience"),
        (lambda pair: an_assertion(pair, iss="RP00000002"), "iss and sub"),
        (lambda pair: an_assertion(pair, sub="somebody"), "iss and sub"),
        (lambda pair: an_assertion(pair, exp=int(pair.clock.now().timestamp()) - 10), "is over"),
        (lambda pair: an_assertion(pair, exp=int(pair.clock.now().timestamp()) + 86_400), "lives too long"),
        (lambda pair: an_assertion(pair, exp=None), "no exp"),
        (lambda pair: an_assertion(pair, jti=None), "no jti"),
        (lambda pair: an_assertion(pair, iat=int(pair.clock.now().timestamp()) + 600), "in the future"),
        (lambda pair: an_assertion(pair, algorithm="none", header={"alg": "none"}), "ES256"),
        (_hs256, "ES256"),
        (_rs256, "ES256"),
        (lambda pair: an_assertion(pair, key=a_key()), "signature"),
        (lambda pair: an_assertion(pair, header={"alg": "ES256", "kid": "another"}), "registered key"),
        (lambda pair: "no.assertion", "signature"),
        (lambda pair: f"{an_assertion(pair)[:-8]}AAAAAAAA", "signature"),
    ],
)  # fmt: skip
def test_an_assertion_out_of_order(pair: Pair, made: Callable[[Pair], str], why: str) -> None:
    answer = exchange(pair, assertion=made(pair), grant_type="client_credentials", scope="sign")
    told = json.loads(answer.body)
    assert (answer.status, told["error"]) == (401, "invalid_client")
    assert why in told["error_description"]


def test_a_client_that_shows_a_password_instead_or_is_not_known(pair: Pair) -> None:
    assert exchange(pair, client_secret="hush").status == 401
    assert exchange(pair, client_assertion_type="password").status == 401
    assert exchange(pair, client_id="RP99999999").status == 401


def test_grants_nobody_offers(pair: Pair) -> None:
    for grant in ("password", "implicit", "refresh_token", ""):
        answer = exchange(pair, grant_type=grant)
        assert json.loads(answer.body)["error"] == "unsupported_grant_type"


def test_our_adapter_is_refused_with_a_key_that_is_not_registered(pair: Pair) -> None:
    attempt = Attempt()
    code = pair.code_for(attempt)
    with pytest.raises(ProviderDeclined) as no:
        replace(pair.adapter, signing=a_key()).prove(code=code, attempt=attempt)
    assert no.value.reason == "invalid_client"


def test_our_adapter_is_refused_when_its_clock_is_wrong(pair: Pair) -> None:
    attempt = Attempt()
    code = pair.code_for(attempt)
    late = replace(pair.adapter, clock=replace(pair.clock))
    pair.clock.go(50)  # the double's clock only: the assertion is over when it arrives
    with pytest.raises(ProviderDeclined) as no:
        late.prove(code=code, attempt=attempt)
    assert no.value.reason == "invalid_client"


def test_facts_are_told_to_the_bearer_of_a_token_only_and_only_those_granted(pair: Pair) -> None:
    for authorisation in ("", "Bearer ", "Bearer made-up", "Basic abc"):
        with pytest.raises(Refused, match="invalid_token"):
            pair.double.userinfo(authorisation)
    attempt = Attempt()
    back = come_back(pair.double, asked(pair, scope="openid birthdate", code_challenge=_challenge(attempt)))
    token = json.loads(exchange(pair, code=back["code"], verifier=attempt.verifier).body)["access_token"]
    told = pair.double.userinfo(f"Bearer {token}")
    assert set(told) == {"sub", "birthdate"}
    pair.clock.go(301)
    with pytest.raises(Refused, match="invalid_token"):
        pair.double.userinfo(f"Bearer {token}")


def _challenge(attempt: Attempt) -> str:
    from yakuba.kernel.identity.rules.authorisation import code_challenge

    return code_challenge(attempt.verifier)


def test_subjects_differ_from_client_to_client(pair: Pair) -> None:
    assert pair.double.subject(CLIENT, "taro") != pair.double.subject("RP00000002", "taro")
    assert pair.double.subject(CLIENT, "taro") == pair.double.subject(CLIENT, "taro")


def test_keys_are_published_without_their_private_part(pair: Pair) -> None:
    (told,) = pair.double.key_set()["keys"]
    assert set(told) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert not ECKey.import_key(told).is_private
