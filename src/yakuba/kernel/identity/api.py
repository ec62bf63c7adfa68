"""Public names of ``kernel.identity``."""

from yakuba.kernel.identity.card_ways import way_to_prove, way_to_sign
from yakuba.kernel.identity.client import client_address
from yakuba.kernel.identity.confirmation import ask_to_confirm, is_confirmed
from yakuba.kernel.identity.levels import certified_facts, level_of, proof_of, proven_mail, remember_mail_proof
from yakuba.kernel.identity.office_tools import office_tools
from yakuba.kernel.identity.persons import is_usable, person_of
from yakuba.kernel.identity.queries import signature_level_of, signatures_of
from yakuba.kernel.identity.rules.certified_facts import CertifiedFacts
from yakuba.kernel.identity.rules.identity_level import IdentityLevel, IdentityProof, SignatureLevel
from yakuba.kernel.identity.rules.throttling import Limit
from yakuba.kernel.identity.sealing import Unsealable, seal, unseal
from yakuba.kernel.identity.throttle import TooManyAttempts, count_attempt

__all__ = [
    "CertifiedFacts",
    "IdentityLevel",
    "IdentityProof",
    "Limit",
    "SignatureLevel",
    "TooManyAttempts",
    "Unsealable",
    "ask_to_confirm",
    "certified_facts",
    "client_address",
    "count_attempt",
    "is_confirmed",
    "is_usable",
    "level_of",
    "office_tools",
    "person_of",
    "proof_of",
    "proven_mail",
    "remember_mail_proof",
    "seal",
    "signature_level_of",
    "signatures_of",
    "unseal",
    "way_to_prove",
    "way_to_sign",
]
