"""Fetches a publisher's files by URL: http and https only, bounded in size and time, and never from inside our network.

A name is resolved once; every address it has must be public, and the connection goes to an address so checked, so a
name that changes its address in between gains nothing. Each redirect is checked anew.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypedDict

import httpx

from openspending.errors import OpenSpendingError

REDIRECTS: Final = 5
NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
# public by their number, but answered by a cloud provider's own machinery
METADATA: Final = frozenset({ipaddress.ip_address("168.63.129.16"), ipaddress.ip_address("169.254.169.254")})

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Called as `fetcher(url, path)`. `allow_private_hosts` is for testing against a server on this machine."""

    allow_private_hosts: bool = False
    limit: int = 4 * 1024**3  # bytes of one file
    patience: int = 1800  # seconds for one file
    connect_timeout: int = 10  # seconds
    read_timeout: int = 60  # seconds without a byte

    def __call__(self, url: str, path: Path) -> None:
        """Write what `url` answers to `path`. Raises Unreachable, which says why not."""
        timeout = httpx.Timeout(self.read_timeout, connect=self.connect_timeout)
        # no proxy from the environment: it would resolve names for itself
        with httpx.Client(timeout=timeout, trust_env=False, follow_redirects=False) as http, _explained():
            self._follow(http, url, path)

    def _follow(self, http: httpx.Client, url: str, path: Path) -> None:
        deadline = time.monotonic() + self.patience
        place = _parsed(url)
        for _ in range(REDIRECTS + 1):
            with http.stream("GET", **self._checked(place)) as answer:
                if not answer.has_redirect_location:
                    self._write(answer, path, deadline)
                    return
                following = place.join(answer.headers["location"])
                if place.scheme == "https" and following.scheme != "https":
                    raise Unreachable(f"it redirects from https to {following.scheme}")
                place = _parsed(str(following))
        raise Unreachable(f"it redirects more than {REDIRECTS} times")

    def _checked(self, place: httpx.URL) -> _Request:
        """The request to the checked address, under the name that the URL gave."""
        address = self._address(place.host, place.port or {"http": 80, "https": 443}[place.scheme])
        return _Request(
            url=place.copy_with(host=str(address)),
            headers={"Host": place.netloc.decode("ascii"), "User-Agent": "OpenSpending", "Accept": "*/*"},
            extensions={"sni_hostname": place.host} if place.scheme == "https" else {},
        )

    def _address(self, host: str, port: int) -> Address:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise Unreachable(f"the host {host} cannot be found") from None
        addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
        if not self.allow_private_hosts and not all(is_public(one) for one in addresses):
            raise Unreachable(f"the host {host} is not on the public internet")
        return min(addresses, key=lambda one: one.version)  # IPv4 is what every server has

    def _write(self, answer: httpx.Response, path: Path, deadline: float) -> None:
        if answer.status_code != httpx.codes.OK:
            raise Unreachable(f"the server answers {answer.status_code} {answer.reason_phrase}")
        written = 0
        with path.open("wb") as file:
            for block in answer.iter_bytes():
                written += len(block)
                if written > self.limit:
                    raise Unreachable(f"it is larger than {self.limit} bytes")
                if time.monotonic() > deadline:
                    raise Unreachable(f"it takes longer than {self.patience} seconds")
                file.write(block)


def is_public(address: Address) -> bool:
    """Whether `address` is on the public internet; IPv4 inside IPv6 counts as the IPv4 address it stands for."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved and address not in METADATA


class _Request(TypedDict):
    """Arguments of one httpx request."""

    url: httpx.URL
    headers: dict[str, str]
    extensions: dict[str, str]


class Unreachable(OpenSpendingError):
    """Why a URL was not fetched, as the end of a sentence; whoever asked for it says which URL."""


@contextmanager
def _explained() -> Iterator[None]:
    """Turns every way in which fetching fails into Unreachable."""
    try:
        yield
    except httpx.TimeoutException:
        raise Unreachable("the server does not answer in time") from None
    except httpx.ConnectError:
        raise Unreachable("no server answers there") from None
    except httpx.HTTPError as error:
        raise Unreachable(str(error) or type(error).__name__) from None


def _parsed(url: str) -> httpx.URL:
    try:
        place = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise Unreachable(f"it is no valid URL: {error}") from None
    if place.scheme not in {"http", "https"} or not place.host:
        raise Unreachable("only http and https are fetched")
    if place.userinfo:
        raise Unreachable("it contains a name or password")
    return place
