"""Addresses of online procedures."""

from django.urls import path

from yakuba.residents.procedures import catalogue_urls, office_urls
from yakuba.residents.procedures.views import (
    apply,
    confirm_mail,
    consent,
    correct,
    next_stage,
    opinion,
    own_cases,
    own_notices,
)

urlpatterns = [
    *catalogue_urls.urlpatterns,
    *office_urls.urlpatterns,
    path("my/apply/f/<slug:public_id>/receipt/", own_cases.receipt, name="apply-receipt"),
    path("my/apply/f/<slug:public_id>/agent/", apply.agent, name="apply-agent"),
    path("my/apply/f/<slug:public_id>/check/", apply.check, name="apply-check"),
    path("my/apply/f/<slug:public_id>/saved/", apply.saved, name="apply-saved"),
    path("my/apply/f/<slug:public_id>/give-up/", apply.give_up, name="apply-give-up"),
    path("my/apply/f/<slug:public_id>/back/<str:key>/", apply.resume, name="apply-resume"),
    path("my/apply/f/<slug:public_id>/s/<slug:key>/", apply.step, name="apply-step"),
    path("my/apply/<slug:key>/mail/", confirm_mail.confirm_mail, name="apply-mail"),
    path("my/apply/<slug:key>/", apply.begin, name="apply-begin"),
    path("my/cases/", own_cases.own_cases, name="own-cases"),
    path("my/cases/<slug:public_id>/", own_cases.own_case, name="own-case"),
    path("my/cases/<slug:public_id>/correct/", correct.correct, name="correct-case"),
    path("my/cases/<slug:public_id>/withdraw/", correct.withdraw, name="withdraw-case"),
    path("my/cases/<slug:public_id>/notices/<slug:notice_id>/", own_notices.open_notice, name="own-notice"),
    path("my/cases/<slug:public_id>/next/<slug:stage>/", next_stage.begin_stage, name="next-stage"),
    path(
        "my/cases/<slug:public_id>/consent/<slug:cosigner_id>/",
        consent.invite,
        name="invite-cosigner",
    ),
    path("my/consent/<str:token>/", consent.consent, name="consent"),
    path("my/cases/<slug:public_id>/opinion/", opinion.opinion, name="opinion"),
    path("my/lookup/", own_cases.look_up, name="look-up"),
]
