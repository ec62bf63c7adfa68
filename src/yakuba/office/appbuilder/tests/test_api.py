"""An app as another system uses it: a token of one group, its rows and columns, and nothing else."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from jsonschema import Draft202012Validator

from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.identity.api import Limit
from yakuba.kernel.parameters.api import town_clock
from yakuba.office.appbuilder.models import App, AppToken, Record, RecordHistory
from yakuba.office.appbuilder.rules.tokens import digest_of_secret, read_token, written_token
from yakuba.office.appbuilder.services.tokens import make_token, new_token_secret, revoke_token
from yakuba.office.appbuilder.tests.lending import PROCESS, lending, put_to_use
from yakuba.office.appbuilder.tests.test_sheet_out import text
from yakuba.office.appbuilder.tests.world import FIELDS, open_app, sit
from yakuba.office.appbuilder.views import api, tokens

PEER = {"name": "連携", "everybody": True, "create": True, "edit": True, "columns": {"price": "hide", "note": "view"}}


@pytest.fixture(autouse=True)
def _nobody_counted() -> None:
    cache.clear()


class Peer:
    """Another system with a token."""

    def __init__(self, desk: Any, *scopes: str, app: App | None = None, group: str = "連携", days: int = 30) -> None:
        self.app = app or desk.app
        secret = new_token_secret()
        self.token = make_token(
            by=desk.maker, app=self.app, name="集計", group=group, scopes=scopes or ("read", "add", "change"),
            days=days, digest=digest_of_secret(secret), clock=town_clock(),
        )  # fmt: skip
        self.written = written_token(self.token.public_id, secret)
        self.client = Client(enforce_csrf_checks=True)

    def at(self, path: str = "", app: App | None = None) -> str:
        return f"/api/v1/apps/{(app or self.app).public_id}/{path}"

    def get(self, path: str = "", *, app: App | None = None, written: str | None = None, **asked: str) -> Any:
        said = self.written if written is None else written
        return self.client.get(self.at(path, app), asked, headers={"authorization": f"Bearer {said}"})

    def send(self, method: str, path: str, body: Any, **headers: str) -> Any:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"authorization": f"Bearer {self.written}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        return self.client.generic(method, self.at(path), content, content_type="application/json", headers=headers)

    def add(self, **values: Any) -> Any:
        return self.send("POST", "records/", {"values": values})


@pytest.fixture
def peer(desk: Any) -> Peer:
    desk.permit(PEER)
    return Peer(desk)


class TestTokens:
    def test_are_written_once_and_kept_as_a_digest(self, desk, peer) -> None:
        read = read_token(f"Bearer {peer.written}")
        assert read is not None and read[0] == peer.token.public_id
        assert read[1] not in json.dumps(list(AppToken.objects.values()), default=str)

    @pytest.mark.parametrize("wrong", ["", "x", "yka_0123456789abcdef_" + "A" * 43, "yka_" + "あ" * 60, "x" * 5000])
    def test_a_wrong_one_opens_nothing(self, peer, wrong) -> None:
        answer = peer.get(written=wrong)
        assert answer.status_code == 401 and answer["WWW-Authenticate"].startswith("Bearer")
        assert answer["Content-Type"] == "application/problem+json"

    def test_a_wrong_secret_a_revoked_and_an_old_one_look_the_same(self, desk, peer) -> None:
        wrong = peer.get(written=peer.written[:-3] + "AAA")
        revoke_token(by=desk.maker, token=peer.token, clock=town_clock())
        revoked = peer.get()
        old = Peer(desk)
        with unaudited_writes("tests"):
            AppToken.objects.filter(pk=old.token.pk).update(expires_at=town_clock().now() - timedelta(seconds=1))
        assert [one.status_code for one in (wrong, revoked, old.get())] == [401, 401, 401]
        assert wrong.content == revoked.content == old.get().content

    def test_another_apps_token_and_an_unknown_app_are_nowhere(self, desk, peer) -> None:
        other = open_app(desk.maker, FIELDS, "別のアプリ")
        assert peer.get(app=other).status_code == 404
        assert peer.get("records/", app=other).status_code == 404
        assert peer.get(app=App(public_id="0" * 16)).content == peer.get(app=other).content

    def test_a_session_opens_nothing(self, desk) -> None:
        client = sit(desk, "行政 主事")
        client.cookies["yakuba_session"] = client.cookies["yakuba_office"].value
        assert client.get(f"/api/v1/apps/{desk.app.public_id}/").status_code == 401

    def test_scopes_bind(self, desk, peer) -> None:
        record = desk.add()
        reads, adds = Peer(desk, "read"), Peer(desk, "add")
        assert reads.add(item="椅子").status_code == 403
        change = reads.send("PATCH", f"records/{record.public_id}/", {"values": {"item": "棚"}}, if_match='"1"')
        assert change.status_code == 403
        assert adds.get("records/").status_code == 403 and adds.get(f"records/{record.public_id}/").status_code == 403
        made = adds.add(item="椅子")
        assert made.status_code == 201 and made.json()["values"] == {}
        assert Peer(desk, "change").token.scopes == ["read", "change"]

    def test_a_group_that_may_not_write_binds_too(self, desk) -> None:
        desk.permit({"name": "連携", "everybody": True})
        assert Peer(desk).add(item="椅子").json()["code"] == "not_writable"
        assert not Record.objects.exists()

    def test_a_group_taken_away_takes_the_token_with_it(self, desk, peer) -> None:
        desk.permit({"name": "ほか", "everybody": True})
        assert peer.get().status_code == 404

    def test_too_many_requests_are_told_when_to_come_back(self, peer, monkeypatch) -> None:
        monkeypatch.setattr(api, "RATE", Limit("token", 2, 60))
        answers = [peer.get() for _ in range(3)]
        assert [one.status_code for one in answers] == [200, 200, 429]
        assert 1 <= int(answers[2]["Retry-After"]) <= 60


class TestReading:
    def test_rows_and_columns_of_the_group_and_no_more(self, desk, peer) -> None:
        desk.add(price=77_777, state="out", note="見える")
        for path in ("", "openapi.json", "records/"):
            said = peer.get(path).content.decode()
            assert "price" not in said and "価格" not in said and "77777" not in said, path
            assert "twice" not in said, "a computed field goes with what it is computed from"
        found = peer.get("records/").json()["records"][0]
        assert found["values"]["item"] == "机" and found["words"]["state"] == "貸出中"
        for hidden in ("price", "twice", "nothing"):
            refused = peer.get("records/", **{hidden: "77777"})
            assert refused.status_code == 400 and refused.json()["code"] == "bad_request"

    def test_only_the_rows_of_the_group(self, desk) -> None:
        desk.permit({**PEER, "rows": "own"})
        theirs = desk.add()
        peer = Peer(desk)
        mine = peer.add(item="椅子").json()["id"]
        assert [one["id"] for one in peer.get("records/").json()["records"]] == [mine]
        assert peer.get(f"records/{theirs.public_id}/").status_code == 404

    def test_pages_filters_and_what_changed_since(self, desk, peer) -> None:
        for number in range(5):
            desk.add(item=f"机{number}", state="out" if number % 2 else "in", lent_on="2027-03-01")
        first = peer.get("records/", limit="2").json()
        second = peer.get("records/", limit="2", cursor=first["next"]).json()
        last = peer.get("records/", limit="2", cursor=second["next"]).json()
        numbers = [one["number"] for part in (first, second, last) for one in part["records"]]
        assert numbers == sorted(set(numbers)) and len(numbers) == 5 and last["next"] is None
        assert len(peer.get("records/", state="out").json()["records"]) == 2
        assert len(peer.get("records/", lent_on="2027-03-01", item="机3").json()["records"]) == 1
        assert peer.get("records/", changed_since="2099-01-01T00:00:00Z").json()["records"] == []
        assert len(peer.get("records/", changed_since="2020-01-01T00:00:00+09:00").json()["records"]) == 5
        for bad in ({"limit": "0"}, {"limit": "201"}, {"cursor": "!!"}, {"changed_since": "きのう"}, {"q": "x"}):
            assert peer.get("records/", **bad).status_code == 400, bad

    def test_reading_is_remembered_under_the_token(self, desk, peer) -> None:
        desk.add()
        peer.get("records/")
        read = AuditEvent.objects.filter(verb="appbuilder.api_records").latest("pk")
        assert (read.actor, read.face) == (f"token:{peer.token.public_id}", "machine")
        assert AppToken.objects.get(pk=peer.token.pk).last_used_at is not None


class TestWriting:
    def test_a_record_comes_in_under_the_tokens_name(self, desk, peer) -> None:
        made = peer.add(item="椅子", state="out", tags=["a"], broken=True)
        assert made.status_code == 201 and made["ETag"] == '"1"' and made["Location"].endswith(f"{made.json()['id']}/")
        record = Record.objects.get(public_id=made.json()["id"])
        assert record.made_by_name == "API：集計" and record.values["tags"] == ["a"]
        assert RecordHistory.objects.get(record=record).by == f"token:{peer.token.public_id}"

    def test_a_change_goes_with_what_others_changed_elsewhere(self, desk, peer) -> None:
        record = desk.add(code="A1")
        at = f"records/{record.public_id}/"
        assert peer.send("PATCH", at, {"values": {"item": "棚"}}).status_code == 428
        first = peer.send("PATCH", at, {"values": {"item": "棚"}}, if_match='"1"')
        assert first.status_code == 200 and first["ETag"] == '"2"'
        also = peer.send("PATCH", at, {"values": {"broken": True}}, if_match='"1"')
        assert also.status_code == 200 and also.json()["values"]["item"] == "棚"
        clash = peer.send("PATCH", at, {"values": {"item": "机2"}}, if_match='"1"')
        assert clash.status_code == 412
        assert clash.json()["conflicts"] == [{"field": "item", "before": "机", "stored": "棚", "sent": "机2"}]
        assert peer.send("PATCH", at, {"values": {"item": "x"}}, if_match='"99"').status_code == 412

    @pytest.mark.parametrize("key", ["price", "note", "twice", "nothing", "__proto__"])
    def test_what_may_not_be_written_is_refused_alike(self, desk, peer, key) -> None:
        refused = peer.add(item="机", **{key: "1"})
        assert refused.status_code == 422 and refused.json()["errors"] == {key: "not writable"}
        assert not Record.objects.exists()

    def test_faults_stand_by_their_field_in_the_language_asked_for(self, desk, peer) -> None:
        desk.add(code="A1")
        twice = peer.add(item="机", code="A1")
        assert twice.status_code == 422 and "code" in twice.json()["errors"]
        shape = peer.send("POST", "records/", {"values": {"item": 5}}, accept_language="en")
        assert shape.status_code == 422 and shape.json()["title"] == "The request was refused."
        assert "マイナンバー" in peer.add(item="番号 123456789018").json()["detail"]

    def test_a_state_that_moves_by_buttons_is_not_writable(self, desk, peer) -> None:
        desk.permit(PEER, {"name": "自分の課", "roles": ["clerk"]})
        put_to_use(desk, lending(PROCESS))
        assert peer.add(item="机", state="back").json()["errors"] == {"state": "not writable"}
        made = peer.add(item="机")
        assert made.json()["values"]["state"] == "booked"
        assert not {one["key"] for one in peer.get().json()["fields"] if one["writable"]} & {"state"}

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (b"{", 400), (b"[]", 400), (b'{"values": []}', 400), (b'{"values": {}, "by": "me"}', 400),
            (b'{"values": {"item": NaN}}', 400), (b'{"values": {"item": "\\ud800"}}', 400),
            (b'{"values": {"item": "a\\u0000"}}', 400), (b'{"values": ' + b"[" * 50_000, 400), (b"\xff", 400),
            (b" " * 1_000_001, 413),
        ],
    )  # fmt: skip
    def test_bodies_nobody_can_read(self, desk, peer, body, status) -> None:
        assert peer.send("POST", "records/", body).status_code == status

    def test_other_methods_and_media_types(self, desk, peer) -> None:
        assert peer.send("DELETE", "records/", {}).status_code == 405
        headers = {"authorization": f"Bearer {peer.written}"}
        sent = peer.client.post(peer.at("records/"), {"item": "x"}, headers=headers)
        assert sent.status_code == 415 and "Access-Control-Allow-Origin" not in sent and not sent.cookies


class TestOpenapi:
    def test_says_what_is_answered(self, desk, peer) -> None:
        desk.add(state="out", lent_on="2027-03-01", tags=["a"], code="B2", broken=False, note="書けない")
        told = peer.get("openapi.json").json()
        assert told["openapi"] == "3.1.0" and set(told["paths"]) == {"/", "/records/", "/records/{record}/"}
        schemas = told["components"]["schemas"]
        for schema in schemas.values():
            Draft202012Validator.check_schema(schema)
        refs = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(told)))
        assert refs <= set(schemas)

        def check(name: str, body: Any) -> None:
            whole = {"$ref": f"#/components/schemas/{name}", "components": told["components"]}
            Draft202012Validator(whole).validate(body)

        check("Records", peer.get("records/").json())
        check("Definition", peer.get().json())
        check("Problem", peer.add(price=1).json())
        assert "note" not in schemas["Write"]["properties"]["values"]["properties"]

    def test_only_what_the_scopes_allow(self, desk, peer) -> None:
        paths = Peer(desk, "read").get("openapi.json").json()["paths"]
        assert "post" not in paths["/records/"] and "patch" not in paths["/records/{record}/"]


class TestPage:
    def test_a_manager_makes_and_revokes_a_token(self, desk, monkeypatch) -> None:
        client = sit(desk, "行政 主事")
        page = f"/office/apps/{desk.app.public_id}/api/"
        assert "トークンはまだありません" in text(client.get(page))
        sent = {"name": "予約", "group": "自分の課", "scopes": ["read"], "days": "90"}
        monkeypatch.setattr(tokens, "is_confirmed", lambda _: False)
        first = client.post(page, sent)
        assert first.status_code == 302 and "confirm" in first["Location"] and not AppToken.objects.exists()
        monkeypatch.setattr(tokens, "is_confirmed", lambda _: True)
        made = client.post(page, sent)
        written = re.search(r"yka_[0-9a-z]{16}_[\w-]{43}", text(made))
        assert written is not None and made["Cache-Control"] == "no-store"
        assert written[0] not in text(client.get(page))
        answer = Client().get(f"/api/v1/apps/{desk.app.public_id}/", headers={"authorization": f"Bearer {written[0]}"})
        assert answer.status_code == 200
        client.post(page, {"revoke": AppToken.objects.get().public_id})
        assert "取消し" in text(client.get(page))

    def test_nobody_else_comes_here(self, desk) -> None:
        desk.permit(PEER)
        assert sit(desk, "財政 主事").get(f"/office/apps/{desk.app.public_id}/api/").status_code == 404
