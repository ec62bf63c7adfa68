"""No form of the town hall takes a My Number, and no text reaches a verb past a form unseen."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms.utils import ErrorDict

import yakuba
from yakuba.kernel.ui.my_numbers import TownForm, is_typed

MINE = "123456789018"  # a made-up number with a valid check digit
SOURCE = Path(yakuba.__file__).parent

READ_WITHOUT_A_FORM = {
    "_shown": "which questions the page asked",
    "accepts_enotice": "a box to tick",
    "action": "which button was pressed",
    "by": "which fields were ticked, looked up among the app's own",
    "block": "one of the shared blocks of questions",
    "edition": "the edition the page was made from",
    "of": "which rows were ticked, each with the version that was seen; ids and numbers only",
    "offer": "a draft of ours, looked up and not kept",
    "path": "the place of a question",
    "picked": "which rows were ticked",
    "seen": "the editions a list was made from",
    "sending": "a random word of ours, kept as a digest",
    "seen_edition": "the edition the page was made from",
    "act": "which button was pressed",
    "as_before": "which button was pressed",
    "code": "a one-time code",
    "credential": "what the browser says of a passkey",
    "decision": "which button was pressed",
    "for_whom": "oneself, a letter of attorney, or one of the mandates named on the page",
    "heir": "looked up among the numbers of staff, not kept",
    "is_shared": "a box to tick",
    "next": "an address of ours, judged by safe_return",
    "kept": "files received already, looked up among one's own",
    "old": "a password",
    "password": "a password",
    "persona": "one of the sample town's people",
    "pin": "a secret number",
    "plain": "which button was pressed",
    "sign_in": "which way of signing in",
    "who": "one of those named on the page",
    "work": "a reference of ours",
    "yakuba_resume": "which button was pressed",
    "year": "one of the years of the plan",
}


def all_forms() -> Iterator[type[forms.BaseForm]]:
    for module in pkgutil.walk_packages([str(SOURCE)], "yakuba."):
        if not {"tests", "migrations", "__main__"} & set(module.name.split(".")):
            importlib.import_module(module.name)
    waiting: list[type[forms.BaseForm]] = [forms.BaseForm]
    seen = set()
    while waiting:
        for one in waiting.pop().__subclasses__():
            if one not in seen:
                seen.add(one)
                waiting.append(one)
                if one.__module__.startswith("yakuba.") and ".tests." not in one.__module__:
                    yield one


FORMS = sorted(all_forms(), key=lambda one: (one.__module__, one.__qualname__))


def named(form: type[forms.BaseForm]) -> str:
    return f"{form.__module__.removeprefix('yakuba.')}.{form.__qualname__}"


def filled(form: type[forms.BaseForm]) -> Any:
    """The form as declared, a My Number typed into every field; what it builds for one page is left out."""
    built = form.__new__(form)
    fields = form.base_fields  # type: ignore[attr-defined]
    files = {name: SimpleUploadedFile(f"{MINE}.pdf", b"x") for name in fields}
    forms.BaseForm.__init__(built, dict.fromkeys(fields, f"番号は{MINE}です"), files)
    return built


def cleaned(form: Any, names: set[str]) -> Any:
    """The form with these fields alone cleaned; the others may ask the database or what the page gave."""
    form.fields = {name: field for name, field in form.fields.items() if name in names}
    form._errors, form.cleaned_data = ErrorDict(), {}
    form._clean_fields()
    return form


def test_there_are_forms_to_look_at() -> None:
    assert len(FORMS) > 60
    assert "plan.forms.GradeForm" in {named(form) for form in FORMS}


@pytest.mark.parametrize("form", FORMS, ids=named)
def test_every_form_refuses_my_numbers_or_says_why_not(form: type[forms.BaseForm]) -> None:
    assert issubclass(form, TownForm), "derive it from yakuba.kernel.ui.api.TownForm"
    assert all(len(reason) > 10 for reason in form.numbers_allowed.values()), "an exception needs its reason"
    fields = form.base_fields  # type: ignore[attr-defined]
    wanted = {name for name, field in fields.items() if is_typed(field) and name not in form.numbers_allowed}
    built = filled(form)
    assert set(built.fields_with_a_my_number()) == wanted
    built = cleaned(built, wanted)
    assert {name for name in wanted if built.has_error(name, "my_number")} == wanted
    assert not built.cleaned_data


def test_fields_built_for_one_page_are_looked_at_too() -> None:
    from yakuba.kernel.identity.resident_forms import MailAndPasswordForm, MailForm, NewMailForm, RegisterForm
    from yakuba.kernel.organisation.forms import SplitForm

    split = SplitForm({"code_1": MINE, "name_2": f"{MINE}課"}, today=date(2026, 11, 23), rows=[])
    assert [name for name in split.errors if split.has_error(name, "my_number")] == ["code_1", "name_2"]
    mail = {"email": f"{MINE}@example.jp"}
    for form in (MailForm(mail), RegisterForm(mail), NewMailForm(None, mail)):
        assert form.has_error("email", "my_number"), named(type(form))
    assert MailAndPasswordForm({"login": f"{MINE}@example.jp", "password": "x"}).has_error("login", "my_number")


def test_texts_read_without_a_form_are_looked_at_as_well() -> None:
    unseen = []
    for path in sorted(SOURCE.rglob("*.py")):
        if "tests" not in path.parts:
            tree = ast.parse(path.read_text("utf-8"))
            checked = {id(node) for call in _calls(tree, "without_my_number") for node in ast.walk(call)}
            checked_names = {
                argument.id
                for call in _calls(tree, "without_my_number")
                for argument in call.args
                if isinstance(argument, ast.Name)
            }
            for node in ast.walk(tree):
                name = _read_from_post(node)
                if name and name not in READ_WITHOUT_A_FORM and id(node) not in checked and name not in checked_names:
                    unseen.append(f"{path.relative_to(SOURCE)}:{node.lineno} {name}")  # type: ignore[attr-defined]
    assert not unseen, "pass it through without_my_number, or say here why it can hold no text of a person"


def _calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def _read_from_post(node: ast.AST) -> str:
    """The name in `request.POST.get("name")` and `request.POST["name"]`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("get", "getlist"):
        source, key = node.func.value, node.args[0] if node.args else None
    elif isinstance(node, ast.Subscript):
        source, key = node.value, node.slice
    else:
        return ""
    is_post = isinstance(source, ast.Attribute) and source.attr == "POST"
    return key.value if is_post and isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
