"""Keeping the town's own synonyms."""

from __future__ import annotations

from collections.abc import Sequence

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.search.access import ensure_may_edit
from yakuba.kernel.search.models import SynonymGroup
from yakuba.kernel.search.queries.thesaurus import shipped_synonyms
from yakuba.kernel.search.rules.synonym_lines import check_line
from yakuba.kernel.search.rules.words import Synonyms
from yakuba.kernel.values.api import Refusal


@verb("search.add_synonyms", label="検索の類語を登録する")
def add_synonyms(*, by: Person, same: Sequence[str], narrower: Sequence[str], note: str) -> SynonymGroup:
    """Add a line. Raises ``Refusal`` for words that cannot be used, ``NotAllowed``."""
    ensure_may_edit(by)
    line = _checked(same, narrower, besides=None)
    return SynonymGroup.objects.create(same=list(line.same), narrower=list(line.narrower), note=note.strip())


@verb("search.change_synonyms", label="検索の類語を直す")
def change_synonyms(
    *, by: Person, group: SynonymGroup, same: Sequence[str], narrower: Sequence[str], note: str, version: int
) -> SynonymGroup:
    """Change a line. Raises ``Refusal``, also when somebody else changed it since ``version``."""
    ensure_may_edit(by)
    kept = SynonymGroup.objects.select_for_update().get(pk=group.pk)
    if kept.version != version:
        raise Refusal(
            f"この行は、ほかの人が「{'、'.join(kept.same)}」に直しました。",
            hint="よければ、もう一度「保存する」を押してください。今の入力で置き換わります。",
        )
    line = _checked(same, narrower, besides=kept)
    kept.same, kept.narrower, kept.note = list(line.same), list(line.narrower), note.strip()
    kept.version += 1
    kept.save()
    return kept


@verb("search.remove_synonyms", label="検索の類語を消す")
def remove_synonyms(*, by: Person, group: SynonymGroup) -> None:
    """Remove a line; shipped lines it replaced are used again."""
    ensure_may_edit(by)
    SynonymGroup.objects.filter(pk=group.pk).delete()


def _checked(same: Sequence[str], narrower: Sequence[str], *, besides: SynonymGroup | None) -> Synonyms:
    others = SynonymGroup.objects.all()
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    return check_line(
        same,
        narrower,
        others=[Synonyms(tuple(one.same), tuple(one.narrower)) for one in others],
        shipped=shipped_synonyms(),
    )
