"""Making the downloads of a revision from its fact file, and putting them into the public store.

They follow the build's statement, so that the API answers before; whatever goes wrong here undoes nothing, and the next
rebuild makes them. A file's address holds its hash: it never changes its content, and may be cached for ever.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from openspending.analytics.downloads import duckdbfile, sheetfile, sqlitefile, textfile
from openspending.analytics.downloads.contents import Facts, contents
from openspending.analytics.downloads.listing import Download, listed, put_list
from openspending.analytics.exports.formats import FORMATS
from openspending.analytics.exports.sheetcells import TooLargeForSheet
from openspending.analytics.statement import Built, derived_key
from openspending.datastore.revisions import Revision
from openspending.datastore.store import DataStore
from openspending.errors import OpenSpendingError
from openspending.etl.sourcefile import Progress, source_file
from openspending.fdp.model import Model

_AT_ONCE: Final = 2  # compression runs beside Python: 1 M rows of 15 columns take 12 s instead of 20 s
_BROKEN: Final = (OSError, OpenSpendingError, duckdb.Error, pa.ArrowException)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the downloads of a revision: the list, or in plain words why there is none."""

    downloads: Sequence[Download] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Form:
    """A kind of file that is made."""

    format: str
    title: str
    suffix: str
    media_type: str
    write: Callable[[Facts, Path], None]


# the slowest first, so that the others run beside it
_FORMS: Final = (
    _Form("xlsx", "Excel workbook", "xlsx", FORMATS["xlsx"].media_types[0], sheetfile.write),
    _Form("csv", "CSV, compressed", "csv.gz", "application/gzip", textfile.write),
    _Form("sqlite", "SQLite database", "sqlite", "application/vnd.sqlite3", sqlitefile.write),
    _Form("duckdb", "DuckDB database", "duckdb", "application/vnd.duckdb", duckdbfile.write),
)


def ensure(
    store: DataStore,
    revision: Revision,
    built: Built,
    model: Model,
    facts: Path,
    *,
    again: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """The downloads of `revision`, made from its local fact file where they are missing, or `again`; never raises
    what a full disk, the store or an engine does: that is the outcome's problem."""
    try:
        known = None if again else listed(store, revision)
        return Outcome(make(store, revision, built, model, facts, progress) if known is None else known)
    except _BROKEN as error:
        reason = str(error).partition("\n")[0]
        command = f"openspending rebuild {revision.owner}/{revision.name}"
        return Outcome(problem=f"The files to download could not be made: {reason} “{command}” tries again.")


def make(
    store: DataStore, revision: Revision, built: Built, model: Model, facts: Path, progress: Progress | None = None
) -> Sequence[Download]:
    """Make all downloads of `revision` from the fact file at `facts`, put them, and then the list of them."""
    known = contents(facts, revision, built, model)
    before = listed(store, revision) or ()
    with tempfile.TemporaryDirectory(dir=facts.parent, prefix="downloads-") as folder:

        def one(form: _Form) -> Download:
            return _put(store, revision, known, form, Path(folder))

        if progress is not None:
            progress(1, 1, "making the files to download")
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            made = list(pool.map(one, _FORMS))
    parquet = source_file(facts)
    # one truth: the fact file itself, which the API reads too
    whole = Download("parquet", "Parquet", FORMATS["parquet"].media_types[0], known.rows, len(known.columns))
    path = _relative(revision, derived_key(revision, "facts.parquet"))
    made.insert(1, replace(whole, path=path, bytes=parquet.bytes, sha256=parquet.sha256))
    put_list(store, revision, made)
    for old in {one.path for one in before} - {one.path for one in made} - {None}:
        store.public.delete(f"{revision.owner}/{revision.name}/{old}")
    return tuple(made)


def _put(store: DataStore, revision: Revision, facts: Facts, form: _Form, folder: Path) -> Download:
    """One of the files, made and put; or why there is none."""
    download = Download(form.format, form.title, form.media_type, facts.rows, len(facts.columns))
    target = folder / f"{revision.name}-r{revision.number}.{form.suffix}"
    try:
        form.write(facts, target)
    except TooLargeForSheet as error:
        return replace(download, reason=str(error))
    found = source_file(target)
    key = derived_key(revision, f"downloads/{found.sha256}/{target.name}")
    store.public.put(key, target, content_type=form.media_type)
    target.unlink()
    return replace(download, path=_relative(revision, key), bytes=found.bytes, sha256=found.sha256)


def _relative(revision: Revision, key: str) -> str:
    return key.removeprefix(f"{revision.owner}/{revision.name}/")
