"""What the plan board stores."""

from yakuba.plan.models.headquarters import AgendaItem, Meeting, MeetingState, Task, TaskState
from yakuba.plan.models.improvement import OodaEntry, OodaLoop, PdcaEntry, PdcaStep
from yakuba.plan.models.news import News
from yakuba.plan.models.people import Advice, ProjectTeam, TeamMember, TeamRole
from yakuba.plan.models.plan import Initiative, Kpi, Milestone, Plan, PlanVersion
from yakuba.plan.models.progress import Assessment, AssessmentRelease, MilestoneConfirmation, PhaseConfirmation
from yakuba.plan.models.savings import SavedWork, SavedWorkDecision
from yakuba.plan.models.survey import Survey, SurveyItem

__all__ = [
    "Advice",
    "AgendaItem",
    "Assessment",
    "AssessmentRelease",
    "Initiative",
    "Kpi",
    "Meeting",
    "MeetingState",
    "Milestone",
    "MilestoneConfirmation",
    "News",
    "OodaEntry",
    "OodaLoop",
    "PdcaEntry",
    "PdcaStep",
    "PhaseConfirmation",
    "Plan",
    "PlanVersion",
    "ProjectTeam",
    "SavedWork",
    "SavedWorkDecision",
    "Survey",
    "SurveyItem",
    "Task",
    "TaskState",
    "TeamMember",
    "TeamRole",
]
