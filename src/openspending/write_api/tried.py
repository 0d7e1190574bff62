"""What a dry import tells: everything that it found, however far it came."""

from __future__ import annotations

from typing import Any

from openspending.analytics.differences.plandata import planned_json
from openspending.etl.decisions import Decision
from openspending.etl.importing.prepared import Prepared
from openspending.importing import Tried


def tried_json(found: Tried) -> dict[str, Any]:
    """As a job's result. `package` is the descriptor that would be published; `plan` what would change, with a look at
    the facts; `problems` what is wrong."""
    told = {**found.prepared.told(), "package": found.prepared.descriptor}
    told["tables"] = _tables(found.prepared)
    told["aside"] = dict(found.prepared.aside)
    told["decisions"] = [_decision(one) for one in found.prepared.decisions]
    if found.rejected is not None:
        return {"outcome": "rejected", **told, "problems": found.rejected.to_list()}
    if found.planned is None:
        return {"outcome": "questions", **told, "problems": []}
    plan = planned_json(found.planned)
    return {"outcome": "planned", **told, "problems": plan["problems"], "plan": plan}


def _decision(one: Decision) -> dict[str, Any]:
    """A decision with what else it could be, so that it can be taken otherwise."""
    return {**one.to_dict(), "question": one.question, "choices": [choice.to_dict() for choice in one.choices]}


def _tables(found: Prepared) -> list[dict[str, Any]]:
    """The tables, each with its first rows as they stand in the file."""
    return [{**one.to_dict(), "preview": [list(row) for row in one.preview]} for one in found.tables]
