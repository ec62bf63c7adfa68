"""Which register this installation asks."""

from __future__ import annotations

from collections.abc import Callable

from yakuba.kernel.parameters.api import is_sample_town
from yakuba.kernel.people.register.base import Register, RegisterCheck
from yakuba.kernel.people.register.vendors.none import NoRegister
from yakuba.kernel.people.register.vendors.prefill import PrefillFile, prefill_file
from yakuba.kernel.people.register.vendors.sample import SampleRegister

#: Adapters a town can have, by vendor. The sample register is not among them: only a sample town has it.
_VENDORS: dict[str, Callable[[], Register]] = {NoRegister.vendor: NoRegister, PrefillFile.vendor: PrefillFile}


def register_in_use() -> Register:
    """The register of this installation: the sample register in a sample town, else what the town has.

    A town that put a prefill file in use asks that; it fills forms and certifies nothing.
    """
    if is_sample_town():
        return SampleRegister()
    return _VENDORS[PrefillFile.vendor if prefill_file().exists() else NoRegister.vendor]()


def register_check() -> RegisterCheck:
    """How the register in use stands; never raises."""
    return register_in_use().check()
