from django.urls import path

from yakuba.kernel.approval.views import decisions, document_numbers

urlpatterns = [
    path("office/decisions/", decisions.decisions, name="approval-decisions"),
    path("office/decisions/<slug:public_id>/", decisions.decision, name="approval-decision"),
    path("office/decisions/<slug:public_id>/decide/", decisions.decide_request, name="approval-decide"),
    path("office/decisions/<slug:public_id>/withdraw/", decisions.withdraw, name="approval-withdraw"),
    path("office/decisions/<slug:public_id>/receive/", decisions.receive, name="approval-receive"),
    path("office/decisions/<slug:public_id>/files/<int:number>/", decisions.file_of, name="approval-file"),
    path("office/document-numbers/", document_numbers.numbers, name="approval-numbers"),
    path("office/document-numbers/symbols/", document_numbers.symbols, name="approval-symbols"),
    path("office/document-numbers/symbols/<slug:public_id>/", document_numbers.symbol, name="approval-symbol"),
    path("office/document-numbers/<slug:public_id>/", document_numbers.number, name="approval-number"),
    path("office/document-numbers/<slug:public_id>/void/", document_numbers.void, name="approval-void"),
]
