from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from openspending.fetch import Fetcher, Unreachable, is_public

INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "168.63.129.16",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
]


class Site(BaseHTTPRequestHandler):
    """A small site: /file is a file, /to?URL redirects, /loop redirects to itself, /gone is missing."""

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        status = {"/to": 302, "/loop": 302, "/gone": 404}.get(path, 200)
        body = f"host={self.headers['Host']}".encode()
        self.send_response(status)
        if status == 302:
            self.send_header("Location", query or "/loop")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Says nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        thread.join()


def reason(fetcher: Fetcher, url: str, target: Path) -> str:
    with pytest.raises(Unreachable) as caught:
        fetcher(url, target)
    return str(caught.value)


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside_a_network_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


def test_a_file_is_written_as_answered_and_the_host_keeps_its_name(site: str, tmp_path: Path) -> None:
    Fetcher(allow_private_hosts=True)(f"{site}/file", tmp_path / "file")
    assert (tmp_path / "file").read_text() == f"host={site.removeprefix('http://')}"


def test_our_own_network_is_refused_by_default(site: str, tmp_path: Path) -> None:
    assert "not on the public internet" in reason(Fetcher(), f"{site}/file", tmp_path / "file")
    assert not (tmp_path / "file").exists()


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "0x7f000001", "2130706433", "169.254.169.254", "[::ffff:7f00:1]"]
)
def test_every_way_to_write_an_inner_address_is_refused(host: str, tmp_path: Path) -> None:
    assert "not on the public internet" in reason(Fetcher(), f"http://{host}/latest/meta-data", tmp_path / "file")


def test_a_name_is_refused_when_only_one_of_its_addresses_is_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mixed = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, 80)) for host in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_words: mixed)
    assert "not on the public internet" in reason(Fetcher(), "http://two-faced.example/", tmp_path / "file")


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://example.org/x", "gopher://example.org", "//example.org/x", "http://", "http://["],
)
def test_only_http_is_spoken(url: str, tmp_path: Path) -> None:
    assert reason(Fetcher(allow_private_hosts=True), url, tmp_path / "file")


def test_a_password_in_the_url_is_refused(tmp_path: Path) -> None:
    assert "password" in reason(Fetcher(), "http://name:secret@example.org/x", tmp_path / "file")


@pytest.mark.parametrize("goal", ["file:///etc/passwd", "ftp://localhost/x", "http://user:pass@localhost/"])
def test_a_redirect_is_checked_like_the_first_url(site: str, goal: str, tmp_path: Path) -> None:
    assert reason(Fetcher(allow_private_hosts=True), f"{site}/to?{goal}", tmp_path / "file")


def test_redirects_are_followed_a_few_times_only(site: str, tmp_path: Path) -> None:
    Fetcher(allow_private_hosts=True)(f"{site}/to?/file", tmp_path / "file")
    assert (tmp_path / "file").exists()
    assert "redirects more than" in reason(Fetcher(allow_private_hosts=True), f"{site}/loop", tmp_path / "file")


def test_a_file_over_the_limit_is_refused(site: str, tmp_path: Path) -> None:
    assert "larger than 5 bytes" in reason(
        Fetcher(allow_private_hosts=True, limit=5), f"{site}/file", tmp_path / "file"
    )


def test_a_missing_file_is_said_with_its_status(site: str, tmp_path: Path) -> None:
    assert "404" in reason(Fetcher(allow_private_hosts=True), f"{site}/gone", tmp_path / "file")


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        assert "no server answers" in reason(Fetcher(allow_private_hosts=True), url, tmp_path / "file")
