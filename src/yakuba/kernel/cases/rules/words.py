"""What a resident reads about a case: where it stands and what happens next, in three languages.

Never more than the town may say in a list or on a look-up page: an outcome is told by the notice itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yakuba.kernel.cases.rules.states import CaseKind, GrantStage, table_of
from yakuba.kernel.values.api import Text


@dataclass(frozen=True, slots=True)
class StateWords:
    """``title`` where it stands, ``next`` what happens or is to be done."""

    title: Text
    next: Text


_T = Text

_APPLICATION: Mapping[str, StateWords] = {
    "awaiting_consent": StateWords(
        _T("同意待ち", easy="いっしょに 出す 人の 返事を 待って います", en="Waiting for consent"),
        _T(
            "一緒に申請する人の同意がそろうと、受け付けます。",
            easy="いっしょに 出す 人が みんな「いいです」と 言うと、役場が 受け取ります。",
            en="We receive the application once everyone applying with you has agreed.",
        ),
    ),
    "received": StateWords(
        _T("受付済み", easy="役場が 受け取りました", en="Received"),
        _T(
            "担当課が内容を確かめます。連絡があるまでお待ちください。",
            easy="役場の 人が これから 見ます。お待ち ください。",
            en="The section in charge will look at it. Please wait.",
        ),
    ),
    "examining": StateWords(
        _T("審査中", easy="役場で 調べて います", en="Under examination"),
        _T(
            "担当課が審査しています。足りないものがあるときは、ご連絡します。",
            easy="役場で 調べて います。足りない ものが ある ときは、知らせます。",
            en="The section is examining it and will contact you if something is missing.",
        ),
    ),
    "correcting": StateWords(
        _T("直していただくところがあります", easy="直す ところが あります", en="Please correct your application"),
        _T(
            "町からの連絡を読み、期限までに答えてください。",
            easy="役場の 知らせを 読んで、決められた 日までに 直して ください。",
            en="Read our message and answer by the date given.",
        ),
    ),
    "overdue": StateWords(
        _T("直す期限を過ぎています", easy="直す 日が すぎました", en="The date for the correction has passed"),
        _T(
            "まだ答えることができます。難しいときは、担当課へご相談ください。期限を過ぎただけで却下にはなりません。",
            easy="まだ 直せます。むずかしい ときは、役場に 相談して ください。",
            en="You can still answer. Please contact the section if you need help; nothing is refused because of the date alone.",
        ),
    ),
    "deciding": StateWords(
        _T("決定の手続き中", easy="役場で 決めて います", en="Being decided"),
        _T(
            "審査が終わり、決定の手続きをしています。決まりましたらお知らせします。",
            easy="もうすぐ 決まります。決まったら 知らせます。",
            en="The examination is over and the decision is being made. We will let you know.",
        ),
    ),
    "approved": StateWords(
        _T("決定しました", easy="決まりました", en="Decided"),
        _T(
            "通知書をお送りします。",
            easy="役場から 通知書を 送ります。",
            en="We are sending you the notice of the decision.",
        ),
    ),
    "refused": StateWords(
        _T("決定しました", easy="決まりました", en="Decided"),
        _T(
            "通知書をお送りします。",
            easy="役場から 通知書を 送ります。",
            en="We are sending you the notice of the decision.",
        ),
    ),
    "notified": StateWords(
        _T("通知済み", easy="通知書を 送りました", en="Notice sent"),
        _T(
            "通知書をご確認ください。",
            easy="通知書を 読んで ください。",
            en="Please read the notice.",
        ),
    ),
    "completed": StateWords(
        _T("完了", easy="おわりました", en="Completed"),
        _T("手続きは終わりました。", easy="手続きは おわりました。", en="The procedure is complete."),
    ),
    "withdrawn": StateWords(
        _T("取下げ", easy="取り下げました（やめました）", en="Withdrawn"),
        _T(
            "申請は取り下げられました。必要なときは、もう一度申請できます。",
            easy="申請を やめました。必要な ときは、また 出せます。",
            en="The application was withdrawn. You can apply again whenever you need to.",
        ),
    ),
}

_NOTIFICATION: Mapping[str, StateWords] = {
    "arrived": StateWords(
        _T("届きました", easy="役場に 届きました", en="Arrived"),
        _T(
            "届出は町に届いています。担当課が、書き方のもれがないかを確かめます。",
            easy="役場に 届きました。書き忘れが ないか 見ます。",
            en="Your notification has arrived. The section checks that its form is complete.",
        ),
    ),
    "checking": StateWords(
        _T("形式を確かめています", easy="書き方を 見て います", en="Checking the form"),
        _T(
            "書き方のもれがないかを確かめています。もれがあるときだけご連絡します。",
            easy="書き忘れが ないか 見て います。あったら 知らせます。",
            en="We are checking that the form is complete and will contact you only if something is missing.",
        ),
    ),
    "correcting": _APPLICATION["correcting"],
    "overdue": StateWords(
        _APPLICATION["overdue"].title,
        _T(
            "まだ答えることができます。難しいときは、担当課へご相談ください。",
            easy="まだ 直せます。むずかしい ときは、役場に 相談して ください。",
            en="You can still answer. Please contact the section if you need help.",
        ),
    ),
    "completed": StateWords(
        _T("完了", easy="おわりました", en="Completed"),
        _T(
            "届出の手続きは終わりました。",
            easy="手続きは おわりました。",
            en="The notification is complete.",
        ),
    ),
    "returned": StateWords(
        _T("お返ししました", easy="役場が 返しました", en="Sent back"),
        _T(
            "届出の形式が整わないため、お返ししました。理由を読み、もう一度届け出てください。",
            easy="書き方が 足りませんでした。理由を 読んで、もう一度 出して ください。",
            en="The form was incomplete and was sent back. Read the reason and notify us again.",
        ),
    ),
    "withdrawn": StateWords(
        _T("取りやめ", easy="やめました", en="Taken back"),
        _T(
            "届出は取りやめになりました。",
            easy="届けを やめました。",
            en="The notification was taken back.",
        ),
    ),
}

_SIGN_UP: Mapping[str, StateWords] = {
    "awaiting_consent": _APPLICATION["awaiting_consent"],
    "received": StateWords(
        _T("受付済み", easy="役場が 受け取りました", en="Received"),
        _T(
            "利用・参加できるかどうかが決まりましたら、お知らせします。",
            easy="使えるか、参加できるか、決まったら 知らせます。",
            en="We will let you know whether you have a place.",
        ),
    ),
    "correcting": _APPLICATION["correcting"],
    "overdue": _NOTIFICATION["overdue"],
    "drawing": StateWords(
        _T("抽選待ち", easy="くじ引きを 待って います", en="Waiting for the draw"),
        _T(
            "申込が定員を超えたため、抽選で決めます。結果が出ましたらお知らせします。",
            easy="申しこみが 多いので、くじ引きで 決めます。決まったら 知らせます。",
            en="There are more sign-ups than places, so lots are drawn. We will let you know the result.",
        ),
    ),
    "confirmed": StateWords(
        _T("確定しました", easy="決まりました", en="Confirmed"),
        _T(
            "申込が確定しました。都合が悪くなったときは、早めに辞退の手続きをしてください。",
            easy="使えます・参加できます。行けなく なったら、早く 知らせて ください。",
            en="You have a place. If you cannot come, please decline early.",
        ),
    ),
    "waitlisted": StateWords(
        _T("定員超過・空き待ち", easy="空くのを 待って います", en="On the waiting list"),
        _T(
            "定員に達しています。空きができましたら、順にお知らせします。",
            easy="いまは いっぱいです。空いたら、順番に 知らせます。",
            en="All places are taken. We will contact you in order when one becomes free.",
        ),
    ),
    "lost": StateWords(
        _T("落選", easy="くじに はずれました", en="Not drawn"),
        _T(
            "申し訳ありませんが、今回はご利用いただけません。",
            easy="こんかいは 使えません。すみません。",
            en="We are sorry that there was no place this time.",
        ),
    ),
    "declined": StateWords(
        _T("辞退", easy="やめました（辞退）", en="Declined"),
        _T("辞退の手続きが済みました。", easy="やめる 手続きが おわりました。", en="You have declined your place."),
    ),
    "cancelled": StateWords(
        _T("取消", easy="役場が 取り消しました", en="Cancelled by the town"),
        _T(
            "町が申込を取り消しました。理由をお読みください。",
            easy="役場が 取り消しました。理由を 読んで ください。",
            en="The town cancelled it. Please read the reason.",
        ),
    ),
    "completed": StateWords(
        _T("完了", easy="おわりました", en="Completed"),
        _T("ご利用・ご参加は終わりました。", easy="おわりました。", en="It is over."),
    ),
}

_CONSULTATION: Mapping[str, StateWords] = {
    "received": StateWords(
        _T("受付済み", easy="役場が 受け取りました", en="Received"),
        _T(
            "担当者からご連絡します。お待ちください。",
            easy="役場の 人が 連絡します。お待ち ください。",
            en="Somebody from the section will contact you.",
        ),
    ),
    "working": StateWords(
        _T("対応中", easy="役場の 人が 考えて います", en="In progress"),
        _T(
            "担当者が対応しています。",
            easy="役場の 人が 考えて います。",
            en="The section is working on it.",
        ),
    ),
    "completed": StateWords(
        _T("完了", easy="おわりました", en="Completed"),
        _T(
            "ご相談への対応は終わりました。",
            easy="相談は おわりました。",
            en="Your enquiry is closed.",
        ),
    ),
    "withdrawn": StateWords(
        _T("取りやめ", easy="やめました", en="Taken back"),
        _T("ご相談は取りやめになりました。", easy="相談を やめました。", en="Your enquiry was taken back."),
    ),
}

_CLAIM: Mapping[str, StateWords] = {
    "received": _APPLICATION["received"],
    "checking": StateWords(
        _T("請求書を確かめています", easy="役場で 見て います", en="Checking your claim"),
        _T(
            "金額と口座を確かめています。",
            easy="お金と 口座を 見て います。",
            en="We are checking the amount and the account.",
        ),
    ),
    "correcting": _APPLICATION["correcting"],
    "overdue": _NOTIFICATION["overdue"],
    "paying": StateWords(
        _T("支払の手続き中", easy="お金を 払う 準備を して います", en="Being paid"),
        _T(
            "口座への振込みの手続きをしています。",
            easy="あなたの 口座に お金を 送る 準備を して います。",
            en="The transfer to your account is being prepared.",
        ),
    ),
    "paid": StateWords(
        _T("支払済み", easy="お金を 払いました", en="Paid"),
        _T(
            "指定の口座に振り込みました。",
            easy="あなたの 口座に お金を 送りました。",
            en="The money was transferred to your account.",
        ),
    ),
    "returned": StateWords(
        _T("お返ししました", easy="役場が 返しました", en="Sent back"),
        _T(
            "請求書をお返ししました。理由を読み、もう一度請求してください。",
            easy="請求書を 返しました。理由を 読んで、もう一度 出して ください。",
            en="The claim was sent back. Read the reason and claim again.",
        ),
    ),
    "withdrawn": _APPLICATION["withdrawn"],
}

_WORDS: Mapping[CaseKind, Mapping[str, StateWords]] = {
    CaseKind.APPLICATION: _APPLICATION,
    CaseKind.NOTIFICATION: _NOTIFICATION,
    CaseKind.SIGN_UP: _SIGN_UP,
    CaseKind.CONSULTATION: _CONSULTATION,
    CaseKind.SUBSIDY: _APPLICATION,
}


def state_words(kind: str, state: str, stage: str = "") -> StateWords:
    """What the resident reads for a state. Raises `ValueError` for a state of another kind."""
    table_of(kind, stage).read(state)
    return (_CLAIM if stage == GrantStage.CLAIM else _WORDS[CaseKind(kind)])[state]
