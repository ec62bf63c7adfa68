from django.urls import path

from yakuba.kernel.approval.views import acting, boxes, document_numbers, drafting, one_request, rerouting

_ONE = "office/decisions/<slug:public_id>/"

urlpatterns = [
    path("office/decisions/", boxes.decisions, name="approval-decisions"),
    path("office/decisions/bulk/", boxes.bulk, name="approval-bulk"),
    path(_ONE, one_request.decision, name="approval-decision"),
    path(f"{_ONE}decide/", acting.act, name="approval-decide"),
    path(f"{_ONE}issue/", acting.issue, name="approval-issue"),
    path(f"{_ONE}seen/", acting.seen_afterwards, name="approval-seen"),
    path(f"{_ONE}withdraw/", drafting.withdraw, name="approval-withdraw"),
    path(f"{_ONE}pull-back/", drafting.pull, name="approval-pull"),
    path(f"{_ONE}send-again/", drafting.again, name="approval-again"),
    path(f"{_ONE}remind/", drafting.remind_now, name="approval-remind"),
    path(f"{_ONE}receive/", drafting.receive, name="approval-receive"),
    path(f"{_ONE}route/", rerouting.change_route, name="approval-reroute"),
    path(f"{_ONE}former/<int:edition>/", one_request.former, name="approval-former"),
    path(f"{_ONE}files/<int:number>/", one_request.file_of, name="approval-file"),
    path(f"{_ONE}acts/<slug:act>/files/<int:number>/", one_request.file_of_act, name="approval-act-file"),
    path("office/document-numbers/", document_numbers.numbers, name="approval-numbers"),
    path("office/document-numbers/symbols/", document_numbers.symbols, name="approval-symbols"),
    path("office/document-numbers/symbols/<slug:public_id>/", document_numbers.symbol, name="approval-symbol"),
    path("office/document-numbers/<slug:public_id>/", document_numbers.number, name="approval-number"),
    path("office/document-numbers/<slug:public_id>/void/", document_numbers.void, name="approval-void"),
]
