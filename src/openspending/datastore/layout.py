"""Where everything lies in a store (docs/architecture.md), and the rules for the names that become part of keys.

Pure functions: a key is text, "/" between its parts, relative to the store's root.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Final

from openspending.errors import BadQuery
from openspending.speaking.said import said

REGISTRY_KEY: Final = "registry/datapackage.json"
CATALOG_KEY: Final = "registry/catalog.csv"
LISTED_KEY: Final = "registry/listed.json"
# the top-level folders that are not owners, and the first parts of addresses that a dataset's page could not have
RESERVED_OWNERS: Final = (
    *("changelog", "homes", "registry", "usage", "views"),
    *("api", "data", "health", "metrics", "openapi.json", "static", "v1"),
    *(
        "identity",
        "audit",
        "uploads",
        "sign-in",
        "sign-out",
        "account",
        "user",
        "oauth",
        "datastore",
        "package",
        "search",
        "manage",
        "import",
        "embed",
        "oembed",
        "q",
        "og",
        "jobs",
    ),
)
USAGE: Final = "usage"
AUDIT: Final = "audit"
VIEWS: Final = "views/"
TOMBSTONE: Final = "withdrawn.json"
FORWARDING: Final = "moved.json"

_OWNER: Final = re.compile(r"[A-Za-z0-9_@+][A-Za-z0-9_.@+-]{0,99}")
_NAME: Final = re.compile(r"[a-z0-9_][a-z0-9._-]{0,99}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_BUILD: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")
_REVISION: Final = re.compile(r"r([1-9][0-9]*)\.datapackage\.json")
_USAGE: Final = re.compile(r"usage/([0-9]{4}-[0-9]{2}-[0-9]{2})/[0-9a-f]{32}\.csv")
_VIEW: Final = re.compile(r"[a-z2-7]{10}")
_FILE_PATH: Final = re.compile(r"files/([0-9a-f]{64})/[^/]+")
_UNSAFE: Final = ("Cc", "Cs", "Zl", "Zp")  # Unicode's control and surrogate characters, line and paragraph separators
_MAX_FILENAME: Final = 200  # bytes; leaves room below the 240 that a key's part may have


def check_owner(owner: str) -> None:
    """Raises BadQuery unless `owner` can own datasets.

    1 to 100 of A-Z a-z 0-9 _ . @ + -, the first neither "." nor "-"; account names of the original, which were
    e-mail addresses or hex ids, are among them. Reserved words count in any case: folders may ignore case.
    """
    if not _OWNER.fullmatch(owner):
        raise BadQuery(
            said(
                "“{owner}” cannot be an owner: use 1 to 100 letters without accents, digits, “_”, “.”, “@”, “+” or "
                "“-”, and start with neither “.” nor “-”.",
                owner=owner[:120],
            )
        )
    if owner.lower() in RESERVED_OWNERS:
        raise BadQuery(said("“{owner}” cannot be an owner: OpenSpending uses that name itself.", owner=owner))


def check_name(name: str) -> None:
    """Raises BadQuery unless `name` can be a dataset's: 1 to 100 of a-z 0-9 . _ -, the first neither "." nor "-"."""
    if not _NAME.fullmatch(name):
        raise BadQuery(
            said(
                "“{name}” cannot be a dataset's name: use 1 to 100 small letters without accents, digits, “_”, “.” "
                "or “-”, and start with a letter, a digit or “_”.",
                name=name[:120],
            )
        )


def dataset_prefix(owner: str, name: str) -> str:
    """The folder of a dataset. Raises BadQuery for names that break the rules; so do all functions built on this."""
    check_owner(owner)
    check_name(name)
    return f"{owner}/{name}"


def descriptor_key(owner: str, name: str) -> str:
    """The newest revision's descriptor."""
    return f"{dataset_prefix(owner, name)}/datapackage.json"


def revision_key(owner: str, name: str, number: int) -> str:
    """The descriptor of revision `number`, from 1. Its create-only put is the commit."""
    return f"{dataset_prefix(owner, name)}/{revision_path(number)}"


def revision_path(number: int) -> str:
    """… relative to the dataset's folder."""
    return f"r{number}.datapackage.json"


def revision_number(key: str) -> int | None:
    """The number in a `revision_key`, or None for other keys."""
    found = _REVISION.fullmatch(key.rpartition("/")[2])
    return int(found[1]) if found else None


def file_path(sha256: str, filename: str) -> str:
    """Where a dataset keeps a source file with this content, relative to its descriptor: what a resource's `path` says.

    `sha256` is 64 small hex digits.
    """
    if not _SHA256.fullmatch(sha256):
        raise ValueError(f"not a sha-256 in hex: {sha256[:80]!r}")
    return f"files/{sha256}/{safe_filename(filename)}"


def stored_key(owner: str, name: str, path: str) -> str:
    """The key of what a stored descriptor of the dataset calls `path`."""
    return f"{dataset_prefix(owner, name)}/{path}"


def sha256_of(path: str) -> str | None:
    """The hash that a `file_path` states, or None for other paths."""
    found = _FILE_PATH.fullmatch(path)
    return found[1] if found else None


def derived_prefix(owner: str, name: str, number: int, build: str) -> str:
    """The folder, with "/" at its end, of what build version `build` made of revision `number`."""
    return f"{dataset_prefix(owner, name)}/derived/r{number}-{_checked_build(build)}/"


def statement_key(owner: str, name: str, number: int, build: str) -> str:
    """What the first build of revision `number` stated of itself; it stays when derived files are deleted."""
    return f"{dataset_prefix(owner, name)}/r{number}.{_checked_build(build)}.json"


def _checked_build(build: str) -> str:
    if not _BUILD.fullmatch(build):
        raise ValueError(f"not a build version: {build[:120]!r}")
    return build


def tombstone_key(owner: str, name: str) -> str:
    """Why the dataset was withdrawn: all that is left of it."""
    return f"{dataset_prefix(owner, name)}/{TOMBSTONE}"


def forwarding_key(owner: str, name: str) -> str:
    """The address that the dataset has now; all that is left at the old one."""
    return f"{dataset_prefix(owner, name)}/{FORWARDING}"


def arrival_key(owner: str, name: str) -> str:
    """With which revision the dataset came to this place, and its former addresses."""
    return f"{dataset_prefix(owner, name)}/arrival.json"


def claim_key(owner: str, name: str) -> str:
    """For which store the name was taken first; in the private store, as are the notes that follow."""
    return f"homes/{dataset_prefix(owner, name)}/claim.json"


def move_key(owner: str, name: str, number: int) -> str:
    """The dataset's move `number`, from 1, as it was begun."""
    return f"homes/{dataset_prefix(owner, name)}/{number}.json"


def moved_key(owner: str, name: str, number: int) -> str:
    """How that move ended."""
    return f"homes/{dataset_prefix(owner, name)}/{number}.done.json"


def idle_key(owner: str, name: str, event: str) -> str:
    """That there was nothing to do for an event, which has any text as its id."""
    return f"homes/{dataset_prefix(owner, name)}/idle/{hashlib.sha256(event.encode()).hexdigest()}.json"


def audit_key(day: str, time: str, name: str) -> str:
    """An event of the audit log, on `day`, YYYY-MM-DD."""
    return f"{AUDIT}/{day}/{time}-{name}.json"


def audit_day(key: str) -> str:
    """The day in an `audit_key`."""
    return key.split("/")[1]


def changelog_key(position: int) -> str:
    """The changelog's entry `position`, from 1."""
    return f"changelog/{position}.json"


def usage_key(day: str, process: str) -> str:
    """What the process, 32 hex digits, counted on `day`, YYYY-MM-DD; only that process writes it."""
    return f"{USAGE}/{day}/{process}.csv"


def usage_day(key: str) -> str | None:
    """The day in a `usage_key`, or None for other keys."""
    found = _USAGE.fullmatch(key)
    return found[1] if found else None


def view_key(view: str) -> str:
    """What a saved view shows; in the store of its dataset. Raises BadQuery for what is no id of one."""
    if not _VIEW.fullmatch(view):
        raise BadQuery(said("“{view}” is no id of a saved view.", view=view[:40]))
    return f"{VIEWS}{view}.json"


def dataset_of(key: str) -> tuple[str, str] | None:
    """Owner and name of the dataset to which a key belongs, or None for the keys that no dataset has."""
    owner, slash, rest = key.partition("/")
    name, inner, _ = rest.partition("/")
    return (owner, name) if slash and inner and owner not in RESERVED_OWNERS else None


def safe_filename(given: str) -> str:
    """The last part of a path or URL as a file name that is safe in keys, URLs and file systems; letters stay.

    "#", "?" and "%" change the meaning of a URL that a tool joins from the descriptor's address and the path;
    a leading "." hides a file; control and surrogate characters are refused by stores; line separators by our own
    rule for paths (fdp/paths.py). Each becomes "_".
    """
    last = re.split(r"[/\\]", given.rstrip("/\\"))[-1]
    shown = "".join("_" if char in "#?%" or unicodedata.category(char) in _UNSAFE else char for char in last)
    return _shortened(re.sub(r"^\.+", "_", shown.strip())) or "data"


def _shortened(filename: str) -> str:
    """`filename` in at most 200 bytes: cut before its suffixes, which say how to read it (".csv.gz")."""
    if len(filename.encode()) <= _MAX_FILENAME:
        return filename
    found = re.search(r"(\.[A-Za-z0-9]{1,10}){0,2}$", filename)
    suffix = found[0] if found else ""
    stem = filename[: len(filename) - len(suffix)].encode()[: _MAX_FILENAME - len(suffix)]
    return stem.decode(errors="ignore") + suffix
