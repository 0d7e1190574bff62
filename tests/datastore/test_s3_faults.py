"""S3 that fails at every turn: what was accepted is there, nothing is half there, and most failures go unnoticed."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from obstore.exceptions import AlreadyExistsError, GenericError

from openspending.datastore import audit, homes, layout, repeating, revisions
from openspending.datastore.addresses import S3Access
from openspending.datastore.audit import Event
from openspending.datastore.objects import CHUNK, AlreadyExists, ObjectStore
from openspending.datastore.signing import Signer
from openspending.datastore.store import DataStore, open_datastore
from openspending.datastore.transfers import copy
from openspending.errors import Conflict, StoreError
from tests import faultproxy
from tests.datastore.packages import NOW, a_package, commit_to
from tests.datastore.servers import Server
from tests.datastore.test_faults import assert_finished, assert_whole, two_files
from tests.datastore.test_moving import hide, publish, put_into, told
from tests.datastore.test_moving_faults import assert_whole as assert_home
from tests.datastore.test_moving_faults import seen
from tests.datastore.test_signing import md5, send

if TYPE_CHECKING:
    from obstore import ObjectMeta

pytestmark = pytest.mark.slow

Operation = Callable[[ObjectStore, Path], object]


def a_big_file(folder: Path) -> Path:
    path = folder / "big"
    path.write_bytes(b"x" * (CHUNK + 1))
    return path


def in_parts(objects: ObjectStore, _: Path) -> None:
    signer = Signer.for_store(objects, objects.s3)
    assert signer is not None
    upload = signer.start("parts")
    send(signer.part("parts", upload, 1, size=4, md5=md5(b"data"), seconds=60), b"data")
    parts = signer.parts("parts", upload)
    if parts:  # what a browser sends, nobody repeats but the browser
        signer.complete("parts", upload, parts)
    else:
        signer.abort("parts", upload)


def create(objects: ObjectStore, _: Path) -> None:
    try:
        objects.put("created", b"x", create=True)
    except AlreadyExists:
        assert objects.get("created") == b"x"


OPERATIONS: dict[str, Operation] = {
    "get": lambda objects, _: objects.get("key") == b"0123456789" or pytest.fail("other bytes"),
    "stream": lambda objects, _: b"".join(objects.stream("key")) == b"0123456789" or pytest.fail("other bytes"),
    "list": lambda objects, _: list(objects.list()) == ["key"] or pytest.fail("other keys"),
    "put": lambda objects, _: objects.put("new", b"x"),
    "create": create,
    "put a large file": lambda objects, folder: objects.put("big", a_big_file(folder)),
    "delete": lambda objects, _: objects.delete("key"),
    "copy": lambda objects, _: copy(objects, "key", objects, "copied"),
    "upload in parts": in_parts,
}


def impatient(proxy: faultproxy.Proxy, server: Server) -> S3Access:
    return replace(server.access, endpoint=proxy.endpoint, timeout=0.4)


CASES = [
    (operation, fault)
    for operation in OPERATIONS
    for fault in faultproxy.FAULTS
    if fault in ("503", "late reset", "truncated") or operation in ("create", "list", "delete", "put a large file")
]


@pytest.mark.parametrize(("operation", "fault"), CASES)
def test_no_single_fault_is_noticed(moto: Server, tmp_path: Path, operation: str, fault: str) -> None:
    address = f"s3://suite/{uuid.uuid4()}"
    ObjectStore.open(address, moto.access).put("key", b"0123456789")
    with faultproxy.before(moto.endpoint, faultproxy.Listed([fault]), silence=0.6) as proxy:
        OPERATIONS[operation](ObjectStore.open(address, impatient(proxy, moto)), tmp_path)
        assert proxy.told[fault] == 1


def test_a_server_that_stays_away_is_given_up_after_a_while(moto: Server) -> None:
    with faultproxy.before(moto.endpoint, faultproxy.Seeded(1, 1, ("503",))) as proxy:
        objects = ObjectStore.open("s3://suite", impatient(proxy, moto))
        with pytest.raises(StoreError, match="503"):
            objects.put("key", b"x", create=True)
        assert len(proxy.requests) == 1 + 6  # one layer repeats, not each what the other has repeated


def test_a_refusal_is_not_repeated(moto: Server) -> None:
    with faultproxy.before(moto.endpoint, faultproxy.Listed([])) as proxy:
        objects = ObjectStore.open(f"s3://suite/{uuid.uuid4()}", impatient(proxy, moto))
        objects.put("key", b"x", create=True)
        with pytest.raises(AlreadyExists):
            objects.put("key", b"y", create=True)
        assert [one[0] for one in proxy.requests] == ["PUT", "PUT", "HEAD"]


def test_a_listing_goes_on_behind_the_last_page_that_came() -> None:
    asked: list[str | None] = []

    def after(last: str | None) -> Iterator[Sequence[ObjectMeta]]:
        asked.append(last)
        keys = [f"{number:02}" for number in range(10) if last is None or f"{number:02}" > last]
        for at in range(0, len(keys), 3):
            if at == 3:
                raise GenericError("Error getting list response body: HTTP error: request or response body error")
            yield [a_meta(key) for key in keys[at : at + 3]]

    assert [one["path"] for one in repeating.listed(after)] == [f"{number:02}" for number in range(10)]
    assert asked == [None, "02", "05", "08"]


def a_meta(key: str) -> ObjectMeta:
    return {"path": key, "last_modified": datetime.now(UTC), "size": 1, "e_tag": None, "version": None}


def test_a_conflict_of_puts_under_way_is_no_object() -> None:
    answers = iter([False, True])
    tried: list[int] = []

    def put() -> None:
        tried.append(1)
        raise AlreadyExistsError("409")

    with pytest.raises(AlreadyExistsError):
        repeating.created(put, lambda: next(answers))
    assert len(tried) == 2


@dataclass
class Outcome:
    """What several publishers were told: the hash of each revision that was accepted, by number; why not."""

    accepted: dict[int, str]
    conflicts: int = 0
    failures: list[str] = field(default_factory=list)


def publish_together(access: S3Access, address: str, folder: Path, *, threads: int, each: int, seed: int) -> Outcome:
    """Let `threads` publishers commit `each` contents of their own to one dataset, and go on after whatever happens."""
    outcome = Outcome({})

    def publisher(number: int) -> None:
        objects, dice = ObjectStore.open(address, access), random.Random(seed * 100 + number)
        for turn in range(each):
            made = two_files(folder, dice.randrange(10**9) * 1000 + number * 100 + turn)
            for _ in range(20):
                try:
                    revision = commit_to(objects, made).revision
                except Conflict:
                    outcome.conflicts += 1
                    continue
                except StoreError as error:
                    outcome.failures.append(str(error))
                    continue
                assert outcome.accepted.setdefault(revision.number, revision.hash) == revision.hash
                break

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(publisher, range(threads)))
    return outcome


def assert_kept(healthy: ObjectStore, outcome: Outcome) -> None:
    """Every accepted revision is there, as it was accepted; nothing is half there; the next publisher finishes all."""
    newest = assert_whole(healthy)
    kept = {one.number: one.hash for one in revisions.history(healthy, "ministry", "budget")}
    assert {number: kept.get(number) for number in outcome.accepted} == outcome.accepted
    last = revisions.latest(healthy, "ministry", "budget")
    if last is None:
        return
    revisions._finish(healthy, last)
    assert_finished(healthy, newest)
    assert healthy.exists(layout.REGISTRY_KEY)


def test_publishers_on_a_failing_server_lose_nothing(server: Server, tmp_path: Path) -> None:
    address = f"s3://suite/{uuid.uuid4()}"
    dice = faultproxy.Seeded(0.1, 20200229)
    with faultproxy.before(server.endpoint, dice, silence=0.6) as proxy:
        access = impatient(proxy, server)
        outcome = publish_together(access, address, tmp_path, threads=3, each=2, seed=1)
    assert sum(count for fault, count in proxy.told.items() if fault != "none") > 5
    assert len(outcome.accepted) >= 5
    assert_kept(ObjectStore.open(address, server.access), outcome)


def an_answer_lost_for_each_key() -> faultproxy.Dice:
    """Every first put of a key takes effect, and its answer is lost."""
    seen: set[str] = set()

    def dice(method: str, path: str) -> str | None:
        if method != "PUT" or path in seen:
            return None
        seen.add(path)
        return "late reset"

    return dice


def test_no_lost_answer_is_taken_for_somebody_elses_write(moto: Server, folder: Path) -> None:
    address = f"s3://suite/{uuid.uuid4()}"
    with faultproxy.before(moto.endpoint, an_answer_lost_for_each_key()) as proxy:
        store = open_datastore(address, s3=impatient(proxy, moto))
        assert [put_into(store, a_package(folder, amount)) for amount in (1, 2)] == [1, 2]
        assert publish(store).moved
        assert put_into(store, a_package(folder, 3)) == 3
        assert hide(store).moved
        audit.record(store.private, Event(NOW, "anna", "", "hide", "ministry", "budget"))
        assert proxy.told["late reset"] > 20
    healthy = open_datastore(address, s3=moto.access)
    assert_home(healthy, 3)
    assert [one[::2] for one in told(healthy.public)] == [("publish", 2), ("commit", 3), ("hide", 3)]
    assert len(list(audit.events(healthy.private))) == 1


def move_and_commit(store: DataStore, folder: Path, *, moves: int, seed: int) -> Outcome:
    """Publish and hide a dataset in turn, while somebody commits to it wherever it is."""
    outcome, moving = Outcome({}), threading.Event()

    def commit() -> None:
        for turn in range(10**6):
            if moving.is_set():
                return
            try:
                home = homes.place(store, "ministry", "budget", "private")
                revision = commit_to(home.objects, two_files(folder, seed * 10**6 + turn)).revision
            except Conflict:
                outcome.conflicts += 1
            except StoreError as error:
                outcome.failures.append(str(error))
            else:
                outcome.accepted[revision.number] = revision.hash

    with ThreadPoolExecutor(1) as pool:
        committing = pool.submit(commit)
        while not outcome.accepted and not committing.done():
            time.sleep(0.05)
        for turn in range(moves):
            move = publish if turn % 2 == 0 else hide
            for _ in range(20):
                try:
                    move(store, event=f"{seed}-{turn}")
                    break
                except StoreError as error:
                    outcome.failures.append(str(error))
        moving.set()
        committing.result()
    return outcome


def assert_moved(healthy: DataStore, outcome: Outcome) -> None:
    """Every accepted revision is in the one home that the dataset has."""
    found = seen(healthy)
    assert found is not None
    kept = {one.number: one.hash for one in revisions.history(*found)}
    assert {number: kept.get(number) for number in outcome.accepted} == outcome.accepted
    assert_home(healthy, len(kept))


def test_moving_on_a_failing_server_loses_nothing(moto: Server, tmp_path: Path) -> None:
    address = f"s3://suite/{uuid.uuid4()}"
    with faultproxy.before(moto.endpoint, faultproxy.Seeded(0.1, 7), silence=0.6) as proxy:
        outcome = move_and_commit(open_datastore(address, s3=impatient(proxy, moto)), tmp_path, moves=1, seed=1)
    assert_moved(open_datastore(address, s3=moto.access), outcome)
