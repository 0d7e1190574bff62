"""Writes the documents, or parts of them, that are made from the code: docs/problems.md, the tables in docs/settings.md
and docs/api/errors.md.

python docs/tables.py
"""

from __future__ import annotations

from pathlib import Path

from openspending.fdp.catalogue import CATALOGUE
from openspending.fdp.catalogue.kind import Kind
from openspending.httpproblems import by_name
from openspending.settings import TABLE

DOCS = Path(__file__).resolve().parent

INTRODUCTION = """# Problems

Everything that a check can find, made from the catalogue in `src/openspending/fdp/catalogue/`. Codes without a prefix
are those of frictionless; `fiscal/…` are ours. An **error** would change, lose or double an amount, or leave a meaning
uncertain: nothing is stored. A **warning** is kept with the revision and shown on its page. Words in braces are filled
in.
"""


def problems_page() -> str:
    """The whole of docs/problems.md."""
    parts = [INTRODUCTION]
    for severity in ("error", "warning"):
        kinds = {code: kind for code, kind in sorted(CATALOGUE.items()) if kind.severity == severity}
        parts.append(f"## {severity.capitalize()}s\n")
        parts.extend(_section(code, kind) for code, kind in kinds.items())
    return "\n".join(parts)


def _section(code: str, kind: Kind) -> str:
    return f"### `{code}`\n\n{kind.title}. {kind.message}\n\n*Fix:* {kind.fix}\n"


def settings_page(current: str) -> str:
    """docs/settings.md with the rows of its table made anew."""
    return _with_rows(current, "|---|---|---|\n", [f"| `{one.name}` | {one.default} | {one.help} |" for one in TABLE])


def errors_page(current: str) -> str:
    """docs/api/errors.md with the rows of its table made anew."""
    kinds = sorted(by_name().values(), key=lambda one: (one.status, one.name))
    rows = [f"| `{one.name}` | {one.status.value} | {one.meaning} | {one.remedy} |" for one in kinds]
    return _with_rows(current, "|---|---|---|---|\n", rows)


def _with_rows(current: str, rule: str, rows: list[str]) -> str:
    """The page `current` with these rows in the table below `rule`."""
    head, rule, rest = current.partition(rule)
    kept = rest.lstrip("\n").split("\n")
    while kept and kept[0].startswith("|"):
        kept.pop(0)
    after = "\n".join(kept).lstrip("\n")
    return head + rule + "\n".join(rows) + "\n" + (f"\n{after}" if after else "")


def write() -> None:
    """Write all of them."""
    (DOCS / "problems.md").write_text(problems_page(), encoding="utf-8")
    for page, made in ((DOCS / "settings.md", settings_page), (DOCS / "api" / "errors.md", errors_page)):
        page.write_text(made(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write()
