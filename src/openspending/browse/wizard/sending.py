"""Files that come with a form, where no script runs: they are handed on to uploads. And what scripts may send where."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

from litestar.datastructures import UploadFile

from openspending.browse.languages import gettext as _
from openspending.browse.rendering import HEADERS, html
from openspending.browse.signedin.visit import Answer, Visit
from openspending.client import ApiError, Client
from openspending.web import CLOSED, AnyRequest

WITH_FORM: Final = 10  # megabytes that come with a form; what Litestar takes unless it is told otherwise
_HERE: Final = "/"
_ORIGIN: Final = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+")
_POLICY: Final = "Content-Security-Policy"


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


async def limits(visit: Visit) -> dict[str, Any]:
    """What files may be sent: `largest` in megabytes, `form` those that come without a script (0 where none can), and
    the `origin` that scripts send to, "" for this one."""
    told = await visit.client.ask("/v1/uploads/limits")
    origin = str(told["origin"] or "")
    return {"largest": int(told["size"]) // 1_000_000, "form": 0 if origin else WITH_FORM, "origin": origin}


def letting_send(answer: Answer, origin: str) -> Answer:
    """A page whose scripts may send to an origin, and nowhere else."""
    if _ORIGIN.fullmatch(origin):
        policy = HEADERS[_POLICY].replace("connect-src 'self'", f"connect-src 'self' {origin}")
        answer.set_header(_POLICY, policy)
    return answer


def too_large(request: AnyRequest) -> Answer:
    """The page that says what to do about files that are too large to come with a form."""
    answer = html(
        request, "import/large.html", 413, known=True, csrf="", me=None, problem="", faults={}, most=WITH_FORM
    )
    answer.set_header("Cache-Control", CLOSED)
    return answer
