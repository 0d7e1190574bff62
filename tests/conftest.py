"""What holds for all tests: those that draw their cases draw the same ones each time.

So the suite says the same of the same commit. `make fuzz` draws others, and more.
"""

from __future__ import annotations

from hypothesis import settings

from tests.demo import install_demo
from tests.postgres import database_url, new_postgres, postgres_server, postgres_url
from tests.radosgw import radosgw

__all__ = ["database_url", "install_demo", "new_postgres", "postgres_server", "postgres_url", "radosgw"]

settings.register_profile("steady", derandomize=True)
settings.register_profile("fuzz", derandomize=False, print_blob=True)
settings.load_profile("steady")
