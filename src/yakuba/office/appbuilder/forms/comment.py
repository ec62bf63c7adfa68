"""The form of a comment."""

from __future__ import annotations

from django import forms

from yakuba.kernel.ui.api import TownForm


class CommentForm(TownForm):
    """What is said at a record, and one person to tell of it, chosen from the staff."""

    text = forms.CharField(
        label="コメント",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="この記録が見える人みんなに見えます。文の中に @氏名 と書くと、その人に知らせます。",
        error_messages={"required": "コメントを書いてください。"},
    )
    tell = forms.CharField(
        label="知らせる人",
        max_length=90,
        required=False,
        widget=forms.TextInput(attrs={"list": "comment-people", "autocomplete": "off"}),
        help_text="氏名の一部を入れて選びます。",
    )

    def words(self) -> str:
        """The text, with the chosen person called at its beginning."""
        tell = self.cleaned_data["tell"].strip().lstrip("@＠")
        return f"@{tell}\n{self.cleaned_data['text']}" if tell else str(self.cleaned_data["text"])
