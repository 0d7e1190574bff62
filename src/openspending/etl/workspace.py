"""A workspace: a temporary folder and one DuckDB connection with bounded memory, gone when the work is done."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import duckdb

from openspending.errors import OpenSpendingError
from openspending.etl.sourcefile import SourceFile

# Together with the raw tables kept in memory (read.py) this stays under 1.5 GB for a file of any size.
MEMORY_LIMIT: Final = "700MB"
_SMALL: Final = 1 << 20  # bytes of files; to get several threads to work on less takes a tenth longer than one alone


class EngineError(OpenSpendingError):
    """The database engine refused a statement of ours: a package that the checks should have refused, or a mistake."""

    def __init__(self, error: duckdb.Error) -> None:
        first = str(error).partition("\n")[0]
        super().__init__(f"The engine refused what the checks let pass: {first}. Please report it.")


class Workspace:
    """Owns `connection` and `folder`; use it as a context manager. `folder` is inside `parent` (default: the system's
    temporary folder). The connection belongs to one thread, and its views are seen by no other connection. What the
    engine refuses leaves the context as EngineError."""

    def __init__(self, parent: Path | None = None, *, memory: str = MEMORY_LIMIT, threads: int | None = None) -> None:
        if parent is not None:
            parent.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="openspending-", dir=parent))
        self.connection = duckdb.connect(
            config={
                "memory_limit": memory,
                "threads": threads or os.cpu_count() or 1,
                "temp_directory": str(self.folder / "spill"),
                # what is not in the program may not be fetched at run time
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if isinstance(error, duckdb.Error):
            raise EngineError(error) from error

    def close(self) -> None:
        """Close the connection and delete the folder with all that is in it."""
        self.connection.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def workspace_for(files: Mapping[str, SourceFile], parent: Path) -> Workspace:
    """A workspace inside `parent` for tables of these files."""
    small = sum(one.bytes for one in files.values()) <= _SMALL
    return Workspace(parent, threads=1 if small else None)


def folder_of(connection: duckdb.DuckDBPyConnection) -> Path:
    """The temporary folder of a workspace's connection."""
    found = connection.execute("SELECT current_setting('temp_directory')").fetchall()
    folder = Path(found[0][0])
    folder.mkdir(parents=True, exist_ok=True)
    return folder
