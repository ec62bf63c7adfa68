"""The harness itself: what it promises to catch, it catches."""

import os
import socket
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.harness.browser import DESKTOP, PHONE, axe, axe_violations, watched_pages
from tests.harness.postgres import Cluster, installed
from tests.harness.rules_for_all import OutsideWord
from tests.harness.surroundings import ON_POSTGRESQL


def test_no_test_reaches_another_machine() -> None:
    with pytest.raises(OutsideWord), socket.socket() as trial:
        trial.connect(("192.0.2.1", 80))


@pytest.mark.database
@pytest.mark.django_db
def test_the_database_is_the_one_asked_for_and_a_file_if_sqlite() -> None:
    from django.db import connection

    if ON_POSTGRESQL:
        assert connection.vendor == "postgresql"
    else:
        assert connection.vendor == "sqlite"
        assert not connection.is_in_memory_db()
        assert os.path.exists(connection.settings_dict["NAME"])


@pytest.mark.database
@pytest.mark.django_db
def test_every_database_is_open_to_a_test() -> None:
    from django.core.cache import cache

    cache.set("seen", 1)
    assert cache.get("seen") == 1


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["once", "and again"])
def test_what_a_test_with_real_transactions_wrote_is_gone_afterwards_even_where_rows_are_only_added(time: str) -> None:
    from django.contrib.contenttypes.models import ContentType

    from yakuba.kernel.access.api import VISITOR
    from yakuba.kernel.audit.api import record_refusal
    from yakuba.kernel.audit.models import AuditEvent

    assert ContentType.objects.exists(), "what migrations stored is still there"
    assert not AuditEvent.objects.exists()
    record_refusal(by=VISITOR, what="harness")
    assert AuditEvent.objects.count() == 1


@pytest.mark.browser
class TestBrowser:
    @pytest.fixture
    def site_url(self) -> str:
        return "http://localhost:1"

    def test_axe_bites_on_a_damaged_page(self, desktop: Page) -> None:
        desktop.set_content("<html lang=ja><title>窓口</title><main><h1>窓口</h1><input></main></html>")
        assert "label" in [each["id"] for each in axe_violations(desktop)]
        with pytest.raises(AssertionError, match="label"):
            axe(desktop)

    def test_axe_is_content_with_a_sound_page(self, desktop: Page) -> None:
        desktop.set_content(
            "<html lang=ja><title>窓口</title><main><h1>窓口</h1><label>氏名 <input></label></main></html>"
        )
        axe(desktop)

    def test_a_phone_is_narrow_and_a_desktop_is_wide(self, phone: Page, desktop: Page) -> None:
        assert phone.viewport_size == {"width": PHONE[0], "height": PHONE[1]}
        assert desktop.viewport_size == {"width": DESKTOP[0], "height": DESKTOP[1]}


@pytest.mark.browser
@pytest.mark.parametrize(
    ("page_source", "complaint"),
    [
        ("<script>console.error('壊れました')</script>", "console: 壊れました"),
        ("<script>throw new Error('壊れました')</script>", "script: "),
        ("<img src='http://example.org/pixel.png' alt=''>", "third party: http://example.org/pixel.png"),
        (
            "<meta http-equiv='Content-Security-Policy' content=\"style-src 'none'\"><style>p{color:red}</style>",
            "console: ",
        ),
    ],
    ids=["console error", "script error", "third party", "content security policy"],
)
def test_what_a_browser_complains_about_fails_the_journey(chromium: Browser, page_source: str, complaint: str) -> None:
    with pytest.raises(AssertionError, match=complaint), watched_pages(chromium, "http://localhost:1") as open_page:
        open_page().set_content(page_source)


@pytest.mark.browser
def test_what_a_journey_provokes_on_purpose_is_no_fault(chromium: Browser) -> None:
    with watched_pages(chromium, "http://localhost:1") as open_page:
        open_page(expect_in_console=["壊れました"]).set_content("<script>console.error('壊れました')</script>")


@pytest.mark.slow
def test_a_throw_away_postgresql_starts_survives_a_kill_and_stops(open_folder: Path) -> None:
    if not installed():
        pytest.skip("PostgreSQL がありません: sudo apt-get install postgresql")
    import psycopg

    cluster = Cluster(open_folder / "postgresql")
    cluster.start()
    try:
        url = cluster.create("town")
        with psycopg.connect(url) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        cluster.kill()
        cluster.launch(durable=True)
        with psycopg.connect(url) as connection:
            assert connection.execute("show fsync").fetchone() == ("on",)
    finally:
        cluster.stop()
