"""Imports real files as their publishers wrote them, and compares rows and exact sums with what is known of them.

    python -m benchmarks.realfiles FOLDER [SLUG …]

FOLDER holds a folder for each set and `truth.json` (rows and sums of each file, before any unit). Prints a Markdown
table: the decisions that a person had to take, and whether rows and sums are right. A set is never silently wrong: it
is right, or it was asked. Exits with 1 otherwise.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

CENT = Decimal("0.01")  # sums of binary floats in spreadsheets compare at this


@dataclass(frozen=True, slots=True)
class Case:
    """Files that are imported together, what a person says about them, and where the truth about them is."""

    slug: str
    files: tuple[str, ...]
    truth: tuple[str, ...] = ()  # keys below `truth`; several are added up
    says: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)  # the truth's name of a column → the file's
    kept: int = 0  # rows without any amount that we keep as facts and the truth does not count
    counts: tuple[str, ...] = ()  # columns that the truth adds up and that count things, which are no amounts to us


def cases(folder: Path, truth: Mapping[str, Any]) -> Iterator[Case]:
    """Every set, as its own facts are laid out."""
    aragon = "aragon-facts-plus-codelists"
    lists = tuple(f"2014/Estructura {one}.csv" for one in ("Economica", "Financiacion", "Funcional", "Organica"))
    for part, key in (("Gastos", "2014 gastos"), ("Ingresos", "2014 ingresos")):
        facts = f"2014/Partidas {part} PresupuestoConsolidado.csv"
        yield Case(aragon, (facts, *(one for one in lists if part == "Gastos" or "Funcional" not in one)), (key,))
    yield Case("big-mexico-pef-2018", ("pef_ac01_2018.csv.gz",))
    yield Case("china-lgb-provinces-2025", ("lgb_provinces_2025.csv",), counts=("bond_count",))
    yield Case("derived-fiscal-year-slash", ("au_budget_long.csv",))
    yield Case("derived-nbsp-thousands", ("thueringen_nbsp.csv",))
    yield Case("derived-utf16le-tab", ("partidas_gastos_2014.txt",))
    changes = ("changes-2013.csv", "changes-2014.csv")
    yield Case("israel-changes-2013-2014", changes, changes)
    says = {f"column:{_CYPRUS_PAID}:words": "missing"}  # “withdrawn”, “included” where amounts stand
    yield Case("ugly-cyprus-xlsx", ("BeneficiariesLIST_FebERDF_CF_cyprus.xlsx",), (), says, _CYPRUS, kept=1)
    parts = tuple(f"2013-P{number:02}.csv" for number in range(1, 14))
    yield Case("ugly-gla-spend-parens", parts, parts)
    yield Case("ugly-ireland-xlsx", ("List of Operations October 2016.xlsx",))
    latvia = "all_funds_Latvia_2014-2020.xls"
    yield Case("ugly-latvia-html-xls", (latvia,), (latvia,))
    yield Case("ugly-mexico-ramo23-2016", ("Provisiones_salariales_y_economicas_Ramo23_2016.csv",))
    for name in truth["ugly-nhs-trusts"]["truth"]:
        yield Case("ugly-nhs-trusts", (name,), (name,))
    poland = tuple(f"Poland_{one}_2014_2020.csv" for one in ("ESF", "ERDF", "CF"))
    yield Case("ugly-poland-cp1250", poland, poland)
    spain = ("CE4016.json", "ME4016.json")
    yield Case("ugly-spain-json", spain, spain)
    (erdf,) = (one.name for one in (folder / "ugly-thueringen-erdf").glob("*.csv"))
    yield Case("ugly-thueringen-erdf", (erdf,))
    yield Case("ugly-wales-scotland-ods", ("Wales_2014_2020_modified.ods",), ("Wales:ERDF",))
    # one cell says “£ 12,681,882,27”; the truth counts it without its commas
    says = {"column:Total eligible expenditure:words": "£ 12,681,882,27 is 1268188227"}
    yield Case("ugly-wales-scotland-ods", ("ESF-and-ERDF-Scotland-2014-2020.ods",), ("Scotland",), says)
    yield Case("wide-cook-county", ("cook_county_budget_raw.csv",))
    yield Case("wide-us-budget-json", ("us-budget-receipts.json",))


_CYPRUS_PAID = (
    "Δημόσια Δαπάνη (Εθνική και Κοινοτική) Συνολική Δαπάνη που Χορηγήθηκε με την Ολοκλήρωση του Έργου              (€)"
)
_CYPRUS = {
    "eligible_public_expenditure": "Επιλέξιμη Δημόσια Δαπάνη",
    "total_paid_on_completion": "Συνολική Δαπάνη",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import said and what it should have said."""

    case: Case
    asked: tuple[str, ...]
    rows: tuple[int, int]
    wrong: tuple[str, ...]  # sums that differ
    right: int  # sums that agree
    error: str | None = None

    @property
    def word(self) -> str:
        """“right”, “asked” or “WRONG”."""
        if self.error is not None:
            return f"refused: {self.error}"
        if self.asked:
            return "asked"
        return "right" if not self.wrong and self.rows[0] == self.rows[1] and self.right else "WRONG"


def run(case: Case, folder: Path, truth: Mapping[str, Any]) -> Outcome:
    """Import the files of a case into an empty DataStore."""
    paths = [str(folder / case.slug / one) for one in case.files]
    said = [word for id_, value in case.says.items() for word in ("--set", f"{id_}={value}")]
    with tempfile.TemporaryDirectory() as data:
        program = str(Path(sys.executable).with_name("openspending"))
        command = [program, "--data", data, "import", *paths, "--into", "real/files", "--yes", "--json", *said]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        answer = json.loads(done.stdout)
    except json.JSONDecodeError:
        return Outcome(case, (), (0, 0), (), 0, (done.stderr.strip().splitlines() or ["no answer"])[-1])
    asked = tuple(one["id"] for one in answer.get("questions", ()))
    expected = _expected(case, truth[case.slug]["truth"])
    if asked or answer.get("error"):
        return Outcome(case, asked, (0, expected["rows"]), (), 0, None if asked else answer["error"])
    facts = [one for one in answer["tables"] if one["sums"]]
    sums = {name: Decimal(total) for one in facts for name, total in one["sums"].items() if total is not None}
    wrong = [name for name, total in expected["sums"].items() if not _agrees(sums, case.columns.get(name, name), total)]
    rows = sum(one["rows"] for one in facts)
    return Outcome(case, (), (rows, expected["rows"]), tuple(wrong), len(expected["sums"]) - len(wrong))


def _expected(case: Case, truth: Mapping[str, Any]) -> dict[str, Any]:
    parts = [truth[one] for one in case.truth] or [truth]
    sums: dict[str, Decimal] = {}
    for part in parts:
        for name, total in part["sums"].items():
            sums[name] = sums.get(name, Decimal(0)) + Decimal(total)
    amounts = {name: total for name, total in sums.items() if name not in case.counts}
    return {"rows": sum(part["rows"] for part in parts) + case.kept, "sums": amounts}


def _agrees(sums: Mapping[str, Decimal], name: str, total: Decimal) -> bool:
    """Whether a column whose label is, or begins like, `name` has the sum."""
    alike = [one for label, one in sums.items() if label.strip() == name.strip() or name.strip() in label]
    return any(abs(one - total) < CENT for one in alike)


def table(outcomes: Sequence[Outcome]) -> str:
    """The outcomes as Markdown."""
    lines = ["| set | files | rows | sums | decisions by a person | outcome |", "|---|---|---:|---:|---|---|"]
    for one in outcomes:
        files = one.case.files[0].split("/")[-1] + (
            f" and {len(one.case.files) - 1} more" if one.case.files[1:] else ""
        )
        rows = f"{one.rows[0]:,}" if one.rows[0] == one.rows[1] else f"{one.rows[0]:,} of {one.rows[1]:,}"
        sums = f"{one.right} of {one.right + len(one.wrong)}" if one.right or one.wrong else "–"
        said = ", ".join(f"`{id_}={value}`" for id_, value in one.case.says.items()) or "none"
        asked = f": {', '.join(f'`{id_}`' for id_ in one.asked)}" if one.asked else ""
        wrong = f": {', '.join(one.wrong[:4])}" if one.wrong else ""
        kept = f" ({one.case.kept} without an amount is kept)" if one.case.kept else ""
        counts = f" (`{'`, `'.join(one.case.counts)}` is a count)" if one.case.counts else ""
        lines.append(
            f"| {one.case.slug} | {files} | {rows}{kept} | {sums}{counts} | {said} | {one.word}{asked}{wrong} |"
        )
    return "\n".join(lines)


def main(folder: Path, slugs: Sequence[str]) -> int:
    """Run the cases and print their table; 1 when one is wrong."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["datasets"]
    chosen = [one for one in cases(folder, truth) if not slugs or one.slug in slugs]
    outcomes = []
    for case in chosen:
        outcomes.append(run(case, folder, truth))
        print(f"{outcomes[-1].word:10} {case.slug} {case.files[0]}", file=sys.stderr)
    print(table(outcomes))
    return int(any(one.word == "WRONG" for one in outcomes))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
