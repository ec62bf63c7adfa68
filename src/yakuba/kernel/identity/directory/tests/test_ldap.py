"""Signing in by the town hall's directory, against a real LDAP server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from yakuba.kernel.identity.directory.base import DirectoryFault, DirectoryUnavailable
from yakuba.kernel.identity.directory.registry import directory_check, directory_in_force
from yakuba.kernel.identity.directory.tests.slapd import SEEKER, SEEKER_PASSWORD, SUFFIX, Slapd, is_installed
from yakuba.kernel.identity.directory.vendors.ldap import LdapDirectory
from yakuba.kernel.identity.models import Account, SignIn
from yakuba.kernel.identity.tests.people import a_resident_account, a_staff_account
from yakuba.kernel.organisation.models import Staff

PEOPLE = {"2001": "yuki-no-asa-2001", "2002": "kaze-no-yoru-2002", "A-77": "hoshi-no-yoru-77"}

needs_slapd = pytest.mark.skipif(not is_installed(), reason="slapd がありません: apt-get install slapd")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slapd]:
    slapd = Slapd(tmp_path_factory.mktemp("slapd"), PEOPLE)
    slapd.start()
    yield slapd
    slapd.stop()


def written(slapd: Slapd, /, **more: object) -> dict[str, object]:
    """``[directory]`` as a town would write it."""
    return {
        "kind": "ldap",
        "server": f"ldaps://localhost:{slapd.tls_port}",
        "ca_file": str(slapd.ca_file),
        "base": f"ou=staff,{SUFFIX}",
        "filter": "(uid={number})",
        "number_attribute": "employeeNumber",
        "bind_dn": SEEKER,
        "bind_password": SEEKER_PASSWORD,
        **more,
    }


def directory(slapd: Slapd, /, **more: object) -> LdapDirectory:
    return LdapDirectory.from_settings(written(slapd, **more))


@pytest.fixture(params=["ldaps", "start_tls", "direct"])
def way(request: pytest.FixtureRequest, server: Slapd) -> LdapDirectory:
    """The three ways a town may reach its directory."""
    start_tls = {"server": f"ldap://localhost:{server.port}", "start_tls": True}
    direct = {"user_dn": f"uid={{number}},ou=staff,{SUFFIX}", "bind_dn": "", "bind_password": ""}
    return directory(server, **{"ldaps": {}, "start_tls": start_tls, "direct": direct}[request.param])


@needs_slapd
def test_the_right_password_names_the_number(way: LdapDirectory) -> None:
    verified = way.verify("2001", PEOPLE["2001"])
    assert verified is not None and verified.number == "2001"
    assert way.verify("a-77", PEOPLE["A-77"]) is not None, "directories do not tell large letters from small"


@needs_slapd
@pytest.mark.parametrize(
    ("number", "password"),
    [
        ("2001", "wrong"),
        ("2001", ""),
        ("", "x"),
        ("9999", "yuki-no-asa-2001"),
        ("*", "yuki-no-asa-2001"),
        ("200*", "yuki-no-asa-2001"),
        ("2001)(uid=2002", "kaze-no-yoru-2002"),
        ("2002)(|(uid=*", "kaze-no-yoru-2002"),
        ("\\32001", "yuki-no-asa-2001"),
        ("2001\x00", "yuki-no-asa-2001"),
        ("2001,ou=staff", "yuki-no-asa-2001"),
        ("2001" * 200, "x"),
    ],
)
def test_a_wrong_password_and_a_crafted_number_are_refused(way: LdapDirectory, number: str, password: str) -> None:
    assert way.verify(number, password) is None


@needs_slapd
def test_a_loose_filter_opens_nobody_elses_account(server: Slapd) -> None:
    loose = directory(server, filter="(|(uid={number})(uid=2002))")
    assert loose.verify("9999", PEOPLE["2002"]) is None
    assert loose.verify("2001", PEOPLE["2001"]) is None, "two entries fit, so none is taken"


@needs_slapd
def test_check_says_how_the_directory_stands(server: Slapd) -> None:
    assert directory(server).check().works
    assert "暗号化あり" in directory(server).check().words
    wrong = directory(server, bind_password="x").check()
    assert not wrong.works and "名前かパスワードが違います" in wrong.words
    assert not directory(server, base="ou=nowhere,dc=example,dc=lg,dc=jp").check().works
    closed = directory(server, server="ldaps://localhost:1").check()
    assert not closed.works and "つながりません" in closed.words


@needs_slapd
def test_a_certificate_nobody_vouches_for_ends_the_connection_before_a_password_is_sent(
    server: Slapd, tmp_path: Path
) -> None:
    other = Slapd(tmp_path, {"2001": "x"})
    with pytest.raises(DirectoryUnavailable):
        directory(server, ca_file=str(other.ca_file)).verify("2001", PEOPLE["2001"])
    start_tls = {"server": f"ldap://localhost:{server.port}", "start_tls": True}
    with pytest.raises(DirectoryUnavailable):
        directory(server, **start_tls, ca_file=str(other.ca_file)).verify("2001", PEOPLE["2001"])


@needs_slapd
def test_a_certificate_of_another_host_is_refused(tmp_path: Path) -> None:
    other = Slapd(tmp_path, PEOPLE, certificate_for="elsewhere.example")
    other.start()
    try:
        with pytest.raises(DirectoryUnavailable):
            directory(other).verify("2001", PEOPLE["2001"])
    finally:
        other.stop()


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"server": ""}, "directory.server がありません"),
        ({"base": None}, "directory.base がありません"),
        ({"server": "http://dc1"}, "ldaps:// か ldap://"),
        ({"filter": "(uid=2001)"}, "directory.filter に {number} がありません"),
        ({"fliter": "(uid={number})"}, "知らない項目があります：directory.fliter"),
    ],
)
def test_a_fault_in_the_settings_is_named(fault: dict[str, object], words: str, settings) -> None:
    settings.YAKUBA_DIRECTORY = {"kind": "ldap", "server": "ldaps://dc1.example", "base": "dc=example", **fault}
    with pytest.raises(DirectoryFault, match=words.replace("{", r"\{")):
        directory_in_force()
    assert words in directory_check().words


def test_in_production_no_password_goes_over_an_open_line(settings) -> None:
    settings.YAKUBA_IS_PRODUCTION = True
    plain = {"kind": "ldap", "server": "ldap://dc1.example", "base": "dc=example"}
    with pytest.raises(DirectoryFault, match="暗号化されずに流れます"):
        LdapDirectory.from_settings(plain)
    LdapDirectory.from_settings({**plain, "start_tls": True})
    LdapDirectory.from_settings({**plain, "server": "ldaps://dc1.example"})


def test_a_town_without_a_directory_is_told_so(settings) -> None:
    settings.YAKUBA_DIRECTORY = {}
    state = directory_check()
    assert (state.is_configured, state.works) == (False, False)
    assert "設定されていません" in state.words
    settings.YAKUBA_DIRECTORY = {"kind": "saml"}
    assert "知らない種類です" in directory_check().words


# Through the door


def send(client: Client, number: str, password: str):
    return client.post("/office/sign-in", {"number": number, "password": password})


@needs_slapd
@pytest.mark.django_db
def test_staff_the_directory_knows_get_their_account_at_the_first_sign_in(
    client: Client, server: Slapd, settings
) -> None:
    settings.YAKUBA_DIRECTORY = written(server)
    account = a_staff_account("2001", name="星 真由美")
    staff = account.staff
    from yakuba.kernel.audit.api import unaudited_writes

    with unaudited_writes("test"):
        account.delete()
    assert send(client, "2001", "wrong").status_code == 422
    assert not Account.objects.exists()
    assert send(client, "2001", PEOPLE["2001"]).status_code == 302
    opened = Account.objects.get()
    assert opened.staff == staff and not opened.has_usable_password()
    assert SignIn.objects.get().method == "directory"


@needs_slapd
@pytest.mark.django_db
def test_a_password_of_the_directory_is_one_factor_only(client: Client, server: Slapd, settings) -> None:
    settings.YAKUBA_DIRECTORY = written(server)
    settings.YAKUBA_SECOND_FACTOR_REQUIRED = True
    a_staff_account("2001")
    assert send(client, "2001", PEOPLE["2001"])["Location"] == "/office/account/set-up"
    assert not SignIn.objects.exists()


@needs_slapd
@pytest.mark.django_db
def test_somebody_the_directory_knows_and_the_town_hall_does_not_stays_outside(
    client: Client, server: Slapd, settings
) -> None:
    settings.YAKUBA_DIRECTORY = written(server)
    a_resident_account("2001")
    assert send(client, "2001", PEOPLE["2001"]).status_code == 422
    assert not Staff.objects.exists() and not SignIn.objects.exists()


@needs_slapd
@pytest.mark.django_db
def test_an_account_with_a_password_of_its_own_does_not_ask_the_directory(
    client: Client, server: Slapd, settings
) -> None:
    settings.YAKUBA_DIRECTORY = written(server)
    a_staff_account("2001", password="jibun-no-password")
    assert send(client, "2001", PEOPLE["2001"]).status_code == 422
    assert send(client, "2001", "jibun-no-password").status_code == 302


@pytest.mark.django_db
def test_a_silent_directory_is_said_to_be_silent_and_the_number_stays(client: Client, settings) -> None:
    settings.YAKUBA_DIRECTORY = {"kind": "ldap", "server": "ldaps://localhost:1", "base": "dc=example"}
    a_staff_account("2001")
    answer = send(client, "2001", "x")
    assert answer.status_code == 503
    page = answer.content.decode()
    assert "庁内の認証基盤につながらない" in page and 'value="2001"' in page
    settings.YAKUBA_DIRECTORY = {"kind": "nonsense"}
    assert send(client, "2001", "x").status_code == 503


@needs_slapd
@pytest.mark.django_db
def test_a_password_the_directory_checked_at_the_lock_page_is_recorded_as_such(
    client: Client, server: Slapd, settings
) -> None:
    settings.YAKUBA_DIRECTORY = written(server)
    account = a_staff_account("2001")
    password = PEOPLE["2001"]
    client.post("/office/sign-in", {"number": "2001", "password": password, "is_shared": "on"})
    client.post("/office/sign-out")
    assert client.post("/office/lock/open", {"who": account.public_id, "password": password}).status_code == 302
    assert [one.method for one in SignIn.objects.all()] == ["directory", "directory"]
