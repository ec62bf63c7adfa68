"""Public names of ``kernel.audit``: verbs, views of other people's data, the chain."""

from yakuba.kernel.audit.chain import ChainFault, ChainReport, seal_new_events, unsealed_since, verify_chain
from yakuba.kernel.audit.context import is_writing, surrounded_by, unaudited_writes
from yakuba.kernel.audit.digests import digest_of
from yakuba.kernel.audit.heads import append_head, read_heads
from yakuba.kernel.audit.queries import history_of, last_write, readings_of
from yakuba.kernel.audit.verbs import known_verbs, label_of, record_refusal, record_view, refusal_name, verb, viewing
from yakuba.kernel.audit.write_guard import WriteOutsideVerb

__all__ = [
    "ChainFault",
    "ChainReport",
    "WriteOutsideVerb",
    "append_head",
    "digest_of",
    "history_of",
    "is_writing",
    "known_verbs",
    "label_of",
    "last_write",
    "read_heads",
    "readings_of",
    "record_refusal",
    "record_view",
    "refusal_name",
    "seal_new_events",
    "surrounded_by",
    "unaudited_writes",
    "unsealed_since",
    "verb",
    "verify_chain",
    "viewing",
]
