"""Drafts: imports that somebody has begun to write, as the database has them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Engine, Row, select

from openspending.database.engine import now
from openspending.errors import NotFound
from openspending.jobs.lasting import lasting
from openspending.speaking.said import said
from openspending.web import to_json
from openspending.write_api.schema import drafts

LIFETIME: Final = timedelta(days=30)  # after the last change
_PATIENCE: Final = 5.0  # seconds for the database


@dataclass(frozen=True, slots=True)
class Draft:
    """An import in the making; `content` is what the request will have, `name` the dataset's, "" while it has none."""

    id: str
    owner: str
    name: str
    account: str
    created: datetime
    changed: datetime
    content: Mapping[str, Any] = field(default_factory=dict)

    @property
    def expires(self) -> datetime:
        """When it is forgotten."""
        return self.changed + LIFETIME

    @property
    def uploads(self) -> list[str]:
        """The ids of its uploads."""
        return [str(one["upload"]) for one in self.content.get("files", ()) if one.get("upload")]


class Drafts:
    """All of them, in the database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, account: str, owner: str, name: str, content: Mapping[str, Any]) -> Draft:
        """A new draft."""
        begun = now()
        new = Draft(uuid.uuid4().hex, owner, name, account, begun, begun, content)
        values = {one: getattr(new, one) for one in new.__slots__}
        values["content"] = to_json(content).decode()
        lasting(self._engine, lambda found: found.execute(drafts.insert().values(values)), _PATIENCE)
        return new

    def get(self, draft: str) -> Draft:
        """One that has not expired. Raises NotFound."""
        wanted = select(drafts).where(drafts.c.id == draft)
        row = lasting(self._engine, lambda found: found.execute(wanted).first(), _PATIENCE)
        found = None if row is None else _draft(row)
        if found is None or found.expires <= now():
            raise NotFound(said("There is no such draft, or it has expired."))
        return found

    def change(self, draft: Draft, name: str, content: Mapping[str, Any]) -> Draft:
        """The draft as it is now."""
        values = {"name": name, "content": to_json(content).decode(), "changed": now()}
        changing = drafts.update().where(drafts.c.id == draft.id).values(values)
        lasting(self._engine, lambda found: found.execute(changing), _PATIENCE)
        return self.get(draft.id)

    def remove(self, draft: str, owner: str) -> None:
        """Forget a draft of this owner."""
        removing = drafts.delete().where((drafts.c.id == draft) & (drafts.c.owner == owner))
        lasting(self._engine, lambda found: found.execute(removing), _PATIENCE)

    def listed(self, account: str, owners: Sequence[str], most: int) -> list[Draft]:
        """Those of an account, and of these owners, that have not expired; the one changed last first."""
        theirs = (drafts.c.account == account) | drafts.c.owner.in_(list(owners))
        wanted = select(drafts).where(theirs & (drafts.c.changed > now() - LIFETIME))
        wanted = wanted.order_by(drafts.c.changed.desc(), drafts.c.id).limit(most)
        return [_draft(row) for row in lasting(self._engine, lambda found: found.execute(wanted).all(), _PATIENCE)]

    def sweep(self) -> int:
        """Forget those that have expired; how many that were."""
        old = drafts.delete().where(drafts.c.changed <= now() - LIFETIME)
        return lasting(self._engine, lambda found: found.execute(old).rowcount, _PATIENCE)


def _draft(row: Row[Any]) -> Draft:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return Draft(**{**values, "content": json.loads(values["content"])})
