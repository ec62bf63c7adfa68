"""The forms of acts on a request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from yakuba.kernel.approval.forms.base import VerbForm
from yakuba.kernel.approval.rules.flow import ACTS, Act
from yakuba.kernel.approval.rules.states import MOST_WORDS
from yakuba.kernel.ui.api import DateField, SeveralFilesField


class ActForm(VerbForm):
    """What is said and added with an act on a draft's way; deputies say who is away; a step back names its stage."""

    act = forms.ChoiceField(
        label="操作",
        error_messages={
            "required": "どうするかのボタンを押してください。",
            "invalid_choice": "今はその操作はできません。",
        },
    )
    seen_edition = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    said_absent = forms.TypedMultipleChoiceField(
        label="不在の確認", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    back_to = forms.TypedChoiceField(label="戻す段階", required=False, coerce=int, empty_value=None)
    comment = forms.CharField(
        label="理由・意見", required=False, max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 3})
    )
    attached = SeveralFilesField(label="添えるファイル", required=False, most=5)

    def __init__(
        self,
        *args: Any,
        acts: Sequence[Act],
        away: Sequence[tuple[int, str]] = (),
        earlier: Sequence[tuple[int, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["act"]
        chosen.choices = [(one.value, one.label) for one in acts]
        if away:
            absent: Any = self.fields["said_absent"]
            absent.choices = list(away)
        else:
            del self.fields["said_absent"]
        if earlier and Act.RETURN_TO in acts:
            back: Any = self.fields["back_to"]
            back.choices = [("", "選んでください"), *earlier]
        else:
            del self.fields["back_to"]
        self.fields["comment"].help_text = _when_words_are_needed(acts)


def _when_words_are_needed(acts: Sequence[Act]) -> str:
    needed = [one.label.partition("（")[0] for one in acts if ACTS[one].needs_words]
    if not needed:
        return "なくてもかまいません。"
    return f"{'・'.join(dict.fromkeys(needed))}のときは、必ず書いてください。"


class IssueForm(VerbForm):
    """施行: on which day, under which number, how often sealed."""

    on = DateField(label="施行の日")
    number = forms.CharField(
        label="文書番号",
        required=False,
        max_length=40,
        help_text="空にすると、次の番号を取ります。すでに番号があるときだけ書いてください。",
    )
    seal_copies = forms.IntegerField(
        label="公印を押す通数",
        required=False,
        min_value=0,
        max_value=10_000,
        initial=0,
        help_text="公印使用簿に残ります。押さないときは0です。",
    )


class ReasonForm(VerbForm):
    """Why a draft is taken back into hand."""

    reason = forms.CharField(label="引き戻す理由", max_length=400, help_text="例：金額に誤りがあった")


class WithdrawalForm(VerbForm):
    """Why a draft is taken back."""

    reason = forms.CharField(label="取り下げる理由", max_length=400, help_text="例：申請者が申請を取り下げた")


class RerouteForm(VerbForm):
    """Which stages are left out, which one is added, and why."""

    leave_out = forms.TypedMultipleChoiceField(
        label="省く段階", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    add_kind = forms.ChoiceField(
        label="加える段階",
        required=False,
        choices=[
            ("", "加えない"),
            ("line", "回議（決裁の前）"),
            ("consult", "合議（決裁の前）"),
            ("circulate", "供覧（決裁の後）"),
        ],
    )
    sections = forms.MultipleChoiceField(
        label="加える所属（長が席に着きます）", required=False, widget=forms.CheckboxSelectMultiple
    )
    staff = forms.CharField(label="加える職員の番号", required=False, max_length=200, help_text="例：1004、2001")
    reason = forms.CharField(label="変える理由", max_length=400, help_text="ルートと経過に残ります。")

    def __init__(
        self, *args: Any, stages: Sequence[tuple[int, str]], sections: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if stages:
            leave: Any = self.fields["leave_out"]
            leave.choices = list(stages)
        else:
            del self.fields["leave_out"]
        chosen: Any = self.fields["sections"]
        chosen.choices = list(sections)

    def clean(self) -> dict[str, Any]:
        """A stage to add needs somebody to sit in it, and the other way round."""
        given: dict[str, Any] = super().clean() or {}
        seated = given.get("sections") or (given.get("staff") or "").strip()
        if given.get("add_kind") and not seated:
            self.add_error("sections", "加える所属か職員を選んでください。")
        if seated and not given.get("add_kind"):
            self.add_error("add_kind", "回議・合議・供覧のどれで加えるかを選んでください。")
        return given
