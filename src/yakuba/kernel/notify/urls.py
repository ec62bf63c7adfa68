from django.urls import path

from yakuba.kernel.notify.views import (
    office_bundles,
    office_letters,
    office_mailings,
    office_messages,
    office_notices,
    resident,
)

urlpatterns = [
    path("my/notices/", resident.notices, name="resident-notices"),
    path("my/notices/<slug:public_id>/", resident.notice, name="resident-notice"),
    path("office/notices/", office_notices.notices, name="office-notices"),
    path("office/notices/<slug:public_id>/", office_notices.notice, name="office-notice"),
    path("office/messages/", office_messages.log, name="office-messages"),
    path("office/messages/unread/", office_messages.unread, name="office-messages-unread"),
    path("office/messages/kinds/", office_messages.kinds, name="office-message-kinds"),
    path("office/messages/kinds/<str:key>/", office_messages.kind, name="office-message-kind"),
    path(
        "office/messages/deliveries/<slug:public_id>/retry",
        office_messages.delivery_retry,
        name="office-delivery-retry",
    ),
    path(
        "office/messages/deliveries/<slug:public_id>/bounced",
        office_messages.delivery_bounced,
        name="office-delivery-bounced",
    ),
    path("office/messages/<slug:public_id>/", office_messages.message, name="office-message"),
    path("office/messages/<slug:public_id>/post", office_messages.to_post, name="office-message-post"),
    path("office/letters/", office_letters.letters, name="office-letters"),
    path("office/letters/posting-list.pdf", office_letters.posting_list, name="office-posting-list"),
    path("office/letters/new", office_letters.write, name="office-letter-new"),
    path("office/letters/mailings/new", office_mailings.new_mailing, name="office-mailing-new"),
    path("office/letters/mailings/<slug:public_id>/", office_mailings.mailing, name="office-mailing"),
    path("office/letters/districts/", office_mailings.districts, name="office-districts"),
    path("office/letters/bundles/", office_bundles.bundles, name="office-bundles"),
    path("office/letters/bundles/new", office_bundles.new_bundle, name="office-bundle-new"),
    path("office/letters/bundles/<slug:public_id>/", office_bundles.bundle, name="office-bundle"),
    path(
        "office/letters/bundles/<slug:public_id>/parts/<int:number>.pdf", office_bundles.part_print, name="office-part"
    ),
    path("office/letters/bundles/<slug:public_id>/list.pdf", office_bundles.bundle_list, name="office-bundle-list"),
    path("office/letters/bundles/<slug:public_id>/post", office_bundles.bundle_post, name="office-bundle-post"),
    path("office/letters/bundles/<slug:public_id>/cancel", office_bundles.bundle_cancel, name="office-bundle-cancel"),
    path("office/letters/<slug:public_id>/", office_letters.letter, name="office-letter"),
    path("office/letters/<slug:public_id>/letter.pdf", office_letters.letter_print, name="office-letter-print"),
    path("office/letters/<slug:public_id>/<slug:act>", office_letters.letter_act, name="office-letter-act"),
]
