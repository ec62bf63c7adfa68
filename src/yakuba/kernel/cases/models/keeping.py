"""How long cases are kept, what was disposed of, what was found in files, and what arrived elsewhere."""

from __future__ import annotations

from django.db import models

from yakuba.kernel.cases.models.case import RETENTION, Case
from yakuba.kernel.catalogue.api import ChannelKind
from yakuba.kernel.catalogue.models import Procedure
from yakuba.kernel.organisation.models import Section, Staff
from yakuba.kernel.things.api import NO_PERSONAL_DATA, DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel


class LegalHold(PublicModel):
    """A reason not to dispose of a case (廃棄の停止): a remedy, a lawsuit, an audit, a request for disclosure."""

    personal = PersonalData(
        purpose="争いや監査の間、記録を廃棄しないようにするため",
        retention=RETENTION,
        fields={"reason": DataClass.PERSONAL, "set_name": DataClass.PERSONAL, "ended_name": DataClass.PERSONAL},
    )

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="holds", verbose_name="案件")
    reason = models.CharField("理由", max_length=400)
    set_at = models.DateTimeField("止めた日時")
    set_name = models.CharField("止めた人", max_length=80)
    ended_at = models.DateTimeField("解いた日時", null=True, blank=True)
    ended_name = models.CharField("解いた人", max_length=80, blank=True)

    class Meta:
        verbose_name = "廃棄の停止"
        ordering = ["-set_at"]

    def __str__(self) -> str:
        return self.reason[:40]


class DisposalState(models.TextChoices):
    """Where a disposal list stands."""

    DRAWN_UP = "drawn_up", "作成"
    APPROVED = "approved", "承認済み"
    DONE = "done", "廃棄済み"
    DROPPED = "dropped", "取りやめ"


class DisposalList(PublicModel):
    """A list of cases to be disposed of (廃棄目録), who drew it up and who approved it: never the same person."""

    personal = PersonalData(
        purpose="保存期間の終わった記録を、だれの承認で廃棄したかを残すため",
        retention="永年（廃棄の記録。案件の内容は含まない）",
        fields={
            "drawn_up_by": DataClass.PERSONAL,
            "drawn_up_name": DataClass.PERSONAL,
            "approved_by": DataClass.PERSONAL,
            "approved_name": DataClass.PERSONAL,
        },
    )

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+", verbose_name="所属")
    until = models.DateField("この日までに保存期間が終わるもの")
    state = models.CharField("状態", max_length=8, choices=DisposalState.choices, default=DisposalState.DRAWN_UP.value)
    count = models.PositiveIntegerField("件数")
    drawn_up_by = models.CharField("作った人の番号", max_length=40)
    drawn_up_name = models.CharField("作った人", max_length=80)
    drawn_up_at = models.DateTimeField("作成日時")
    approved_by = models.CharField("承認した人の番号", max_length=40, blank=True)
    approved_name = models.CharField("承認した人", max_length=80, blank=True)
    approved_at = models.DateTimeField("承認日時", null=True, blank=True)
    done_at = models.DateTimeField("廃棄を終えた日時", null=True, blank=True)

    class Meta:
        verbose_name = "廃棄目録"
        ordering = ["-drawn_up_at"]

    def __str__(self) -> str:
        return f"{self.section} {self.until}"


class DisposalItem(models.Model):
    """One case of a disposal list; it stays when the case is gone, without any name."""

    personal = NO_PERSONAL_DATA

    disposal = models.ForeignKey(DisposalList, on_delete=models.PROTECT, related_name="items", verbose_name="廃棄目録")
    case = models.ForeignKey(
        Case, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="案件"
    )
    number = models.CharField("受付番号", max_length=12)
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="+", verbose_name="手続き")
    received_on = models.DateField("受付日")
    completed_on = models.DateField("終わった日")
    kept_until = models.DateField("保存期間の最後の日の翌日")
    arrival = models.CharField("受付の方法", max_length=7)
    disposed_on = models.DateField("廃棄した日", null=True, blank=True)
    left_because = models.CharField("廃棄しなかった理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "廃棄目録の案件"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["disposal", "number"], name="cases_disposed_once_per_list")]
        indexes = [models.Index(fields=["received_on"], name="cases_disposed_by_day")]

    def __str__(self) -> str:
        return self.number


class FileFinding(models.TextChoices):
    """What looking into a file for a My Number (個人番号) found."""

    CLEAR = "clear", "見つからない"
    SUSPECT = "suspect", "個人番号らしい番号がある"
    UNREADABLE = "unreadable", "文字を読み取れない（画像など）"
    RELEASED = "released", "担当が確かめ、個人番号ではなかった"
    REMOVED = "removed", "担当が確かめ、廃棄した"


class FileCheck(PublicModel):
    """A file of a case was looked into for My Numbers. A suspect file opens to nobody until a clerk has judged."""

    personal = PersonalData(
        purpose="添付書類に個人番号が入っていないかを確かめるため",
        retention=RETENTION,
        fields={"file": DataClass.PERSONAL, "judged_name": DataClass.PERSONAL},
    )

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="file_checks", verbose_name="案件")
    file = models.CharField("ファイル", max_length=16)
    finding = models.CharField("結果", max_length=10, choices=FileFinding.choices)
    places = models.PositiveSmallIntegerField("見つかった数", default=0)
    detail = models.CharField("どこに", max_length=200, blank=True)
    checked_at = models.DateTimeField("確かめた日時")
    judged_name = models.CharField("判断した人", max_length=80, blank=True)
    judged_at = models.DateTimeField("判断した日時", null=True, blank=True)

    class Meta:
        verbose_name = "書類の確認"
        constraints = [models.UniqueConstraint(fields=["case", "file"], name="cases_file_checked_once")]
        indexes = [models.Index(fields=["file"], name="cases_check_of_file")]

    def __str__(self) -> str:
        return f"{self.case.number} {self.get_finding_display()}"


class ReceiptImport(PublicModel):
    """That a list of receipts of another channel was taken in, and by whom."""

    personal = PersonalData(
        purpose="他の電子窓口の受付一覧をだれが取り込んだかを残すため",
        retention="5年",
        fields={"imported_by": DataClass.PERSONAL, "imported_name": DataClass.PERSONAL},
    )

    channel_kind = models.CharField(
        "受付の方法", max_length=12, choices=[(one.value, one.label) for one in ChannelKind]
    )
    filename = models.CharField("ファイル名", max_length=160)
    sha256 = models.CharField("ファイルの要約値", max_length=64)
    rows = models.PositiveIntegerField("行数")
    added = models.PositiveIntegerField("新しい受付")
    changed = models.PositiveIntegerField("状態が変わった受付")
    imported_by = models.CharField("取り込んだ人の番号", max_length=40)
    imported_name = models.CharField("取り込んだ人", max_length=80)
    imported_at = models.DateTimeField("取り込んだ日時")

    class Meta:
        verbose_name = "受付一覧の取り込み"
        ordering = ["-imported_at"]

    def __str__(self) -> str:
        return self.filename


class ReceiptState(models.TextChoices):
    """What another channel says of a receipt."""

    ARRIVED = "arrived", "受付"
    WORKING = "working", "処理中"
    SENT_BACK = "sent_back", "差戻し・補正"
    DONE = "done", "完了"
    WITHDRAWN = "withdrawn", "取下げ"


class ExternalReceipt(PublicModel):
    """A submission received by another system (ぴったりサービス, 県, eLTAX …): procedure, number, time, state, no content."""

    personal = PersonalData(
        purpose="他の電子窓口で届いた手続きを、作業一覧と件数に含めるため",
        retention="受付の年度の翌年度から3年",
        fields={"number": DataClass.PERSONAL, "assignee": DataClass.PERSONAL},
    )

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="+", verbose_name="手続き")
    channel_kind = models.CharField(
        "受付の方法", max_length=12, choices=[(one.value, one.label) for one in ChannelKind]
    )
    number = models.CharField("受付番号（相手先）", max_length=60)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+", verbose_name="担当の所属")
    assignee = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="担当者"
    )
    received_at = models.DateTimeField("受付日時")
    received_on = models.DateField("受付日")
    state = models.CharField("状態", max_length=9, choices=ReceiptState.choices)
    state_words = models.CharField("相手先の状態の言葉", max_length=60)
    is_closed = models.BooleanField("終わった", default=False)
    imported = models.ForeignKey(
        ReceiptImport, on_delete=models.PROTECT, related_name="receipts", verbose_name="取り込み"
    )
    is_sample = models.BooleanField("見本", default=False)

    class Meta:
        verbose_name = "他の窓口の受付"
        ordering = ["-received_at"]
        constraints = [models.UniqueConstraint(fields=["channel_kind", "number"], name="cases_receipt_once")]
        indexes = [
            models.Index(fields=["section", "is_closed", "-received_at"], name="cases_receipts_of_section"),
            models.Index(fields=["procedure", "received_on"], name="cases_receipts_by_day"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return not self.is_closed
