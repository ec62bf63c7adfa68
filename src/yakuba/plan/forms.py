"""What people type on the office pages of the plan board."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from yakuba.kernel.access.api import Person
from yakuba.kernel.organisation.api import sections_on, staff_on
from yakuba.kernel.organisation.models import Section, Staff
from yakuba.kernel.ui.api import DateField, TownForm
from yakuba.kernel.values.api import Clock, FiscalYear
from yakuba.plan.access import visible_to
from yakuba.plan.models import Initiative, Kpi, MeetingState, Plan, TaskState, TeamRole
from yakuba.plan.queries.current import PlanInForce
from yakuba.plan.rules.grades import Grade
from yakuba.plan.rules.hours_freed import Method

_EDGE = 2000


def _long(
    label: str, *, required: bool = True, most: int = _EDGE, help_text: str = "", rows: int = 4
) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=most,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": f"{label}を書いてください。"},
    )


def _short(label: str, *, required: bool = True, most: int = 200, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=most,
        help_text=help_text,
        error_messages={"required": f"{label}を書いてください。"},
    )


if TYPE_CHECKING:
    _InitiativeField = forms.ModelChoiceField[Initiative]
else:  # Django's field takes no type parameter when it runs
    _InitiativeField = forms.ModelChoiceField


class InitiativeChoice(_InitiativeField):
    """One initiative of the plan in force, by its public id."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Initiative.objects.none(), to_field_name="public_id", label="取組", **kwargs)


class PlanForm(TownForm):
    """A form whose choices come from the plan in force and the organisation of today."""

    def __init__(self, *args: Any, in_force: PlanInForce, person: Person, clock: Clock, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.in_force, self.person, self.clock = in_force, person, clock
        self.set_choices(in_force.plan)

    def set_choices(self, plan: Plan) -> None:
        """Fill the choices; forms with more of them extend this."""
        initiatives = visible_to(self.person, Initiative).filter(plan=plan, is_current=True).order_by("position")
        today = self.clock.today()
        for name, field in self.fields.items():
            if isinstance(field, InitiativeChoice) or name == "initiatives":
                field.queryset = initiatives  # type: ignore[attr-defined]
            if name == "section":
                field.queryset = sections_on(today).order_by("order", "code")  # type: ignore[attr-defined]
            if name in ("owner", "staff"):
                field.queryset = staff_on(today).order_by("number")  # type: ignore[attr-defined]
            if name == "fiscal_year":
                years = [year for year in self.in_force.content.plan.fiscal_years if year.start <= today]
                years = years or [FiscalYear.of(today)]
                field.choices = [(year.year, year.label) for year in reversed(years)]  # type: ignore[attr-defined]


def _year_field() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label="年度", coerce=lambda text: FiscalYear(int(text)))


class GradeForm(PlanForm):
    """The yearly grade."""

    grade = forms.TypedChoiceField(
        label="評価",
        choices=[(grade.value, f"{grade.value}　{grade.label}") for grade in Grade],
        coerce=Grade,
        widget=forms.RadioSelect,
        error_messages={"required": "評価を選んでください。"},
    )
    reason = _long(
        "理由", help_text="なぜこの評価なのか。数値からの案と違うときは、何を見て判断したかを書きます。公開されます。"
    )
    evidence = _long("根拠", help_text="どの記録・資料によるか。公開されます。", rows=2)
    next_step = _long("次の年度に向けて", required=False, rows=2)


class ReleaseForm(TownForm):
    """Publishing a grade."""

    decided_in = _short("決めた場", help_text="例：第2回DX推進本部会議（令和9年5月20日）")


class ConfirmationForm(TownForm):
    """Confirming a milestone or a phase."""

    on = DateField(label="できた日", error_messages={"required": "できた日を入力してください。"})
    evidence = _long("根拠", help_text="どう確かめたか。公開されます。", rows=2)


class TakingBackForm(TownForm):
    """Taking a confirmation back."""

    evidence = _long("取り消す理由", rows=2)


class PdcaForm(TownForm):
    """One step of the yearly cycle."""

    numbers_allowed = {"seen": "a public id of ours, not typed"}

    text = _long("内容", most=4000, rows=5)
    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)


class LoopForm(PlanForm):
    """Opening an OODA loop by hand."""

    title = _short("題名", help_text="何が起きているか")
    initiative = InitiativeChoice(required=False, empty_label="計画全体")
    kpi = forms.ModelChoiceField(
        Kpi.objects.none(), label="指標", required=False, to_field_name="public_id", empty_label="指標に結び付けない"
    )
    text = _long("観察（Observe）", help_text="見えている事実だけを書きます。判断は次の段階で書きます。")

    def set_choices(self, plan: Plan) -> None:
        super().set_choices(plan)
        field: Any = self.fields["kpi"]
        field.queryset = visible_to(self.person, Kpi).filter(plan=plan, is_current=True).order_by("position")


class LoopStepForm(TownForm):
    """The next step of a loop."""

    to = forms.ChoiceField(label="次の段階", widget=forms.RadioSelect, error_messages={"required": "選んでください。"})
    text = _long("内容")


class MeetingForm(TownForm):
    """A meeting of the headquarters."""

    title = _short("会議名")
    held_on = DateField(label="開催日")
    starts_at = forms.TimeField(
        label="開始時刻", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    place = _short("場所", required=False, most=100)


class MeetingRecordForm(MeetingForm):
    """What is written after a meeting."""

    attendees = _long("出席者", required=False, help_text="役職と氏名を、1行に1人ずつ書きます。")
    summary = _long("概要", required=False, most=4000)
    seen_edition = forms.IntegerField(widget=forms.HiddenInput)


class MeetingMoveForm(TownForm):
    """Another state of a meeting."""

    to = forms.TypedChoiceField(choices=MeetingState.choices, coerce=MeetingState, widget=forms.HiddenInput)
    reason = _short("理由", required=False, most=400)


class AgendaForm(PlanForm):
    """An item for the agenda."""

    title = _short("議題")
    initiative = InitiativeChoice(required=False, empty_label="取組に結び付けない")
    explanation = _long("説明", required=False, most=4000, rows=3)


class DecisionForm(TownForm):
    """The outcome of an item."""

    explanation = _long("説明", required=False, most=4000, rows=3)
    discussion = _long("主な意見", required=False, most=4000, rows=3)
    decision = _long("決定", required=False, help_text="報告だけの議題には「了承」などと書きます。", rows=2)
    is_dropped = forms.BooleanField(label="この議題を取り下げる", required=False)


class TaskForm(PlanForm):
    """Something to be done by somebody until a day."""

    words = _short("すること", most=300)
    initiative = InitiativeChoice(required=False, empty_label="取組に結び付けない")
    section = forms.ModelChoiceField(
        Section.objects.none(), label="担当課", required=False, to_field_name="public_id", empty_label="選ばない"
    )
    owner = forms.ModelChoiceField(
        Staff.objects.none(), label="担当者", required=False, to_field_name="public_id", empty_label="選ばない"
    )
    due_on = DateField(label="期限", error_messages={"required": "期限を入力してください。"})


class TaskEndForm(TownForm):
    """The end of a task."""

    to = forms.TypedChoiceField(
        label="終わり方",
        choices=[(state.value, state.label) for state in (TaskState.DONE, TaskState.DROPPED)],
        coerce=TaskState,
        widget=forms.RadioSelect,
        initial=TaskState.DONE,
    )
    report = _long("結果", help_text="何をしたか、または取りやめの理由。")


class TeamForm(PlanForm):
    """A project team."""

    name = _short("チーム名", most=100)
    aim = _long("解決する課題", most=1000, rows=3)
    initiatives = forms.ModelMultipleChoiceField(
        Initiative.objects.none(),
        label="取組",
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "関わる取組を1つ以上選んでください。"},
    )
    section = forms.ModelChoiceField(Section.objects.none(), label="課題の所管課", to_field_name="public_id")
    starts_on = DateField(label="始まり")


class MemberForm(PlanForm):
    """Somebody joins a team."""

    staff = forms.ModelChoiceField(Staff.objects.none(), label="職員", to_field_name="public_id")
    role = forms.TypedChoiceField(label="役割", choices=TeamRole.choices, coerce=TeamRole)


class TeamEndForm(TownForm):
    """The end of a team."""

    result = _long("成果", help_text="何ができて、何が残ったか。")


class AdviceForm(PlanForm):
    """Advice from outside."""

    adviser = _short("助言者", most=80)
    given_on = DateField(label="助言の日")
    initiative = InitiativeChoice(required=False, empty_label="計画全体")
    text = _long("助言", most=4000)


class AnswerForm(TownForm):
    """The town's answer."""

    is_accepted = forms.TypedChoiceField(
        label="取り入れるか",
        choices=[("yes", "取り入れる"), ("no", "取り入れない")],
        coerce=lambda text: text == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "選んでください。"},
    )
    answer = _long("答え", most=4000, help_text="どう取り入れるか、または取り入れない理由。")


class NewsForm(PlanForm):
    """News for everybody."""

    title = _short("題名", most=120)
    initiative = InitiativeChoice(required=False, empty_label="計画全体")
    text = _long("本文", required=False)


class WithdrawalForm(TownForm):
    """Taking news back."""

    reason = _short("取り下げの理由", most=400)


class SavedWorkForm(PlanForm):
    """Time a piece of work no longer takes."""

    fiscal_year = _year_field()
    work = _short("仕事", help_text="例：会議録の作成")
    initiative = InitiativeChoice(required=False, empty_label="取組に結び付けない")
    minutes_before = forms.DecimalField(label="前（1件あたり）", min_value=0, max_digits=9, decimal_places=2)
    minutes_after = forms.DecimalField(label="後（1件あたり）", min_value=0, max_digits=9, decimal_places=2)
    cases = forms.IntegerField(label="件数（n）", min_value=1)
    method = forms.TypedChoiceField(
        label="測り方", choices=[(one.value, one.label) for one in Method], coerce=Method, widget=forms.RadioSelect
    )
    evidence = _long("根拠", help_text="前と後の時間を、いつ・だれが・何件測ったか。", rows=3)


class SavedWorkDecisionForm(TownForm):
    """A second person's word on a saving."""

    is_approved = forms.TypedChoiceField(
        label="判断",
        choices=[("yes", "承認する"), ("no", "差し戻す")],
        coerce=lambda text: text == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "選んでください。"},
    )
    reason = _short("理由", required=False, most=400, help_text="差し戻すときは必ず書きます。")


class SurveyForm(TownForm):
    """A survey with the file of its added-up results."""

    title = _short("調査名", help_text="例：令和7年度住民満足度調査")
    held_on = DateField(label="調査の締切日")
    sent = forms.IntegerField(label="配った数", required=False, min_value=1, max_value=10_000_000)
    returned = forms.IntegerField(label="回答数", required=False, min_value=0, max_value=10_000_000)
    how = _short(
        "調査の方法", most=400, help_text="だれに、どうやって聞いたか。例：18歳以上から無作為に2,000人、郵送とウェブ"
    )
    file = forms.FileField(
        label="結果のファイル（CSV または Excel）",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"required": "ファイルを選んでください。", "empty": "ファイルが空です。"},
    )


class PlanFileForm(TownForm):
    """Uploading a plan file for a look at the differences."""

    file = forms.FileField(
        label="計画ファイル（.toml）",
        widget=forms.FileInput(attrs={"accept": ".toml"}),
        error_messages={"required": "計画ファイルを選んでください。", "empty": "ファイルが空です。"},
    )


class PlanRevisionForm(TownForm):
    """Confirming a revision after the differences were seen."""

    numbers_allowed = {"text": "the reader of plan files refuses it, naming the line"}

    text = forms.CharField(widget=forms.HiddenInput, max_length=1_000_000, strip=False)
    note = _short("改定の理由", required=False, most=400, help_text="何を、なぜ変えたか。版の一覧に残ります。")
