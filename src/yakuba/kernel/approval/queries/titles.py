"""The post somebody decides in, as it shall stand beside the decision (職名)."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.approval.models import DecisionRequest
from yakuba.kernel.approval.rules.states import Capacity
from yakuba.kernel.approval.rules.who_decides import MayDecide
from yakuba.kernel.organisation.api import valid_on
from yakuba.kernel.organisation.models import Posting


def title_of_decider(person: Person | None, may: MayDecide, request: DecisionRequest, day: date) -> str:
    """Section and post of a head where that head decides, the title of an authority's head, else one's main post.

    A head of two sections decides as head of the one it is about: 選挙管理委員会事務局 事務局長, not 総務課 課長.
    """
    is_own = may.capacity is Capacity.OWN
    if is_own and may.place is None:
        return request.authority.head_title
    postings = Posting.objects.filter(valid_on(day), staff_id=may.staff).select_related("section", "post")
    if is_own and may.place:
        postings = postings.filter(section_id=may.place)
    found = postings.order_by("-is_main", "-post__rank").first()
    if found is not None:
        return f"{found.section.name} {found.post.title}"
    return person.title if person else ""
