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
from openspending.analytics.factfile import FactFile, fact_file
from openspending.analytics.statement import derived_key, read_build
from openspending.datastore.objects import ObjectStore
from openspending.datastore.revisions import Revision
from openspending.errors import OpenSpendingError
from openspending.etl.sourcefile import Progress, source_file
from openspending.speaking.said import later

_AT_ONCE: Final = 2  # compression runs beside Python; 1 M rows of 29 columns take 25 s of one processor
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
    store: ObjectStore,
    revision: Revision,
    folder: Path,
    facts: FactFile | None = None,
    *,
    old: Sequence[Download] = (),
    progress: Progress | None = None,
) -> Outcome:
    """The downloads of a derived `revision`: those that are listed, or else new ones, which take the place of the `old`
    that were withdrawn. `facts` is a local copy of its stored fact file, if there is one; `folder` is for our files.

    Never raises what a full disk, the store or an engine does: that is the outcome's problem.
    """
    try:
        known = listed(store, revision)
        if known is None:
            known = make(store, revision, folder, facts, progress)
            for gone in {one.path for one in old} - {one.path for one in known} - {None}:
                store.delete(f"{revision.owner}/{revision.name}/{gone}")
        return Outcome(known)
    except _BROKEN as error:
        reason = str(error).partition("\n")[0]
        command = f"openspending rebuild {revision.owner}/{revision.name}"
        return Outcome(problem=f"The files to download could not be made: {reason} “{command}” tries again.")


def make(
    store: ObjectStore,
    revision: Revision,
    folder: Path,
    facts: FactFile | None = None,
    progress: Progress | None = None,
) -> Sequence[Download]:
    """Make all downloads of a derived `revision`, put them, and then the list of them. Raises StoreError and what the
    engines raise."""
    if progress is not None:
        progress(1, 1, later("making the files to download"))
    with tempfile.TemporaryDirectory(dir=folder, prefix="downloads-") as made_in:
        built = read_build(store, revision)
        assert built is not None
        facts = facts or fact_file(store, revision, Path(made_in)).file
        known = contents(facts.path, revision, built, facts.model)

        def one(form: _Form) -> Download:
            return _put(store, revision, known, form, Path(made_in))

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            made = list(pool.map(one, _FORMS))
        made.insert(1, _fact_file(revision, known))
    put_list(store, revision, made)
    return tuple(made)


def _fact_file(revision: Revision, facts: Facts) -> Download:
    """The stored fact file itself, which the API reads too: no second copy."""
    found = source_file(facts.path)
    path = _relative(revision, derived_key(revision, "facts.parquet"))
    whole = Download("parquet", "Parquet", FORMATS["parquet"].media_types[0], facts.rows, len(facts.columns))
    return replace(whole, path=path, bytes=found.bytes, sha256=found.sha256)


def _put(store: ObjectStore, revision: Revision, facts: Facts, form: _Form, folder: Path) -> Download:
    """One of the files, made and put; or why there is none."""
    download = Download(form.format, form.title, form.media_type, facts.rows, len(facts.columns))
    target = folder / f"{revision.name}-r{revision.number}.{form.suffix}"
    try:
        form.write(facts, target)
    except TooLargeForSheet as error:
        return replace(download, reason=str(error))
    found = source_file(target)
    key = derived_key(revision, f"downloads/{found.sha256}/{target.name}")
    store.put(key, target, content_type=form.media_type)
    target.unlink()
    return replace(download, path=_relative(revision, key), bytes=found.bytes, sha256=found.sha256)


def _relative(revision: Revision, key: str) -> str:
    return key.removeprefix(f"{revision.owner}/{revision.name}/")
