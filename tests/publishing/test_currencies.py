"""A column of currencies: amounts of several are no one sum, which is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from openspending.publishing import validate
from tests.publishing.packages import AMOUNT, CODE, YEAR, write_package

FIELDS = (YEAR, CODE, {"name": "currency", "type": "string", "columnType": "value-currency:code"}, AMOUNT)


@pytest.mark.parametrize(("second", "warned"), [("USD", True), ("EUR", False)])
def test_several_currencies_in_one_column_are_warned_of(tmp_path: Path, second: str, warned: bool) -> None:
    rows = f"year,code,currency,amount\n2024,1,EUR,5\n2024,2,{second},6\n2025,1,EUR,7\n"

    done = validate(str(write_package(tmp_path / "p", rows, fields=FIELDS)))

    found = [one for one in done.report if one.code == "fiscal/mixed-currencies"]
    assert bool(found) is warned
    assert all(one.value == "EUR, USD" for one in found)
