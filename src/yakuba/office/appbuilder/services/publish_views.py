"""Views before the public: asked for by managers, opened by a decision, stopped at any time."""

from __future__ import annotations

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind, system_person
from yakuba.kernel.approval.api import (
    DecisionMade,
    DecisionWithdrawn,
    ask_decision,
    decisions_on,
    requests_on,
    withdraw_request,
)
from yakuba.kernel.audit.api import verb
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.things.api import Ref, ref_of
from yakuba.kernel.values.api import TOKYO, Clock, Refusal
from yakuba.office.appbuilder.access import sight_for
from yakuba.office.appbuilder.models import App, PublicView
from yakuba.office.appbuilder.queries.publishing import in_readable_words
from yakuba.office.appbuilder.rules.care import missing
from yakuba.office.appbuilder.rules.publishing import published_content, publishing_problems
from yakuba.office.appbuilder.services.define import locked
from yakuba.office.appbuilder.services.use_checks import checking_section

SUBJECT = "appbuilder.public_view"
KIND = "アプリの見方の公開"


def _refuse_strangers(by: Person, app: App) -> None:
    if app.closed_at is not None or not sight_for(by, app).manage:
        raise NotAllowed("見方の公開を決めるのは、このアプリを管理する人です。")


@verb("appbuilder.ask_to_publish", label="アプリの見方の公開の決裁を求める")
def ask_to_publish(*, by: Person, app: App, key: str, clock: Clock) -> PublicView:
    """Ask to publish a view as it stands in the version in use; the one decision is also the check of a wider use.

    So it is put before whoever checks this app: the head of its section, for 要配慮個人情報 of the information systems
    section. Raises `Refusal` for what must not be public, while a decision is waiting, or when nobody can decide.
    """
    app = locked(app)
    _refuse_strangers(by, app)
    version = app.versions.filter(state="in_use").first()
    definition = version.content if version is not None else None
    view = definition.view(key) if definition is not None else None
    if definition is None or view is None:
        raise Refusal("この見方は、使用中の版にありません。", hint="先に下書きを使い始めてから、公開を求めてください。")
    for message, hint in publishing_problems(view, definition):
        raise Refusal(message, hint=hint)
    unsaid = missing(definition)
    if unsaid:
        raise Refusal(
            f"個人情報を扱うアプリの見方を公開するには、{'と'.join(unsaid)}が要ります。",
            hint="「目的と保存期間」に書いてから、公開を求めてください。",
        )
    if app.section is None:
        raise Refusal(
            "このアプリには所管課がないため、決裁する人がいません。", hint="所管課のあるアプリで作ってください。"
        )
    kept = PublicView.objects.select_for_update().filter(app=app, key=key).first() or PublicView(app=app, key=key)
    if kept.waiting:
        raise Refusal("この見方は、すでに決裁を待っています。", hint="変えるときは、先に公開をやめてください。")
    content = published_content(view, definition)
    if kept.content == content:
        raise Refusal("公開している内容と同じです。", hint="変えるところがなければ、決裁は要りません。")
    kept.waiting, kept.asked_by = content, by.id
    kept.save()
    section = checking_section(app, app.section, definition, clock.today())
    ask_decision(
        by=by,
        subject=ref_of(kept),
        title=f"アプリ「{app.title}」の見方「{view.name}」の公開",
        content={"app": app.public_id, "address": kept.public_id, **content},
        content_text=in_readable_words(app, view, definition),
        authority=section.authority,
        section=section,
        kind=KIND,
        clock=clock,
    )
    return kept


def hear_decision(event: DecisionMade) -> None:
    """Approved: what was asked for is public from now on, in the transaction of the decision. Else it is put aside."""
    kept = _asked(event.subject_kind, event.subject_id)
    if kept is None:
        return
    system = system_person("approval")
    if event.outcome == "approved":
        cited = decisions_on(Ref(SUBJECT, kept.public_id))
        words = f"{cited[0].decided_at.astimezone(TOKYO):%Y-%m-%d} {cited[0].title}" if cited else ""
        publish_view(by=system, public=kept, decision=words, clock=town_clock())
    else:
        put_view_aside(by=system, public=kept)


def hear_withdrawal(event: DecisionWithdrawn) -> None:
    """Whoever asked took the question back."""
    kept = _asked(event.subject_kind, event.subject_id)
    if kept is not None:
        put_view_aside(by=system_person("approval"), public=kept)


def _asked(kind: str, public_id: str) -> PublicView | None:
    if kind != SUBJECT:
        return None
    return PublicView.objects.filter(public_id=public_id).exclude(waiting={}).first()


@verb("appbuilder.publish_view", label="アプリの見方の公開")
def publish_view(*, by: Person, public: PublicView, decision: str, clock: Clock) -> PublicView:
    """Make public what was decided. Only the engine of decisions does this."""
    if by.kind is not PersonKind.SYSTEM:
        raise NotAllowed("見方を公開するのは、決裁だけです。")
    kept = PublicView.objects.select_for_update(of=("self",)).get(pk=public.pk)
    if not kept.waiting:
        raise Refusal("公開を求める内容がありません。", hint="見方の公開の画面から、もう一度求めてください。")
    kept.content, kept.waiting = kept.waiting, {}
    kept.decision, kept.public_since, kept.stopped_at = decision[:120], clock.now(), None
    kept.save()
    return kept


@verb("appbuilder.put_view_aside", label="アプリの見方の公開の取りやめ")
def put_view_aside(*, by: Person, public: PublicView) -> PublicView:
    """The decision was refused, sent back or withdrawn: nothing waits; what was public before stays so."""
    kept = PublicView.objects.select_for_update(of=("self",)).get(pk=public.pk)
    kept.waiting = {}
    kept.save(update_fields=["waiting"])
    return kept


@verb("appbuilder.stop_publishing", label="アプリの見方の公開をやめる")
def stop_publishing(*, by: Person, public: PublicView, clock: Clock) -> PublicView:
    """Nobody outside sees it any more, at once; a decision that is still waiting is taken back."""
    app = locked(public.app)
    _refuse_strangers(by, app)
    for request in requests_on(Ref(SUBJECT, public.public_id)):
        if request.is_waiting:
            withdraw_request(
                by=system_person("appbuilder"), request=request, reason="公開を求めるのをやめたため", clock=clock
            )
    kept = PublicView.objects.select_for_update(of=("self",)).get(pk=public.pk)
    kept.content, kept.waiting = {}, {}
    kept.stopped_at = clock.now()
    kept.save(update_fields=["content", "waiting", "stopped_at"])
    return kept
