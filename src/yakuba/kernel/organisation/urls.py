"""Addresses of the organisation in the office."""

from django.urls import path

from yakuba.kernel.organisation.views import chart, handover, sections, staff, staff_acts, structure

_AT = "office/organisation/"

urlpatterns = [
    path(_AT, chart.chart, name="organisation-chart"),
    path(f"{_AT}sections/new/", sections.found, name="organisation-section-new"),
    path(f"{_AT}sections/<slug:public_id>/", sections.section, name="organisation-section"),
    path(f"{_AT}sections/<slug:public_id>/<slug:act>/", sections.act_on_section, name="organisation-section-act"),
    path(f"{_AT}staff/", staff.directory, name="organisation-directory"),
    path(f"{_AT}staff/new/", staff_acts.hire, name="organisation-hire"),
    path(f"{_AT}staff/<slug:public_id>/", staff.person, name="organisation-person"),
    path(f"{_AT}staff/<slug:public_id>/<slug:act>/", staff_acts.act_on_person, name="organisation-person-act"),
    path(f"{_AT}postings/<slug:public_id>/end/", staff_acts.end_posting, name="organisation-posting-end"),
    path(f"{_AT}postings/<slug:public_id>/correct/", staff_acts.correct_posting, name="organisation-posting-correct"),
    path(
        f"{_AT}postings/<slug:public_id>/withdraw/", staff_acts.withdraw_posting, name="organisation-posting-withdraw"
    ),
    path(f"{_AT}roles/<slug:public_id>/end/", staff_acts.end_role, name="organisation-role-end"),
    path(f"{_AT}deputies/<slug:public_id>/end/", staff_acts.end_deputy, name="organisation-deputy-end"),
    path(f"{_AT}structure/", structure.structure, name="organisation-structure"),
    path(f"{_AT}authorities/new/", structure.authority, name="organisation-authority-new"),
    path(f"{_AT}authorities/<slug:public_id>/", structure.authority, name="organisation-authority"),
    path(f"{_AT}posts/new/", structure.post, name="organisation-post-new"),
    path(f"{_AT}posts/<slug:public_id>/", structure.post, name="organisation-post"),
    path(f"{_AT}outside/new/", structure.outside, name="organisation-outside-new"),
    path(f"{_AT}outside/<slug:public_id>/", structure.outside, name="organisation-outside"),
    path(f"{_AT}handover/", handover.waiting_work, name="organisation-handover"),
]
