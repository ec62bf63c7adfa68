"""Records of self-built apps, the typed table, and what happened to every record."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from yakuba.kernel.organisation.models import Section
from yakuba.kernel.things.api import DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel
from yakuba.office.appbuilder.models.apps import App

PURPOSE = "各アプリの説明に書かれた事務のため（アプリの一覧に、所管課と情報の区分を示す）"
RETENTION = "各アプリの所管課が定める期間"


_GONE = ("deleted_at", "erased_on")
_LIVE = Q(deleted_at__isnull=True, erased_on__isnull=True)
"""The records lists begin with. What the condition names stands in the index too: only so can SQLite count them by the
index alone."""


class ImportBatch(PublicModel):
    """One import of a sheet (取込み); its records are seen by nobody before it is finished."""

    personal = PersonalData(
        purpose="取り込んだ表とだれが取り込んだかを残すため",
        retention=RETENTION,
        fields={"made_by": DataClass.PERSONAL, "made_by_name": DataClass.PERSONAL, "filename": DataClass.PERSONAL},
    )

    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="batches", verbose_name="アプリ")
    filename = models.CharField("ファイル名", max_length=160)
    rows = models.PositiveIntegerField("行数", default=0)
    made_by = models.CharField("取り込んだ人の番号", max_length=40)
    made_by_name = models.CharField("取り込んだ人", max_length=80)
    started_at = models.DateTimeField("始めた日時")
    finished_at = models.DateTimeField("終わった日時", null=True, blank=True)

    class Meta:
        verbose_name = "取込み"
        ordering = ["-started_at"]
        indexes = [
            models.Index(fields=["app"], condition=Q(finished_at__isnull=True), name="appbuilder_unfinished"),
        ]

    def __str__(self) -> str:
        return self.filename


class Record(PublicModel):
    """A record (記録): its values as JSON by field key, in the shape of the version `shape`.

    `kept` holds what a change of type could not carry over. `version` counts the changes, for optimistic locking.
    An erased record has lost its values and its history and stays only to be counted.
    """

    personal = PersonalData(
        purpose=PURPOSE,
        retention=RETENTION,
        fields={
            "values": DataClass.SENSITIVE,
            "kept": DataClass.SENSITIVE,
            "made_by": DataClass.PERSONAL,
            "made_by_name": DataClass.PERSONAL,
            "changed_by_name": DataClass.PERSONAL,
        },
    )

    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="records", verbose_name="アプリ")
    number = models.PositiveIntegerField("番号")
    values = models.JSONField("値", default=dict)
    kept = models.JSONField("移せなかった値", default=dict)
    shape = models.PositiveIntegerField("定義の版")
    version = models.PositiveIntegerField("版", default=1)
    made_by = models.CharField("作った人の番号", max_length=40, db_index=True)
    made_by_name = models.CharField("作った人", max_length=80)
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="作った人の所属"
    )
    made_at = models.DateTimeField("作った日時")
    changed_by_name = models.CharField("最後に変えた人", max_length=80)
    changed_at = models.DateTimeField("最後に変えた日時")
    deleted_at = models.DateTimeField("削除した日時", null=True, blank=True)
    erased_on = models.DateField("内容を消した日", null=True, blank=True)
    batch = models.ForeignKey(
        ImportBatch, on_delete=models.PROTECT, null=True, blank=True, related_name="records", verbose_name="取込み"
    )

    class Meta:
        verbose_name = "記録"
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["app", "shape"], name="appbuilder_shape"),
            models.Index(fields=["app", "id", *_GONE], condition=_LIVE, name="appbuilder_live"),
            models.Index(fields=["app", "changed_at", "id", *_GONE], condition=_LIVE, name="appbuilder_changed"),
        ]
        constraints = [models.UniqueConstraint(fields=["app", "number"], name="appbuilder_number_once")]

    def __str__(self) -> str:
        return f"{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("office-app-record", args=[self.app.public_id, self.public_id])


class Cell(models.Model):
    """A value of a record, typed, for searching and sorting: one of `text`, `num`, `day`.

    Made from the JSON of the record and never told anything else. `unique_text` is filled for fields without
    duplicates, while the record is not deleted; the database keeps it unique within app and field. `deleted` says that
    of the record too, so that lists, counts and charts of what is not deleted are answered by an index alone; records
    of an app rise with their numbers, so that the record at the end of an index gives the order among equals.
    """

    personal = PersonalData(
        purpose=PURPOSE,
        retention=RETENTION,
        fields={"text": DataClass.SENSITIVE, "unique_text": DataClass.SENSITIVE, "day": DataClass.SENSITIVE},
    )

    record = models.ForeignKey(
        Record, on_delete=models.CASCADE, related_name="cells", db_index=False, verbose_name="記録"
    )
    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name="アプリ")
    key = models.CharField("項目", max_length=40)
    place = models.PositiveSmallIntegerField("順", default=0)
    text = models.CharField("文字", max_length=200, null=True)
    num = models.DecimalField("数", max_digits=20, decimal_places=6, null=True)
    day = models.DateField("日付", null=True)
    unique_text = models.CharField("重複させない値", max_length=200, null=True)
    deleted = models.BooleanField("記録は削除されている", default=False)

    class Meta:
        verbose_name = "記録の値"
        constraints = [
            models.UniqueConstraint(fields=["record", "key", "place"], name="appbuilder_cell_once"),
            models.UniqueConstraint(fields=["app", "key", "unique_text"], name="appbuilder_no_duplicates"),
        ]
        indexes = [
            # Lists, counts, orders and groups are read from these alone.
            *(
                models.Index(
                    fields=["app", "key", column, "record", "deleted"],
                    condition=Q(**{f"{column}__isnull": False}, deleted=False),
                    name=f"appbuilder_by_{column}",
                )
                for column in ("text", "num", "day")
            ),
            # Sums over groups: the number of a record, without its row.
            models.Index(fields=["record", "key", "num"], condition=Q(num__isnull=False), name="appbuilder_num_of"),
        ]

    def __str__(self) -> str:
        return self.key


class Act(models.TextChoices):
    """What happened to a record."""

    MADE = "made", "作成"
    CHANGED = "changed", "変更"
    DELETED = "deleted", "削除"
    RESTORED = "restored", "削除の取消し"
    WENT_BACK = "went_back", "以前の内容に戻した"
    RESHAPED = "reshaped", "項目の変更による移しかえ"
    PRESSED = "pressed", "ボタン"
    ASKED = "asked", "決裁を求めた"
    DECIDED = "decided", "決裁"
    AUTOMATED = "automated", "自動処理"


class RecordHistory(PublicModel):
    """One change of a record (履歴): old and new value of each field. Only ever added, until the record is erased."""

    personal = PersonalData(
        purpose="だれがいつ記録のどこを変えたかを示し、元に戻せるようにするため",
        retention=RETENTION,
        fields={
            "before": DataClass.SENSITIVE,
            "after": DataClass.SENSITIVE,
            "by": DataClass.PERSONAL,
            "by_name": DataClass.PERSONAL,
        },
    )

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="history", verbose_name="記録")
    version = models.PositiveIntegerField("変更後の版")
    shape = models.PositiveIntegerField("定義の版")
    act = models.CharField("できごと", max_length=10, choices=Act.choices)
    words = models.CharField("ボタンや自動処理の名前", max_length=120, blank=True)
    before = models.JSONField("前の値", default=dict)
    after = models.JSONField("後の値", default=dict)
    by = models.CharField("変えた人の番号", max_length=40)
    by_name = models.CharField("変えた人", max_length=80)
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = "記録の履歴"
        ordering = ["-version", "-pk"]
        constraints = [models.UniqueConstraint(fields=["record", "version"], name="appbuilder_history_once")]

    def __str__(self) -> str:
        return f"{self.record_id} 第{self.version}版"
