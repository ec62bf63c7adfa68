"""Stored files: what is known of a content besides its bytes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yakuba.kernel.files.rules import FileState
from yakuba.kernel.things.api import DataClass, PersonalData, Ref
from yakuba.kernel.things.models import PublicModel

DATA_CLASSES = [
    (DataClass.OPEN.value, "公開してよい"),
    (DataClass.PERSONAL.value, "個人情報"),
    (DataClass.SENSITIVE.value, "要配慮・機微な個人情報"),
    (DataClass.SECRET.value, "秘密"),
]


class StoredFile(PublicModel):
    """A file (添付ファイル) that passed the intake; its bytes lie in the content store under `sha256`.

    It belongs to the thing `owner`, whose gate decides who may open it; without an owner only its sender may.
    """

    personal = PersonalData(
        purpose="申請・通報・事務に添えられた資料を確かめるため",
        retention="添えた先の記録の保存期間が終わるまで",
        fields={"name": DataClass.PERSONAL, "uploaded_by": DataClass.PERSONAL, "sha256": DataClass.PERSONAL},
    )

    sha256 = models.CharField("内容の要約値", max_length=64)
    size = models.PositiveBigIntegerField("大きさ（バイト）")
    media_type = models.CharField("種類", max_length=100)
    name = models.CharField("ファイル名", max_length=160)
    pages = models.PositiveIntegerField("ページ数", null=True, blank=True)
    width = models.PositiveIntegerField("幅（画素）", null=True, blank=True)
    height = models.PositiveIntegerField("高さ（画素）", null=True, blank=True)
    owner_kind = models.CharField("添えた先の種類", max_length=60, blank=True)
    owner_id = models.CharField("添えた先", max_length=40, blank=True)
    data_class = models.CharField("情報の区分", max_length=10, choices=DATA_CLASSES, default=DataClass.PERSONAL.value)
    state = models.CharField("状態", max_length=12, choices=[(one.value, one.label) for one in FileState])
    uploaded_by = models.CharField("添えた人の番号", max_length=40)
    uploaded_at = models.DateTimeField("添えた日時")
    scanned_at = models.DateTimeField("ウイルス検査の日時", null=True, blank=True)
    scan_detail = models.CharField("ウイルス検査の結果", max_length=200, blank=True)

    class Meta:
        verbose_name = "ファイル"
        ordering = ["uploaded_at", "id"]
        indexes = [
            models.Index(fields=["owner_kind", "owner_id"], name="files_of_owner"),
            models.Index(fields=["sha256"], name="files_by_content"),
            models.Index(fields=["state", "scanned_at"], name="files_to_scan"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="files_are_never_empty"),
            models.CheckConstraint(
                condition=Q(owner_kind="", owner_id="") | (~Q(owner_kind="") & ~Q(owner_id="")),
                name="files_owner_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def owner(self) -> Ref | None:
        """The thing the file belongs to."""
        return Ref(self.owner_kind, self.owner_id) if self.owner_kind else None

    @property
    def is_picture(self) -> bool:
        """Whether a page may show the file itself."""
        return self.media_type in ("image/jpeg", "image/png", "image/webp")
