"""How mail leaves: encrypted where the town says so, a password never in the clear."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from yakuba.kernel.things.api import Level
from yakuba.site.checkups import mail_encryption
from yakuba.site.settings.mail import mail_settings


def settings_for(place: Path, *, is_production: bool = True, **given: str) -> dict[str, Any]:
    environ = {f"YAKUBA_MAIL_{name}": value for name, value in given.items()}
    return mail_settings(environ, is_production=is_production, kept_in=place, town="見本町")


@pytest.mark.parametrize(
    ("tls", "port", "starttls", "ssl"),
    [("", 25, False, False), ("starttls", 587, True, False), ("TLS", 465, False, True)],
)
def test_the_line_to_the_relay(tmp_path: Path, tls: str, port: int, starttls: bool, ssl: bool) -> None:
    made = settings_for(tmp_path, HOST="relay", TLS=tls)
    assert (made["EMAIL_PORT"], made["EMAIL_USE_TLS"], made["EMAIL_USE_SSL"]) == (port, starttls, ssl)
    assert made["EMAIL_BACKEND"].endswith("smtp.EmailBackend")


def test_the_password_comes_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("open sesame\n")
    made = settings_for(tmp_path, HOST="relay", TLS="tls", USER="town", PASSWORD_FILE=str(tmp_path / "password"))
    assert (made["EMAIL_HOST_USER"], made["EMAIL_HOST_PASSWORD"]) == ("town", "open sesame")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"TLS": "yes"}, "YAKUBA_MAIL_TLS"),
        ({"PORT": "99999"}, "YAKUBA_MAIL_PORT"),
        ({"PORT": "smtp"}, "YAKUBA_MAIL_PORT"),
        ({"USER": "town"}, "平文"),
        ({"USER": "town", "TLS": "tls", "PASSWORD_FILE": "/nonexistent"}, "YAKUBA_MAIL_PASSWORD_FILE"),
    ],
)
def test_what_cannot_be_is_named(tmp_path: Path, given: dict[str, str], words: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=words):
        settings_for(tmp_path, HOST="relay", **given)


def test_without_a_relay_only_a_town_under_development_keeps_its_mails(tmp_path: Path) -> None:
    assert "filebased" in settings_for(tmp_path, is_production=False)["EMAIL_BACKEND"]
    assert "smtp" in settings_for(tmp_path)["EMAIL_BACKEND"]


@pytest.mark.parametrize(
    ("host", "tls", "level"),
    [("relay", True, Level.GOOD), ("localhost", False, Level.GOOD), ("relay", False, Level.WARNING)],
)
def test_the_doctor_warns_of_an_open_line(settings: Any, host: str, tls: bool, level: Level) -> None:
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = host, tls, False
    (finding,) = mail_encryption()
    assert finding.level is level
