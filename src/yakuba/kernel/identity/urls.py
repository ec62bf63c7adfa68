from django.urls import path

from yakuba.kernel.identity.views import (
    office_account,
    office_entrance,
    office_set_up,
    office_sign_in,
    resident_sign_in,
)

urlpatterns = [
    path("office/sign-in", office_sign_in.office_sign_in, name="office-sign-in"),
    path("office/sign-in/as", office_sign_in.office_persona, name="office-persona"),
    path("office/sign-in/passkey", office_entrance.office_passkey, name="office-passkey"),
    path("office/sign-in/check", office_entrance.office_second_factor, name="office-second-factor"),
    path(
        "office/sign-in/check/passkey",
        office_entrance.office_second_factor_options,
        name="office-second-factor-options",
    ),
    path("office/sign-in/password", office_entrance.office_new_password, name="office-new-password"),
    path("office/sign-out", office_sign_in.office_sign_out, name="office-sign-out"),
    path("office/account/", office_account.office_account, name="office-account"),
    path("office/account/confirm", office_account.office_confirm, name="office-confirm"),
    path("office/account/confirm/passkey", office_account.office_confirm_options, name="office-confirm-options"),
    path("office/account/password", office_account.office_password, name="office-password"),
    path("office/account/sessions/end", office_account.office_end_sign_in, name="office-end-sign-in"),
    path("office/account/set-up", office_set_up.office_set_up, name="office-set-up"),
    path("office/account/set-up/passkey", office_set_up.office_set_up_passkey, name="office-set-up-passkey"),
    path(
        "office/account/set-up/passkey/options",
        office_set_up.office_set_up_passkey_options,
        name="office-set-up-passkey-options",
    ),
    path("office/account/set-up/app", office_set_up.office_set_up_app, name="office-set-up-app"),
    path("office/account/set-up/list", office_set_up.office_set_up_list, name="office-set-up-list"),
    path("office/account/set-up/list/print", office_set_up.office_list_print, name="office-list-print"),
    path("office/account/factors/<int:number>", office_account.office_factor, name="office-factor"),
    path("my/sign-in", resident_sign_in.resident_sign_in, name="resident-sign-in"),
    path("my/sign-in/as", resident_sign_in.resident_persona, name="resident-persona"),
    path("my/sign-out", resident_sign_in.resident_sign_out, name="resident-sign-out"),
]
