"""What a first visit costs: every byte that comes over the wire for one page, as the server compresses it."""

import re
import urllib.request
from dataclasses import dataclass
from urllib.parse import urljoin

FILES = re.compile(r"""(?:<link[^>]+?href|<script[^>]+?src|<img[^>]+?src|<source[^>]+?srcset)=["']([^"'\s]+)""")
IN_STYLES = re.compile(r"""(?:url\(|@import\s+)["']?([^"')\s]+)""")
LIMIT = 100_000


@dataclass(frozen=True)
class Weight:
    """Bytes on the wire (bodies and headers) by address; `total` is what the limit is about."""

    parts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.parts.values())


def first_load(address: str) -> Weight:
    """Fetch a page and everything it names, the way a browser with an empty cache does."""
    parts: dict[str, int] = {}
    waiting = [address]
    while waiting:
        one = waiting.pop()
        if one in parts or one.startswith("data:"):
            continue
        parts[one], text = _fetch(one)
        names = (
            FILES.findall(text) if "<html" in text[:2000] else IN_STYLES.findall(text) if one.endswith("css") else []
        )
        waiting += [urljoin(one, name) for name in names if not name.startswith(("data:", "#"))]
    return Weight(parts)


def _fetch(address: str) -> tuple[int, str]:
    request = urllib.request.Request(address, headers={"Accept-Encoding": "br, gzip"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        body = answer.read()
        head = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
        return len(body) + head, _text(body, answer.headers.get("Content-Encoding", ""))


def _text(body: bytes, encoding: str) -> str:
    if encoding == "br":
        import brotli

        body = brotli.decompress(body)
    elif encoding == "gzip":
        import gzip

        body = gzip.decompress(body)
    return body.decode("utf-8", "replace")
