"""What the index knows of each thing, and the town's own synonyms."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yakuba.kernel.things.api import NO_PERSONAL_DATA, DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel

_AS_LONG_AS_THE_THING = "元の記録と同じ（元の記録を消すとき、同じ処理で消す）"


class Entry(models.Model):
    """One thing in the index (索引の項目).

    ``kind`` is the model's label in lower case and ``object_id`` its row number; ``digest`` the SHA-256 of its texts,
    so that a text that did not change is not indexed again. ``is_due``: the text is too long for the transaction that
    stored the thing and is taken in by a job.
    """

    personal = PersonalData(
        purpose="記録を言葉で探せるようにするため",
        retention=_AS_LONG_AS_THE_THING,
        fields={"digest": DataClass.PERSONAL},
    )

    kind = models.CharField("種類", max_length=80)
    object_id = models.BigIntegerField("番号")
    digest = models.CharField("本文の指紋", max_length=64, blank=True)
    folded_by = models.CharField("検索キーの作り方", max_length=16, blank=True)
    is_due = models.BooleanField("取り込み待ち", default=False)

    class Meta:
        verbose_name = "検索の項目"
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_entry_once")]
        indexes = [models.Index(fields=["id"], condition=Q(is_due=True), name="search_entry_due")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.object_id}"


class Passage(models.Model):
    """A passage of the text of a thing (索引の一節), as it is compared.

    ``part`` names the text (title, body …), ``section`` its page, ``begins`` and ``ends`` the place there; ``folded``
    is the search key and, behind it, ``tail`` characters of what follows; ``size`` its length in bytes.
    ``indexed_in`` is the generation of the index that holds the passage: in any other the passage is compared
    character by character until it is indexed. ``grams`` is what PostgreSQL indexes; empty on SQLite.
    """

    personal = PersonalData(
        purpose="記録を言葉で探せるようにするため",
        retention=_AS_LONG_AS_THE_THING,
        fields={"folded": DataClass.PERSONAL, "grams": DataClass.PERSONAL},
    )

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="passages", verbose_name="項目")
    kind = models.CharField("種類", max_length=80)
    object_id = models.BigIntegerField("番号")
    part = models.CharField("部分", max_length=30)
    weight = models.PositiveSmallIntegerField("重み")
    section = models.PositiveIntegerField("ページ", default=0)
    begins = models.PositiveIntegerField("始まり", default=0)
    ends = models.PositiveIntegerField("終わり", default=0)
    tail = models.PositiveSmallIntegerField("続きの文字数", default=0)
    size = models.PositiveIntegerField("大きさ", default=0)
    indexed_in = models.BigIntegerField("索引の世代", default=0, db_index=True)
    folded = models.TextField("検索キー")
    grams = models.TextField("文字の組", blank=True)

    class Meta:
        verbose_name = "検索の一節"
        indexes = [models.Index(fields=["kind", "object_id"], name="search_passage_thing")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.object_id} {self.part} {self.section}"


class IndexState(models.Model):
    """Which generation of the index a database of this vendor holds (索引の世代).

    Generations are random: a passage that came from another database belongs to none here, so after a move every
    passage waits to be indexed and is found meanwhile all the same. ``tokenizer`` is the version of the bigrams in it.
    """

    personal = NO_PERSONAL_DATA

    vendor = models.CharField("データベース", max_length=20, unique=True)
    generation = models.BigIntegerField("世代")
    tokenizer = models.PositiveIntegerField("文字の組の作り方")

    class Meta:
        verbose_name = "検索の索引"

    def __str__(self) -> str:
        return f"{self.vendor} {self.generation}"


class SynonymGroup(PublicModel):
    """A line of the town's own synonyms (類語). It replaces the lines of the shipped table that share one of its
    ``same`` words; without other words it switches them off.
    """

    personal = NO_PERSONAL_DATA

    same = models.JSONField("同じ意味の言葉", default=list)
    narrower = models.JSONField("含まれる言葉", default=list, blank=True)
    note = models.CharField("メモ", max_length=200, blank=True)
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "類語"
        ordering = ["pk"]

    def __str__(self) -> str:
        return "＝".join(self.same)
