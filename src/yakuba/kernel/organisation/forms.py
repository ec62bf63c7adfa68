"""The forms of the organisation's pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from yakuba.kernel.access.api import Role
from yakuba.kernel.japan.api import era_date
from yakuba.kernel.organisation.models import (
    Authority,
    Employment,
    Leaving,
    OutsideOrganisation,
    Post,
    Section,
    SectionKind,
    Staff,
)
from yakuba.kernel.organisation.models.validity import not_over_on
from yakuba.kernel.organisation.services import POST_ROLES
from yakuba.kernel.ui.api import DateField, TownForm
from yakuba.kernel.values.api import Refusal

_UNTIL = "空のままなら在職している間つづきます。"


class ActForm(TownForm):
    """A form whose verb may refuse: the refusal is shown at the field it names."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal of the verb; what was typed stays."""
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, f"{refusal.message}{refusal.hint or ''}")


class SectionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A section that stands or will stand, with the section above it and, if it is not there today, its dates."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Section.objects.none(), to_field_name="public_id", **kwargs)
        self.day: date | None = None

    def label_from_instance(self, obj: Any) -> str:
        section: Section = obj
        name = f"{section.parent.name} › {section.name}" if section.parent else section.name
        if self.day and section.starts_on > self.day:
            return f"{name}（{era_date(section.starts_on)}から）"
        if section.ends_on:
            return f"{name}（{era_date(section.ends_on - timedelta(days=1))}まで）"
        return name


class StaffChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A person in service."""

    def label_from_instance(self, obj: Any) -> str:
        staff: Staff = obj
        return f"{staff.name}（{staff.number}）"


def sections_to_choose(today: date) -> QuerySet[Section]:
    """Sections that stand today or will."""
    return Section.objects.filter(not_over_on(today)).select_related("parent").order_by("order", "code", "starts_on")


def staff_to_choose(today: date) -> QuerySet[Staff]:
    """People in service today or later."""
    return Staff.objects.filter(not_over_on(today, end="leaves_on")).order_by("number")


def _text(label: str, longest: int, *, required: bool = True, help_text: str = "", **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=required, help_text=help_text, **kwargs)


def _posts() -> forms.ModelChoiceField:  # type: ignore[type-arg]
    return forms.ModelChoiceField(label="職", queryset=Post.objects.all(), to_field_name="public_id")


class _WithSections(ActForm):
    """Fills the choices of every section field as of today."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, SectionChoice):
                field.day = self.today
                field.queryset = sections_to_choose(self.today)


class PlaceForm(_WithSections):
    """Where a section stands and whose it is."""

    authority = forms.ModelChoiceField(
        label="執行機関", queryset=Authority.objects.all(), to_field_name="code", empty_label=None
    )
    parent = SectionChoice(label="上位の所属", required=False, empty_label="（なし）")


class SectionForm(PlaceForm):
    """A section's own words."""

    name = _text("名称", 60)
    name_kana = _text("ふりがな", 120, required=False)
    kind = forms.ChoiceField(label="種別", choices=SectionKind.choices, initial=SectionKind.SECTION)
    starts_on = DateField(label="設置日")
    phone = _text("電話", 30, required=False)
    duties = forms.CharField(
        label="分掌事務", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    order = forms.IntegerField(label="並び順", min_value=0, max_value=9999, initial=0, help_text="小さい順に並びます。")

    field_order = ("code", "name", "name_kana", "kind", "authority", "parent", "starts_on", "phone", "duties", "order")


class FoundForm(SectionForm):
    code = _text("所属コード", 20, help_text="半角の英数字（例: 0101）。後から変えられません。")

    field_order = ("code", *SectionForm.field_order[1:])


class CorrectSectionForm(SectionForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class RenameForm(ActForm):
    name = _text("新しい名称", 60)
    name_kana = _text("ふりがな", 120, required=False)
    on = DateField(label="改称の日", help_text="この日の0時から新しい名称になります。")


class MoveForm(PlaceForm):
    on = DateField(label="移管の日", help_text="この日の0時から新しい場所に移ります。")
    field_order = ("parent", "authority", "on")


class MergeForm(_WithSections):
    """Either into a section that stands, or into a new one."""

    into = SectionChoice(
        label="統合先の所属",
        required=False,
        empty_label="（新しい所属をつくる）",
        help_text="今ある所属に統合するとき選びます。",
    )
    others = forms.ModelMultipleChoiceField(
        label="いっしょに統合する所属",
        queryset=Section.objects.none(),
        to_field_name="public_id",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    code = _text("新しい所属のコード", 20, required=False)
    name = _text("新しい所属の名称", 60, required=False)
    on = DateField(label="統合の日", help_text="この日の0時から統合後の所属になります。")

    def __init__(self, *args: Any, section: Section, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        near = sections_to_choose(self.today).filter(kind=section.kind).exclude(pk=section.pk)
        others = self.fields["others"]
        if isinstance(others, forms.ModelMultipleChoiceField):
            others.queryset = near

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("into"):
            for name in ("code", "name"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, "統合先に今ある所属を選ぶか、新しい所属のコードと名称を入力してください。")
        return values


class SplitForm(ActForm):
    """Two to four successors, and for every person and unit the one it goes to."""

    MOST = 4
    on = DateField(label="分割の日", help_text="この日の0時から分割後の所属になります。")

    def __init__(self, *args: Any, rows: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in range(1, self.MOST + 1):
            self.fields[f"code_{place}"] = _text(f"後継{place}のコード", 20, required=place <= 2)
            self.fields[f"name_{place}"] = _text(f"後継{place}の名称", 60, required=place <= 2)
        choices = [("", "選んでください"), *((str(n), f"後継{n}") for n in range(1, self.MOST + 1))]
        self.row_names = []
        for public_id, label in rows:
            name = f"goes_{public_id}"
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)
            self.row_names.append(name)

    def successors(self) -> list[tuple[str, str]]:
        """Code and name of every successor that was named, in order."""
        given = [
            (self.cleaned_data.get(f"code_{n}", ""), self.cleaned_data.get(f"name_{n}", ""))
            for n in range(1, self.MOST + 1)
        ]
        return [(code, name) for code, name in given if code or name]

    def goes(self) -> dict[str, int]:
        """Place of the successor by public id."""
        return {
            name.removeprefix("goes_"): int(self.cleaned_data[name]) - 1
            for name in self.row_names
            if self.cleaned_data.get(name)
        }


class LastDayForm(ActForm):
    last_day = DateField(label="最後の日", help_text="この日までです。翌日の0時から無くなります。")


class HireForm(_WithSections):
    number = _text("職員番号", 20, help_text="半角の英数字。一度使った番号はほかの人に使えません。")
    name = _text("氏名", 80)
    name_kana = _text("ふりがな", 120, required=False)
    employment = forms.ChoiceField(label="任用の種類", choices=Employment.choices)
    joined_on = DateField(label="採用日")
    last_day = DateField(
        label="任期の末日", required=False, help_text="会計年度任用職員など、任期のある人は必ず入力してください。"
    )
    section = SectionChoice(label="所属")
    post = _posts()
    mail = forms.EmailField(label="メール", required=False)
    organisation = forms.ModelChoiceField(
        label="外部の団体",
        queryset=OutsideOrganisation.objects.all(),
        to_field_name="public_id",
        required=False,
        empty_label="（なし）",
        help_text="任用の種類が「外部の人」のときだけ選びます。",
    )


class CorrectStaffForm(ActForm):
    name = _text("氏名", 80)
    name_kana = _text("ふりがな", 120, required=False)
    employment = forms.ChoiceField(label="任用の種類", choices=Employment.choices)
    joined_on = DateField(label="採用日")
    mail = forms.EmailField(label="メール", required=False)
    organisation = forms.ModelChoiceField(
        label="外部の団体",
        queryset=OutsideOrganisation.objects.all(),
        to_field_name="public_id",
        required=False,
        empty_label="（なし）",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class TransferForm(_WithSections):
    section = SectionChoice(label="新しい所属")
    post = _posts()
    on = DateField(label="発令日", help_text="この日の0時から新しい所属になります。")
    ground = _text("事由", 100, required=False, help_text="例: 令和9年4月1日付人事異動、昇任")


class CorrectPostingForm(_WithSections):
    section = SectionChoice(label="所属")
    post = _posts()
    starts_on = DateField(label="発令日")
    last_day = DateField(label="最後の日", required=False, help_text=_UNTIL)
    is_main = forms.BooleanField(label="本務", required=False)
    ground = _text("事由", 100, required=False)

    def __init__(self, *args: Any, posting_section: Section, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        section = self.fields["section"]
        if isinstance(section, SectionChoice):  # a posting of the past stands in a section that may have ended
            standing = not_over_on(self.today) | Q(pk=posting_section.pk)
            section.queryset = (
                Section.objects.filter(standing).select_related("parent").order_by("order", "code", "starts_on")
            )


class ConcurrentForm(_WithSections):
    section = SectionChoice(label="兼務する所属")
    post = _posts()
    starts_on = DateField(label="開始日")
    last_day = DateField(label="最後の日", required=False, help_text=_UNTIL)
    ground = _text("事由", 100, required=False)


class LeaveForm(ActForm):
    last_day = DateField(label="最後に在職する日", help_text="翌日の0時からアカウントが使えなくなります。")
    leaving = forms.ChoiceField(label="事由", choices=Leaving.choices)


class RenewForm(_WithSections):
    last_day = DateField(label="新しい任期の末日")
    section = SectionChoice(
        label="新しい任期の所属",
        required=False,
        empty_label="（今と同じ）",
        help_text="会計年度任用職員の所属が変わるときだけ選びます。ほかの人は「異動」を使ってください。",
    )


class GrantForm(ActForm):
    role = forms.ChoiceField(
        label="権限", choices=[(role.value, role.label) for role in Role if role is not Role.STAFF]
    )
    starts_on = DateField(label="開始日")
    last_day = DateField(label="最後の日", required=False, help_text=_UNTIL)
    ground = _text("根拠", 200, help_text="辞令・規程・決裁の番号など。例: 令和9年4月1日付辞令")


class DeputyForm(ActForm):
    deputy = StaffChoice(label="代決者", queryset=Staff.objects.none(), to_field_name="public_id")
    order = forms.IntegerField(label="順位", min_value=1, max_value=20, initial=1)
    starts_on = DateField(label="開始日")
    last_day = DateField(label="最後の日", required=False, help_text=_UNTIL)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        deputy = self.fields["deputy"]
        if isinstance(deputy, StaffChoice):
            deputy.queryset = staff_to_choose(self.today)


class NothingForm(ActForm):
    """An act that needs no words, only a yes."""


class AuthorityForm(ActForm):
    code = _text("コード", 30, help_text="半角の英小文字・数字（例: mayor）。後から変えられません。")
    name = _text("名称", 60)
    head_title = _text("代表者の職名", 60, help_text="処分の名義になります。例: 町長、教育長")
    seal_name = _text("公印の名称", 60, required=False)
    order = forms.IntegerField(label="並び順", min_value=0, max_value=9999, initial=0)


class PostForm(ActForm):
    title = _text("職名", 40)
    rank = forms.IntegerField(
        label="順位", min_value=0, max_value=999, help_text="上位の職ほど大きい数。町長100、主事10など。"
    )
    role = forms.ChoiceField(
        label="職に伴う権限",
        required=False,
        choices=[("", "（なし）"), *((role.value, role.label) for role in POST_ROLES)],
    )


class OutsideForm(ActForm):
    name = _text("名称", 100)
    kind = forms.ChoiceField(label="種別", choices=OutsideOrganisation.Kind.choices)
    starts_on = DateField(label="開始日")
    last_day = DateField(label="最後の日", required=False)
