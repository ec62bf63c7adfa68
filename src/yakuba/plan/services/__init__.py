"""The verbs of the plan board; each file tells one of them, or one short story."""

from yakuba.plan.services.assign_task import assign_task, end_task, hand_over_task
from yakuba.plan.services.confirm_milestone import confirm_milestone
from yakuba.plan.services.confirm_phase import confirm_phase
from yakuba.plan.services.count_saved_work import decide_saved_work, enter_saved_work
from yakuba.plan.services.form_team import end_team, form_team, join_team, leave_team
from yakuba.plan.services.grade_initiative import grade_initiative, release_grade
from yakuba.plan.services.hold_meeting import call_meeting, edit_meeting, move_meeting, put_on_agenda, record_decision
from yakuba.plan.services.import_survey import import_survey
from yakuba.plan.services.load_plan import load_plan
from yakuba.plan.services.publish_news import publish_news, withdraw_news
from yakuba.plan.services.run_ooda import advance_ooda_loop, open_ooda_loop
from yakuba.plan.services.take_advice import answer_advice, take_advice
from yakuba.plan.services.write_pdca import write_pdca

__all__ = [
    "advance_ooda_loop",
    "answer_advice",
    "assign_task",
    "call_meeting",
    "confirm_milestone",
    "confirm_phase",
    "decide_saved_work",
    "edit_meeting",
    "end_task",
    "end_team",
    "enter_saved_work",
    "form_team",
    "grade_initiative",
    "hand_over_task",
    "import_survey",
    "join_team",
    "leave_team",
    "load_plan",
    "move_meeting",
    "open_ooda_loop",
    "publish_news",
    "put_on_agenda",
    "record_decision",
    "release_grade",
    "take_advice",
    "withdraw_news",
    "write_pdca",
]
