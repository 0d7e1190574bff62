"""Cells of a large table that its sample did not show: how a column is written must hold for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import duckdb

from openspending.etl.modelling.evidence import all_listed, form_of
from openspending.etl.modelling.fitting import field_of, reading_of
from openspending.etl.modelling.profile import Profile
from openspending.etl.modelling.writing import writing
from openspending.etl.modelling.written import Writing
from openspending.fdp.package import Field
from openspending.fdp.spaces import trimmed
from openspending.fdp.sqltext import identifier, literals

MOST: Final = 200  # different texts of one column


def with_strays(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    profiles: Sequence[Profile],
    writings: Sequence[Writing],
    *,
    condition: str | None = None,
) -> tuple[tuple[Profile, ...], tuple[Writing, ...]]:
    """Profiles and writings that know the cells which the proposed fields would refuse, anywhere in the table.

    One scan for all columns of whose cells the profile has only some; those that stay text refuse nothing. A profile to
    which texts were added has another writing: it asks what they mean, as if the sample had shown them.
    """
    unsure = [number for number, one in enumerate(profiles) if not all_listed(one)]
    found = _refused(connection, relation, condition, {n: (profiles[n], writings[n]) for n in unsure})
    new = list(profiles)
    written = list(writings)
    for number, texts in found.items():
        new[number] = _added(profiles[number], texts)
        written[number] = writing(new[number])
    return tuple(new), tuple(written)


def _refused(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    condition: str | None,
    columns: dict[int, tuple[Profile, Writing]],
) -> dict[int, list[tuple[str, int]]]:
    """The texts that each column's field refuses, with their counts."""
    queries = []
    for number, (profile, written) in columns.items():
        field = field_of(profile.label, written.props)
        gate = reading_of(profile.label, written.props)
        if not gate.gated:
            continue
        text = trimmed(f"f{number}") if field.trim else f"f{number}"
        refused = f"NOT {gate.valid(text)}{_unless_replaced(field, text)}"
        queries.append(
            f"(SELECT {number}, {text} AS text, count(*) FROM {identifier(relation)}"
            f" WHERE ({condition or 'TRUE'}) AND {refused} GROUP BY ALL ORDER BY 3 DESC, 2 LIMIT {MOST})"
        )
    found: dict[int, list[tuple[str, int]]] = {}
    for number, text, count in connection.execute(" UNION ALL ".join(queries)).fetchall() if queries else ():
        if text.strip():
            found.setdefault(number, []).append((text.strip(), count))
    return found


def _unless_replaced(field: Field, text: str) -> str:
    return f" AND {text} NOT IN ({literals(field.replace)})" if field.replace else ""


def _added(profile: Profile, texts: list[tuple[str, int]]) -> Profile:
    """`profile` with these cells, as if they had been in the sample."""
    count = sum(one for _, one in texts)
    forms = tuple((form_of(text), one, text) for text, one in texts)
    known = {text for text, _ in profile.values}
    return replace(
        profile,
        rows=profile.rows + count,
        filled=profile.filled + count,
        distinct=profile.distinct + len(texts),
        values=(*profile.values, *((text, one) for text, one in texts if text not in known)),
        forms=(*profile.forms, *forms),
    )
