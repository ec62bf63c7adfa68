"""Posts (職): entering and correcting them."""

from __future__ import annotations

from yakuba.kernel.access.api import Person, Role
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.access import require_editor
from yakuba.kernel.organisation.models import Post
from yakuba.kernel.organisation.services.words import words
from yakuba.kernel.values.api import Refusal

#: Roles a post may carry; the others are given to persons by appointment.
POST_ROLES = (Role.CLERK, Role.SECTION_HEAD, Role.DEPUTY_MAYOR, Role.MAYOR)


@verb("organisation.define_post", label="職の登録")
def define_post(*, by: Person, title: str, rank: int, role: Role | None = None) -> Post:
    """Enter a post with its rank and the role its holders have. Raises ``Refusal`` for a title in use."""
    require_editor(by)
    return _store(Post(), title, rank, role)


@verb("organisation.correct_post", label="職の記録の訂正")
def correct_post(*, by: Person, post: Post, title: str, rank: int, role: Role | None = None) -> Post:
    """Correct a post. Stamps of past acts keep the title they were made with."""
    require_editor(by)
    return _store(post, title, rank, role)


def _store(post: Post, title: str, rank: int, role: Role | None) -> Post:
    tidy = words(title, "職名", field="title", longest=40)
    if Post.objects.filter(title=tidy).exclude(pk=post.pk).exists():
        raise Refusal(f"職名「{tidy}」はすでにあります。", field="title", hint="別の職名にしてください。")
    if not 0 <= rank <= 999:
        raise Refusal("順位は0から999までの数です。", field="rank", hint="上位の職ほど大きい数にしてください。")
    if role is not None and role not in POST_ROLES:
        raise Refusal(
            f"「{role.label}」は職に付けられません。",
            field="role",
            hint="人ごとに根拠を示して「権限の任命」で与えてください。",
        )
    post.title, post.rank, post.role = tidy, rank, role.value if role else ""
    post.save()
    return post
