"""S3 servers that the tests start themselves: moto in this process, and Ceph's radosgw where it is installed.

moto checks no signatures, so only radosgw can show that something is refused. radosgw runs on one node with its data
in memory, without systemd: a monitor, one storage daemon and the gateway, all on free ports of this machine.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

from moto.server import ThreadedMotoServer

from openspending.datastore import bucket
from openspending.datastore.addresses import S3Access

PROGRAMS: Final = ("radosgw", "radosgw-admin", "ceph", "ceph-mon", "ceph-osd", "ceph-authtool", "monmaptool")


@dataclass(frozen=True)
class Server:
    """A running S3 server and the keys that it knows."""

    endpoint: str
    access_key: str = "testing"
    secret_key: str = "testing12"

    @property
    def limited(self) -> Server:
        """The same with keys of another user, who owns nothing (radosgw only)."""
        return Server(self.endpoint, "limited", "limited1234")

    @property
    def access(self) -> S3Access:
        return S3Access(self.endpoint, access_key=self.access_key, secret_key=self.secret_key)


def has_radosgw() -> bool:
    """Whether Ceph's programs are installed (Debian: ceph-mon ceph-osd radosgw ceph-common)."""
    return all(shutil.which(one) for one in PROGRAMS)


@contextmanager
def moto() -> Iterator[Server]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield Server(f"http://{host}:{port}")
    finally:
        server.stop()


@contextmanager
def radosgw(folder: Path) -> Iterator[Server]:
    cluster = _Cluster(folder)
    server = Server(f"http://127.0.0.1:{cluster.port}")
    with ExitStack() as running:
        cluster.prepare()
        running.enter_context(_running(folder, "ceph-mon", "-f", "-i", "a", "-c", str(cluster.conf)))
        cluster.add_storage()
        running.enter_context(_running(folder, "ceph-osd", "-f", "-i", "0", "-c", str(cluster.conf)))
        gateway = ("radosgw", "-f", "-n", "client.rgw", "-k", str(cluster.keys), "-c", str(cluster.conf))
        running.enter_context(_running(folder, *gateway))
        _wait_for(server.endpoint)
        user = ("--uid=test", "--display-name=test", f"--access-key={server.access_key}")
        cluster.run("radosgw-admin", "user", "create", *user, f"--secret-key={server.secret_key}")
        limited = server.limited
        cluster.run(
            "radosgw-admin",
            "user",
            "create",
            "--uid=limited",
            "--display-name=limited",
            f"--access-key={limited.access_key}",
            f"--secret-key={limited.secret_key}",
        )
        yield server


@contextmanager
def radosgw_for_all(folder: Path) -> Iterator[Server]:
    """One radosgw for all processes that run tests at once, which takes 15 s to start: the first of them starts it, and
    waits for the others before it stops it. `folder` is the same for all of them."""
    (folder / "users").mkdir(parents=True, exist_ok=True)
    known, own = folder / "endpoint", folder / "users" / str(os.getpid())
    with ExitStack() as running:
        with _locked(folder):
            own.touch()
            if known.exists():
                server = Server(known.read_text())
                running.callback(own.unlink)
            else:
                place = Path(tempfile.mkdtemp(dir=folder))
                server = running.enter_context(radosgw(place))
                bucket.init("suite", s3=server.access)
                running.callback(_leave_last, folder)
                known.write_text(server.endpoint)
        yield server


def _leave_last(folder: Path) -> None:
    """Wait until nobody else uses the server; from then on nobody can."""
    own = folder / "users" / str(os.getpid())
    while True:
        with _locked(folder):
            if all(one == own or not _alive(int(one.name)) for one in (folder / "users").iterdir()):
                (folder / "endpoint").unlink()
                own.unlink()
                return
        time.sleep(0.2)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class _Cluster:
    """A one-node Ceph cluster in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.conf = folder / "ceph.conf"
        self.keys = folder / "keyring"
        self.port, self._mon_2, self._mon_1 = _free_ports(3)
        self._id = str(uuid.uuid4())

    def run(self, *command: str) -> None:
        where = () if command[0] in ("ceph-authtool", "monmaptool") else ("-c", str(self.conf))
        subprocess.run([*command, *where], check=True, capture_output=True, timeout=120)

    def prepare(self) -> None:
        """Configuration, keys and the monitor's store."""
        for name in ("mon", "osd", "run", "rgw"):
            (self.folder / name).mkdir()
        settings = self._settings().items()
        self.conf.write_text("[global]\n" + "".join(f"{name} = {value}\n" for name, value in settings))
        self._add_key("mon.", "mon", "allow *", create=True)
        self._add_key("client.admin", "mon", "allow *", "osd", "allow *", "mgr", "allow *")
        self._add_key("osd.0", "mon", "allow profile osd", "osd", "allow *")
        self._add_key("client.rgw", "mon", "allow rw", "osd", "allow rwx")
        monmap = str(self.folder / "monmap")
        addresses = f"[v2:127.0.0.1:{self._mon_2},v1:127.0.0.1:{self._mon_1}]"
        self.run("monmaptool", "--create", "--fsid", self._id, "--addv", "a", addresses, monmap)
        self.run("ceph-mon", "--mkfs", "-i", "a", "--monmap", monmap, "--keyring", str(self.keys))

    def add_storage(self) -> None:
        """Make the storage daemon known to the monitor, and its store."""
        osd = str(uuid.uuid4())
        self.run("ceph", "osd", "new", osd)
        self.run("ceph", "auth", "import", "-i", str(self.keys))
        self.run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osd)

    def _add_key(self, name: str, *rights: str, create: bool = False) -> None:
        caps = [word for kind, right in zip(rights[::2], rights[1::2], strict=True) for word in ("--cap", kind, right)]
        new = ["--create-keyring"] if create else []
        self.run("ceph-authtool", str(self.keys), *new, "--gen-key", "-n", name, *caps)

    def _settings(self) -> dict[str, object]:
        return {
            "fsid": self._id,
            "mon host": f"[v2:127.0.0.1:{self._mon_2},v1:127.0.0.1:{self._mon_1}]",
            "public addr": "127.0.0.1",
            "ms bind ipv6": "false",
            "keyring": self.keys,
            **dict.fromkeys(("auth cluster required", "auth service required", "auth client required"), "cephx"),
            "osd pool default size": 1,
            "osd pool default min size": 1,
            "osd pool default pg num": 1,
            "osd pool default pgp num": 1,
            "osd crush chooseleaf type": 0,
            "mon allow pool size one": "true",
            "mon max pg per osd": 1000,
            "mon data avail crit": 0,  # it would end on a disk that is nearly full
            "osd objectstore": "memstore",
            "memstore device bytes": 2 * 1024**3,
            "mon data": self.folder / "mon",
            "osd data": self.folder / "osd",
            "rgw data": self.folder / "rgw",
            "run dir": self.folder / "run",
            "admin socket": self.folder / "run" / "$name.asok",
            "pid file": self.folder / "run" / "$name.pid",
            "log file": self.folder / "$name.log",
            # without tcp_nodelay every answer waits 40 ms
            "rgw frontends": f"beast endpoint=127.0.0.1:{self.port} tcp_nodelay=1",
            "rgw dns name": "localhost",
        }


@contextmanager
def _running(folder: Path, *command: str) -> Iterator[None]:
    with (folder / f"{command[0]}.out").open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            yield
        finally:
            process.kill()
            process.wait(timeout=30)


def _wait_for(url: str, seconds: int = 90) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urlopen(url, timeout=5):
                return
        except URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _free_ports(count: int) -> list[int]:
    """Below those that the system gives to whoever asks for any: another test could get one before it is used."""
    found: list[int] = []
    while len(found) < count:
        port = secrets.choice(range(20_000, 32_000))
        with suppress(OSError), socket.socket() as one:
            one.bind(("127.0.0.1", port))
            found += [port] if port not in found else []
    return found
