"""Answers of the Write API: JSON that no cache keeps, with the address of what was made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from litestar import Response

from openspending.speaking import ENGLISH
from openspending.web import AnyRequest, exact_json

PRIVATE: Final = {"Cache-Control": "private, no-store"}


def answered(
    body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None, language: str = ENGLISH
) -> Response[bytes]:
    """`body` as JSON, with what is said in it in a language."""
    return Response(
        exact_json(body, language=language),
        status_code=status,
        media_type="application/json",
        headers={**PRIVATE, **(headers or {})},
    )


def created(body: Mapping[str, Any], address: str) -> Response[bytes]:
    """201, with the address of what was made."""
    return answered(body, 201, {"Location": address})


def accepted(request: AnyRequest, body: Mapping[str, Any], address: str) -> Response[bytes]:
    """202, with the address of the job. `Prefer: respond-async` asks for what is done anyway."""
    preferred = [one.strip().lower() for one in request.headers.get("prefer", "").split(",")]
    applied = {"Preference-Applied": "respond-async"} if "respond-async" in preferred else {}
    return answered(body, 202, {"Location": address, **applied})


def nothing() -> Response[None]:
    """204."""
    return Response(None, status_code=204, headers=dict(PRIVATE))


def moment(at: datetime | None) -> str | None:
    """RFC 3339 in UTC; None stays None."""
    return None if at is None else at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
