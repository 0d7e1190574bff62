"""Serves one ASGI application in this process with granian, until it is told to stop.

Granian's embedded form shares our objects (open databases, memory stores) with the requests and needs no child
process: it answers after 40 ms and stops on the first Ctrl-C with no request cut off.
"""

from __future__ import annotations

import asyncio
import ipaddress
import signal
import socket
import threading
from collections.abc import Callable
from typing import Any, Final

from granian.constants import Interfaces
from granian.server.embed import Server

from openspending.errors import BadSettings

PATIENCE: Final = 10.0  # seconds in which requests may come to their end once the server is to stop


def serve(app: Any, host: str, port: int, *, on_listening: Callable[[str], None]) -> None:
    """Serve `app` until SIGINT or SIGTERM; port 0 takes a free one. `on_listening` gets the URL once it answers.

    Raises BadSettings when the address cannot be listened on.
    """
    address, free_port = _free(host, port)
    asyncio.run(_serve(app, address, free_port, on_listening))


def until_stopped(on_waiting: Callable[[], None]) -> None:
    """Wait for SIGINT or SIGTERM, in the main thread, while others work. `on_waiting` is called first."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    on_waiting()
    while not stopped.wait(3600):
        pass


def _free(host: str, port: int) -> tuple[str, int]:
    """The address of `host`, and `port` or a free one for 0.

    Tried beforehand, since granian would share a port that another server uses already.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            bound = probe.getsockname()
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadSettings(f"Cannot listen on {host}:{port}: {reason}. Choose another with --host or --port.") from None
    return bound[0], bound[1]


async def _serve(app: Any, address: str, port: int, on_listening: Callable[[str], None]) -> None:
    server = Server(app, address=address, port=port, interface=Interfaces.ASGI, websockets=False, log_enabled=False)
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()

    def stop() -> None:
        server.stop()  # type: ignore[no-untyped-call]
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    serving = loop.create_task(server.serve())
    reachable = _reachable(address)
    while not serving.done() and not await _answers(reachable, port):  # noqa: ASYNC110 - a port has no event to wait for
        await asyncio.sleep(0.01)
    if not serving.done():
        on_listening(f"http://[{reachable}]:{port}/" if ":" in reachable else f"http://{reachable}:{port}/")
    await _ended(serving, loop.create_task(stopping.wait()))


async def _ended(serving: asyncio.Task[None], stopping: asyncio.Task[Any]) -> None:
    """Wait for the end of `serving`, and no longer than PATIENCE once it is to stop."""
    await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    await asyncio.wait((serving,), timeout=PATIENCE)
    if serving.done():
        serving.result()
    else:  # what is left of granian complains of being cancelled
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
        serving.cancel()


async def _answers(address: str, port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(address, port)
    except OSError:
        return False
    writer.close()
    return True


def _reachable(address: str) -> str:
    """An address that a person here can open: of “all addresses”, this machine's own."""
    parsed = ipaddress.ip_address(address)
    if not parsed.is_unspecified:
        return address
    return "127.0.0.1" if parsed.version == 4 else "::1"
