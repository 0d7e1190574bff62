"""`If-Match` and `If-None-Match`: which revision a request builds on."""

from __future__ import annotations

import re
from typing import Final

from openspending.datastore.revisions import Revision
from openspending.errors import BadQuery, Stale
from openspending.speaking.said import said
from openspending.web import AnyRequest

_TAG: Final = re.compile(r'\s*(?:W/)?"?([^",\s]+)"?\s*')


def expected(request: AnyRequest, newest: Revision | None) -> int | None:
    """The number that the newest revision must still have when the work is done; None where the request does not say.

    If-Match names it by its number, its hash or as `owner/name@number`, `*` for whatever is the newest.
    `If-None-Match: *` says that there must be none. Raises Stale when it is not so, BadQuery.
    """
    match, none = request.headers.get("if-match"), request.headers.get("if-none-match")
    current = str(newest.number) if newest is not None else "0"
    if none is not None:
        if none.strip() != "*" or match is not None:
            raise BadQuery(said("If-None-Match can only be “*” here, without If-Match."), ("*",), "If-None-Match")
        if newest is not None:
            raise Stale(
                said(
                    "There is {owner}/{name} already; its newest revision is {current}.",
                    owner=newest.owner,
                    name=newest.name,
                    current=current,
                ),
                current,
            )
        return 0
    if match is None:
        return None
    wanted = tags(match)
    if newest is None:
        raise Stale(said("There is no such dataset yet."), current)
    if "*" in wanted or {str(newest.number), newest.hash, newest.id} & wanted:
        return newest.number
    raise Stale(
        said(
            "The newest revision of {owner}/{name} is {current}, by {author}.",
            owner=newest.owner,
            name=newest.name,
            current=current,
            author=newest.author,
        ),
        current,
    )


def tags(header: str) -> set[str]:
    """The entity tags of a header, without their quotes. Raises BadQuery."""
    found = [_TAG.fullmatch(one) for one in header.split(",")]
    if not all(found):
        raise BadQuery(
            said("If-Match has the number or the hash of a revision, in double quotes."), ('"3"',), "If-Match"
        )
    return {one[1] for one in found if one is not None}
