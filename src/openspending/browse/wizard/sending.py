"""Files that come with a form, where no script runs: they are handed on to uploads."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from litestar.datastructures import UploadFile

from openspending.browse.languages import gettext as _
from openspending.client import ApiError, Client
from openspending.web import AnyRequest

_HERE: Final = "/"


async def files_of(request: AnyRequest) -> list[UploadFile]:
    """The files of a form that are not empty fields."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return []
    form = await request.form()
    return [one for _name, one in form.multi_items() if isinstance(one, UploadFile) and one.filename]


async def send(client: Client, owner: str, file: UploadFile) -> Mapping[str, Any]:
    """The complete upload. Raises ApiError."""
    content = await file.read()
    announced = {
        "owner": owner,
        "filename": file.filename,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    if not content:
        raise ApiError("empty", 422, _("The file is empty."))
    upload = await client.change("POST", "/v1/uploads", announced)
    sending = upload["parts"]["send"]
    if sending is None or not str(sending["url"]).startswith(_HERE):
        raise ApiError(
            "elsewhere", 422, _("Files are sent straight to the store here, which takes a script: allow scripts.")
        )
    await client.put_bytes(str(sending["url"]), content)
    return await client.change("POST", str(upload["links"]["complete"]), {})
