"""``/my/sign-in``: where residents come in, by a code sent to their mail address, by passkey, or by password."""

from __future__ import annotations

from typing import Any

from allauth.account import views as library
from allauth.mfa.webauthn import views as passkey_library
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from yakuba.kernel.access.api import Face, anyone, page
from yakuba.kernel.identity.digital_auth.registry import working_provider
from yakuba.kernel.identity.fronts import resident_front
from yakuba.kernel.identity.models import AccountKind, SignInEnd, SignInMethod
from yakuba.kernel.identity.queries import personas
from yakuba.kernel.identity.rules.throttling import MAIL_LIMITS, PASSKEY_LIMITS, SIGN_IN_LIMITS
from yakuba.kernel.identity.second_factors import can_host_have_passkeys
from yakuba.kernel.identity.session import begin_session, end_session
from yakuba.kernel.identity.views.library import mounted
from yakuba.kernel.ui.api import safe_return


class _Door:
    """What all doors of the residents' face show."""

    request: HttpRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        asked = self.request.POST if self.request.method == "POST" else self.request.GET
        context.update(
            onward=safe_return(self.request, asked.get("next", ""), otherwise=""),
            personas=personas(AccountKind.RESIDENT),
            face_kind=AccountKind.RESIDENT,
            can_have_passkeys=can_host_have_passkeys(self.request),
            card_provider=working_provider(),
        )
        return context


class _SignIn(_Door, library.RequestLoginCodeView):  # type: ignore[misc]  # the library is untyped
    template_name = "identity/resident_sign_in.html"


class _SignInCode(_Door, library.ConfirmLoginCodeView):  # type: ignore[misc]
    template_name = "identity/resident_code.html"


class _SignInByPassword(_Door, library.LoginView):  # type: ignore[misc]
    template_name = "identity/resident_password_sign_in.html"


class _Register(_Door, library.SignupView):  # type: ignore[misc]
    template_name = "identity/resident_register.html"


class _RegisterByPasskey(_Door, library.SignupByPasskeyView):  # type: ignore[misc]
    template_name = "identity/resident_register.html"


class _MailCode(_Door, library.ConfirmEmailVerificationCodeView):  # type: ignore[misc]
    template_name = "identity/resident_code.html"


class _SignInByPasskey(passkey_library.LoginWebAuthnView):  # type: ignore[misc]
    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        onward = safe_return(self.request, self.request.POST.get("next", ""), otherwise="")
        return HttpResponseRedirect(onward) if onward and self.request.user.is_authenticated else answer

    def form_invalid(self, form: Any) -> HttpResponse:
        for message in form.errors.get("credential", []):
            messages.error(self.request, message)
        return HttpResponseRedirect(reverse("resident-sign-in"))


class _FirstPasskey(_Door, passkey_library.SignupWebAuthnView):  # type: ignore[misc]
    template_name = "identity/resident_first_passkey.html"


class _Closed(_Door, library.AccountInactiveView):  # type: ignore[misc]
    template_name = "identity/resident_closed.html"


resident_sign_in = mounted(
    _SignIn.as_view(), may=anyone, action="resident-mail", limits=MAIL_LIMITS, name_field="email"
)
resident_code = mounted(_SignInCode.as_view(), may=anyone)
resident_password_sign_in = mounted(
    _SignInByPassword.as_view(),
    may=anyone,
    action="resident-sign-in",
    limits=SIGN_IN_LIMITS,
    name_field="login",
    gives_back=True,
)
resident_register = mounted(
    _Register.as_view(), may=anyone, action="resident-mail", limits=MAIL_LIMITS, name_field="email"
)
resident_register_by_passkey = mounted(
    _RegisterByPasskey.as_view(), may=anyone, action="resident-mail", limits=MAIL_LIMITS, name_field="email"
)
resident_mail_code = mounted(_MailCode.as_view(), may=anyone)
resident_passkey = mounted(
    _SignInByPasskey.as_view(), may=anyone, action="resident-passkey", limits=PASSKEY_LIMITS, gives_back=True
)
resident_first_passkey = mounted(_FirstPasskey.as_view(), may=anyone)
resident_closed = mounted(_Closed.as_view(), may=anyone)


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_POST
def resident_persona(request: HttpRequest) -> HttpResponse:
    """Enter as one of the sample town's residents. Does not exist in a real town."""
    chosen = next(
        (one for one in personas(AccountKind.RESIDENT) if one.account.public_id == request.POST.get("persona")), None
    )
    if chosen is None:
        raise Http404
    begin_session(request, chosen.account, method=SignInMethod.PERSONA)
    return HttpResponseRedirect(safe_return(request, request.POST.get("next", ""), otherwise=resident_front()))


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_POST
def resident_sign_out(request: HttpRequest) -> HttpResponse:
    """Leave the resident's pages."""
    end_session(request, SignInEnd.SIGNED_OUT)
    return HttpResponseRedirect("/")
