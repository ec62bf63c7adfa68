"""What can be done to a person's record: hire, transfer, appoint, leave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from yakuba.kernel.access.api import Face, NotVisible, Role, page
from yakuba.kernel.japan.api import era_date
from yakuba.kernel.organisation import forms
from yakuba.kernel.organisation import services as verbs
from yakuba.kernel.organisation.access import editors, get_for
from yakuba.kernel.organisation.models import Deputy, Posting, RoleGrant, Staff
from yakuba.kernel.organisation.views.acting import Act, answer
from yakuba.kernel.organisation.views.staff import person_url


def after(last_day: date | None) -> date | None:
    """The first day that no longer counts, for a last day people speak of."""
    return None if last_day is None or last_day == date.max else last_day + timedelta(days=1)


@page(Face.OFFICE, may=editors)
def hire(request: HttpRequest) -> HttpResponse:
    """Take somebody into service."""
    asking: Any = request
    form = forms.HireForm(request.POST or None, today=asking.clock.today())

    def run(form: Any) -> str:
        values = dict(form.cleaned_data)
        return person_url(verbs.hire_staff(by=asking.person, leaves_on=after(values.pop("last_day")), **values))

    act = Act(
        title="採用・任用",
        submit="登録する",
        lead="採用日の0時から、所属と職に伴う権限が有効になります。",
        run=run,
        done="登録しました。",
        back=reverse("organisation-directory"),
        back_title="職員名簿",
    )
    return answer(request, act, form)


@page(Face.OFFICE, may=editors)
def act_on_person(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    """Transfer, post, appoint, renew, let leave or correct a person."""
    asking: Any = request
    staff = get_for(asking.person, public_id, asking.clock.today())
    make = _ACTS.get(act)
    if make is None:
        raise Http404
    made, form = make(asking, staff)
    return answer(request, made, form)


def _transfer(asking: Any, staff: Staff) -> tuple[Act, forms.ActForm]:
    form = forms.TransferForm(asking.POST or None, today=asking.clock.today())
    return _act(
        staff,
        title="異動",
        submit="異動を登録する",
        lead="発令日の0時から本務の所属と職が変わります。それまでの本務は前日で終わります。",
        done="異動を登録しました。",
        run=lambda form: _to(staff, verbs.transfer_staff(by=asking.person, staff=staff, **form.cleaned_data)),
    ), form


def _concurrent(asking: Any, staff: Staff) -> tuple[Act, forms.ActForm]:
    form = forms.ConcurrentForm(asking.POST or None, today=asking.clock.today())

    def run(form: Any) -> str:
        values = dict(form.cleaned_data)
        ends_on = after(values.pop("last_day"))
        return _to(staff, verbs.post_staff(by=asking.person, staff=staff, ends_on=ends_on, **values))

    return _act(
        staff,
        title="兼務",
        submit="兼務を登録する",
        lead="本務の所属はそのままで、別の所属を兼ねます。",
        done="兼務を登録しました。",
        run=run,
    ), form


def _grant(asking: Any, staff: Staff) -> tuple[Act, forms.ActForm]:
    form = forms.GrantForm(asking.POST or None, today=asking.clock.today())

    def run(form: Any) -> str:
        values = dict(form.cleaned_data)
        ends_on = after(values.pop("last_day"))
        values["role"] = Role(values["role"])
        return _to(staff, verbs.grant_role(by=asking.person, staff=staff, ends_on=ends_on, **values))

    return _act(
        staff,
        title="権限の任命",
        submit="任命する",
        lead="職に伴わない権限を、根拠と期間を示して与えます。自分自身に与えることはできません。",
        done="権限を任命しました。",
        run=run,
    ), form


def _deputy(asking: Any, staff: Staff) -> tuple[Act, forms.ActForm]:
    form = forms.DeputyForm(asking.POST or None, today=asking.clock.today())

    def run(form: Any) -> str:
        values = dict(form.cleaned_data)
        ends_on = after(values.pop("last_day"))
        return _to(staff, verbs.appoint_deputy(by=asking.person, staff=staff, ends_on=ends_on, **values))

    return _act(
        staff,
        title="代決者の指定",
        submit="指定する",
        lead=f"{staff.name}が不在のときに代わって決裁する人を、順位をつけて決めます。",
        done="代決者を指定しました。",
        run=run,
    ), form


def _leave(asking: Any, staff: Staff) -> tuple[Act, forms.ActForm]:
    form = forms.LeaveForm(asking.POST or None, today=asking.clock.today())
    return _act(
        staff,
        title="退職",
        submit="退職を登録する",
        lead="最後に在職する日の翌日の0時から、アカウントが使えなくなり、発令・権限・代決も終わります。"
        "未完了の仕事は「引き継ぎ待ちの仕事」に出ます。",
        done="退職を登録しました。引き継ぎ待ちの仕事がないか確かめてください。",
        run=lambda form: _to(staff, verbs.record_leaving(by=asking.person, staff=staff, **form.cleaned_data)),
        danger=True,
    ), form


def _withdraw_leaving(asking: Any, staff: Staff) -> tuple[Act, forms.ActForm]:
    form = forms.NothingForm(asking.POST if asking.method == "POST" else None, today=asking.clock.today())
    return _act(
        staff,
        title="退職の取消し",
        submit="退職を取り消す",
        lead="登録した退職を取りやめます。所属と職は元どおり続きます。権限と代決者は任命し直してください。",
        done="退職を取り消しました。",
        run=lambda form: _to(staff, verbs.withdraw_leaving(by=asking.person, staff=staff, clock=asking.clock)),
    ), form


def _renew(asking: Any, staff: Staff) -> tuple[Act, forms.ActForm]:
    form = forms.RenewForm(asking.POST or None, today=asking.clock.today())
    last = f"今の任期の末日は{era_date(staff.leaves_on - timedelta(days=1))}です。" if staff.leaves_on else ""
    return _act(
        staff,
        title="任期の更新",
        submit="更新する",
        lead=f"任期を延ばします。{last}任期とともに終わる発令も続きます。",
        done="任期を更新しました。",
        run=lambda form: _to(staff, verbs.renew_term(by=asking.person, staff=staff, **form.cleaned_data)),
    ), form


def _correct(asking: Any, staff: Staff) -> tuple[Act, forms.ActForm]:
    initial = {
        "name": staff.name,
        "name_kana": staff.name_kana,
        "employment": staff.employment,
        "joined_on": staff.joined_on,
        "mail": staff.mail,
        "organisation": staff.organisation.public_id if staff.organisation else None,
        "version": staff.version,
    }
    form = forms.CorrectStaffForm(asking.POST or None, initial=initial, today=asking.clock.today())
    return _act(
        staff,
        title="記録の訂正",
        submit="訂正する",
        lead="氏名の変更や、誤って登録した内容を直します。所属や職の変更は「異動」を使ってください。",
        done="記録を訂正しました。",
        run=lambda form: _to(staff, verbs.correct_staff(by=asking.person, staff=staff, **form.cleaned_data)),
        now=(
            ("氏名", staff.name),
            ("ふりがな", staff.name_kana),
            ("任用の種類", staff.get_employment_display()),
            ("採用日", era_date(staff.joined_on)),
            ("メール", staff.mail),
        ),
    ), form


_ACTS: dict[str, Callable[[Any, Staff], tuple[Act, forms.ActForm]]] = {
    "transfer": _transfer,
    "concurrent": _concurrent,
    "grant": _grant,
    "deputy": _deputy,
    "leave": _leave,
    "withdraw-leaving": _withdraw_leaving,
    "renew": _renew,
    "correct": _correct,
}


@page(Face.OFFICE, may=editors)
def end_posting(request: HttpRequest, public_id: str) -> HttpResponse:
    """End a concurrent posting."""
    asking: Any = request
    posting = _row(Posting, public_id)
    form = forms.LastDayForm(request.POST or None, today=asking.clock.today())
    act = _act(
        posting.staff,
        title="兼務を解く",
        submit="兼務を解く",
        lead=f"「{posting.section.name} {posting.post.title}」の兼務を終えます。",
        done="兼務を解きました。",
        run=lambda form: _to(posting.staff, verbs.end_posting(by=asking.person, posting=posting, **form.cleaned_data)),
    )
    return answer(request, act, form)


@page(Face.OFFICE, may=editors)
def correct_posting(request: HttpRequest, public_id: str) -> HttpResponse:
    """Correct a posting that was recorded wrongly."""
    asking: Any = request
    posting = _row(Posting, public_id)
    initial = {
        "section": posting.section.public_id,
        "post": posting.post.public_id,
        "starts_on": posting.starts_on,
        "last_day": posting.ends_on and posting.ends_on - timedelta(days=1),
        "is_main": posting.is_main,
        "ground": posting.ground,
    }
    form = forms.CorrectPostingForm(
        request.POST or None, initial=initial, today=asking.clock.today(), posting_section=posting.section
    )

    def run(form: Any) -> str:
        values = dict(form.cleaned_data)
        ends_on = after(values.pop("last_day"))
        return _to(posting.staff, verbs.correct_posting(by=asking.person, posting=posting, ends_on=ends_on, **values))

    act = _act(
        posting.staff,
        title="発令の記録の訂正",
        submit="訂正する",
        lead="はじめから登録が誤っていたときに直します。所属や職が実際に変わったときは「異動」を使ってください。",
        done="発令の記録を訂正しました。",
        run=run,
        now=(("所属・職", f"{posting.section.name} {posting.post.title}"), ("発令日", era_date(posting.starts_on))),
    )
    return answer(request, act, form)


@page(Face.OFFICE, may=editors)
def withdraw_posting(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take back a posting that has not begun."""
    asking: Any = request
    posting = _row(Posting, public_id)
    form = forms.NothingForm(request.POST if request.method == "POST" else None, today=asking.clock.today())
    act = _act(
        posting.staff,
        title="発令の取消し",
        submit="発令を取り消す",
        lead=f"{era_date(posting.starts_on)}からの「{posting.section.name} {posting.post.title}」の発令を取りやめます。"
        "本務の異動だったときは、それまでの所属が続きます。",
        done="発令を取り消しました。",
        run=lambda form: _to(
            posting.staff, verbs.withdraw_posting(by=asking.person, posting=posting, clock=asking.clock)
        ),
        danger=True,
    )
    return answer(request, act, form)


@page(Face.OFFICE, may=editors)
def end_role(request: HttpRequest, public_id: str) -> HttpResponse:
    """End an appointment to a role."""
    asking: Any = request
    grant = _row(RoleGrant, public_id)
    form = forms.LastDayForm(request.POST or None, today=asking.clock.today())
    act = _act(
        grant.staff,
        title="権限の任命を終える",
        submit="任命を終える",
        lead=f"「{grant}」の権限は、最後の日の翌日の0時から無くなります。",
        done="任命を終えました。",
        run=lambda form: _to(
            grant.staff, verbs.end_role(by=asking.person, grant=grant, clock=asking.clock, **form.cleaned_data)
        ),
    )
    return answer(request, act, form)


@page(Face.OFFICE, may=editors)
def end_deputy(request: HttpRequest, public_id: str) -> HttpResponse:
    """End the appointment of a deputy."""
    asking: Any = request
    deputy = _row(Deputy, public_id)
    form = forms.LastDayForm(request.POST or None, today=asking.clock.today())
    act = _act(
        deputy.staff,
        title="代決者の指定を終える",
        submit="指定を終える",
        lead=f"{deputy.deputy.name}は、最後の日の翌日の0時から{deputy.staff.name}の代決者ではなくなります。",
        done="代決者の指定を終えました。",
        run=lambda form: _to(
            deputy.staff, verbs.end_deputy(by=asking.person, deputy=deputy, clock=asking.clock, **form.cleaned_data)
        ),
    )
    return answer(request, act, form)


def _row(model: Any, public_id: str) -> Any:
    """A dated row by its public id; only those who keep records come here."""
    found = model.objects.filter(public_id=public_id).select_related("staff").first()
    if found is None:
        raise NotVisible
    return found


def _to(staff: Staff, done: object) -> str:
    return person_url(staff)


def _act(staff: Staff, **words: Any) -> Act:
    return Act(back=person_url(staff), back_title=staff.name, **words)
