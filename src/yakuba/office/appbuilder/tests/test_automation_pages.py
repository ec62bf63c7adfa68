"""The pages of automations: built on the draft, tried without doing anything, the log, the places outside."""

from __future__ import annotations

import re
from typing import Any

import pytest

from yakuba.kernel.access.api import Role
from yakuba.kernel.notify.models import Message
from yakuba.office.appbuilder.checkups import apps as looked_at
from yakuba.office.appbuilder.models import AllowedHost, App, AutomationPause, AutomationRun, Hook, Record
from yakuba.office.appbuilder.running import SYSTEM
from yakuba.office.appbuilder.services.automate import pause_automation
from yakuba.office.appbuilder.services.hooks import allow_host
from yakuba.office.appbuilder.tests.automating import IT, TELL, automation, settle, use
from yakuba.office.appbuilder.tests.lending import PROCESS
from yakuba.office.appbuilder.tests.receiver import HOST
from yakuba.office.appbuilder.tests.world import CLOCK, open_app, sit


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def maker(desk: Any) -> Any:
    return sit(desk, "行政 主事")


def at(desk: Any, path: str = "") -> str:
    return f"/office/apps/{desk.app.public_id}/automations/{path}"


class TestBuilding:
    def test_from_nothing_to_five_kinds_of_doing(self, desk, maker) -> None:
        use(desk)
        other = open_app(desk.maker, [{"key": "what", "label": "何", "type": "short_text", "required": True}], "控え")
        assert "自動処理はまだありません" in text(maker.get(at(desk)))
        for kind in ("added", "changed", "reached", "day", "every"):
            assert maker.get(at(desk, "new/"), {"when": kind}).status_code == 200
        typed = {
            "when": "day", "name": "返却のお願い", "is_on": "on", "day_field": "due_on", "days": "1", "side": "after",
            "hour": "8", "rule": '「状態」= "貸出中"', "edition": "0",
        }  # fmt: skip
        faulty = maker.post(at(desk, "new/"), {**typed, "rule": "「常態」= 1"})
        assert faulty.status_code == 422 and "「常態」という項目はありません" in text(faulty)
        made = maker.post(at(desk, "new/"), typed)
        key = desk.app.versions.get(state="draft").content.automations[0].key
        assert made.url == at(desk, f"a/{key}/")
        assert "することがまだありません" in text(maker.get(made.url))
        assert "することが決まっていません" in text(maker.get(at(desk)))
        tell = {"does": "notify", "text": "「品名」を返してください", "people": ["keeper"], "edition": "1"}
        assert maker.post(at(desk, f"a/{key}/new/"), {**tell, "people": []}).status_code == 422
        assert maker.post(at(desk, f"a/{key}/new/"), tell).status_code == 302
        sets = {"does": "set", "set_field_0": "note", "set_to_0": "constant", "set_value_0": "督促済", "edition": "2"}
        assert maker.post(at(desk, f"a/{key}/new/"), sets).status_code == 302
        assert "控え" in text(maker.get(at(desk, f"a/{key}/new/"), {"does": "create"}))
        create = {"does": "create", "app": other.public_id, "from_what": "field:item", "edition": "3"}
        assert maker.post(at(desk, f"a/{key}/new/"), {**create, "from_what": "constant"}).status_code == 422
        assert maker.post(at(desk, f"a/{key}/new/"), create).status_code == 302
        assert "送り先がまだありません" in text(maker.get(at(desk, f"a/{key}/new/"), {"does": "webhook"}))
        shown = text(maker.get(at(desk, f"a/{key}/")))
        assert (
            "「担当」の職員に「「品名」を返してください」" in shown
            and "備考＝督促済" in shown
            and "「控え」に1項目" in shown
        )
        one = desk.app.versions.get(state="draft").content.automations[0]
        assert (one.days, one.hour, [action.does for action in one.actions]) == (1, 8, ["notify", "set", "create"])
        maker.post(at(desk, "arrange/"), {"key": key, "to": "up", "action": "2", "edition": "4"})
        maker.post(at(desk, "arrange/"), {"key": key, "to": "drop", "action": "0", "edition": "5"})
        maker.post(at(desk, "arrange/"), {"key": key, "to": "off", "edition": "6"})
        one = desk.app.versions.get(state="draft").content.automations[0]
        assert not one.is_on and [action.does for action in one.actions] == ["create", "set"]
        assert "督促済" in text(maker.get(at(desk, f"a/{key}/1/")))
        assert "「返却予定日」の1日後の8時" in text(maker.get(at(desk)))
        maker.post(at(desk, "arrange/"), {"key": key, "to": "remove", "edition": "7"})
        assert desk.app.versions.get(state="draft").content.automations == ()

    @pytest.mark.parametrize(
        "path", ["", "new/", "a/a/", "a/a/new/?does=set", "a/a/0/", "runs/", "try/?automation=a", "places/"]
    )
    def test_is_for_managers(self, desk, maker, path) -> None:
        use(desk, automation())
        assert maker.get(at(desk, path)).status_code == 200
        assert sit(desk, "総務 課長").get(at(desk, path)).status_code == 404
        assert sit(desk, "財政 主事").get(at(desk, path)).status_code == 404

    @pytest.mark.parametrize(
        "path",
        ["new/?when=never", "a/gone/", "a/a/9/", "a/a/new/?does=evil", "a/a/new/?does=create&app=0123456789abcdef"],
    )
    def test_nothing_unknown_is_shown(self, desk, maker, path) -> None:
        use(desk, automation())
        assert maker.get(at(desk, path)).status_code == 404

    def test_a_paused_one_says_why_and_is_resumed(self, desk, maker) -> None:
        use(desk, automation())
        pause_automation(by=SYSTEM, app=desk.app, key="a", name="見張り", why="続けて5回失敗しました。", clock=CLOCK)
        assert "続けて5回失敗しました。" in text(maker.get(at(desk)))
        assert [one.level.value for one in looked_at()] == ["not_configured", "warning"]
        maker.post(at(desk, "arrange/"), {"key": "a", "to": "resume"})
        assert AutomationPause.objects.get().paused_at is None


class TestTrying:
    def test_shows_what_would_happen_and_does_nothing(self, desk, maker) -> None:
        sets = {"does": "set", "sets": [{"field": "note", "to": "constant", "value": "済"}]}
        use(desk, automation(rule={">": [{"var": "price"}, 100]}, actions=[TELL, sets]), process=None)
        desk.add(item="発電机", price=500)
        desk.add(item="椅子", price=5)
        before = (AutomationRun.objects.count(), Message.objects.count())
        shown = text(maker.get(at(desk, "try/"), {"automation": "a"}))
        assert "発電机" in shown and shown.count(">合う<") == 1 and shown.count(">合わない<") == 1
        shown = text(maker.get(at(desk, "try/"), {"automation": "a", "record": "1"}))
        assert "発電机（（空欄））は" in shown and "「備考」→「済」" in shown and "行政 主事" in shown
        shown = text(maker.get(at(desk, "try/"), {"automation": "a", "record": "2"}))
        assert "この記録は条件に合いません" in shown
        for odd in ("99", "x", "1' OR 1=1", "9" * 30):
            assert maker.get(at(desk, "try/"), {"automation": "a", "record": odd}).status_code == 200
        assert (AutomationRun.objects.count(), Message.objects.count()) == before
        assert not any("note" in one.values for one in Record.objects.filter(app=desk.app))


class TestTheLog:
    def test_tells_what_happened_without_what_stands_in_the_record(self, desk, maker) -> None:
        assert "まだ一度も動いていません" in text(maker.get(at(desk, "runs/")))
        use(desk, automation(), process=PROCESS)
        desk.add(item="秘密の机")
        settle()
        shown = text(maker.get(at(desk, "runs/")))
        assert "見張り" in shown and "1人に知らせた" in shown and "番号1" in shown and "秘密の机" not in shown
        assert "まだ一度も動いていません" not in text(maker.get(at(desk, "runs/"), {"state": "done"}))


class TestPlacesOutside:
    def it(self, desk: Any) -> Any:
        from yakuba.kernel.organisation import services as verbs
        from yakuba.kernel.organisation.tests.town_hall import FOUNDED
        from yakuba.kernel.organisation.tests.town_hall import SYSTEM as OPENER

        verbs.grant_role(
            by=OPENER, staff=desk.hall.staff["行政 班長"], role=Role.IT, starts_on=FOUNDED, ground="令和2年4月1日付辞令"
        )
        return sit(desk, "行政 班長")

    def test_hosts_are_allowed_by_the_information_systems_section(self, desk, maker) -> None:
        assert maker.get("/office/apps/hosts/").status_code == 403
        it = self.it(desk)
        assert "アプリはどこにも送りません" in text(it.get("/office/apps/hosts/"))
        wrong = it.post("/office/apps/hosts/", {"host": "192.168.0.1", "reason": "x"})
        assert wrong.status_code == 422 and "使えません" in text(wrong)
        assert it.post("/office/apps/hosts/", {"host": HOST, "reason": "県への報告"}).status_code == 302
        assert maker.post("/office/apps/hosts/", {"host": "x.example.jp", "reason": "y"}).status_code == 403
        [found] = looked_at()
        assert found.level.value == "good" and HOST in found.what
        assert HOST in text(it.get("/office/apps/hosts/"))
        it.post("/office/apps/hosts/", {"close": AllowedHost.objects.get().public_id})
        assert "取り消したホスト" in text(it.get("/office/apps/hosts/"))

    def test_the_secret_is_shown_once_and_stored_sealed(self, desk, maker) -> None:
        assert "許可されたホストがありません" in text(maker.get(at(desk, "places/")))
        allow_host(by=IT, host=HOST, reason="x", is_plain=False, clock=CLOCK)
        refused = maker.post(at(desk, "places/"), {"name": "県", "url": "https://evil.example.jp/"})
        assert refused.status_code == 422 and "許可されていません" in text(refused)
        made = maker.post(at(desk, "places/"), {"name": "県", "url": f"https://{HOST}/in"})
        secret = re.search(r"yk_[\w-]{40,}", text(made))
        assert secret is not None and made["Cache-Control"] == "no-store"
        assert secret[0] not in Hook.objects.get().secret
        assert "yk_" not in text(maker.get(at(desk, "places/")))
        maker.post(at(desk, "places/"), {"close": Hook.objects.get().public_id})
        assert "送り先はまだありません" in text(maker.get(at(desk, "places/")))
        assert maker.post(at(desk, "places/"), {"close": "0123456789abcdef"}).status_code == 404
        assert App.objects.filter(pk=desk.app.pk).exists()
