"""What residents read in the history of their case, in their language.

Verbs write the Japanese sentence; here stands the same for readers of やさしい日本語 and English. What a clerk wrote (a
reason) stays as it was written.
"""

from __future__ import annotations

import re

from yakuba.kernel.values.api import Text

SENTENCES: tuple[Text, ...] = (
    Text("受け付けました。", easy="役場（やくば）が 受（う）け取（と）りました。", en="Received."),
    Text(
        "全員の同意がそろい、受け付けました。",
        easy="みんなが「いいです」と 言（い）ったので、受（う）け取（と）りました。",
        en="Everybody agreed; received.",
    ),
    Text("手続きが終わりました。", easy="手続（てつづ）きが おわりました。", en="The procedure is complete."),
    Text("取り下げました。", easy="やめました（取（と）り下（さ）げました）。", en="Withdrawn."),
    Text("辞退しました。", easy="やめました（辞退（じたい）しました）。", en="Declined."),
    Text(
        "直していただきたいところをお知らせしました。",
        easy="直（なお）す ところを 知（し）らせました。",
        en="We asked you for a correction.",
    ),
    Text(
        "直した内容を受け取りました。",
        easy="直（なお）したものを 受（う）け取（と）りました。",
        en="Your correction arrived.",
    ),
    Text(
        "直していただく依頼を取り消しました。",
        easy="もう 直（なお）さなくて いいです。",
        en="The correction is no longer needed.",
    ),
    Text(
        "直していただく期限を過ぎました。まだ答えることができます。",
        easy="直（なお）す 日（ひ）が すぎました。まだ 直せます。",
        en="The date for the correction has passed. You can still answer.",
    ),
    Text("決定の手続きに進みました。", easy="役場（やくば）で 決（き）めて います。", en="Being decided."),
    Text(
        "決定しました。通知書をお送りします。",
        easy="決（き）まりました。通知書（つうちしょ）を 送（おく）ります。",
        en="Decided. We are sending you the notice.",
    ),
    Text("通知書をお送りしました。", easy="通知書（つうちしょ）を 送（おく）りました。", en="The notice was sent."),
    Text(
        "通知書をこの画面で開けます。",
        easy="この ページで 通知書（つうちしょ）を 開（ひら）けます。",
        en="You can open the notice on this page.",
    ),
    Text("通知書が届きました。", easy="通知書（つうちしょ）が 届（とど）きました。", en="The notice arrived."),
    Text(
        "通知書を郵送することにしました。",
        easy="通知書（つうちしょ）を 手紙（てがみ）で 送（おく）ります。",
        en="We will send the notice by post.",
    ),
    Text(
        "代理人の登録が取り消されました。これからのお知らせは、本人に届きます。",
        easy="代（か）わりの 人（ひと）の 登録（とうろく）が なくなりました。これからの お知（し）らせは、本人（ほんにん）に とどきます。",
        en="The agent's registration was revoked. From now on the applicant is told.",
    ),
    Text("手数料を受け取りました。", easy="お金（かね）を 受（う）け取（と）りました。", en="The fee was paid."),
    Text(
        "署名した書類が届きました。",
        easy="名前（なまえ）を 書（か）いた 紙（かみ）が 届（とど）きました。",
        en="The signed paper arrived.",
    ),
    Text(
        "マイナンバーが書かれた書類があったため、町で廃棄しました。",
        easy="マイナンバーが 書（か）いて ある 紙（かみ）が あったので、役場（やくば）が 捨（す）てました。",
        en="A document with a My Number in it was destroyed by the town.",
    ),
    Text(
        "支払の手続きに進みました。",
        easy="お金（かね）を 払（はら）う 準備（じゅんび）を しています。",
        en="Payment is being prepared.",
    ),
    Text("申込が確定しました。", easy="申（もう）しこみが 決（き）まりました。", en="Your place is confirmed."),
    Text(
        "定員に達しているため、空きをお待ちいただきます。",
        easy="いっぱいなので、空（あ）くのを 待（ま）って ください。",
        en="All places are taken; you are on the waiting list.",
    ),
    Text("今回はご利用いただけません。", easy="こんかいは 使（つか）えません。", en="There is no place this time."),
)

PATTERNS: tuple[tuple[str, Text], ...] = (
    (
        r"手数料(?P<one>[\d,]+)円をお納めください。",
        Text(
            "手数料{one}円をお納めください。",
            easy="お金（かね）を {one}円 払（はら）って ください。",
            en="Please pay the fee of {one} yen.",
        ),
    ),
    (
        r"(?P<one>\d+)月(?P<two>\d+)日に、指定の口座へ振り込みました。",
        Text(
            "{one}月{two}日に、指定の口座へ振り込みました。",
            easy="{one}月{two}日に、あなたの 口座（こうざ）に お金（かね）を 送（おく）りました。",
            en="Paid to your account (month/day: {one}/{two}).",
        ),
    ),
    (
        r"担当が(?P<one>.+)になりました。",
        Text(
            "担当が{one}になりました。",
            easy="担当（たんとう）が {one}に なりました。",
            en="The section in charge is now {one}.",
        ),
    ),
    (
        r"町が取り消しました：(?P<one>.+)",
        Text(
            "町が取り消しました：{one}",
            easy="役場（やくば）が 取（と）り消（け）しました：{one}",
            en="Cancelled by the town: {one}",
        ),
    ),
    (
        r"(?P<one>.+)さんが同意しました。",
        Text("{one}さんが同意しました。", easy="{one}さんが「いいです」と 言（い）いました。", en="{one} agreed."),
    ),
    (
        r"(?P<one>.+)さんが同意しませんでした。",
        Text(
            "{one}さんが同意しませんでした。",
            easy="{one}さんは「いいです」と 言（い）いませんでした。",
            en="{one} did not agree.",
        ),
    ),
)

_BY_WORDS = {one.ja: one for one in SENTENCES}


def told_in(words: str, language: str) -> str:
    """The sentence in a language; what a person wrote comes back as it is."""
    known = _BY_WORDS.get(words)
    if known is not None:
        return known.in_language(language)
    for pattern, text in PATTERNS:
        found = re.fullmatch(pattern, words, re.DOTALL)
        if found:
            said = text.in_language(language)
            return "".join(
                found.group(part[1:-1]) if part in ("{one}", "{two}") else part for part in _PARTS.split(said)
            )
    return words


_PARTS = re.compile(r"(\{(?:one|two)\})")
