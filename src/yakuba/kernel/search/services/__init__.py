"""What writes into the index."""

from yakuba.kernel.search.services.put import put, remove
from yakuba.kernel.search.services.rebuild import begin_anew, put_chunk, remove_orphans
from yakuba.kernel.search.services.take_in import index_waiting, take_in

__all__ = ["begin_anew", "index_waiting", "put", "put_chunk", "remove", "remove_orphans", "take_in"]
