"""Messages between the server and a child: one byte of kind, four of length, the content. No side trusts a length."""

from __future__ import annotations

import socket
import struct
from typing import Final, TypeVar

import msgspec

from openspending.analytics.adhoc.bounds import Bounds

_Shape = TypeVar("_Shape")

QUERY: Final = b"Q"  # server → child: the question and its bounds
NAMES: Final = b"N"  # child → server: which tables it names
TABLES: Final = b"T"  # server → child: where these are
COLUMNS: Final = b"C"  # child → server: names and types of the answer's columns
ROWS: Final = b"R"  # child → server: a piece of the answer as Arrow IPC stream
END: Final = b"E"  # child → server: the answer is whole
REFUSED: Final = b"X"  # child → server: there is no answer, and why
LARGEST: Final = 1 << 20  # bytes of one message


class Asked(msgspec.Struct, frozen=True):
    """QUERY's content."""

    query: str
    bounds: Bounds


class Named(msgspec.Struct, frozen=True):
    """NAMES' content: owner and name of each table, and a hash of what the query says."""

    tables: list[tuple[str, str]]
    identity: str


class Column(msgspec.Struct, frozen=True):
    """A column of an answer, its type as SQL calls it."""

    name: str
    type: str


class Told(msgspec.Struct, frozen=True):
    """REFUSED's content; `limit` when a bound is why, else `line` and `column` may say where."""

    message: str
    line: int | None = None
    column: int | None = None
    limit: bool = False


_HEAD: Final = struct.Struct("!cI")


class Broken(Exception):
    """The other side closed the connection, or sent what is no message."""


def send(connection: socket.socket, kind: bytes, content: bytes = b"") -> None:
    """Send one message. Raises OSError."""
    connection.sendall(_HEAD.pack(kind, len(content)) + content)


def send_json(connection: socket.socket, kind: bytes, content: object) -> None:
    """Send one message whose content is JSON. Raises OSError."""
    send(connection, kind, msgspec.json.encode(content))


def receive(connection: socket.socket) -> tuple[bytes, bytes]:
    """Kind and content of the next message. Raises Broken; OSError, TimeoutError among them."""
    kind, length = _HEAD.unpack(_exactly(connection, _HEAD.size))
    if length > LARGEST:
        raise Broken("a message is longer than any can be")
    return kind, _exactly(connection, length)


def read(content: bytes, shape: type[_Shape]) -> _Shape:
    """The content of a message, which has that shape. Raises Broken."""
    try:
        return msgspec.json.decode(content, type=shape)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise Broken("a message cannot be read") from error


def _exactly(connection: socket.socket, size: int) -> bytes:
    received = bytearray()
    while len(received) < size:
        piece = connection.recv(min(size - len(received), 1 << 16))
        if not piece:
            raise Broken("the other side is gone")
        received += piece
    return bytes(received)
