"""How a form stands on a page: everything the templates need, worked out once, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yakuba.kernel.forms.part_words import PART_WORDS, PREFILL_WORDS, SOURCE_WORDS, row_title
from yakuba.kernel.forms.rules.definition import OTHER, OTHER_SUFFIX, FormDefinition, Group
from yakuba.kernel.forms.rules.evaluate import Answered, AnsweredGroup, Evaluation, ShownStep
from yakuba.kernel.forms.rules.faults import Fault
from yakuba.kernel.forms.rules.kinds import kind_of
from yakuba.kernel.forms.rules.kinds.bank import ACCOUNT_KINDS
from yakuba.kernel.forms.rules.kinds.choices import OTHER_WORDS
from yakuba.kernel.forms.rules.reading import Typed, names_of, raw_of, was_sent
from yakuba.kernel.values.api import Text

_ACCEPT = {
    "image": "image/*,.heic,.heif",
    "pdf": "application/pdf,.pdf",
    "word": ".docx",
    "excel": ".xlsx",
}


@dataclass(frozen=True, slots=True)
class OptionShown:
    """One choice on the page."""

    value: str
    label: str
    help: str
    id: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class PartShown:
    """One input. ``widget``: text, textarea, select, radio, checkboxes, tick, date, time, files."""

    widget: str
    name: str
    id: str
    label: str
    value: str
    errors: tuple[str, ...] = ()
    options: tuple[OptionShown, ...] = ()
    inputmode: str = ""
    autocomplete: str = ""
    maxlength: int = 0
    rows: int = 0
    css: str = ""
    accept: str = ""
    several: bool = False
    camera: bool = False
    has_era: bool = False

    @property
    def first_id(self) -> str:
        return self.options[0].id if self.options and self.widget in ("radio", "checkboxes") else self.id


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file that was attached."""

    public_id: str
    name: str
    size: int
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class QuestionShown:
    """A question on the page. ``kind`` is its type; questions without input have ``value`` or ``body``."""

    kind: str
    path: str
    id: str
    label: str
    help: str
    why: str
    is_required: bool
    parts: tuple[PartShown, ...] = ()
    errors: tuple[str, ...] = ()
    statement: str = ""
    body: str = ""
    style: str = ""
    value: str = ""
    unit: str = ""
    files: tuple[FileShown, ...] = ()
    prefilled_from: str = ""
    note: str = ""

    @property
    def is_fieldset(self) -> bool:
        """Whether the inputs need a common heading."""
        return len(self.parts) > 1 or any(part.widget in ("radio", "checkboxes") for part in self.parts)

    @property
    def has_errors(self) -> bool:
        return bool(self.errors) or any(part.errors for part in self.parts)

    @property
    def single(self) -> PartShown | None:
        return self.parts[0] if len(self.parts) == 1 else None


@dataclass(frozen=True, slots=True)
class RowShown:
    """One row of a repeating group."""

    number: int
    title: str
    questions: tuple[QuestionShown, ...]


@dataclass(frozen=True, slots=True)
class GroupShown:
    """A repeating group on the page."""

    path: str
    id: str
    label: str
    help: str
    rows: tuple[RowShown, ...]
    errors: tuple[str, ...]
    next_row: str
    may_add: bool
    may_remove: bool
    count: int = 0
    note: str = ""
    is_required: bool = False
    kind: str = "group"


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step on the page."""

    key: str
    title: str
    introduction: str
    entries: tuple[QuestionShown | GroupShown, ...]


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One line of the error summary, leading to the input."""

    label: str
    text: str
    target: str


@dataclass(frozen=True, slots=True)
class PageShown:
    """Steps on one page with their error summary; ``shown`` are the paths the page asks about."""

    steps: tuple[StepShown, ...]
    errors: tuple[SummaryLine, ...]
    shown: str
    new: tuple[SummaryLine, ...] = ()

    @property
    def has_new_questions(self) -> bool:
        """Whether the answers led to questions the person has not seen yet."""
        return bool(self.new)


@dataclass
class Showing:
    """What a page is made for: language, what was typed, faults of that typing, files by id, and what was shown.

    ``only`` limits the page to some paths, ``notes`` are said beside questions by path (corrections).
    """

    language: str
    typed: Typed = field(default_factory=dict)
    read_faults: Mapping[str, tuple[Fault, ...]] = field(default_factory=dict)
    files: Mapping[str, FileShown] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    shows_faults: bool = False
    asked_before: frozenset[str] | None = None
    only: frozenset[str] | None = None
    notes: Mapping[str, str] = field(default_factory=dict)

    def shows(self, path: str) -> bool:
        """Whether the page is to show a question; a group with all that stands in it."""
        return self.only is None or path in self.only or path.partition(".")[0] in self.only


def show_page(evaluation: Evaluation, step_keys: Iterable[str], showing: Showing) -> PageShown:
    """The page of some steps. Questions the person has not been asked yet show no fault, but are said to be new."""
    steps: list[StepShown] = []
    lines: list[SummaryLine] = []
    paths: list[str] = []
    new: list[SummaryLine] = []
    for key in step_keys:
        step = evaluation.step(key)
        if step is None:
            continue
        entries: list[QuestionShown | GroupShown] = []
        for entry in step.entries:
            if isinstance(entry, AnsweredGroup):
                shown_rows = [one.path for row in entry.rows for one in row.questions if showing.shows(one.path)]
                if not shown_rows and not showing.shows(entry.path):
                    continue
                group, group_lines = _group(entry, showing)
                entries.append(group)
                lines += group_lines
                paths.append(entry.path)
                paths += shown_rows
            elif showing.shows(entry.path):
                question, question_lines = _question(entry, showing)
                entries.append(question)
                lines += question_lines
                paths.append(entry.path)
        texts = step.step
        if entries or showing.only is None:
            steps.append(StepShown(key, _say(texts.title, showing), _say(texts.introduction, showing), tuple(entries)))
    if showing.asked_before is not None:
        new = [_new(entry, showing) for step in steps for entry in _all(step) if entry.path not in showing.asked_before]
    return PageShown(tuple(steps), tuple(lines), " ".join(paths), tuple(new))


def _all(step: StepShown) -> Iterable[QuestionShown | GroupShown]:
    for entry in step.entries:
        yield entry
        if isinstance(entry, GroupShown):
            for row in entry.rows:
                yield from row.questions


def _new(entry: QuestionShown | GroupShown, showing: Showing) -> SummaryLine:
    target = entry.parts[0].first_id if isinstance(entry, QuestionShown) and entry.parts else entry.id
    return SummaryLine(entry.label, "", target)


def _say(text: Text | None, showing: Showing) -> str:
    return text.in_language(showing.language) if text is not None else ""


def _faults(entry: Answered, showing: Showing) -> tuple[Fault, ...]:
    if not showing.shows_faults:
        return ()
    if entry.path in showing.read_faults:
        return showing.read_faults[entry.path]
    if showing.asked_before is not None and entry.path not in showing.asked_before:
        return ()
    return entry.faults


def _question(entry: Answered, showing: Showing, prefix: str = "") -> tuple[QuestionShown, list[SummaryLine]]:
    question, language = entry.question, showing.language
    page_id = "q-" + entry.path.replace(".", "-")
    faults = _faults(entry, showing)
    parts = _parts(entry, page_id, faults, showing)
    part_names = set(kind_of(question).parts(question))
    loose = tuple(
        one.say(language) for one in faults if len(parts) != 1 and (one.part not in part_names or one.part == "")
    )
    if parts and parts[0].widget in ("radio", "checkboxes"):
        loose = ()
    shown = QuestionShown(
        kind=question.type,
        path=entry.path,
        id=page_id,
        label=_say(question.label, showing),
        help=_say(question.help, showing),
        why=_say(question.why, showing),
        is_required=entry.is_required,
        parts=parts,
        errors=loose,
        statement=_say(getattr(question, "statement", None), showing),
        body=_say(getattr(question, "body", None), showing),
        style=getattr(question, "style", ""),
        value=_value(entry, language),
        unit=_say(getattr(question, "unit", None), showing),
        files=tuple(showing.files[one] for one in entry.value or () if one in showing.files)
        if question.type == "files"
        else (),
        prefilled_from=_source(entry, showing),
        note=showing.notes.get(entry.path, ""),
    )
    lines = []
    for one in faults:
        target = next(
            (part.first_id for part in parts if one in _own(faults, part, question, entry.path)),
            parts[0].first_id if parts else page_id,
        )
        lines.append(SummaryLine(prefix + shown.label, one.say(language), target))
    return shown, lines


def _source(entry: Answered, showing: Showing) -> str:
    source = showing.sources.get(entry.path.partition(".")[0], "")
    if entry.value is None or source in ("", "typed"):
        return ""
    return PREFILL_WORDS[source].in_language(showing.language) if source in PREFILL_WORDS else ""


def _value(entry: Answered, language: str) -> str:
    if entry.question.type not in ("computed", "fee") or entry.value is None:
        return ""
    return kind_of(entry.question).show(entry.question, entry.value, language)


def _own(faults: tuple[Fault, ...], part: PartShown, question: Any, path: str) -> tuple[Fault, ...]:
    name = part.name[len(path) + 1 :] if part.name != path else ""
    return tuple(one for one in faults if one.part == name)


def _parts(entry: Answered, page_id: str, faults: tuple[Fault, ...], showing: Showing) -> tuple[PartShown, ...]:
    question = entry.question
    kind = kind_of(question)
    if not kind.is_answered:
        return ()
    if was_sent(question, entry.path, showing.typed):
        raw = raw_of(question, entry.path, showing.typed)
    elif entry.value is not None:
        raw = kind.unparse(question, entry.value, entry.other)
    else:
        raw = {}
    shown = []
    for part, name in zip(kind.parts(question), names_of(question, entry.path), strict=True):
        given = raw.get(part, "")
        values = (given,) if isinstance(given, str) else given
        own = tuple(one.say(showing.language) for one in faults if one.part == part)
        shown.append(_part(entry, part, name, page_id, values, own, showing.language))
    return tuple(shown)


def _part(
    entry: Answered, part: str, name: str, page_id: str, values: tuple[str, ...], errors: tuple[str, ...], language: str
) -> PartShown:
    question = entry.question
    part_id = f"{page_id}-{part}" if part else page_id
    value = values[-1] if values else ""
    words = PART_WORDS.get((question.type, part)) or PART_WORDS.get(("", part))
    common: dict[str, Any] = {
        "name": name,
        "id": part_id,
        "label": words.in_language(language) if words else "",
        "value": value,
        "errors": errors,
    }
    if question.type in ("choice", "choices", "yes_no") and not part:
        return PartShown(widget=_choice_widget(question), options=_options(entry, part_id, values, language), **common)
    if question.type == "bank_account" and part == "kind":
        options = tuple(
            OptionShown(key, text.in_language(language), "", f"{part_id}-{key}", key == value)
            for key, text in ACCOUNT_KINDS.items()
        )
        return PartShown(widget="select", options=options, **common)
    if question.type == "consent":
        return PartShown(widget="tick", **{**common, "value": value})
    if question.type == "files":
        return PartShown(
            widget="files",
            accept=",".join(_ACCEPT[one] for one in question.kinds),
            several=question.most > 1,
            camera=question.camera,
            **{**common, "value": ""},
        )
    return PartShown(**{**common, **_text_look(question, part, value)})


def _choice_widget(question: Any) -> str:
    if question.type == "choices":
        return "checkboxes"
    return "select" if question.type == "choice" and question.look == "select" else "radio"


def _options(entry: Answered, part_id: str, values: tuple[str, ...], language: str) -> tuple[OptionShown, ...]:
    question = entry.question
    if question.type == "yes_no":
        given = (("yes", question.yes), ("no", question.no))
        return tuple(
            OptionShown(key, text.in_language(language), "", f"{part_id}-{key}", key in values) for key, text in given
        )
    offered = entry.offered
    found = [
        OptionShown(
            one.value,
            one.label.in_language(language),
            one.help.in_language(language) if one.help else "",
            f"{part_id}-{one.value}",
            one.value in values,
        )
        for one in question.options
        if offered is None or one.value in offered
    ]
    if question.has_other:
        found.append(OptionShown(OTHER, OTHER_WORDS.in_language(language), "", f"{part_id}-{OTHER}", OTHER in values))
    return tuple(found)


_LOOKS: dict[tuple[str, str], dict[str, Any]] = {
    ("name", "family"): {"autocomplete": "family-name"},
    ("name", "given"): {"autocomplete": "given-name"},
    ("name", "family_kana"): {},
    ("name", "given_kana"): {},
    ("address", "postal_code"): {"autocomplete": "postal-code", "inputmode": "numeric", "css": "input--short"},
    ("address", "place"): {"autocomplete": "address-level2"},
    ("address", "lot"): {"autocomplete": "address-line1", "css": "input--medium"},
    ("address", "building"): {"autocomplete": "address-line2"},
    ("phone", ""): {"autocomplete": "tel", "inputmode": "tel", "css": "input--medium"},
    ("mail", ""): {"autocomplete": "email", "inputmode": "email", "css": "input--medium"},
    ("corporate_number", ""): {"inputmode": "numeric", "css": "input--medium"},
    ("number", ""): {"inputmode": "decimal", "css": "input--number"},
    ("yen", ""): {"inputmode": "numeric", "css": "input--number"},
    ("signature", ""): {"autocomplete": "name", "css": "input--medium"},
    ("bank_account", "bank_code"): {"inputmode": "numeric", "css": "input--short"},
    ("bank_account", "branch_code"): {"inputmode": "numeric", "css": "input--short"},
    ("bank_account", "number"): {"inputmode": "numeric", "css": "input--short"},
    ("bank_account", "bank_name"): {"css": "input--medium"},
    ("bank_account", "branch_name"): {"css": "input--medium"},
    ("bank_account", "holder"): {"css": "input--medium"},
    ("place", "lat"): {"inputmode": "decimal", "css": "input--short"},
    ("place", "lon"): {"inputmode": "decimal", "css": "input--short"},
}


def _text_look(question: Any, part: str, value: str) -> dict[str, Any]:
    if question.type == "long_text":
        return {"widget": "textarea", "rows": question.rows}
    if question.type == "date":
        # A calendar shows nothing for what is no day; then the line is a plain one, so that what was typed stays.
        if question.entry == "calendar" and (not value or _is_iso(value)):
            return {"widget": "date", "has_era": True, "css": "input--date"}
        return {"widget": "era", "has_era": True, "css": "input--date"}
    if question.type == "time":
        return {"widget": "time", "css": "input--short"}
    if question.type == "short_text":
        mode = "numeric" if question.characters == "digits" else ""
        css = "input--short" if question.max_length <= 12 else "input--medium" if question.max_length <= 40 else ""
        return {"widget": "text", "inputmode": mode, "css": css}
    return {"widget": "text", **_LOOKS.get((question.type, part), {})}


def _is_iso(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10


def _group(entry: AnsweredGroup, showing: Showing) -> tuple[GroupShown, list[SummaryLine]]:
    group, language = entry.question, showing.language
    page_id = "q-" + entry.path
    shows = showing.shows_faults and (showing.asked_before is None or entry.path in showing.asked_before)
    errors = tuple(one.say(language) for one in entry.faults) if shows else ()
    lines = [SummaryLine(_say(group.label, showing), text, page_id) for text in errors]
    row_label = _say(group.row_label, showing)
    rows = []
    for row in entry.rows:
        title = row_title(row_label, row.number + 1)
        questions = []
        for one in row.questions:
            if not showing.shows(one.path):
                continue
            shown, question_lines = _question(one, showing, prefix=f"{title} ")
            questions.append(shown)
            lines += question_lines
        if questions:
            rows.append(RowShown(row.number, title, tuple(questions)))
    return (
        GroupShown(
            path=entry.path,
            id=page_id,
            label=_say(group.label, showing),
            help=_say(group.help, showing),
            rows=tuple(rows),
            errors=errors,
            next_row=row_title(row_label, len(entry.rows) + 1),
            is_required=entry.is_required or group.least > 0,
            count=len(entry.rows),
            note=showing.notes.get(entry.path, ""),
            may_add=showing.shows(entry.path) and len(entry.rows) < group.most,
            may_remove=showing.shows(entry.path)
            and len(entry.rows) > (max(group.least, 1) if entry.is_required else group.least),
        ),
        lines,
    )


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer for reading: where it stands, its words, where it came from."""

    path: str
    step: str
    label: str
    value: str
    source: str = ""
    file_ids: tuple[str, ...] = ()
    rows: tuple[tuple[str, tuple[AnswerRow, ...]], ...] = ()
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class AnswerSection:
    """The answers of one step."""

    step: str
    title: str
    rows: tuple[AnswerRow, ...]


def answer_sections(
    evaluation: Evaluation, language: str, sources: Mapping[str, str] | None = None
) -> tuple[AnswerSection, ...]:
    """All visible answers by step, unanswered ones too."""
    found = []
    for step in evaluation.steps:
        rows = tuple(row for entry in step.entries if (row := _answer_row(entry, step, language, sources or {})))
        if rows:
            found.append(AnswerSection(step.step.key, step.step.title.in_language(language), rows))
    return tuple(found)


def _answer_row(
    entry: Answered | AnsweredGroup, step: ShownStep, language: str, sources: Mapping[str, str]
) -> AnswerRow | None:
    key = entry.path.partition(".")[0]
    source = sources.get(key, "")
    words = SOURCE_WORDS[source].in_language(language) if source in SOURCE_WORDS else ""
    label = entry.question.label.in_language(language)
    if isinstance(entry, AnsweredGroup):
        row_label = entry.question.row_label.in_language(language)
        rows = tuple(
            (
                row_title(row_label, row.number + 1),
                tuple(found for one in row.questions if (found := _answer_row(one, step, language, {}))),
            )
            for row in entry.rows
        )
        return AnswerRow(entry.path, step.step.key, label, "", words, rows=rows, is_missing=not rows)
    question = entry.question
    if question.type == "text_block" or (question.type == "computed" and not question.is_shown):
        return None
    if entry.value is None:
        return AnswerRow(entry.path, step.step.key, label, "", is_missing=True)
    value = kind_of(question).show(question, entry.value, language, entry.other)
    ids = tuple(entry.value) if question.type == "files" else ()
    return AnswerRow(entry.path, step.step.key, label, value, words, ids)


def label_of(definition: FormDefinition, path: str, language: str = "ja") -> str:
    """The words for a path: the question's label, in a row with the row before it."""
    key, _, rest = path.partition(".")
    number, _, inner = rest.partition(".")
    try:
        question = definition.question(key.removesuffix(OTHER_SUFFIX) if key.endswith(OTHER_SUFFIX) else key)
    except KeyError:
        return path
    words = str(question.label.in_language(language))
    if isinstance(question, Group) and number.isdigit():
        inside = next((one for one in question.questions if one.key == inner), None)
        row = row_title(question.row_label.in_language(language), int(number) + 1)
        return f"{row}：{inside.label.in_language(language)}" if inside else row
    return words
