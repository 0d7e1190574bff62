"""Addresses of uploaded files: how they begin, and which file of whom an address names.

Clients name a package by the URL of its descriptor. Nothing is ever fetched by such a URL: it is taken apart, and has
to be one of this store.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from openspending.conductor.staged import FOLDER, ROUTE, Place, Staged, check_upload_path
from openspending.errors import BadQuery, NotFound

_FOLDER_NAME: Final = re.compile(r"[0-9a-f]{32}")
_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Named:
    """What a URL names: the file `path` of a package. `folder` is "" where it does not say in which folder."""

    owner: str
    name: str
    folder: str
    path: str

    def is_in(self, place: Place) -> bool:
        """Whether the URL has the folder of the place, which only its owner was told."""
        return self.folder == place.folder


def roots(staged: Staged, address: str) -> list[str]:
    """Where the folders of owners lie, as URLs: with this API, and in the bucket."""
    found = [f"{address}{ROUTE}", f"{address}/datastore", f"{address}/data"]
    if staged.signer is not None:
        inside = staged.signer.get(f"{FOLDER}/x", seconds=60).url.partition("?")[0].removesuffix("/x")
        found = [inside, inside.removesuffix(f"/{FOLDER}"), *found]
    return found


def prefixes(staged: Staged, address: str, owner: str) -> list[str]:
    """All ways in which the URL of a file of `owner` may begin: over http first, then https, with and without port."""
    found: dict[str, None] = {}
    for scheme, port in _PORTS.items():
        for root in roots(staged, address):
            parts = urlsplit(root)
            host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
            ports = [f":{parts.port}"] if parts.port else [f":{port}", ""]
            found |= {f"{scheme}://{host}{one}{parts.path}/{owner}": None for one in ports}
    return list(found)


def named(staged: Staged, address: str, url: str) -> Named:
    """What a URL names. Raises BadQuery where it is none of this store, or leaves a package's folder."""
    wanted = _plain(url)
    for root in roots(staged, address):
        begin = f"{_plain(root)}/"
        if wanted.startswith(begin):
            owner, name, rest = _split(wanted[len(begin) :], 3)
            folder, slash, path = rest.partition("/")
            if not (slash and _FOLDER_NAME.fullmatch(folder)):
                folder, path = "", rest
            check_upload_path(unquote(path))
            return Named(unquote(owner), unquote(name), folder, unquote(path))
    raise BadQuery("“datapackage” must be the URL of a descriptor that was uploaded here.", parameter="datapackage")


def split_address(path: str) -> tuple[str, str, str, str]:
    """Owner, name, folder and path in `owner/name/folder/path`. Raises NotFound for fewer parts."""
    owner, name, folder, within = _split(path, 4)
    return owner, name, folder, within


def _split(path: str, count: int) -> list[str]:
    parts = path.split("/", count - 1)
    if len(parts) != count or not all(parts):
        raise NotFound("There is no such file.")
    return parts


def _plain(url: str) -> str:
    """The URL without scheme, usual port, query and fragment: two that differ in these alone name the same. Raises
    BadQuery for what is no URL."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadQuery("“datapackage” is no URL.", parameter="datapackage") from None
    if parts.scheme.lower() not in _PORTS or not parts.hostname or parts.username or parts.password:
        raise BadQuery("“datapackage” must be an http or https URL.", parameter="datapackage")
    host = parts.hostname.lower() + (f":{port}" if port and port not in _PORTS.values() else "")
    return f"{host}{parts.path}"
