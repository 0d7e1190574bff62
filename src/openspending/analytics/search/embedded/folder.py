"""The index in its folder: `index/` are tantivy's files, `form` says in which form they are, `lock` is held by whoever
makes them."""

from __future__ import annotations

import fcntl
import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import tantivy

from openspending.analytics.search.embedded.damage import Panics, damaged_file
from openspending.analytics.search.embedded.schema import FORM, index_schema, register

log = logging.getLogger(__name__)

_SAID: Final = 200  # characters of a refusal that are told; some quote the whole schema


def opened(folder: Path) -> tantivy.Index:
    """The index in `folder`, made if there is none; a damaged one or one of another form is deleted and begun anew."""
    with suppress(ValueError):
        return _open(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder):
        try:
            return _open(folder)  # somebody else may have made it meanwhile
        except ValueError as refused:
            return _begun_anew(folder, str(refused)[:_SAID])


def mended(folder: Path) -> bool:
    """Whether an index was found damaged, and was begun anew."""
    with _locked(folder):
        wrong = damaged_file(files(folder))
        if wrong is not None:
            _begun_anew(folder, f"{wrong} is damaged.")
        return wrong is not None


def files(folder: Path) -> Path:
    """Where tantivy keeps the files of the index."""
    return folder / "index"


def meta(folder: Path) -> Path:
    """The file that every commit replaces."""
    return files(folder) / "meta.json"


def _open(folder: Path) -> tantivy.Index:
    """The index as it is. Raises ValueError if that cannot be read."""
    form = folder / "form"
    if not form.exists() or form.read_text(encoding="utf-8").strip() != str(FORM):
        message = "There is no index of this form."
        raise ValueError(message)
    with Panics():
        index = tantivy.Index.open(str(files(folder)))
        register(index)
        index.config_reader("manual")
        index.reload()
    return index


def _begun_anew(folder: Path, why: str) -> tantivy.Index:
    if files(folder).exists():
        log.warning("The search index in %s is deleted and begun anew. %s", folder, why)
        shutil.rmtree(files(folder))
    files(folder).mkdir()
    tantivy.Index(index_schema(), path=str(files(folder)), reuse=False)
    (folder / "form").write_text(f"{FORM}\n", encoding="utf-8")
    return _open(folder)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # given up with the file, and when the process ends
        yield
