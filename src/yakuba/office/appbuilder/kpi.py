"""The measures self-built apps offer to the plan board. Samples are never counted."""

from __future__ import annotations

from datetime import date, timedelta

from yakuba.kernel.kpi.api import Direction, Reading, measure
from yakuba.kernel.values.api import Text, start_of_day
from yakuba.office.appbuilder.queries.counts import apps_in_use, came_through_doors, people_at_work, records_held
from yakuba.office.appbuilder.queries.ledger import hours_saved

_MONTH = timedelta(days=30)


@measure(
    "appbuilder.apps_in_use",
    title=Text(
        "職員が作って使っているアプリの数", easy="職員が 作った アプリの 数", en="Apps built by staff and in use"
    ),
    definition=Text(
        "使用中の版があり、その日までの30日間に記録が作られたか変えられたアプリの数。見本は数えない。",
        easy="30日の あいだに 使われた アプリの 数です。見本は 数えません。",
        en="Apps with a version in use whose records were added or changed within 30 days; samples never count.",
    ),
    unit="件",
    direction=Direction.UP,
    how="アプリの版と記録の日時",
    initiative="2-⑦",
    drill_down="office-apps",
)
def in_use(on: date) -> Reading | None:
    """Apps that were really used in the 30 days up to a day."""
    return Reading(apps_in_use(start_of_day(on - _MONTH), start_of_day(on + timedelta(days=1))))


@measure(
    "appbuilder.people",
    title=Text("アプリを使っている職員の数", easy="アプリを 使っている 職員の 数", en="Staff who use self-built apps"),
    definition=Text(
        "その日までの30日間に、アプリの記録を作るか変えるかした人の数。見本は数えない。",
        easy="30日の あいだに アプリに 書いた 人の 数です。",
        en="People who added or changed a record of a self-built app within 30 days; samples never count.",
    ),
    unit="人",
    direction=Direction.UP,
    how="アプリの記録の履歴",
    initiative="2-⑦",
)
def people(on: date) -> Reading | None:
    """People who wrote in an app in the 30 days up to a day."""
    return Reading(people_at_work(start_of_day(on - _MONTH), start_of_day(on + timedelta(days=1))))


@measure(
    "appbuilder.records",
    title=Text("アプリにある記録の数", easy="アプリの 記録の 数", en="Records in self-built apps"),
    definition=Text(
        "その日の終わりに、使用中のアプリにあった削除されていない記録の数。見本は数えない。",
        easy="アプリに ある 記録の 数です。",
        en="Records not deleted in apps in use at the end of the day; samples never count.",
    ),
    unit="件",
    direction=Direction.UP,
    how="アプリの記録",
    initiative="2-⑦",
)
def records(on: date) -> Reading | None:
    """Records in apps at the end of a day."""
    return Reading(records_held(start_of_day(on + timedelta(days=1))))


@measure(
    "appbuilder.door_arrivals",
    title=Text(
        "アプリの入口から届いた申込み・回答の数",
        easy="アプリに 町民から 届いた 申込みと 回答の 数",
        en="Sign-ups and answers residents sent through self-built apps",
    ),
    definition=Text(
        "その日までの30日間に、職員が作ったアプリの入口から届いた電子申請・申込み・回答の数。取り消されたものも数える。見本は数えない。",
        easy="30日の あいだに アプリの 入口から 届いた 数です。見本は 数えません。",
        en="Applications, sign-ups and answers received within 30 days, cancelled ones included; samples never count.",
    ),
    unit="件",
    direction=Direction.UP,
    how="アプリの入口から届いた記録の日時",
    initiative="2-⑦",
)
def came_in(on: date) -> Reading | None:
    """What came in through doors in the 30 days up to a day."""
    return Reading(came_through_doors(start_of_day(on - _MONTH), start_of_day(on + timedelta(days=1))))


@measure(
    "appbuilder.hours_saved",
    title=Text(
        "アプリで減った時間（月）", easy="アプリで 減（へ）った 時間（じかん）", en="Hours a month saved by apps"
    ),
    definition=Text(
        "所管課が台帳に入れた「前」と「今」の月あたり時間の差の合計。使用中のアプリの、その日に有効な記入だけ。見本は数えない。",
        easy="アプリを 使（つか）って 減（へ）った 時間（じかん）の 合計（ごうけい）です。担当課（たんとうか）が 数（かぞ）えます。",
        en="Sum of hours a month before less after, as the owners entered them for apps in use; samples never count.",
    ),
    unit="時間",
    direction=Direction.UP,
    how="アプリ台帳の記入（数え方と日付がある）",
    initiative="2-⑦",
)
def saved(on: date) -> Reading | None:
    """Hours a month the apps save by their owners' count; nothing while nobody has counted."""
    found = hours_saved(on)
    return Reading(found[0], n=found[1]) if found else None
