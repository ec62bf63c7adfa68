"""A draft of the entry in the register of personal information files (個人情報ファイル簿) from an app's definition."""

from __future__ import annotations

from yakuba.office.appbuilder.models import App
from yakuba.office.appbuilder.queries.ledger import Entry
from yakuba.office.appbuilder.rules.care import personal_fields
from yakuba.office.appbuilder.rules.definition import FieldClass

NOT_SAID = "（書いてください）"


def register_draft(app: App, entry: Entry, *, records: int, town: str) -> list[tuple[str, str]]:
    """The items with what the app says about them; what it does not say is left to be written."""
    care = entry.definition.care
    authority = app.section.authority.name if app.section is not None else ""
    section = str(app.section or NOT_SAID)
    personal = personal_fields(entry.definition)
    sensitive = [one.label for one in personal if one.data_class is FieldClass.SENSITIVE]
    return [
        ("個人情報ファイルの名称", entry.definition.title),
        ("機関の名称", _organ(town, authority) if authority else NOT_SAID),
        ("事務をつかさどる組織", section),
        ("利用目的", care.purpose or NOT_SAID),
        ("記録される項目", "、".join(one.label for one in entry.definition.stored) or NOT_SAID),
        ("うち個人情報と定めた項目", "、".join(one.label for one in personal) or "なし"),
        ("記録される個人の範囲", care.people or NOT_SAID),
        ("記録の件数", f"{records:,}件（アプリの記録の数。本人の数は別に数えてください）"),
        ("収集の方法", care.collected or NOT_SAID),
        ("要配慮個人情報", f"含む（{'、'.join(sensitive)}）" if sensitive else "含まない（項目の区分による）"),
        ("経常的に提供する相手", care.given_to or "なし"),
        ("保存期間", care.kept_words or NOT_SAID),
        ("開示請求などを受ける組織の名称と所在地", NOT_SAID),
    ]


def _organ(town: str, authority: str) -> str:
    """会津坂下町 and 町長 are 会津坂下町長."""
    return (
        f"{town}{authority.removeprefix(town[-1:])}" if authority in ("町長", "市長", "村長") else f"{town}{authority}"
    )
