"""The form of a receipt: its parts, its canonical JSON, its own hash; and reading one that came from anywhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from openspending.analytics import querytext
from openspending.analytics.query import AggregateQuery
from openspending.errors import BadQuery, OpenSpendingError
from openspending.fdp import strictjson

FORM: Final = 1
PARAMETERS: Final = ("drilldown", "cut", "aggregates", "order", "allow")
SEAL: Final = "receipt_hash"
UNSEALED: Final = frozenset({SEAL, "engine", "url"})  # who computed it and where it is asked for: not what it says
_SHAPE: Final[Mapping[str, type | Mapping[str, type]]] = {
    **dict.fromkeys(("dataset", "hash", "content", "build", "facts_hash", "id", SEAL), str),
    "revision": int,
    "query": dict.fromkeys(PARAMETERS, str),
    "facts": {"n": int, "digest": str},
    "sums": dict,
    "summary": dict,
    "cells": {"n": int, "digest": str},
}


class NoReceipt(OpenSpendingError):
    """What was given as a receipt is none, or is one that this program cannot read."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt that was read: `raw` is its JSON object, whose parts have the types that they must have."""

    raw: Mapping[str, Any]

    @property
    def owner(self) -> str:
        """The owner of the dataset."""
        return str(self.raw["dataset"]).partition("/")[0]

    @property
    def name(self) -> str:
        """The name of the dataset."""
        return str(self.raw["dataset"]).partition("/")[2]

    @property
    def revision(self) -> int:
        """The number of the revision."""
        return int(self.raw["revision"])

    @property
    def hash(self) -> str:
        """The hash of the revision's manifest."""
        return str(self.raw["hash"])

    @property
    def query(self) -> Mapping[str, str]:
        """The canonical parameters."""
        return dict(self.raw["query"])


def read_receipt(data: bytes) -> Receipt:
    """The receipt in `data`. Raises NoReceipt."""
    found, problems = strictjson.parse(data)
    if problems or not isinstance(found, dict) or "receipt" not in found:
        reason = problems[0].message if problems else "It is no JSON object with a property “receipt”."
        raise NoReceipt(f"This is no receipt. {reason}")
    if found["receipt"] != FORM:
        raise NoReceipt(f"This receipt has the form {found['receipt']}; this program reads the form {FORM}.")
    wrong = [name for name, kind in _SHAPE.items() if not _fits(found.get(name), kind)]
    listed = found["cells"].get("list", []) if "cells" not in wrong else []
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        wrong.append("cells")
    if wrong:
        raise NoReceipt(f"This receipt is incomplete or damaged at: {', '.join(wrong)}.")
    return Receipt(found)


def _fits(value: Any, kind: type | Mapping[str, type]) -> bool:
    if isinstance(kind, type):
        return isinstance(value, kind) and not isinstance(value, bool)
    return isinstance(value, dict) and all(_fits(value.get(name), one) for name, one in kind.items())


def query_of(parameters: Mapping[str, str]) -> AggregateQuery:
    """The query that a receipt's canonical parameters say. Raises BadQuery."""
    unknown = sorted(set(parameters) ^ set(PARAMETERS))
    if unknown:
        raise BadQuery(f"A receipt's query has {', '.join(PARAMETERS)}, each once; see {', '.join(unknown)[:100]}.")
    drilldown, cut, order = (parameters[name] for name in ("drilldown", "cut", "order"))
    return AggregateQuery(
        drilldowns=querytext.parse_refs(drilldown) if drilldown else (),
        aggregates=querytext.parse_refs(parameters["aggregates"]),
        cuts=querytext.parse_cuts(cut) if cut else (),
        order=querytext.parse_order(order) if order else (),
    )


def seal(stated: Mapping[str, Any]) -> str:
    """The hash of what a receipt says: of its canonical JSON without the engine, the URL and the hash itself."""
    said = canonical_json({name: value for name, value in stated.items() if name not in UNSEALED})
    return f"sha256:{hashlib.sha256(said).hexdigest()}"


def canonical_json(value: object) -> bytes:
    """JSON in UTF-8 with sorted keys, no spaces, and all letters as they are. Fractions, which receipts have as texts
    alone, come out as what no text of theirs is."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=repr).encode()
