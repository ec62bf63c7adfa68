"""Messages that leave the house: signed, to allowed places only, and nobody is led to a machine inside."""

from __future__ import annotations

import socket
import time

import pytest

from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder import outside
from yakuba.office.appbuilder.outside import NotSent, send
from yakuba.office.appbuilder.rules.outside import Target, may_connect, signature, target_of, tidy_host
from yakuba.office.appbuilder.tests.receiver import HOST, LOOPBACK, Receiver, certificate, receiving, resolves_to

NOW = 1_800_000_000
BODY = '{"a":"机"}'.encode()


class TestWhichAddresses:
    @pytest.mark.parametrize("address", ["203.0.113.9", "8.8.8.8", "2606:4700::1111", "1.1.1.1"])
    def test_of_the_open_internet_are_asked(self, address) -> None:
        assert may_connect(address) is (address != "203.0.113.9")  # documentation addresses lead nowhere

    @pytest.mark.parametrize(
        "address",
        [
            "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1",
            "169.254.169.254", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.7", "224.0.0.1", "239.1.1.1",
            "240.0.0.1", "255.255.255.255", "192.88.99.1",
            "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "fe80::1",
            "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "fec0::1", "64:ff9b::7f00:1", "64:ff9b:1::1",
            "2002:7f00:1::1", "2001::1", "2001:db8::1", "100::1",
            "127.1", "0x7f000001", "2130706433", "017700000001", "localhost", "", "::ffff:127.0.0.1%1",
        ],
    )  # fmt: skip
    def test_inside_or_odd_are_not(self, address) -> None:
        assert not may_connect(address)

    def test_a_test_may_open_this_machine_to_itself(self) -> None:
        assert may_connect("127.0.0.1", besides=(LOOPBACK,)) and not may_connect("10.0.0.1", besides=(LOOPBACK,))


class TestWhichUrls:
    ALLOWED = {HOST: False, "plain.example.jp": True}

    def test_of_allowed_hosts_are_taken(self) -> None:
        found = target_of(f"https://{HOST.upper()}./in?x=1", allowed=self.ALLOWED)
        assert found == Target("https", HOST, 443, "/in?x=1")
        assert target_of("http://plain.example.jp:8080", allowed=self.ALLOWED).port == 8080

    @pytest.mark.parametrize(
        ("url", "said"),
        [
            ("http://hooks.example.jp/", "https:// でだけ"),
            ("https://other.example.jp/", "許可されていません"),
            ("https://hooks.example.jp.evil.example/", "許可されていません"),
            ("https://hooks.example.jp@evil.example/", "送れません"),
            ("https://user:pw@hooks.example.jp/", "送れません"),
            ("https://hooks.example.jp\\@evil.example/", "送れません"),
            ("https://hooks.example.jp/#x", "送れません"),
            ("https://127.0.0.1/", "使えません"),
            ("https://[::1]/", "使えません"),
            ("https://2130706433/", "使えません"),
            ("https://localhost/", "使えません"),
            ("https://printer.local/", "使えません"),
            ("https://hooks.example.jp:99999/", "送れません"),
            ("https://hooks.example.jp/\r\nX-Evil: 1", "送れません"),
            ("https://hooks.example.jp/ x", "送れません"),
            ("https://ｈooks.example.jp/", "送れません"),
            ("ftp://hooks.example.jp/", "送れません"),
            ("file:///etc/passwd", "送れません"),
            ("gopher://hooks.example.jp/", "送れません"),
            ("javascript:alert(1)", "送れません"),
            ("//hooks.example.jp/", "送れません"),
            ("https://" + "a" * 500, "送れません"),
            ("", "送れません"),
        ],
    )
    def test_others_are_refused_with_the_reason(self, url, said) -> None:
        with pytest.raises(Refusal) as refused:
            target_of(url, allowed=self.ALLOWED)
        assert said in f"{refused.value.message}{refused.value.hint}"

    @pytest.mark.parametrize(
        "host", ["", "localhost", "10.0.0.1", "a", "a b.jp", "-a.jp", "a..jp", "x.internal", "*.jp"]
    )
    def test_only_full_names_are_hosts(self, host) -> None:
        with pytest.raises(Refusal):
            tidy_host(host)


@pytest.fixture
def receiver(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", resolves_to("127.0.0.1"))
    with receiving(Receiver(secret="geheim", now=NOW)) as found:
        yield found


def post(receiver: Receiver, *, secret: str = "geheim", delivery: str = "d1", timestamp: int = NOW, **more) -> int:
    target = Target(more.pop("scheme", "http"), HOST, receiver.port, "/in")
    return send(target, BODY, secret=secret, delivery=delivery, timestamp=timestamp, besides=(LOOPBACK,), **more)


class TestSending:
    def test_what_is_signed_arrives_once(self, receiver) -> None:
        assert post(receiver) == 200
        assert receiver.got == [{"a": "机"}] and not receiver.refused
        assert socket.getaddrinfo.times == 1

    def test_a_signature_holds_for_its_body_and_its_moment(self) -> None:
        right = signature("k", timestamp=NOW, body=b"x")
        assert right.startswith("v1=") and len(right) == 67
        assert len({right, signature("k", timestamp=NOW + 1, body=b"x"), signature("k", timestamp=NOW, body=b"y"),
                    signature("l", timestamp=NOW, body=b"x")}) == 4  # fmt: skip

    @pytest.mark.parametrize(
        ("sent", "why"), [({"secret": "falsch"}, "signature"), ({"timestamp": NOW - 301}, "timestamp")]
    )
    def test_the_receiver_refuses_what_is_forged_or_old(self, receiver, sent, why) -> None:
        with pytest.raises(NotSent, match="401"):
            post(receiver, **sent)
        assert receiver.refused == [why] and not receiver.got

    def test_the_receiver_refuses_the_same_delivery_again(self, receiver) -> None:
        post(receiver)
        with pytest.raises(NotSent, match="409"):
            post(receiver)
        assert receiver.refused == ["replay"] and len(receiver.got) == 1

    def test_nobody_is_followed_elsewhere(self, receiver) -> None:
        receiver.status, receiver.headers = 302, {"Location": f"http://{HOST}:{receiver.port}/admin"}
        with pytest.raises(NotSent, match="移った先には送りません"):
            post(receiver)

    def test_a_fault_of_the_other_side_is_named(self, receiver) -> None:
        receiver.status = 500
        with pytest.raises(NotSent, match="500"):
            post(receiver)

    def test_a_flood_is_not_drunk(self, receiver) -> None:
        receiver.answer = b"x" * (outside.MOST_BYTES + 100_000)
        with pytest.raises(NotSent, match="大きすぎました"):
            post(receiver)

    def test_a_slow_answer_is_not_waited_for(self, receiver) -> None:
        receiver.slow = 1.0
        started = time.monotonic()
        with pytest.raises(NotSent, match=r"遅すぎました|返事がありませんでした"):
            post(receiver, seconds=0.2)
        assert time.monotonic() - started < 0.9

    @pytest.mark.parametrize(
        "addresses", [("127.0.0.1",), ("93.184.216.34", "10.0.0.1"), ("::1",), ("::ffff:169.254.169.254",), ()]
    )
    def test_a_name_that_leads_inside_is_not_asked(self, monkeypatch, addresses) -> None:
        monkeypatch.setattr(socket, "getaddrinfo", resolves_to(*addresses))
        monkeypatch.setattr(outside, "_connection", lambda *_, **__: pytest.fail("connected"))
        with pytest.raises(NotSent, match="送ってはいけない番地"):
            send(Target("https", HOST, 443, "/"), BODY, secret="s", delivery="d", timestamp=NOW)

    def test_the_connection_goes_to_the_address_that_was_looked_at(self, monkeypatch, receiver) -> None:
        answers = iter([resolves_to("127.0.0.1")(HOST, receiver.port)])
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: next(answers))  # asked again, it would fail
        assert post(receiver) == 200

    def test_a_name_nobody_knows_is_said(self, monkeypatch) -> None:
        def unknown(*_, **__):
            raise socket.gaierror

        monkeypatch.setattr(socket, "getaddrinfo", unknown)
        with pytest.raises(NotSent, match="調べられませんでした"):
            send(Target("https", HOST, 443, "/"), BODY, secret="s", delivery="d", timestamp=NOW)

    def test_encrypted_only_to_who_proves_the_name(self, monkeypatch, tmp_path) -> None:
        monkeypatch.setattr(socket, "getaddrinfo", resolves_to("127.0.0.1"))
        right, wrong = certificate(tmp_path), certificate(tmp_path, "other.example.jp")
        with receiving(Receiver(secret="geheim", now=NOW), tls=right) as found:
            assert post(found, scheme="https", ca_file=str(right)) == 200
            with pytest.raises(NotSent, match="証明書"):
                post(found, scheme="https", delivery="d2")  # nobody we trust has signed it
        with receiving(Receiver(secret="geheim", now=NOW), tls=wrong) as found, pytest.raises(NotSent, match="証明書"):
            post(found, scheme="https", ca_file=str(wrong))
        assert len(found.got) == 0
