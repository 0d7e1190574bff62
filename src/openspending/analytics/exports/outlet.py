"""Where a writer that wants a file leaves its bytes, until they are taken and sent."""

from __future__ import annotations

from io import BufferedIOBase


class Outlet(BufferedIOBase):
    """A file that can only be appended to, and is emptied by `take`."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._sent = 0

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: bytes | memoryview) -> int:  # type: ignore[override]
        """Keep `data` until it is taken."""
        part = bytes(data)
        self._parts.append(part)
        self._sent += len(part)
        return len(part)

    def tell(self) -> int:
        """How many bytes were ever written."""
        return self._sent

    def take(self) -> bytes:
        """What was written since the last time."""
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken
