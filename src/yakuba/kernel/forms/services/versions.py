"""The life of a version: drafted, checked by another person, decided, live, closed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yakuba.kernel.access.api import NotAllowed, Person
from yakuba.kernel.approval.api import ask_decision
from yakuba.kernel.audit.api import verb
from yakuba.kernel.events.api import publish
from yakuba.kernel.forms.access import may_edit
from yakuba.kernel.forms.events import FormClosed, FormWentLive
from yakuba.kernel.forms.fillings import TRIAL
from yakuba.kernel.forms.models import FillingState, Form, FormVersion
from yakuba.kernel.forms.rules.check import Weight, check_definition
from yakuba.kernel.forms.rules.definition import FormDefinition
from yakuba.kernel.forms.rules.lifecycle import VERSION_LIFE, LegalGround, VersionState
from yakuba.kernel.forms.sealing import digest
from yakuba.kernel.forms.services.draft_steps import forget_steps, note_step, other_step
from yakuba.kernel.organisation.models import Authority, Section, Staff
from yakuba.kernel.parameters.api import is_sample_town
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Clock, Refusal

KIND = "様式の公開"


class EditedMeanwhile(Refusal):
    """Somebody else changed the draft since the page was made."""

    def __init__(self, theirs: FormVersion) -> None:
        super().__init__(
            "この下書きは、開いている間にほかの職員が変えました。",
            hint="いまの内容を見てから、あなたの変更をもう一度加えてください。",
        )
        self.theirs = theirs


@verb("forms.create_form", label="様式を作る")
def create_form(*, by: Person, definition: FormDefinition, section: Section | None, clock: Clock) -> FormVersion:
    """A new form with its first draft. Raises `Refusal` when the key is taken."""
    if Form.objects.filter(key=definition.key).exists():
        raise Refusal(
            f"「{definition.key}」という名前の様式は、すでにあります。", field="key", hint="別の名前を付けてください。"
        )
    form = Form.objects.create(
        key=definition.key,
        title=definition.title.ja[:120],
        section=section,
        is_sample=is_sample_town(),
        created_at=clock.now(),
    )
    _may(by, form)
    return _draft(by, form, 1, definition, clock)


@verb("forms.draft_version", label="様式の新しい版を作る")
def draft_version(*, by: Person, form: Form, definition: FormDefinition, note: str, clock: Clock) -> FormVersion:
    """The next version as a draft. Raises `Refusal` while there is a draft already or the key differs."""
    _may(by, form)
    if definition.key != form.key:
        raise Refusal("様式の名前（key）が違います。", field="key", hint=f"「{form.key}」の様式を選んでください。")
    latest = form.versions.select_for_update().order_by("-number").first()
    if latest is not None and latest.life in (VersionState.DRAFT, VersionState.REVIEWED):
        raise Refusal(
            f"第{latest.number}版が、まだ{latest.life.label}です。",
            hint="その下書きを直すか、使わないことにしてください。",
        )
    version = _draft(by, form, latest.number + 1 if latest else 1, definition, clock)
    version.note = note[:300]
    if latest is not None:
        version.law, version.online_ground = latest.law, latest.online_ground
        version.signature_rule, version.purpose = latest.signature_rule, latest.purpose
    version.save()
    return version


@verb("forms.change_draft", label="様式の下書きを変える")
def change_draft(
    *,
    by: Person,
    version: FormVersion,
    seen_edition: int,
    definition: FormDefinition | None = None,
    ground: LegalGround | None = None,
    opening: tuple[datetime | None, datetime | None, int | None] | None = None,
    label: str = "変更",
    clock: Clock,
) -> FormVersion:
    """Change what a draft asks, its ground, or when and for how many it will be open. What is not given stays.

    ``label`` says in the history of the draft what was done to its questions. Raises `EditedMeanwhile`, and `Refusal` for a version that is no draft.
    """
    version = _draft_of(by, version, seen_edition)
    if definition is not None:
        if definition.key != version.form.key:
            raise Refusal("様式の名前（key）は変えられません。", field="key", hint="新しい様式を作ってください。")
        before, after = version.definition, definition.to_json()
        if after != before:
            note_step(version, by=by, before=before, after=after, label=label, clock=clock)
            set_definition(version, after)
    if ground is not None:
        version.law, version.online_ground = ground.law, ground.online
        version.signature_rule, version.purpose = ground.signature, ground.purpose
    if opening is not None:
        version.opens_at, version.closes_at, version.capacity = opening
    version.changed_at = clock.now()
    version.edition += 1
    version.save()
    return version


@verb("forms.undo_draft", label="様式の下書きを前の状態に戻す")
def undo_draft(*, by: Person, version: FormVersion, seen_edition: int, steps: int, clock: Clock) -> FormVersion:
    """Back (``steps`` below zero) or forward again (above zero) along the history of a draft.

    Raises `EditedMeanwhile`, and `Refusal` where the history ends.
    """
    version = _draft_of(by, version, seen_edition)
    target = other_step(version, steps)
    set_definition(version, target.definition)
    version.changed_at = clock.now()
    version.edition += 1
    version.save()
    return version


def _draft_of(by: Person, version: FormVersion, seen_edition: int) -> FormVersion:
    """The draft, held for changing. Raises `NotAllowed`, `EditedMeanwhile`, `Refusal`."""
    version = FormVersion.objects.select_for_update(of=("self",)).select_related("form").get(pk=version.pk)
    _may(by, version.form)
    if version.life is not VersionState.DRAFT:
        raise Refusal(
            f"この版は{version.life.label}のため、変えられません。", hint="下書きに戻すか、新しい版を作ってください。"
        )
    if version.edition != seen_edition:
        raise EditedMeanwhile(version)
    return version


@verb("forms.ask_for_publication", label="様式を確かめ、公開の決裁を求める")
def ask_for_publication(*, by: Person, version: FormVersion, authority: Authority, clock: Clock) -> FormVersion:
    """Another person than the author says that the draft is right, and asks for the decision to publish it.

    Raises `Refusal` while something must be put right or the legal ground is incomplete.
    """
    version = (
        FormVersion.objects.select_for_update(of=("self",)).select_related("form", "form__section").get(pk=version.pk)
    )
    _may(by, version.form)
    VERSION_LIFE.check(version.life, VersionState.REVIEWED)
    if version.author_id is not None and version.author_id == by.staff_id:
        raise NotAllowed("自分で作った様式は、自分では確かめられません。ほかの職員に頼んでください。")
    definition = version.read()
    must = [one for one in check_definition(definition) if one.weight is Weight.MUST]
    if must:
        raise Refusal(
            f"直すところが{len(must)}件あるため、公開に進めません（はじめは「{must[0].question or must[0].step}」：{must[0].message}）",
            hint="「公開前の確認」の一覧を見て直してください。",
        )
    if missing := version.ground.missing():
        raise Refusal(
            f"根拠がそろっていません：{'、'.join(missing)}。", field="ground", hint="「根拠」の画面で記入してください。"
        )
    if version.form.section is None:
        raise Refusal("担当の課が決まっていません。", field="section", hint="様式の担当を決めてください。")
    version.state = VersionState.REVIEWED
    version.reviewer = Staff.objects.get(pk=by.staff_id) if by.staff_id else None
    version.changed_at = clock.now()
    version.save()
    ask_decision(
        by=by,
        subject=ref_of(version),
        title=f"様式「{version.form.title}」第{version.number}版の公開",
        content=content_of(version),
        content_text=_readable(version, definition),
        authority=authority,
        section=version.form.section,
        kind=KIND,
        clock=clock,
    )
    return version


def content_of(version: FormVersion) -> dict[str, Any]:
    """Exactly what is decided when a version is published."""
    return {
        "form": version.form.key,
        "number": version.number,
        "definition": version.digest,
        "law": version.law,
        "online_ground": version.online_ground,
        "signature_rule": version.signature_rule,
        "purpose": version.purpose,
    }


@verb("forms.return_to_draft", label="様式を下書きに戻す")
def return_to_draft(*, by: Person, version: FormVersion, clock: Clock) -> FormVersion:
    """Back to the drawing board: the decision was refused, sent back or withdrawn."""
    version = FormVersion.objects.select_for_update().get(pk=version.pk)
    VERSION_LIFE.check(version.life, VersionState.DRAFT)
    version.state = VersionState.DRAFT
    version.reviewer = None
    version.changed_at = clock.now()
    version.edition += 1
    version.save()
    return version


@verb("forms.publish_version", label="様式を公開する")
def publish_version(*, by: Person, version: FormVersion, decision: str, clock: Clock) -> FormVersion:
    """Go live after the decision named by ``decision``; the version that was live until now is closed.

    What was begun on the old version can still be sent on it.
    """
    version = FormVersion.objects.select_for_update(of=("self",)).select_related("form").get(pk=version.pk)
    VERSION_LIFE.check(version.life, VersionState.LIVE)
    if missing := version.ground.missing():
        raise Refusal(f"根拠がそろっていません：{'、'.join(missing)}。", hint="根拠を記入してから公開してください。")
    now = clock.now()
    for older in FormVersion.objects.select_for_update().filter(form=version.form, state=VersionState.LIVE):
        older.state = VersionState.CLOSED
        older.closed_at = now
        older.save()
    version.state = VersionState.LIVE
    version.decision = decision[:80]
    version.live_at = now
    version.save()
    forget_steps(version)
    publish(FormWentLive(form_key=version.form.key, version_public_id=version.public_id, decision=version.decision))
    return version


@verb("forms.close_version", label="様式の受付を終える")
def close_version(*, by: Person, version: FormVersion, clock: Clock) -> FormVersion:
    """Take nothing new; what was begun may still be sent."""
    version = FormVersion.objects.select_for_update(of=("self",)).select_related("form").get(pk=version.pk)
    _may(by, version.form)
    VERSION_LIFE.check(version.life, VersionState.CLOSED)
    version.state = VersionState.CLOSED
    version.closed_at = clock.now()
    version.save()
    publish(FormClosed(form_key=version.form.key, version_public_id=version.public_id))
    return version


@verb("forms.reopen_version", label="様式の受付を再開する")
def reopen_version(*, by: Person, version: FormVersion, clock: Clock) -> FormVersion:
    """Open a closed version again under the same decision. Raises `Refusal` while another version is live."""
    version = FormVersion.objects.select_for_update(of=("self",)).select_related("form").get(pk=version.pk)
    _may(by, version.form)
    VERSION_LIFE.check(version.life, VersionState.LIVE)
    if version.life is VersionState.REVIEWED:
        raise Refusal("まだ決裁が下りていません。", hint="決裁を待ってください。")
    if FormVersion.objects.filter(form=version.form, state=VersionState.LIVE).exists():
        raise Refusal("別の版が公開中です。", hint="公開中の版を先に終えてください。")
    version.state = VersionState.LIVE
    version.closed_at = None
    version.save()
    publish(FormWentLive(form_key=version.form.key, version_public_id=version.public_id, decision=version.decision))
    return version


@verb("forms.archive_version", label="様式の版を保管に移す")
def archive_version(*, by: Person, version: FormVersion, clock: Clock) -> FormVersion:
    """Put a draft that is not used, or a closed version on which nothing is half written any more, away.

    Raises `Refusal` while something begun on it could still be sent.
    """
    version = FormVersion.objects.select_for_update(of=("self",)).select_related("form").get(pk=version.pk)
    _may(by, version.form)
    VERSION_LIFE.check(version.life, VersionState.ARCHIVED)
    begun = version.fillings.filter(state=FillingState.OPEN).exclude(about=TRIAL).count()
    if begun:
        raise Refusal(
            f"この版で書きかけの申請が{begun}件あります。",
            hint="最後に触れてから3か月で消えます。そのあとで保管に移してください。",
        )
    version.state = VersionState.ARCHIVED
    version.changed_at = clock.now()
    version.save()
    forget_steps(version)
    return version


@verb("forms.assign_form", label="様式の担当を決める")
def assign_form(*, by: Person, form: Form, section: Section | None) -> Form:
    """Hand the form over to another section, or to nobody: then the secretariat alone keeps it."""
    form = Form.objects.select_for_update().get(pk=form.pk)
    _may(by, form)
    form.section = section
    form.save(update_fields=["section"])
    return form


def set_definition(version: FormVersion, definition: dict[str, Any]) -> None:
    """Give a version another definition; the title of its form follows. The caller saves the version."""
    version.definition = definition
    version.digest = digest(definition)
    title = definition["title"]
    version.form.title = (title if isinstance(title, str) else title["ja"])[:120]
    version.form.save(update_fields=["title"])


def _draft(by: Person, form: Form, number: int, definition: FormDefinition, clock: Clock) -> FormVersion:
    stored = definition.to_json()
    return FormVersion.objects.create(
        form=form,
        number=number,
        definition=stored,
        digest=digest(stored),
        author=Staff.objects.get(pk=by.staff_id) if by.staff_id else None,
        created_at=clock.now(),
        changed_at=clock.now(),
    )


def _may(by: Person, form: Form) -> None:
    if not may_edit(by, form):
        raise NotAllowed("この様式を変えられるのは、担当課の職員とDX推進事務局だけです。")


def _readable(version: FormVersion, definition: FormDefinition) -> str:
    count = sum(1 for _ in definition.questions())
    return "\n".join(
        (
            f"様式「{definition.title.ja}」第{version.number}版を公開し、オンラインで受け付ける。",
            f"画面{len(definition.steps)}、質問{count}。",
            f"手続の根拠：{version.law}",
            f"オンラインで受け付ける根拠：{version.online_ground}",
            f"署名・押印の定めと扱い：{version.signature_rule}",
            f"個人情報の利用目的：{version.purpose}",
        )
    )
