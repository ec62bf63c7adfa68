"""Filling in a form through the pages as a browser without JavaScript does, from answers as they are stored."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from yakuba.kernel.forms.rules.definition import OTHER_SUFFIX, FormDefinition, Group, Step
from yakuba.kernel.forms.rules.evaluate import Evaluation
from yakuba.kernel.forms.rules.kinds import kind_of
from yakuba.kernel.forms.rules.reading import names_of

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f00050001ff"
    "56c7265a0000000049454e44ae426082"
)


def picture(name: str = "photo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PNG, content_type="image/png")


def typed_for(question: Any, path: str, answers: dict[str, Any]) -> dict[str, Any]:
    """The fields of a page that type one answer."""
    value = answers.get(question.key)
    kind = kind_of(question)
    if not kind.is_answered or value is None:
        return {}
    if question.type == "files":
        return {path: [picture(f"{number}.png") for number in range(max(1, question.least))]}
    raw = kind.unparse(question, value, answers.get(question.key + OTHER_SUFFIX, ""))
    typed = zip(kind.parts(question), names_of(question, path), strict=True)
    return {name: list(raw[part]) if isinstance(raw[part], tuple) else raw[part] for part, name in typed if raw[part]}


def fields_of(step: Step, answers: dict[str, Any]) -> dict[str, Any]:
    """What to send for a page so that it says the answers. Groups need as many rows as the page shows."""
    fields: dict[str, Any] = {}
    for question in step.questions:
        if not isinstance(question, Group):
            fields |= typed_for(question, question.key, answers)
            continue
        rows = answers.get(question.key) or []
        fields[f"{question.key}.rows"] = str(len(rows))
        for number, row in enumerate(rows):
            for one in question.questions:
                fields |= typed_for(one, f"{question.key}.{number}.{one.key}", row)
    return fields


def walk(client: Client, start: str, definition: FormDefinition, answers: dict[str, Any]) -> Any:
    """Begin at ``start`` and answer every page until the check page; the response of that page."""
    response = client.post(start, {"form": definition.key}, follow=True)
    for _ in range(120):
        path = response.request["PATH_INFO"]
        assert response.status_code == 200, (path, response.status_code, response.content.decode()[-3000:])
        if "/check/" in path:
            return response
        step = definition.step(path.rstrip("/").rpartition("/")[2])
        edition = response.context["filling"].edition
        missing = _rows_missing(step, answers, response)
        fields = {"edition": edition, "_shown": response.context["shown"].shown}
        if missing:
            response = client.post(path, {**fields, "action": f"add:{missing}"}, follow=True)
            continue
        response = client.post(path, {**fields, **fields_of(step, answers), "action": "next"}, follow=True)
    raise AssertionError("the form leads nowhere")


def _rows_missing(step: Step, answers: dict[str, Any], response: Any) -> str:
    shown = {
        entry.path: len(entry.rows)
        for one in response.context["shown"].steps
        for entry in one.entries
        if entry.kind == "group"
    }
    for question in step.questions:
        if isinstance(question, Group) and len(answers.get(question.key) or []) > shown.get(question.key, 10**6):
            return question.key
    return ""


def without_files(evaluation: Evaluation) -> dict[str, Any]:
    """Answers to compare: files have other ids each time."""
    return {key: value for key, value in evaluation.answers.items() if not _is_files(evaluation, key)}


def _is_files(evaluation: Evaluation, key: str) -> bool:
    try:
        question = evaluation.definition.question(key)
    except KeyError:
        return False
    return question.type == "files" or isinstance(question, Group)
