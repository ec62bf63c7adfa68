"""Whatever lets more people or systems use an app is looked at by somebody else, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from yakuba.kernel.access.api import NotAllowed, Role
from yakuba.kernel.approval.api import Outcome, decide
from yakuba.kernel.approval.models import DecisionRequest
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.organisation.models import RoleGrant
from yakuba.kernel.organisation.tests.town_hall import TODAY
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.models import App, AppToken, CheckState, UseCheck
from yakuba.office.appbuilder.queries.ledger import entries, with_counts
from yakuba.office.appbuilder.rules.checking import why_wider
from yakuba.office.appbuilder.rules.keeping import Care
from yakuba.office.appbuilder.rules.permissions import read_permissions
from yakuba.office.appbuilder.rules.tokens import digest_of_secret
from yakuba.office.appbuilder.rules.views import read_view
from yakuba.office.appbuilder.services import CheckNeeded, ask_to_publish, save_definition
from yakuba.office.appbuilder.services.tokens import make_token, revoke_token
from yakuba.office.appbuilder.services.use_checks import ask_check, ask_token
from yakuba.office.appbuilder.tests.test_api import PEER, Peer
from yakuba.office.appbuilder.tests.test_views import CHART
from yakuba.office.appbuilder.tests.world import CLOCK, FIELDS, Desk, define, sit
from yakuba.office.appbuilder.views import tokens

CARE = Care(purpose="貸出しのため", years=5)
WHO: dict[str, Any] = {"key": "who", "label": "氏名", "type": "short_text", "data_class": "personal"}
ILL: dict[str, Any] = {"key": "ill", "label": "病歴", "type": "short_text", "data_class": "sensitive"}


def _open(desk: Desk, *more: dict[str, Any], care: Care = CARE, views: tuple[dict[str, Any], ...] = ()) -> None:
    """The app in use with more fields and views, as if it had been checked."""
    made = define([*FIELDS, *more]).model_copy(update={"care": care, "views": tuple(read_view(one) for one in views)})
    with unaudited_writes("test"):
        desk.app.versions.filter(state="in_use").update(definition=made.to_json())


def _group(desk: Desk, *groups: dict[str, Any]) -> None:
    with unaudited_writes("test"):
        app = App.objects.get(pk=desk.app.pk)
        app.permissions["groups"] += groups
        app.save(update_fields=["permissions"])


def _decide(desk: Desk, kind: str, outcome: Outcome = Outcome.APPROVED, *, by: str = "総務 課長") -> None:
    request = DecisionRequest.objects.filter(subject_kind=kind).latest("pk")
    decide(by=desk.person(by), request=request, outcome=outcome, comment="確かめた", clock=CLOCK)


def _wanted(desk: Desk, **more: Any) -> dict[str, Any]:
    given = {"name": "集計", "group": "連携", "scopes": ("read",), "days": 30, "digest": digest_of_secret("secret")}
    return {"by": desk.maker, "app": desk.app, "clock": CLOCK, **given, **more}


def _keys(desk: Desk) -> int:
    """The keys the ledger counts."""
    apps = list(with_counts(App.objects.filter(pk=desk.app.pk)))
    return entries(apps, today=town_clock().today())[desk.app.pk].reach.tokens


class TestAKeyOfAnotherSystem:
    @pytest.fixture(autouse=True)
    def _linked(self, desk, checks) -> None:
        _open(desk, WHO)
        _group(desk, PEER)

    def test_sleeps_until_somebody_else_said_yes_and_its_days_count_from_then(self, desk) -> None:
        with pytest.raises(CheckNeeded, match=r"集計.*連携.*読む.*個人情報の「氏名」"):
            make_token(**_wanted(desk))
        check = ask_token(**_wanted(desk, clock=CLOCK))
        token = check.token
        assert token is not None and token.is_waiting and _keys(desk) == 0
        with pytest.raises(NotAllowed):
            decide(
                by=desk.maker, request=DecisionRequest.objects.get(), outcome=Outcome.APPROVED, comment="", clock=CLOCK
            )
        _decide(desk, "appbuilder.check")
        token.refresh_from_db()
        assert not token.is_waiting and token.expires_at >= town_clock().now() + timedelta(days=29)
        assert _keys(desk) == 1

    def test_that_sleeps_opens_nothing(self, desk) -> None:
        peer = Peer.__new__(Peer)
        peer.app, peer.client = desk.app, sit(desk, "行政 主事")
        secret = "A" * 43
        token = ask_token(**_wanted(desk, digest=digest_of_secret(secret))).token
        assert token is not None
        peer.written = f"yka_{token.public_id}_{secret}"
        assert peer.get("records/").status_code == 401
        _decide(desk, "appbuilder.check")
        assert peer.get("records/").status_code == 200

    @pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.RETURNED])
    def test_that_is_refused_is_revoked(self, desk, outcome) -> None:
        ask_token(**_wanted(desk))
        _decide(desk, "appbuilder.check", outcome)
        assert AppToken.objects.get().revoked_at is not None

    def test_taken_back_meanwhile_stays_so(self, desk) -> None:
        check = ask_token(**_wanted(desk))
        revoke_token(by=desk.maker, token=check.token, clock=CLOCK)
        _decide(desk, "appbuilder.check")
        check.refresh_from_db()
        assert check.state == CheckState.INVALID and AppToken.objects.get().revoked_at is not None

    def test_is_renewed_without_asking_again_unless_it_may_more(self, desk) -> None:
        ask_token(**_wanted(desk, scopes=("read", "add"), clock=town_clock()))
        _decide(desk, "appbuilder.check")
        make_token(**_wanted(desk, clock=town_clock()))
        for more in ({"name": "ほか"}, {"scopes": ("change",)}, {"group": "自分の課"}):
            with pytest.raises(CheckNeeded):
                make_token(**_wanted(desk, clock=town_clock(), **more))

    def test_is_asked_for_on_the_page(self, desk, monkeypatch) -> None:
        monkeypatch.setattr(tokens, "is_confirmed", lambda _: True)
        client, page = sit(desk, "行政 主事"), f"/office/apps/{desk.app.public_id}/api/"
        shown = client.post(page, {"name": "予約", "group": "連携", "scopes": ["read"], "days": "90"}).content.decode()
        assert "確認を求めました" in shown and "yka_" in shown and "確認待ち" in shown
        again = client.post(page, {"name": "別", "group": "連携", "scopes": ["read"], "days": "90"})
        assert again.status_code == 422 and "確認を待って" in again.content.decode()
        assert AppToken.objects.count() == 1

    def test_makes_its_group_an_audience_of_its_own(self) -> None:
        definition = define([*FIELDS, WHO])
        named = {"name": "連携", "staff": ["p1"]}
        hidden, shown = (
            read_permissions({"groups": [{**named, "columns": {"who": "hide"}}]}),
            read_permissions({"groups": [named]}),
        )
        assert why_wider(hidden, shown, definition, outside={}) == ()
        assert why_wider(hidden, shown, definition, outside={}, tokens={"連携": ["集計"]}) == (
            "個人情報の「氏名」がほかのシステム「集計」にも見えるようになる",
        )


class TestAViewBeforeThePublic:
    def test_is_decided_once_and_the_decision_is_the_check(self, desk, checks) -> None:
        _open(desk, WHO, views=(CHART,))
        ask_to_publish(by=desk.maker, app=desk.app, key="chart", clock=CLOCK)
        request = DecisionRequest.objects.get()
        assert "確認を兼ねます" in request.content_text and "氏名（この見方では使わない）" in request.content_text
        _decide(desk, "appbuilder.public_view")
        assert not UseCheck.objects.exists()

    def test_needs_purpose_and_retention_like_any_check(self, desk, checks) -> None:
        _open(desk, WHO, care=Care(), views=(CHART,))
        with pytest.raises(Refusal, match="利用目的と保存期間"):
            ask_to_publish(by=desk.maker, app=desk.app, key="chart", clock=CLOCK)


class TestSensitiveInformation:
    """The information systems section (here 財政課) looks at it, not the head of the app's own section."""

    @pytest.fixture(autouse=True)
    def _systems(self, desk, checks) -> None:
        with unaudited_writes("test"):
            RoleGrant.objects.create(
                staff=desk.hall.staff["財政 主事"],
                role=Role.IT.value,
                starts_on=TODAY - timedelta(days=9),
                ground="試験",
            )

    def _only_systems_may_say_yes(self, desk: Desk, kind: str) -> None:
        with pytest.raises(NotAllowed):
            _decide(desk, kind)
        _decide(desk, kind, by="財政 課長")

    def test_before_an_app_is_used(self, desk) -> None:
        draft = define([*FIELDS, ILL]).model_copy(update={"care": CARE})
        edition = save_definition(by=desk.maker, app=desk.app, definition=draft, edition=0, clock=CLOCK).edition
        check = ask_check(by=desk.maker, app=desk.app, edition=edition, apps={}, clock=CLOCK)
        self._only_systems_may_say_yes(desk, "appbuilder.check")
        check.refresh_from_db()
        assert check.state == CheckState.PASSED, check.words

    def test_before_another_system_has_a_key(self, desk) -> None:
        _open(desk, ILL)
        _group(desk, PEER)
        ask_token(**_wanted(desk))
        self._only_systems_may_say_yes(desk, "appbuilder.check")
        assert not AppToken.objects.get().is_waiting

    def test_before_the_public_sees_a_view(self, desk) -> None:
        _open(desk, ILL, views=(CHART,))
        public = ask_to_publish(by=desk.maker, app=desk.app, key="chart", clock=CLOCK)
        self._only_systems_may_say_yes(desk, "appbuilder.public_view")
        public.refresh_from_db()
        assert public.content

    def test_that_is_no_longer_there_goes_to_the_head_again(self, desk) -> None:
        _open(desk, WHO, views=(CHART,))
        public = ask_to_publish(by=desk.maker, app=desk.app, key="chart", clock=CLOCK)
        _decide(desk, "appbuilder.public_view")
        public.refresh_from_db()
        assert public.content
