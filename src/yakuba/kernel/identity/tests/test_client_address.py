"""Which address a request comes from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.identity.rules.client_address import client_address, throttle_group

PROXY = ("10.0.0.1",)


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "trusted", "client", "why"),
    [
        ("203.0.113.9", "", (), "203.0.113.9", "nothing stands in between"),
        ("203.0.113.9", "198.51.100.7", (), "203.0.113.9", "a header nobody vouches for is ignored"),
        ("203.0.113.9", "198.51.100.7", PROXY, "203.0.113.9", "a stranger writes the header himself"),
        ("10.0.0.1", "198.51.100.7", PROXY, "198.51.100.7", "our proxy tells who called"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.7", PROXY, "198.51.100.7", "left of our proxy's hop the client writes"),
        ("10.0.0.1", "198.51.100.7, 10.0.0.2", ("10.0.0.0/24",), "198.51.100.7", "two of our proxies in a row"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", ("10.0.0.0/24",), "10.0.0.3", "a caller inside the proxies' network"),
        ("10.0.0.1", "", PROXY, "10.0.0.1", "the proxy itself asks"),
        ("10.0.0.1", "nonsense", PROXY, "10.0.0.1", "a hop that is no address ends the reading"),
        ("10.0.0.1", "198.51.100.7, nonsense", PROXY, "10.0.0.1", "what stands left of nonsense proves nothing"),
        ("10.0.0.1", "198.51.100.7:5123", PROXY, "198.51.100.7", "some proxies add the port"),
        ("10.0.0.1", '"[2001:db8::5]:443"', PROXY, "2001:db8::5", "IPv6 with brackets"),
        ("::ffff:10.0.0.1", "198.51.100.7", PROXY, "198.51.100.7", "IPv4 written as IPv6"),
        ("", "198.51.100.7", PROXY, "", "a local socket has no address"),
        ("10.0.0.1", ",".join(["198.51.100.7"] * 50), PROXY, "10.0.0.1", "no real chain is that long"),
    ],
)
def test_the_right_most_hop_that_is_no_proxy_of_ours_is_the_client(
    peer: str, forwarded_for: str, trusted: tuple[str, ...], client: str, why: str
) -> None:
    assert client_address(peer=peer, forwarded_for=forwarded_for, trusted=trusted) == client, why


@given(st.text(max_size=80))
def test_without_trusted_proxies_no_header_changes_anything(header: str) -> None:
    assert client_address(peer="203.0.113.9", forwarded_for=header, trusted=()) == "203.0.113.9"


@given(st.text(max_size=80))
def test_a_client_cannot_choose_its_address_behind_a_proxy(header: str) -> None:
    assert client_address(peer="10.0.0.1", forwarded_for=f"{header},198.51.100.7", trusted=PROXY) in (
        "198.51.100.7",
        "10.0.0.1",  # more hops than are read
    )


def test_an_ipv6_network_is_counted_as_one() -> None:
    assert throttle_group("2001:db8:0:1::5") == throttle_group("2001:db8:0:1:ffff::9") != throttle_group("2001:db8::1")
    assert throttle_group("198.51.100.7") == "198.51.100.7"
    assert throttle_group("") == "unknown"
