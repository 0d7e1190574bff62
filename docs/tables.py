"""Writes the documents, or parts of them, that are made from the code: docs/problems.md, the table in docs/settings.md.

python docs/tables.py
"""

from __future__ import annotations

from pathlib import Path

from openspending.fdp.catalogue import CATALOGUE
from openspending.fdp.catalogue.kind import Kind
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


def settings_rows() -> str:
    """The rows of the table in docs/settings.md."""
    rows = (f"| `{one.name}` | {one.default} | {one.help} |" for one in TABLE)
    return "\n".join(rows) + "\n"


def settings_page(current: str) -> str:
    """docs/settings.md with the rows of its table made anew."""
    head, rule, rest = current.partition("|---|---|---|\n")
    kept = rest.lstrip("\n").split("\n")
    while kept and kept[0].startswith("|"):
        kept.pop(0)
    return head + rule + settings_rows() + "\n" + "\n".join(kept).lstrip("\n")


def write() -> None:
    """Write both files."""
    (DOCS / "problems.md").write_text(problems_page(), encoding="utf-8")
    page = DOCS / "settings.md"
    page.write_text(settings_page(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write()
