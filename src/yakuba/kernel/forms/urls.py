from django.urls import path

from yakuba.kernel.forms.views import builder, exchange, form_list, preview, publication, question, taking, trial

_V = "office/forms/<slug:public_id>/"

urlpatterns = [
    path("office/forms/", form_list.form_list, name="office-forms"),
    path("office/forms/new/", form_list.new_form, name="office-form-new"),
    path("office/forms/marked/<slug:file_id>/", exchange.marked, name="office-form-marked"),
    path("office/forms/try/<slug:public_id>/check/", trial.check, name="office-form-trial-check"),
    path("office/forms/try/<slug:public_id>/end/", trial.end, name="office-form-trial-end"),
    path("office/forms/try/<slug:public_id>/step/<slug:key>/", trial.step, name="office-form-trial"),
    path(_V, builder.build, name="office-form-version"),
    path(f"{_V}act/", builder.act, name="office-form-act"),
    path(f"{_V}add-step/", builder.new_step, name="office-form-new-step"),
    path(f"{_V}steps/<slug:key>/", question.step, name="office-form-step"),
    path(f"{_V}steps/<slug:step>/block/", builder.new_block, name="office-form-new-block"),
    path(f"{_V}lines/", builder.new_lines, name="office-form-new-lines"),
    path(f"{_V}take/", taking.take, name="office-form-take"),
    path(f"{_V}texts/", question.texts, name="office-form-texts"),
    path(f"{_V}new-question/", question.new_question, name="office-form-new-question"),
    path(f"{_V}new-question/live/", question.new_question_live, name="office-form-new-question-live"),
    path(f"{_V}questions/<str:path>/", question.question, name="office-form-question"),
    path(f"{_V}questions/<str:path>/live/", question.question_live, name="office-form-question-live"),
    path(f"{_V}preview/", preview.preview, name="office-form-preview"),
    path(f"{_V}try/", trial.start, name="office-form-try"),
    path(f"{_V}ground/", publication.ground, name="office-form-ground"),
    path(f"{_V}check/", publication.check, name="office-form-check"),
    path(f"{_V}ask/", publication.ask, name="office-form-ask"),
    path(f"{_V}do/<slug:doing>/", publication.move_on, name="office-form-do"),
    path(f"{_V}new-version/", publication.new_version, name="office-form-new-version"),
    path(f"{_V}history/", publication.history, name="office-form-history"),
    path(f"{_V}compare/<slug:other_id>/", publication.comparison, name="office-form-compare"),
    path(f"{_V}exchange/", exchange.exchange, name="office-form-exchange"),
    path(f"{_V}exchange/sheets/", exchange.new_sheet, name="office-form-new-sheet"),
    path(f"{_V}exchange/blank/<slug:language>/", exchange.blank, name="office-form-blank"),
    path(f"{_V}exchange/take-over/", exchange.take_over, name="office-form-take-over"),
    path(f"{_V}exchange/<slug:kind>/", exchange.file_out, name="office-form-file"),
]
