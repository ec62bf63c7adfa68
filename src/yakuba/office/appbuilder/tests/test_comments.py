"""Comments at a record, and calling people by @氏名."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.access.api import NotAllowed, NotVisible
from yakuba.kernel.notify.models import Message
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.models import RecordComment
from yakuba.office.appbuilder.rules.mentions import mentions_in
from yakuba.office.appbuilder.services import add_comment, delete_comment, delete_record
from yakuba.office.appbuilder.tests.world import CLOCK, sit

PEOPLE = {"a": "会津 太郎（101）", "b": "会津 太郎（102）", "c": "会津 太（103）", "d": "坂下 花子（104）"}
ALL = {"name": "全員", "everybody": True}


class TestWhoIsMeant:
    @pytest.mark.parametrize(
        ("text", "meant"),
        [
            ("@坂下花子 お願いします", ("d",)),
            ("お願いします。＠坂下　花子さん", ("d",)),
            ("@会津 太郎（102）さんへ @坂下 花子", ("b", "d")),
            ("@会津太(103)", ("c",)),
            ("@坂下花子@坂下花子", ("d",)),
            ("taro@example.jp へ", ()),
            ("だれでもない", ()),
            ("", ()),
        ],
    )
    def test_by_the_longest_name_that_fits(self, text, meant) -> None:
        assert mentions_in(text, PEOPLE) == meant

    @pytest.mark.parametrize(("text", "word"), [("@会津太郎", "2人"), ("@山田さん", "いません"), ("@", "いません")])
    def test_or_nobody_and_said_so(self, text, word) -> None:
        with pytest.raises(Refusal, match=word):
            mentions_in(text, PEOPLE)

    @given(st.text(max_size=30).filter(lambda text: "@" not in text and "＠" not in text and "﹫" not in text))
    def test_and_a_text_without_the_sign_calls_nobody(self, text) -> None:
        assert mentions_in(text, PEOPLE) == ()


def say(desk: Any, text: str, *, by: Any = None, record: Any = None) -> RecordComment:
    record = record or desk.add()
    record.get_absolute_url()  # the first address of a process reads all addresses, which is no part of the verb
    return add_comment(by=by or desk.maker, record=record, text=text, clock=CLOCK)


class TestAComment:
    def test_tells_those_called_who_see_the_record(self, desk) -> None:
        sit(desk, "総務 課長")
        said = say(desk, "@総務 課長 確かめてください")
        (message,) = Message.objects.all()
        assert message.account == desk.colleague.id and said.record.get_absolute_url() == message.link
        assert "確かめてください" not in str(message.__dict__)

    def test_tells_nobody_when_one_does_not_see_it(self, desk) -> None:
        sit(desk, "総務 課長"), sit(desk, "財政 主事")
        with pytest.raises(Refusal, match=r"財政 主事.*この記録を見られないため"):
            say(desk, "@総務 課長 @財政 主事 確かめてください")
        assert not Message.objects.exists() and not RecordComment.objects.exists()

    def test_is_open_to_everybody_who_sees_the_record_and_nobody_else(self, desk) -> None:
        record = desk.add()
        with pytest.raises(NotVisible):
            say(desk, "どうも", by=desk.stranger, record=record)
        desk.permit(ALL)
        assert say(desk, "どうも", by=desk.stranger, record=record).text == "どうも"
        delete_record(by=desk.maker, record=record, version=1, clock=CLOCK)
        with pytest.raises(NotVisible):
            say(desk, "どうも", by=desk.stranger, record=record)

    @pytest.mark.parametrize("text", ["", "  ", "字" * 2001, "番号は 123456789018"])
    def test_of_nothing_too_much_or_a_my_number_is_refused(self, desk, text) -> None:
        with pytest.raises(Refusal):
            say(desk, text)
        assert not RecordComment.objects.exists()

    def test_taken_back_leaves_a_trace_without_its_text(self, desk) -> None:
        desk.permit(ALL)
        said = say(desk, "まちがい", by=desk.stranger)
        with pytest.raises(NotAllowed):
            delete_comment(by=desk.colleague, comment=said, clock=CLOCK)
        gone = delete_comment(by=desk.stranger, comment=said, clock=CLOCK)
        assert (gone.text, gone.deleted_by_name) == ("", desk.stranger.name)
        by_manager = say(desk, "不適切", by=desk.stranger)
        assert delete_comment(by=desk.maker, comment=by_manager, clock=CLOCK).deleted_by_name == desk.maker.name


class TestThePage:
    def test_says_shows_and_deletes(self, desk) -> None:
        record = desk.add()
        browser = sit(desk, "行政 主事")
        sit(desk, "総務 課長")
        page = f"/office/apps/{desk.app.public_id}/r/{record.public_id}/"
        number = desk.hall.staff["総務 課長"].number
        made = browser.post(f"{page}comments/", {"text": "見てください<b>", "tell": f"総務 課長（{number}）"})
        assert made.status_code == 302
        shown = re.sub(r"\s+", " ", browser.get(page).content.decode())
        assert "見てください&lt;b&gt;" in shown and "知らせた人：総務 課長" in shown
        said = RecordComment.objects.get()
        other = sit(desk, "財政 主事")
        assert other.post(f"{page}comments/{said.public_id}/delete/").status_code == 404
        browser.post(f"{page}comments/{said.public_id}/delete/")
        shown = browser.get(page).content.decode()
        assert "見てください" not in shown and "に削除しました" in shown

    def test_keeps_what_was_typed_when_it_is_refused(self, desk) -> None:
        record = desk.add()
        page = f"/office/apps/{desk.app.public_id}/r/{record.public_id}/comments/"
        shown = sit(desk, "行政 主事").post(page, {"text": "長い話", "tell": "いない人"})
        assert shown.status_code == 422
        assert "長い話" in shown.content.decode() and "当てはまる職員がいません" in shown.content.decode()
