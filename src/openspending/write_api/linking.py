"""Links to stored files: signed ones, where the dataset is private and its store can sign."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from openspending.database.engine import now
from openspending.datastore.homes import Home
from openspending.errors import BadQuery, NotFound
from openspending.speaking.said import said
from openspending.write_api.answers import moment
from openspending.write_api.service import Writing


def link(writing: Writing, home: Home, key: str, seconds: int) -> dict[str, Any]:
    """Where the object is: `signed` for so many seconds, or at the API, which asks who is asking. Raises NotFound."""
    try:
        size = home.objects.head(key).size
    except (BadQuery, NotFound):
        raise NotFound(said("There is no file {key}.", key=key[:200])) from None
    signer = writing.staging.signer if home.visibility == "private" else None
    if signer is None:
        return {"url": f"/data/{quote(key)}", "signed": False, "expires": None, "bytes": size}
    until = now() + timedelta(seconds=seconds)
    url = signer.get(key, seconds=seconds, filename=key.rpartition("/")[2]).url
    return {"url": url, "signed": True, "expires": moment(until), "bytes": size}
