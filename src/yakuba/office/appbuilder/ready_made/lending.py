"""Things that are lent or booked: equipment, keys, meeting rooms; stock."""

from __future__ import annotations

from yakuba.office.appbuilder.ready_made.parts import (
    ReadyMade,
    Row,
    app,
    asked,
    board,
    button,
    by_presser,
    calendar,
    care,
    chart,
    cross,
    day,
    f,
    process,
    table,
    tell,
    today_in,
    when_state,
)
from yakuba.office.appbuilder.rules.package import PackedGroup
from yakuba.office.appbuilder.rules.permissions import Column

EQUIPMENT = ReadyMade(
    key="equipment",
    for_whom="机、テント、放送設備などを団体や課に貸す係",
    slip="備品貸出票",
    definition=app(
        "備品貸出",
        "町の備品の貸出と返却の記録です。連絡先は、返却のお願いにだけ使います。",
        [
            f("number", "貸出番号", "auto_number", prefix="備-"),
            f("item", "品名", "short_text", "備品台帳の名前で書いてください。", required=True),
            f("code", "備品番号", "short_text", "備品に貼ってある番号。分からなければ空のまま。"),
            f("count", "数量", "number", unit="点", required=True, default=1),
            f("borrower", "借りる団体・課", "short_text", required=True),
            f("contact_name", "担当の方の氏名", "short_text", data_class="personal", in_list=False),
            f("contact", "連絡先", "phone", "日中につながる番号。", data_class="personal"),
            f(
                "use",
                "使う目的",
                "choice",
                required=True,
                choices="event:行事・イベント meeting:会議・講座 disaster:防災訓練 other:その他",
            ),
            f("lent_on", "貸出日", "date", required=True),
            f("due_on", "返却予定日", "date", required=True),
            f("back_on", "返却日", "date", "「返却を受ける」を押すと入ります。"),
            f(
                "days",
                "予定の日数",
                "computed",
                gives="number",
                unit="日",
                rule={"days_between": [{"var": "lent_on"}, {"var": "due_on"}]},
            ),
            f("keeper", "渡した職員", "person", in_list=False),
            f(
                "condition",
                "返却時の状態",
                "choice",
                choices="good:異常なし dirty:汚れ broken:破損 lost:一部なし",
                in_list=False,
            ),
            f("photos", "写真", "photos", "破損があるときに。"),
            f("note", "備考", "long_text"),
            f(
                "state",
                "状態",
                "status",
                default="booked",
                choices="booked:予約 lent:貸出中 late:延滞 back:返却済 cancelled:取消",
            ),
        ],
        care=care(
            "備品の貸出と返却の管理、返却のお願いのため", 3, people="備品を借りる団体の担当者", collected="本人の申出"
        ),
        opens_with="out",
        views=[
            table(
                "out",
                "貸出中・延滞",
                "number item borrower due_on count state",
                asked("state", "is", "lent", "late"),
                sort="due_on",
            ),
            board("状態のボード", "item borrower due_on"),
            calendar("貸出のカレンダー", "lent_on", "item borrower", "due_on"),
            chart("by_month", "月ごとの貸出", "lent_on", split="use"),
        ],
        process=process(
            "booked",
            "back cancelled",
            button("hand_out", "貸し出す", "booked", "lent", asks=["due_on"], sets=[by_presser("keeper")]),
            button("take_back", "返却を受ける", "lent late", "back", asks=["condition"], sets=today_in("back_on")),
            button("cancel", "取り消す", "booked", "cancelled", confirm="この予約を取り消しますか。"),
        ),
        automations=[
            {
                **tell(
                    "late",
                    "返却予定日を過ぎたとき",
                    "「品名」（「借りる団体・課」）の返却予定日「返却予定日」を過ぎています。",
                    when="day",
                    field="due_on",
                    days=1,
                    rule=when_state("lent"),
                    people=["keeper"],
                    maker=True,
                ),
                "actions": [
                    {"does": "set", "sets": [{"field": "state", "to": "constant", "value": "late"}]},
                    {
                        "does": "notify",
                        "text": "「品名」（「借りる団体・課」）の返却予定日「返却予定日」を過ぎています。",
                        "people": ["keeper"],
                        "maker": True,
                    },
                ],
            },
        ],
    ),
    others=(
        PackedGroup(
            name="そのほかの職員", everybody=True, columns={"contact": Column.HIDE, "contact_name": Column.HIDE}
        ),
    ),
    rows=(
        Row(
            {
                "item": "テント（見本）",
                "count": 2,
                "borrower": "見本町内会",
                "use": "event",
                "lent_on": day(-3),
                "due_on": day(2),
            },
            ("hand_out",),
        ),
        Row(
            {
                "item": "プロジェクター（見本）",
                "borrower": "教育課",
                "use": "meeting",
                "lent_on": day(-9),
                "due_on": day(-7),
                "condition": "good",
            },
            ("hand_out", "take_back"),
        ),
        Row(
            {
                "item": "折りたたみ机（見本）",
                "count": 10,
                "borrower": "見本子ども会",
                "use": "event",
                "lent_on": day(5),
                "due_on": day(7),
            }
        ),
        Row(
            {
                "item": "発電機（見本）",
                "borrower": "見本自主防災会",
                "use": "disaster",
                "lent_on": day(10),
                "due_on": day(11),
            }
        ),
        Row(
            {
                "item": "放送設備（見本）",
                "borrower": "見本スポーツ少年団",
                "use": "event",
                "lent_on": day(-20),
                "due_on": day(-18),
            },
            ("cancel",),
        ),
    ),
)

KEYS = ReadyMade(
    key="keys",
    for_whom="集会所、公用車、倉庫などの鍵を渡す係",
    slip="鍵受渡票",
    definition=app(
        "鍵の貸出",
        "施設や倉庫の鍵を、だれにいつ渡し、いつ返ってきたかの記録です。",
        [
            f("number", "受付番号", "auto_number", prefix="鍵-"),
            f("key_name", "鍵の名前", "short_text", "例：中央集会所 正面、第2倉庫", required=True),
            f("key_number", "鍵番号", "short_text", "札の番号。", required=True),
            f(
                "kind",
                "場所の種類",
                "choice",
                required=True,
                choices="hall:集会所 school:学校・体育館 store:倉庫 car:公用車 office:庁舎",
            ),
            f("borrower", "借りる人・団体", "short_text", required=True, data_class="personal"),
            f("contact", "連絡先", "phone", data_class="personal"),
            f("lent_on", "貸出日", "date", required=True),
            f("lent_at", "渡した時刻", "time", "「渡す」を押すと入ります。", in_list=False),
            f("due_on", "返却予定日", "date", required=True),
            f("back_on", "返却日", "date"),
            f("handed_by", "渡した職員", "person", in_list=False),
            f("taken_by", "受け取った職員", "person", in_list=False),
            f("is_whole", "本数を確かめた", "yes_no", "返却のとき、札と本数を確かめたら入れます。", in_list=False),
            f("note", "備考", "long_text"),
            f("state", "状態", "status", default="booked", choices="booked:受付 out:貸出中 back:返却済 lost:紛失"),
        ],
        care=care("鍵の所在の管理のため", 3, people="鍵を借りる人", collected="本人の申出"),
        opens_with="out",
        views=[
            table(
                "out",
                "いま出ている鍵",
                "key_number key_name borrower due_on",
                asked("state", "is", "out"),
                sort="due_on",
            ),
            board("鍵のボード", "key_name borrower due_on"),
            cross("場所の種類と状態", "kind", "state"),
        ],
        process=process(
            "booked",
            "back lost",
            button(
                "hand_out", "渡す", "booked", "out", sets=[by_presser("handed_by"), {"field": "lent_at", "to": "now"}]
            ),
            button(
                "take_back",
                "返却を受ける",
                "out",
                "back",
                asks=["is_whole"],
                sets=[*today_in("back_on"), by_presser("taken_by")],
            ),
            button(
                "lost",
                "紛失とする",
                "out",
                "lost",
                asks=["note"],
                confirm="いつ気付き、どこを探したかを備考に書いてください。",
            ),
        ),
        automations=[
            tell(
                "late",
                "鍵が返っていないとき",
                "鍵「鍵番号」（「鍵の名前」）が、返却予定日「返却予定日」を過ぎても返っていません。",
                when="day",
                field="due_on",
                days=1,
                rule=when_state("out"),
                people=["handed_by"],
                groups=["自分の課"],
            ),
            tell(
                "lost",
                "鍵の紛失",
                "鍵「鍵番号」（「鍵の名前」）が紛失とされました。錠の交換を検討してください。",
                when="reached",
                field="state",
                state="lost",
                groups=["管理する人"],
            ),
        ],
    ),
    rows=(
        Row(
            {
                "key_name": "中央集会所 正面（見本）",
                "key_number": "A-01",
                "kind": "hall",
                "borrower": "見本町内会",
                "lent_on": day(-1),
                "due_on": day(0),
            },
            ("hand_out",),
        ),
        Row(
            {
                "key_name": "第2倉庫（見本）",
                "key_number": "C-07",
                "kind": "store",
                "borrower": "建設課 見本係",
                "lent_on": day(-6),
                "due_on": day(-5),
                "is_whole": True,
            },
            ("hand_out", "take_back"),
        ),
        Row(
            {
                "key_name": "町民体育館（見本）",
                "key_number": "B-03",
                "kind": "school",
                "borrower": "見本バレークラブ",
                "lent_on": day(2),
                "due_on": day(3),
            }
        ),
        Row(
            {
                "key_name": "公用車 軽1号（見本）",
                "key_number": "D-11",
                "kind": "car",
                "borrower": "福祉課 見本係",
                "lent_on": day(-2),
                "due_on": day(-2),
                "is_whole": True,
            },
            ("hand_out", "take_back"),
        ),
        Row(
            {
                "key_name": "書庫（見本）",
                "key_number": "E-02",
                "kind": "office",
                "borrower": "総務課 見本係",
                "lent_on": day(0),
                "due_on": day(1),
            },
            ("hand_out",),
        ),
    ),
)

ROOMS = ReadyMade(
    key="rooms",
    for_whom="庁舎の会議室を、全職員で予約し合う",
    slip="会議室使用票",
    definition=app(
        "会議室予約",
        "庁舎の会議室の予約です。全職員が予約でき、空き具合を見られます。重なりは、カレンダーで確かめてください。",
        [
            f("number", "予約番号", "auto_number"),
            f(
                "room",
                "会議室",
                "choice",
                required=True,
                choices="large:大会議室 first:第1会議室 second:第2会議室 tatami:和室 council:委員会室",
            ),
            f("on", "使う日", "date", required=True),
            f("begins", "始まり", "time", "準備の時間も入れてください。", required=True),
            f("ends", "終わり", "time", "片付けの時間も入れてください。", required=True),
            f("meeting", "会議の名前", "short_text", required=True),
            f("people", "人数", "number", unit="人", required=True),
            f("holder", "予約した職員", "person", required=True),
            f("section", "使う課", "section"),
            f(
                "tools",
                "使う機器",
                "choices",
                choices="screen:スクリーン projector:プロジェクター mic:マイク online:オンライン会議",
                in_list=False,
            ),
            f("outside", "庁外の人が来る", "yes_no", "玄関の案内板に出します。"),
            f("note", "備考", "long_text"),
            f("state", "状態", "status", default="booked", choices="booked:予約 done:使用済 cancelled:取消"),
        ],
        care=care("会議室の予約の調整のため", 1),
        opens_with="calendar",
        views=[
            calendar("予約のカレンダー", "on", "room begins meeting"),
            table(
                "coming",
                "これからの予約",
                "on begins ends room meeting holder",
                asked("on", "span", "coming"),
                asked("state", "is", "booked"),
                sort="on",
            ),
            board("会議室ごと", "meeting on begins", "room"),
            chart("by_room", "会議室ごとの使用", "on", split="room"),
        ],
        process=process(
            "booked",
            "done cancelled",
            button("done", "使い終わった", "booked", "done", maker=True, people=["holder"]),
            button(
                "cancel",
                "予約を取り消す",
                "booked",
                "cancelled",
                maker=True,
                people=["holder"],
                confirm="この予約を取り消しますか。",
            ),
        ),
        automations=[
            tell(
                "tomorrow",
                "前の日のお知らせ",
                "あす「使う日」「始まり」から「会議室」の予約があります（「会議の名前」）。使わなくなったら取り消してください。",
                when="day",
                field="on",
                days=-1,
                hour=9,
                rule=when_state("booked"),
                people=["holder"],
            ),
        ],
    ),
    others=(PackedGroup(name="そのほかの職員", everybody=True, create=True),),
    rows=(
        Row(
            {
                "room": "large",
                "on": day(1),
                "begins": "10:00",
                "ends": "12:00",
                "meeting": "見本説明会",
                "people": 40,
                "holder": "@me",
                "outside": True,
            }
        ),
        Row(
            {
                "room": "first",
                "on": day(1),
                "begins": "13:30",
                "ends": "15:00",
                "meeting": "見本打合せ",
                "people": 8,
                "holder": "@me",
                "tools": ["projector"],
            }
        ),
        Row(
            {
                "room": "tatami",
                "on": day(4),
                "begins": "09:00",
                "ends": "11:30",
                "meeting": "見本相談会",
                "people": 6,
                "holder": "@me",
            }
        ),
        Row(
            {
                "room": "second",
                "on": day(-2),
                "begins": "15:00",
                "ends": "16:00",
                "meeting": "見本係会",
                "people": 5,
                "holder": "@me",
            },
            ("done",),
        ),
        Row(
            {
                "room": "council",
                "on": day(6),
                "begins": "10:00",
                "ends": "16:00",
                "meeting": "見本研修",
                "people": 15,
                "holder": "@me",
            },
            ("cancel",),
        ),
    ),
)

STOCK = ReadyMade(
    key="stock",
    for_whom="消耗品や備蓄品の数を合わせる係",
    slip="棚卸票",
    definition=app(
        "在庫・棚卸",
        "消耗品・備蓄品の帳簿の数と、実際に数えた数を並べて、差を確かめます。品目ごとに一件です。",
        [
            f("item", "品名", "short_text", required=True),
            f("code", "品目番号", "short_text", "棚の札の番号。重ねて使えません。", required=True, unique=True),
            f(
                "kind",
                "区分",
                "choice",
                required=True,
                choices="paper:用紙・文具 clean:清掃 food:備蓄（食料・水） goods:備蓄（資材） part:部品",
            ),
            f("place", "置き場所", "short_text", "例：第1倉庫 棚B-3", required=True),
            f("booked", "帳簿の数", "number", required=True),
            f("counted", "数えた数", "number", "棚卸のときに入れます。"),
            f(
                "gap",
                "差（数えた数－帳簿）",
                "computed",
                gives="number",
                rule={"-": [{"var": "counted"}, {"var": "booked"}]},
            ),
            f("least", "下限", "number", "これを下回ったら注文します。", default=0, in_list=False),
            f("price", "単価", "yen", in_list=False),
            f("worth", "帳簿の金額", "computed", gives="yen", rule={"*": [{"var": "price"}, {"var": "booked"}]}),
            f("best_before", "期限", "date", "食料・水・電池など、期限のあるもの。"),
            f("counted_on", "数えた日", "date"),
            f("counted_by", "数えた職員", "person", in_list=False),
            f("why", "差の理由", "long_text", "差があるときに書いてください。"),
            f("state", "状態", "status", default="open", choices="open:未実施 counted:数えた fixed:帳簿に反映済"),
        ],
        opens_with="open",
        views=[
            table("open", "まだ数えていない品", "code item place booked", asked("state", "is", "open"), sort="code"),
            table(
                "gaps", "数えた品と差", "code item booked counted gap why", asked("state", "not", "open"), sort="gap"
            ),
            table(
                "dated",
                "期限の近い品",
                "best_before item place booked",
                asked("best_before", "filled"),
                sort="best_before",
            ),
            chart("worth", "区分ごとの金額", "kind", sum="worth"),
        ],
        process=process(
            "open",
            "fixed",
            button(
                "count",
                "数えた",
                "open",
                "counted",
                asks=["counted"],
                sets=[*today_in("counted_on"), by_presser("counted_by")],
            ),
            button("again", "数え直す", "counted fixed", "open", confirm="数えた数を確かめ直します。"),
            button("fix", "帳簿に反映した", "counted", "fixed", confirm="帳簿の数を直してから押してください。"),
        ),
        automations=[
            tell(
                "old",
                "期限が近いとき",
                "「品名」（「置き場所」）の期限「期限」まで60日です。入れ替えを検討してください。",
                when="day",
                field="best_before",
                days=-60,
                groups=["自分の課"],
            ),
        ],
    ),
    rows=(
        Row(
            {
                "item": "コピー用紙 A4（見本）",
                "code": "P-001",
                "kind": "paper",
                "place": "庁舎1階 倉庫",
                "booked": 120,
                "least": 40,
                "price": 480,
            }
        ),
        Row(
            {
                "item": "保存水 2L（見本）",
                "code": "F-010",
                "kind": "food",
                "place": "防災倉庫 棚1",
                "booked": 600,
                "price": 120,
                "best_before": day(200),
            }
        ),
        Row(
            {
                "item": "アルファ化米（見本）",
                "code": "F-011",
                "kind": "food",
                "place": "防災倉庫 棚2",
                "booked": 900,
                "counted": 890,
                "price": 300,
                "best_before": day(45),
                "why": "訓練で使った分が未記入だった",
            },
            ("count",),
        ),
        Row(
            {
                "item": "ブルーシート（見本）",
                "code": "G-003",
                "kind": "goods",
                "place": "防災倉庫 棚5",
                "booked": 80,
                "counted": 80,
                "price": 900,
            },
            ("count", "fix"),
        ),
        Row(
            {
                "item": "床用洗剤（見本）",
                "code": "C-002",
                "kind": "clean",
                "place": "庁舎地下",
                "booked": 12,
                "least": 4,
                "price": 1500,
            }
        ),
        Row(
            {
                "item": "単1電池（見本）",
                "code": "G-020",
                "kind": "part",
                "place": "防災倉庫 棚3",
                "booked": 200,
                "price": 110,
                "best_before": day(400),
            }
        ),
    ),
)

ALL = (EQUIPMENT, ROOMS, KEYS, STOCK)
