"""The bodies of `/api/3` answers: in the shapes that babbage's clients read, as JSON, JSONP and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Context, Decimal
from typing import Any, Final

from openspending.analytics.cube import Aggregated, Listed
from openspending.analytics.guards.guard import Stamp
from openspending.analytics.query import Condition, Order, Page, cuts_in
from openspending.web import to_json

_MOST_STAMPS: Final = 30

_EXACT: Final = Context(prec=100)


def aggregate_body(found: Aggregated) -> dict[str, Any]:
    """Of `aggregate`: the cells of the page, the summary, and what was understood of the query."""
    return {
        "status": "ok",
        "total_cell_count": found.total,
        "cells": _plain(found.cells),
        "summary": _plain([found.summary])[0],
        "cell": _cell(found.cuts),
        "aggregates": found.aggregates,
        "attributes": found.attributes,
        **_echo(found.order, found.page),
    }


def facts_body(found: Listed, cut: str | None) -> dict[str, Any]:
    """Of `facts`: as of `members`, but `cell` is the text of the cut parameter, or null, as in the original."""
    return {
        "status": "ok",
        "total_fact_count": found.total,
        "data": _plain(found.data),
        "cell": cut,
        "fields": found.fields,
        **_echo(found.order, found.page),
    }


def members_body(found: Listed) -> dict[str, Any]:
    """Of `members`: the members of the page, and what was understood of the query."""
    return {
        "status": "ok",
        "total_member_count": found.total,
        "data": _plain(found.data),
        "cell": _cell(found.cuts),
        "fields": found.fields,
        **_echo(found.order, found.page),
    }


def error_body(message: str, context: dict[str, Any]) -> dict[str, Any]:
    """Of everything that is refused or fails."""
    return {"status": "error", "message": message, "context": context}


def json_bytes(body: dict[str, Any], callback: str | None) -> bytes:
    """`body` as JSON; with `callback` as the JavaScript expression that babbage sends."""
    data = to_json(body)
    return data if callback is None else b"%b && %b(%b)" % (name := callback.encode(), name, script_safe(data))


def script_safe(data: bytes) -> bytes:
    """JSON that older browsers take as JavaScript too: two line separators must be escaped in its texts."""
    return data.replace("\u2028".encode(), b"\\u2028").replace("\u2029".encode(), b"\\u2029")


def cells_csv(cells: Sequence[dict[str, Any]]) -> bytes:
    """The cells as CSV: RFC 4180 quoting, columns sorted by name, lines end in LF; without cells nothing at all."""
    if not cells:
        return b""
    columns = sorted(cells[0])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_csv_text(cell[column]) for column in columns] for cell in _plain(cells))
    return text.getvalue().encode()


def plain(value: Any) -> Any:
    """`value`, a Decimal without trailing zeros, as int where it is whole; every digit is kept."""
    if type(value) is not Decimal:
        return value
    whole = value.to_integral_value()
    return int(whole) if whole == value else value.normalize(_EXACT)


def _plain(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: plain(value) for key, value in row.items()} for row in rows]


def warning_text(stamps: Sequence[Stamp]) -> str:
    """Stamps as a structured header (RFC 9651): a list of codes, each with its ref and where it is meant. Of very many
    the rest is only counted, since headers must be short."""
    items = []
    for one in stamps[:_MOST_STAMPS]:
        ref = "" if one.ref is None else f";ref={_header_text(one.ref)}"
        items.append(f"{one.code}{ref};in={one.where}")
    rest = len(stamps) - len(items)
    return ", ".join([*items, *([f"more;count={rest}"] if rest else [])])


def _header_text(text: str) -> str:
    """A string of a structured header; a display string where ASCII does not do."""
    if text.isascii() and text.isprintable():
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    shown = (chr(one) if 32 <= one < 127 and chr(one) not in '%"' else f"%{one:02x}" for one in text.encode())
    return f'%"{"".join(shown)}"'


def _csv_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date | datetime | time) else str(value)


def _cell(cuts: Sequence[Condition]) -> list[dict[str, Any]]:
    return [
        {"ref": one.ref, "operator": one.operator, "value": [plain(value) for value in one.values]}
        for one in cuts_in(cuts)
    ]


def _echo(order: Sequence[Order], page: Page) -> dict[str, Any]:
    return {
        "order": [[one.ref, one.direction] for one in order],
        "page": page.number,
        "page_size": page.size,
    }
