"""Addresses of the clerks' side of the procedures."""

from django.urls import path

from yakuba.residents.procedures.views.office import (
    ask_correction,
    bulk,
    case,
    contact,
    disposal,
    handling,
    letters,
    papers,
    propose,
    receipts,
    templates,
    worklist,
)

urlpatterns = [
    path("office/cases/", worklist.worklist, name="office-cases"),
    path("office/cases/bulk/", bulk.bulk, name="office-cases-bulk"),
    path("office/cases/letters/", letters.letters, name="office-case-letters"),
    path("office/cases/letters/send/", letters.send, name="office-case-letters-send"),
    path("office/cases/receipts/", receipts.receipts, name="office-case-receipts"),
    path("office/cases/receipts/assign/", receipts.assign, name="office-case-receipts-assign"),
    path("office/cases/receipts/import/", receipts.import_list, name="office-case-receipts-import"),
    path("office/cases/receipts/template.csv", receipts.template, name="office-case-receipts-template"),
    path("office/cases/receipts/errors/<str:token>/", receipts.errors, name="office-case-receipts-errors"),
    path("office/cases/templates/", templates.templates, name="office-case-templates"),
    path("office/cases/templates/new/", templates.new, name="office-case-template-new"),
    path("office/cases/templates/<slug:public_id>/", templates.one, name="office-case-template"),
    path("office/cases/handling/", handling.handlings, name="office-case-handlings"),
    path("office/cases/handling/<slug:key>/", handling.one, name="office-case-handling"),
    path("office/cases/handling/<slug:key>/budget/<int:year>/", handling.programme, name="office-case-programme"),
    path("office/cases/handling/<slug:key>/draw/", handling.draw, name="office-case-handling-draw"),
    path("office/cases/handling/<slug:key>/next/", handling.next_in_line, name="office-case-handling-next"),
    path("office/cases/disposal/", disposal.disposals, name="office-case-disposals"),
    path("office/cases/disposal/<slug:public_id>/", disposal.one, name="office-case-disposal"),
    path("office/cases/disposal/<slug:public_id>/<slug:act>/", disposal.act, name="office-case-disposal-act"),
    path("office/cases/<slug:public_id>/", case.case, name="office-case"),
    path("office/cases/<slug:public_id>/correct/", ask_correction.correct, name="office-case-correct"),
    path("office/cases/<slug:public_id>/answer/", ask_correction.answer, name="office-case-answer"),
    path("office/cases/<slug:public_id>/contact/", contact.contact, name="office-case-contact"),
    path("office/cases/<slug:public_id>/propose/", propose.propose, name="office-case-propose"),
    path("office/cases/<slug:public_id>/receipt.pdf", papers.receipt, name="office-case-receipt"),
    path("office/cases/<slug:public_id>/do/<slug:key>/", case.act, name="office-case-act"),
]
