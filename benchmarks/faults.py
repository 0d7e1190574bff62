"""What publishers lose when one call in ten fails, and when they are killed at random.

python -m benchmarks.faults [--rounds 200] [--rate 0.1] [--on folder|moto|radosgw]

In each round a process commits as fast as it can and is killed (kill -9) after a random time; it says aloud what was
accepted. Besides, threads commit to one dataset together, and a dataset is published and hidden while somebody commits
to it. In the end every accepted revision must be there, whole, in one place.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from openspending.datastore import bucket, revisions
from openspending.datastore.addresses import ANONYMOUS, S3Access
from openspending.datastore.objects import ObjectStore
from openspending.datastore.store import open_datastore
from tests import faultproxy
from tests.datastore import servers
from tests.datastore.test_s3_faults import Outcome, assert_kept, assert_moved, move_and_commit, publish_together

COMMITTER = """
import sys, time
from pathlib import Path
from openspending.datastore.addresses import S3Access
from openspending.datastore.objects import ObjectStore
from openspending.errors import Conflict, StoreError
from tests.datastore.packages import commit_to
from tests.datastore.test_faults import two_files
url, folder, turn, endpoint, key, secret = sys.argv[1:]
access = S3Access(endpoint, access_key=key, secret_key=secret, timeout=1) if endpoint else S3Access()
store = ObjectStore.open(url, access)
print("ready", flush=True)
for amount in range(10**6):
    try:
        done = commit_to(store, two_files(Path(folder), int(turn) * 10**6 + amount)).revision
    except Conflict:
        print("conflict", flush=True)
    except StoreError as error:
        print("failure", error, flush=True)
    else:
        print("accepted", done.number, done.hash, flush=True)
"""
LONGEST = 3.0  # seconds until a publisher is killed
ROOT = Path(__file__).resolve().parent.parent


def main(rounds: int, rate: float, on: str, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder, _place(on, Path(folder)) as (url, direct):
        with ExitStack() as running:
            dice = faultproxy.Seeded(rate, seed)
            through = direct
            if direct.endpoint:
                proxy = running.enter_context(faultproxy.before(direct.endpoint, dice, silence=1.5))
                through = replace(direct, endpoint=proxy.endpoint, timeout=1)
            killed = _kill(rounds, f"{url}/killed", Path(folder), through, seed)
            begun = time.monotonic()
            together = publish_together(through, f"{url}/together", Path(folder), threads=8, each=25, seed=seed)
            lasted = time.monotonic() - begun
            store = open_datastore(f"{url}/moved", f"{url}-private/moved", through)
            moved = move_and_commit(store, Path(folder), moves=rounds // 10, seed=seed)
        _judge(f"{rounds} publishers killed", ObjectStore.open(f"{url}/killed", direct), killed)
        _judge(f"8 publishers at once, {lasted:.0f} s", ObjectStore.open(f"{url}/together", direct), together)
        assert_moved(open_datastore(f"{url}/moved", f"{url}-private/moved", direct), moved)
        print(
            f"moved {rounds // 10} times: {len(moved.accepted)} revisions accepted meanwhile, all there; "
            f"{moved.conflicts} conflicts, {len(moved.failures)} failures told"
        )
        if direct.endpoint:
            faults = {name: count for name, count in sorted(proxy.told.items()) if name != "none"}
            print(f"{len(proxy.requests)} requests, of which failed {sum(faults.values())}: {faults}")


def _kill(rounds: int, url: str, folder: Path, access: S3Access, seed: int) -> Outcome:
    outcome, moments = Outcome({}), random.Random(seed)
    settings = [access.endpoint or "", access.access_key or "", access.secret_key or ""]
    for turn in range(1, rounds + 1):
        command = [sys.executable, "-c", COMMITTER, url, str(folder), str(turn), *settings]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT
        ) as publisher:
            assert publisher.stdout is not None
            assert publisher.stdout.readline() == "ready\n"
            time.sleep(moments.random() * LONGEST)
            publisher.kill()
            _listen(publisher.stdout.read(), outcome)
        if turn % 50 == 0:
            print(f"  {turn} killed, {len(outcome.accepted)} revisions accepted", flush=True)
    return outcome


def _listen(said: str, outcome: Outcome) -> None:
    for line in said.splitlines(keepends=True):
        match line.split():
            case ["accepted", number, digest] if line.endswith("\n"):
                assert outcome.accepted.setdefault(int(number), digest) == digest
            case ["conflict"]:
                outcome.conflicts += 1
            case ["failure", *why]:
                outcome.failures.append(" ".join(why))


def _judge(what: str, healthy: ObjectStore, outcome: Outcome) -> None:
    assert_kept(healthy, outcome)
    stored = len(revisions.history(healthy, "ministry", "budget"))
    print(
        f"{what}: {len(outcome.accepted)} revisions accepted, all there and whole, of {stored}; "
        f"{outcome.conflicts} conflicts, {len(outcome.failures)} failures told"
    )
    for failure in outcome.failures[:20]:
        print(f"  {failure[:200]}")


@contextmanager
def _place(on: str, folder: Path) -> Iterator[tuple[str, S3Access]]:
    if on == "folder":
        yield (folder / "store").as_uri(), ANONYMOUS
        return
    ceph = folder / "ceph"
    ceph.mkdir()
    with servers.radosgw(ceph) if on == "radosgw" else servers.moto() as server:
        bucket.init("faults", s3=server.access)
        yield "s3://faults", server.access


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--rate", type=float, default=0.1)
    parser.add_argument("--on", choices=("folder", "moto", "radosgw"), default="radosgw")
    parser.add_argument("--seed", type=int, default=20200229)
    given = parser.parse_args()
    main(given.rounds, given.rate, given.on, given.seed)
