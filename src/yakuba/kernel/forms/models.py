"""Forms, their versions, answers being given, and answers given."""

from __future__ import annotations

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from yakuba.kernel.forms.rules.definition import FormDefinition, read_definition
from yakuba.kernel.forms.rules.lifecycle import LegalGround, Opening, VersionState
from yakuba.kernel.organisation.models import Section, Staff
from yakuba.kernel.things.api import NO_PERSONAL_DATA, DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel

_STATES = [(state.value, state.label) for state in VersionState]


class Form(PublicModel):
    """A form (様式): what it is called and whose it is. What it asks stands in its versions."""

    personal = NO_PERSONAL_DATA

    key = models.CharField("名前（英数字）", max_length=60, unique=True)
    title = models.CharField("題名", max_length=120)
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, related_name="forms", verbose_name="担当"
    )
    is_sample = models.BooleanField("見本", default=False)
    created_at = models.DateTimeField("作成日時")

    class Meta:
        verbose_name = "様式"
        ordering = ["title", "key"]

    def __str__(self) -> str:
        return self.title


class FormVersion(PublicModel):
    """One version (版) of a form: its definition and why it may be used."""

    personal = PersonalData(
        purpose="様式を誰が作り、誰が確かめたかを示すため",
        retention="様式を使い終えた年度の翌年度から10年",
        fields={"author": DataClass.PERSONAL, "reviewer": DataClass.PERSONAL},
    )

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions", verbose_name="様式")
    number = models.PositiveIntegerField("版")
    state = models.CharField("状態", max_length=10, choices=_STATES, default=VersionState.DRAFT.value)
    definition = models.JSONField("定義")
    digest = models.CharField("定義のハッシュ", max_length=64)
    note = models.CharField("変えたこと", max_length=300, blank=True)
    law = models.TextField("手続の根拠", blank=True)
    online_ground = models.TextField("オンラインで受け付ける根拠", blank=True)
    signature_rule = models.TextField("署名・押印の定めと扱い", blank=True)
    purpose = models.TextField("個人情報の利用目的", blank=True)
    opens_at = models.DateTimeField("受付開始", null=True, blank=True)
    closes_at = models.DateTimeField("受付終了", null=True, blank=True)
    capacity = models.PositiveIntegerField("定員", null=True, blank=True)
    author = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="作った人"
    )
    reviewer = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="確かめた人"
    )
    decision = models.CharField("決裁", max_length=80, blank=True)
    created_at = models.DateTimeField("作成日時")
    changed_at = models.DateTimeField("変更日時")
    live_at = models.DateTimeField("公開日時", null=True, blank=True)
    closed_at = models.DateTimeField("終了日時", null=True, blank=True)
    edition = models.PositiveIntegerField("編集の版", default=1)

    class Meta:
        verbose_name = "様式の版"
        ordering = ["form", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="forms_version_number_once"),
            models.UniqueConstraint(
                fields=["form"], condition=Q(state=VersionState.LIVE.value), name="forms_one_live_version"
            ),
            models.CheckConstraint(
                condition=~Q(state=VersionState.LIVE.value)
                | (~Q(law="") & ~Q(online_ground="") & ~Q(signature_rule="") & ~Q(purpose="") & ~Q(decision="")),
                name="forms_live_version_has_its_ground",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form.title} 第{self.number}版"

    def read(self) -> FormDefinition:
        """The definition, checked again."""
        return read_definition(self.definition)

    @property
    def ground(self) -> LegalGround:
        return LegalGround(self.law, self.online_ground, self.signature_rule, self.purpose)

    @property
    def opening(self) -> Opening:
        return Opening(self.opens_at, self.closes_at, self.capacity)

    @property
    def life(self) -> VersionState:
        return VersionState(self.state)


class DraftStep(PublicModel):
    """One state a draft has been in (下書きの履歴), for undoing and redoing; the latest ones are kept until it goes live.

    ``label`` says what was done to reach it; exactly one step of a version is the current state.
    """

    personal = PersonalData(
        purpose="様式の下書きをだれがいつ変えたかを示し、前の状態に戻せるようにするため",
        retention="その版を公開するか、使わないことにするまで（新しいもの50件）",
        fields={"made_name": DataClass.PERSONAL},
    )

    version = models.ForeignKey(FormVersion, on_delete=models.CASCADE, related_name="steps", verbose_name="様式の版")
    number = models.PositiveIntegerField("番号")
    label = models.CharField("したこと", max_length=120)
    definition = models.JSONField("定義")
    made_name = models.CharField("変えた人", max_length=80)
    made_at = models.DateTimeField("変えた日時")
    is_current = models.BooleanField("今の状態", default=False)

    class Meta:
        verbose_name = "下書きの履歴"
        ordering = ["version", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="forms_draft_step_once"),
            models.UniqueConstraint(
                fields=["version"], condition=Q(is_current=True), name="forms_one_current_draft_step"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.label}"


class FormSheet(PublicModel):
    """A sheet of the town (町の様式, Word or Excel) that is filled from the answers of a form; its file is kept by
    `kernel.paper` under ``form.<public_id>``."""

    personal = NO_PERSONAL_DATA

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="sheets", verbose_name="様式")
    title = models.CharField("題名", max_length=120)
    kind = models.CharField("ファイルの種類", max_length=5, choices=[("word", "Word"), ("excel", "Excel")])
    created_at = models.DateTimeField("作成日時")

    class Meta:
        verbose_name = "答えから作る様式"
        ordering = ["form", "title", "id"]
        constraints = [models.UniqueConstraint(fields=["form", "title"], name="forms_sheet_title_once")]

    def __str__(self) -> str:
        return self.title


class FillingState(models.TextChoices):
    OPEN = "open", "書きかけ"
    SENT = "sent", "送信済み"
    GIVEN_UP = "given_up", "取りやめ"


class Filling(PublicModel):
    """A form being filled in (記入). Deleted some months after the last touch; what was sent stands in an answer set.

    ``about`` says what it is for (a procedure's key). ``answers`` are accepted answers, ``typed`` what was typed on a
    step and could not be accepted, ``sources`` where each answer came from. ``key_digest`` lets somebody without an
    account come back. ``facts`` are things known without asking.
    """

    personal = PersonalData(
        purpose="手続の入力を途中で保存し、続けられるようにするため",
        retention="最後の入力から3か月（送信したものは送信の記録に移る）",
        fields={
            "account_id": DataClass.PERSONAL,
            "staff": DataClass.PERSONAL,
            "answers": DataClass.SENSITIVE,
            "typed": DataClass.SENSITIVE,
            "sources": DataClass.PERSONAL,
            "key_digest": DataClass.SECRET,
            "facts": DataClass.PERSONAL,
        },
    )

    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="fillings", verbose_name="様式の版")
    about = models.CharField("何のため", max_length=120, blank=True)
    account_id = models.CharField("アカウント", max_length=40, blank=True, db_index=True)
    staff = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="代わりに入力した職員"
    )
    state = models.CharField("状態", max_length=10, choices=FillingState.choices, default=FillingState.OPEN)
    answers = models.TextField("答え（暗号化）", blank=True)
    typed = models.TextField("受け取れなかった入力（暗号化）", blank=True)
    sources = models.JSONField("答えの出どころ", default=dict)
    facts = models.JSONField("分かっていること", default=dict)
    position = models.CharField("今の画面", max_length=40, blank=True)
    key_digest = models.CharField("再開の鍵（ハッシュ）", max_length=64, blank=True)
    language = models.CharField("言語", max_length=10, default="ja")
    started_at = models.DateTimeField("始めた日時")
    touched_at = models.DateTimeField("最後に触れた日時")
    edition = models.PositiveIntegerField("編集の版", default=1)

    class Meta:
        verbose_name = "記入"
        ordering = ["-touched_at"]
        indexes = [models.Index(fields=["state", "touched_at"], name="forms_filling_idle")]

    def __str__(self) -> str:
        return f"{self.version} {self.started_at:%Y-%m-%d %H:%M}"


class AnswerSet(PublicModel):
    """Answers as they were given (送信された答え): written once, never changed; a correction is a new set.

    ``digest`` is SHA-256 over the version's digest and the answers. Sensitive answers and bank accounts are sealed in
    ``sealed``; ``answers`` holds the others.
    """

    personal = PersonalData(
        purpose="手続の処理",
        retention="手続の保存年限（完了の翌年度4月1日から）",
        fields={"answers": DataClass.PERSONAL, "sealed": DataClass.SECRET, "sources": DataClass.PERSONAL},
    )

    version = models.ForeignKey(
        FormVersion, on_delete=models.PROTECT, related_name="answer_sets", verbose_name="様式の版"
    )
    filling = models.OneToOneField(
        Filling, on_delete=models.SET_NULL, null=True, blank=True, related_name="answer_set", verbose_name="記入"
    )
    previous = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="next", verbose_name="直す前の答え"
    )
    answers = models.JSONField("答え", default=dict, encoder=DjangoJSONEncoder)
    sealed = models.TextField("答え（暗号化）", blank=True)
    sources = models.JSONField("答えの出どころ", default=dict)
    facts = models.JSONField("分かっていること", default=dict)
    fee = models.PositiveBigIntegerField("手数料（円）", default=0)
    digest = models.CharField("ハッシュ", max_length=64)
    given_at = models.DateTimeField("送信日時")

    class Meta:
        verbose_name = "送信された答え"
        ordering = ["-given_at"]

    def __str__(self) -> str:
        return f"{self.version.form.title} {self.given_at:%Y-%m-%d}"

    def every_answer(self) -> dict[str, Any]:
        """All answers, sealed ones too. Callers record the view."""
        from yakuba.kernel.forms.sealing import unseal_answers

        return {**self.answers, **unseal_answers(self.sealed)}
