"""The settings of デジタル認証アプリ come from the environment."""

from __future__ import annotations

from pathlib import Path

from yakuba.site.settings.digital_auth import digital_auth_settings


def test_settings_come_from_the_environment_with_a_place_for_the_key(tmp_path: Path) -> None:
    environ = {"YAKUBA_DIGITAL_AUTH_URL": " https://a.example.jp/api ", "YAKUBA_DIGITAL_AUTH_PROXY": " ", "OTHER": "x"}
    assert digital_auth_settings(environ, secrets=tmp_path) == {
        "KEY_FILE": str(tmp_path / "digital-auth.jwk"),
        "URL": "https://a.example.jp/api",
    }
