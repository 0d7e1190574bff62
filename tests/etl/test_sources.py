"""Opening packages wherever they lie, and nothing outside of them."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from openspending.errors import NotFound
from openspending.etl.limits import Limits
from openspending.etl.sources import Opened, open_package
from openspending.fdp.problems import PackageRejected, Problem

Write = Callable[..., Path]


def refused(where: str, work: Path, **options: Any) -> list[Problem]:
    with pytest.raises(PackageRejected) as caught:
        open_package(where, work, options.pop("fetch", None), **options)
    return caught.value.report.errors


def codes(problems: list[Problem]) -> list[str]:
    return [one.code for one in problems]


def packed(folder: Path, top: str = "", extra: dict[str, bytes] | None = None) -> bytes:
    """The package in `folder` as zip, below the folder `top`."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, top + str(path.relative_to(folder)))
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_a_folder_its_descriptor_and_its_zip_are_the_same_package(write: Write, tmp_path: Path) -> None:
    folder = write()
    (tmp_path / "flat.zip").write_bytes(packed(folder))
    (tmp_path / "deep.zip").write_bytes(packed(folder, "top/", {"__MACOSX/top/._x": b"", "top/.DS_Store": b""}))
    places = [folder, folder / "datapackage.json", tmp_path / "flat.zip", tmp_path / "deep.zip"]
    opened = [open_package(str(place), tmp_path / str(at), None) for at, place in enumerate(places)]

    assert len({one.descriptor for one in opened}) == 1
    assert len({one.files["budget.csv"].sha256 for one in opened}) == 1


def test_files_are_hashed_and_sized(write: Write, tmp_path: Path) -> None:
    content = b"year,code,amount\n2015,01,1\n"
    file = open_package(str(write(content)), tmp_path / "w", None).files["budget.csv"]

    assert (file.name, file.bytes, file.sha256) == ("budget.csv", len(content), hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize(
    ("declared", "warnings"),
    [
        ({"bytes": 1}, ["byte-count"]),
        ({"hash": "0" * 32}, ["hash-count"]),
        ({"hash": "sha256:" + "0" * 64}, ["hash-count"]),
        ({"hash": "klingon:00"}, []),
        ({"bytes": 40, "hash": "MD5"}, []),
    ],
)
def test_wrong_sizes_and_hashes_are_warnings(
    write: Write, tmp_path: Path, declared: dict[str, Any], warnings: list[str]
) -> None:
    content = b"year,code,amount\n2015,01,1.0\n2016,02,2.0\n"[:40]
    if declared.get("hash") == "MD5":
        declared = {"bytes": 40, "hash": hashlib.md5(content, usedforsecurity=False).hexdigest()}
    opened = open_package(str(write(content, **declared)), tmp_path / "w", None)

    assert [one for one in codes(opened.problems) if one.endswith("-count")] == warnings


def test_missing_files_are_errors_also_of_unused_resources(write: Write, tmp_path: Path) -> None:
    others = [{"name": "notes", "path": "notes.csv", "schema": {"fields": [{"name": "x"}]}}]
    found = refused(str(write(others=others)), tmp_path / "w")

    assert [(one.code, one.resource, one.file) for one in found] == [("source-error", "notes", "notes.csv")]


@pytest.mark.parametrize("path", ["../secret.csv", "/etc/passwd", "file:///etc/passwd", ".hidden.csv", "a/../../b.csv"])
def test_unsafe_paths_are_refused(write: Write, tmp_path: Path, path: str) -> None:
    (tmp_path / "secret.csv").write_text("year,code,amount\n2015,01,1\n")

    assert "scheme-error" in codes(refused(str(write(path=path)), tmp_path / "w"))


@pytest.mark.parametrize("directory", [True, False])
def test_links_out_of_the_package_are_refused(write: Write, tmp_path: Path, directory: bool) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.csv").write_text("year,code,amount\n2015,01,1\n")
    folder = write(path="in/secret.csv" if directory else "link.csv")
    if directory:
        (folder / "in").symlink_to(outside)
    else:
        (folder / "link.csv").symlink_to(outside / "secret.csv")

    assert codes(refused(str(folder), tmp_path / "w")) == ["scheme-error"]


def test_a_folder_in_place_of_a_file_is_refused(write: Write, tmp_path: Path) -> None:
    folder = write(path="in")
    (folder / "in").mkdir()

    assert codes(refused(str(folder), tmp_path / "w")) == ["source-error"]


@pytest.mark.parametrize("descriptor", [b"", b"{", b"[]", b"null", b'{"a": 1, "a": 2}', b"\xff", b'{"name": NaN}'])
def test_malformed_descriptors_are_refused(tmp_path: Path, descriptor: bytes) -> None:
    (tmp_path / "datapackage.json").write_bytes(descriptor)

    assert refused(str(tmp_path), tmp_path / "w")


def test_what_does_not_exist_is_refused(tmp_path: Path) -> None:
    assert codes(refused(str(tmp_path / "nothing"), tmp_path / "w")) == ["package-error"]
    assert codes(refused(str(tmp_path), tmp_path / "w")) == ["package-error"]
    assert codes(refused("https://example.org/datapackage.json", tmp_path / "w")) == ["package-error"]


@pytest.mark.parametrize(
    "name",
    [
        "../evil.csv",
        "/evil.csv",
        "..\\evil.csv",
        "a/../../evil.csv",
        "C:/evil.csv",
        "budget.CSV",
        "budget.csv/x",
        "é" * 128,
    ],
)
def test_zips_with_dangerous_names_are_refused(write: Write, tmp_path: Path, name: str) -> None:
    (tmp_path / "p.zip").write_bytes(packed(write(), extra={name: b"x"}))

    assert codes(refused(str(tmp_path / "p.zip"), tmp_path / "w")) == ["compression-error"]
    assert not list(tmp_path.rglob("evil.csv"))


def test_zips_with_links_bombs_or_no_descriptor_are_refused(write: Write, tmp_path: Path) -> None:
    link = io.BytesIO(packed(write()))
    with zipfile.ZipFile(link, "a") as archive:
        info = zipfile.ZipInfo("link.csv")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    (tmp_path / "link.zip").write_bytes(link.getvalue())
    (tmp_path / "bomb.zip").write_bytes(packed(write(), extra={"zeros.csv": bytes(100 << 20)}))
    (tmp_path / "other.zip").write_bytes(packed(write(), top="a/", extra={"b/x.csv": b""}))
    (tmp_path / "damaged.zip").write_bytes(packed(write())[:200])

    assert codes(refused(str(tmp_path / "link.zip"), tmp_path / "1")) == ["compression-error"]
    assert codes(refused(str(tmp_path / "bomb.zip"), tmp_path / "2")) == ["compression-error"]
    assert codes(refused(str(tmp_path / "other.zip"), tmp_path / "3")) == ["package-error"]
    assert codes(refused(str(tmp_path / "damaged.zip"), tmp_path / "4")) == ["compression-error"]
    few = Limits(members=1)
    assert codes(refused(str(tmp_path / "other.zip"), tmp_path / "5", limits=few)) == ["compression-error"]


class Site:
    """Web pages by address, fetched as a real client would."""

    def __init__(self, pages: dict[str, bytes]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    def __call__(self, url: str, target: Path) -> None:
        self.asked.append(url)
        if url not in self.pages:
            raise NotFound(f"{url} does not exist")
        target.write_bytes(self.pages[url])


def site(folder: Path, base: str = "https://example.org/data/") -> Site:
    return Site({base + str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.*")})


def test_a_package_is_fetched_with_its_files(write: Write, tmp_path: Path) -> None:
    pages = site(write(path="in/b c.csv", files={"in/b c.csv": "year,code,amount\n2015,01,1\n"}))
    pages.pages["https://example.org/data/in/b%20c.csv"] = pages.pages["https://example.org/data/in/b c.csv"]
    opened: Opened = open_package("HTTPS://example.org/data/datapackage.json", tmp_path / "w", pages)

    assert opened.files["in/b c.csv"].name == "b c.csv"
    assert pages.asked == ["https://example.org/data/datapackage.json", "https://example.org/data/in/b%20c.csv"]


def test_a_zip_is_fetched(write: Write, tmp_path: Path) -> None:
    pages = Site({"https://example.org/p.zip": packed(write())})

    assert open_package("https://example.org/p.zip", tmp_path / "w", pages).files["budget.csv"].bytes > 0


def test_what_cannot_be_fetched_is_told(write: Write, tmp_path: Path) -> None:
    pages = site(write())
    del pages.pages["https://example.org/data/budget.csv"]

    assert codes(refused("https://example.org/data/datapackage.json", tmp_path / "w", fetch=pages)) == [
        "fiscal/unreachable-url"
    ]
    assert codes(refused("https://example.org/none.json", tmp_path / "w", fetch=pages)) == ["fiscal/unreachable-url"]


def test_urls_in_a_local_package_are_fetched_only_when_allowed(write: Write, tmp_path: Path) -> None:
    url = "https://example.org/b.csv"
    folder = write(path=url)
    pages = Site({url: b"year,code,amount\n2015,01,1\n"})

    assert codes(refused(str(folder), tmp_path / "w")) == ["scheme-error"]
    assert open_package(str(folder), tmp_path / "w2", pages).files[url].name == "b.csv"


def test_progress_is_told(write: Write, tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []
    open_package(str(write()), tmp_path / "w", None, progress=lambda *one: told.append(one))

    assert told
    assert json.dumps(told)
