"""No log line and no entry of the error book holds what a person typed; what is needed to repair a fault stands there."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

import pytest
from django.core.exceptions import SuspiciousFileOperation, SuspiciousOperation
from django.test import Client

from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.jobs.api import enqueue, job, run_job
from yakuba.kernel.jobs.models import Job
from yakuba.kernel.operations.models import ErrorEntry
from yakuba.site.settings.logs import WITHHELD, PlainJsonFormatter, logging_for

pytestmark = [pytest.mark.django_db, pytest.mark.database]

NAME, MAIL, TELEPHONE, RESIDENT = "湯川 花子", "hanako.yukawa@example.jp", "0242-83-5711", "90417365"
PERSONAL = (NAME, "湯川", "花子", MAIL, "hanako", TELEPHONE, "835711", RESIDENT)
SENTENCE = f"{NAME}（{MAIL}、{TELEPHONE}）の住民コード {RESIDENT} がありません"


class Kept(logging.Handler):
    """Lines as the town's formatter writes them."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(PlainJsonFormatter())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def told(self, logger: str) -> list[dict[str, Any]]:
        return [one for one in map(json.loads, self.lines) if one["logger"].startswith(logger)]


@pytest.fixture
def kept() -> Iterator[Kept]:
    """Everything that is logged, more than a town keeps: every logger from its lowest level."""
    handler = Kept()
    loggers = [
        logging.getLogger(name) for name in ("", "django", "django.request", "django.security", "django-q", "yakuba")
    ]
    before = [(one, one.level, one.propagate) for one in loggers]
    for one in loggers:
        one.setLevel(logging.DEBUG if one.name not in ("root", "django") else logging.INFO)
        one.propagate = True
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)
    for one, level, propagate in before:
        one.setLevel(level)
        one.propagate = propagate


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def shows(text: str) -> list[str]:
    """The personal data in a text, also as addresses, escapes and JSON write them."""
    ways = {
        one: (one, quote(one), json.dumps(one)[1:-1], one.encode("unicode_escape").decode(), one.encode().hex())
        for one in PERSONAL
    }
    return [one for one, written in ways.items() if any(way in text for way in written)]


def assert_nothing_personal(kept: Kept) -> None:
    assert kept.lines
    assert not [line for line in kept.lines if shows(line)]
    for row in ErrorEntry.objects.values():
        assert not shows(str(row))


def fails_with(failure: type[Exception]) -> Any:
    def broken(*args: Any, **kwargs: Any) -> NoReturn:
        name, mail, telephone, resident = NAME, MAIL, TELEPHONE, RESIDENT
        try:
            {}[(name, mail, telephone, resident)]
        except KeyError as cause:
            fault = failure(SENTENCE)
            fault.add_note(f"{name} {mail} {telephone} {resident}")
            raise fault from cause

    return broken


def test_the_search_for_personal_data_finds_it() -> None:
    for written in (SENTENCE, quote(SENTENCE), json.dumps(SENTENCE), SENTENCE.encode("unicode_escape").decode()):
        assert shows(written)
    assert not shows('{"message": "request", "status": 404}')


@pytest.mark.parametrize("method", ["get", "post", "put"])
def test_a_fault_in_a_page_is_told_by_class_and_place_alone(
    kept: Kept, client: Client, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setattr("yakuba.kernel.home.public_views.render", fails_with(LookupError))
    sent = {"name": NAME, "mail": MAIL, "telephone": TELEPHONE, "resident": RESIDENT}
    address = f"/accessibility/?q={quote(SENTENCE)}"
    if method == "get":
        answer = client.get(address, headers={"referer": f"https://example.jp/{RESIDENT}", "user-agent": MAIL})
    else:
        body = {"data": json.dumps(sent), "content_type": "application/json"} if method == "put" else {"data": sent}
        answer = getattr(client, method)(address, **body)
    assert_nothing_personal(kept)
    (request,) = kept.told("yakuba.web")
    assert request["message"] == "request" and request["route"] == "accessibility/"
    if answer.status_code == 500:
        (fault,) = kept.told("django.request")
        assert (fault["level"], fault["exception"]) == ("ERROR", "LookupError")
        assert fault["where"][-1].startswith("test_logs_tell_nothing_personal.py:")
        assert fault["where"][-1].endswith(":broken")
        entry = ErrorEntry.objects.get()
        assert (entry.exception, entry.route) == ("LookupError", "accessibility/")
        assert entry.last_request_id == request["request_id"] == answer["X-Request-ID"]
    else:
        assert method != "get"


@pytest.mark.parametrize(
    "address",
    [
        f"/{quote(NAME)}/{RESIDENT}",
        f"/plan/?q={quote(MAIL)}",
        f"/office/{quote(TELEPHONE)}?name={quote(NAME)}",
        f"/my/{MAIL}",
    ],
)
def test_addresses_and_search_words_are_not_told(kept: Kept, client: Client, address: str) -> None:
    answer = client.get(address)
    assert_nothing_personal(kept)
    (request,) = kept.told("yakuba.web")
    assert request["status"] == answer.status_code
    assert request["method"] == "GET" and request["ms"] >= 0 and len(request["request_id"]) == 16
    if answer.status_code == 404:
        warnings = kept.told("django.request")
        assert [(one["level"], one["message"]) for one in warnings] == [("WARNING", "%s: %s")]


def test_what_was_typed_into_a_refused_form_is_not_told(kept: Kept, client: Client) -> None:
    answer = client.post("/office/sign-in", {"number": RESIDENT, "password": SENTENCE, "next": f"/{NAME}"})
    assert answer.status_code < 500
    assert_nothing_personal(kept)


def test_a_form_without_its_token_is_told_with_the_reason_and_without_the_form(kept: Kept) -> None:
    careful = Client(enforce_csrf_checks=True, raise_request_exception=False)
    sent = {"number": RESIDENT, "password": NAME, "csrfmiddlewaretoken": MAIL}
    answer = careful.post(
        f"/office/sign-in?next={quote(NAME)}", sent, headers={"referer": f"https://example.jp/{MAIL}"}
    )
    assert answer.status_code == 403
    assert_nothing_personal(kept)
    (refused,) = kept.told("django.security.csrf")
    assert (refused["level"], refused["message"]) == ("WARNING", "Forbidden (%s): %s")


def test_a_forged_host_and_a_suspicious_path_are_told_without_their_words(
    kept: Kept, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/plan/", headers={"host": f"{RESIDENT}.hanako.example"})
    for failure in (SuspiciousOperation, SuspiciousFileOperation):
        monkeypatch.setattr("yakuba.kernel.home.public_views.render", fails_with(failure))
        assert client.get("/accessibility/").status_code == 400
    assert_nothing_personal(kept)
    told = kept.told("django.security.Suspicious")
    assert [one["exception"] for one in told] == ["SuspiciousOperation", "SuspiciousFileOperation"]
    assert {one["message"] for one in told} == {WITHHELD}
    assert all(one["where"] and one["place"].startswith("log.py:") for one in told)


@job("tests.tell", label="いつも失敗する")
def tell_everything(*, what: str) -> None:
    fails_with(ValueError)(what)


def test_a_failed_job_is_told_by_name_and_class(kept: Kept) -> None:
    with unaudited_writes("test"):
        work = enqueue("tests.tell", key=f"tell:{RESIDENT}", what=SENTENCE)
    assert run_job(work.pk) == "failed"
    assert_nothing_personal(kept)
    (failed,) = kept.told("yakuba.jobs")
    assert (failed["level"], failed["message"]) == ("ERROR", "job failed")
    assert (failed["job"], failed["job_id"], failed["exception"]) == ("tests.tell", work.public_id, "ValueError")
    assert failed["where"][-1].endswith(":broken")
    assert Job.objects.get(pk=work.pk).error == "ValueError"


def test_sentences_that_libraries_put_values_into_are_withheld_with_their_place(kept: Kept) -> None:
    """The task queue logs `"Failed … - %(task_result)s" % {…}`: the traceback with all its text."""
    queue = logging.getLogger("django-q")
    queue.error("Failed '%(task)s' - %(result)s" % {"task": "x", "result": SENTENCE})  # noqa: UP031
    queue.warning(f"worker says {MAIL}")
    queue.error("Failed %s for %s", SENTENCE, NAME)
    queue.error(LookupError(SENTENCE))
    assert_nothing_personal(kept)
    first, second, third, fourth = kept.told("django-q")
    assert [one["message"] for one in (first, second, fourth)] == [WITHHELD] * 3
    assert third["message"] == "Failed %s for %s" and "place" not in third
    assert first["place"].startswith("test_logs_tell_nothing_personal.py:")
    assert first["place"].endswith(":test_sentences_that_libraries_put_values_into_are_withheld_with_their_place")


def test_fields_beside_the_message_are_an_allow_list(kept: Kept) -> None:
    log = logging.getLogger("yakuba.tests")
    log.info(
        "seen", extra={"person": NAME, "request": SENTENCE, "mail": MAIL, "count": 3, "part": "tests"}, stack_info=True
    )
    assert_nothing_personal(kept)
    (seen,) = kept.told("yakuba.tests")
    assert (seen["count"], seen["part"], seen["message"], seen["level"]) == (3, "tests", "seen", "INFO")
    assert set(seen) == {"at", "level", "logger", "message", "count", "part"}


class Person:
    def __repr__(self) -> str:
        return NAME

    __str__ = __repr__


def test_a_line_that_cannot_be_written_does_not_tell_its_arguments_on_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = logging_for(tmp_path)
    handler = logging.FileHandler(settings["handlers"]["file"]["filename"], encoding="utf-8")
    handler.setFormatter(PlainJsonFormatter())
    log = logging.Logger("yakuba.tests")
    log.addHandler(handler)
    log.error("half a character %s", NAME, extra={"route": "\udc80", "count": Person(), "job": {"a": Person()}})
    try:
        raise ValueError(NAME + "\udc80")
    except ValueError:
        log.exception("broken")
    handler.close()
    lines = [json.loads(line) for line in (tmp_path / "logs" / "yakuba.log").read_text("utf-8").splitlines()]
    assert [line["message"] for line in lines] == ["half a character %s", "broken"]
    assert (lines[0]["count"], lines[0]["route"], lines[1]["exception"]) == ("Person", "\udc80", "ValueError")
    told = capsys.readouterr()
    assert not shows(str(lines) + told.out + told.err) and "Logging error" not in told.err


def test_the_settings_use_this_formatter_everywhere(tmp_path: Path) -> None:
    settings = logging_for(tmp_path)
    assert {one["formatter"] for one in settings["handlers"].values()} == {"plain"}
    assert settings["formatters"]["plain"] == {"()": f"{PlainJsonFormatter.__module__}.PlainJsonFormatter"}
    assert not [name for name, one in settings["loggers"].items() if "handlers" in one]
    assert sys.modules[PlainJsonFormatter.__module__].ALLOWED_EXTRAS
