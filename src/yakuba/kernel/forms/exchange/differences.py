"""What differs between two versions of a form, question by question, in the words of the office (版の比較)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yakuba.kernel.expressions.api import Named, RuleFault, in_words
from yakuba.kernel.forms.exchange.question_list import PREFILL_WORDS
from yakuba.kernel.forms.exchange.settings import TYPE_WORDS, settings_of
from yakuba.kernel.forms.rules.definition import FormDefinition, Group, Step
from yakuba.kernel.forms.rules.naming import every_name
from yakuba.kernel.values.api import Text

_LANGUAGES = (("ja", ""), ("ja-easy", "（やさしい日本語）"), ("en", "（英語）"))
_TEXTS = {
    "label": "質問の文",
    "help": "説明",
    "why": "おたずねする理由",
    "statement": "文",
    "body": "説明する文",
}
_KINDS = {"added": "追加", "removed": "削除", "changed": "変更", "moved": "移動"}


class Said(str):
    """A rule in words that knows the rule: a question that is called otherwise now makes no other rule of it."""

    rule: Any

    def __new__(cls, words: str, rule: Any) -> Said:
        said = super().__new__(cls, words)
        said.rule = rule
        return said


@dataclass(frozen=True, slots=True)
class Change:
    """One thing about a question that differs: its name, before, after (empty: not there)."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One question, step or the form itself. ``kind``: added, removed, changed, moved; ``where`` the step it stands in."""

    kind: str
    subject: str
    title: str
    key: str
    where: str
    changes: tuple[Change, ...] = field(default=())

    @property
    def kind_words(self) -> str:
        return _KINDS[self.kind]

    @property
    def badge(self) -> str:
        """The look of its chip."""
        return {"added": "success", "removed": "error", "changed": "warning", "moved": "info"}[self.kind]


def compare(before: FormDefinition, after: FormDefinition) -> tuple[Difference, ...]:
    """Everything that differs, in the order of the newer form; what is gone stands at its old place's end."""
    return tuple(_differences(before, after))


def compare_questions(before: Any, after: Any, definition: FormDefinition) -> tuple[Change, ...]:
    """What differs between two states of one question; rules are told with the names of ``definition``."""
    names = every_name(definition)
    return tuple(_changes(facets(before, names), facets(after, names)))


def _differences(before: FormDefinition, after: FormDefinition) -> Iterator[Difference]:
    old_names, new_names = every_name(before), every_name(after)
    own = tuple(_changes(_form_facets(before), _form_facets(after)))
    if own:
        yield Difference("changed", "様式", after.title.ja, "", "", own)
    yield from _steps(before, after, old_names, new_names)
    old, new = dict(_placed(before)), dict(_placed(after))
    moved = _moved_within(old, new)
    for path, (question, step) in new.items():
        where = step.title.ja
        if path not in old:
            told = tuple(one for one in _changes({}, facets(question, _names(after, path, new_names))) if one.after)
            yield Difference("added", "質問", question.label.ja, path, where, told)
            continue
        was, old_step = old[path]
        changes = list(
            _changes(facets(was, _names(before, path, old_names)), facets(question, _names(after, path, new_names)))
        )
        if old_step.key != step.key:
            changes.insert(0, Change("画面", old_step.title.ja, where))
        elif path in moved:
            changes.insert(0, Change("順番", _place_words(old, path), _place_words(new, path)))
        if changes:
            is_only_place = all(one.what in ("順番", "画面") for one in changes)
            yield Difference(
                "moved" if is_only_place else "changed", "質問", question.label.ja, path, where, tuple(changes)
            )
    for path, (question, step) in old.items():
        if path not in new:
            yield Difference("removed", "質問", question.label.ja, path, step.title.ja)


def _steps(
    before: FormDefinition, after: FormDefinition, old_names: Mapping[str, Named], new_names: Mapping[str, Named]
) -> Iterator[Difference]:
    old, new = {one.key: one for one in before.steps}, {one.key: one for one in after.steps}
    moved = _moved(list(old), list(new))
    for key, step in new.items():
        if key not in old:
            yield Difference("added", "画面", step.title.ja, key, "")
            continue
        changes = list(_changes(_step_facets(old[key], before, old_names), _step_facets(step, after, new_names)))
        if key in moved:
            changes.insert(0, Change("順番", f"{list(old).index(key) + 1}番目", f"{list(new).index(key) + 1}番目"))
        if changes:
            yield Difference("changed", "画面", step.title.ja, key, "", tuple(changes))
    for key, step in old.items():
        if key not in new:
            yield Difference("removed", "画面", step.title.ja, key, "")


def _placed(form: FormDefinition) -> Iterator[tuple[str, tuple[Any, Step]]]:
    for step in form.steps:
        for question in step.questions:
            yield question.key, (question, step)
            if isinstance(question, Group):
                for one in question.questions:
                    yield f"{question.key}.{one.key}", (one, step)


def _place_words(placed: Mapping[str, tuple[Any, Step]], path: str) -> str:
    """Behind which question it stands."""
    group = path.rpartition(".")[0]
    step = placed[path][1].key
    among = [one for one, (_q, at) in placed.items() if at.key == step and one.rpartition(".")[0] == group]
    place = among.index(path)
    return f"「{placed[among[place - 1]][0].label.ja}」の次" if place else "はじめ"


def _moved(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The fewest entries that must have moved: those outside the longest run both orders share."""
    kept = set(new)
    places = {key: place for place, key in enumerate([one for one in old if one in kept])}
    row = [places[key] for key in new if key in places]
    best: list[list[int]] = []
    for value in row:
        at = next((n for n, run in enumerate(best) if run[-1] >= value), len(best))
        longest = [*best[at - 1], value] if at else [value]
        best[at : at + 1] = [longest]
    stays = set(best[-1]) if best else set()
    return {key for key, place in places.items() if place not in stays}


def _moved_within(old: Mapping[str, tuple[Any, Step]], new: Mapping[str, tuple[Any, Step]]) -> set[str]:
    """Questions that have another place among those of their step or group; a moved step moves none of them."""
    lists: dict[tuple[str, str], tuple[list[str], list[str]]] = {}
    for side, placed in enumerate((old, new)):
        for path, (_question, step) in placed.items():
            lists.setdefault((step.key, path.rpartition(".")[0]), ([], []))[side].append(path)
    return {path for before, after in lists.values() for path in _moved(before, after)}


def _names(form: FormDefinition, path: str, names: Mapping[str, Named]) -> Mapping[str, Named]:
    group = path.rpartition(".")[0]
    return every_name(form, group) if group else names


def _form_facets(form: FormDefinition) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, words in (("title", "題名"), ("introduction", "はじめの説明"), ("completion", "送った後の説明")):
        found |= _text(words, getattr(form, name))
    return found


def _step_facets(step: Step, form: FormDefinition, names: Mapping[str, Named]) -> dict[str, str]:
    titles = {one.key: one.title.ja for one in form.steps} | {"end": "終わり"}
    found = _text("題名", step.title) | _text("はじめの説明", step.introduction)
    found["出す条件"] = _said(step.when, names)
    ways = "\n".join(f"{_said(way.when, names) or 'いつも'} → {titles.get(way.to, way.to)}" for way in step.ways)
    found["次の画面"] = Said(ways, [(way.when, way.to) for way in step.ways]) if ways else ""
    return found


def facets(question: Any, names: Mapping[str, Named]) -> dict[str, str]:
    """Everything that can be said of a question, by name, in words."""
    found = {"種類": TYPE_WORDS[question.type], "名前（英数字）": question.key}
    for name, words in _TEXTS.items():
        found |= _text(words, getattr(question, name, None))
    if question.type not in ("text_block", "computed", "fee"):
        required = question.required
        found["必須"] = (
            {True: "必須", False: "任意"}[required] if isinstance(required, bool) else _said(required, names)
        )
    found["出す条件"] = _said(question.when, names)
    found["計算"] = _said(getattr(question, "value", None), names, as_value=True)
    for number, check in enumerate(question.checks, start=1):
        words = f"{_said(check.rule, names)}でなければ「{check.message.ja}」"
        found[f"入力の確認{number}"] = Said(words, (check.rule, check.message))
    found["はじめから入れておく値"] = PREFILL_WORDS.get(question.prefill, question.prefill)
    found |= _options(question, names)
    found |= _settings(question, names)
    return {name: words for name, words in found.items() if words}


def _options(question: Any, names: Mapping[str, Named]) -> dict[str, str]:
    options = getattr(question, "options", ())
    if not options:
        return {}
    found = {"選択肢": "\n".join(one.label.ja for one in options)}
    found["選択肢の値"] = "\n".join(f"{one.label.ja}＝{one.value}" for one in options)
    for code, words in _LANGUAGES[1:]:
        found[f"選択肢{words}"] = "\n".join(one.label.to_dict().get(code, "") for one in options).strip("\n")
    found["選択肢の説明"] = "\n".join(f"{one.label.ja}：{one.help.ja}" for one in options if one.help)
    whens = [(one.value, one.when) for one in options if one.when is not None]
    words = "\n".join(f"{one.label.ja}：{_said(one.when, names)}" for one in options if one.when is not None)
    found["選択肢を出す条件"] = Said(words, whens) if whens else ""
    return found


def _settings(question: Any, names: Mapping[str, Named]) -> dict[str, str]:
    written = question.model_dump(mode="json", exclude_defaults=True)
    found = {}
    for words, setting in settings_of(question.type).items():
        if setting.field not in written:
            continue
        if setting.field in ("earliest", "latest") and question.type == "date":
            found[words] = _said(written[setting.field], names, as_value=True)
        else:
            found[words] = setting.write(written[setting.field])
    return found


def _text(words: str, text: Text | None) -> dict[str, str]:
    if text is None:
        return {}
    given = text.to_dict()
    return {f"{words}{ending}": given[code] for code, ending in _LANGUAGES if given.get(code)}


def _said(rule: Any, names: Mapping[str, Named], *, as_value: bool = False) -> str:
    if rule is None:
        return ""
    try:
        return Said(in_words(rule, names=names, as_value=as_value), rule)
    except RuleFault:
        return Said(f"（読めない式：{rule}）"[:300], rule)


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name, ""), after.get(name, "")
        is_same = old.rule == new.rule if isinstance(old, Said) and isinstance(new, Said) else old == new
        if not is_same:
            yield Change(name, str(old), str(new))
