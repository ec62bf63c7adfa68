"""What the plan prints on the town's own sheets (様式)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from yakuba.kernel.paper.api import FieldKind, SheetField, SheetKind, sheet
from yakuba.plan.models import AgendaItem, Meeting, Task

MEETING_MINUTES = "plan.meeting_minutes"

_AGENDA = (
    SheetField("番号", "議題の番号", 1, FieldKind.NUMBER),
    SheetField("議題名", "議題", "オンライン手続きの拡充について"),
    SheetField("説明", "事務局の説明", "令和8年度に追加する手続きの案を説明した。"),
    SheetField("主な意見", "出された意見", "高齢者が電話でも使えるようにしてほしい。"),
    SheetField("決定", "決まったこと", "案のとおり進める。"),
)
_TASKS = (
    SheetField("すること", "頼まれたこと", "電話での受付手順をまとめる"),
    SheetField("担当", "担当課と担当者", "総務課 会津 花子"),
    SheetField("期限", "いつまでに", date(2026, 5, 31), FieldKind.DATE),
    SheetField("状態", "対応中・完了など", "対応中"),
)


@sheet(
    key=MEETING_MINUTES,
    title="推進本部会議 会議録",
    kind=SheetKind.WORD,
    fields=[
        SheetField("計画名", "計画の名前", "会津坂下町DX推進計画"),
        SheetField("会議名", "会議の名前", "第1回 DX推進本部会議"),
        SheetField("開催日", "開いた日", date(2026, 4, 20), FieldKind.DATE),
        SheetField("開始時刻", "始まった時刻", "13時30分"),
        SheetField("場所", "開いた場所", "役場2階 大会議室"),
        SheetField("出席者", "出席した人", "町長、副町長、教育長、各課長"),
        SheetField("概要", "会議の概要", "令和8年度の取組と指標を確認した。"),
        SheetField("作成状態", "確定したか", "会議録確定"),
        SheetField(
            "議題",
            "議題ごとの結果",
            [
                dict(zip((one.name for one in _AGENDA), row, strict=True))
                for row in (
                    (
                        1,
                        "オンライン手続きの拡充について",
                        "追加する手続きの案を説明した。",
                        "電話でも使えるように。",
                        "案のとおり進める。",
                    ),
                    (2, "町公式LINEの活用について", "友だちの数を報告した。", "", "周知の方法を次回までに検討する。"),
                )
            ],
            FieldKind.ROWS,
            _AGENDA,
        ),
        SheetField(
            "対応事項", "頼まれたことの一覧", [{one.name: one.sample for one in _TASKS}], FieldKind.ROWS, _TASKS
        ),
    ],
    default=Path(__file__).parent / "paper" / "meeting_minutes.docx",
)
def meeting_minutes(
    *, plan_title: str, meeting: Meeting, items: Iterable[AgendaItem], tasks: Iterable[Task]
) -> dict[str, Any]:
    """The values of the minutes (会議録) of a headquarters meeting; dropped items are left out."""
    starts = meeting.starts_at
    return {
        "計画名": plan_title,
        "会議名": meeting.title,
        "開催日": meeting.held_on,
        "開始時刻": f"{starts.hour}時{starts.minute:02}分" if starts else "",
        "場所": meeting.place,
        "出席者": meeting.attendees,
        "概要": meeting.summary,
        "作成状態": meeting.get_state_display(),
        "議題": [
            {
                "番号": item.position,
                "議題名": item.title,
                "説明": item.explanation,
                "主な意見": item.discussion,
                "決定": item.decision,
            }
            for item in items
            if not item.is_dropped
        ],
        "対応事項": [
            {
                "すること": task.words,
                "担当": " ".join(str(one) for one in (task.section, task.owner) if one),
                "期限": task.due_on,
                "状態": task.get_state_display(),
            }
            for task in tasks
        ],
    }
