"""A small form with everything that makes forms hard: conditions, rows with logic, computed values, a fee."""

from __future__ import annotations

from typing import Any

from yakuba.kernel.forms.rules.definition import FormDefinition, read_definition


def text(words: str) -> dict[str, str]:
    return {"ja": words, "ja-easy": words, "en": words}


def example() -> dict[str, Any]:
    """A copy of its own for every test."""
    return {
        "format": "yakuba-form/1",
        "key": "child-care",
        "title": text("学童の申込"),
        "steps": [
            {
                "key": "who",
                "title": text("申込者"),
                "questions": [
                    {"type": "name", "key": "guardian", "label": text("保護者"), "prefill": "profile.name"},
                    {"type": "yes_no", "key": "works", "label": text("働いていますか")},
                    {
                        "type": "choice",
                        "key": "work",
                        "label": text("働き方"),
                        "when": {"var": "works"},
                        "has_other": True,
                        "options": [
                            {"value": "full", "label": text("フルタイム")},
                            {"value": "part", "label": text("パート")},
                        ],
                    },
                ],
            },
            {
                "key": "children",
                "title": text("子ども"),
                "questions": [
                    {
                        "type": "group",
                        "key": "children",
                        "label": text("子ども"),
                        "row_label": text("人目"),
                        "most": 3,
                        "questions": [
                            {"type": "short_text", "key": "name", "label": text("名前")},
                            {
                                "type": "date",
                                "key": "birth",
                                "label": text("生年月日"),
                                "entry": "era",
                                "latest": {"today": []},
                            },
                            {
                                "type": "yes_no",
                                "key": "allergy",
                                "label": text("アレルギー"),
                                "is_sensitive": True,
                            },
                            {
                                "type": "long_text",
                                "key": "allergy_words",
                                "label": text("アレルギーの内容"),
                                "when": {"var": "row.allergy"},
                            },
                            {
                                "type": "files",
                                "key": "certificate",
                                "label": text("証明書"),
                                "when": {"<": [{"age": [{"var": "row.birth"}]}, 6]},
                                "required": False,
                                "least": 0,
                            },
                        ],
                    },
                    {
                        "type": "computed",
                        "key": "how_many",
                        "label": text("人数"),
                        "value": {"count": [{"var": "children"}]},
                    },
                ],
            },
            {
                "key": "many",
                "title": text("きょうだい割引"),
                "when": {">=": [{"var": "how_many"}, 2]},
                "questions": [
                    {"type": "consent", "key": "discount", "label": text("割引"), "statement": text("申し込みます")}
                ],
            },
            {
                "key": "money",
                "title": text("料金"),
                "questions": [
                    {
                        "type": "fee",
                        "key": "monthly",
                        "label": text("月額"),
                        "value": {"*": [{"var": "how_many"}, {"if": [{"var": "discount"}, 3000, 4000]}]},
                    },
                    {"type": "bank_account", "key": "account", "label": text("口座")},
                ],
            },
        ],
    }


def example_form() -> FormDefinition:
    return read_definition(example())


def complete_answers() -> dict[str, Any]:
    return {
        "guardian": {"family": "見本", "given": "花子", "family_kana": "ミホン", "given_kana": "ハナコ"},
        "works": True,
        "work": "other",
        "work_other": "内職",
        "children": [
            {"name": "一郎", "birth": "2018-05-01", "allergy": True, "allergy_words": "卵"},
            {"name": "二郎", "birth": "2022-05-01", "allergy": False},
        ],
        "discount": True,
        "account": {
            "bank_name": "見本銀行",
            "bank_code": "0001",
            "branch_name": "坂下",
            "branch_code": "001",
            "kind": "ordinary",
            "number": "0012345",
            "holder": "ミホン ハナコ",
        },
    }
