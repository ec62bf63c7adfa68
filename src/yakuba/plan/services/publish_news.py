"""News for everybody."""

from __future__ import annotations

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.parameters.api import is_sample_town
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.plan.access import MAY_STEER, ensure
from yakuba.plan.models import Initiative, News, Plan
from yakuba.plan.models.acted import acting


@verb("plan.publish_news", label="お知らせを公開する")
def publish_news(*, by: Person, plan: Plan, initiative: Initiative | None, title: str, text: str, clock: Clock) -> News:
    """Publish a short report today."""
    ensure(by, may=MAY_STEER, doing="お知らせを公開する")
    if not title.strip():
        raise Refusal("題名が空です。", field="title", hint="何があったかを短く書いてください。")
    return News.objects.create(
        plan=plan,
        initiative=initiative,
        title=title.strip(),
        text=text.strip(),
        published_on=clock.today(),
        is_sample=is_sample_town(),
        acted_at=clock.now(),
        **acting(by),
    )


@verb("plan.withdraw_news", label="お知らせを取り下げる")
def withdraw_news(*, by: Person, news: News, reason: str, clock: Clock) -> News:
    """Take news off the public pages, with a reason; it stays readable in the office."""
    ensure(by, may=MAY_STEER, doing="お知らせを取り下げる")
    if not reason.strip():
        raise Refusal("取り下げの理由が空です。", field="reason", hint="理由を書いてください。")
    kept = News.objects.select_for_update().get(pk=news.pk)
    if kept.withdrawn_on is not None:
        raise Refusal("このお知らせはすでに取り下げられています。", hint="一覧を開き直してください。")
    kept.withdrawn_on, kept.withdrawn_reason = clock.today(), reason.strip()
    kept.save()
    return kept
