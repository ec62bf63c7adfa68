"""What must be shown for a procedure."""

from __future__ import annotations

import pytest

from yakuba.kernel.cases.rules.parties import Arrival
from yakuba.kernel.cases.rules.proof import ProofMissing, Shown, StillToShow, check_proof
from yakuba.kernel.catalogue.api import IdentityLevel, SignatureRule


@pytest.mark.parametrize(
    ("needed", "shown", "is_enough"),
    [
        ("none", "none", True),
        ("mail", "none", False),
        ("mail", "mail", True),
        ("mail", "card", True),
        ("account", "mail", False),
        ("account", "account", True),
        ("card", "account", False),
        ("card", "card", True),
        ("card", "in_person", False),
        ("card", "nonsense", False),
    ],
)
def test_a_higher_level_includes_the_lower_ones(needed, shown, is_enough) -> None:
    def check() -> StillToShow:
        return check_proof(needed=needed, signature="none", arrival=Arrival.ONLINE, shown=Shown(shown), is_signed=False)

    if is_enough:
        assert check() == StillToShow()
    else:
        with pytest.raises(ProofMissing):
            check()


def test_the_card_is_no_signature_and_a_signature_no_card() -> None:
    with pytest.raises(ProofMissing) as refused:
        check_proof(needed="card", signature="electronic", arrival=Arrival.ONLINE, shown=Shown("card"), is_signed=False)
    assert refused.value.needed == "signature"
    with pytest.raises(ProofMissing) as refused:
        check_proof(
            needed="card", signature="electronic", arrival=Arrival.ONLINE, shown=Shown("account"), is_signed=True
        )
    assert refused.value.needed == "card"


@pytest.mark.parametrize("arrival", [one for one in Arrival if one is not Arrival.ONLINE])
@pytest.mark.parametrize("needed", [one.value for one in IdentityLevel])
@pytest.mark.parametrize("signature", [one.value for one in SignatureRule])
def test_nothing_that_comes_on_paper_or_by_telephone_is_turned_away(arrival, needed, signature) -> None:
    check_proof(needed=needed, signature=signature, arrival=arrival, shown=Shown(), is_signed=False)


def test_over_the_telephone_a_signature_is_still_to_come() -> None:
    assert check_proof(
        needed="none", signature="paper", arrival=Arrival.PHONE, shown=Shown(), is_signed=False
    ) == StillToShow(paper=True)
