"""Messages, their deliveries, letters and the bundles they are posted in."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.notify.rules.deliveries import DeliveryState
from yakuba.kernel.notify.rules.letters import (
    BundleOrder,
    BundleState,
    LetterState,
    ReturnReason,
    Service,
    mark_of,
)
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.things.api import NO_PERSONAL_DATA, DataClass, PersonalData, Ref
from yakuba.kernel.things.models import PublicModel
from yakuba.kernel.values.api import business_date

RETENTION = "知らせた年度の翌年度4月1日から5年（条例などに基づく値 notify.kept_years）"


class Audience(models.TextChoices):
    RESIDENT = "resident", "町民"
    STAFF = "staff", "職員"


class Message(PublicModel):
    """One message to one person (お知らせ). Written in the transaction of what it tells of; never changed afterwards.

    ``key`` makes it happen once. ``texts`` holds subject and body as they were said, in every language. ``opened_at`` is
    the first opening on the page of notices: the arrival (到達).
    """

    personal = PersonalData(
        purpose="手続きなどの知らせを本人に届け、届いたことを残すため",
        retention=RETENTION,
        fields={
            "account": DataClass.PERSONAL,
            "name": DataClass.PERSONAL,
            "name_key": DataClass.PERSONAL,
            "texts": DataClass.PERSONAL,
            "link": DataClass.PERSONAL,
            "opened_at": DataClass.PERSONAL,
            "made_by": DataClass.PERSONAL,
        },
    )

    key = models.CharField("キー", max_length=160, unique=True)
    kind = models.CharField("種類", max_length=60)
    audience = models.CharField("相手", max_length=10, choices=Audience.choices, default=Audience.RESIDENT)
    account = models.CharField("アカウント", max_length=16, blank=True)
    name = models.CharField("氏名", max_length=120, blank=True)
    name_key = models.CharField("検索キー", max_length=240, blank=True, editable=False)
    is_protected = models.BooleanField("支援措置の対象", default=False)
    language = models.CharField("ことば", max_length=10, default="ja")
    texts = models.JSONField("文面", default=dict)
    link = models.CharField("行き先", max_length=300, blank=True)
    about_kind = models.CharField("何についての種類", max_length=60, blank=True)
    about_id = models.CharField("何について", max_length=40, blank=True)
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, related_name="messages", verbose_name="担当"
    )
    arrival_matters = models.BooleanField("届いたかを確かめる", default=False)
    made_by = models.CharField("知らせた人の番号", max_length=40)
    made_at = models.DateTimeField("日時")
    opened_at = models.DateTimeField("最初に開いた日時", null=True, blank=True)

    class Meta:
        verbose_name = "お知らせ"
        ordering = ["-made_at", "-id"]
        indexes = [
            models.Index(fields=["account", "-made_at"], name="notify_message_of_account"),
            models.Index(fields=["section", "-made_at"], name="notify_message_of_section"),
            models.Index(fields=["about_kind", "about_id"], name="notify_message_about"),
            models.Index(
                fields=["made_at"],
                condition=Q(arrival_matters=True, opened_at__isnull=True),
                name="notify_message_unfetched",
            ),
        ]

    def __str__(self) -> str:
        return self.subject("ja")

    @property
    def about(self) -> Ref | None:
        """What the message tells of."""
        return Ref(self.about_kind, self.about_id) if self.about_kind else None

    def subject(self, language: str) -> str:
        return self._said("subject", language)

    def body(self, language: str) -> str:
        return self._said("body", language)

    def _said(self, part: str, language: str) -> str:
        texts: dict[str, Any] = self.texts.get(part, {})
        return str(texts.get(language) or texts.get("ja") or "")


class Delivery(PublicModel):
    """One delivery of a message over an outside channel (mail, later LINE): intent, attempts, outcome.

    ``mail`` is kept only for people without account, and only until the mail is out; an account's address is read when
    the mail leaves. The public id makes the mail's Message-ID, the same in every attempt.
    """

    personal = PersonalData(
        purpose="メールなどを送り、送れたかどうかを残すため",
        retention=RETENTION,
        fields={"mail": DataClass.PERSONAL, "sent_to": DataClass.PERSONAL},
    )

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries", verbose_name="お知らせ")
    channel = models.CharField("経路", max_length=12)
    number = models.PositiveSmallIntegerField("何回目", default=1)
    mail = models.CharField("宛先", max_length=254, blank=True)
    sent_to = models.CharField("宛先（伏せたもの）", max_length=120, blank=True)
    state = models.CharField(
        "状態",
        max_length=10,
        choices=[(one.value, one.label) for one in DeliveryState],
        default=DeliveryState.WAITING.value,
    )
    attempts = models.PositiveSmallIntegerField("試した回数", default=0)
    due_at = models.DateTimeField("次に送る日時")
    leased_until = models.DateTimeField("送信中の期限", null=True, blank=True)
    made_at = models.DateTimeField("登録日時")
    settled_at = models.DateTimeField("結果の日時", null=True, blank=True)
    error = models.CharField("送れない理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "お知らせの送信"
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["message", "channel", "number"], name="notify_delivery_once"),
        ]
        indexes = [
            models.Index(
                fields=["channel", "due_at"],
                condition=Q(state__in=("waiting", "sending")),
                name="notify_delivery_due",
            ),
            models.Index(fields=["state", "-settled_at"], name="notify_delivery_state"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class District(PublicModel):
    """A district of the town (行政区): its place in the order letters are sorted in, and the areas it has."""

    personal = NO_PERSONAL_DATA

    code = models.CharField("コード", max_length=20, unique=True)
    name = models.CharField("行政区", max_length=40, unique=True)
    order = models.PositiveIntegerField("並び順")
    areas = models.JSONField("町名・字", default=list)

    class Meta:
        verbose_name = "行政区"
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name


class Bundle(PublicModel):
    """Letters that are printed and posted together (発送の束)."""

    personal = PersonalData(
        purpose="郵便をまとめて印刷し、発送簿に残すため",
        retention=RETENTION,
        fields={"made_by": DataClass.PERSONAL, "made_by_name": DataClass.PERSONAL, "posted_by": DataClass.PERSONAL},
    )

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="bundles", verbose_name="担当")
    order = models.CharField("並び順", max_length=12, choices=[(one.value, one.label) for one in BundleOrder])
    service = models.CharField("郵便の種類", max_length=12, choices=[(one.value, one.label) for one in Service])
    state = models.CharField(
        "状態",
        max_length=10,
        choices=[(one.value, one.label) for one in BundleState],
        default=BundleState.PREPARING.value,
    )
    wanted = models.PositiveIntegerField("通数（作り始めたとき）", default=0)
    made_by = models.CharField("作った人の番号", max_length=40)
    made_by_name = models.CharField("作った人", max_length=80)
    made_at = models.DateTimeField("作った日時")
    is_sorted = models.BooleanField("並べ終えた", default=False)
    posted_on = models.DateField("発送日", null=True, blank=True)
    posted_by = models.CharField("発送を記録した人の番号", max_length=40, blank=True)

    class Meta:
        verbose_name = "発送の束"
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{business_date(self.made_at)} {self.section}"


class BundlePart(PublicModel):
    """One print of a bundle: at most fifty letters, set by a job, kept as a file until some time after posting."""

    personal = NO_PERSONAL_DATA

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="parts", verbose_name="束")
    number = models.PositiveSmallIntegerField("部")
    headings = models.JSONField("仕切り", default=list)
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="印刷用ファイル"
    )
    pages = models.PositiveIntegerField("ページ数", default=0)
    is_done = models.BooleanField("できた", default=False)

    class Meta:
        verbose_name = "発送の束の部"
        ordering = ["bundle", "number"]
        constraints = [models.UniqueConstraint(fields=["bundle", "number"], name="notify_part_once")]

    def __str__(self) -> str:
        return f"第{self.number}部"


class Mailing(PublicModel):
    """Letters to everybody of a list (宛先一覧からの郵便): one text, its marks filled from each row.

    ``rows`` are the rows as they were read, kept only until every letter is written.
    """

    personal = PersonalData(
        purpose="宛先の一覧から郵便を作るため",
        retention="すべての郵便を作るまで（作り終えたときに宛先を消します）",
        fields={"rows": DataClass.PERSONAL, "made_by": DataClass.PERSONAL, "made_by_name": DataClass.PERSONAL},
    )

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="mailings", verbose_name="担当")
    title = models.CharField("件名", max_length=200)
    text = models.TextField("文面")
    number = models.CharField("文書番号", max_length=40, blank=True)
    service = models.CharField("郵便の種類", max_length=12, choices=[(one.value, one.label) for one in Service])
    rows = models.JSONField("宛先", default=list)
    wanted = models.PositiveIntegerField("通数")
    written = models.PositiveIntegerField("作った通数", default=0)
    by_hand = models.PositiveIntegerField("個別対応の通数", default=0)
    made_by = models.CharField("作った人の番号", max_length=40)
    made_by_name = models.CharField("作った人", max_length=80)
    made_at = models.DateTimeField("作った日時")

    class Meta:
        verbose_name = "宛先一覧からの郵便"
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_done(self) -> bool:
        """Whether every letter is written."""
        return self.written >= self.wanted


class Letter(PublicModel):
    """One letter (郵便). Of a protected person no place is kept: the section in charge reaches them by hand.

    ``first`` points at the letter this one sends again. ``parts`` is what it says: a list of (language, title,
    paragraphs). ``postage`` in yen, as it held on the day of posting.
    """

    personal = PersonalData(
        purpose="手続きなどの知らせを郵便で送り、発送と返戻を残すため",
        retention=RETENTION,
        fields={
            "name": DataClass.PERSONAL,
            "name_key": DataClass.PERSONAL,
            "account": DataClass.PERSONAL,
            "postal_code": DataClass.PERSONAL,
            "address_lines": DataClass.PERSONAL,
            "district": DataClass.PERSONAL,
            "parts": DataClass.PERSONAL,
            "made_by": DataClass.PERSONAL,
            "new_postal_code": DataClass.PERSONAL,
            "new_address": DataClass.PERSONAL,
            "note": DataClass.PERSONAL,
        },
    )

    key = models.CharField("キー", max_length=160, unique=True)
    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, null=True, blank=True, related_name="letters", verbose_name="お知らせ"
    )
    kind = models.CharField("種類", max_length=60)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="letters", verbose_name="担当")
    first = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="again", verbose_name="最初の郵便"
    )
    account = models.CharField("アカウント", max_length=16, blank=True)
    name = models.CharField("宛名", max_length=120)
    name_key = models.CharField("検索キー", max_length=240, blank=True, editable=False)
    honorific = models.CharField("敬称", max_length=4, default="様")
    is_protected = models.BooleanField("支援措置の対象", default=False)
    hand_reason = models.CharField("個別に対応する理由", max_length=200, blank=True)
    postal_code = models.CharField("郵便番号", max_length=7, blank=True)
    address_lines = models.JSONField("住所", default=list)
    district = models.CharField("行政区", max_length=40, blank=True)
    language = models.CharField("ことば", max_length=10, default="ja")
    number = models.CharField("文書番号", max_length=40, blank=True)
    dated_on = models.DateField("日付")
    sender = models.JSONField("差出人", default=dict)
    title = models.CharField("件名", max_length=200)
    parts = models.JSONField("文面", default=list)
    service = models.CharField(
        "郵便の種類",
        max_length=12,
        choices=[(one.value, one.label) for one in Service],
        default=Service.ORDINARY.value,
    )
    state = models.CharField(
        "状態",
        max_length=10,
        choices=[(one.value, one.label) for one in LetterState],
        default=LetterState.WAITING.value,
    )
    part = models.ForeignKey(
        BundlePart, on_delete=models.SET_NULL, null=True, blank=True, related_name="letters", verbose_name="部"
    )
    place = models.PositiveSmallIntegerField("部の中の順番", default=0)
    sheets = models.PositiveSmallIntegerField("枚数", default=0)
    postage = models.PositiveIntegerField("郵便料金（円）", null=True, blank=True)
    tracking = models.CharField("引受番号", max_length=40, blank=True)
    posted_on = models.DateField("発送日", null=True, blank=True)
    returned_on = models.DateField("返戻日", null=True, blank=True)
    return_reason = models.CharField(
        "返戻の理由", max_length=12, blank=True, choices=[(one.value, one.label) for one in ReturnReason]
    )
    new_postal_code = models.CharField("新しい郵便番号", max_length=7, blank=True)
    new_address = models.CharField("新しい住所", max_length=300, blank=True)
    note = models.CharField("記録", max_length=400, blank=True)
    made_by = models.CharField("作った人の番号", max_length=40)
    made_at = models.DateTimeField("作った日時")

    class Meta:
        verbose_name = "郵便"
        ordering = ["-made_at", "-id"]
        indexes = [
            models.Index(fields=["section", "state", "made_at"], name="notify_letter_waiting"),
            models.Index(fields=["posted_on"], name="notify_letter_posted"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_protected=False)
                | Q(name_key="", postal_code="", district="", new_postal_code="", new_address="", address_lines=[]),
                name="notify_protected_letter_has_no_place",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("posted", "returned", "resent", "closed")) | Q(posted_on__isnull=False),
                name="notify_posted_letter_has_its_day",
            ),
            models.UniqueConstraint(
                fields=["part", "place"], condition=Q(part__isnull=False), name="notify_letter_place_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{business_date(self.made_at)}）"

    @property
    def mark(self) -> str:
        """The mark on every sheet, by which a sheet is told to belong to its envelope: part and place (1-001)."""
        return mark_of(self.part.number, self.place) if self.part else f"L-{self.public_id[:6]}"

    @property
    def shown_name(self) -> str:
        """The name as lists may show it."""
        return "（保護対象）" if self.is_protected else self.name

    @property
    def shown_address(self) -> str:
        """The address as lists may show it."""
        return "（保護対象：担当課が個別に対応）" if self.is_protected else "　".join(self.address_lines)
