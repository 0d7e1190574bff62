"""What is stored opens in other tools: frictionless checks sizes, hashes, schemas and cells by its own reading."""

from __future__ import annotations

import gc
import gzip
import json
from pathlib import Path
from urllib.parse import unquote, urlsplit

import frictionless
import pytest

from openspending.datastore import layout
from openspending.datastore.objects import ObjectStore
from openspending.datastore.store import open_datastore
from tests.datastore.packages import Made, a_file, a_package, commit_to

pytestmark = pytest.mark.slow


@pytest.fixture
def local(tmp_path: Path) -> ObjectStore:
    return open_datastore((tmp_path / "public").as_uri()).public


def assert_valid(local: ObjectStore, key: str) -> None:
    folder = Path(unquote(urlsplit(local.root).path))
    report = frictionless.validate(str(folder / key))
    assert report.valid, json.dumps(report.to_descriptor(), indent=2)


def test_a_stored_dataset_is_a_valid_data_package(local: ObjectStore, folder: Path) -> None:
    commit_to(local, a_package(folder))
    assert_valid(local, layout.descriptor_key("ministry", "budget"))
    assert_valid(local, layout.revision_key("ministry", "budget", 1))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # it leaves packed files open
def test_compressed_and_divided_files_are_valid_too(local: ObjectStore, folder: Path) -> None:
    header = b"code,amount\n"
    files = {
        "a.csv": a_file(folder, "part.csv", header + b"1,2\n"),
        "b.csv": a_file(folder, "part.csv", header + b"3,4"),
        "c.csv.gz": a_file(folder, "c.csv.gz", gzip.compress(header + b"5,6\n")),
    }
    resources = [
        {"name": "parts", "path": ["a.csv", "b.csv"], "bytes": 5, "hash": "wrong"},
        {"name": "packed", "path": "c.csv.gz"},
    ]
    commit_to(local, Made({"name": "budget", "resources": resources}, files))
    assert_valid(local, layout.descriptor_key("ministry", "budget"))
    gc.collect()


def test_a_changed_file_is_noticed(local: ObjectStore, folder: Path) -> None:
    done = commit_to(local, a_package(folder))
    key = f"ministry/budget/{done.revision.descriptor['resources'][0]['path']}"
    local.put(key, local.get(key).replace(b"10.50", b"10.51"))
    with pytest.raises(AssertionError, match="hash-count"):
        assert_valid(local, layout.descriptor_key("ministry", "budget"))


def test_the_registry_is_a_valid_data_package(local: ObjectStore, folder: Path) -> None:
    commit_to(local, a_package(folder, title='a "quoted", title', licenses=[{"name": "CC0-1.0"}]))
    commit_to(local, a_package(folder, countryCode="MD"), owner="officer@data.gov.uk", name="another")
    assert_valid(local, layout.REGISTRY_KEY)
