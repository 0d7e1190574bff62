"""Nothing is sent to where a stranger's URL must not lead."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from openspending.fetch import Unreachable
from openspending.webhooks.sending import Sender
from tests.webhooks.receiver import Receiver

PUBLIC = "93.184.215.14"


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """A resolver that gives one answer after another; the names that it was asked for."""
    asked: list[str] = []

    def resolve(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        address = answers[min(len(asked), len(answers)) - 1]
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://10.1.2.3/",
        "http://172.16.0.1:8080/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://224.0.0.1/",
    ],
)
def test_an_address_inside_is_refused_before_anything_is_sent(url: str) -> None:
    answer = Sender()(url, {}, b"{}")
    assert answer.status is None
    assert re.search("not on the public internet|cannot be found|no valid URL", answer.error)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://example.org/", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("gopher://example.org/", "only http and https"),
        ("http://user:secret@example.org/", "name or password"),
        ("https://example.org:22/", "port 22"),
        ("https://example.org:25/", "port 25"),
        ("http:///nowhere", "only http and https"),
        ("https://10.0.0.1/", "not on the public internet"),
        ("https://[::1]/", "not on the public internet"),
        ("https://example.org/\ud800", "no valid URL"),
        ("https://xn--a.org/", "no valid URL"),
        ("https://example.org:99999/", "no port 99999"),
        ("https://example.org/" + "x" * 2000, "longer than"),
    ],
)
def test_a_url_that_is_no_address_of_a_receiver_is_refused_when_it_is_given(url: str, why: str) -> None:
    with pytest.raises(Unreachable, match=why):
        Sender().check(url)


def test_a_name_is_resolved_once_and_the_checked_address_is_the_one_that_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reached: list[Any] = []

    def connect(address: Any, *_: Any, **__: Any) -> Any:
        reached.append(address)
        raise ConnectionRefusedError

    asked = resolving(monkeypatch, PUBLIC, "127.0.0.1")
    monkeypatch.setattr(socket, "create_connection", connect)
    answer = Sender()("http://rebinding.example/", {}, b"{}")
    assert answer.error == "no server answers there"
    assert (asked, [one[0] for one in reached]) == (["rebinding.example"], [PUBLIC])


def test_a_name_with_one_address_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "fd00::7")
    assert "public internet" in Sender()("https://inside.example/", {}, b"{}").error


def test_a_redirect_is_an_answer_that_is_not_followed(receiver: Receiver) -> None:
    receiver.answers = [307]
    receiver.headers = {"Location": "http://169.254.169.254/latest/meta-data/"}
    answer = Sender(allow_private_hosts=True)(receiver.url, {}, b"{}")
    assert (answer.status, answer.arrived, answer.error) == (307, False, "It answered 307.")
    assert len(receiver.got) == 1


def test_a_wish_to_wait_is_read_when_it_is_in_seconds(receiver: Receiver) -> None:
    receiver.answers = [429]
    receiver.headers = {"Retry-After": "120"}
    assert Sender(allow_private_hosts=True)(receiver.url, {}, b"{}").retry_after == 120
    receiver.headers = {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}
    assert Sender(allow_private_hosts=True)(receiver.url, {}, b"{}").retry_after == 0


@contextmanager
def trickling() -> Iterator[str]:
    """The URL of a server that sends a byte of its headers now and then, for ever."""
    stopping = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(5)

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            try:
                while not stopping.wait(0.05):
                    connection.sendall(b"H")
            except OSError:
                return

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
    finally:
        stopping.set()
        thread.join()
        server.close()


def test_a_receiver_that_never_ends_its_answer_is_left_in_time() -> None:
    with trickling() as url:
        begun = time.monotonic()
        answer = Sender(allow_private_hosts=True, patience=0.4)(url, {}, b"{}")
    assert answer.status is None
    assert answer.error == "the server does not answer in time"
    assert time.monotonic() - begun < 3
