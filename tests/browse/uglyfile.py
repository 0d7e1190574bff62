"""A workbook as a ministry has it: a cover, a banner, amounts with thousands separators, years in columns, a total."""

from __future__ import annotations

from pathlib import Path

from tests.etl.importing.files import workbook

TOTALS = {("2024", "approved"): "9456350", ("2024", "executed"): "9366100", ("2025", "approved"): "9840700"}


def ugly_workbook(path: Path, first: int = 2024) -> Path:
    """The workbook, of the year `first` and the next; `TOTALS` is what comes of it."""
    rows = [
        ["Republic of Examplia – Ministry of Finance"],
        ["Approved and executed budget, in thousands of euros"],
        [],
        ["Code", "Ministry", "Programme", f"Approved {first}", f"Executed {first}", f"Approved {first + 1}"],
        ["01", "Health", "Hospitals", "1.200,50", "1.180,25", "1.250,00"],
        ["01", "Health", "Vaccination", "980,10", "995,00", "990,40"],
        ["02", "Education", "Schools", "3.400,25", "3.350,75", "3.500,00"],
        ["02", "Education", "Universities", "2.750,00", "2.740,10", "2.800,00"],
        ["03", "Transport", "Roads", "1.125,50", "1.100,00", "1.300,30"],
        ["", "", "Total", "9.456,35", "9.366,10", "9.840,70"],
        [],
        ["Source: Treasury"],
    ]
    return workbook(path, {"Cover": [["Ministry of Finance"], ["Budget book"]], "Budget": rows})
