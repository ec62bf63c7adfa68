from django.urls import path

from yakuba.kernel.paper import views

urlpatterns = [
    path("office/sheets/", views.sheets, name="sheets"),
    path("office/sheets/<str:key>/", views.sheet, name="sheet"),
    path("office/sheets/<str:key>/file/", views.current_file, name="sheet-file"),
    path("office/sheets/<str:key>/test/", views.test_print, name="sheet-test"),
    path("office/sheets/<str:key>/section/", views.section, name="sheet-section"),
    path("office/sheets/<str:key>/restore/", views.restore, name="sheet-restore"),
    path("office/sheets/<str:key>/versions/<int:number>/", views.version_file, name="sheet-version"),
    path("office/sheets/<str:key>/new/<slug:public_id>/", views.trial, name="sheet-trial"),
    path("office/sheets/<str:key>/new/<slug:public_id>/test/", views.trial_print, name="sheet-trial-test"),
]
