"""The words a procedure is described with: kinds, channels, levels. Each carries its label in the three languages."""

from __future__ import annotations

from enum import StrEnum

from yakuba.kernel.values.api import Text


class ProcedureKind(StrEnum):
    """What a procedure is in law (手続きの種類); cases of each kind have their own states."""

    APPLICATION = "application"
    NOTIFICATION = "notification"
    SIGN_UP = "sign_up"
    CONSULTATION = "consultation"
    SUBSIDY = "subsidy"

    @property
    def text(self) -> Text:
        return _KINDS[self]

    @property
    def label(self) -> str:
        return _KINDS[self].ja


_KINDS = {
    ProcedureKind.APPLICATION: Text("申請", easy="おねがいする（申請）", en="Application"),
    ProcedureKind.NOTIFICATION: Text("届出", easy="知らせる（届出）", en="Notification"),
    ProcedureKind.SIGN_UP: Text("申込", easy="もうしこむ（申込）", en="Sign-up"),
    ProcedureKind.CONSULTATION: Text("相談", easy="そうだんする（相談）", en="Consultation"),
    ProcedureKind.SUBSIDY: Text("補助金", easy="お金をもらう（補助金）", en="Subsidy"),
}


class ChannelKind(StrEnum):
    """The way a procedure comes to the town hall (受付の方法)."""

    YAKUBA_FORM = "yakuba_form"
    MYNAPORTAL = "mynaportal"
    ELTAX = "eltax"
    PREFECTURE = "prefecture"
    BOOKING = "booking"
    OTHER = "other"
    COUNTER = "counter"
    POST = "post"
    PHONE = "phone"

    @property
    def text(self) -> Text:
        return _CHANNELS[self]

    @property
    def label(self) -> str:
        return _CHANNELS[self].ja

    @property
    def is_online(self) -> bool:
        """Whether a procedure that comes this way counts as online (オンライン)."""
        return self in ONLINE_KINDS

    @property
    def needs_address(self) -> bool:
        """Whether the channel leads to another site and therefore needs its address."""
        return self in _ELSEWHERE


_CHANNELS = {
    ChannelKind.YAKUBA_FORM: Text("町のオンライン申請", easy="町のホームページで 出す", en="Online form of the town"),
    ChannelKind.MYNAPORTAL: Text(
        "ぴったりサービス（マイナポータル）",
        easy="ぴったりサービス（マイナポータル）で 出す",
        en="Pittari Service (Mynaportal)",
    ),
    ChannelKind.ELTAX: Text(
        "eLTAX（地方税の電子申告）", easy="eLTAX（税金の 電子申告）", en="eLTAX (local tax online)"
    ),
    ChannelKind.PREFECTURE: Text("県の電子申請", easy="県の ホームページで 出す", en="Online form of the prefecture"),
    ChannelKind.BOOKING: Text("予約サイト", easy="予約の ホームページ", en="Booking site"),
    ChannelKind.OTHER: Text("その他の電子サービス", easy="ほかの ホームページ", en="Other online service"),
    ChannelKind.COUNTER: Text("窓口", easy="役場の 窓口", en="Counter"),
    ChannelKind.POST: Text("郵送", easy="手紙で 送る（郵送）", en="Post"),
    ChannelKind.PHONE: Text("電話", easy="電話", en="Telephone"),
}

ONLINE_KINDS = frozenset(
    {
        ChannelKind.YAKUBA_FORM,
        ChannelKind.MYNAPORTAL,
        ChannelKind.ELTAX,
        ChannelKind.PREFECTURE,
        ChannelKind.BOOKING,
        ChannelKind.OTHER,
    }
)
_ELSEWHERE = ONLINE_KINDS - {ChannelKind.YAKUBA_FORM}


class IdentityLevel(StrEnum):
    """How surely the town must know who applies (本人確認の水準), for applications that arrive online."""

    NONE = "none"
    MAIL = "mail"
    ACCOUNT = "account"
    CARD = "card"
    IN_PERSON = "in_person"

    @property
    def text(self) -> Text:
        return _IDENTITY[self]

    @property
    def label(self) -> str:
        return _IDENTITY[self].ja


_IDENTITY = {
    IdentityLevel.NONE: Text("本人確認は要りません", easy="本人の 確認は いりません", en="No identity check"),
    IdentityLevel.MAIL: Text("メールアドレスの確認", easy="メールアドレスを 確認します", en="Confirmed mail address"),
    IdentityLevel.ACCOUNT: Text("利用者登録", easy="利用者の 登録が いります", en="Registered account"),
    IdentityLevel.CARD: Text(
        "マイナンバーカードでの本人確認", easy="マイナンバーカードで 本人を 確認します", en="My Number Card"
    ),
    IdentityLevel.IN_PERSON: Text("窓口での本人確認", easy="窓口で 本人を 確認します", en="In person at the counter"),
}


class SignatureRule(StrEnum):
    """Whether an application must be signed (署名). Authentication is not signature: the law asks for each by itself."""

    NONE = "none"
    ELECTRONIC = "electronic"
    PAPER = "paper"

    @property
    def text(self) -> Text:
        return _SIGNATURE[self]

    @property
    def label(self) -> str:
        return _SIGNATURE[self].ja


_SIGNATURE = {
    SignatureRule.NONE: Text("署名は要りません", easy="署名（サイン）は いりません", en="No signature"),
    SignatureRule.ELECTRONIC: Text(
        "オンラインではマイナンバーカードの電子署名が要ります",
        easy="インターネットで 出すときは、マイナンバーカードの 電子署名が いります",
        en="Online: electronic signature with the My Number Card",
    ),
    SignatureRule.PAPER: Text(
        "紙に本人が署名した書類が要ります",
        easy="紙に 自分で 名前を 書いた 書類が いります",
        en="Handwritten signature on paper",
    ),
}


class GroundAbout(StrEnum):
    """What a legal ground (根拠) is the ground of."""

    PROCEDURE = "procedure"
    ONLINE = "online"
    SIGNATURE = "signature"
    FEE = "fee"
    NOTICE = "notice"

    @property
    def label(self) -> str:
        return _ABOUT[self]

    @property
    def text(self) -> Text:
        return _ABOUT_TEXTS[self]


_ABOUT = {
    GroundAbout.PROCEDURE: "手続き",
    GroundAbout.ONLINE: "オンラインで行うこと",
    GroundAbout.SIGNATURE: "署名",
    GroundAbout.FEE: "手数料",
    GroundAbout.NOTICE: "告示・公示",
}
_ABOUT_TEXTS = {
    GroundAbout.PROCEDURE: Text("手続き", easy="この 手続き", en="The procedure"),
    GroundAbout.ONLINE: Text("オンラインで行うこと", easy="インターネットで できること", en="Doing it online"),
    GroundAbout.SIGNATURE: Text("署名", easy="署名（サイン）", en="Signature"),
    GroundAbout.FEE: Text("手数料", easy="お金（手数料）", en="Fee"),
    GroundAbout.NOTICE: Text("告示・公示", easy="町からの 知らせ（告示）", en="Public notice"),
}


class Fact(StrEnum):
    """A fact of a procedure that must be checked against the town's own ordinances and practice (確かめる事項)."""

    WHO = "who"
    WHEN = "when"
    DOCUMENTS = "documents"
    FEE = "fee"
    CRITERIA = "criteria"
    STANDARD_DAYS = "standard_days"
    GROUND = "ground"
    IDENTITY = "identity"
    RETENTION = "retention"

    @property
    def text(self) -> Text:
        return _FACTS[self]

    @property
    def label(self) -> str:
        return _FACTS[self].ja


_FACTS = {
    Fact.WHO: Text("できる人", easy="できる 人", en="Who may apply"),
    Fact.WHEN: Text("時期・期限", easy="いつ・いつまで", en="When"),
    Fact.DOCUMENTS: Text("必要なもの", easy="いる もの", en="What to bring"),
    Fact.FEE: Text("手数料", easy="お金（手数料）", en="Fee"),
    Fact.CRITERIA: Text("審査基準", easy="決める ときの 決まり（審査基準）", en="Criteria"),
    Fact.STANDARD_DAYS: Text("標準処理期間", easy="何日 かかるか", en="Standard processing time"),
    Fact.GROUND: Text("根拠法令", easy="もとに なる 法律", en="Legal ground"),
    Fact.IDENTITY: Text("本人確認と署名", easy="本人の 確認と 署名", en="Identity and signature"),
    Fact.RETENTION: Text("保存年限", easy="何年 とって おくか", en="Retention"),
}
