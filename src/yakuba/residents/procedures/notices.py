"""What the two sides of a mandate are told, in three languages. Mails bear the label only."""

from __future__ import annotations

from yakuba.kernel.notify.api import MessageKind, message_kind
from yakuba.kernel.values.api import Text

_LABEL = Text(
    "代理人の登録のお知らせ", easy="代（か）わりの 人（ひと）の お知（し）らせ", en="About acting for somebody"
)
_OPEN = Text("登録を見る", easy="登録（とうろく）を 見（み）る", en="See the registration")
_SCOPE = {"scope": "所得証明書の交付申請", "period": "令和8年11月23日から令和9年3月31日まで"}

MAY_ACT = message_kind(
    MessageKind(
        key="procedures.may_act",
        label=_LABEL,
        subject=Text(
            "{name}さんの代わりに手続きができます",
            easy="{name}さんの 代（か）わりに 手続（てつづ）きが できます",
            en="You can act for {name}",
        ),
        body=Text(
            "役場の窓口で、あなたが{name}さんの代理人として登録されました。\n手続き：{scope}\n期間：{period}\n手続きを始める画面で、だれの手続きかを選んでください。委任状を付ける必要はありません。心当たりがないときは、役場へご連絡ください。",
            easy="役場（やくば）で、あなたが {name}さんの 代（か）わりの 人（ひと）に なりました。\n手続（てつづ）き：{scope}\nいつまで：{period}\n手続きを 始（はじ）める ページで、だれの 手続きか えらんで ください。知（し）らない 話（はなし）の ときは、役場に 言（い）って ください。",
            en="The town hall registered you as the agent of {name}.\nProcedures: {scope}\nPeriod: {period}\nChoose whom a procedure is for when you begin it; no letter of attorney is needed. If you do not know of this, please tell the town hall.",
        ),
        link_text=_OPEN,
        examples={"name": "見本　花子", **_SCOPE},
    )
)

AGENT_REGISTERED = message_kind(
    MessageKind(
        key="procedures.agent_registered",
        label=_LABEL,
        subject=Text(
            "{name}さんが代理人に登録されました",
            easy="{name}さんが あなたの 代（か）わりの 人（ひと）に なりました",
            en="{name} was registered as your agent",
        ),
        body=Text(
            "役場の窓口に出された書類にもとづいて、{name}さんがあなたの代理人として登録されました。\n手続き：{scope}\n期間：{period}\n委任した覚えがないときは、すぐに登録を取り消し、役場へご連絡ください。",
            easy="役場（やくば）に 出（だ）された 紙（かみ）を 見（み）て、{name}さんを あなたの 代（か）わりの 人（ひと）に しました。\n手続（てつづ）き：{scope}\nいつまで：{period}\n知（し）らない 話（はなし）の ときは、すぐに 役場に 言（い）って ください。",
            en="On the papers handed in at the town hall, {name} was registered as your agent.\nProcedures: {scope}\nPeriod: {period}\nIf you did not ask for this, revoke it at once and tell the town hall.",
        ),
        link_text=_OPEN,
        examples={"name": "見本　太郎", **_SCOPE},
    )
)

MAY_ACT_NO_MORE = message_kind(
    MessageKind(
        key="procedures.may_act_no_more",
        label=_LABEL,
        subject=Text(
            "{name}さんの代理人の登録が取り消されました",
            easy="{name}さんの 代（か）わりの 登録（とうろく）が なくなりました",
            en="You no longer act for {name}",
        ),
        body=Text(
            "{name}さんの代理人としての登録が取り消されました。書きかけの手続きは、この登録では送れません。受付中の手続きは、これから本人にお知らせします。",
            easy="{name}さんの 代（か）わりの 登録（とうろく）が なくなりました。書（か）きかけの 手続（てつづ）きは 送（おく）れません。もう 出（だ）した 手続きの お知（し）らせは、本人（ほんにん）に 送ります。",
            en="Your registration as the agent of {name} was revoked. Drafts cannot be sent with it, and {name} is told about what is still open.",
        ),
        link_text=_OPEN,
        examples={"name": "見本　花子"},
    )
)

AGENT_REVOKED = message_kind(
    MessageKind(
        key="procedures.agent_revoked",
        label=_LABEL,
        subject=Text(
            "{name}さんの代理人の登録が取り消されました",
            easy="{name}さんは 代（か）わりの 人（ひと）では なくなりました",
            en="{name} is no longer your agent",
        ),
        body=Text(
            "あなたの代理人としての{name}さんの登録が取り消されました。{name}さんは、あなたの手続きをもうオンラインではできません。受付中の手続きは、これからあなたにお知らせします。",
            easy="{name}さんは、もう あなたの 手続（てつづ）きを できません。もう 出（だ）した 手続きの お知（し）らせは、あなたに とどきます。",
            en="The registration of {name} as your agent was revoked. {name} can no longer act for you online, and you are told about what is still open.",
        ),
        link_text=_OPEN,
        examples={"name": "見本　太郎"},
    )
)
