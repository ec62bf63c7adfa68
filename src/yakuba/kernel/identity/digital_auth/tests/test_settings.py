"""What a town sets, and what is said when it does not fit."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from joserfc.jwk import ECKey, RSAKey

from yakuba.kernel.access.api import Role
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.identity.checkups import digital_auth as look
from yakuba.kernel.identity.cli import digital_auth as command
from yakuba.kernel.identity.digital_auth.base import ProviderFault
from yakuba.kernel.identity.digital_auth.keys import fresh_key_text, opening_key, signing_key
from yakuba.kernel.identity.digital_auth.registry import provider_check, provider_in_force, working_provider
from yakuba.kernel.identity.digital_auth.tests.pair import BACK, CLIENT, Pair
from yakuba.kernel.identity.tests.people import a_resident_account, a_staff_account, make_sample_installation, sign_in
from yakuba.kernel.parameters.api import forget_installation
from yakuba.kernel.things.api import Level

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_town() -> Any:
    forget_installation()
    yield
    forget_installation()


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "digital-auth.jwk"
    path.write_text(fresh_key_text())
    path.chmod(0o600)
    return path


def written(key_file: Path, base: str = "https://auth.example.go.jp/api", **changes: str) -> dict[str, str]:
    found = {
        "URL": base, "ISSUER": f"{base}/realms/main", "CLIENT_ID": CLIENT, "REDIRECT_URI": BACK,
        "KEY_FILE": str(key_file), **changes,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def test_nothing_set_is_nothing_configured(settings: Any, tmp_path: Path) -> None:
    settings.YAKUBA_DIGITAL_AUTH = {"KEY_FILE": str(tmp_path / "none")}
    assert provider_in_force() is None
    found = provider_check()
    assert not found.is_configured and found.words.startswith("未設定")
    (finding,) = look()
    assert finding.level is Level.NOT_CONFIGURED and "未設定" in finding.what


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"URL": ""}, "URL がありません"),
        ({"ISSUER": ""}, "ISSUER がありません"),
        ({"CLIENT_ID": ""}, "CLIENT_ID がありません"),
        ({"REDIRECT_URI": ""}, "REDIRECT_URI がありません"),
        ({"URL": "http://auth.example.go.jp/api"}, "URL は https://"),
        ({"URL": "ftp://auth.example.go.jp"}, "URL は https://"),
        ({"URL": "https://user:pass@auth.example.go.jp"}, "URL は https://"),
        ({"URL": "https://"}, "URL は https://"),
        ({"URL": "https://a:port/"}, "URL は https://"),
        ({"URL": "https://auth.example.go.jp/?a=b"}, "URL は https://"),
        ({"ISSUER": "auth.example.go.jp"}, "ISSUER は https://"),
        ({"REDIRECT_URI": "https://town.example.jp/elsewhere"}, "/my/digital-auth/callback"),
        ({"CLIENT_ID": "RP 1"}, "CLIENT_ID は英数字"),
        ({"ACR_VALUES": "aal3\ncrl"}, "ACR_VALUES"),
        ({"PROXY": "https://proxy:8080"}, "PROXY"),
        ({"PROXY": "http://user:pass@proxy:8080"}, "PROXY"),
        ({"CA_FILE": "/does/not/exist.pem"}, "CA_FILE"),
        ({"CLIENT_SECRET": "hush"}, "YAKUBA_DIGITAL_AUTH_CLIENT_SECRET"),
    ],
)
def test_settings_that_cannot_be_used_name_what_is_wrong(
    settings: Any, key_file: Path, changes: dict[str, str], named: str
) -> None:
    settings.YAKUBA_DIGITAL_AUTH = written(key_file, **changes)
    with pytest.raises(ProviderFault, match=named):
        provider_in_force()
    assert working_provider() is None
    found = provider_check()
    assert found.is_configured and not found.works and named.split(" ")[0] in found.words
    (finding,) = look()
    assert finding.level is Level.BROKEN and finding.todo


def test_a_plain_line_is_for_this_machine_and_never_for_production(settings: Any, key_file: Path) -> None:
    settings.YAKUBA_DIGITAL_AUTH = written(key_file, "http://127.0.0.1:9/api")
    assert provider_in_force() is not None
    settings.YAKUBA_IS_PRODUCTION = True
    with pytest.raises(ProviderFault):
        provider_in_force()


def test_a_real_provider_takes_the_place_of_the_samples(settings: Any, key_file: Path) -> None:
    make_sample_installation()
    sample = provider_in_force()
    assert sample is not None and sample.is_sample
    assert "見本の認証" in provider_check().words
    settings.YAKUBA_DIGITAL_AUTH = written(key_file)
    provider = provider_in_force()
    assert provider is not None and not provider.is_sample
    assert Client().get("/my/sample-card/").status_code == 404


def test_the_check_reaches_the_configured_provider(settings: Any, key_file: Path, pair: Pair) -> None:
    settings.YAKUBA_DIGITAL_AUTH = written(key_file, pair.double.base)
    assert provider_check().works
    (finding,) = look()
    assert finding.level is Level.GOOD
    result = CliRunner().invoke(command, ["check"])
    assert result.exit_code == 0 and "応答しています" in result.output


def test_a_key_others_may_read_is_a_worry(settings: Any, key_file: Path, pair: Pair) -> None:
    key_file.chmod(0o644)
    settings.YAKUBA_DIGITAL_AUTH = written(key_file, pair.double.base)
    levels = [finding.level for finding in look()]
    assert levels == [Level.GOOD, Level.WARNING]


def test_a_new_key_is_in_force_without_a_restart(settings: Any, key_file: Path) -> None:
    settings.YAKUBA_DIGITAL_AUTH = written(key_file)
    before: Any = provider_in_force()
    assert provider_in_force() is before, "else its key ring would forget between two requests"
    key_file.write_text(fresh_key_text())
    after: Any = provider_in_force()
    assert after.signing.thumbprint() != before.signing.thumbprint()


@pytest.mark.parametrize("text", ["", "{}", "{", "no key", '{"kty": "oct", "k": "c2VjcmV0"}', "[" * 9000, "\x00"])
def test_a_file_that_is_no_key(settings: Any, tmp_path: Path, text: str) -> None:
    path = tmp_path / "key"
    path.write_text(text)
    for read in (signing_key, opening_key):
        with pytest.raises(ProviderFault):
            read(path)


def test_keys_that_are_the_wrong_ones(tmp_path: Path) -> None:
    path = tmp_path / "key"
    with pytest.raises(ProviderFault, match="読めません"):
        signing_key(path)
    wrong = (
        json.dumps(ECKey.generate_key("P-384").as_dict(private=True)),
        json.dumps(RSAKey.generate_key(2048).as_dict(private=True)),
        json.dumps(ECKey.generate_key("P-256").as_dict(private=False)),
    )
    for text in wrong:
        path.write_text(text)
        with pytest.raises(ProviderFault):
            signing_key(path)
    path.write_bytes(RSAKey.generate_key(1024, private=True).as_pem(private=True))
    with pytest.raises(ProviderFault, match="2048"):
        opening_key(path)
    path.write_bytes(RSAKey.generate_key(2048, private=True).as_pem(private=True))
    assert opening_key(path).is_private
    path.write_bytes(ECKey.generate_key("P-256", private=True).as_pem(private=True))
    assert signing_key(path).is_private


def test_the_command_makes_a_key_once_and_shows_its_public_half(settings: Any, tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "digital-auth.jwk"
    settings.YAKUBA_DIGITAL_AUTH = {"KEY_FILE": str(path)}
    made = CliRunner().invoke(command, ["make-key"])
    assert made.exit_code == 0, made.output
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    shown = CliRunner().invoke(command, ["show-key"])
    told = json.loads(shown.stdout)
    assert told["alg"] == "ES256" and "d" not in told and told["kid"] == signing_key(path).kid
    before = path.read_text()
    again = CliRunner().invoke(command, ["make-key"])
    assert again.exit_code != 0 and path.read_text() == before


def test_the_command_says_when_there_is_no_key_or_no_answer(settings: Any, tmp_path: Path, key_file: Path) -> None:
    settings.YAKUBA_DIGITAL_AUTH = {"KEY_FILE": str(tmp_path / "none")}
    assert CliRunner().invoke(command, ["show-key"]).exit_code != 0
    check = CliRunner().invoke(command, ["check"])
    assert check.exit_code == 0 and "未設定" in check.output
    settings.YAKUBA_DIGITAL_AUTH = written(key_file, "http://127.0.0.1:9/api")
    check = CliRunner().invoke(command, ["check"])
    assert check.exit_code == 1 and "取得できません" in check.output


# The office's page.


def test_the_office_sees_how_it_stands_and_no_secret(settings: Any, key_file: Path, pair: Pair, client: Client) -> None:
    settings.YAKUBA_DIGITAL_AUTH = written(key_file, pair.double.base, ACR_VALUES="aal3 crl")
    sign_in(client, a_staff_account(roles=(Role.IT,)))
    page = client.get("/office/digital-auth/").content.decode()
    assert pair.double.base in page and CLIENT in page and "aal3 crl" in page and "応答しています" in page
    secret = json.loads(key_file.read_text())["d"]
    assert secret not in page and json.loads(key_file.read_text())["x"] in page
    assert "採用しません" in page, "what is missing for signatures is said"


def test_the_office_page_without_settings(client: Client) -> None:
    sign_in(client, a_staff_account(roles=(Role.AUDITOR,)))
    page = client.get("/office/digital-auth/").content.decode()
    assert "未設定" in page and "make-key" in page


def test_the_office_page_says_which_setting_is_wrong(settings: Any, key_file: Path, client: Client) -> None:
    settings.YAKUBA_DIGITAL_AUTH = written(key_file, ISSUER="")
    sign_in(client, a_staff_account(roles=(Role.IT,)))
    page = client.get("/office/digital-auth/").content.decode()
    assert "ISSUER がありません" in page and "異常" in page


def test_only_information_systems_and_the_auditor_see_it(client: Client) -> None:
    sign_in(client, a_staff_account())
    assert client.get("/office/digital-auth/").status_code == 403
    assert Client().get("/office/digital-auth/").status_code == 302


# Over real HTTP, with a provider that is not the sample's.


def test_the_whole_way_with_a_configured_provider(settings: Any, tmp_path: Path, pair: Pair, client: Client) -> None:
    from yakuba.kernel.identity.digital_auth.tests.pair import OURS, TARO, come_back
    from yakuba.kernel.identity.models import LinkedIdentity
    from yakuba.kernel.identity.tests.asking import asked_by

    path = tmp_path / "key"
    path.write_text(json.dumps(OURS.as_dict(private=True)))
    pair.clock.moment = _now()
    settings.YAKUBA_DIGITAL_AUTH = written(path, pair.double.base)
    page = client.get("/my/digital-auth/?purpose=level")
    assert f"form-action 'self' {pair.double.base.removesuffix('/api')}" in page["Content-Security-Policy"]
    assert "見本" not in page.content.decode().split("door__head")[1]
    address = client.post("/my/digital-auth/?purpose=level&next=/my/account/")["Location"]
    assert address.startswith(f"{pair.double.base}/realms/main/protocol/openid-connect/auth?")
    back = come_back(pair.double, address)
    answer = client.get("/my/digital-auth/callback", back)
    assert answer["Location"] == "/my/digital-auth/choose", "an unknown card"
    client.post("/my/digital-auth/choose", {"act": "register", "name": ""})
    seen = asked_by(client)
    assert seen.facts is not None and seen.facts.name == TARO.name and not seen.proof.is_sample
    assert LinkedIdentity.objects.get().issuer == pair.double.issuer


def test_the_forms_page_lets_the_form_go_to_a_provider_with_tls_and_no_other_page_does(
    settings: Any, key_file: Path, client: Client
) -> None:
    settings.YAKUBA_DIGITAL_AUTH = written(key_file)
    assert "form-action 'self' https:" in client.get("/my/digital-auth/")["Content-Security-Policy"]
    directives = client.get("/my/sign-in")["Content-Security-Policy"].split("; ")  # in any order
    assert "form-action 'self'" in directives


def test_a_provider_that_is_silent_is_said_to_be(settings: Any, key_file: Path, client: Client) -> None:
    from urllib.parse import parse_qs, urlsplit

    settings.YAKUBA_DIGITAL_AUTH = written(key_file, "http://127.0.0.1:9/api")
    address = client.post("/my/digital-auth/?purpose=level")["Location"]
    state = parse_qs(urlsplit(address).query)["state"][0]
    answer = client.get("/my/digital-auth/callback", {"state": state, "code": "abc"})
    assert "つながりませんでした" in client.get(answer["Location"]).content.decode()


def test_links_with_the_samples_cards_do_not_open_anything_at_a_real_provider(
    settings: Any, key_file: Path, client: Client
) -> None:
    from django.utils import timezone

    from yakuba.kernel.identity.digital_auth.sample import sample_provider
    from yakuba.kernel.identity.models import LinkedIdentity
    from yakuba.kernel.identity.queries import linked_identity

    account = a_resident_account()
    now = timezone.now()
    with unaudited_writes("test"):
        LinkedIdentity.objects.create(
            account=account, issuer=sample_provider().issuer, subject="s", linked_at=now, last_used_at=now
        )
    settings.YAKUBA_DIGITAL_AUTH = written(key_file)
    provider = provider_in_force()
    assert provider is not None and linked_identity(provider.issuer, "s") is None
    sign_in(client, account, confirmed=timezone.now().timestamp())
    assert client.get("/my/account/confirm").content.decode().count("カードで確かめる") == 0
    page = client.get("/my/account/").content.decode()
    assert "以前のカードの結び付けです" in page and "カードを結び付ける" in page


def _now() -> Any:
    from django.utils import timezone

    return timezone.now()
