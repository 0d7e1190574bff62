"""Uploads as the database has them: what was announced, by whom, until when; their bytes are in `staging`."""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, func, select

from openspending.database.engine import now
from openspending.errors import NotFound
from openspending.jobs.lasting import lasting
from openspending.speaking.said import said
from openspending.write_api.schema import uploads

LIFETIME: Final = timedelta(hours=24)
AFTER_USE: Final = timedelta(hours=1)  # then an import that was done has no use for it any more
PART: Final = 64 * 1024**2  # bytes
MOST_PARTS: Final = 10_000
_PATIENCE: Final = 5.0  # seconds for the database

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody announced. `state` is open or complete; `part_size` says how it is divided, `multipart` what
    S3 calls it, if it comes in several parts there."""

    id: str
    owner: str
    account: str
    filename: str
    content_type: str
    size: int
    sha256: str
    part_size: int
    multipart: str | None
    state: str
    created: datetime
    expires: datetime

    @property
    def parts(self) -> int:
        """How many parts it has."""
        return math.ceil(self.size / self.part_size)

    def size_of(self, number: int) -> int:
        """The bytes of part `number`. Raises NotFound for one that there is not."""
        if not 1 <= number <= self.parts:
            raise NotFound(
                said("The upload has no part {number}; its parts are 1 to {parts}.", number=number, parts=self.parts)
            )
        return min(self.part_size, self.size - (number - 1) * self.part_size)


def part_size(size: int, least: int = PART) -> int:
    """Into parts of how many bytes a file is divided: `least`, or more when there would be too many."""
    return max(least, math.ceil(size / MOST_PARTS))


class Uploads:
    """All of them, in the database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def announce(self, account: str, announced: Mapping[str, Any], *, part: int) -> Upload:
        """A new upload; `announced` are owner, filename, content_type, size and sha256."""
        begun = now()
        new = Upload(
            id=uuid.uuid4().hex,
            account=account,
            part_size=part,
            multipart=None,
            state="open",
            created=begun,
            expires=begun + LIFETIME,
            **announced,
        )
        values = {one: getattr(new, one) for one in new.__slots__}
        self._do(lambda found: found.execute(uploads.insert().values(values)))
        return new

    def get(self, upload: str) -> Upload:
        """One that has not expired. Raises NotFound."""
        row = self._do(lambda found: found.execute(select(uploads).where(uploads.c.id == upload)).first())
        if row is None or row.expires <= now():
            raise NotFound(said("There is no such upload, or it has expired."))
        return Upload(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it

    def known(self, upload: str) -> bool:
        """Whether there is such an upload, expired or not."""
        wanted = select(uploads.c.id).where(uploads.c.id == upload)
        return self._do(lambda found: found.execute(wanted).first()) is not None

    def change(self, upload: str, **values: Any) -> None:
        """Set columns of an upload."""
        self._do(lambda found: found.execute(uploads.update().where(uploads.c.id == upload).values(values)))

    def remove(self, upload: str) -> None:
        """Forget an upload."""
        self._do(lambda found: found.execute(uploads.delete().where(uploads.c.id == upload)))

    def needed(self, ids: Iterable[str]) -> None:
        """Keep these for another day at least: a job waits for them."""
        until = now() + LIFETIME
        changed = (
            uploads.update().where(uploads.c.id.in_(list(ids)) & (uploads.c.expires < until)).values(expires=until)
        )
        self._do(lambda found: found.execute(changed))

    def spent(self, ids: Iterable[str]) -> None:
        """Let these go soon: their bytes are in a dataset now."""
        self._until(ids, now() + AFTER_USE)

    def until(self, ids: Iterable[str], moment: datetime) -> None:
        """Keep these till then: somebody goes on with them another day."""
        self._until(ids, moment)

    def _until(self, ids: Iterable[str], moment: datetime) -> None:
        changed = uploads.update().where(uploads.c.id.in_(list(ids))).values(expires=moment)
        self._do(lambda found: found.execute(changed))

    def expired(self) -> list[Upload]:
        """Those whose time is over."""
        rows = self._do(lambda found: found.execute(select(uploads).where(uploads.c.expires <= now())).all())
        return [Upload(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it

    def reserved(self, owner: str) -> tuple[int, int]:
        """How many uploads an owner has, and their bytes, sent or not."""
        wanted = select(func.count(), func.coalesce(func.sum(uploads.c.size), 0)).where(uploads.c.owner == owner)
        count, size = self._do(lambda found: found.execute(wanted).one())
        return int(count), int(size)

    def _do(self, work: Callable[[Connection], _Answer]) -> _Answer:
        return lasting(self._engine, work, _PATIENCE)
