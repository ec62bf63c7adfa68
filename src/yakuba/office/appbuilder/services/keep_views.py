"""Views people keep for themselves, or share."""

from __future__ import annotations

from yakuba.kernel.access.api import NotAllowed, NotVisible, Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.office.appbuilder.access import definition_of, sight_for
from yakuba.office.appbuilder.models import App, SavedView
from yakuba.office.appbuilder.rules.view_check import as_seen, problems_of_view
from yakuba.office.appbuilder.rules.views import AppView

MOST_OWN = 30


@verb("appbuilder.save_view", label="アプリの見方の保存")
def save_view(
    *, by: Person, app: App, view: AppView, is_shared: bool, clock: Clock, saved: SavedView | None = None
) -> SavedView:
    """Keep a view, or change one of one's own. Sharing is for those who may change records or manage the app.

    Raises `NotAllowed`, and `Refusal` for a view that is wrong or uses a field the person does not see.
    """
    app.refresh_from_db()
    definition = definition_of(app)
    sight = sight_for(by, app, definition)
    if app.closed_at is not None or not sight.see:
        raise NotVisible
    if saved is not None and (saved.app_id != app.pk or saved.made_by != by.id):
        raise NotAllowed("変えられるのは、自分で保存した見方だけです。")
    if is_shared and not (sight.edit or sight.manage):
        raise NotAllowed("見方をみんなに見せられるのは、記録を変えられる人です。")
    as_seen(view, definition, sight.visible)
    for message, hint in problems_of_view(view, definition):
        raise Refusal(message, hint=hint)
    if saved is None:
        if SavedView.objects.filter(app=app, made_by=by.id).count() >= MOST_OWN:
            raise Refusal(
                f"保存できる見方は、一つのアプリに{MOST_OWN}までです。", hint="使わないものを消してください。"
            )
        saved = SavedView(app=app, made_by=by.id)
    saved.name, saved.view, saved.is_shared = view.name, view.to_json(), is_shared
    saved.made_by_name, saved.saved_at = by.name, clock.now()
    saved.save()
    return saved


@verb("appbuilder.drop_view", label="保存した見方の削除")
def drop_view(*, by: Person, saved: SavedView) -> None:
    """Take a saved view away: one's own, or a shared one by those who manage the app."""
    sight = sight_for(by, saved.app, definition_of(saved.app))
    if saved.made_by != by.id and not (saved.is_shared and sight.manage):
        raise NotAllowed("消せるのは、自分で保存した見方だけです。")
    saved.delete()
