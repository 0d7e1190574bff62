from __future__ import annotations

import gzip
import hashlib
import ipaddress
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from openspending.fetch import Fetcher, Unreachable, Validators, is_public, safe_name

pytestmark = pytest.mark.slow

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
    "::127.0.0.1",
    "::ffff:169.254.169.254",
    "fec0::1",
    "0.0.0.1",
    "240.0.0.1",
    "198.18.0.1",
]
TAG = '"version-1"'
DATE = "Wed, 21 Oct 2015 07:28:00 GMT"
BOMB = gzip.compress(bytes(8_000_000))


class Site(BaseHTTPRequestHandler):
    """A small site: /file is a file, /to?URL redirects, /loop redirects to itself, /gone is missing, /tagged has
    validators, /named a name, /short breaks off, /packed, /twice and /bomb are packed."""

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if path == "/tagged" and (self.headers["If-None-Match"] == TAG or self.headers["If-Modified-Since"] == DATE):
            self.send_response(304)
            self.end_headers()
            return
        status = {"/to": 302, "/loop": 302, "/gone": 404, "/unasked": 304}.get(path, 200)
        body = f"host={self.headers['Host']}".encode()
        body = {"/packed": gzip.compress(body), "/twice": gzip.compress(BOMB), "/bomb": BOMB}.get(path, body)
        self.send_response(status)
        for name, value in self.more(path, query):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) + (path == "/short")))
        self.end_headers()
        self.wfile.write(body)

    def more(self, path: str, query: str) -> Iterator[tuple[str, str]]:
        if path in {"/to", "/loop"}:
            yield "Location", query or "/loop"
        if path in {"/packed", "/twice", "/bomb"}:
            yield "Content-Encoding", "gzip, gzip" if path == "/twice" else "gzip"
        if path == "/tagged":
            yield "ETag", TAG
            yield "Last-Modified", DATE
        if path == "/named":
            yield "Content-Disposition", 'attachment; filename="../../budget 2016.csv"'

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
    "host",
    [
        *("127.0.0.1", "[::1]", "0x7f000001", "2130706433", "127.1", "localhost", "0"),
        *("169.254.169.254", "0xA9FEA9FE", "[::ffff:7f00:1]", "[::ffff:169.254.169.254]", "[fd00:ec2::254]"),
    ],
)
def test_every_way_to_write_an_inner_address_is_refused(host: str, tmp_path: Path) -> None:
    assert "not on the public internet" in reason(Fetcher(), f"http://{host}/latest/meta-data", tmp_path / "file")


@pytest.mark.parametrize("host", ["localhost.", "0177.0.0.1", "0300.0250.0.1", "127.0.0.1.", "①②⑦.⓪.⓪.①"])
def test_odd_ways_to_write_an_inner_address_lead_nowhere(host: str, tmp_path: Path) -> None:
    assert reason(Fetcher(), f"http://{host}/latest/meta-data", tmp_path / "file")


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


@pytest.mark.parametrize("known", [Validators(TAG), Validators(None, DATE), Validators(TAG, DATE)])
def test_what_has_not_changed_is_not_sent_again(site: str, tmp_path: Path, known: Validators) -> None:
    target = tmp_path / "file"
    target.write_text("as it was")
    answer = Fetcher(allow_private_hosts=True).fetch(f"{site}/tagged", target, known)
    assert not answer.changed
    assert answer.sha256 is None
    assert answer.validators == known
    assert target.read_text() == "as it was"


def test_what_has_changed_is_sent_with_its_new_validators_and_hash(site: str, tmp_path: Path) -> None:
    answer = Fetcher(allow_private_hosts=True).fetch(f"{site}/tagged", tmp_path / "file", Validators('"version-0"'))
    assert answer.changed
    assert answer.validators == Validators(TAG, DATE)
    assert answer.sha256 == hashlib.sha256((tmp_path / "file").read_bytes()).hexdigest()


def test_validators_are_kept_over_a_redirect(site: str, tmp_path: Path) -> None:
    fetcher = Fetcher(allow_private_hosts=True)
    assert not fetcher.fetch(f"{site}/to?/tagged", tmp_path / "file", Validators(TAG)).changed


def test_a_304_that_nobody_asked_for_is_an_error(site: str, tmp_path: Path) -> None:
    assert "304" in reason(Fetcher(allow_private_hosts=True), f"{site}/unasked", tmp_path / "file")


def test_a_file_that_breaks_off_is_refused_and_leaves_nothing(site: str, tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_text("as it was")
    assert "incomplete" in reason(Fetcher(allow_private_hosts=True), f"{site}/short", target)
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
    assert target.read_text() == "as it was"


def test_a_packed_answer_is_unpacked(site: str, tmp_path: Path) -> None:
    Fetcher(allow_private_hosts=True)(f"{site}/packed", tmp_path / "file")
    assert (tmp_path / "file").read_text().startswith("host=")


def test_a_packed_answer_is_measured_unpacked(site: str, tmp_path: Path) -> None:
    fetcher = Fetcher(allow_private_hosts=True, limit=1_000_000)
    assert len(BOMB) < fetcher.limit
    assert "larger than" in reason(fetcher, f"{site}/bomb", tmp_path / "file")
    assert list(tmp_path.iterdir()) == []


def test_an_answer_packed_twice_is_refused_before_it_is_unpacked(site: str, tmp_path: Path) -> None:
    assert "packed as gzip, gzip" in reason(Fetcher(allow_private_hosts=True), f"{site}/twice", tmp_path / "file")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/named", "budget 2016.csv"),
        ("/file/Budget%202016.xlsx?download=1", "Budget 2016.xlsx"),
        ("/file/..%2F..%2Fetc%2Fpasswd", "passwd"),
        ("/to?/file/data.csv", "data.csv"),
        ("/", "data"),
    ],
)
def test_a_file_has_the_name_that_the_server_or_the_url_gives(site: str, path: str, name: str, tmp_path: Path) -> None:
    assert Fetcher(allow_private_hosts=True).fetch(f"{site}{path}", tmp_path / "file").name == name


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("C:\\budget\\2016.csv", "2016.csv"),
        ("..", ""),
        (".htaccess", "htaccess"),
        ("a\0b\n.csv", "a_b_.csv"),
        ("con<>|.csv", "con___.csv"),
        ("x" * 300 + ".csv", "x" * 116 + ".csv"),
        ("予算.csv", "予算.csv"),
        ("fdp\u202evsc.exe", "fdp_vsc.exe"),
    ],
)
def test_a_name_is_made_safe(given: str, safe: str) -> None:
    assert safe_name(given) == safe


INNER_GOALS = [
    "http://10.0.0.1/",
    "http://169.254.169.254/latest/meta-data",
    "http://[::ffff:10.0.0.1]/",
    "http://[fe80::1]/",
    "http://0xc0a80001/",
    "http://192.168.1/",
]


@pytest.mark.parametrize("goal", INNER_GOALS)
def test_a_public_server_cannot_lead_us_inside(
    site: str, goal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # of all inner addresses, only that of our own small site passes for a public one
    ours = ipaddress.ip_address("127.0.0.1")
    monkeypatch.setattr("openspending.fetch.is_public", lambda one: one == ours or is_public(one))
    start = site.replace("localhost", "127.0.0.1")
    assert "not on the public internet" in reason(Fetcher(), f"{start}/to?{goal}", tmp_path / "file")


def test_a_name_that_changes_its_address_gains_nothing(
    site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    lookup = socket.getaddrinfo
    port = int(site.rpartition(":")[2])

    def rebinding(host: str | bytes, *rest: object, **words: object) -> object:
        name = host.decode() if isinstance(host, bytes) else host
        asked.append(name)
        address = "127.0.0.1" if name == "rebinding.example" and asked.count(name) == 1 else name
        return lookup("10.0.0.1" if address == "rebinding.example" else address, *rest, **words)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    Fetcher(allow_private_hosts=True)(f"http://rebinding.example:{port}/file", tmp_path / "file")
    assert asked.count("rebinding.example") == 1
    assert (tmp_path / "file").read_text() == f"host=rebinding.example:{port}"
