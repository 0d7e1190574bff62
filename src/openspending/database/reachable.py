"""Whether the SQL database answers."""

from __future__ import annotations

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from openspending.errors import StoreError


def check(engine: Engine) -> None:
    """Raise StoreError, with what the database said, unless it answers. The text holds no password."""
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        place = engine.url.render_as_string(hide_password=True)
        said = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        raise StoreError(f"The database {place} does not answer: {said[:300]}") from error
