"""`openspending verify`: a receipt holds for ever, and whatever was altered is named."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from openspending.analytics.livecubes import LiveCubes
from openspending.analytics.proving.receiptform import PARAMETERS, query_of
from openspending.analytics.proving.receipts import receipt
from openspending.cli.commands import app
from openspending.datastore.store import open_datastore
from openspending.publishing import publish
from tests.publishing.packages import write_package

pytestmark = pytest.mark.slow

TEXT = "year,code,label,amount\n2024,01,Schools,10.50\n2024,02,Roads,7\n2025,01,Schools,-3\n"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a DataStore of one dataset with three revisions, and the receipt of a query about the third."""
    folder = tmp_path_factory.mktemp("verify")
    store = open_datastore(f"file://{folder}/public", f"file://{folder}/private").public
    for text in (TEXT, TEXT.replace("Roads,7", "Roads,8"), TEXT.replace("Roads,7", "Roads,9")):
        publish(str(write_package(folder / "p", text)), owner="ministry", store=store)
    cubes = LiveCubes(store, folder / "cache")
    asked = dict.fromkeys(PARAMETERS, "") | {"drilldown": "code.code", "aggregates": "amount.sum|_count"}
    made = receipt(cubes.at("ministry", "budget"), query_of(asked), asked)
    cubes.close()
    (folder / "receipt.json").write_text(json.dumps(made, indent=1), encoding="utf-8")
    return folder


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    """A copy of it, to be damaged; without derived files, cache and registry."""
    shutil.copytree(original / "public" / "ministry", tmp_path / "public" / "ministry")
    shutil.rmtree(tmp_path / "public/ministry/budget/derived")
    for statement in (tmp_path / "public/ministry/budget").glob("r?.b*.json"):
        statement.unlink()
    shutil.copy(original / "receipt.json", tmp_path)
    return tmp_path


def verify(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(app, ["verify", *arguments], input=given)


def checked(folder: Path, receipt: str = "receipt.json") -> tuple[int, dict[str, Any]]:
    """Exit code, and what was found by check."""
    result = verify(str(folder / receipt), "--store", str(folder / "public"), "--json")
    said = json.loads(result.stdout)
    assert said["holds"] == (result.exit_code == 0)
    return result.exit_code, {one["what"]: one for one in said["checks"]} | {"error": said.get("error")}


def wrong(found: dict[str, Any]) -> dict[str, str]:
    return {what: one["found"] for what, one in found.items() if isinstance(one, dict) and one["holds"] is False}


def flip(path: Path, place: int = -3) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def test_a_receipt_verifies_on_a_copy_without_anything_derived(folder: Path) -> None:
    result = verify(str(folder / "receipt.json"), "--store", str(folder / "public"))

    assert result.exit_code == 0
    assert "The receipt holds: ministry/budget@3 gives these numbers." in result.stdout
    assert result.stdout.count("✓ holds") == 10


def test_nothing_is_written_to_the_store(folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    checked(folder)

    assert sorted(folder.rglob("*")) == before


def test_derived_files_are_not_trusted(folder: Path, original: Path) -> None:
    shutil.copytree(original / "public/ministry/budget/derived", folder / "public/ministry/budget/derived")
    for path in (folder / "public/ministry/budget/derived").rglob("*.*"):
        path.write_bytes(b"not what was derived")

    assert checked(folder)[0] == 0


def test_a_flipped_byte_in_a_source_file_is_named(folder: Path) -> None:
    (path,) = [one for one in (folder / "public").rglob("lines.csv") if b"Roads,9" in one.read_bytes()]
    flip(path)

    code, found = checked(folder)

    assert code == 1
    assert list(wrong(found)) == ["files"]
    assert f"{path.relative_to(folder / 'public')} has been altered" in found["files"]["found"]
    plain = verify(str(folder / "receipt.json"), "--store", str(folder / "public"))
    assert "lines.csv has been altered" in plain.stderr.replace("\n", "")
    assert plain.exception is None or isinstance(plain.exception, SystemExit)


def test_files_of_other_revisions_do_not_matter(folder: Path) -> None:
    for path in (folder / "public").rglob("lines.csv"):
        if b"Roads,9" not in path.read_bytes():
            path.unlink()

    assert checked(folder)[0] == 0


@pytest.mark.parametrize("place", [0, 40, -3])
def test_a_flipped_byte_in_the_manifest_is_named(folder: Path, place: int) -> None:
    flip(folder / "public/ministry/budget/r3.datapackage.json", place)

    code, found = checked(folder)

    assert code == 1
    assert "ministry/budget/r3.datapackage.json has been altered" in wrong(found)["manifest"]
    assert "files" not in found


@pytest.mark.parametrize("number", [1, 2])
def test_a_flipped_byte_in_an_earlier_manifest_is_named(folder: Path, number: int) -> None:
    flip(folder / f"public/ministry/budget/r{number}.datapackage.json")

    code, found = checked(folder)

    assert code == 1
    assert list(wrong(found)) == ["history"]
    assert f"ministry/budget/r{number}.datapackage.json has been altered" in found["history"]["found"]


@pytest.mark.parametrize("name", ["r1.datapackage.json", "r3.datapackage.json", "lines.csv"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    for path in (folder / "public").rglob(name):
        path.unlink()

    code, found = checked(folder)

    assert code == 1
    assert f"{name} is missing" in " ".join(wrong(found).values())


CHANGES: dict[str, tuple[tuple[str | int, ...], Any, str]] = {
    "a-sum": (("sums", "amount"), "17", "amount: the receipt says 17, the files give 16.5"),
    "the-summary": (("summary", "amount.sum"), "16.50001", "the files give 16.5"),
    "a-cell": (("cells", "list", 0, "amount.sum"), "8", "Cell 1, amount.sum: the receipt says 8, the files give 7.5"),
    "a-cell-less": (("cells", "list"), [], "The receipt lists 0 cells, the files give 2"),
    "the-count": (("facts", "n"), 4, "n: the receipt says 4, the files give 3"),
    "the-rows": (("facts", "digest"), "sha256:0", "digest: the receipt says sha256:0"),
    "the-facts": (("facts_hash",), "sha256:0", "hash: the receipt says sha256:0"),
    "a-fraction": (("sums", "amount"), 16.5, "amount: the receipt says 16.5"),
    "the-cut": (("query", "cut"), 'code.code:"01"', "n: the receipt says 3, the files give 2"),
    "a-wrong-cut": (("query", "cut"), "nothing:1", "nothing"),
    "a-broken-cut": (("query", "cut"), "((", "(("),
}


@pytest.mark.parametrize("changed", CHANGES)
def test_a_changed_number_is_said(folder: Path, changed: str) -> None:
    path, value, told = CHANGES[changed]
    said = json.loads((folder / "receipt.json").read_text(encoding="utf-8"))
    inner = said
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    (folder / "changed.json").write_text(json.dumps(said), encoding="utf-8")

    code, found = checked(folder, "changed.json")

    assert code == 1
    assert "changed after it was made" in found["receipt"]["found"]
    assert told in " ".join(wrong(found).values())


def test_another_build_is_not_compared_by_its_hash_but_by_its_rows(folder: Path) -> None:
    said = json.loads((folder / "receipt.json").read_text(encoding="utf-8")) | {"build": "b1", "facts_hash": "sha256:0"}
    (folder / "old.json").write_text(json.dumps(said), encoding="utf-8")

    _, found = checked(folder, "old.json")

    assert found["facts"]["holds"] is None
    assert list(wrong(found)) == ["receipt"]


def test_a_receipt_comes_from_standard_input_too(folder: Path) -> None:
    text = (folder / "receipt.json").read_text(encoding="utf-8")

    assert verify("-", "--store", f"file://{folder}/public", given=text).exit_code == 0


@pytest.fixture
def web(folder: Path) -> Iterator[str]:
    """The folder, served as plain files."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_receipt_and_files_may_be_on_the_web(folder: Path, web: str) -> None:
    arguments = (f"{web}/receipt.json", "--store", f"{web}/public/", "--allow-private-hosts", "--json")

    assert verify(*arguments).exit_code == 0
    (path,) = [one for one in (folder / "public").rglob("lines.csv") if b"Roads,9" in one.read_bytes()]
    flip(path)
    assert "has been altered" in verify(*arguments).stdout
    path.unlink()
    assert "lines.csv is missing" in verify(*arguments).stdout


def test_hosts_of_this_machine_are_refused_unless_allowed(web: str) -> None:
    refused = verify(f"{web}/receipt.json", "--store", f"{web}/public/")

    assert refused.exit_code == 1
    assert "not on the public internet" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nothing.json", "--store", "."), "nothing.json"),
        (("receipt.json", "--store", "nowhere"), "There is no folder"),
        (("receipt.json", "--store", "ftp://example.org"), "is no DataStore"),
        (("other.json", "--store", "."), "no receipt"),
        (("receipt.json", "--store", "."), "is missing"),
    ],
    ids=["no-file", "no-folder", "no-store", "no-receipt", "another-store"],
)
def test_what_cannot_be_checked_is_said_without_a_traceback(
    folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], told: str
) -> None:
    monkeypatch.chdir(folder)
    (folder / "other.json").write_text("{}", encoding="utf-8")

    result = verify(*arguments)

    assert result.exit_code == 1
    assert told in result.stderr.replace("\n", " ")
    assert "Traceback" not in result.output


@pytest.mark.parametrize("dataset", ["../../etc/passwd", "x", "/", "ministry/..", "ministry/Budget", "a/b/c"])
def test_a_dataset_that_cannot_be_is_refused(folder: Path, dataset: str) -> None:
    said = json.loads((folder / "receipt.json").read_text(encoding="utf-8")) | {"dataset": dataset}
    (folder / "bad.json").write_text(json.dumps(said), encoding="utf-8")

    result = verify(str(folder / "bad.json"), "--store", str(folder / "public"))

    assert result.exit_code == 1
    assert "cannot be" in result.stderr
