"""Turns of the year: the personnel list, and who takes over which open work."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yakuba.kernel.japan.api import era_date
from yakuba.kernel.organisation.models import Post, Section, Staff
from yakuba.kernel.things.api import DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel
from yakuba.kernel.yearturn.rules.personnel_list import Action
from yakuba.kernel.yearturn.rules.turn import TurnState

_PURPOSE = "人事異動の発令と、未完了の仕事の引き継ぎ"
_RETENTION = "名簿のファイルは完了まで。発令と引き継ぎの記録は5年"


class YearTurn(PublicModel):
    """One turn (年度替わり) on a day: from the personnel list to the last piece of work handed over."""

    personal = PersonalData(
        purpose=_PURPOSE,
        retention=_RETENTION,
        fields={"content": DataClass.PERSONAL, "faults": DataClass.PERSONAL, "notices": DataClass.PERSONAL},
    )

    on = models.DateField("年度替わりの日")
    state = models.CharField("状態", max_length=10, choices=[(state.value, state.label) for state in TurnState])
    filename = models.CharField("名簿のファイル名", max_length=200)
    content = models.BinaryField("名簿", default=bytes)
    faults = models.JSONField("誤り", default=list)
    notices = models.JSONField("注意", default=list)
    prepared_by = models.CharField("用意した人", max_length=40)
    prepared_at = models.DateTimeField("用意した日時")
    started_by = models.CharField("登録を始めた人", max_length=40, blank=True)
    finished_at = models.DateTimeField("終了日時", null=True, blank=True)

    class Meta:
        verbose_name = "年度替わり"
        ordering = ["-on", "-prepared_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["on"],
                condition=Q(state__in=["draft", "applying", "posted"]),
                name="yearturn_one_open_turn_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{era_date(self.on)}の年度替わり"


class LineState(models.TextChoices):
    PENDING = "pending", "未登録"
    DONE = "done", "登録済み"
    FAILED = "failed", "登録できません"
    SKIPPED = "skipped", "外しました"


class TurnLine(PublicModel):
    """One person's row of the list. ``row`` 0: the term ends without being listed."""

    personal = PersonalData(
        purpose=_PURPOSE,
        retention=_RETENTION,
        fields={
            "number": DataClass.PERSONAL,
            "name": DataClass.PERSONAL,
            "name_kana": DataClass.PERSONAL,
            "action": DataClass.PERSONAL,
            "staff": DataClass.PERSONAL,
            "note": DataClass.PERSONAL,
        },
    )

    turn = models.ForeignKey(YearTurn, on_delete=models.CASCADE, related_name="lines", verbose_name="年度替わり")
    place = models.PositiveIntegerField("登録の順")
    row = models.PositiveIntegerField("名簿の行")
    action = models.CharField("区分", max_length=8, choices=[(action.value, action.label) for action in Action])
    number = models.CharField("職員番号", max_length=20)
    name = models.CharField("氏名", max_length=80)
    name_kana = models.CharField("ふりがな", max_length=120, blank=True)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, verbose_name="職員")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, null=True, blank=True, verbose_name="新所属")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, verbose_name="新職")
    employment = models.CharField("任用の種類", max_length=12, blank=True)
    last_day = models.DateField("任期の末日・最後の日", null=True, blank=True)
    state = models.CharField("状態", max_length=8, choices=LineState.choices, default=LineState.PENDING)
    note = models.CharField("登録できない理由・外した理由", max_length=400, blank=True)

    class Meta:
        verbose_name = "年度替わりの名簿の行"
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["turn", "number"], name="yearturn_one_line_a_person")]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.name}"


class TurnHeir(PublicModel):
    """A piece of open work and who takes it over. ``heir_number`` is empty for an orphan."""

    personal = PersonalData(
        purpose=_PURPOSE,
        retention=_RETENTION,
        fields={"title": DataClass.PERSONAL, "heir_number": DataClass.PERSONAL, "holder": DataClass.PERSONAL},
    )

    turn = models.ForeignKey(YearTurn, on_delete=models.CASCADE, related_name="heirs", verbose_name="年度替わり")
    source = models.CharField("出どころ", max_length=80)
    ref = models.CharField("仕事", max_length=90)
    kind = models.CharField("種類", max_length=60)
    title = models.CharField("件名", max_length=200)
    due = models.DateField("期限", null=True, blank=True)
    holder = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", verbose_name="今の担当")
    not_for = models.JSONField("引き継げない人", default=list)
    heir_number = models.CharField("引き継ぎ先の職員番号", max_length=20, blank=True)
    ground = models.CharField("提案の理由", max_length=60, blank=True)
    is_by_hand = models.BooleanField("人が選んだ", default=False)
    handed_at = models.DateTimeField("引き継いだ日時", null=True, blank=True)

    class Meta:
        verbose_name = "年度替わりの引き継ぎ"
        ordering = ["due", "kind", "title", "pk"]
        constraints = [models.UniqueConstraint(fields=["turn", "source", "ref"], name="yearturn_one_heir_a_piece")]

    def __str__(self) -> str:
        return self.title
