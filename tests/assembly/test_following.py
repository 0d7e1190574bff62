"""What happens without anybody asking: derived files that are missing are made, tasks that fail are tried again."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from openspending.analytics.deriving import Deriving
from openspending.analytics.statement import read_build
from openspending.assembly.following import Task, following, once
from openspending.cli.demo import packages
from openspending.datastore import revisions
from openspending.datastore.store import open_datastore
from openspending.errors import StoreError
from openspending.publishing import publish

pytestmark = pytest.mark.slow

PACKAGE = next(one for one in packages() if one.name == "suginami-2013")


def test_what_was_committed_and_never_derived_is_derived(tmp_path: Path) -> None:
    both = open_datastore((tmp_path / "public").as_uri(), (tmp_path / "private").as_uri())
    store = both.public
    deriving = Deriving(both, store, grace=0)
    assert deriving.once() == ""
    publish(str(PACKAGE), owner="tokyo", store=store)
    assert deriving.once() == ""  # its publisher did that
    shutil.rmtree(tmp_path / "public" / "tokyo" / "suginami-2013" / "derived")
    revision = revisions.latest(store, "tokyo", "suginami-2013")
    assert revision is not None
    assert read_build(store, revision) is None
    assert Deriving(both, store, grace=0).once() == "Derived tokyo/suginami-2013."
    assert read_build(store, revision) is not None


def test_who_commits_has_time_to_derive_first(tmp_path: Path) -> None:
    both = open_datastore((tmp_path / "public").as_uri(), (tmp_path / "private").as_uri())
    store = both.public
    publish(str(PACKAGE), owner="tokyo", store=store)
    shutil.rmtree(tmp_path / "public" / "tokyo" / "suginami-2013" / "derived")
    assert Deriving(both, store, grace=60).once() == ""


def test_a_task_that_fails_is_told_to_the_log_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    answers = iter((StoreError("The store is away."), "Done."))

    def run() -> str:
        found = next(answers)
        if isinstance(found, StoreError):
            raise found
        return found

    task, said = Task("try", 0.0, run), list[str]()
    once(task, said.append)
    once(task, said.append)
    assert said == ["Done."]
    assert "could not try: The store is away." in caplog.text


def test_a_follower_ends_when_it_is_told_to() -> None:
    done = threading.Event()

    def run() -> str:
        done.set()
        return ""

    with following([Task("try", 0.0, run)]):
        assert done.wait(5)
    assert not any(one.name == "follow" for one in threading.enumerate())
