"""What the address of a request asks: parameters of its path, of its query, and cursors."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import quote

from litestar import HttpMethod
from litestar.params import PathParameter

from openspending import asking
from openspending.errors import BadQuery
from openspending.speaking.said import said
from openspending.web import AnyRequest, close

GET: Final = (HttpMethod.GET, HttpMethod.HEAD)
DATASET: Final = "/datasets/{owner:str}/{name:str}"

Owner = Annotated[str, PathParameter(description="The owner of a dataset.")]
Name = Annotated[str, PathParameter(description="The name of a dataset.")]
UploadId = Annotated[str, PathParameter(description="The id of an upload.")]
PartNumber = Annotated[int, PathParameter(description="The number of a part, from 1.")]
JobId = Annotated[str, PathParameter(description="The id of a job.")]
AccountName = Annotated[str, PathParameter(description="An account, or its name.")]

_WHOLE: Final = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is wanted: at most `size`, from what `cursor` stands for."""

    size: int
    cursor: str | None

    def place(self, parts: int) -> list[str] | None:
        """The texts that `written` put into the cursor; None on the first page. Raises BadQuery."""
        if self.cursor is None:
            return None
        try:
            found = json.loads(base64.urlsafe_b64decode(self.cursor + "=" * (-len(self.cursor) % 4)))
        except (ValueError, binascii.Error, UnicodeDecodeError):
            found = None
        if isinstance(found, list) and len(found) == parts and all(isinstance(one, str) for one in found):
            return found
        raise BadQuery(said("This cursor is none of ours; take it from “next”."), parameter="cursor")


def written(*place: str) -> str:
    """The cursor of the page that begins after `place`."""
    text = json.dumps(place, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def asked(request: AnyRequest, allowed: Collection[str] = ()) -> dict[str, str]:
    """The parameters of the query; the answer is for its asker alone. Raises BadQueries for unknown ones."""
    close(request.scope)
    return asking.asked(request, allowed)


def whole(values: dict[str, str], name: str, otherwise: int, most: int) -> int:
    """A parameter that is a whole number from 0 to `most`. Raises BadQuery."""
    text = values.get(name, "").strip()
    if not text:
        return otherwise
    if not _WHOLE.fullmatch(text) or int(text) > most:
        raise BadQuery(said("“{text}” is no whole number from 0 to {most}.", text=text[:40], most=most), parameter=name)
    return int(text)


def page_of(values: dict[str, str]) -> Page:
    """The parameters `pagesize` and `cursor`. Raises BadQuery."""
    return Page(max(1, whole(values, "pagesize", 100, 1000)), values.get("cursor", "").strip() or None)


def dataset_path(owner: str, name: str) -> str:
    """The path of a dataset in the API."""
    return f"/v1/datasets/{quote(owner, safe='@+')}/{quote(name, safe='')}"
