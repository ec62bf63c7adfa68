"""Whatever an ID token or a userinfo answer says: it is believed when everything fits, and refused in words otherwise."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yakuba.kernel.identity.rules.authorisation import (
    authorisation_parameters,
    code_challenge,
    is_code,
    known_error,
)
from yakuba.kernel.identity.rules.certified_facts import CertifiedFacts, FactsFault, facts_of
from yakuba.kernel.identity.rules.id_token import Expected, TokenFault, subject_of
from yakuba.kernel.identity.rules.identity_level import IdentityLevel, SignatureLevel, still_counts

NOW = 1_793_588_645
EXPECTED = Expected(issuer="https://issuer.example.jp", client_id="RP1", nonce="n" * 43)
GOOD = {"iss": EXPECTED.issuer, "aud": "RP1", "nonce": EXPECTED.nonce, "sub": "ppid", "iat": NOW, "exp": NOW + 300}

#: A machine that is busy with other things is no fault of what is tried here.
calmly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def test_a_token_in_which_everything_fits_names_its_subject() -> None:
    assert subject_of(GOOD, EXPECTED, now=NOW) == "ppid"


@calmly
@given(name=st.sampled_from(sorted(GOOD)), value=anything)
def test_no_other_issuer_audience_nonce_or_time_is_ever_believed(name: str, value: Any) -> None:
    claims = {**GOOD, name: value}
    try:
        subject = subject_of(claims, EXPECTED, now=NOW)
    except TokenFault:
        return
    assert subject == claims["sub"] and isinstance(subject, str)
    assert claims["iss"] == EXPECTED.issuer and claims["aud"] in ("RP1", ["RP1"]) and claims["nonce"] == EXPECTED.nonce
    assert type(claims["exp"]) is int and type(claims["iat"]) is int
    assert claims["exp"] > NOW - 60 and NOW - 300 <= claims["iat"] <= NOW + 60


@calmly
@given(claims=st.dictionaries(st.sampled_from([*GOOD, "azp", "nbf", "at_hash"]) | st.text(max_size=5), anything))
def test_claims_of_any_shape_are_refused_and_never_a_fault_of_ours(claims: dict[str, Any]) -> None:
    with pytest.raises(TokenFault):
        subject_of(claims, EXPECTED, now=NOW)


def test_an_empty_nonce_of_ours_would_match_nothing() -> None:
    empty = Expected(EXPECTED.issuer, "RP1", "")
    with pytest.raises(TokenFault, match="nonce"):
        subject_of({**GOOD, "nonce": ""}, empty, now=NOW)


@calmly
@given(told=st.dictionaries(st.sampled_from(["name", "address", "birthdate", "gender"]), anything))
def test_facts_of_any_shape_are_facts_or_refused_and_survive_the_session(told: dict[str, Any]) -> None:
    try:
        facts = facts_of(told)
    except FactsFault:
        return
    assert CertifiedFacts.from_plain(facts.as_plain()) == facts
    assert facts.gender in ("", "male", "female", "other") and facts.source == "card"


@calmly
@given(day=st.dates(min_value=date(1868, 1, 1), max_value=date(2100, 1, 1)))
def test_days_are_read_in_both_spellings(day: date) -> None:
    for spelling in (day.isoformat(), day.strftime("%Y%m%d").zfill(8)):
        assert facts_of({"birthdate": spelling}).birth_date == day


def test_a_name_stays_exactly_as_it_is_on_the_card() -> None:
    assert facts_of({"name": "渡邉󠄀　菊"}).name == "渡邉󠄀　菊"


def test_the_challenge_is_that_of_the_standard() -> None:
    # RFC 7636, appendix B
    assert (
        code_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    )


def test_facts_are_asked_for_a_proof_and_not_for_a_signature() -> None:
    common = {
        "client_id": "RP1",
        "redirect_uri": "https://a.example.jp",
        "state": "s",
        "nonce": "n",
        "verifier": "v" * 43,
    }
    proof = authorisation_parameters(**common)
    assert proof["scope"] == "openid name address birthdate gender" and "acr_values" not in proof
    signature = authorisation_parameters(**common, acr_values="aal3 crl", sign_transaction="id")
    assert signature["scope"] == "openid sign" and signature["sign_transaction_id"] == "id"
    assert signature["acr_values"] == "aal3 crl"
    assert {one["response_type"] for one in (proof, signature)} == {"code"}


@pytest.mark.parametrize(("text", "fits"), [("abc", True), ("", False), ("a b", False), ("a\n", False), ("見", False), ("a" * 2001, False)])  # fmt: skip
def test_what_can_be_a_code(text: str, fits: bool) -> None:
    assert is_code(text) is fits


def test_only_errors_of_the_standards_are_named() -> None:
    assert known_error("access_denied") == "access_denied"
    assert known_error("山田花子") == known_error("") == "other"


def test_a_proof_counts_from_its_moment_on_for_its_time() -> None:
    shown = datetime(2026, 11, 2, tzinfo=UTC)
    hour = timedelta(hours=1)
    assert still_counts(proven_at=shown, now=shown, lasts=hour)
    assert still_counts(proven_at=shown, now=shown + hour, lasts=hour)
    assert not still_counts(proven_at=shown, now=shown + hour + timedelta(seconds=1), lasts=hour)
    assert not still_counts(proven_at=shown, now=shown - timedelta(seconds=1), lasts=hour), "never before it was shown"


def test_levels_have_names_for_data_and_for_people() -> None:
    assert all(one.label and one.key for one in [*IdentityLevel, *SignatureLevel])
    assert [one.key for one in SignatureLevel] == ["none", "electronic_signature"]
