"""People who sign up or answer: events, surveys of staff."""

from __future__ import annotations

from yakuba.office.appbuilder.ready_made.parts import (
    ReadyMade,
    Row,
    app,
    asked,
    board,
    button,
    by_presser,
    care,
    chart,
    cross,
    day,
    f,
    process,
    table,
    tell,
)
from yakuba.office.appbuilder.rules.package import PackedGroup

EVENT = ReadyMade(
    key="event",
    for_whom="講座、教室、バス旅行などの申込みを受ける係",
    slip="参加申込票",
    definition=app(
        "イベント申込",
        "講座や催しの申込みの記録です。電話や窓口の申込みを入れます。町民が自分で申し込めるようにするには「入口」を加えてください。",
        [
            f("number", "申込番号", "auto_number"),
            f("event", "催し", "short_text", required=True),
            f("event_on", "開催日", "date", required=True),
            f("name", "氏名", "short_text", required=True, data_class="personal"),
            f("kana", "ふりがな", "short_text", data_class="personal", in_list=False),
            f("phone", "電話番号", "phone", required=True, data_class="personal"),
            f("area", "地区", "short_text"),
            f("age", "年代", "choice", choices="child:小学生以下 teen:中高生 adult:18～64歳 senior:65歳以上"),
            f("people", "人数", "number", unit="人", required=True, default=1),
            f("fee_each", "一人の参加費", "yen", in_list=False),
            f("fee", "参加費", "computed", gives="yen", rule={"*": [{"var": "fee_each"}, {"var": "people"}]}),
            f("paid", "支払い済み", "yes_no"),
            f(
                "care",
                "配慮してほしいこと",
                "long_text",
                "食物アレルギー、車いすなど。当日の準備にだけ使います。",
                data_class="sensitive",
            ),
            f("taken_by", "受け付けた職員", "person", in_list=False),
            f(
                "state",
                "状態",
                "status",
                default="asked",
                choices="asked:申込 sure:参加確定 waiting:空き待ち came:参加した cancelled:取消",
            ),
        ],
        care=care("催しの参加者の決定、当日の連絡と準備のため", 1, people="申し込んだ人", collected="本人の申込み"),
        opens_with="board",
        views=[
            board("申込みのボード", "name event people"),
            table(
                "coming",
                "これからの参加者",
                "event_on event name people fee paid state",
                asked("event_on", "span", "coming"),
                sort="event_on",
            ),
            chart("people", "催しごとの人数", "event", sum="people"),
            cross("催しと年代", "event", "age"),
        ],
        process=process(
            "asked",
            "came cancelled",
            button("sure", "参加を決める", "asked waiting", "sure", sets=[by_presser("taken_by")]),
            button("wait", "空き待ちにする", "asked", "waiting"),
            button("came", "参加した", "sure", "came"),
            button("cancel", "取り消す", "asked sure waiting", "cancelled", confirm="この申込みを取り消しますか。"),
        ),
        automations=[
            tell(
                "freed",
                "取消が出たとき",
                "「催し」の申込み「申込番号」（「人数」人）が取り消されました。空き待ちの人に連絡してください。",
                when="reached",
                field="state",
                state="cancelled",
                groups=["自分の課"],
            ),
        ],
    ),
    rows=(
        Row(
            {
                "event": "見本料理教室",
                "event_on": day(12),
                "name": "見本 一郎",
                "phone": "0242-00-0001",
                "age": "adult",
                "people": 2,
                "fee_each": 500,
            },
            ("sure",),
        ),
        Row(
            {
                "event": "見本料理教室",
                "event_on": day(12),
                "name": "見本 花子",
                "phone": "0242-00-0002",
                "age": "senior",
                "people": 1,
                "fee_each": 500,
                "paid": True,
            },
            ("sure",),
        ),
        Row(
            {
                "event": "見本料理教室",
                "event_on": day(12),
                "name": "見本 次郎",
                "phone": "0242-00-0003",
                "age": "adult",
                "people": 3,
                "fee_each": 500,
            },
            ("wait",),
        ),
        Row(
            {
                "event": "見本スマホ講座",
                "event_on": day(-3),
                "name": "見本 春子",
                "phone": "0242-00-0004",
                "age": "senior",
                "people": 1,
            },
            ("sure", "came"),
        ),
        Row(
            {
                "event": "見本スマホ講座",
                "event_on": day(-3),
                "name": "見本 夏美",
                "phone": "0242-00-0005",
                "age": "senior",
                "people": 1,
            },
            ("cancel",),
        ),
        Row(
            {
                "event": "見本星空観察会",
                "event_on": day(25),
                "name": "見本 秋男",
                "phone": "0242-00-0006",
                "age": "child",
                "people": 4,
            }
        ),
    ),
)

SURVEY = ReadyMade(
    key="survey",
    for_whom="全職員に聞いて、課で集計する",
    slip="アンケート回答票",
    definition=app(
        "職員アンケート",
        "仕事の進め方についての職員アンケートです。答えた内容を見られるのは、この課の人だけです。だれが答えたかも記録されます。",
        [
            f(
                "place",
                "職場",
                "choice",
                required=True,
                choices="hall:本庁舎 branch:支所・出先 school:学校・園 care:福祉・保健の施設",
            ),
            f("years", "勤続", "choice", required=True, choices="y3:3年未満 y10:3～10年 y20:10～20年 over:20年以上"),
            f(
                "busy",
                "仕事の量",
                "choice",
                required=True,
                choices="light:少ない fit:ちょうどよい heavy:多い too:とても多い",
            ),
            f("satisfied", "仕事の満足度（1～5）", "number", "5がもっとも満足。", required=True),
            f("hours", "月の残業（およその時間）", "number", unit="時間"),
            f(
                "waste",
                "時間を取られていること",
                "choices",
                choices="paper:紙の書類 input:同じことの入力 search:資料さがし meeting:会議 phone:電話 approve:決裁待ち",
            ),
            f("tool", "デジタル化してほしい仕事", "long_text"),
            f("idea", "改善の提案", "long_text"),
            f("talk", "直接話を聞いてほしい", "yes_no"),
            f("followed", "担当のメモ", "long_text", "集計する課が書きます。"),
            f("state", "状態", "status", default="new", choices="new:回答 read:確認済 talked:面談済"),
        ],
        care=care("職場環境と仕事の進め方の改善のため", 2, people="職員", collected="本人の回答"),
        opens_with="results",
        views=[
            cross("仕事の量と勤続", "years", "busy"),
            chart("results", "時間を取られていること", "waste"),
            chart("satisfied", "職場ごとの満足度の平均", "place", average="satisfied"),
            table("talk", "話を聞いてほしい人", "place years talk state", asked("talk", "is", "1")),
        ],
        process=process(
            "new",
            "read talked",
            button("read", "確認した", "new", "read"),
            button("talked", "面談した", "new read", "talked", asks=["followed"]),
        ),
        automations=[
            tell(
                "talk",
                "話を聞いてほしいという回答",
                "直接話を聞いてほしいという回答がありました。",
                when="added",
                rule={"==": [{"var": "talk"}, True]},
                groups=["管理する人"],
            ),
        ],
    ),
    others=(PackedGroup(name="答える職員", everybody=True, see=False, create=True),),
    rows=(
        Row(
            {
                "place": "hall",
                "years": "y10",
                "busy": "heavy",
                "satisfied": 3,
                "hours": 22,
                "waste": ["paper", "input"],
                "idea": "（見本）申請書の転記をなくしたい",
            }
        ),
        Row(
            {"place": "branch", "years": "y3", "busy": "fit", "satisfied": 4, "hours": 8, "waste": ["search"]},
            ("read",),
        ),
        Row(
            {
                "place": "school",
                "years": "over",
                "busy": "too",
                "satisfied": 2,
                "hours": 40,
                "waste": ["meeting", "paper"],
                "talk": True,
                "followed": "（見本）面談の日を決めた",
            },
            ("talked",),
        ),
        Row({"place": "hall", "years": "y20", "busy": "heavy", "satisfied": 3, "hours": 18, "waste": ["approve"]}),
        Row(
            {"place": "care", "years": "y3", "busy": "fit", "satisfied": 4, "hours": 5, "waste": ["phone", "input"]},
            ("read",),
        ),
    ),
)

ALL = (EVENT, SURVEY)
