"""Whether the stores and the database that a process needs are there, said in one sentence when they are not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from openspending.assembly.components import WITH_DATABASE
from openspending.assembly.parts import Parts
from openspending.datastore import layout
from openspending.datastore.objects import ObjectStore
from openspending.errors import NotFound, StoreError

if TYPE_CHECKING:
    from sqlalchemy import Engine


def checks(parts: Parts, components: frozenset[str]) -> Mapping[str, Callable[[], None]]:
    """What these components need, by name, each with a function that raises StoreError when it is not there."""
    found: dict[str, Callable[[], None]] = {}
    if components != {"browse"}:
        found["store"] = lambda: check_store(parts.store.public)
    if components & WITH_DATABASE:
        found["database"] = lambda: check_database(parts.engine)
    return found


def check(parts: Parts, components: frozenset[str]) -> None:
    """Raise StoreError, with what is wrong in a sentence, unless all that these components need is there."""
    for needed in checks(parts, components).values():
        needed()
    if components & WITH_DATABASE:  # who only reads may have keys to the public store alone
        check_store(parts.store.private)


def check_store(store: ObjectStore) -> None:
    """Raise StoreError unless the store answers."""
    try:
        store.head(layout.REGISTRY_KEY)
    except NotFound:  # nothing was published yet, or there is no such bucket
        try:
            next(store.list("registry"), None)
        except StoreError as error:
            raise StoreError(
                f"{store.root} is not there, or may not be looked into: “openspending datastore init” makes it, and "
                "“openspending doctor” tells what is missing."
            ) from error
    except StoreError as error:
        raise StoreError(f"{store.root} does not answer: “openspending doctor” tells why. ({error})") from error


def check_database(engine: Engine) -> None:
    """Raise StoreError unless the database answers."""
    from openspending.database.reachable import check

    check(engine)
