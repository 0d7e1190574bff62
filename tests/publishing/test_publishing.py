"""Publishing: all or nothing, once, and finished by whoever runs it again."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from openspending.analytics.statement import read_build
from openspending.datastore import revisions
from openspending.datastore.objects import ObjectStore
from openspending.datastore.store import open_datastore
from openspending.datastore.verify import verify
from openspending.errors import BadQuery
from openspending.fdp.problems import PackageRejected
from openspending.publishing import Published, publish, validate
from tests.publishing.packages import write_package

HEADER = "year,code,label,amount\n"


def _everything(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_publishing_the_same_bytes_again_stores_nothing(tmp_path: Path, published: Callable[[Path], Published]) -> None:
    folder = write_package(tmp_path / "p", HEADER + "2024,1,a,5\n")
    first = published(folder)
    before = _everything(tmp_path / "store")
    second = published(folder)

    assert (first.created, second.created, second.revision) == (True, False, 1)
    assert second.measures == first.measures
    assert _everything(tmp_path / "store") == before


def test_a_rejected_package_leaves_no_trace(tmp_path: Path, store: ObjectStore) -> None:
    folder = write_package(tmp_path / "p", HEADER + "2024,1,a,five\n20x4,1,a,(3)\n")
    with pytest.raises(PackageRejected) as refused:
        publish(str(folder), owner="ministry", store=store)

    found = {(one.code, one.row, one.field, one.value) for one in refused.value.report.errors}
    assert found == {
        ("type-error", 2, "amount", "five"),
        ("type-error", 3, "amount", "(3)"),
        ("type-error", 3, "year", "20x4"),
    }
    assert not list((tmp_path / "store").rglob("*.*"))


def test_warnings_are_kept_with_the_revision(tmp_path: Path, store: ObjectStore) -> None:
    folder = write_package(tmp_path / "p", HEADER + "2024,1,a,5\n,,,\n2024,1,b,6\n")
    done = publish(str(folder), owner="ministry", store=store)
    revision = revisions.latest(store, "ministry", "budget")

    assert revision is not None
    assert "blank-row" in {one.code for one in done.problems}
    assert [one["code"] for one in revision.descriptor["openspending"]["problems"]] == [
        one.code for one in done.problems
    ]


def test_an_amount_with_too_many_digits_is_an_error_not_a_rounding(tmp_path: Path, store: ObjectStore) -> None:
    folder = write_package(tmp_path / "p", HEADER + f"2024,1,a,{'9' * 300}\n2024,2,b,1.{'1' * 38}\n")
    with pytest.raises(PackageRejected) as refused:
        publish(str(folder), owner="ministry", store=store)

    assert {one.code for one in refused.value.report.errors} == {"fiscal/amount-too-long"}


def test_impossible_owners_are_refused_before_anything_is_read(tmp_path: Path, store: ObjectStore) -> None:
    with pytest.raises(BadQuery, match="cannot be an owner"):
        publish(str(tmp_path / "nothing"), owner="../up", store=store)


def test_validate_adds_up_without_storing(tmp_path: Path) -> None:
    found = validate(str(write_package(tmp_path / "p", HEADER + "2024,1,a,5.5\n2024,2,b,1\n")))

    assert (found.report.valid, found.rows, found.measures) == (True, 2, {"amount": Decimal("6.5")})


PUBLISH = """
import sys
from openspending.datastore.store import open_datastore
from openspending.publishing import publish
store = open_datastore(f"file://{sys.argv[1]}/public", f"file://{sys.argv[1]}/private").public
print("ready", flush=True)
publish(sys.argv[2], owner="ministry", store=store)
"""


@pytest.mark.slow
def test_a_killed_publish_leaves_the_old_or_the_new_revision_and_is_finished_by_the_next(
    tmp_path: Path, store: ObjectStore
) -> None:
    old = write_package(tmp_path / "old", HEADER + "2024,1,a,5\n")
    new = write_package(tmp_path / "new", HEADER + "".join(f"2024,{n},b,{n}\n" for n in range(20_000)))
    publish(str(old), owner="ministry", store=store)
    chance, seen = random.Random(7), set()
    for _ in range(3):
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(tmp_path / "store", copy)
        command = [sys.executable, "-c", PUBLISH, str(copy), str(new)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(chance.random() * 0.6)
            process.send_signal(signal.SIGKILL)
        seen.add(_left_behind(copy, new))

    assert seen <= {1, 2}


def _left_behind(folder: Path, package: Path) -> int:
    """The number of the newest revision after the kill; publishing again then ends with a whole second revision."""
    store = open_datastore(f"file://{folder}/public", f"file://{folder}/private").public
    before = revisions.latest(store, "ministry", "budget")
    assert before is not None
    # between the commit and what follows it, the newest descriptor is still that of the revision before
    behind = f"ministry/budget/datapackage.json is not the same as ministry/budget/r{before.number}.datapackage.json."
    assert set(verify(store, "ministry", "budget")) <= {behind}
    done = publish(str(package), owner="ministry", store=store)
    after = revisions.latest(store, "ministry", "budget")
    assert after is not None
    assert (done.revision, done.rows, after.number) == (2, 20_000, 2)
    assert read_build(store, after) is not None
    assert verify(store, "ministry", "budget") == []
    return before.number
