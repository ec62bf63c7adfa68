"""`/metrics` answers whoever sits on this machine and asks this machine; to everybody else it does not exist."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def _every_host(settings: Any) -> None:
    """The page itself decides, whatever hosts a town allows."""
    settings.ALLOWED_HOSTS = ["*"]


def ask(client: Client, **asked: str) -> Any:
    return client.get("/metrics", **({"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost:8000"} | asked))


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.0.1", "::1"])
@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1", "127.0.0.1:9000", "[::1]", "[::1]:8000"])
def test_this_machine_gets_the_figures(client: Client, peer: str, host: str) -> None:
    answer = ask(client, REMOTE_ADDR=peer, HTTP_HOST=host)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    lines = answer.content.decode().splitlines()
    assert 'yakuba_jobs{state="failed"} 0.0' in lines
    assert {"yakuba_oldest_job_seconds", "yakuba_audit_unsealed_seconds", "yakuba_open_faults"} <= {
        line.partition(" ")[0] for line in lines
    }


@pytest.mark.parametrize(
    "peer", ["192.168.1.20", "203.0.113.5", "10.0.0.1", "::ffff:192.168.1.20", "", "unix:", "localhost"]
)
def test_another_machine_gets_nothing(client: Client, peer: str) -> None:
    assert ask(client, REMOTE_ADDR=peer).status_code == 404


@pytest.mark.parametrize(
    "host",
    [
        "yakuba.town.example.jp",
        "localhost.example.jp",
        "127.0.0.1.example.jp",
        "192.168.1.5:8000",
        "[2001:db8::1]:8000",
        "0.0.0.0",
    ],
)
def test_a_local_proxy_that_passes_the_town_s_name_on_gets_nothing(client: Client, host: str) -> None:
    assert ask(client, HTTP_HOST=host).status_code == 404


@pytest.mark.parametrize(
    "header",
    [
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Forwarded-Port",
        "X-Forwarded",
        "Forwarded",
        "Forwarded-For",
        "X-Real-IP",
        "X-Client-IP",
        "X-Cluster-Client-IP",
        "True-Client-IP",
        "X-Original-Forwarded-For",
        "X-Original-Host",
        "X-Envoy-External-Address",
        "CF-Connecting-IP",
        "CDN-Loop",
        "Fastly-Client-IP",
        "Via",
    ],
)
@pytest.mark.parametrize("value", ["127.0.0.1", ""])
def test_a_request_that_came_through_a_proxy_gets_nothing(client: Client, header: str, value: str) -> None:
    assert ask(client, **{"HTTP_" + header.upper().replace("-", "_"): value}).status_code == 404


def test_ordinary_headers_of_a_monitoring_system_do_not_matter(client: Client) -> None:
    headers = {"HTTP_USER_AGENT": "Prometheus/3.0", "HTTP_X_PROMETHEUS_SCRAPE_TIMEOUT_SECONDS": "10"}
    assert ask(client, **headers).status_code == 200
