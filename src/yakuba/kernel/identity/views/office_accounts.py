"""``/office/accounts/``: accounts of the staff, for personnel and information systems; the auditor reads."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.kernel.access.api import Face, Role, page, role
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.identity.access import account_of, devices_visible_to, get_for, visible_to
from yakuba.kernel.identity.confirmation import ask_to_confirm, is_confirmed
from yakuba.kernel.identity.directory.registry import directory_words, has_directory
from yakuba.kernel.identity.forms import DeviceForm, LockForm
from yakuba.kernel.identity.models import Account, SignIn
from yakuba.kernel.identity.passwords import is_password_elsewhere
from yakuba.kernel.identity.persons import is_usable
from yakuba.kernel.identity.queries import open_sign_ins
from yakuba.kernel.identity.sealing import seal, unseal
from yakuba.kernel.identity.second_factors import factors_of
from yakuba.kernel.identity.services.change_password import hashed_password, one_time_password, reset_password
from yakuba.kernel.identity.services.devices import describe_device
from yakuba.kernel.identity.services.lock_account import clear_factors, lock_account, unlock_account
from yakuba.kernel.identity.services.open_account import open_account
from yakuba.kernel.japan.api import fold
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing, Searched
from yakuba.kernel.values.api import Refusal

_LIST = viewing("identity.account_list", label="アカウントの一覧の閲覧")
_ACCOUNT = viewing("identity.account", label="アカウントの閲覧")
_DEVICE = viewing("identity.device", label="端末の利用者の閲覧")
_FRESH = "yakuba.fresh_password"

keepers = role(Role.IT, Role.PERSONNEL)
readers = role(Role.IT, Role.PERSONNEL, Role.AUDITOR)


def _state(staff: Any) -> str:
    if staff.state_account is None:
        return "未発行"
    if staff.state_locked:
        return "停止中"
    return "初回のパスワード" if staff.state_must_change else "使用中"


def _in_state(staff: QuerySet[Staff], chosen: str) -> QuerySet[Staff]:
    wanted = {"none": Q(state_account__isnull=True), "locked": Q(state_locked=True)}
    return staff.filter(wanted.get(chosen, Q(state_account__isnull=False, state_locked=False)))


def _with_factor(staff: QuerySet[Staff], chosen: str) -> QuerySet[Staff]:
    has_one = Exists(Authenticator.objects.filter(user__staff=OuterRef("pk")))
    return staff.filter(has_one) if chosen == "yes" else staff.filter(~has_one)


_LIGHTS = {"未発行": "", "停止中": "error", "初回のパスワード": "warning", "使用中": "success"}

ACCOUNTS = Listing(
    name="accounts",
    title="アカウント",
    columns=(
        Column("number", "職員番号", "number", sort="number", search=("number",), url=lambda staff: reverse("office-account-of", args=[staff.public_id])),
        Column("name", "氏名", "name", sort="name_kana", search=(Searched("search_key", fold),)),
        Column("employment", "任用", lambda staff: staff.get_employment_display(), sort="employment"),
        Column("state", "状態", _state, badge=lambda staff: _LIGHTS[_state(staff)]),
        Column("factor", "二つめの確認", lambda staff: "あり" if staff.state_factor else "なし"),
        Column("last", "最後のログイン", "state_last", sort="state_last", kind=Kind.DATE),
        Column("leaves", "退職日の翌日", "leaves_on", sort="leaves_on", kind=Kind.DATE),
    ),
    filters=(
        Filter("state", "状態", (("none", "未発行"), ("locked", "停止中"), ("open", "使用中")), apply=_in_state),
        Filter("factor", "二つめの確認", (("yes", "あり"), ("no", "なし")), apply=_with_factor),
    ),
    order=("number",),
)  # fmt: skip


@page(Face.OFFICE, may=readers)
@never_cache
@require_safe
def office_accounts(request: HttpRequest) -> HttpResponse:
    """All staff with the state of their accounts."""
    person = request.person  # type: ignore[attr-defined]
    account = Account.objects.filter(staff=OuterRef("pk"))
    today = request.clock.today()  # type: ignore[attr-defined]
    staff = visible_to(person).annotate(
        state_account=Subquery(account.values("pk")[:1]),
        state_locked=Exists(account.filter(Q(locked_on__lte=today) | Q(is_active=False))),
        state_must_change=Exists(account.filter(must_change_password=True)),
        state_factor=Exists(Authenticator.objects.filter(user__staff=OuterRef("pk"))),
        state_last=Subquery(
            SignIn.objects.filter(account__staff=OuterRef("pk")).order_by("-started_at").values("started_at")[:1]
        ),
    )

    def note(shown: Any, how: str) -> None:
        record_view(by=person, subjects=list(shown), what=_LIST)

    context = {"without": staff.filter(state_account__isnull=True).count(), "may_change": keepers.allows(person)}
    return ACCOUNTS.answer(request, staff, template="identity/office_accounts.html", context=context, on_show=note)


@page(Face.OFFICE, may=readers)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def office_account_of(request: HttpRequest, public_id: str) -> HttpResponse:
    """One account: issue, one-time password, second factors, lock."""
    person = request.person  # type: ignore[attr-defined]
    staff = get_for(person, public_id)
    account = account_of(staff)
    form = LockForm(request.POST or None, initial={"from_day": request.clock.today()})  # type: ignore[attr-defined]
    refusal: Refusal | None = None
    if request.method == "POST":
        if keepers.allows(person) and not is_confirmed(request):
            return ask_to_confirm(request, otherwise=request.get_full_path())
        try:
            return _act(request, staff, account, form)
        except Refusal as no:
            refusal = no
    if account is not None:
        record_view(by=person, subjects=[account], what=_ACCOUNT)
    context = {
        "staff": staff,
        "account": account,
        "is_usable": account is not None and is_usable(account, request.clock.today()),  # type: ignore[attr-defined]
        "factors": factors_of(account) if account else None,
        "sign_ins": open_sign_ins(account) if account else [],
        "may_change": keepers.allows(person),
        "has_directory": has_directory(),
        "directory": directory_words(),
        "is_own": account is not None and account.public_id == person.id,
        "is_password_elsewhere": account is not None and is_password_elsewhere(account),
        "form": form,
        "refusal": refusal,
    }
    return render(request, "identity/office_account_of.html", context, status=422 if request.method == "POST" else 200)


@page(Face.OFFICE, may=keepers)
@never_cache
@require_safe
def office_password_slip(request: HttpRequest, public_id: str) -> HttpResponse:
    """The slip with the one-time password, to be printed and handed over; shown once."""
    staff = get_for(request.person, public_id)  # type: ignore[attr-defined]
    kept = request.session.get(_FRESH)
    if not isinstance(kept, dict) or kept.get("staff") != staff.public_id:
        return HttpResponseRedirect(reverse("office-account-of", args=[staff.public_id]))
    del request.session[_FRESH]
    return render(request, "identity/office_password_slip.html", {"staff": staff, "password": unseal(kept["password"])})


def _act(request: HttpRequest, staff: Staff, account: Account | None, form: LockForm) -> HttpResponse:
    person = request.person  # type: ignore[attr-defined]
    clock = request.clock  # type: ignore[attr-defined]
    act = request.POST.get("act", "")
    if not keepers.allows(person):
        raise Refusal("アカウントを変えられるのは、情報システム担当と人事担当です。")
    back = HttpResponseRedirect(reverse("office-account-of", args=[staff.public_id]))
    if account is None:
        if act == "open-directory" and has_directory():
            open_account(by=person, staff=staff, hashed=None, clock=clock)
            messages.success(request, "アカウントを発行しました。庁内の認証基盤のパスワードで入れます。")
            return back
        if act == "open":
            password = one_time_password()
            open_account(by=person, staff=staff, hashed=hashed_password(password), clock=clock)
            return _slip(request, staff, password)
        raise Refusal("アカウントがまだありません。")
    if act == "reset":
        password = one_time_password()
        reset_password(by=person, account=account, hashed=hashed_password(password), clock=clock)
        return _slip(request, staff, password)
    if act == "clear":
        if is_password_elsewhere(account):
            clear_factors(by=person, account=account, hashed=None, clock=clock)
            messages.success(request, "二つめの確認の登録を取り消しました。次のログインで登録し直します。")
            return back
        password = one_time_password()
        clear_factors(by=person, account=account, hashed=hashed_password(password), clock=clock)
        return _slip(request, staff, password)
    if act == "unlock":
        unlock_account(by=person, account=account, clock=clock)
        messages.success(request, "停止を解除しました。")
        return back
    if act == "lock":
        if not form.is_valid():
            raise Refusal("停止の日と理由を入力してください。")
        lock_account(
            by=person,
            account=account,
            from_day=form.cleaned_data["from_day"],
            reason=form.cleaned_data["reason"],
            clock=clock,
        )
        messages.success(request, "停止しました。")
        return back
    raise Refusal("操作を選んでください。")


def _slip(request: HttpRequest, staff: Staff, password: str) -> HttpResponse:
    request.session[_FRESH] = {"staff": staff.public_id, "password": seal(password)}
    return HttpResponseRedirect(reverse("office-password-slip", args=[staff.public_id]))


DEVICES = Listing(
    name="devices",
    title="端末",
    columns=(
        Column("name", "名前", "name", sort="name", search=("name",), url=lambda one: reverse("office-device", args=[one.public_id])),
        Column("shared", "使い方", lambda one: "共用" if one.is_shared else "個人", sort="is_shared"),
        Column("people", "使った人", lambda one: one.users.count(), kind=Kind.NUMBER),
        Column("last", "最後の使用", "last_used_at", sort="last_used_at", kind=Kind.DATE),
        Column("first", "最初の使用", "first_seen_at", sort="first_seen_at", kind=Kind.DATE),
    ),
    filters=(Filter("shared", "使い方", (("True", "共用"), ("False", "個人")), apply="is_shared"),),
    order=("-last_used_at",),
)  # fmt: skip


@page(Face.OFFICE, may=role(Role.IT, Role.AUDITOR))
@never_cache
@require_safe
def office_devices(request: HttpRequest) -> HttpResponse:
    """Devices people signed in on."""
    return DEVICES.answer(request, devices_visible_to(request.person).prefetch_related("users"))  # type: ignore[attr-defined]


@page(Face.OFFICE, may=role(Role.IT, Role.AUDITOR))
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def office_device(request: HttpRequest, public_id: str) -> HttpResponse:
    """Name a device, say whether it is shared."""
    person = request.person  # type: ignore[attr-defined]
    device = get_object_or_404(devices_visible_to(person), public_id=public_id)
    form = DeviceForm(request.POST or None, initial={"name": device.name, "is_shared": device.is_shared})
    if request.method == "POST" and form.is_valid():
        describe_device(
            by=person, device=device, name=form.cleaned_data["name"], is_shared=form.cleaned_data["is_shared"]
        )
        messages.success(request, "端末の登録を変えました。")
        return HttpResponseRedirect(reverse("office-devices"))
    people = device.users.select_related("account", "account__staff").order_by("-last_used_at")
    record_view(by=person, subjects=[one.account for one in people], what=_DEVICE)
    status = 422 if request.method == "POST" else 200
    shown = {"device": device, "form": form, "people": people, "may_change": not person.is_read_only}
    return render(request, "identity/office_device.html", shown, status=status)
