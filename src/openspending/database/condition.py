"""The condition of the SQL database: whether it has the newest form, and can be written."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from openspending.errors import StoreError

_MIGRATIONS: Final = Path(__file__).parent / "migrations"


def forms(engine: Engine) -> tuple[str | None, str]:
    """The form that the database has (None: it is empty), and the newest one that this program knows. Nothing is
    changed. Raises StoreError when the database is not reached."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    newest = ScriptDirectory.from_config(config).get_current_head() or ""
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision(), newest
    except SQLAlchemyError as error:
        raise StoreError(f"The database does not tell its form: {type(error).__name__}.") from error


def try_writing(engine: Engine) -> None:
    """Write, and take it back. Raises StoreError, with what the database said, when that is not possible."""
    try:
        with engine.connect() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
            connection.rollback()
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        raise StoreError(f"The database cannot be written: {said[:300]}") from error
